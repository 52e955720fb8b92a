//! Operations whose Python meaning is not one of Rust's operators.

use super::types::{Error, Site};

const OVERFLOW: &str = "an int beyond 64 bits";

/// The sum of two ints, or a guard where it does not fit.
#[inline]
pub(crate) fn add(left: i64, right: i64, site: Site) -> Result<i64, Error> {
    let result = left.checked_add(right);
    result.ok_or_else(|| Error::guard(OVERFLOW, site))
}

/// The difference of two ints, or a guard where it does not fit.
#[inline]
pub(crate) fn sub(left: i64, right: i64, site: Site) -> Result<i64, Error> {
    let result = left.checked_sub(right);
    result.ok_or_else(|| Error::guard(OVERFLOW, site))
}

/// The opposite of an int, or a guard where it does not fit.
#[inline]
pub(crate) fn neg(value: i64, site: Site) -> Result<i64, Error> {
    let result = value.checked_neg();
    result.ok_or_else(|| Error::guard(OVERFLOW, site))
}
