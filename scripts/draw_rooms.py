"""Draw the rooms of the package and which of them imports which, from the imports themselves: docs/pictures/rooms.svg.

`--check` compares instead of writing. An arrow that follows from others (a room that imports what one of its imports imports) is left out
of the picture, so that it stays readable; the whole list is `tests/architecture/arrows.py`.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "exts" / "portalis.translator" / "portalis" / "translator"
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"
PREFIX = "portalis.translator."
# Folders whose own folders are rooms.
HOUSES = ("backends", "servers")

Arrows = dict[str, set[str]]


def modules(package: Path) -> dict[str, Path]:
    """Return the dotted name, below the package, of every module; the package's own is ""."""
    found: dict[str, Path] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> tuple[str, ...]:
    """Return the dotted names that a module imports, anywhere in it."""
    try:
        return _imported_by(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


# Tests read the same text again and again, in a copy of the package where one module differs.
@functools.cache
def _imported_by(text: str) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError("a relative import")
            names.extend(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def imported_modules(path: Path, known: Iterable[str]) -> set[str]:
    """Return the modules of the package that one of them imports."""
    names = set(known)
    found: set[str] = set()
    for name in imported(path):
        inner = name.removeprefix(PREFIX)
        if inner != name:
            found.add(inner if inner in names else inner.rpartition(".")[0])
    return found


def room_of(module: str, package: Path) -> str:
    """Return the room that a module lies in: its folder below the package, or inside a house its folder there."""
    first, _, rest = module.partition(".")
    second = rest.partition(".")[0]
    return f"{first}/{second}" if first in HOUSES and (package / first / second).is_dir() and second else first


def read_arrows(package: Path) -> Arrows:
    """Return, for each room, the other rooms that it imports from. The package's own `__init__` is no room."""
    found = modules(package)
    arrows: Arrows = {}
    for module, path in found.items():
        # A house is no room where it has none of its own: its `__init__` holds nothing.
        if module and not (module in HOUSES and not path.read_text(encoding="utf-8").strip()):
            room = room_of(module, package)
            targets = {room_of(target, package) for target in imported_modules(path, found) if target}
            arrows.setdefault(room, set()).update(targets - {room})
    return arrows


def find_cycle(graph: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Return the nodes of some cycle in order, or None where there is none."""
    finished: set[str] = set()
    path: list[str] = []

    def visit(node: str) -> list[str] | None:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in finished:
            return None
        path.append(node)
        for target in sorted(graph.get(node, ())):
            if (cycle := visit(target)) is not None:
                return cycle
        finished.add(path.pop())
        return None

    return next((cycle for node in graph if (cycle := visit(node)) is not None), None)


def levels(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """Sort rooms into rows: each one row above everything that it imports."""
    depth: dict[str, int] = {}

    def measure(room: str) -> int:
        if room not in depth:
            depth[room] = 1 + max((measure(target) for target in arrows.get(room, ())), default=-1)
        return depth[room]

    for room in arrows:
        measure(room)
    return [sorted(room for room, at in depth.items() if at == level) for level in range(max(depth.values()) + 1)]


def reduced(arrows: Mapping[str, set[str]]) -> Arrows:
    """Leave out every arrow that follows from others."""

    def reach(room: str) -> set[str]:
        found: set[str] = set()
        pending = [room]
        while pending:
            for target in arrows.get(pending.pop(), ()):
                if target not in found:
                    found.add(target)
                    pending.append(target)
        return found

    follows = {room: set().union(*(reach(target) for target in targets)) for room, targets in arrows.items()}
    return {room: targets - follows[room] for room, targets in arrows.items()}


def ordered(rows: list[list[str]], arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """Sort each row, from the bottom up, by where what its rooms import stands, so that few arrows cross."""
    at: dict[str, float] = {}

    def middle(room: str) -> tuple[float, str]:
        targets = [at[target] for target in arrows.get(room, ())]
        return (sum(targets) / len(targets) if targets else 0.5, room)

    result = []
    for row in rows:
        result.append(sorted(row, key=middle))
        at.update({room: (index + 1) / (len(row) + 1) for index, room in enumerate(result[-1])})
    return result


# The picture's measures, in pixels.
WIDTH, ROW, BOX_HEIGHT, LETTER, MARGIN = 960, 84, 34, 8.2, 24


def draw(arrows: Mapping[str, set[str]]) -> str:
    """Return the picture as SVG: hosts at the top, what everybody imports at the bottom."""
    rows = ordered(levels(arrows), reduced(arrows))
    height = ROW * len(rows) + MARGIN
    place: dict[str, tuple[float, float, float]] = {}
    for level, rooms in enumerate(rows):
        y = height - MARGIN - BOX_HEIGHT - ROW * level
        widths = [len(room) * LETTER + 26 for room in rooms]
        gap = (WIDTH - sum(widths)) / (len(rooms) + 1)
        x = gap
        for room, width in zip(rooms, widths, strict=True):
            place[room] = (x, y, width)
            x += width + gap
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#6b7280"/></marker></defs>',
    ]
    for room, targets in sorted(reduced(arrows).items()):
        for target in sorted(targets):
            (x1, y1, w1), (x2, y2, w2) = place[room], place[target]
            start, end = x1 + w1 / 2, x2 + w2 / 2
            bend = (y1 + BOX_HEIGHT + y2) / 2
            lines.append(
                f'<path d="M{start:.0f} {y1 + BOX_HEIGHT:.0f}C{start:.0f} {bend:.0f} {end:.0f} {bend:.0f} {end:.0f} {y2:.0f}" '
                'fill="none" stroke="#9ca3af" stroke-width="1.2" marker-end="url(#tip)"/>'
            )
    for room, (x, y, width) in sorted(place.items()):
        lines.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{BOX_HEIGHT}" rx="6" fill="#eef2ff" stroke="#4f46e5"/>')
        lines.append(f'<text x="{x + width / 2:.0f}" y="{y + 22:.0f}" text-anchor="middle" fill="#111827">{room}</text>')
    return "\n".join([*lines, "</svg>", ""])


def main() -> int:
    """Write the picture, or with `--check` tell whether it is the one that would be written."""
    text = draw(read_arrows(PACKAGE))
    if "--check" not in sys.argv[1:]:
        PICTURE.write_text(text, encoding="utf-8")
        return 0
    if PICTURE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PICTURE.relative_to(ROOT)} is not what the imports say: run python scripts/draw_rooms.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
