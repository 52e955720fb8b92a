"""The hand-written Rust of errors: what ended a call, as one word that says its kind, its message and its line."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.backends.rust.names import Scope, identifier, is_camel_case
from portalis.translator.ir.recursion import DEEPER, RECURSION, RECURSION_LIMIT

# Python's own classes that every crate knows, whatever its functions raise; of others a crate knows those that it needs.
_ALWAYS = """
BaseException Exception ArithmeticError AssertionError AttributeError EOFError IndexError KeyError LookupError MemoryError NameError
NotImplementedError OSError OverflowError RecursionError RuntimeError StopIteration TypeError UnboundLocalError UnicodeError
ValueError ZeroDivisionError
"""

_KIND = """\
/// The class of an exception, or `Guard`: a value left the range in which the translation is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
@ALLOW@pub enum Kind {
    Guard,
@VARIANTS@}

impl Kind {
    /// The class that this one is derived from. Nothing catches a guard.
    pub const fn base(self) -> Option<Kind> {
        match self {
            Kind::Guard | Kind::BaseException => None,
@BASES@        }
    }

    /// Tells whether this is a class or is derived from it.
    pub fn is(self, class: Kind) -> bool {
        self == class || self.base().map_or(false, |base| base.is(class))
    }

    /// An exception of this class with a text.
    #[cold]
    pub fn raise(self, text: &'static str, site: Site) -> Error {
        Error::new(self, Arguments::Constant(text, text), site)
    }

    /// An exception of this class that shows its text as a literal, as a `KeyError` does.
    #[cold]
    pub fn raise_key(self, text: &'static str, shown: &'static str, site: Site) -> Error {
        Error::new(self, Arguments::Constant(text, shown), site)
    }

    /// An exception of this class without arguments.
    #[cold]
    pub fn raise_bare(self, site: Site) -> Error {
        Error::new(self, Arguments::None, site)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
@SHOWN@    }
}
"""
_ERROR = """\
/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Ending>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Ending {
    kind: Kind,
    arguments: Arguments,
    site: Site,
    called: Option<Site>,
}

/// What an exception was raised with; code points stand for texts, which may hold lone surrogates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(dead_code)]
enum Arguments {
    None,
    /// A constant text, and how it is shown.
    Constant(&'static str, &'static str),
    Text(Vec<u32>),
    /// The literal of an argument that is no text.
    Literal(Vec<u32>),
    /// The literal of several arguments.
    Several(Vec<u32>),
}

impl Error {
    #[cold]
    fn new(kind: Kind, arguments: Arguments, site: Site) -> Error {
        Error(Box::new(Ending {
            kind,
            arguments,
            site,
            called: None,
        }))
    }

    /// A stop before a value goes wrong.
    #[cold]
    pub fn guard(reason: &'static str, site: Site) -> Error {
        Error::new(Kind::Guard, Arguments::Constant(reason, reason), site)
    }

    /// The class of the exception.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Tells whether it is of a class or of one derived from it.
    pub fn is(&self, class: Kind) -> bool {
        self.0.kind.is(class)
    }

    /// Tells whether it is an exception, which Python can catch.
    pub fn is_raised(&self) -> bool {
        self.0.kind != Kind::Guard
    }

    /// What `str` gives of the exception, or the reason of a guard.
    pub fn message(&self) -> String {
        match &self.0.arguments {
            Arguments::None => String::new(),
            Arguments::Constant(_, shown) => String::from(*shown),
@SHOWN@            Arguments::Text(codes) | Arguments::Literal(codes) | Arguments::Several(codes) => codes
                .iter()
                .map(|&code| char::from_u32(code).unwrap_or('\\u{fffd}'))
                .collect(),
        }
    }

    /// The line of the Python source.
    pub fn line(&self) -> u32 {
        self.0.called.unwrap_or(self.0.site).line
    }

    /// The number by which a host of the module knows where it arose.
    #[doc(hidden)]
    pub fn word(&self) -> u32 {
        self.0.site.number | self.0.called.map_or(0, |call| call.number << 16)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        match self.0.kind {
            Kind::Guard => write!(formatter, "stopped: {message}")?,
            kind if message.is_empty() => write!(formatter, "{kind}")?,
            kind => write!(formatter, "{kind}: {message}")?,
        }
        write!(formatter, " (line {})", self.line())
    }
}

impl std::error::Error for Error {}

/// A place in the Python source: its number in the translation's list of error sites, and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    number: u32,
    line: u32,
}

impl Site {
    pub const fn new(number: u32, line: u32) -> Site {
        Site { number, line }
    }
}
"""

_SHOWN = """\
            Arguments::Text(codes) if self.is(Kind::KeyError) => literal(codes),
"""
_TELLING = """\
/// A text as Python's literal, which is how a `KeyError` shows its own.
fn literal(codes: &[u32]) -> String {
    let has = |quote: char| codes.contains(&(quote as u32));
    let quote = if has('\\'') && !has('"') { '"' } else { '\\'' };
    let shown: String = codes.iter().map(|&code| escaped(code, quote)).collect();
    format!("{quote}{shown}{quote}")
}

fn escaped(code: u32, quote: char) -> String {
    match char::from_u32(code) {
        Some('\\n') => String::from("\\\\n"),
        Some('\\r') => String::from("\\\\r"),
        Some('\\t') => String::from("\\\\t"),
        Some(character) if character == quote || character == '\\\\' => format!("\\\\{character}"),
        Some(character) if is_printable(character) => String::from(character),
        _ if code < 0x100 => format!("\\\\x{code:02x}"),
        _ if code < 0x1_0000 => format!("\\\\u{code:04x}"),
        _ => format!("\\\\U{code:08x}"),
    }
}

fn is_printable(character: char) -> bool {
    // Behind a letter a mark is not escaped for being one.
    let text = String::from_iter(['a', character]);
    matches!(character, '\\'' | '"') || text.escape_debug().count() == 2
}

/// Exceptions with texts that the program computes, and what handlers ask of one that they caught.
impl Kind {
    /// An exception of this class with a text that was computed.
    #[cold]
    pub fn raise_text(self, text: Text, site: Site) -> Error {
        Error::new(self, Arguments::Text(text.codes().collect()), site)
    }

    /// An exception with an argument that is no text, of which this is the literal.
    #[cold]
    pub fn raise_literal(self, text: Text, site: Site) -> Error {
        Error::new(self, Arguments::Literal(text.codes().collect()), site)
    }

    /// An exception with several arguments, of which this is the literal.
    #[cold]
    pub fn raise_arguments(self, text: Text, site: Site) -> Error {
        Error::new(self, Arguments::Several(text.codes().collect()), site)
    }
}

impl Error {
    /// Tells whether recursion went too deep.
    pub fn is_limit(&self) -> bool {
        const LIMIT: &str = @LIMIT@;
        self.0.kind == Kind::RecursionError
            && matches!(self.0.arguments, Arguments::Constant(LIMIT, _))
    }

    /// The name of its class.
    pub fn class_name(&self) -> Text {
        Text::from(self.0.kind.to_string().as_str())
    }

    /// How it was raised: without arguments (0), with a constant text (1) or a computed one (2), with another argument (3) or several (4).
    pub fn form(&self) -> i64 {
        match &self.0.arguments {
            Arguments::None => 0,
            Arguments::Constant(..) => 1,
            Arguments::Text(_) => 2,
            Arguments::Literal(_) => 3,
            Arguments::Several(_) => 4,
        }
    }

    /// The text that was computed for it; None where none was.
    pub fn told(&self) -> Option<Text> {
        match &self.0.arguments {
            Arguments::None | Arguments::Constant(..) => None,
            Arguments::Text(codes) | Arguments::Literal(codes) | Arguments::Several(codes) => {
                Some(codes.iter().copied().collect())
            }
        }
    }

    /// The text that was computed for it, or an empty one.
    pub fn told_text(&self) -> Text {
        self.told().unwrap_or_default()
    }

    /// Its message as Python shows it.
    pub fn message_text(&self) -> Text {
        match self.0.arguments {
            Arguments::Constant(_, shown) => Text::new(shown),
            _ => self.told_text(),
        }
    }

    /// Its argument, where that is a text.
    pub fn argument(&self) -> Text {
        match self.0.arguments {
            Arguments::Constant(text, _) => Text::new(text),
            _ => self.told_text(),
        }
    }
}

impl Default for Error {
    /// What stands where nothing was caught yet.
    fn default() -> Error {
        Error::guard("nothing was caught", Site::new(0, 0))
    }
}
"""
_AT = """\
/// Tells an error that came out of the library from where it was called.
pub(crate) trait At {
    fn at(self, site: Site) -> Self;
}

impl<T> At for Result<T, Error> {
    #[inline]
    fn at(mut self, site: Site) -> Self {
        if let Err(error) = &mut self {
            error.0.called = Some(site);
        }
        self
    }
}
"""

# What a recursive function begins with, by whether the module lets CPython nest deeper than by itself.
ENTERING = {False: "Depth::enter", True: "Depth::enter_known"}
_DEPTH = f"""\
thread_local! {{
    static DEPTH: std::cell::Cell<u32> = const {{ std::cell::Cell::new(0) }};
}}

/// One call of a recursive function, for as long as the value lives.
pub(crate) struct Depth;

impl Depth {{
    const LIMIT: u32 = {RECURSION_LIMIT};

    fn below_limit() -> Option<Depth> {{
        DEPTH.with(|depth| {{
            let next = depth.get() + 1;
            (next <= Depth::LIMIT).then(|| {{
                depth.set(next);
                Depth
            }})
        }})
    }}
@ENTER@}}

impl Drop for Depth {{
    fn drop(&mut self) {{
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }}
}}
"""
_ENTER = {
    "Depth::enter": f"""
    /// Goes one call deeper, as far as Python would.
    pub(crate) fn enter(site: Site) -> Result<Depth, Error> {{
        Depth::below_limit()
            .ok_or_else(|| Kind::{RECURSION[0]}.raise({string_literal(RECURSION[1])}, site))
    }}
""",
    "Depth::enter_known": f"""
    /// Goes one call deeper, as far as it is known what Python would do: the module lets it nest deeper than by itself.
    pub(crate) fn enter_known(site: Site) -> Result<Depth, Error> {{
        const REASON: &str =
            {string_literal(DEEPER)};
        Depth::below_limit().ok_or_else(|| Error::guard(REASON, site))
    }}
""",
}


class Kinds:
    """The classes of exceptions that a program names, Python's and its own (each with its base), and their variants of `Kind`."""

    def __init__(self, named: Sequence[str], own: Mapping[str, str]) -> None:
        self.bases: dict[str, str | None] = {}
        self._own = own
        for name in (*_ALWAYS.split(), *own, *named):
            self._add(name)
        scope = Scope(frozenset({"Guard"}))
        self.variants = {name: scope.take(identifier(name)) for name in self.bases}

    def _add(self, name: str) -> None:
        if name in self.bases:
            return
        base = self._own.get(name)
        if base is None and name != "BaseException":
            class_ = getattr(builtins, name, None)
            base = class_.__mro__[1].__name__ if isinstance(class_, type) and issubclass(class_, BaseException) else "Exception"
        if base is not None:
            self._add(base)
        self.bases[name] = base

    def path(self, name: str) -> str:
        """Return how code names a class."""
        return f"Kind::{self.variants[name]}"

    def definition(self) -> str:
        """Return the definition of `Kind`."""
        bases: dict[str, list[str]] = {}
        for name, base in self.bases.items():
            if base is not None:
                bases.setdefault(base, []).append(name)
        rows = "".join(_arm([self.path(name) for name in names], f"Some({self.path(base)})") for base, names in bases.items())
        renamed = [name for name, variant in self.variants.items() if variant != name]
        shown = '        write!(formatter, "{self:?}")\n'
        if renamed:
            arms = "".join(f"            {self.path(name)} => formatter.write_str({string_literal(name)}),\n" for name in renamed)
            shown = f'        match self {{\n{arms}            _ => write!(formatter, "{{self:?}}"),\n        }}\n'
        variants = "".join(f"    {variant},\n" for variant in self.variants.values())
        allow = "" if all(map(is_camel_case, self.variants.values())) else "#[allow(non_camel_case_types)]\n"
        parts = {"@VARIANTS@": variants, "@BASES@": rows, "@SHOWN@": shown, "@ALLOW@": allow}
        text = _KIND
        for place, part in parts.items():
            text = text.replace(place, part)
        return text


def _arm(patterns: list[str], value: str) -> str:
    pad = " " * 12
    one = f"{pad}{' | '.join(patterns)} => {value},\n"
    if len(one) <= 101:
        return one
    lines = f"\n{pad}| ".join(patterns)
    return f"{pad}{lines} => {{\n{pad}    {value}\n{pad}}}\n" if len(patterns[-1]) + len(value) > 70 else f"{pad}{lines} => {value},\n"


def error_types(kinds: Kinds, *, tells: bool, library: bool, called: AbstractSet[str]) -> list[str]:
    """Return the definitions: with `tells` of messages that are computed and handlers; `library`: errors come out of the library.

    `called` are the functions that the crate calls.
    """
    parts = [kinds.definition(), _ERROR.replace("@SHOWN@", _SHOWN if tells else "")]
    parts += [_TELLING.replace("@LIMIT@", string_literal(RECURSION[1]))] if tells else []
    parts += [_AT] if library else []
    entering = [text for name, text in _ENTER.items() if name in called]
    return [*parts, _DEPTH.replace("@ENTER@", "".join(entering))] if entering else parts
