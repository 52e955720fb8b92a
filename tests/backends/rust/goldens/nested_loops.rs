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

pub fn f(n: i64) -> Result<i64, Error> {
    let mut count: i64 = 0;
    for i in 0..n {
        let mut completed = true;
        for j in (1..=i).rev().step_by(2) {
            if ops::add(i, j, L5)?.rem_euclid(3) == 0 {
                continue;
            }
            if j > 7 {
                completed = false;
                break;
            }
            count = ops::add(count, ops::mul(i, j, L9_2)?, L9)?;
        }
        if completed {
            count = ops::add(count, 1000, L11)?;
            continue;
        }
        count = ops::sub(count, 1, L13)?;
        if count > 5000 {
            break;
        }
    }
    Ok(count)
}
