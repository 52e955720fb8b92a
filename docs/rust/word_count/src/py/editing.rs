//! Translated from Python by Portalis's own library.

use super::characters;
use super::types::{List, Text};

/// Return text.split(None, most).
pub(crate) fn split_on_space(text: &Text, most: i64) -> List<Text> {
    let parts: List<Text> = List::new();
    let mut place: i64 = 0;
    let mut left = if most >= 0 { most } else { text.len() + 1 };
    loop {
        while place < text.len() && characters::is_space_code(text.code(place)) {
            place += 1;
        }
        if place >= text.len() {
            return parts;
        }
        if left == 0 {
            parts.push(text.part(place, text.len()));
            return parts;
        }
        let start = place;
        while place < text.len() && !characters::is_space_code(text.code(place)) {
            place += 1;
        }
        parts.push(text.part(start, place));
        left -= 1;
    }
}

/// Return text.split().
#[inline]
pub(crate) fn split_0(text: &Text) -> List<Text> {
    split_on_space(text, -1)
}
