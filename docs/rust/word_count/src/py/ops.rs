//! Operations whose Python meaning is not one of Rust's operators.

use super::types::{Error, Site};

const OVERFLOW: &str = "an int beyond 64 bits";

/// Arithmetic of ints with a guard where a result does not fit.
pub(crate) trait Checked {
    /// The sum of two ints.
    fn add(self, other: i64, site: Site) -> Result<i64, Error>;
    /// The difference of two ints.
    fn sub(self, other: i64, site: Site) -> Result<i64, Error>;
    /// The product of two ints.
    fn mul(self, other: i64, site: Site) -> Result<i64, Error>;
    /// The opposite of an int.
    fn neg(self, site: Site) -> Result<i64, Error>;
}

impl Checked for i64 {
    #[inline]
    fn add(self, other: i64, site: Site) -> Result<i64, Error> {
        let result = self.checked_add(other);
        result.ok_or_else(|| Error::guard(OVERFLOW, site))
    }

    #[inline]
    fn sub(self, other: i64, site: Site) -> Result<i64, Error> {
        let result = self.checked_sub(other);
        result.ok_or_else(|| Error::guard(OVERFLOW, site))
    }

    #[inline]
    fn mul(self, other: i64, site: Site) -> Result<i64, Error> {
        let result = self.checked_mul(other);
        result.ok_or_else(|| Error::guard(OVERFLOW, site))
    }

    #[inline]
    fn neg(self, site: Site) -> Result<i64, Error> {
        let result = self.checked_neg();
        result.ok_or_else(|| Error::guard(OVERFLOW, site))
    }
}
