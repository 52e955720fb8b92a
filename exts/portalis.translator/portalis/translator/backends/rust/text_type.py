"""The hand-written Rust of Python's str."""

from __future__ import annotations

from portalis.translator.backends.rust.literals import string_literal

_TEXT = """\
@ASCII@/// A Python str: code points, which lone surrogates may be among.
#[derive(Clone)]
pub struct Text(Codes);

/// What is ASCII alone is always held as such.
#[derive(Clone)]
enum Codes {
    Constant(&'static str),
    Ascii(Rc<String>),
    Wide(Rc<Vec<u32>>),
}

impl Text {
    /// A constant.
    #[inline]
    pub fn new(text: &'static str) -> Text {
        if text.is_ascii() {
            Text(Codes::Constant(text))
        } else {
            text.chars().map(u32::from).collect()
        }
    }

    /// The text of one code point.
    #[inline]
    pub fn from_code(code: i64) -> Text {
        match ASCII.get(code as usize..code as usize + 1) {
            Some(text) => Text(Codes::Constant(text)),
            None => std::iter::once(code as u32).collect(),
        }
    }

    /// The text of a list of code points.
    pub fn from_codes(codes: &List<i64>) -> Text {
        codes.0.borrow().iter().map(|&code| code as u32).collect()
    }

    /// How many code points there are.
    #[inline]
    pub fn len(&self) -> i64 {
        match &self.0 {
            Codes::Wide(codes) => codes.len() as i64,
            _ => self.ascii().len() as i64,
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code point at an offset.
    #[inline]
    pub fn code(&self, offset: i64) -> i64 {
        match &self.0 {
            Codes::Wide(codes) => i64::from(codes[offset as usize]),
            _ => i64::from(self.ascii().as_bytes()[offset as usize]),
        }
    }

    /// The text from one offset to another.
    pub fn part(&self, start: i64, stop: i64) -> Text {
        let range = start as usize..stop as usize;
        match &self.0 {
            Codes::Constant(text) => Text(Codes::Constant(&text[range])),
            // Nobody makes a character anew.
            Codes::Ascii(_) if stop - start == 1 => Text::from_code(self.code(start)),
            Codes::Ascii(text) => Text::from(&text[range]),
            Codes::Wide(codes) => codes[range].iter().copied().collect(),
        }
    }

    /// The code points.
    pub fn codes(&self) -> impl Iterator<Item = u32> + '_ {
        let (ascii, wide): (&str, &[u32]) = match &self.0 {
            Codes::Wide(codes) => ("", codes),
            _ => (self.ascii(), &[]),
        };
        ascii.bytes().map(u32::from).chain(wide.iter().copied())
    }

    fn ascii(&self) -> &str {
        match &self.0 {
            Codes::Constant(text) => text,
            Codes::Ascii(text) => text,
            Codes::Wide(_) => "",
        }
    }

    fn is_wide(&self) -> bool {
        matches!(self.0, Codes::Wide(_))
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new("")
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        if text.is_ascii() {
            Text(Codes::Ascii(Rc::new(String::from(text))))
        } else {
            text.chars().map(u32::from).collect()
        }
    }
}

impl FromIterator<u32> for Text {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Text {
        let mut codes = codes.into_iter();
        let mut text = String::with_capacity(codes.size_hint().0);
        while let Some(code) = codes.next() {
            if code < 128 {
                text.push(code as u8 as char);
            } else {
                let wide = text.bytes().map(u32::from).chain([code]).chain(codes);
                return Text(Codes::Wide(Rc::new(wide.collect())));
            }
        }
        Text(Codes::Ascii(Rc::new(text)))
    }
}

impl std::ops::Add<&Text> for Text {
    type Output = Text;

    /// Appends in place where nobody else has the text.
    fn add(mut self, other: &Text) -> Text {
        if other.is_empty() {
            return self;
        }
        match &mut self.0 {
            Codes::Wide(codes) => Rc::make_mut(codes).extend(other.codes()),
            _ if other.is_wide() => return self.codes().chain(other.codes()).collect(),
            Codes::Ascii(text) => Rc::make_mut(text).push_str(other.ascii()),
            Codes::Constant(text) => return Text::from([*text, other.ascii()].concat().as_str()),
        }
        self
    }
}

impl std::ops::Add<&'static str> for Text {
    type Output = Text;

    fn add(self, other: &'static str) -> Text {
        self + &Text::new(other)
    }
}

impl std::ops::AddAssign<&Text> for Text {
    fn add_assign(&mut self, other: &Text) {
        *self = std::mem::take(self) + other;
    }
}

impl std::ops::AddAssign<&'static str> for Text {
    fn add_assign(&mut self, other: &'static str) {
        *self = std::mem::take(self) + other;
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        match &self.0 {
            Codes::Wide(codes) => other.chars().map(u32::from).eq(codes.iter().copied()),
            _ => self.ascii() == *other,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        match (&self.0, &other.0) {
            (Codes::Wide(codes), Codes::Wide(others)) => codes == others,
            _ => self.is_wide() == other.is_wide() && self.ascii() == other.ascii(),
        }
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> std::cmp::Ordering {
        self.codes().cmp(other.codes())
    }
}

impl std::fmt::Display for Text {
    /// A lone surrogate is shown as U+FFFD.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: String = self
            .codes()
            .map(|code| char::from_u32(code).unwrap_or('\\u{fffd}'))
            .collect();
        formatter.pad(&shown)
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.to_string())
    }
}
"""


def text_type() -> str:
    """Return the definition of texts, and the constant of which a text of one ASCII character is a part."""
    every = string_literal("".join(map(chr, range(128))))
    ascii_texts = f"/// Every ASCII character: a text of one is a part of it.\nconst ASCII: &str = {every};\n\n"
    return _TEXT.replace("@ASCII@", ascii_texts)
