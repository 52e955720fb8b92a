"""The type in abi.rs that reads a message (`ir/wire.py`) and writes the answer."""

from __future__ import annotations

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
