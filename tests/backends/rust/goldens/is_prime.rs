//! Translated from Python by Portalis.

#![deny(unsafe_code)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

#[cfg(target_arch = "wasm32")]
mod abi;
mod integer;
mod operators;
mod ops;
mod portalis;
mod sites;

use portalis::At;
pub use portalis::{Error, Place, Site};
use sites::*;

/// Tell whether n is prime.
///
/// ```text
/// >>> is_prime(7)
/// True
/// ```
pub fn is_prime(n: i64) -> Result<bool, Error> {
    if n < 2 {
        return Err(Error::raised("ValueError", Some("too small"), L8));
    }
    let mut completed = true;
    for d in 2..n {
        if ops::mul(d, d, L10)? > n {
            completed = false;
            break;
        }
        if operators::int_mod(n, d).at(L12)? == 0 {
            return Ok(false);
        }
    }
    if completed {
        return Ok(n == 2);
    }
    Ok(true)
}
