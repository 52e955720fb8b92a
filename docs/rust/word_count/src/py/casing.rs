//! Translated from Python by Portalis's own library.

#![allow(clippy::approx_constant, clippy::eq_op, clippy::excessive_precision)]
#![allow(clippy::manual_range_contains, clippy::neg_cmp_op_on_partial_ord)]

use super::characters;
use super::types::{Error, List, Text};

/// Return text.lower().
pub(crate) fn lower(text: &Text) -> Result<Text, Error> {
    let codes: List<i64> = List::new();
    codes.reserve(text.len());
    for place in 0..text.len() {
        characters::append_lower(&codes, text, place)?;
    }
    Ok(Text::from_codes(&codes))
}
