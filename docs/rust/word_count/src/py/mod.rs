//! What is Python's: its types, its errors, and Portalis's library.

pub(crate) mod beyond;
pub(crate) mod casing;
pub(crate) mod characters;
pub(crate) mod dictionaries;
pub(crate) mod editing;
pub(crate) mod hashing;
pub(crate) mod ops;
pub(crate) mod ordering;
pub(crate) mod sites;
pub(crate) mod types;

pub use types::*;
