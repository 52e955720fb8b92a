"""What a module keeps from call to call, in Rust: calls in turn, each of which finds what the one before it left."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portalis.translator.backends.rust import compile_programs, emit_crate, prepare
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from portalis.translator.translating.options import Options
from portalis.translator.translating.translate import translate
from scripts.make_crates import by_rustc, write
from tests.backends.llvm.wired import WiredGuest
from tests.backends.rust.batch import as_itself
from tests.backends.rust.guest import needs_rustc, rustc
from tests.references.test_caches import CASES as CACHES
from tests.references.test_caches import HEAD
from tests.references.test_module_state import CASES, done, in_cpython

DEEP = HEAD + "@cache\ndef f(n: int):\n    return 0 if n == 0 else f(n - 1) + 1\n"
# A source, its examples, and what is done in turn: some of what the module of LLVM's is held to.
SCRIPTS = [(source, [example], script) for source, example, script in [*CASES.values()][::6]]
SCRIPTS += [(HEAD + source, examples, script) for source, examples, script in [*CACHES.values()][::6]]
SCRIPTS.append((DEEP, ["f(1)"], ["f(200)", "f(400)"]))


def lowered(source: str, examples: list[str]) -> Lowered:
    return lower(SourceFile("f.py", source), "f", examples, references=True)


@functools.cache
def in_rust() -> list[Callable[..., Any]]:
    found = [lowered(source, examples) for source, examples, _ in SCRIPTS]
    numbered = [item.program for item in found]
    wasm = compile_programs([*map(prepare, numbered)], rustc(), deny_warnings=True, numbered=numbered)
    guest = WiredGuest(wasm, fuel=10**12)
    return [as_itself(item, guest, number) for number, item in enumerate(found)]


@needs_rustc
@pytest.mark.parametrize("index", range(len(SCRIPTS)))
def test_a_sequence_of_calls_is_cpythons(index: int) -> None:
    source, _, script = SCRIPTS[index]
    assert done(in_rust()[index], script) == done(in_cpython(source), script)


@needs_rustc
def test_calls_that_nest_as_deeply_as_cpythons_do_not_are_stopped() -> None:
    with pytest.raises(GuardError, match="recursion"):
        in_rust()[-1](1001)


KEEPING = """
seen: list[list[int]] = []
TOTAL = 0

def f(N: list[int], log: list[list[int]] = []):
    '''Keep what comes.

    >>> f([1], [])
    ([[1, 1]], 1, 1)
    '''
    global TOTAL
    if not N:
        raise ValueError("nothing")
    TOTAL += len(N)
    seen.append(N)
    log.append(N)
    seen[0].append(TOTAL)
    return seen[:2], len(log), TOTAL
"""
SECOND = """\
    let n = List::from([1]);
    let log: List<List<i64>> = List::new();
    assert_eq!(
        f(&n, &log, &seen, &total),
        Ok((List::from([List::from([1, 1, 2]), List::from([1])]), 1, 2)),
    );
    assert_eq!(log, List::from([List::from([1])]));
"""
SINKING = """
calls = 0

def f(n: int) -> int:
    '''Count calls, and never end below 0.

    >>> f(3)
    4
    '''
    global calls
    calls += 1
    return calls if n == 0 else f(n - 1)
"""


@needs_rustc
@pytest.mark.parametrize(
    ("source", "said"), [(KEEPING, SECOND), (SINKING, "assert_eq!(f(3, &calls), Ok(8));\n")], ids=["kept objects", "no depth of recursion"]
)
def test_calls_in_turn_are_a_crates_own_test(source: str, said: str, tmp_path: Path) -> None:
    crate = translate(SourceFile("kept.py", source), "f", options=Options(cases=48)).crate
    assert said in crate.files["tests/cpython.rs"]
    assert "RecursionError" not in crate.files["tests/cpython.rs"]
    assert by_rustc(rustc(), write(crate, tmp_path / "kept"), "kept", tmp_path) == {"build": "", "doc": "", "test": ""}


def test_what_is_kept_is_passed_under_its_name() -> None:
    lib = emit_crate(lowered("memo = {0: 1}\ndef f(n: int) -> int:\n    memo[n] = n\n    return len(memo)\n", [])).lib
    assert "pub fn f(n: i64, memo: &List<Dict<i64, i64>>) -> Result<i64, Error> {" in lib
    assert "pub fn initialise(memo: &List<Dict<i64, i64>>)" in lib
