"""One long line of Rust with blocks in it as the lines that rustfmt makes of it."""

from __future__ import annotations

import re

from portalis.translator.backends.rust.shapes import STEP

_MATCH = re.compile(r"(?:^|[ (])match [^{}]*$")


def spread(statement: str) -> list[str]:
    """Return a statement with every block and every arm of a `match` on lines of their own."""
    lines = [""]
    # For each block around: whether it is of a match, whether it is the body of an arm, and how many parentheses were open.
    around: list[tuple[bool, bool, int]] = []
    place = parentheses = 0

    def begin(text: str = "") -> None:
        lines.append(" " * (STEP * len(around)) + text)

    while place < len(statement):
        rest = statement[place:]
        in_match = bool(around) and around[-1][0] and parentheses == around[-1][2]
        if rest.startswith("{ ") and (lines[-1].endswith(("=> ", "| ")) or _MATCH.search(lines[-1])):
            around.append((bool(_MATCH.search(lines[-1])), lines[-1].endswith("=> "), parentheses))
            lines[-1] += "{"
            begin()
            place += 2
        elif around and parentheses == around[-1][2] and rest.lstrip(" ").startswith("}"):
            if in_match and lines[-1].strip() and not lines[-1].endswith((",", "}")):
                lines[-1] += ","
            _, is_arm, _ = around.pop()
            begin("}")
            place += rest.index("}") + 1
            if is_arm:
                begin()
                place += statement[place:].startswith(" ")
        elif around and ((in_match and rest.startswith(", ")) or (not in_match and rest.startswith("; "))):
            lines[-1] += rest[0]
            begin()
            place += 2
        else:
            parentheses += (rest[0] in "([") - (rest[0] in ")]")
            lines[-1] += rest[0]
            place += 1
    return [line for line in lines if line.strip()]
