"""Random programs full of aliases, loops and jumps: what the front-end accepts does in the interpreter what CPython does.

Most programs are refused, because they change objects that other names see; that none of the rest is wrong is the point.
"""

from __future__ import annotations

import random

from pxr import Gf

from portalis.translator.diagnostics import TranslationError

from .agreement import disagreements

PROLOGUE = """from pxr import Gf


def pick(a, b, n):
    return a if n > 0 else b


def bump(v):
    v[0] += 1.0
    return v[0] * 2.0


def move(v, s):
    v += Gf.Vec3d(s)
    return v[1]


def f(p: Gf.Vec3d, q: Gf.Vec3d, xs: list[float], n: int, x: float):
    a = Gf.Vec3d(1, 2, 3)
    b = Gf.Vec3d(n)
    ys = [1.0, 2.0, x]
    g = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    vs = [Gf.Vec3d(1), Gf.Vec3d(2)]
    y = 0.5
    k = n + 1
    i = 0
"""
# What gives the parameters their types.
ALIASES = "f(Gf.Vec3d(1), Gf.Vec3d(1), [1.0, 2.0, 3.0], 1, 1.0)"
VECTORS = ["p", "q", "a", "b"]
LISTS = ["xs", "ys"]
RESULTS = [
    "a * 1.0",
    "b * 1.0",
    "p",
    "q",
    "x",
    "y",
    "n",
    "k",
    "i",
    "xs",
    "ys[0]",
    "ys[1]",
    "g[0][0]",
    "g[1][0]",
    "vs[0][0]",
    "vs[1][1]",
    "a",
]


class Generator:
    """Writes one program after the other."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def program(self) -> str:
        body = [line for _ in range(self.random.randint(2, 6)) for line in self.statement(2, 1)]
        results = ", ".join(self.random.sample(RESULTS, self.random.randint(3, 7)))
        return PROLOGUE + "\n".join(body) + f"\n    return {results}\n"

    def vector(self) -> str:
        one, other = self.random.choice(VECTORS), self.random.choice(VECTORS)
        shapes = [
            one,
            one,
            f"Gf.Vec3d({one})",
            f"{one} + {other}",
            f"{one} * x",
            "Gf.Vec3d(n, x, 1)",
            "vs[n % 2]",
            f"pick({one}, {other}, n)",
        ]
        return self.random.choice([*shapes, f"({one} if n > 1 else {other})"])

    def number(self) -> str:
        one, values = self.random.choice(VECTORS), self.random.choice(LISTS)
        return self.random.choice(
            ["x", "y", "2.5", "x * y", "float(n)", f"{one}[1]", "xs[0]", "ys[n % 3]", f"bump({values})", f"move({one}, x)"]
        )

    def simple(self) -> str:
        one, other, values = self.random.choice(VECTORS), self.random.choice(VECTORS), self.random.choice(LISTS)
        index = self.random.choice(["0", "1", "n % 3", "-1"])
        return self.random.choice(
            [
                f"{one} = {self.vector()}",
                f"{one} = {self.vector()}",
                f"{one} {self.random.choice(['+=', '-='])} {self.vector()}",
                f"{one} *= {self.random.choice(['2.0', 'x', 'n'])}",
                f"{one}[{index}] {self.random.choice(['=', '+='])} {self.number()}",
                f"{values}[{index}] {self.random.choice(['=', '+=', '*='])} {self.number()}",
                f"{values} = {self.random.choice(['xs', 'ys', '[x, y, 1.0]', '[0.0] * 3', 'g[n % 2]', 'xs + []'])}",
                f"g[n % 2] = {self.random.choice(['xs', '[x, y, 1.0]', 'g[0]'])}",
                f"g[n % 2][1] += {self.number()}",
                f"x, y = {self.number()}, {self.number()}",
                f"k = {self.random.choice(['n', 'k // 2', 'n + k', 'n % 3'])}",
                f"{one}, {other} = {self.vector()}, {self.vector()}",
                f"vs[n % 2] {self.random.choice(['=', '+='])} {self.vector()}",
                self.random.choice([f"bump({values})", f"move({one}, x)", "move(vs[0], y)", "bump(g[n % 2])"]),
            ]
        )

    def statement(self, depth: int, indent: int) -> list[str]:
        margin = "    " * indent
        kind = self.random.randrange(6) if depth else 5
        if kind == 0:
            head = [f"{margin}if {self.random.choice(['n > 1', 'x < y', 'k % 2 == 0', 'n'])}:"]
            return [*head, *self.block(depth, indent), f"{margin}else:", *self.block(depth, indent)]
        if kind == 1:
            bounds = self.random.choice(["3", "n", "2, n", "n, 0, -1"])
            lines = [f"{margin}for {self.random.choice('ik')} in range({bounds}):", *self.block(depth, indent, jump=True)]
            return [*lines, f"{margin}else:", *self.block(depth, indent)] if self.random.random() < 0.3 else lines
        if kind == 2:
            values = self.random.choice([*LISTS, *VECTORS, "g[0]"])
            return [f"{margin}for {self.random.choice('xy')} in {values}:", *self.block(depth, indent, jump=True)]
        return [margin + self.simple()]

    def block(self, depth: int, indent: int, jump: bool = False) -> list[str]:
        lines = [line for _ in range(self.random.randint(1, 3)) for line in self.statement(depth - 1, indent + 1)]
        margin = "    " * (indent + 1)
        if jump and self.random.random() < 0.3:
            lines += [f"{margin}if k > {self.random.randint(0, 3)}:", f"{margin}    {self.random.choice(['break', 'continue'])}"]
        return lines


def test_accepted_programs_agree_with_cpython() -> None:
    generator = Generator(20260711)
    calls = [(Gf.Vec3d(1, 2, 3), Gf.Vec3d(4, 5, 6), [1.0, 2.0, 3.0], n, 0.25) for n in range(4)]
    accepted = 0
    for _ in range(250):
        text = generator.program()
        try:
            found = disagreements(text, calls, "f", [ALIASES])
        except TranslationError:
            continue
        accepted += 1
        assert not found, text
    assert accepted >= 48
