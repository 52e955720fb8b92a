//! What the translated functions are written in terms of.

use std::cell::{Ref, RefCell};
use std::fmt;
use std::rc::Rc;

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

const INSIDE: &str = "an offset inside the list";

/// A Python list, or a tuple of any length: whoever holds it sees the same elements.
#[derive(Debug, PartialEq)]
pub struct List<T>(Rc<RefCell<Vec<T>>>);

impl<T> Clone for List<T> {
    fn clone(&self) -> List<T> {
        List(self.0.clone())
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> List<T> {
        List(Rc::new(RefCell::new(items)))
    }
}

impl<T, const N: usize> From<[T; N]> for List<T> {
    fn from(items: [T; N]) -> List<T> {
        List::from(Vec::from(items))
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> List<T> {
        List::from(Vec::from_iter(items))
    }
}

impl<T> List<T> {
    /// An empty list.
    #[inline]
    pub fn new() -> List<T> {
        List::default()
    }

    /// How many elements there are.
    #[inline]
    pub fn len(&self) -> i64 {
        self.0.borrow().len() as i64
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Puts an element in the place of the one at an offset.
    #[inline]
    pub fn set(&self, offset: i64, item: T) {
        let mut items = self.0.borrow_mut();
        let before = items
            .get_mut(offset as usize)
            .map(|place| std::mem::replace(place, item));
        drop(items);
        drop(before.expect(INSIDE));
    }

    /// Appends an element.
    #[inline]
    pub fn push(&self, item: T) {
        self.0.borrow_mut().push(item);
    }

    /// Makes room for so many more elements.
    pub fn reserve(&self, count: i64) {
        self.0.borrow_mut().reserve(count as usize);
    }

    /// Removes the elements from an offset on.
    pub fn truncate(&self, length: i64) {
        let removed = self.0.borrow_mut().split_off(length as usize);
        drop(removed);
    }

    /// The elements in order, those that are appended meanwhile included.
    #[inline]
    pub fn iter(&self) -> Iter<T> {
        Iter {
            list: self.clone(),
            offset: 0,
        }
    }

    /// The elements, borrowed: nobody may change the list meanwhile.
    #[inline]
    pub fn items(&self) -> Ref<'_, Vec<T>> {
        self.0.borrow()
    }

    /// Tells whether two are one list.
    #[inline]
    pub fn same(&self, other: &List<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// What tells the list apart from all others, for as long as it lives.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as *const u8 as usize
    }
}

impl<T: Clone> List<T> {
    /// The element at an offset.
    #[inline]
    pub fn get(&self, offset: i64) -> T {
        let item = self.0.borrow().get(offset as usize).cloned();
        item.expect(INSIDE)
    }

    /// A list of the elements from one offset to another.
    pub fn part(&self, start: i64, stop: i64) -> List<T> {
        List::from(self.0.borrow()[start as usize..stop as usize].to_vec())
    }

    /// Appends the elements of a list, which may be this one.
    pub fn extend(&self, other: &List<T>) {
        if self.same(other) {
            let items = other.to_vec();
            self.0.borrow_mut().extend(items);
        } else {
            self.0.borrow_mut().extend_from_slice(&other.0.borrow());
        }
    }

    /// The elements.
    pub fn to_vec(&self) -> Vec<T> {
        self.0.borrow().clone()
    }
}

/// Goes over the elements of a list, which may change meanwhile.
#[derive(Debug)]
pub struct Iter<T> {
    list: List<T>,
    offset: usize,
}

impl<T: Clone> Iterator for Iter<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        let item = self.list.0.borrow().get(self.offset).cloned()?;
        self.offset += 1;
        Some(item)
    }
}

/// Every ASCII character: a text of one is a part of it.
const ASCII: &str = "\0\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f} !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7f}";

/// A Python str: code points, which lone surrogates may be among.
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
            .map(|code| char::from_u32(code).unwrap_or('\u{fffd}'))
            .collect();
        formatter.pad(&shown)
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.to_string())
    }
}

/// A Python dict: entries in the order of insertion (a removed one leaves a hole, of hash -1), and the table of their numbers.
#[derive(Debug)]
pub struct Dict<K, V>(Rc<RefCell<DictFields<K, V>>>);

#[derive(Debug)]
struct DictFields<K, V> {
    keys: List<K>,
    values: List<V>,
    hashes: List<i64>,
    table: List<i64>,
    used: i64,
}

impl<K, V> Clone for Dict<K, V> {
    fn clone(&self) -> Dict<K, V> {
        Dict(self.0.clone())
    }
}

impl<K, V> Default for Dict<K, V> {
    fn default() -> Dict<K, V> {
        Dict::of(List::new(), List::new(), List::new(), List::new(), 0)
    }
}

impl<K, V> Dict<K, V> {
    /// One that is empty.
    #[inline]
    pub fn new() -> Dict<K, V> {
        Dict::default()
    }

    /// One with all its fields.
    pub fn of(
        keys: List<K>,
        values: List<V>,
        hashes: List<i64>,
        table: List<i64>,
        used: i64,
    ) -> Dict<K, V> {
        let fields = DictFields {
            keys,
            values,
            hashes,
            table,
            used,
        };
        Dict(Rc::new(RefCell::new(fields)))
    }

    /// The field `keys`.
    #[inline]
    pub fn keys(&self) -> List<K> {
        self.0.borrow().keys.clone()
    }

    /// Puts a value into the field `keys`.
    #[inline]
    pub fn set_keys(&self, keys: List<K>) {
        self.0.borrow_mut().keys = keys;
    }

    /// The field `values`.
    #[inline]
    pub fn values(&self) -> List<V> {
        self.0.borrow().values.clone()
    }

    /// Puts a value into the field `values`.
    #[inline]
    pub fn set_values(&self, values: List<V>) {
        self.0.borrow_mut().values = values;
    }

    /// The field `hashes`.
    #[inline]
    pub fn hashes(&self) -> List<i64> {
        self.0.borrow().hashes.clone()
    }

    /// Puts a value into the field `hashes`.
    #[inline]
    pub fn set_hashes(&self, hashes: List<i64>) {
        self.0.borrow_mut().hashes = hashes;
    }

    /// The field `table`.
    #[inline]
    pub fn table(&self) -> List<i64> {
        self.0.borrow().table.clone()
    }

    /// Puts a value into the field `table`.
    #[inline]
    pub fn set_table(&self, table: List<i64>) {
        self.0.borrow_mut().table = table;
    }

    /// The field `used`.
    #[inline]
    pub fn used(&self) -> i64 {
        self.0.borrow().used
    }

    /// Puts a value into the field `used`.
    #[inline]
    pub fn set_used(&self, used: i64) {
        self.0.borrow_mut().used = used;
    }

    /// Tells whether two are one object.
    #[inline]
    pub fn same(&self, other: &Dict<K, V>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// What tells the object apart from all others, for as long as it lives.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as *const u8 as usize
    }
}

/// A key that comes again replaces the value; the first key stays.
impl<K: PartialEq + Clone, V: Clone> FromIterator<(K, V)> for Dict<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Dict<K, V> {
        let made = Dict::new();
        for (key, value) in pairs {
            let known = made.keys().to_vec().iter().position(|other| *other == key);
            if let Some(place) = known {
                made.values().set(place as i64, value);
                continue;
            }
            made.keys().push(key);
            made.values().push(value);
            // Whoever looks for a key first finds the hashes.
            made.hashes().push(0);
            made.set_used(made.keys().len());
        }
        made
    }
}

impl<K: PartialEq + Clone, V: Clone, const N: usize> From<[(K, V); N]> for Dict<K, V> {
    fn from(pairs: [(K, V); N]) -> Dict<K, V> {
        Dict::from_iter(pairs)
    }
}

impl<K: Clone, V: Clone> Dict<K, V> {
    /// The keys with their values, in the order of insertion.
    #[inline]
    pub fn iter(&self) -> Entries<K, V> {
        Entries {
            dict: self.clone(),
            number: 0,
        }
    }

    /// The keys with their values, in the order of insertion.
    pub fn entries(&self) -> Vec<(K, V)> {
        self.iter().collect()
    }
}

/// Goes over the entries of a dict, whose values may change meanwhile.
#[derive(Debug)]
pub struct Entries<K, V> {
    dict: Dict<K, V>,
    number: i64,
}

impl<K: Clone, V: Clone> Iterator for Entries<K, V> {
    type Item = (K, V);

    #[inline]
    fn next(&mut self) -> Option<(K, V)> {
        let fields = self.dict.0.borrow();
        while self.number < fields.hashes.len() {
            let number = self.number;
            self.number += 1;
            if fields.hashes.get(number) != -1 {
                return Some((fields.keys.get(number), fields.values.get(number)));
            }
        }
        None
    }
}

/// As in Python, whatever the order.
impl<K: PartialEq + Clone, V: PartialEq + Clone> PartialEq for Dict<K, V> {
    fn eq(&self, other: &Dict<K, V>) -> bool {
        let others = other.entries();
        self.used() == other.used() && self.entries().iter().all(|pair| others.contains(pair))
    }
}
