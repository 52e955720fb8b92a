//! What is Python's: its types, its errors, and Portalis's library.

pub(crate) mod ops;
pub(crate) mod sites;
pub(crate) mod types;

pub use types::*;
