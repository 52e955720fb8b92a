"""Literals, names and parentheses."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalis.translator.backends.rust import NotInRust, emit_program
from portalis.translator.backends.rust.layout import Layout
from portalis.translator.backends.rust.literals import float_literal, int_literal, string_literal
from portalis.translator.backends.rust.names import Scope, identifier, is_camel_case, is_snake_case, snake_case
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.spread import spread
from portalis.translator.backends.rust.tree import Array, Binary, Call, Cast, Choose, Expr, Field, Literal, Method, Try, Tuple, Unary, Var
from portalis.translator.ir.nodes import Compare
from portalis.translator.ir.types import BOOL
from tests.ir.builders import at, const, function, program, return_

A, B, C = Var("a"), Var("b"), Var("c")
LAYOUT = Layout(lambda block, indent: [])


def text(expr: Expr) -> str:
    return LAYOUT.text(expr, 0, 0)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Binary("*", Binary("+", A, B), C), "(a + b) * c"),
        (Binary("+", A, Binary("*", B, C)), "a + b * c"),
        (Binary("-", A, Binary("-", B, C)), "a - (b - c)"),
        (Binary("-", Binary("-", A, B), C), "a - b - c"),
        (Binary("<", Binary("<", A, B), C), "(a < b) < c"),
        (Binary("<", Cast(A, "u64"), B), "(a as u64) < b"),
        (Binary(">", Cast(A, "u64"), B), "a as u64 > b"),
        (Binary("<", Binary("+", A, Cast(B, "i64")), C), "(a + b as i64) < c"),
        (Binary("<<", Cast(A, "i64"), B), "(a as i64) << b"),
        (Binary(">>", Binary("+", A, B), C), "(a + b) >> c"),
        (Binary("&&", A, Binary("&&", B, C)), "a && b && c"),
        (Binary("&&", A, Binary("||", B, C)), "a && (b || c)"),
        (Unary("-", Method(A, "abs", ())), "-a.abs()"),
        (Method(Unary("-", A), "abs", ()), "(-a).abs()"),
        (Method(Cast(A, "f64"), "sqrt", ()), "(a as f64).sqrt()"),
        (Unary("!", Binary("==", A, B)), "!(a == b)"),
        (Cast(Unary("-", A), "f64"), "-a as f64"),
        (Cast(Binary("+", A, B), "f64"), "(a + b) as f64"),
        (Binary("*", Choose(A, B, C), C), "(if a { b } else { c }) * c"),
        (Try(Call("f", (A, Choose(A, B, C)))), "f(a, if a { b } else { c })?"),
        (Binary("-", A, Unary("-", B)), "a - -b"),
    ],
)
def test_parentheses(expr: Expr, expected: str) -> None:
    assert text(expr) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_round_trip(value: float) -> None:
    shown = text(float_literal(value))
    if "consts" not in shown:
        assert struct.pack("<d", float(shown)) == struct.pack("<d", value)
        assert "." in shown or "e" in shown, "a float literal is no int"


def test_special_floats_have_names() -> None:
    shown = [text(float_literal(value)) for value in (math.nan, math.inf, -math.inf, -0.0, math.pi, -math.pi / 2)]
    names = ["f64::NAN", "f64::INFINITY", "f64::NEG_INFINITY", "-0.0", "std::f64::consts::PI", "-std::f64::consts::FRAC_PI_2"]
    assert shown == names


@given(st.integers(-(2**63), 2**63 - 1))
def test_ints_round_trip(value: int) -> None:
    shown = text(int_literal(value))
    named = {"i64::MIN": -(2**63), "i64::MAX": 2**63 - 1}
    assert named.get(shown) == value or int(shown.removesuffix("_i64").replace("_", "")) == value
    assert shown in named or abs(value) < 2**31 or shown.endswith("_i64")


def test_literals_alone_get_a_suffix() -> None:
    one, two = Literal("1", "int"), Literal("2", "int")
    assert text(settle(Binary("+", one, two))) == "1_i64 + 2"
    assert text(settle(Binary("+", one, A))) == "1 + a"
    assert text(settle(Unary("-", Literal("0.5", "float")))) == "-0.5_f64"


def test_strings_are_escaped() -> None:
    assert string_literal('a"\\\n\t\0é\u2028\ud800') == '"a\\"\\\\\\n\\t\\0é\\u{2028}\\u{fffd}"'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("loop", "r#loop"),
        ("self", "self_"),
        ("_", "_unnamed"),
        ("x.assigned", "x_assigned"),
        ("L12", "L12_"),
        ("SIN_TABLE", "SIN_TABLE_"),
        ("Kp", "Kp"),
    ],
)
def test_identifiers(name: str, expected: str) -> None:
    assert identifier(name) == expected


def test_names_are_unique_and_never_the_prelude() -> None:
    scope = Scope(frozenset({"norm"}))
    assert [scope.take(name) for name in ("x", "x", "norm", "Some", "x")] == ["x", "x_2", "norm_2", "Some_2", "x_3"]


def test_cases_of_names() -> None:
    assert [snake_case(name) for name in ("GetLength", "ExtractRotationQuat", "x2Y", "already_so")] == [
        "get_length",
        "extract_rotation_quat",
        "x2_y",
        "already_so",
    ]
    assert [is_snake_case(name) for name in ("a_b", "aB", "a__b", "r#loop", "_x")] == [True, False, False, True, True]
    assert [is_camel_case(name) for name in ("LowPass", "low", "Low_Pass", "Vec3d")] == [True, False, False, True]


def test_a_string_that_rust_cannot_hold_is_refused() -> None:
    compared_strings = Compare(at(), BOOL, "eq", const("\ud800"), const("a"))
    with pytest.raises(NotInRust, match="lone surrogate"):
        emit_program(program(function("main", {}, BOOL, [return_(compared_strings)]), strings=("a", "\ud800")), "main")


X, Y, Z = Var("first" * 3), Var("second" * 3), Var("third" * 3)


def call(name: str, *args: Expr) -> Expr:
    return Call(name, args)


@pytest.mark.parametrize(
    ("expr", "column", "expected"),
    [
        # The parentheses hug no sum.
        (
            call("of_code", Binary("+", call("remainder", call("ops::add", X, Y), Literal("26", "int")), Literal("97", "int"))),
            40,
            "of_code(\n    remainder(ops::add(firstfirstfirst, secondsecondsecond), 26) + 97,\n)",
        ),
        # They hug a call, also with a question mark, that is too long for what is in parentheses.
        (
            call("codes.push", Try(call("ops::add", X, call("ops::sub", Y, Z), C))),
            0,
            "codes.push(ops::add(\n    firstfirstfirst,\n    ops::sub(secondsecondsecond, thirdthirdthird),\n    c,\n)?)",
        ),
        # No chain is broken within parentheses that hug it.
        (
            call("values.push", Try(Method(call("operators::difference", call("ops::add", X, Y), C), "at", (Var("here" * 4),)))),
            20,
            "values.push(\n    operators::difference(ops::add(firstfirstfirst, secondsecondsecond), c).at(herehereherehere)?,\n)",
        ),
        (
            call("Err", Method(Var("Kind::ValueError"), "raise_text", (call("told", X, Y), Z, Var("here" * 4)))),
            12,
            "Err(Kind::ValueError.raise_text(\n    told(firstfirstfirst, secondsecondsecond),\n    thirdthirdthird,\n"
            "    herehereherehere,\n))",
        ),
        # Short items fill their lines if they are names and numbers.
        (
            call("List::from", Array(tuple(Literal(str(10**6 + place), "int") for place in range(13)))),
            0,
            f"List::from([\n    {', '.join(str(10**6 + place) for place in range(10))},\n    1000010, 1000011, 1000012,\n])",
        ),
        (
            call("List::from", Array(tuple(Tuple((Literal(str(place), "int"), A)) for place in range(9)))),
            0,
            "List::from([\n" + "".join(f"    ({place}, a),\n" for place in range(9)) + "])",
        ),
        # An operand goes on behind a bracket that stands alone, and behind nothing longer.
        (
            Binary("-", call("ops::shifted", X, Y, Z, X), A),
            0,
            f"ops::shifted(\n    {X.name},\n    {Y.name},\n    {Z.name},\n    {X.name},\n) - a",
        ),
        (
            Binary("-", call("f64::from_bits", Cast(call("ops::shifted", X, Y, Z, X, Y, A), "u64")), Var("small")),
            0,
            "f64::from_bits(ops::shifted(\n    firstfirstfirst,\n    secondsecondsecond,\n    thirdthirdthird,\n    firstfirstfirst,\n"
            "    secondsecondsecond,\n    a,\n) as u64)\n    - small",
        ),
        (Field(Field(A, "0"), "1"), 0, "a.0 .1"),
    ],
)
def test_layouts(expr: Expr, column: int, expected: str) -> None:
    """As rustfmt has them, which `test_crates.py` asks where it is installed."""
    assert LAYOUT.text(expr, 0, column) == expected


def test_a_brace_stands_alone_below_a_test_that_fills_its_line_or_ends_further_in() -> None:
    """As rustfmt has it: else the test would read as the first line of the block."""
    assert LAYOUT.head("if", Var("x" * 93), 4) == f"if {'x' * 93}\n    {{"
    assert LAYOUT.head("if", Var("x" * 91), 4) == f"if {'x' * 91} {{"
    both = Binary("&&", A, call("has_found", X, Y, Z, X, Y, Z))
    assert LAYOUT.head("while", both, 0).endswith(
        "    && has_found(\n" + "".join(f"        {name.name},\n" for name in (X, Y, Z) * 2) + "    )\n{"
    )
    assert LAYOUT.head("while", both.right, 0).endswith("\n) {")


def test_blocks_and_arms_have_lines_of_their_own() -> None:
    taken = "let value = match wire.int() { 0 => None, _ => Some(wire.list(|message| match message.int() { 0 => A, _ => B })) };"
    assert spread(taken) == [
        "let value = match wire.int() {",
        "    0 => None,",
        "    _ => Some(wire.list(|message| match message.int() {",
        "        0 => A,",
        "        _ => B,",
        "    })),",
        "};",
    ]
    given = "wire.give_list(&x, |message, item| match item { A::B(v) => { f(v); } A::C(v, w) => { g(v, w); h(); } });"
    assert spread(given) == [
        "wire.give_list(&x, |message, item| match item {",
        "    A::B(v) => {",
        "        f(v);",
        "    }",
        "    A::C(v, w) => {",
        "        g(v, w);",
        "        h();",
        "    }",
        "});",
    ]
    assert spread("wire.give_int(&result);") == ["wire.give_int(&result);"]
