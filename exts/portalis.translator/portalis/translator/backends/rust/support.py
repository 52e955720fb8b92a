"""The hand-written Rust that translations stand on: the error type, the checked operations, and the types of Gf."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from portalis.translator.backends.rust.containers import container_types
from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.backends.rust.names import is_snake_case
from portalis.translator.ir.ops import OVERFLOW_REASON
from portalis.translator.ir.recursion import RECURSION, RECURSION_LIMIT
from portalis.translator.ir.types import GF_TYPES, MatrixType, QuatType, Type, VecType

_ERROR = """\
use std::fmt;

/// A place in the Python source: its number in the translation's list of error sites, and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    pub number: u32,
    pub line: u32,
}

impl Site {
    pub const fn new(number: u32, line: u32) -> Site {
        Site { number, line }
    }
}

/// Why a call has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Python raises this exception here.
    Raised {
        class: &'static str,
        message: Option<&'static str>,
        place: Place,
    },
    /// A value left the range in which the translation is exact.
    Guard { reason: &'static str, place: Place },
}

/// Where an error arose: in the translated source, or in the library and then at a call from that source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub site: Site,
    pub called: Option<Site>,
}

impl Place {
    fn new(site: Site) -> Place {
        Place { site, called: None }
    }
}

impl Error {
    /// An exception of a Python class, with its message where it has one.
    pub fn raised(class: &'static str, message: Option<&'static str>, site: Site) -> Error {
        let place = Place::new(site);
        Error::Raised {
            class,
            message,
            place,
        }
    }

    /// A stop before a value goes wrong.
    pub fn guard(reason: &'static str, site: Site) -> Error {
        let place = Place::new(site);
        Error::Guard { reason, place }
    }

    /// Where the error arose.
    pub fn place(&self) -> Place {
        match self {
            Error::Raised { place, .. } | Error::Guard { place, .. } => *place,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Raised {
                class,
                message: Some(text),
                ..
            } => write!(formatter, "{class}: {text}")?,
            Error::Raised { class, .. } => formatter.write_str(class)?,
            Error::Guard { reason, .. } => write!(formatter, "stopped: {reason}")?,
        }
        let Place { site, called } = self.place();
        write!(formatter, " (line {})", called.unwrap_or(site).line)
    }
}

impl std::error::Error for Error {}
"""

# What an error needs where its message may be computed.
_OWN_MESSAGES = (
    (
        "/// Why a call has no result.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Error",
        """\
/// The message of an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Constant(&'static str),
    /// The code points of a text that was computed.
    Text(Vec<u32>),
    /// Those of the literal of an argument that is no text.
    Literal(Vec<u32>),
    /// Those of the literal of the arguments, of which there are several.
    Arguments(Vec<u32>),
}

impl Message {
    /// The text, if it was computed.
    pub fn computed(&self) -> Option<Text> {
        match self {
            Message::Constant(_) => None,
            Message::Text(codes) | Message::Literal(codes) | Message::Arguments(codes) => Some(codes.iter().copied().collect()),
        }
    }
}

impl Default for Error {
    /// What stands where nothing was caught yet.
    fn default() -> Error {
        Error::guard("nothing was caught", Site::new(0, 0))
    }
}

impl fmt::Display for Message {
    /// A lone surrogate is shown as U+FFFD.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Constant(text) => formatter.pad(text),
            Message::Text(codes) | Message::Literal(codes) | Message::Arguments(codes) => {
                write!(formatter, "{}", Text::from_iter(codes.iter().copied()))
            }
        }
    }
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error""",
    ),
    ("        message: Option<&'static str>,\n        place", "        message: Option<Message>,\n        place"),
    (
        "        let place = Place::new(site);\n        Error::Raised",
        "        let place = Place::new(site);\n        let message = message.map(Message::Constant);\n        Error::Raised",
    ),
    (
        "    /// A stop before",
        """\
    /// An exception of a Python class with a text that was computed.
    pub fn told(class: &'static str, text: Text, site: Site) -> Error {
        Error::computed(class, Message::Text(text.codes().collect()), site)
    }

    /// An exception with an argument that is no text, of which this is the literal.
    pub fn told_literal(class: &'static str, text: Text, site: Site) -> Error {
        Error::computed(class, Message::Literal(text.codes().collect()), site)
    }

    /// An exception with several arguments, of which this is the literal.
    pub fn told_arguments(class: &'static str, text: Text, site: Site) -> Error {
        Error::computed(class, Message::Arguments(text.codes().collect()), site)
    }

    fn computed(class: &'static str, message: Message, site: Site) -> Error {
        let message = Some(message);
        let place = Place::new(site);
        Error::Raised {
            class,
            message,
            place,
        }
    }

    /// Tells whether it is an exception, which Python can catch.
    pub fn is_raised(&self) -> bool {
        matches!(self, Error::Raised { .. })
    }

    /// Tells whether it is an exception of one of these very classes.
    pub fn is_one_of(&self, classes: &[&str]) -> bool {
        matches!(self, Error::Raised { class, .. } if classes.contains(class))
    }

    /// Tells whether recursion went too deep.
    pub fn is_limit(&self) -> bool {
        let limit = @LIMIT@;
        matches!(self, Error::Raised { class: "RecursionError", message: Some(Message::Constant(text)), .. } if *text == limit)
    }

    /// The name of its class.
    pub fn class(&self) -> Text {
        match self {
            Error::Raised { class, .. } => Text::new(class),
            Error::Guard { .. } => Text::default(),
        }
    }

    /// How it was raised: without arguments (0), with a constant text (1) or a computed one (2), with another argument (3) or several (4).
    pub fn form(&self) -> i64 {
        match self {
            Error::Raised { message: Some(message), .. } => match message {
                Message::Constant(_) => 1,
                Message::Text(_) => 2,
                Message::Literal(_) => 3,
                Message::Arguments(_) => 4,
            },
            _ => 0,
        }
    }

    /// Its message, if that was computed.
    pub fn told_text(&self) -> Text {
        match self {
            Error::Raised { message: Some(message), .. } => message.computed().unwrap_or_default(),
            _ => Text::default(),
        }
    }

    /// Its message as Python shows it; of what shows a literal instead, `keys` has the class, the message and the literal.
    pub fn message(&self, keys: &[(&str, &str, &'static str)]) -> Text {
        match self {
            Error::Raised { class, message: Some(Message::Constant(text)), .. } => {
                let found = keys.iter().find(|(name, key, _)| name == class && key == text);
                Text::new(found.map_or(*text, |(_, _, literal)| *literal))
            }
            _ => self.told_text(),
        }
    }

    /// Its message.
    pub fn argument(&self) -> Text {
        match self {
            Error::Raised { message: Some(Message::Constant(text)), .. } => Text::new(text),
            _ => self.told_text(),
        }
    }

    /// A stop before""",
    ),
)


def _telling(text: str) -> str:
    for plain, own in _OWN_MESSAGES:
        assert text.count(plain) == 1, plain
        text = text.replace(plain, own)
    return text.replace("@LIMIT@", string_literal(RECURSION[1]))


_AT = """\
/// Tells an error that came out of the library from where it was called.
pub(crate) trait At {
    fn at(self, site: Site) -> Self;
}

impl<T> At for Result<T, Error> {
    fn at(mut self, site: Site) -> Self {
        if let Err(Error::Raised { place, .. } | Error::Guard { place, .. }) = &mut self {
            place.called = Some(site);
        }
        self
    }
}
"""

_DEPTH = f'''\
thread_local! {{
    static DEPTH: std::cell::Cell<u32> = const {{ std::cell::Cell::new(0) }};
}}

/// One call of a recursive function, for as long as the value lives.
pub(crate) struct Depth;

impl Depth {{
    const LIMIT: u32 = {RECURSION_LIMIT};

    /// Goes one call deeper, as far as Python would.
    pub(crate) fn enter(site: Site) -> Result<Depth, Error> {{
        DEPTH.with(|depth| {{
            if depth.get() >= Depth::LIMIT {{
                let message = {string_literal(RECURSION[1])};
                return Err(Error::raised("{RECURSION[0]}", Some(message), site));
            }}
            depth.set(depth.get() + 1);
            Ok(Depth)
        }})
    }}
}}

impl Drop for Depth {{
    fn drop(&mut self) {{
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }}
}}
'''


def _checked(name: str, params: str, call: str, what: str) -> str:
    return f"""\
/// {what}, or a guard where it does not fit.
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
        Err(Error::raised("IndexError", Some(message), site))
    }
}
""",
    "ops::rint": """\
/// The nearest integral float, ties to even; the sign of a zero stays.
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
pub(crate) fn take_written() -> Text {
    WRITTEN.with(|written| std::mem::take(&mut *written.borrow_mut())).into_iter().collect()
}
""",
    "ops::range": """\
/// Python's `range(start, stop, step)`; the step is not zero.
pub(crate) fn range(start: i64, stop: i64, step: i64) -> impl Iterator<Item = i64> {
    let mut next = Some(start);
    std::iter::from_fn(move || {
        let value = next.filter(|&value| if step > 0 { value < stop } else { value > stop })?;
        next = value.checked_add(step);
        Some(value)
    })
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
        lines.append("use super::portalis::{Error, Site};\n")
    if "ops::write" in used:
        lines.append("use super::Text;\n")
    if used & {"ops::add", "ops::sub", "ops::mul", "ops::neg"}:
        lines.append(_OVERFLOW)
    return "\n".join([*lines, *parts])


def print_support(types: Iterable[Type], unions: Iterable[str], *, errors: bool, tells: bool, library: bool, recursion: bool) -> str:
    """Return portalis.rs: the error type where something can fail, and the types of Gf and of objects in `types`; nothing where none is."""
    parts = [_telling(_ERROR) if tells else _ERROR] if errors else []
    parts += [_AT] if library else []
    parts += [_DEPTH] if recursion else []
    used = tuple(types)
    parts += [gf_type(type_) for type_ in used if isinstance(type_, GF_TYPES)]
    parts += [*container_types(used), *unions]
    text = "\n".join(parts)
    named = all(map(is_snake_case, re.findall(r"fn (\w+)\(", text)))
    header = "//! What the translated functions are written in terms of.\n" + "\n#![allow(non_snake_case)]\n" * (not named)
    return f"{header}\n{text}" if parts else ""


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
