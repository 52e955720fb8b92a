//! What the translated functions are written in terms of.

use std::fmt;

/// The class of an exception, or `Guard`: a value left the range in which the translation is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    Guard,
    BaseException,
    Exception,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    IndexError,
    KeyError,
    MemoryError,
    NameError,
    RuntimeError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    StopIteration,
    TypeError,
    UnboundLocalError,
    ValueError,
    UnicodeError,
    ZeroDivisionError,
}

impl Kind {
    /// The class that this one is derived from. Nothing catches a guard.
    pub const fn base(self) -> Option<Kind> {
        match self {
            Kind::Guard | Kind::BaseException => None,
            Kind::Exception => Some(Kind::BaseException),
            Kind::ArithmeticError
            | Kind::AssertionError
            | Kind::AttributeError
            | Kind::EOFError
            | Kind::LookupError
            | Kind::MemoryError
            | Kind::NameError
            | Kind::RuntimeError
            | Kind::OSError
            | Kind::StopIteration
            | Kind::TypeError
            | Kind::ValueError => Some(Kind::Exception),
            Kind::IndexError | Kind::KeyError => Some(Kind::LookupError),
            Kind::NotImplementedError | Kind::RecursionError => Some(Kind::RuntimeError),
            Kind::OverflowError | Kind::ZeroDivisionError => Some(Kind::ArithmeticError),
            Kind::UnboundLocalError => Some(Kind::NameError),
            Kind::UnicodeError => Some(Kind::ValueError),
        }
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
        write!(formatter, "{self:?}")
    }
}

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
            Arguments::Text(codes) | Arguments::Literal(codes) | Arguments::Several(codes) => codes
                .iter()
                .map(|&code| char::from_u32(code).unwrap_or('\u{fffd}'))
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
