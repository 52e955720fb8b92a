"""The hand-written Rust of the types whose values are references: lists, texts, and the records that dicts and sets are."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.backends.rust.names import setter
from portalis.translator.backends.rust.native import NATIVE
from portalis.translator.backends.rust.world import variant
from portalis.translator.ir.types import DictRef, ListRef, SetRef, TextType, Type, UnionType, WideType
from portalis.translator.ir.wide import BITS

_LIST = """\
const INSIDE: &str = "an offset inside the list";

/// A Python list, or a tuple of any length: whoever holds it sees the same elements.
#[derive(Debug, PartialEq)]
pub struct List<T>(std::rc::Rc<std::cell::RefCell<Vec<T>>>);

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
        List(std::rc::Rc::new(std::cell::RefCell::new(items)))
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
    pub fn items(&self) -> std::cell::Ref<'_, Vec<T>> {
        self.0.borrow()
    }

    /// Tells whether two are one list.
    #[inline]
    pub fn same(&self, other: &List<T>) -> bool {
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }

    /// What tells the list apart from all others, for as long as it lives.
    pub fn address(&self) -> usize {
        std::rc::Rc::as_ptr(&self.0) as *const u8 as usize
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
"""

_TEXT = """\
@ASCII@/// A Python str: code points, which lone surrogates may be among.
#[derive(Clone)]
pub struct Text(Codes);

/// What is ASCII alone is always held as such.
#[derive(Clone)]
enum Codes {
    Constant(&'static str),
    Ascii(std::rc::Rc<String>),
    Wide(std::rc::Rc<Vec<u32>>),
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
            Text(Codes::Ascii(std::rc::Rc::new(String::from(text))))
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
                return Text(Codes::Wide(std::rc::Rc::new(wide.collect())));
            }
        }
        Text(Codes::Ascii(std::rc::Rc::new(text)))
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
            Codes::Wide(codes) => std::rc::Rc::make_mut(codes).extend(other.codes()),
            _ if other.is_wide() => return self.codes().chain(other.codes()).collect(),
            Codes::Ascii(text) => std::rc::Rc::make_mut(text).push_str(other.ascii()),
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

_INT = f"""\
/// A Python int of any size.
#[derive(Clone, Debug, PartialEq)]
pub enum Int {{
    Small(i64),
    /// 1 or -1 for the sign, then the digits to the base 2^30, the lowest first.
    Large(List<i64>),
}}

impl Int {{
    const SMALLEST: i64 = -(1 << 62);
    const LARGEST: i64 = (1 << 62) - 1;

    /// An int of 64 bits.
    #[inline]
    pub fn new(value: i64) -> Int {{
        const BITS: u32 = {BITS};
        if (Int::SMALLEST..=Int::LARGEST).contains(&value) {{
            return Int::Small(value);
        }}
        let digit =
            |place: u32| (value.unsigned_abs() >> (BITS * place) & ((1 << BITS) - 1)) as i64;
        Int::Large(List::from([value.signum(), digit(0), digit(1), digit(2)]))
    }}

    /// One of more than 63 bits from its sign and digits.
    pub fn from_words(words: &List<i64>) -> Int {{
        Int::Large(words.clone())
    }}

    /// Tells whether it has 63 bits at most.
    #[inline]
    pub fn is_small(&self) -> bool {{
        matches!(self, Int::Small(_))
    }}

    /// The value of one that is small.
    #[inline]
    pub fn small(&self) -> i64 {{
        match self {{
            Int::Small(value) => *value,
            Int::Large(_) => panic!("{{self:?}}"),
        }}
    }}

    /// The sign and digits of one that is not.
    pub fn words(&self) -> List<i64> {{
        match self {{
            Int::Small(_) => panic!("{{self:?}}"),
            Int::Large(words) => words.clone(),
        }}
    }}
}}

impl Default for Int {{
    fn default() -> Int {{
        Int::Small(0)
    }}
}}
"""

# By the name of a record: what is said of it, its parameters, and its fields as `DictRef.storage` and `SetRef.storage` list them.
RECORDS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "Dict": (
        "A Python dict: entries in the order of insertion (a removed one leaves a hole, of hash -1), and the table of their numbers.",
        "K, V",
        (("keys", "List<K>"), ("values", "List<V>"), ("hashes", "List<i64>"), ("table", "List<i64>"), ("used", "i64")),
    ),
    "Set": (
        "A Python set: its table, slot by slot; a state is 0 (never used), 1 (in use) or 2 (removed).",
        "T",
        (("items", "List<T>"), ("hashes", "List<i64>"), ("states", "List<i64>"), ("used", "i64"), ("fill", "i64"), ("finger", "i64")),
    ),
}


def union_type(name: str, type_: UnionType, members: Sequence[str]) -> str:
    """Return the definition of a union: its variants hold values of the Rust types `members`, none that of None."""
    copied = "Clone, Copy, Debug, PartialEq" if type_.duplicable else "Clone, Debug, PartialEq"
    rows, tags, methods = "", "", ""
    first = variant(type_.members[0]) + "(Default::default())" * (members[0] != "()")
    for number, (member, kind) in enumerate(zip(type_.members, members, strict=True)):
        case = variant(member)
        held = kind != "()"
        rows += f"    {case}({kind}),\n" if held else f"    {case},\n"
        tags += f"            {name}::{case}{'(_)' * held} => {number},\n"
        value = "*value" if member.duplicable else "value.clone()"
        if held:
            methods += f"""
    /// The value, which is one of these.
    pub fn {case.lower()}(&self) -> {kind} {{
        match self {{
            {name}::{case}(value) => {value},
            other => panic!("{{other:?}}"),
        }}
    }}
"""
    return f"""\
/// A value of one of several classes.
#[derive({copied})]
pub enum {name} {{
{rows}}}

impl {name} {{
    /// The number of its class.
    pub fn tag(&self) -> i64 {{
        match self {{
{tags}        }}
    }}
{methods}}}

impl Default for {name} {{
    fn default() -> {name} {{
        {name}::{first}
    }}
}}
"""


def _ascii() -> str:
    """Return the constant of which a text of one ASCII character is a part."""
    every = string_literal("".join(map(chr, range(128))))
    return f"/// Every ASCII character: a text of one is a part of it.\nconst ASCII: &str = {every};\n\n"


def container_types(types: Sequence[Type]) -> list[str]:
    """Return the definitions that programs with values of `types` need."""
    parts = [_LIST] * any(isinstance(type_, ListRef) for type_ in types)
    parts += [_TEXT.replace("@ASCII@", _ascii())] * any(isinstance(type_, TextType) for type_ in types)
    parts += [_INT] * any(isinstance(type_, WideType) for type_ in types)
    parts += [record_type("Dict", *RECORDS["Dict"]) + NATIVE["Dict"]] * any(isinstance(type_, DictRef) for type_ in types)
    parts += [record_type("Set", *RECORDS["Set"]) + NATIVE["Set"]] * any(isinstance(type_, SetRef) for type_ in types)
    return parts


def record_type(name: str, said: str, parameters: str, fields: Sequence[tuple[str, str]], late: AbstractSet[str] = frozenset()) -> str:
    """Return the definition of a record whose type has `parameters`, and `fields` with their Rust types; some are there `late`."""
    parameters = f"<{parameters}>" if parameters else ""
    own = f"{name}{parameters}"
    derived = "Debug" if name in NATIVE else "Debug, PartialEq"
    types = dict(fields)
    fields = [(field, f"Option<{kind}>" if field in late else kind) for field, kind in fields]
    rows = "\n" * bool(fields) + "".join(f"    {field}: {kind},\n" for field, kind in fields)
    taken = [f"{field}: {kind}" for field, kind in fields]
    given = [field for field, _ in fields]
    empty = [_first_value(kind) for _, kind in fields]
    methods = "".join(_accessors(field, types[field], field in late) + "\n" for field, _ in fields)
    return f"""\
/// {said}
#[derive({derived})]
pub struct {own}(std::rc::Rc<std::cell::RefCell<{name}Fields{parameters}>>);

#[derive({derived})]
struct {name}Fields{parameters} {{{rows}}}

impl{parameters} Clone for {own} {{
    fn clone(&self) -> {own} {{
        {name}(self.0.clone())
    }}
}}

impl{parameters} Default for {own} {{
    fn default() -> {own} {{
        {_made(name, empty)}
    }}
}}

impl{parameters} {own} {{
    /// One that is empty.
    #[inline]
    pub fn new() -> {own} {{
        {name}::default()
    }}

    /// One with all its fields.
{_signature(taken, own)}
        let fields = {_literal(f"{name}Fields", given)};
        {name}(std::rc::Rc::new(std::cell::RefCell::new(fields)))
    }}

{methods}    /// Tells whether two are one object.
    #[inline]
    pub fn same(&self, other: &{own}) -> bool {{
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }}

    /// What tells the object apart from all others, for as long as it lives.
    pub fn address(&self) -> usize {{
        std::rc::Rc::as_ptr(&self.0) as *const u8 as usize
    }}
}}
"""


def _signature(taken: Sequence[str], own: str) -> str:
    line = f"    pub fn of({', '.join(taken)}) -> {own} {{"
    if len(line) <= 100 and len(taken) <= 7:
        return line
    allowed = "    #[allow(clippy::too_many_arguments)]\n" if len(taken) > 7 else ""
    return f"{allowed}    pub fn of(\n" + "".join(f"        {one},\n" for one in taken) + f"    ) -> {own} {{"


def _made(name: str, values: Sequence[str]) -> str:
    if len(", ".join(values)) <= 60:
        return f"{name}::of({', '.join(values)})"
    return f"{name}::of(\n" + "".join(f"            {one},\n" for one in values) + "        )"


def _literal(name: str, given: Sequence[str]) -> str:
    if len(", ".join(given)) <= 18:
        return f"{name} {{ {', '.join(given)} }}" if given else f"{name} {{}}"
    return f"{name} {{\n" + "".join(f"            {one},\n" for one in given) + "        }"


def _first_value(kind: str) -> str:
    plain = {"i64": "0", "f64": "0.0", "bool": "false"}.get(kind)
    if plain is not None:
        return plain
    return "List::new()" if kind.startswith("List<") else "None" if kind.startswith("Option<") else "Default::default()"


def _accessors(field: str, kind: str, late: bool) -> str:
    """Return what reads and writes a field; a `late` one is held as an Option of its `kind`."""
    value = "" if kind in ("i64", "f64", "bool") else ".clone()"
    reads, writes = f"    /// The field `{field}`.\n", f"    /// Puts a value into the field `{field}`.\n"
    if late:
        return f"""\
{reads}    pub fn {field}(&self) -> {kind} {{
        self.0.borrow().{field}.clone().unwrap_or_default()
    }}

{writes}    pub fn {setter(field)}(&self, {field}: {kind}) {{
        self.0.borrow_mut().{field} = Some({field});
    }}
"""
    return f"""\
{reads}    #[inline]
    pub fn {field}(&self) -> {kind} {{
        self.0.borrow().{field}{value}
    }}

{writes}    #[inline]
    pub fn {setter(field)}(&self, {field}: {kind}) {{
        self.0.borrow_mut().{field} = {field};
    }}
"""
