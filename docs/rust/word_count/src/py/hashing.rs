//! Translated from Python by Portalis's own library.

use super::types::Text;

/// Return a hash of a text: not CPython's, whose differs from run to run.
pub(crate) fn hash_text(value: &Text) -> i64 {
    let mut found = -3_750_763_034_362_895_579_i64;
    for index in 0..value.len() {
        found = (found ^ value.code(index)).wrapping_mul(1_099_511_628_211_i64);
    }
    found ^= (found as u64 >> 29) as i64;
    if found == -1 {
        -2
    } else {
        found
    }
}
