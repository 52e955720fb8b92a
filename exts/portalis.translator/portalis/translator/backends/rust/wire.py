"""Messages (`ir/wire.py`) in abi.rs, and heap.rs: the memory in which the objects of one call lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.names import identifier
from portalis.translator.backends.rust.object_operations import union_value
from portalis.translator.backends.rust.spread import spread
from portalis.translator.backends.rust.world import Callee, World
from portalis.translator.ir.types import (
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)

HEAP = """\
//! The memory behind a call's message or results, in which everything lies that the call makes.
//!
//! Safety: the module has one thread, and the host writes nothing while a call runs.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

/// Blocks come in powers of two; what is freed is given out again.
struct Arena {
    top: Cell<usize>,
    free: [Cell<usize>; 32],
}

unsafe impl Sync for Arena {}

#[allow(clippy::declare_interior_mutable_const)]
const NOTHING: Cell<usize> = Cell::new(0);

#[global_allocator]
static ARENA: Arena = Arena {
    top: Cell::new(usize::MAX),
    free: [NOTHING; 32],
};

/// Forgets what earlier calls made; the memory begins at an address from now on.
#[allow(dead_code)]
pub(crate) fn begin(address: usize) {
    ARENA.top.set((address + 15) & !15);
    ARENA.free.iter().for_each(|block| block.set(0));
}

fn size(layout: &Layout) -> usize {
    layout.size().max(16).next_power_of_two()
}

unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = size(&layout);
        let block = &self.free[size.trailing_zeros() as usize];
        if block.get() != 0 {
            let found = block.get() as *mut u8;
            block.set(*(found as *const usize));
            return found;
        }
        let start = self.top.get();
        let end = start.saturating_add(size);
        if end > core::arch::wasm32::memory_size(0) << 16 {
            return std::ptr::null_mut();
        }
        self.top.set(end);
        start as *mut u8
    }

    unsafe fn dealloc(&self, found: *mut u8, layout: Layout) {
        let block = &self.free[size(&layout).trailing_zeros() as usize];
        *(found as *mut usize) = block.get();
        block.set(found as usize);
    }

    unsafe fn realloc(&self, found: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let (before, after) = (size(&layout), bytes.max(16).next_power_of_two());
        if after <= before {
            return found;
        }
        // The last block grows where it is.
        let end = found as usize + after;
        if found as usize + before == self.top.get()
            && end <= core::arch::wasm32::memory_size(0) << 16
        {
            self.top.set(end);
            return found;
        }
        let moved = self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
        if !moved.is_null() {
            std::ptr::copy_nonoverlapping(found, moved, layout.size());
            self.dealloc(found, layout);
        }
        moved
    }
}
"""

_MESSAGE = """\
/// What crosses: the words that came, the objects that came with them by their numbers, and the words of the answer.
///
/// Programs differ in what they need of it.
#[allow(dead_code)]
struct Message {
    words: &'static [u64],
    known: Vec<Box<dyn std::any::Any>>,
    numbers: std::collections::BTreeMap<usize, usize>,
    introduced: std::collections::BTreeSet<usize>,
    answer: Vec<u64>,
}

#[allow(dead_code)]
impl Message {
    unsafe fn new(message: *mut u64, bytes: usize) -> Message {
        crate::heap::begin(message as usize + bytes.max(16));
        Message {
            words: std::slice::from_raw_parts(message, bytes / 8),
            known: Vec::new(),
            numbers: Default::default(),
            introduced: Default::default(),
            answer: Vec::new(),
        }
    }

    /// Leaves the answer where it is, and its place where the message began.
    unsafe fn finish(self, message: *mut u64) {
        let answer = self.answer.leak();
        message.write(answer.as_ptr() as u64);
        message.add(1).write(8 * answer.len() as u64);
    }

    fn word(&mut self) -> u64 {
        let (first, rest) = self
            .words
            .split_first()
            .expect("the message has another word");
        self.words = rest;
        *first
    }

    fn int(&mut self) -> i64 {
        self.word() as i64
    }

    fn float(&mut self) -> f64 {
        f64::from_bits(self.word())
    }

    fn single(&mut self) -> f32 {
        self.float() as f32
    }

    fn bool(&mut self) -> bool {
        self.word() != 0
    }

    fn known<T: Clone + 'static>(&self, number: usize) -> Option<T> {
        let found = self.known.get(number)?;
        let found = found.downcast_ref::<T>();
        Some(found.expect("an object has one type").clone())
    }

    fn remember<T: 'static>(&mut self, number: usize, address: usize, object: T) {
        self.numbers.insert(address, number);
        self.known.push(Box::new(object));
    }

    /// Writes an object's number; tells whether its content must follow.
    fn introduce(&mut self, address: usize) -> bool {
        let next = self.numbers.len();
        let number = *self.numbers.entry(address).or_insert(next);
        self.answer.push(number as u64);
        self.introduced.insert(address)
    }

    fn give_int(&mut self, value: &i64) {
        self.answer.push(*value as u64);
    }

    /// Every NaN is written as the same one.
    fn give_float(&mut self, value: &f64) {
        const NAN: u64 = 0x7ff8_0000_0000_0000;
        self.answer
            .push(if value.is_nan() { NAN } else { value.to_bits() });
    }

    fn give_bool(&mut self, value: &bool) {
        self.answer.push(u64::from(*value));
    }
}
"""
_OF_TYPES = {
    "List": """\
#[allow(dead_code)]
impl Message {
    fn list<T: 'static>(&mut self, item: impl Fn(&mut Message) -> T) -> List<T> {
        let number = self.word() as usize;
        self.known(number).unwrap_or_else(|| {
            let made = List::new();
            self.remember(number, made.address(), made.clone());
            self.fill(&made, item);
            made
        })
    }

    fn items<T>(&mut self, item: impl Fn(&mut Message) -> T) -> List<T> {
        let made = List::new();
        self.fill(&made, item);
        made
    }

    fn fill<T>(&mut self, made: &List<T>, item: impl Fn(&mut Message) -> T) {
        let count = self.int();
        made.reserve(count);
        for _ in 0..count {
            made.push(item(self));
        }
    }

    fn give_list<T: Clone>(&mut self, list: &List<T>, item: impl Fn(&mut Message, &T)) {
        if self.introduce(list.address()) {
            self.give_items(list, item);
        }
    }

    fn give_items<T: Clone>(&mut self, list: &List<T>, item: impl Fn(&mut Message, &T)) {
        self.give_int(&list.len());
        for found in list.to_vec() {
            item(self, &found);
        }
    }
}
""",
    "Text": """\
#[allow(dead_code)]
impl Message {
    fn text(&mut self) -> Text {
        let count = self.word() as usize;
        let words: Vec<u64> = (0..(count + 1) / 2).map(|_| self.word()).collect();
        let codes = words
            .iter()
            .flat_map(|&word| [word as u32, (word >> 32) as u32]);
        codes.take(count).collect()
    }

    fn give_text(&mut self, text: &Text) {
        self.give_int(&text.len());
        let codes: Vec<u32> = text.codes().collect();
        for pair in codes.chunks(2) {
            let second = pair.get(1).copied().unwrap_or_default();
            self.answer
                .push(u64::from(pair[0]) | u64::from(second) << 32);
        }
    }
}
""",
    "Int": """\
#[allow(dead_code)]
impl Message {
    fn wide(&mut self) -> Int {
        match self.int() {
            1 => Int::new(self.int()),
            count => Int::Large((0..count).map(|_| self.int()).collect()),
        }
    }

    fn give_wide(&mut self, value: &Int) {
        match value {
            Int::Small(value) => {
                self.give_int(&1);
                self.give_int(value);
            }
            Int::Large(words) => {
                self.give_int(&words.len());
                words.to_vec().iter().for_each(|word| self.give_int(word));
            }
        }
    }
}
""",
    "Dict": """\
#[allow(dead_code)]
impl Message {
    fn dict<K: 'static, V: 'static>(
        &mut self,
        key: impl Fn(&mut Message) -> K,
        value: impl Fn(&mut Message) -> V,
    ) -> Dict<K, V> {
        let number = self.word() as usize;
        self.known(number).unwrap_or_else(|| {
            let made = Dict::new();
            self.remember(number, made.address(), made.clone());
            let count = self.int();
            for _ in 0..count {
                made.keys().push(key(self));
                made.values().push(value(self));
                // Whoever looks for a key first finds the hashes.
                made.hashes().push(0);
            }
            made.set_used(count);
            made
        })
    }

    fn give_dict<K: Clone, V: Clone>(
        &mut self,
        dict: &Dict<K, V>,
        key: impl Fn(&mut Message, &K),
        value: impl Fn(&mut Message, &V),
    ) {
        if self.introduce(dict.address()) {
            self.give_int(&dict.used());
            for (place, hash) in (0..).zip(dict.hashes().to_vec()) {
                if hash != -1 {
                    key(self, &dict.keys().get(place));
                    value(self, &dict.values().get(place));
                }
            }
        }
    }
}
""",
    "Set": """\
#[allow(dead_code)]
impl Message {
    fn set<T: 'static>(&mut self, item: impl Fn(&mut Message) -> T) -> Set<T> {
        let number = self.word() as usize;
        self.known(number).unwrap_or_else(|| {
            let made = Set::new();
            self.remember(number, made.address(), made.clone());
            self.fill_set(&made, item);
            made
        })
    }

    fn frozen_set<T>(&mut self, item: impl Fn(&mut Message) -> T) -> Set<T> {
        let made = Set::new();
        self.fill_set(&made, item);
        made
    }

    /// Fills the first slots; whoever needs the table makes it.
    fn fill_set<T>(&mut self, made: &Set<T>, item: impl Fn(&mut Message) -> T) {
        let count = self.int();
        for _ in 0..count.abs() {
            made.items().push(item(self));
            made.hashes().push(0);
            made.states().push(1);
        }
        made.set_used(count.abs());
        made.set_fill(if count < 0 { -2 } else { -1 });
    }

    fn give_set<T: Clone>(&mut self, set: &Set<T>, item: impl Fn(&mut Message, &T)) {
        if self.introduce(set.address()) {
            self.give_slots(set, item);
        }
    }

    fn give_slots<T: Clone>(&mut self, set: &Set<T>, item: impl Fn(&mut Message, &T)) {
        self.give_int(&set.used());
        for (place, state) in (0..).zip(set.states().to_vec()) {
            if state == 1 {
                item(self, &set.items().get(place));
            }
        }
    }
}
""",
}


def print_message(names: set[str]) -> str:
    """Return the Rust that reads and writes messages with objects of the types in `names`."""
    return "\n".join([_MESSAGE, *(text for name, text in _OF_TYPES.items() if name in names)])


def print_wire_entry(world: World, export: str, symbol: str, callee: Callee, names: Sequence[str], call: str, root: str) -> str:
    """Return the entry that takes a message and gives another; `names` are the variables of `call`'s arguments."""
    function = callee.function
    lines = ["let mut wire = Message::new(message, bytes);"]
    passed = list(zip(names, function.params, strict=True))
    for name, param in passed:
        if not is_nothing(param.type):
            lines += spread(f"let {'mut ' if param.by_ref else ''}{name} = {take(world, param.type, 'wire')};")
    has_result = not is_nothing(function.result)
    given = give(world, function.result, "result", False, "wire") if has_result else []
    after = [line for name, param in passed for line in give(world, param.type, name, False, "wire")]
    outcome = f"let outcome = {call};" if callee.fallible else f"let result = {call};" if has_result else f"{call};"
    lines.append(outcome)
    given, after = ([line for one in statements for line in spread(one)] for statements in (given, after))
    if callee.fallible:
        held = "result" if given else "_" if has_result else "()"
        lines += ["let word = match outcome {", f"    Ok({held}) => {{", *(f"        {line}" for line in given), "        0", "    }"]
        told = ["if let Some(text) = error.told() {", "    wire.give_text(&text);", "}"] if function.tells else []
        failed = ["    Err(error) => {", *(f"        {line}" for line in told), "        error.word()", "    }", "};"]
        lines += failed if told else ["    Err(error) => error.word(),", "};"]
    else:
        lines += [*(given or ["let _ = result;"] * has_result), "let word = 0;"]
    # What a call that was stopped for good has printed lies in memory that is forgotten.
    lines[1:1] = [f"std::mem::forget({root}::take_written());"] * function.prints
    after += [f"wire.give_text(&{root}::take_written());"] * function.prints
    lines += [*after, "wire.finish(message);", "word"]
    body = "".join(f"    {line}\n" for line in lines)
    return f'#[export_name = "{export}"]\nunsafe extern "C" fn {symbol}(message: *mut u64, bytes: usize) -> u32 {{\n{body}}}\n'


def take(world: World, type_: Type, message: str) -> str:
    """Return the expression that takes a value."""
    match type_:
        case IntType():
            return f"{message}.int()"
        case FloatType():
            return f"{message}.float()"
        case BoolType():
            return f"{message}.bool()"
        case NoneType() | NeverType():
            return "()"
        case TextType():
            return f"{message}.text()"
        case WideType():
            return f"{message}.wide()"
        case ListRef(item, _, frozen):
            return f"{message}.{'items' if frozen else 'list'}({_taker(world, item)})"
        case DictRef(key, value):
            return f"{message}.dict({_taker(world, key)}, {_taker(world, value)})"
        case RecordType(_, fields):
            rows = ", ".join(f"{identifier(name)}: {take(world, item, message)}" for name, item in fields)
            return f"{world.type_name(type_)} {{ {rows} }}"
        case VecType() | QuatType() | MatrixType():
            kind = "single" if "f32" in type_.slots else "float"
            return f"{world.type_name(type_)}([{', '.join([f'{message}.{kind}()'] * len(type_.elements))}])"
        case TupleType() | ListType():
            items = ", ".join(take(world, item, message) for item in type_.elements)
            return f"[{items}]" if world.type_name(type_).startswith("[") else f"({items},)" if len(type_.elements) == 1 else f"({items})"
        case UnionType(members):
            made = [(place, _made(world, type_, member, take(world, member, message))) for place, member in enumerate(members)]
            arms = [f"{place} => {value}" for place, value in made[:-1]] + [f"_ => {made[-1][1]}"]
            return f"match {message}.int() {{ {', '.join(arms)} }}"
        case SetRef(item, _, frozen):
            return f"{message}.{'frozen_set' if frozen else 'set'}({_taker(world, item)})"
        case LibraryRef(python_class="bytearray"):
            # Its list stands for it: whoever has the same one has the same object.
            return f"{world.type_name(type_)}::of({message}.list(Message::int))"
        case StrType() | LibraryRef():
            raise AssertionError(f"no message brings a {type_}")
        case _:
            assert_never(type_)


def _made(world: World, type_: UnionType, member: Type, value: str) -> str:
    made = union_value(world, type_, member, tree.Var(value))
    return f"{made.function}({value})" if isinstance(made, tree.Call) else made.text if isinstance(made, tree.Path) else ""


def _taker(world: World, type_: Type) -> str:
    text = take(world, type_, "message")
    simple = text.removeprefix("message.").removesuffix("()")
    return f"Message::{simple}" if simple.isidentifier() else f"|{'message' if 'message' in text else '_'}| {text}"


def give(world: World, type_: Type, place: str, borrowed: bool, message: str) -> list[str]:
    """Return the statements that give the value of a place; a `borrowed` one is a variable that refers to it."""
    argument = place if borrowed else f"&{place}"
    match type_:
        case IntType():
            return [f"{message}.give_int({argument});"]
        case FloatType():
            return [f"{message}.give_float({argument});"]
        case BoolType():
            return [f"{message}.give_bool({argument});"]
        case NoneType() | NeverType():
            return []
        case TextType():
            return [f"{message}.give_text({argument});"]
        case WideType():
            return [f"{message}.give_wide({argument});"]
        case ListRef(item, _, frozen):
            return [f"{message}.give_{'items' if frozen else 'list'}({argument}, {_giver(world, item)});"]
        case DictRef(key, value):
            return [f"{message}.give_dict({argument}, {_giver(world, key)}, {_giver(world, value)});"]
        case SetRef(item, _, frozen):
            return [f"{message}.give_{'slots' if frozen else 'set'}({argument}, {_giver(world, item)});"]
        case RecordType(_, fields):
            return [line for name, item in fields for line in give(world, item, f"{place}.{identifier(name)}", False, message)]
        case VecType() | QuatType() | MatrixType():
            form = "&f64::from({})" if "f32" in type_.slots else "&{}"
            return [f"{message}.give_float({form.format(f'{place}[{number}]')});" for number in range(len(type_.elements))]
        case TupleType() | ListType():
            form = "[{}]" if world.type_name(type_).startswith("[") else ".{}"
            return [
                line
                for number, item in enumerate(type_.elements)
                for line in give(world, item, place + form.format(number), False, message)
            ]
        case UnionType(members):
            arms = []
            for number, member in enumerate(members):
                given = [f"{message}.give_int(&{number});", *give(world, member, "value", True, message)]
                arms.append(f"{_made(world, type_, member, 'value')} => {{ {' '.join(given)} }}")
            return [f"match {argument} {{ {' '.join(arms)} }}"]
        case LibraryRef(python_class="bytearray"):
            return [f"{message}.give_list(&{place}.items(), Message::give_int);"]
        case StrType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def _giver(world: World, type_: Type) -> str:
    lines = give(world, type_, "item", True, "message")
    if not lines:
        return "|_, _| ()"
    if len(lines) == 1 and lines[0].endswith("(item);"):
        return lines[0].replace("message.", "Message::").removesuffix("(item);")
    only = lines[0] if len(lines) == 1 and lines[0].startswith("match ") else f"{{ {' '.join(lines)} }}"
    return f"|message, item| {only}"
