"""Calls of methods and fields one behind another, and `?` between them, as rustfmt lays them out: in a line, or one a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portalis.translator.backends.rust.levels import POSTFIX, is_block
from portalis.translator.backends.rust.shapes import STEP, Shape, first, fits, is_extendable, last
from portalis.translator.backends.rust.tree import Expr, Field, Method, Try

# How long a chain in one line may be, and with how many lines a last call is left hanging behind it.
_CHAIN_WIDTH, _LONG_LINK = 60, 5


@dataclass(frozen=True, slots=True)
class _Link:
    """A call of a method, or the name of a field where it has no arguments; how many `?` follow, and what is before it."""

    name: str
    args: tuple[Expr, ...] | None
    tries: int
    before: str = ""


class Chains:
    """Lays out chains by what lays out expressions in shapes and calls by their names."""

    def __init__(
        self,
        rewrite: Callable[[Expr, Shape | None, int], str | None],
        listed: Callable[[str, str, Sequence[Expr], str, Shape], str | None],
    ) -> None:
        self._rewrite, self._listed = rewrite, listed

    def text(self, expr: Expr, shape: Shape) -> str | None:
        """Return a chain in a shape, or None where it does not fit."""
        parent, tries, links = _links(expr)
        if not links:
            inner = self._rewrite(parent, shape.before(tries), POSTFIX)
            return None if inner is None else inner + "?" * tries
        root = self._rewrite(parent, shape.before(tries), POSTFIX)
        if root is None:
            return None
        root += "?" * tries
        count, ends_with_block = len(links), is_block(parent, root)
        while links and len(root) <= STEP - shape.offset and "\n" not in root:
            # What is as short as a step of indentation takes the next call beside it.
            text = self._link(links[0], shape.behind(len(root)))
            if text is None:
                break
            root += text
            ends_with_block = is_extendable(root)
            links = links[1:]
        if not links:
            return fits(root, shape)
        below = shape.line(shape.indent + STEP * (not ends_with_block))
        texts = [root, *(self._link(link, below) for link in links[:-1])]
        if any(text is None for text in texts):
            return None
        known = [text for text in texts if text is not None]
        ending, in_one_line = self._ending(links[-1], known, count, ends_with_block, shape, below)
        if ending is None:
            return None
        if shape.unbroken and not in_one_line:
            return None
        between = "" if in_one_line else "\n" + " " * (shape.indent + STEP * (not ends_with_block))
        return fits(between.join([*known, ending]), shape)

    def _ending(
        self, link: _Link, texts: list[str], count: int, ends_with_block: bool, shape: Shape, below: Shape | None
    ) -> tuple[str | None, bool]:
        """Return a chain's last link, and whether the chain stands in one line before it."""
        goes_on = ends_with_block and is_extendable(texts[0])
        taken = (len(last(texts[0])) if goes_on else sum(map(len, texts))) + link.tries
        budget = max(0, (shape.width if count == 1 else min(shape.width, _CHAIN_WIDTH)) - taken)
        is_flat = all("\n" not in text for text in texts) and budget > 0
        own = None if below is None else below.before(shape.after + link.tries)
        if not is_flat and not goes_on:
            return self._link(link, own), False
        room = shape.before(link.tries)
        beside = None if room is None else self._link(link, room.behind(taken))
        if beside is None:
            return self._link(link, room), False
        could = len(first(beside)) <= budget
        if could and beside.count("\n") + 1 >= _LONG_LINK:
            return beside, is_flat
        other = self._link(link, own)
        if other is not None and not could:
            return other, False
        if other is None or other.count("\n") >= beside.count("\n"):
            return beside, could and is_flat
        return other, False

    def _link(self, link: _Link, shape: Shape | None) -> str | None:
        room = None if shape is None else shape.before(link.tries)
        if room is None:
            return None
        text = f"{link.before}.{link.name}" if link.args is None else self._listed(f".{link.name}", "(", link.args, ")", room)
        return None if text is None else text + "?" * link.tries


def _links(expr: Expr) -> tuple[Expr, int, list[_Link]]:
    """Return what a chain begins with, how many `?` follow that, and its links in order."""
    links: list[_Link] = []
    tries = 0
    while True:
        match expr:
            case Try(value):
                tries += 1
                expr = value
            case Method(receiver, name, args):
                links.insert(0, _Link(name, args, tries))
                expr, tries = receiver, 0
            case Field(value, name):
                # rustfmt keeps the numbers of a tuple in a tuple apart, which would read as a float once.
                apart = name.isdigit() and isinstance(value, Field) and value.name.isdigit()
                links.insert(0, _Link(name, None, tries, " " * apart))
                expr, tries = value, 0
            case _:
                return expr, tries, links
