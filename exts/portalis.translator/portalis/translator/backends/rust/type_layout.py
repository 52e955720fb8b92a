"""Types as Rust text of several lines, laid out as rustfmt does."""

from __future__ import annotations

from portalis.translator.backends.rust.shapes import STEP, WIDTH

# How long the items of a tuple may be in one line.
_TUPLE_WIDTH = 60


def laid_type(text: str, indent: int, column: int, after: int = 0) -> str:
    """Return a type that begins at a column of a line with that indentation, and what follows it so many columns long."""
    if column + len(text) + after <= WIDTH and not has_long_tuple(text):
        return text
    name, opening, items = _parts(text)
    if not items:
        return text
    if opening == "<" and len(items) == 1 and items[0].startswith("("):
        # The brackets hug an only tuple.
        return f"{name}<{laid_type(items[0], indent, column + len(name) + 1, after + 1)}>"
    inner = indent + STEP
    rows = "".join(f"{' ' * inner}{laid_type(item, inner, inner, 1)},\n" for item in items)
    return f"{name}{opening}\n{rows}{' ' * indent}{')' if opening == '(' else '>'}"


def has_long_tuple(text: str) -> bool:
    """Tell whether some tuple in a type takes more than one line."""
    _, opening, items = _parts(text)
    return (opening == "(" and len(", ".join(items)) > _TUPLE_WIDTH) or any(map(has_long_tuple, items))


def _parts(text: str) -> tuple[str, str, list[str]]:
    """Return what a type begins with, its opening bracket and what stands in its brackets; nothing in them where it has none."""
    start = next((place for place, character in enumerate(text) if character in "(<"), len(text))
    if not text.endswith((")", ">")) or "[" in text[:start]:
        return text, "", []
    items, depth = [""], 0
    for character in text[start + 1 : -1]:
        depth += (character in "(<[") - (character in ")>]")
        items = [*items, ""] if character == "," and depth == 0 else [*items[:-1], items[-1] + character]
    return text[:start], text[start], [item.strip() for item in items if item.strip()]
