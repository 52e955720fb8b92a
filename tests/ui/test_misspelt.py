"""Names for which others are meant, found in what the translator says of them."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.diagnostics.spelling import did_you_mean, meant
from portalis.translator.source import SourceFile, Span
from portalis.translator.ui.models.misspelt import misspelt


def mended(line: str, marked: str, offered: str) -> str | None:
    """Return the line with the name put in that is offered for what is marked of it."""
    source, begin = SourceFile("f.py", f"\n{line}\n"), line.index(marked) + 1
    lines = marked.count("\n")
    end = len(marked) - marked.rfind("\n") if lines else begin + len(marked)
    found = misspelt(Diagnostic("P0301", "", Span("f.py", 2, begin, 2 + lines, end), help=f"did you mean `{offered}`?"), source)
    within = source.line(2)
    return found and f"{within[: found.column]}{found.instead}{within[found.end_column :]}"


@pytest.mark.parametrize(
    ("line", "marked", "offered", "right"),
    [
        ("é = 'é' + delta_tme", "delta_tme", "delta_time", "é = 'é' + delta_time"),
        ("self.spede = spede", "self.spede", "self.speed", "self.speed = spede"),
        ("x = Gf.Dott(Dott, y)", "Gf.Dott(Dott, y)", "Gf.Dot", "x = Gf.Dot(Dott, y)"),
        ("x = self.position.GetLenght()", "self.position.GetLenght()", "GetLength", "x = self.position.GetLength()"),
        ("speed: flot = 0.0", "flot", "float", "speed: float = 0.0"),
        # More than a name, a name of something else, or an expression in its place: somebody has to look.
        ("import maths", "import maths", "math", None),
        ("x = np.sqr(2.0)", "np.sqr(2.0)", "math.sqrt", None),
        ("x = f(y).GetLenght()", "f(y).GetLenght()", "GetLength", None),
        ("x = absol(\n    y)", "absol(\n    y)", "abs", None),
    ],
)
def test_the_name_alone_is_replaced(line: str, marked: str, offered: str, right: str | None) -> None:
    assert mended(line, marked, offered) == right


def test_what_is_offered_is_read_back() -> None:
    assert meant(did_you_mean("spede", ["speed"], "declare it", prefix="self.")) == "self.speed"
    assert meant(did_you_mean("spede", [], "declare it")) == meant("") == ""
