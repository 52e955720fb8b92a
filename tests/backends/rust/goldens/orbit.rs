//! Translated from Python by Portalis.

#![deny(unsafe_code)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

#[cfg(target_arch = "wasm32")]
mod abi;
mod double_double;
mod gf_vec;
mod math;
mod ops;
mod portalis;
mod reduction;
mod sites;
mod tables;
mod trigonometric;

use portalis::At;
pub use portalis::{Error, Place, Site, Vec3d};
use sites::*;

/// Circle around a center.
///
/// Args:
/// ```text
///     radius: how far out
/// ```
pub fn orbit(center: Vec3d, radius: f64, current_time: f64, speed: f64) -> Result<Vec3d, Error> {
    let angle = current_time * speed;
    Ok(center + Vec3d([math::cos(angle).at(L12)?, math::sin(angle).at(L12_2)?, 0.0]) * radius)
}
