"""The hand-written Rust that translations stand on: the error type, the checked operations, and the types of Gf."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from portalis.translator.backends.rust.containers import container_types
from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.backends.rust.names import code_of, words_of
from portalis.translator.ir.ops import OVERFLOW_REASON
from portalis.translator.ir.types import GF_TYPES, MatrixType, QuatType, Type, VecType

_OVERFLOW = f"const OVERFLOW: &str = {string_literal(OVERFLOW_REASON)};\n"
# The methods of ints that have a guard where a result does not fit: what each gives, and what it takes besides the site.
_CHECKED = {
    "add": ("The sum of two ints", "other"),
    "sub": ("The difference of two ints", "other"),
    "mul": ("The product of two ints", "other"),
    "neg": ("The opposite of an int", ""),
}
OPS = {
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


def _checked(names: list[str]) -> str:
    """Return the trait of ints with the methods of those names."""
    declared, defined = [], []
    for name in names:
        what, other = _CHECKED[name]
        head = f"fn {name}(self, {f'{other}: i64, ' if other else ''}site: Site) -> Result<i64, Error>"
        lines = f"        let result = self.checked_{name}({other});\n        result.ok_or_else(|| Error::guard(OVERFLOW, site))\n"
        declared.append(f"    /// {what}.\n    {head};\n")
        defined.append(f"    #[inline]\n    {head} {{\n{lines}    }}\n")
    said = "/// Arithmetic of ints with a guard where a result does not fit.\n"
    return "".join([said, "pub(crate) trait Checked {\n", *declared, "}\n\nimpl Checked for i64 {\n", "\n".join(defined), "}\n"])


def print_ops(called: frozenset[str], methods: frozenset[str]) -> str:
    """Return ops.rs with the operations among what is `called` and the checked ones among `methods`, or nothing where there are none."""
    checked = [name for name in _CHECKED if name in methods]
    parts = [_checked(checked)] * bool(checked) + [text for name, text in OPS.items() if name in called]
    if not parts:
        return ""
    lines = ["//! Operations whose Python meaning is not one of Rust's operators.\n"]
    if checked or "ops::index" in called:
        names = "Error, Kind, Site" if "ops::index" in called else "Error, Site"
        lines.append(f"use super::types::{{{names}}};\n")
    if "ops::write" in called:
        lines.append("use super::types::Text;\n")
    if checked:
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
    words = words_of(text)
    named = [word for word in ("Ref", "RefCell") if word in words]
    cells = named[0] if len(named) == 1 else f"{{{', '.join(named)}}}"
    lines = [f"use std::cell::{cells};\n"] if named else []
    lines += ["use std::fmt;\n"] if re.search(r"(?<!:)\bfmt::", code_of(text)) else []
    lines += ["use std::rc::Rc;\n"] if "Rc" in words else []
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
