"""Draw the pictures of docs/transforms.md: a stack and its parts, what becomes of a part, and the spaces. `--check` compares instead."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH = 880
INK, GREY, PALE = "#111827", "#6b7280", "#e5e7eb"
COLOURS = {"position": "#1d4ed8", "orientation": "#b45309", "scale": "#047857", "pivot": "#6b7280"}

Lines = list[str]


def _page(height: int, lines: Sequence[str]) -> str:
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{GREY}"/></marker></defs>',
    ]
    return "\n".join((*head, *lines, "</svg>", ""))


def _text(x: float, y: float, words: str, colour: str = INK, anchor: str = "start", mono: bool = False) -> str:
    family = ' font-family="monospace" font-size="13"' if mono else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" text-anchor="{anchor}"{family}>{words}</text>'


def _box(x: float, y: float, width: float, height: float, edge: str = GREY, fill: str = "#ffffff") -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="5" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'
    )


def _arrow(x1: float, y1: float, x2: float, y2: float, colour: str = GREY, width: float = 1.5) -> str:
    return (
        f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="{colour}" stroke-width="{width}" marker-end="url(#tip)"/>'
    )


def parts() -> str:
    """Draw a stack with a pivot pair and which part each op says; what comes first in the order is applied last."""
    ops = [
        ("xformOp:translate", "position"),
        ("xformOp:translate:pivot", "pivot"),
        ("xformOp:rotateXYZ", "orientation"),
        ("xformOp:scale", "scale"),
        ("!invert!xformOp:translate:pivot", "pivot"),
    ]
    lines = [_text(30, 32, "xformOpOrder"), _text(470, 32, "what a behaviour calls it")]
    said = {
        "position": "position: the value of translate",
        "orientation": "orientation: a quaternion, solved for the angles",
        "scale": "scale: the value of scale",
        "pivot": "left aside: it never moves the position",
    }
    for row, (op, part) in enumerate(ops):
        y = 50 + row * 44
        lines += [_box(30, y, 300, 32, COLOURS[part]), _text(44, y + 21, op, COLOURS[part], mono=True)]
        lines += [_arrow(335, y + 16, 460, y + 16, COLOURS[part]), _text(470, y + 21, said[part], COLOURS[part])]
    lines += [_text(30, 286, "The first of the order is applied last: translate is the outermost op.", GREY)]
    return _page(304, lines)


def ways() -> str:
    """Draw what becomes of a part on a prim: read and written as an op, through the stack, with an op added, or refused."""
    rows = [
        ("one op alone says it", "that op's attribute, in its own precision", COLOURS["scale"]),
        ("several ops, or a matrix, say it", "composed, and solved for the ops that are there", COLOURS["position"]),
        ("no op of its kind", "bind adds one, the identity, and says so", COLOURS["orientation"]),
        ("the ops cannot take it", "refused, and the op is named", "#b91c1c"),
    ]
    lines = [
        _box(20, 108, 170, 48, INK, PALE),
        _text(105, 129, "position, orientation,", anchor="middle"),
        _text(105, 147, "scale of a prim", anchor="middle"),
    ]
    for row, (condition, result, colour) in enumerate(rows):
        y = 20 + row * 60
        lines += [_arrow(194, 132, 222, y + 22, GREY), _box(226, y, 248, 44), _text(350, y + 27, condition, anchor="middle")]
        lines += [_arrow(478, y + 22, 498, y + 22, colour), _text(504, y + 27, result, colour)]
    return _page(262, lines)


def spaces() -> str:
    """Draw a turned parent: gravity in its space, where position is, and gravity_world in stage axes."""
    lines = [_text(30, 34, "stage axes"), _text(330, 34, "the parent, turned by 30 degrees: the space of its children's ops")]
    lines += [_arrow(60, 210, 140, 210), _text(146, 215, "x", GREY), _arrow(60, 210, 60, 130), _text(54, 122, "y", GREY)]
    lines += [
        _arrow(220, 120, 220, 200, "#b91c1c", 2.5),
        _text(228, 170, "gravity_world", "#b91c1c"),
        _text(228, 190, "(0, -9.81, 0)", "#b91c1c", mono=True),
    ]
    turn = math.radians(30.0)
    ox, oy, size = 420.0, 210.0, 90.0
    x, y = (math.cos(turn) * size, -math.sin(turn) * size), (-math.sin(turn) * size, -math.cos(turn) * size)
    lines += [_arrow(ox, oy, ox + x[0], oy + x[1]), _text(ox + x[0] + 6, oy + x[1], "x", GREY)]
    lines += [_arrow(ox, oy, ox + y[0], oy + y[1]), _text(ox + y[0] - 4, oy + y[1] - 8, "y", GREY)]
    px, py = ox + 1.8 * x[0] + 0.4 * y[0], oy + 1.8 * x[1] + 0.4 * y[1]
    lines += [f'<circle cx="{px:.0f}" cy="{py:.0f}" r="7" fill="{COLOURS["position"]}"/>']
    lines += [_text(px + 14, py - 4, "position (1.8, 0.4, 0)", COLOURS["position"], mono=True)]
    lines += [_arrow(px, py + 8, px, py + 78, "#b91c1c", 2.5), _text(px + 10, py + 50, "gravity, in the same space:", "#b91c1c")]
    lines += [_text(px + 10, py + 70, "(-4.905, -8.496, 0)", "#b91c1c", mono=True)]
    lines += [_text(30, 262, "parent_to_world takes what is in the parent's space to stage axes; world_position is there already.", GREY)]
    return _page(284, lines)


PICTURES = {"transform-parts.svg": parts, "transform-ways.svg": ways, "transform-spaces.svg": spaces}


def main() -> int:
    """Write the pictures, or with `--check` tell which differ."""
    stale = []
    for name, draw in PICTURES.items():
        path, text = FOLDER / name, draw()
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    for name in stale:
        print(f"{name} is not what scripts/draw_transforms.py draws", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
