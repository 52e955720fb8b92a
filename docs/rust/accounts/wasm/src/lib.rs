//! The entries of the WebAssembly module: every scalar that crosses takes eight bytes.
//!
//! Safety: the host passes the addresses of as many slots as the entry's signature has.

#![cfg(target_arch = "wasm32")]
#![allow(unsafe_code)]

mod heap;

use accounts::{List, Text};

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

#[export_name = "call"]
unsafe extern "C" fn call(message: *mut u64, bytes: usize) -> u32 {
    let mut wire = Message::new(message, bytes);
    let value_0 = wire.list(Message::int);
    let value_1 = wire.int();
    let outcome = accounts::settle(&value_0, value_1);
    let word = match outcome {
        Ok(result) => {
            wire.give_int(&result.0);
            wire.give_int(&result.1);
            0
        }
        Err(error) => error.word(),
    };
    wire.give_list(&value_0, Message::give_int);
    wire.give_int(&value_1);
    wire.finish(message);
    word
}
