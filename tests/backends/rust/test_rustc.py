"""Finding rustc, and what happens where it is missing, too old, too slow or unhappy."""

from __future__ import annotations

import dataclasses
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portalis.translator.backends.rust import Crate, Rustc, RustcError, all_rustc, compile_crate, export_of, find_rustc, member, prepare
from portalis.translator.backends.rust.rustc import with_types_once
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.backends.rust.guest import needs_rustc, rustc

BROKEN = Crate("broken", {"src/lib.rs": "pub fn f() -> i64 { true }\n"})
UNTIDY = Crate("untidy", {"src/lib.rs": "fn unused() {}\n"})


Install = Callable[[str], str]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Install]:
    """Make a script the only rustc there is, for as long as the test runs."""

    def install(script: str) -> str:
        path = tmp_path / "rustc"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PORTALIS_RUSTC", str(path))
        all_rustc.cache_clear()
        return str(path)

    yield install
    all_rustc.cache_clear()


def test_a_rustc_without_the_target_is_reported_and_not_used(only: Install) -> None:
    path = only(
        'case "$1" in --version) echo "rustc 1.80.1 (abc 2024-08-06)";; -vV) echo "host: x86_64-unknown-linux-gnu";; *) exit 1;; esac'
    )
    assert find_rustc() is None
    (found,) = all_rustc()
    assert (found.path, found.version, found.has_wasm32) == (path, (1, 80, 1), False)
    assert "wasm32-unknown-unknown" in found.missing[0]


def test_an_old_rustc_says_so(only: Install) -> None:
    only('case "$1" in --version) echo "rustc 1.48.0";; *) exit 1;; esac')
    assert any("older than 1.63" in reason for reason in all_rustc()[0].missing)


def test_what_is_no_rustc_is_not_listed(only: Install) -> None:
    only("exit 3")
    assert all_rustc() == () and find_rustc() is None


@needs_rustc
def test_a_refusal_carries_what_rustc_said() -> None:
    with pytest.raises(RustcError, match="mismatched types") as caught:
        compile_crate(BROKEN, rustc())
    assert "src/lib.rs" in caught.value.stderr


@needs_rustc
def test_warnings_are_refused_on_request() -> None:
    assert compile_crate(UNTIDY, rustc()).startswith(b"\0asm")
    with pytest.raises(RustcError, match="never used"):
        compile_crate(UNTIDY, rustc(), deny_warnings=True)


def test_a_compiler_that_hangs_is_stopped(only: Install) -> None:
    path = only("exec sleep 60")
    slow = dataclasses.replace(_any(), path=path)
    with pytest.raises(RustcError, match=r"longer than 0\.2 seconds"):
        compile_crate(BROKEN, slow, timeout=0.2)


def test_a_compiler_that_is_gone_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RustcError, match="could not be run"):
        compile_crate(BROKEN, dataclasses.replace(_any(), path=str(tmp_path / "nothing")))


def test_names_of_entries_in_a_module_of_many() -> None:
    assert [export_of(3, "call"), export_of(3, "call.on_update")] == ["call.p3", "call.p3_on_update"]


def test_programs_of_one_module_share_what_is_the_same_of_their_types() -> None:
    sources = ("def f(xs: list[int]) -> list[int]:\n    return [xs[0] + 1]\n", "def f(xs: list[str]) -> list[str]:\n    return xs[:1]\n")
    members = [
        member(number, prepare(program), program)
        for number, source in enumerate((*sources, "from pxr import Gf\ndef f(v: Gf.Vec3d) -> Gf.Vec3d:\n    return v * 2.0\n") * 2)
        for program in [lower(SourceFile("m.py", source), "f", references=True).program]
    ]
    assert members[0].files["src/p0/py/types.rs"] == members[3].files["src/p3/py/types.rs"]
    files = with_types_once(members)
    # What has operators for its vectors keeps them to itself.
    assert [number for number in range(6) if f"src/p{number}/py/types.rs" in files] == [0, 1, 2, 5]
    assert [number for number in range(6) if "struct Message" in files[f"src/p{number}/abi.rs"]] == [0, 1]
    assert "use crate::p0::abi::Message;" in files["src/p3/abi.rs"]
    assert "use crate::p0::py::types;" in files["src/p3/py/mod.rs"] and "use crate::p1::py::types;" in files["src/p4/py/mod.rs"]


def _any() -> Rustc:
    return Rustc("rustc", (1, 63, 0), True, "rust-lld")
