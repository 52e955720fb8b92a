//! Translated from Python by Portalis.

#![deny(unsafe_code)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

#[cfg(target_arch = "wasm32")]
mod abi;
mod ops;
mod portalis;
mod sites;

pub use portalis::{Error, Place, Site};
use sites::*;

/// The state of a `LowPass`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LowPass {
    pub value: f64,
    pub alpha: f64,
    pub count: i64,
    pub history: [f64; 3],
}

impl Default for LowPass {
    fn default() -> LowPass {
        LowPass {
            value: 0.0,
            alpha: 0.25,
            count: 0,
            history: [0.0; 3],
        }
    }
}

impl LowPass {
    pub fn on_play(&mut self, _current_time: f64, _delta_time: f64) {
        self.value = 0.0;
        self.count = 0;
    }

    pub fn blend(&self, sample: f64) -> f64 {
        self.value + self.alpha * (sample - self.value)
    }

    pub fn on_update(&mut self, current_time: f64, delta_time: f64) -> Result<(), Error> {
        if delta_time <= 0.0 {
            return Err(Error::raised("ValueError", Some("time must go on"), L18));
        }
        self.history[self.count.rem_euclid(3) as usize] = current_time;
        self.value = self.blend(current_time);
        self.count = ops::add(self.count, 1, L21)?;
        Ok(())
    }
}
