"""The hand-written Rust of the types whose values are references: lists and ints of any size here, texts and records beside."""

from __future__ import annotations

from collections.abc import Sequence

from portalis.translator.backends.rust.native import NATIVE
from portalis.translator.backends.rust.records import RECORDS, record_type
from portalis.translator.backends.rust.text_type import text_type
from portalis.translator.ir.types import DictRef, ListRef, SetRef, TextType, Type, WideType
from portalis.translator.ir.wide import BITS

_LIST = """\
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


def container_types(types: Sequence[Type]) -> list[str]:
    """Return the definitions that programs with values of `types` need."""
    parts = [_LIST] * any(isinstance(type_, ListRef) for type_ in types)
    parts += [text_type()] * any(isinstance(type_, TextType) for type_ in types)
    parts += [_INT] * any(isinstance(type_, WideType) for type_ in types)
    parts += [record_type("Dict", "DictFields", *RECORDS["Dict"]) + NATIVE["Dict"]] * any(isinstance(type_, DictRef) for type_ in types)
    parts += [record_type("Set", "SetFields", *RECORDS["Set"]) + NATIVE["Set"]] * any(isinstance(type_, SetRef) for type_ in types)
    return parts
