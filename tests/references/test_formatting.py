"""format specs, f-strings, `str.format`, `%` and `round`, against CPython."""

from __future__ import annotations

import random
import struct
from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.library import formatting
from portalis.translator.translating.translate import translate
from tests.references.beside import same
from tests.references.test_floats_as_text import outcome
from tests.references.test_library import same as agreeing
from tests.semantics.objects import EXECUTORS

FLOATS = (
    *(0.0, -0.0, 1.0, 1.5, 2.5, 0.125, 1234567.891, -0.0001, 1e16, 1e22, 1e-7, 123456789.0, 99.9999, 0.5, 9.995, 5e-324, 1e308),
    *(float("inf"), float("-inf"), float("nan"), 2.675, 1e300),
)
INTS = (0, 1, -1, 12345, -9876543210, 255, 2**63 - 1, -(2**63))
TEXTS = ("", "a", "hello", "é😀")
PARTS = (
    ("", "", "", "<", ">", "^", "=", "*<", "0>", "é^", "_=", "0="),
    ("", "", "+", "-", " "),
    ("", "", "#"),
    ("", "", "0"),
    ("", "", "5", "10", "20", "1"),
    ("", "", "", ",", "_"),
    ("", "", "", ".0", ".1", ".2", ".3", ".10", ".20", "."),
    (*"bdoxXeEfFgG%s", *[""] * 6),
)


def some_float(source: random.Random) -> float:
    found: float = struct.unpack("<d", source.randbytes(8))[0]
    scaled = source.random() * 10.0 ** source.randint(-20, 25)
    return source.choice((source.choice(FLOATS), found, source.uniform(-1000, 1000), scaled))


def test_specs() -> None:
    source = random.Random(1)
    for _ in range(12_000):
        spec = "".join(map(source.choice, PARTS))
        agreeing(formatting.format_int_by, format, source.choice((*INTS, source.randint(-2000, 2000))), spec)
        agreeing(formatting.format_float_by, format, some_float(source), spec)
        agreeing(formatting.format_text_by, format, source.choice(TEXTS), spec)


def test_rounding() -> None:
    source = random.Random(2)
    for _ in range(1500):
        digits = source.choice((2, source.randint(-330, 340), source.randint(-3, 20)))
        agreeing(lambda *args: repr(formatting.rounded_float(*args)), lambda *args: repr(round(*args)), some_float(source), digits)


MANY = (
    "def f(x: float, n: int, s: str):\n"
    "    return '%f|%.2f|%10.3e|%-12g|%+G|% .0f|%#.0f|%010f|%-010f|%+06.1f|%E' % (x, x, x, x, x, x, x, x, x, x, x), "
    "'%d|%5d|%-5d|%05d|%+d|% d|%i|%u|%x|%X|%#x|%o|%#o|%08x|%.1f' % (n, n, n, n, n, n, n, n, n, n, n, n, n, n, n), "
    "'%s|%10s|%-10s|%.2s|%r|%a|%%|%010s|%s|%s' % (s, s, s, s, s, s, s, n, x)\n"
)
PROGRAMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "def f(x: float, n: int, s: str, b: bool):\n    w = n % 7 + 3\n"
        "    return f'{x:.2f}|{n:>8,}|{s!r:*^12}|{b}|{b:d}|{x=}|{n:#x}|{x:{w}.{2}f}|{s:{w}}|{[n, n]}|{{}}{(s, None)}|{x:%}|{s!a}'\n",
        (),
        ("f(1.5, 12345, 'hé', True)", "f(-0.0, -5, '', False)", "f(float('nan'), 255, 'abc', True)"),
    ),
    (
        "def f(x: float, n: int, s: str):\n"
        "    return '{0:>{2}} {1!r:5} {name:.1f} {{}}'.format(n, s, 9, name=x), '{}{:5}{!s}'.format(n, s, x), '%s!' % s, '%s' % n\n",
        (),
        ("f(1.5, 12345, 'hé')", "f(-2.5, -5, '')"),
    ),
    (
        "def f(x: float, n: int):\n    return round(x, n), format(x, '.3e'), format(n), format(n, '08b')\n",
        (),
        ("f(2.675, 2)", "f(1e300, -299)", "f(5e-324, 323)", "f(1e308, -308)", "f(1.7e308, -308)", "f(0.1, 30)"),
    ),
    ("def f(xs):\n    return [f'{x:g}' if x else f'{x}' for x in xs]\n", ("f([1, 2.5])",), ("f([2.0, 3, 1e300, 0])",)),
    ("def f(a: str, b: str):\n    return f'{a}{(a := b)}{a}'\n", (), ("f('x', 'y')",)),
    ("def f(n: int, spec: str):\n    return f'{n:{spec}}'\n", ("f(3, '5')",), ("f(3, '>+9.2f')", "f(-255, '_x')")),
    (
        MANY,
        (),
        tuple(f"f({x!r}, {n}, 'it')" for x, n in zip((0.5, -1e22, 1234567.891, -0.0, 1e-5), (0, -7, 2**63 - 1, 255, -255), strict=True)),
    ),
    (MANY, (), ("f(float('inf'), 1, 'é')", "f(float('nan'), 1, '')", "f(float('-inf'), 1, 'a')")),
)


@pytest.mark.parametrize(("source", "examples", "calls"), PROGRAMS)
def test_programs(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    found = translate(source, "f", examples)
    assert found.report is not None and found.report.artefact("wasm").status in ("verified", "weakly verified")
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        try:
            wanted = outcome(namespace["f"], call)
        except OverflowError:
            with pytest.raises(OverflowError, match="rounded value too large"):
                outcome(found, call)
        else:
            assert outcome(found, call) == wanted, call


def test_negative_widths_and_precisions_raise() -> None:
    source = """
    def f(width: int, precision: int, b: bool, spec: str):
        told = []
        for number in range(6):
            try:
                if number == 0:
                    told.append(f"{'ab':>{width}}|{f'{7:<{width}}'}")
                elif number == 1:
                    told.append(f"{1.5:{width}.{precision}f}")
                elif number == 2:
                    told.append(f"{'ab':.{precision}}")
                elif number == 3:
                    told.append(f"{10:0{width}b}")
                elif number == 4:
                    told.append(f"{2.5:0{width}.1f}")
                else:
                    told.append(f"{b:0{width}}")
            except ValueError as error:
                told.append(str(error))
        return told, f"{b:{spec}}"
    """
    same(source, ("f(5, 1, True, '3')", "f(-5, -1, False, '')", "f(0, 0, True, '')", "f(-1, 2, True, '05b')"), *EXECUTORS)


@pytest.mark.parametrize(
    "expression",
    [
        *("f'{x:q}'", "f'{x:,x}'", "f'{[x]:5}'", "f'{x:n}'", "f'{x:c}'", "f'{s:=5}'", "f'{None:5}'", "f'{ {s} }'"),
        *("'%d %d' % x", "'%d' % (x, x)", "'%d' % s", "'%(a)d' % x", "'%*d' % (x, x)", "'%y' % x", "'%' % x", "'%.3d' % x", "s % x"),
        *("'{0.real}'.format(x)", "'{} {1}'.format(x, x)", "'{} {:{0}}'.format(x, x)", "'{2}'.format(x)", "'{a}'.format(x)"),
        *("'{'.format(x)", "'{0!x}'.format(x)", "'{0[0]}'.format(s)", "format(x, s, s)"),
    ],
)
def test_what_raises_or_is_unknown_is_refused(expression: str) -> None:
    with pytest.raises(TranslationError):
        translate(f"def f(x: int, s: str):\n    return {expression}\n")
