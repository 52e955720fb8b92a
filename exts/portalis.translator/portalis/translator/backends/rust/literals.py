"""Constants as Rust source that evaluates to the same value, bit for bit."""

from __future__ import annotations

import math
import struct

from portalis.translator.backends.rust.tree import Expr, Literal, Path, Unary
from portalis.translator.ir.ops import INT_MAX, INT_MIN

# What clippy and readers expect by name instead of by digits: the very floats of std, of which `math.pi / 3` for one is none.
NAMED = {
    math.pi: "PI",
    math.tau: "TAU",
    math.e: "E",
    math.pi / 2: "FRAC_PI_2",
    1.0471975511965977461542144610931676: "FRAC_PI_3",
    math.pi / 4: "FRAC_PI_4",
    0.5235987755982988730771072305465838: "FRAC_PI_6",
    math.pi / 8: "FRAC_PI_8",
    0.3183098861837906715377675267450287: "FRAC_1_PI",
    2 / math.pi: "FRAC_2_PI",
    0.6931471805599453: "LN_2",
    2.302585092994046: "LN_10",
    1.4426950408889634: "LOG2_E",
    0.4342944819032518: "LOG10_E",
    1.4142135623730951: "SQRT_2",
    0.7071067811865476: "FRAC_1_SQRT_2",
}


def int_literal(value: int) -> Expr:
    """Return an i64."""
    if value == INT_MIN:
        return Path("i64::MIN")
    if value == INT_MAX:
        return Path("i64::MAX")
    # Where nothing else settles a literal's type Rust assumes i32.
    text = f"{abs(value):_}" if abs(value) >= 10_000 else str(abs(value))
    text += "" if abs(value) < 2**31 else "_i64"
    literal = Literal(text, "int")
    return Unary("-", literal) if value < 0 else literal


def float_literal(value: float) -> Expr:
    """Return an f64: the shortest digits that round-trip, or the name of a well-known constant."""
    if math.isnan(value):
        return Path("f64::NAN")
    if math.isinf(value):
        return Path("f64::INFINITY" if value > 0 else "f64::NEG_INFINITY")
    magnitude = abs(value)
    named = NAMED.get(magnitude)
    literal: Expr = Path(f"std::f64::consts::{named}") if named else Literal(_digits(magnitude), "float")
    return Unary("-", literal) if math.copysign(1.0, value) < 0 else literal


def _digits(value: float) -> str:
    text = repr(value)
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}"


def single_literal(value: float) -> Expr:
    """Return an f32 that is exactly `value`, which a single can hold."""
    assert struct.unpack("<f", struct.pack("<f", value))[0] == value or math.isnan(value), "a single holds the value"
    if math.isnan(value) or math.isinf(value):
        return Path(str(float_literal(value).text).replace("f64", "f32"))  # type: ignore[union-attr]
    # The shortest decimal digits of the double are more than a single needs, and exact all the same.
    literal = Literal(_digits(abs(value)), "float")
    return Unary("-", literal) if math.copysign(1.0, value) < 0 else literal


def string_literal(text: str) -> str:
    """Return a &'static str; a lone surrogate, which no Rust string can hold, is shown as U+FFFD."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
    return '"' + "".join(escapes.get(character) or _character(character) for character in text) + '"'


def _character(character: str) -> str:
    if 0xD800 <= ord(character) <= 0xDFFF:
        return "\\u{fffd}"
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
