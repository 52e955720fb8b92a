"""Every refusal has a code, a place, a reason and help, and is what the `.err` file beside its source says; `index` has the first of each.

Sources that are refused in tests of other rooms are here too. Run with PORTALIS_BLESS=1 to write the files anew, then review the
difference.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from portalis.translator.diagnostics import TranslationError, render
from portalis.translator.diagnostics.catalogue import CATALOGUE
from portalis.translator.frontend import lower, read_source
from portalis.translator.source import SourceFile
from tests.programs.directives import read_program
from tests.programs.program import Program
from tests.semantics.case import FILES

REFUSED = Path(__file__).parent / "refused"
CASES = sorted(path.stem for path in REFUSED.glob("*.py"))


def refusal(program: Program) -> TranslationError:
    with pytest.raises(TranslationError) as caught:
        program.lower()
    return caught.value


def check_complete(error: TranslationError) -> None:
    assert error.diagnostics
    for item in error.diagnostics:
        assert item.code in CATALOGUE
        assert item.message and item.help
        assert 1 <= item.span.line <= max(1, len(error.source.lines)) and item.span.column >= 1


def rendered(error: TranslationError, width: int | None = None) -> str:
    rows = "\n".join(render(item, error.source) for item in error.diagnostics).split("\n")
    return "".join(f"{row[:width]}\n" for row in rows)


def hold(name: str, found: str) -> None:
    """Compare with a golden file; write it where asked."""
    expected = REFUSED / name
    if os.environ.get("PORTALIS_BLESS"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_refused(name: str) -> None:
    error = refusal(read_program(REFUSED / f"{name}.py"))
    check_complete(error)
    hold(f"{name}.err", rendered(error))


def test_the_first_diagnostic_of_every_case() -> None:
    rows = []
    for name in CASES:
        first = refusal(read_program(REFUSED / f"{name}.py")).diagnostics[0]
        rows.append(f"{name}: {first.code} line {first.span.line}\n")
    hold("index", "".join(rows))


def test_every_golden_has_its_case() -> None:
    assert {path.stem for path in REFUSED.glob("*.err")} == set(CASES)
    assert len(CASES) >= 169


GENERATED = {
    "P0009": "def f(" + ", ".join(f"x{i}: float" for i in range(300)) + "):\n    return x0\n",
    "P0008": "def f(x: float):\n" + "    x = x + 1.0\n" * 5000 + "    return x\n",
    "P0005": "def f(x: float):\n    return " + "(" * 5000 + "x" + ")" * 5000 + "\n",
    "P0007": "def f(x: float):\n    return " + "9" * 5000 + "\n",
}


@pytest.mark.parametrize("code", GENERATED)
def test_limits(code: str) -> None:
    error = refusal(Program(code, GENERATED[code]))
    check_complete(error)
    assert code in {item.code for item in error.diagnostics}
    hold(f"limits/{code}.err", rendered(error, 140))


UNREADABLE = {
    "latin_1": b"def f(x: float):\n    # \xe9t\xe9\n    return x\n",
    "nul": b"def f(x: float):\n    return x\x00\n",
    "coding": b"# -*- coding: klingon -*-\n",
    "utf_16": b"\xff\xfed\x00e\x00f\x00",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_bytes(name: str) -> None:
    with pytest.raises(TranslationError) as caught:
        read_source(UNREADABLE[name], "case.py")
    check_complete(caught.value)
    hold(f"unreadable/{name}.err", rendered(caught.value))


def test_text_that_python_reads_is_read() -> None:
    assert read_source(b"\xef\xbb\xbfx = 1\n").text == "x = 1\n"
    assert read_source("# coding: latin-1\n# \xe9\n".encode("latin-1")).text == "# coding: latin-1\n# \xe9\n"
    assert lower(SourceFile("case.py", "\ufeffdef f(x: float):\n    return x\n")).name == "f"


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    package = Path(lower.__code__.co_filename).parents[1]
    text = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    used = {word.strip('",()[]:') for word in text.replace("(", " ").split() if word.strip('",()[]:').startswith("P0")}
    assert used == {code for code in CATALOGUE if code.startswith("P0")}


def mutated(text: str, generator: random.Random) -> str:
    """Return a source with a few characters or lines removed, doubled, exchanged or replaced."""
    for _ in range(generator.randint(1, 3)):
        if not text:
            break
        start = generator.randrange(len(text))
        end = min(len(text), start + generator.randint(1, 6))
        match generator.randrange(5):
            case 0:
                text = text[:start]
            case 1:
                text = text[:start] + text[end:]
            case 2:
                text = text[:start] + text[start:end] * 2 + text[end:]
            case 3:
                text = text[:start] + generator.choice("()[]:=+-*/.,'\"\\\n\t 0aé#@%\0") + text[end:]
            case _:
                lines = text.split("\n")
                one, other = generator.randrange(len(lines)), generator.randrange(len(lines))
                lines[one], lines[other] = lines[other], lines[one]
                text = "\n".join(lines)
    return text


def test_mutations_give_programs_or_diagnostics() -> None:
    generator = random.Random(20260711)
    sources = [case.program.text for case in FILES]
    sources += [(REFUSED / f"{name}.py").read_bytes().decode("utf-8") for name in CASES]
    for _ in range(600):
        text = mutated(generator.choice(sources), generator)
        try:
            lower(SourceFile("case.py", text))
        except TranslationError as error:
            check_complete(error)
