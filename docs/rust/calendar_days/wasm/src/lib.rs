//! The entries of the WebAssembly module: every scalar that crosses takes eight bytes.
//!
//! Safety: the host passes the addresses of as many slots as the entry's signature has.

#![cfg(target_arch = "wasm32")]
#![allow(unsafe_code)]

mod heap;

/// Reads arguments in order.
struct Reader(*const u64);

impl Reader {
    unsafe fn bits(&mut self) -> u64 {
        let bits = self.0.read();
        self.0 = self.0.add(1);
        bits
    }

    unsafe fn int(&mut self) -> i64 {
        self.bits() as i64
    }
}

/// Writes results in order.
struct Writer(*mut u64);

impl Writer {
    unsafe fn bits(&mut self, bits: u64) {
        self.0.write(bits);
        self.0 = self.0.add(1);
    }

    unsafe fn int(&mut self, value: i64) {
        self.bits(value as u64);
    }
}

#[export_name = "call"]
unsafe extern "C" fn call(args: *const u64, results: *mut u64) -> u32 {
    crate::heap::begin(results as usize + 4104);
    let mut args = Reader(args);
    let value_0 = args.int();
    let value_1 = args.int();
    let value_2 = args.int();
    let mut out = Writer(results);
    match calendar_days::weekday(value_0, value_1, value_2) {
        Ok(result) => {
            out.int(result);
            0
        }
        Err(error) => error.word(),
    }
}
