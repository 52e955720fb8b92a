//! Translated from Python by Portalis's own library.

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
