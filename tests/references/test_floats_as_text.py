"""Floats written and read, and values shown, against CPython: as CPython runs the library, and in verified modules."""

from __future__ import annotations

import random
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from portalis.translator.library import decimals, floats_as_text, numerals, quoting, shortest
from portalis.translator.translating.translate import translate
from tests.library import generate_powers
from tests.references.test_library import same

SMALLEST, LARGEST = 5e-324, 1.7976931348623157e308
EDGES = (
    *(0.0, 1e16, 1e15, 9999999999999998.0, 1e-4, 1e-5, 0.00012345, 123456789012345680.0, 1e22, 1e23, 0.1, 1 / 3, 2.5e-323),
    *(SMALLEST, 2 * SMALLEST, 2.2250738585072014e-308, 2.225073858507201e-308, LARGEST, float("inf"), float("nan")),
    *(2.0**exponent for exponent in range(-1074, 1024)),
)
WRITTEN = (
    *(
        "1",
        "1.",
        "-.5",
        ".",
        "e5",
        "1e",
        "1e+",
        "1_0",
        "1__0",
        "_1",
        "1_",
        "1_.5",
        "1._5",
        "1.5_5",
        "1e1_0",
        "1e_1",
        "1e1_",
        " 1\n",
        "\xa01",
    ),
    *("\x1c1", "infinity", "INF", "+nan", "-nan", "-inf", "nano", "1e400", "1e-400", "0e99999999999999", "1" + "0" * 400, "1e5.", "0x10"),
    *("0." + "0" * 400 + "1e401", "--1", "+-1", "1 2", "", "  ", "1e10000000000000000000000", "1e-10000000000000000000000", "1E5", "1\0"),
    *("9007199254740993", "9007199254740992.99999", "9007199254740993.0000000000000000000000000000001", "0.5", "00.1", "1e+05", "1e-05"),
    *("2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623158e308", "1.7976931348623159e308", "999999999999999999e-5"),
    *("9999999999999999995", "4.35", "1'000", "½"),
)


def float_of(bits: int) -> float:
    found: float = struct.unpack("<d", struct.pack("<Q", bits))[0]
    return found


def middle(bits: int) -> tuple[int, int]:
    """Return d and n so that d * 10**-n is the middle between a float and the next."""
    between = (Fraction(float_of(bits)) + Fraction(float_of(bits + 1))) / 2
    places = between.denominator.bit_length() - 1
    return between.numerator * 5**places, places


def test_the_powers_are_what_their_program_writes() -> None:
    assert generate_powers.TARGET.read_text() == generate_powers.render()


def test_exponents_are_estimated_exactly() -> None:
    for exponent in range(-1074, 972):
        for size, offset in ((Fraction(2) ** exponent, 0), (Fraction(2) ** exponent * 3 / 4, shortest.LOG10_3_4)):
            power = (exponent * shortest.LOG10_2 - offset) >> 41
            assert Fraction(10) ** power <= size < Fraction(10) ** (power + 1)
    for power in range(generate_powers.FIRST, generate_powers.LAST + 1):
        exponent = (power * shortest.LOG2_10) >> 38
        assert Fraction(2) ** exponent <= Fraction(10) ** power < Fraction(2) ** (exponent + 1)


def test_edges() -> None:
    for value in EDGES:
        for one in (value, -value):
            assert floats_as_text.text_of_float(one) == repr(one)
            assert repr(floats_as_text.float_of_text(repr(one))) == repr(one)
    for text in WRITTEN:
        same(lambda text: repr(floats_as_text.float_of_text(text)), lambda text: repr(float(text)), text)


def test_random_floats_and_decimals() -> None:
    source = random.Random(1)
    for _ in range(400):
        value = float_of(source.getrandbits(64))
        assert floats_as_text.text_of_float(value) == repr(value)
        digits, places = middle(source.randrange(0x7FEFFFFFFFFFFFFF))
        for text in (
            f"{digits}e-{places}",
            f"{digits}0001e-{places + 4}",
            f"{digits - 1}99e-{places + 2}",
            f"{digits}{'0' * 900}1e-{places + 901}",
        ):
            assert floats_as_text.float_of_text(text) == float(text), text
        text = f"{source.getrandbits(source.randint(1, 200))}e{source.randint(-370, 320)}"
        assert floats_as_text.float_of_text(text) == float(text), text
        same(floats_as_text.float_of_text, float, "".join(source.choice("0123456789.e-+_ ") for _ in range(source.randint(1, 8))))


def test_all_digits_of_a_float_and_some() -> None:
    source = random.Random(2)
    for value in (SMALLEST, LARGEST, 0.5, 2.5, 999.5, *(abs(float_of(source.getrandbits(62))) for _ in range(100))):
        digits, point = decimals.expanded(value)
        assert Decimal((0, tuple(digits), point - len(digits))) == Decimal(value)
        for count in range(20):
            kept, after = decimals.rounded(digits, point, count)
            written = Fraction(int("".join(map(str, kept)) or "0")) * Fraction(10) ** (after - len(kept))
            assert written == round(Fraction(value), count - point) and len(kept) == count + after - point, (value, count)


def test_texts_as_literals() -> None:
    source = random.Random(3)
    for _ in range(500):
        text = "".join(chr(source.choice((source.randrange(256), source.randrange(128), 34, 39, 92))) for _ in range(source.randint(0, 6)))
        assert quoting.quoted(text) == repr(text)
        assert quoting.ascii_of(repr(text)) == ascii(text)
    same(numerals.int_of_text, int, "\x1c1")
    same(numerals.int_of_text, int, "\x851\xa0")


PROGRAMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "def f(x, y, b: bool):\n    return str([x]), repr((x,)), str({x: y}), str([(x, y, b, None)]), repr([]), str([[y], []]), ascii(y)\n",
        ("f(1.5, 'a', True)", "f(2.0, 'b\\n', False)"),
        ('f(1e16, "it\'s", True)', "f(-0.0, '\\x7f\\xa0\\xe9\\\\', True)"),
    ),
    ("def f(xs: list[int]):\n    return str(xs), str(tuple(xs)), str(())\n", (), ("f([])", "f([1])", "f([8, 1, -2])")),
    ("def f(s: str):\n    return float(s)\n", ("f('1.5')", "f('1e3')"), ("f(' 1_0.5e-3 ')", "f('x')", 'f("it\'s")', "f('-inf')")),
)


def outcome(function: Any, call: str) -> str:
    try:
        return repr(eval(call, {"f": function}))
    except ValueError as error:
        return f"ValueError: {error}"


@pytest.mark.parametrize(("source", "examples", "calls"), PROGRAMS)
def test_programs(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    found = translate(source, "f", examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert outcome(found, call) == outcome(namespace["f"], call), call


def test_modules_write_and_read_many() -> None:
    source = random.Random(4)
    write = translate("def f(values: list[float]) -> list[str]:\n    return [repr(value) for value in values]\n")
    read = translate("def f(texts: list[str]) -> list[float]:\n    return [float(text) for text in texts]\n")
    floats = [float_of(source.getrandbits(64)) for _ in range(20_000)]
    texts = [repr(value) for value in floats]
    assert write(floats) == texts
    assert list(map(repr, read(texts))) == texts
    middles = [f"{digits}e-{places}" for digits, places in (middle(source.randrange(0x7FEFFFFFFFFFFFFF)) for _ in range(300))]
    assert read(middles) == [float(text) for text in middles]
