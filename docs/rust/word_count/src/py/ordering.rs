//! Translated from Python by Portalis's own library.

#![allow(clippy::eq_op)]
#![allow(clippy::neg_cmp_op_on_partial_ord)]

use super::ops::Checked;
use super::sites::ordering::*;
use super::types::{Error, List, Text};

/// Stop where a key is not equal to itself: what a sort gives then depends on which elements it compares.
pub(crate) fn check_order(keys: &List<(i64, Text)>) -> Result<(), Error> {
    for place in 0..keys.len() {
        let key = keys.get(place);
        if !(key.0 == key.0 && key.1 == key.1) {
            return Err(Error::guard("a sort of NaNs", L68));
        }
    }
    Ok(())
}

/// Merge neighbouring runs of a width, each sorted, into new lists of the same length.
pub(crate) fn merge_runs(
    values: &List<(Text, i64)>,
    keys: &List<(i64, Text)>,
    new_values: &List<(Text, i64)>,
    new_keys: &List<(i64, Text)>,
    width: i64,
    descending: bool,
) -> Result<(), Error> {
    let mut start: i64 = 0;
    while start < values.len() {
        let middle = if start.add(width, L75)? < values.len() {
            start.add(width, L75_2)?
        } else {
            values.len()
        };
        let stop = if middle.add(width, L76)? < values.len() {
            middle.add(width, L76_2)?
        } else {
            values.len()
        };
        let mut left = start;
        let mut right = middle;
        for place in start..stop {
            let mut take_right = false;
            if left >= middle {
                take_right = true;
            } else if right < stop {
                let one = keys.get(left);
                let other = keys.get(right);
                take_right = if descending {
                    if one.0 == other.0 {
                        one.1 != other.1 && one.1 < other.1
                    } else {
                        one.0 < other.0
                    }
                } else if other.0 == one.0 {
                    other.1 != one.1 && other.1 < one.1
                } else {
                    other.0 < one.0
                };
            }
            let mut source = left;
            if take_right {
                source = right;
                right = right.add(1, L90)?;
            } else {
                left = left.add(1, L92)?;
            }
            new_values.set(place, values.get(source));
            new_keys.set(place, keys.get(source));
        }
        start = stop;
    }
    Ok(())
}

/// Sort by a list of keys, one for each value, which is sorted along: stable, also where it descends.
///
/// Natural runs would not change the result: which elements are compared shows only where comparing is not an order.
pub(crate) fn sort_by_keys(
    values: &List<(Text, i64)>,
    keys: &List<(i64, Text)>,
    descending: bool,
) -> Result<(), Error> {
    check_order(keys)?;
    let other_values = values.part(0, values.len());
    let other_keys = keys.part(0, keys.len());
    let mut width: i64 = 1;
    let mut swapped = false;
    while width < values.len() {
        if swapped {
            merge_runs(&other_values, &other_keys, values, keys, width, descending)?;
        } else {
            merge_runs(values, keys, &other_values, &other_keys, width, descending)?;
        }
        swapped = !swapped;
        width = width.mul(2, L35)?;
    }
    if swapped {
        for place in 0..values.len() {
            values.set(place, other_values.get(place));
        }
    }
    Ok(())
}
