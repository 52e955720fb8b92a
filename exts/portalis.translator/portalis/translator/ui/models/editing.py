"""The editor's text and what is marked in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.source import SourceFile

FILE = "<snippet>"

STARTER = '''\
from pxr import Gf


class Fall:
    """Fall, and bounce off the ground."""

    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    velocity: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    bounce: float = 0.8

    def on_update(self, gravity: Gf.Vec3d, delta_time: float):
        self.velocity += gravity * delta_time
        self.position += self.velocity * delta_time
        up = -gravity.GetNormalized()
        height = Gf.Dot(self.position, up)
        falling = Gf.Dot(self.velocity, up)
        if height < 0.0 and falling < 0.0:
            self.position -= up * height
            self.velocity -= up * ((1.0 + self.bounce) * falling)
'''


# What a new behaviour begins as: the least that moves a prim.
NEW = '''\
from pxr import Gf


def behaviour(position: Gf.Vec3d, gravity: Gf.Vec3d, delta_time: float):
    """Rise by one unit a second."""
    position = position - gravity.GetNormalized() * delta_time
    return position
'''


@dataclass(frozen=True, slots=True)
class Marker:
    """One place in the text that a diagnostic is about; `line` and the columns are 1-based, the end is exclusive."""

    line: int
    column: int
    end_column: int
    title: str
    help: str


def markers_of(diagnostics: Iterable[Diagnostic], source: SourceFile) -> tuple[Marker, ...]:
    """Return one marker a diagnostic; one that goes over several lines marks the rest of its first."""
    found = []
    for item in diagnostics:
        span = item.span
        end = span.end_column if span.end_line == span.line else len(source.line(span.line)) + 1
        found.append(Marker(span.line, span.column, max(end, span.column + 1), f"{item.code}: {item.message}", item.help))
    return tuple(found)


def line_marker(line: int, text: str, title: str, help_: str) -> Marker:
    """Return a marker of all that is written in a line of a text."""
    written = text.split("\n")[line - 1].rstrip()
    return Marker(line, len(written) - len(written.lstrip()) + 1, max(len(written), 1) + 1, title, help_)
