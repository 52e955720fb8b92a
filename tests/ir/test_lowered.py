"""The IR of every program in the registry is, letter by letter, what `lowered/` says: temporaries, their order and error sites too.

`lowered/GROUP.ir` holds a group's programs, `lowered/library/MODULE.ir` the library's functions that they call.
Run with PORTALIS_BLESS=1 to write the files anew, then review the difference.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import os
from pathlib import Path

import pytest

from tests.programs.more import aliases
from tests.programs.outcome import outcome_of
from tests.programs.registry import groups

LOWERED = Path(__file__).parent / "lowered"
TITLE = "=== "


def sections(text: str) -> dict[str, str]:
    """Split a file of goldens at its titles."""
    found = (part.partition("\n") for part in ("\n" + text).split(f"\n{TITLE}")[1:])
    return {title: body.strip("\n") for title, _, body in found}


def joined(items: dict[str, str]) -> str:
    return "".join(f"{TITLE}{title}\n{body.strip(chr(10))}\n\n" for title, body in items.items())


def hold(path: Path, items: dict[str, str]) -> None:
    """Compare a file of goldens with what there is, a section at a time; write it where asked."""
    assert all("\n" not in title for title in items)
    found = joined(items)
    if os.environ.get("PORTALIS_BLESS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    expected = path.read_text("utf-8")
    if found == expected:
        return
    was, is_ = sections(expected), sections(found)
    changed = [title for title in was.keys() | is_.keys() if was.get(title) != is_.get(title)]
    shown = []
    for title in sorted(changed)[:5]:
        before, after = was.get(title, "").splitlines(), is_.get(title, "").splitlines()
        shown += [f"{TITLE}{title}", *difflib.unified_diff(before, after, "golden", "lowered", lineterm="", n=2)]
    pytest.fail(f"{len(changed)} of {path.name} differ, such as:\n" + "\n".join(shown[:200]) + "\n`make bless` accepts them", pytrace=False)


@functools.cache
def lowered(group: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of a group's programs and of the library's functions that they call."""
    texts: dict[str, str] = {}
    library: dict[str, str] = {}
    for program in groups()[group]:
        outcome = outcome_of(program)
        title = " ".join(program.name.split())
        assert title not in texts, f"two programs are called {title}"
        texts[title] = outcome.text
        for name, text in outcome.library.items():
            assert library.setdefault(name, text) == text, f"{name} depends on who calls it"
    return texts, library


@pytest.mark.parametrize("group", groups())
def test_programs_are_lowered_as_they_were(group: str) -> None:
    hold(LOWERED / f"{group}.ir", lowered(group)[0])


def test_the_library_is_lowered_as_it_was() -> None:
    library = dict(sorted({name: text for group in groups() for name, text in lowered(group)[1].items()}.items()))
    modules = sorted({name.partition(".")[0] for name in library})
    assert modules == sorted(path.stem for path in (LOWERED / "library").glob("*.ir")) or os.environ.get("PORTALIS_BLESS")
    for module in modules:
        hold(LOWERED / "library" / f"{module}.ir", {name: text for name, text in library.items() if name.startswith(f"{module}.")})


def test_programs_full_of_aliases_are_lowered_or_refused_as_they_were() -> None:
    """Of these the goldens hold less: where each is refused and why, or the hash of what it is lowered to."""
    rows: dict[str, str] = {}
    for program in aliases(250):
        outcome = outcome_of(program)
        lines = outcome.text.splitlines()
        refusals = [line for line in lines if line.startswith("case.py:")]
        rows[program.name] = "\n".join(refusals) or hashlib.sha256(outcome.text.encode()).hexdigest()
    hold(LOWERED / "aliases.txt", rows)


def test_there_is_no_golden_without_programs() -> None:
    assert {path.stem for path in LOWERED.glob("*.ir")} == set(groups())


def test_a_changed_letter_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTALIS_BLESS", raising=False)
    golden = tmp_path / "group.ir"
    golden.write_text(joined({"one": "t1 = 1;\n", "two": "t2 = 2;\n"}), "utf-8")
    hold(golden, {"one": "t1 = 1;\n", "two": "t2 = 2;\n"})
    for other in ({"one": "t1 = 1;", "two": "t3 = 2;"}, {"one": "t1 = 1;"}, {"one": "t1 = 1;", "two": "t2 = 2;", "three": ""}):
        with pytest.raises(pytest.fail.Exception, match=r"1 of group\.ir differ"):
            hold(golden, other)
