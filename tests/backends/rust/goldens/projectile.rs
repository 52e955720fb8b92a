//! Translated from Python by Portalis.

#![deny(unsafe_code)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

#[cfg(target_arch = "wasm32")]
mod abi;
mod gf_vec;
mod portalis;

pub use portalis::Vec3d;

/// Step one projectile: gravity, drag, and a bounce on the ground.
pub fn update(position: Vec3d, velocity: Vec3d, delta_time: f64, drag: f64) -> (Vec3d, Vec3d) {
    let speed = velocity.get_length();
    let acceleration = Vec3d([0.0, 0.0, -9.81]) - drag * speed * velocity;
    let mut velocity = velocity + acceleration * delta_time;
    let mut position = position + velocity * delta_time;
    if position[2] < 0.0 {
        position[2] = -position[2];
        velocity = Vec3d([velocity[0], velocity[1], -0.8 * velocity[2]]);
    }
    (position, velocity)
}
