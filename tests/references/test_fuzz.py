"""Random programs for a moment, and what such programs found; `portalis bench fuzz --minutes N` goes on for as long as one likes.

PORTALIS_FUZZ_SEED chooses other cases than the usual ones; a failure prints the case, made smaller, and how to run it again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SEED = os.environ.get("PORTALIS_FUZZ_SEED", "5000")
sys.path.insert(0, str(BENCHMARKS))
from language_fuzz.compare import Fate, fate_of  # noqa: E402
from language_fuzz.shrink import smaller  # noqa: E402
from language_fuzz.state_declarations import DECLARATIONS  # noqa: E402
from language_fuzz.state_writer import random_state_module  # noqa: E402
from language_fuzz.writer import Module, random_module  # noqa: E402

from portalis.translator import Options  # noqa: E402

# Bodies of `f` that were wrong or crashed once, with arguments of calls.
FOUND = [
    ("a", "v = [list(filter(lambda p: True, [])), a]\nreturn len(v)", ("['b', '00']", "[]")),
    ("a", "for v in list(filter(lambda p: True, [])) + list(zip(['3.5'])):\n    pass", ("1",)),
    ("a", "return [][0]", ("1.0",)),
    ("a", "return max([], key=lambda p: [])", ("0",)),
    ("a", "if 10 in [][1]:\n    pass", ("1",)),
    ("a", "a.update({True: {'1': 5}}[','.startswith('a')])", ("{'a': 1}",)),
    ("a, b", "a.remove(sorted({}.keys()) if b else list([3]))", ("[[3], []], True", "[[1], [3]], False")),
    ("a", "v = {a: [2], 4096: [][3]}", ("1",)),
    ("a", "if 3.0 in max(list(reversed([])), key=lambda p: a):\n    pass", ("5",)),
    ("a", "return list({}.items())[1]", ("True",)),
    ("a, b", "if a in list(filter(lambda p: False, [bytearray(b'aXbX')]))[3]:\n    pass", ("2, b'12'", "-1, b''")),
    ("a", "return ''.join(reversed(a.pop()))", ("['ab', 'cd']", "['']")),
    ("a", "a.update(next(iter([{2, 5}, {-2}])))\nreturn {'aXbX', 'a,b,c'}", ("{5, 2, -2}", "{-1, 5, 10}", "set()")),
]
# What goes over a list comprehension, which CPython makes whole before the first element is used.
WHOLE = [
    "return [t(x + 1) for x in [t(x) for x in a]]", "return any([t(x) > 1 for x in a])", "return all([t(x) > 1 for x in a])",
    "return {t(x): t(y) for x, y in [(t(y), y) for y in a]}", "return list(filter(lambda x: t(x) > 1, [t(x) for x in a]))",
    "return sum([t(x) for x in [t(x) for x in a]])", "return sorted([t(x) for x in a], key=t)",
    "return sorted({t(x) for x in [t(x) for x in a]})", "return list(t(x) for x in [t(x) for x in a])",
]  # fmt: skip


@pytest.mark.parametrize("body", WHOLE)
def test_a_list_comprehension_is_made_before_its_first_element_is_used(body: str) -> None:
    text = f"def t(v):\n    print(v)\n    return v\n\ndef f(a):\n    {body}\n"
    assert fate_of(Module(text, ("[1, 2, 3]", "[3, 0, 2]")), Options(typed=True, cases=8)) == Fate("same")


@pytest.mark.parametrize(("names", "body", "calls"), FOUND, ids=[body for _, body, _ in FOUND])
def test_what_random_programs_found_stays_mended(names: str, body: str, calls: tuple[str, ...]) -> None:
    text = f"def f({names}):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    assert not fate_of(Module(text, calls), Options(typed=True)).found


def test_random_programs_are_cpythons() -> None:
    command = [sys.executable, "-W", "ignore", str(BENCHMARKS / "fuzz_language.py"), "--json", "--seed", SEED, "--cases", "180"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and not answer["findings"], done.stderr
    assert answer["fates"]["same"] >= 30, "hardly anything was translated, so hardly anything was tested"


def test_a_finding_is_made_smaller() -> None:
    module = Module(
        "def f(a, b):\n    for x in [1, 2]:\n        b = b + 1\n    if a:\n        b = [a, max(b, 77)][1]\n    return b\n", ("1, 2", "0, 0")
    )
    small = smaller(module, lambda one: "77" in one.text)
    assert "for" not in small.text and len(small.text) < 40 and len(small.calls) == 1


def test_a_case_of_a_match_falls_away() -> None:
    module = Module("def f(a):\n    match a:\n        case 1:\n            b = 5\n            a = 77\n    return a\n", ("1",))
    assert "b = 5" not in smaller(module, lambda one: "77" in one.text).text


def test_a_module_that_catches_everything_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from language_fuzz import compare

    monkeypatch.setattr(compare, "SECONDS", 1)
    monkeypatch.setattr(compare, "translate", lambda *arguments, **options: lambda a: a)
    lines = ("while True:", "    try:", "        while True:", "            pass", "    except Exception:", "        pass")
    text = "".join(f"{line}\n" for line in ("def f(a):", *(f"    {line}" for line in lines)))
    assert fate_of(Module(text, ("1",)), Options()) == Fate("slow")


def test_a_translation_that_differs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from language_fuzz import compare

    monkeypatch.setattr(compare, "translate", lambda *arguments, **options: lambda a: a + 1)
    assert fate_of(Module("def f(a):\n    return a\n", ("1",)), Options()) == Fate("wrong", _DIFFERENCE)


_DIFFERENCE = "f(1) gives ('gives', '1', 'list(1)', '') in CPython, ('gives', '2', 'list(1)', '') here"


def test_a_module_depends_on_its_seed_alone() -> None:
    assert random_module(7) == random_module(7) != random_module(8)
    assert random_state_module(7) == random_state_module(7) != random_state_module(8)


@pytest.mark.parametrize("writer", ["writer.random_module", "state_writer.random_state_module"])
def test_a_module_does_not_depend_on_the_process(writer: str) -> None:
    module, _, function = writer.partition(".")
    text = f"from language_fuzz.{module} import {function} as write\nprint([write(seed) for seed in range(40)])"
    runs = [
        subprocess.run(
            [sys.executable, "-c", text],
            env=os.environ | {"PYTHONPATH": str(BENCHMARKS), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def test_modules_about_state_are_python_and_hold_what_they_use() -> None:
    for seed in range(60):
        module = random_state_module(seed)
        compile(module.text, "<random>", "exec", dont_inherit=True)
        names: dict[str, object] = {}
        exec(module.text, names)
        used = {name for name in names["f"].__code__.co_names if name in DECLARATIONS}  # type: ignore[attr-defined]
        assert used <= set(names)
