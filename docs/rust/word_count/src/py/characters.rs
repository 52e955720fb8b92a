//! Translated from Python by Portalis's own library.

use super::beyond;
use super::ops::Checked;
use super::sites::characters::*;
use super::types::{Error, List, Text};

/// Tell whether a code point of Latin-1 is a capital letter.
#[inline]
pub(crate) fn is_upper_latin(code: i64) -> bool {
    (65..=90).contains(&code) || (192..=222).contains(&code) && code != 215
}

/// Return a code point of Latin-1 in lower case.
#[inline]
pub(crate) fn lower_latin(code: i64) -> Result<i64, Error> {
    if is_upper_latin(code) {
        code.add(32, L161)
    } else {
        Ok(code)
    }
}

/// Append the character there in lower case.
#[inline]
pub(crate) fn append_lower(codes: &List<i64>, text: &Text, place: i64) -> Result<(), Error> {
    let code = text.code(place);
    if code < 256 {
        codes.push(lower_latin(code)?);
    } else {
        beyond::append_lower_beyond(codes, text, place)?;
    }
    Ok(())
}

/// Tell whether a code point is white space.
pub(crate) fn is_space_code(code: i64) -> bool {
    if code < 128 {
        return code == 32 || (9..=13).contains(&code) || (28..=31).contains(&code);
    }
    if code == 133 || code == 160 || code == 5760 {
        return true;
    }
    (8192..=8202).contains(&code)
        || code == 8232
        || code == 8233
        || code == 8239
        || code == 8287
        || code == 12_288
}
