"""The hand-written Rust that translations stand on: the error type, the checked operations, and the types of Gf."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from portalis.translator.backends.rust.containers import container_types
from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.ir.ops import OVERFLOW_REASON
from portalis.translator.ir.types import GF_TYPES, MatrixType, QuatType, Type, VecType


def _checked(name: str, params: str, call: str, what: str) -> str:
    return f"""\
/// {what}, or a guard where it does not fit.
#[inline]
pub(crate) fn {name}({params}, site: Site) -> Result<i64, Error> {{
    let result = {call};
    result.ok_or_else(|| Error::guard(OVERFLOW, site))
}}
"""


_OVERFLOW = f"const OVERFLOW: &str = {string_literal(OVERFLOW_REASON)};\n"
OPS = {
    "ops::add": _checked("add", "left: i64, right: i64", "left.checked_add(right)", "The sum of two ints"),
    "ops::sub": _checked("sub", "left: i64, right: i64", "left.checked_sub(right)", "The difference of two ints"),
    "ops::mul": _checked("mul", "left: i64, right: i64", "left.checked_mul(right)", "The product of two ints"),
    "ops::neg": _checked("neg", "value: i64", "value.checked_neg()", "The opposite of an int"),
    "ops::index": """\
/// A Python index as an offset: a negative one counts from the end.
#[inline]
pub(crate) fn index(
    index: i64,
    length: i64,
    message: &'static str,
    site: Site,
) -> Result<usize, Error> {
    let offset = if index < 0 { index + length } else { index };
    if (0..length).contains(&offset) {
        Ok(offset as usize)
    } else {
        Err(Kind::IndexError.raise(message, site))
    }
}
""",
    "ops::rint": """\
/// The nearest integral float, ties to even; the sign of a zero stays.
#[inline]
pub(crate) fn rint(value: f64) -> f64 {
    // From here on every float is integral, and adding it to a smaller one rounds away the fraction.
    const INTEGRAL: f64 = 4503599627370496.0;
    if value.abs() < INTEGRAL {
        ((value.abs() + INTEGRAL) - INTEGRAL).copysign(value)
    } else {
        value
    }
}
""",
    "ops::write": """\
#[cfg(target_arch = "wasm32")]
thread_local! {
    static WRITTEN: std::cell::RefCell<Vec<u32>> = std::cell::RefCell::new(Vec::new());
}

/// Prints a text; a module keeps it for the answer.
pub(crate) fn write(text: &Text) {
    #[cfg(target_arch = "wasm32")]
    WRITTEN.with(|written| written.borrow_mut().extend(text.codes()));
    #[cfg(not(target_arch = "wasm32"))]
    print!("{text}");
}

/// Takes what was printed, which lies in memory that the next call reuses.
#[cfg(target_arch = "wasm32")]
pub fn take_written() -> Text {
    WRITTEN
        .with(|written| std::mem::take(&mut *written.borrow_mut()))
        .into_iter()
        .collect()
}
""",
    "ops::range": """\
/// Python's `range(start, stop, step)`; the step is not zero.
#[inline]
pub(crate) fn range(start: i64, stop: i64, step: i64) -> impl Iterator<Item = i64> {
    let (first, end) = match step > 0 {
        true => (start, stop),
        false => (stop, start),
    };
    let count = if first < end {
        (end.wrapping_sub(first) as u64 - 1) / step.unsigned_abs() + 1
    } else {
        0
    };
    (0..count).map(move |place| start.wrapping_add((place as i64).wrapping_mul(step)))
}
""",
}
_FALLIBLE = frozenset({"ops::add", "ops::sub", "ops::mul", "ops::neg", "ops::index"})


def print_ops(used: frozenset[str]) -> str:
    """Return ops.rs with the operations in `used`, or nothing where there are none."""
    parts = [text for name, text in OPS.items() if name in used]
    if not parts:
        return ""
    lines = ["//! Operations whose Python meaning is not one of Rust's operators.\n"]
    if used & _FALLIBLE:
        names = "Error, Kind, Site" if "ops::index" in used else "Error, Site"
        lines.append(f"use super::types::{{{names}}};\n")
    if "ops::write" in used:
        lines.append("use super::types::Text;\n")
    if used & {"ops::add", "ops::sub", "ops::mul", "ops::neg"}:
        lines.append(_OVERFLOW)
    return "\n".join([*lines, *parts])


def print_support(types: Iterable[Type], errors: Iterable[str]) -> str:
    """Return types.rs: the error types, and those of Gf and of objects in `types`; nothing where there is none."""
    parts = [*errors]
    used = tuple(types)
    parts += [gf_type(type_) for type_ in used if isinstance(type_, GF_TYPES)]
    parts += container_types(used)
    text = "\n".join(parts)
    uses = "".join(uses_of_std(text))
    return f"//! What the translated functions are written in terms of.\n\n{uses}{text}" if parts else ""


def uses_of_std(text: str) -> list[str]:
    """Return the imports of what definitions name of std without its path, and an empty line behind them."""
    named = [word for word in ("Ref", "RefCell") if re.search(rf"(?<!:)\b{word}\b", text)]
    cells = named[0] if len(named) == 1 else f"{{{', '.join(named)}}}"
    lines = [f"use std::cell::{cells};\n"] if named else []
    lines += ["use std::fmt;\n"] if re.search(r"(?<!:)\bfmt::", text) else []
    lines += ["use std::rc::Rc;\n"] if re.search(r"(?<!:)\bRc\b", text) else []
    return [*lines, "\n"] if lines else []


def gf_type(type_: VecType | QuatType | MatrixType) -> str:
    """Return the definition of one Gf type."""
    name = str(type_).removeprefix("Gf.")
    scalar = "f64" if isinstance(type_, MatrixType) or type_.scalar == "d" else "f32"
    match type_:
        case VecType():
            order = ""
        case QuatType():
            order = "; its elements are i, j, k and the real part"
        case MatrixType():
            order = "; its elements go row by row"
        case _:
            assert_never(type_)
    return f"""\
/// `Gf.{name}`{order}.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct {name}(pub [{scalar}; {len(type_.elements)}]);

impl std::ops::Index<usize> for {name} {{
    type Output = {scalar};

    fn index(&self, index: usize) -> &{scalar} {{
        &self.0[index]
    }}
}}

impl std::ops::IndexMut<usize> for {name} {{
    fn index_mut(&mut self, index: usize) -> &mut {scalar} {{
        &mut self.0[index]
    }}
}}
"""
