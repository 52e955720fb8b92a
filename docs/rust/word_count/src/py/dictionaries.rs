//! Translated from Python by Portalis's own library.

use super::hashing;
use super::ops::Checked;
use super::sites::dictionaries::*;
use super::types::{Dict, Error, List, Text};

/// Put an entry's number where a search finds it; the table has room.
pub(crate) fn enter(table: &List<i64>, code: i64, number: i64) -> Result<(), Error> {
    let mask = table.len() - 1;
    let mut place = code & mask;
    while table.get(place) >= 0 {
        place = place.add(1, L107)? & mask;
    }
    table.set(place, number);
    Ok(())
}

/// Close the holes that removed entries left, and make a table with room for twice as many; one hole stays where classes are asked.
pub(crate) fn rebuild(entries: &Dict<Text, i64>) -> Result<(), Error> {
    let keys = entries.keys();
    let values = entries.values();
    let hashes = entries.hashes();
    let table = entries.table();
    let mut kept: i64 = 0;
    for number in 0..keys.len() {
        let code = hashes.get(number);
        if code != -1 {
            if kept < number {
                keys.set(kept, keys.get(number));
                values.set(kept, values.get(number));
                hashes.set(kept, code);
            }
            kept = kept.add(1, L126)?;
        }
    }
    keys.truncate(kept);
    values.truncate(kept);
    hashes.truncate(kept);
    let mut size: i64 = 8;
    while size < 3_i64.mul(kept.add(1, L131_2)?, L131)? {
        size = size.mul(2, L132)?;
    }
    table.truncate(0);
    for _ in 0..size {
        table.push(-1);
    }
    for number in 0..kept {
        enter(&table, hashes.get(number), number)?;
    }
    Ok(())
}

/// Make the table of a dict that has none: nothing was stored yet, or it came in a message, where 0 stands for each hash.
pub(crate) fn make_table(entries: &Dict<Text, i64>) -> Result<(), Error> {
    let keys = entries.keys();
    let hashes = entries.hashes();
    for number in 0..keys.len() {
        if hashes.get(number) != -1 {
            hashes.set(number, hashing::hash_text(&keys.get(number)));
        }
    }
    rebuild(entries)
}

/// Return the number of the entry with a key of this hash, or -1.
pub(crate) fn search(entries: &Dict<Text, i64>, key: &Text, code: i64) -> Result<i64, Error> {
    let table = entries.table();
    if table.is_empty() {
        make_table(entries)?;
    }
    let mask = table.len() - 1;
    let hashes = entries.hashes();
    let keys = entries.keys();
    let mut place = code & mask;
    loop {
        let number = table.get(place);
        if number < 0 {
            return Ok(-1);
        }
        if hashes.get(number) == code && keys.get(number) == *key {
            return Ok(number);
        }
        place = place.add(1, L45)? & mask;
    }
}

/// Return the number of the entry with a key, or -1.
#[inline]
pub(crate) fn entry_of(entries: &Dict<Text, i64>, key: &Text) -> Result<i64, Error> {
    search(entries, key, hashing::hash_text(key))
}

/// Return entries.get(key, default).
#[inline]
pub(crate) fn get_2(entries: &Dict<Text, i64>, key: &Text, default: i64) -> Result<i64, Error> {
    let number = entry_of(entries, key)?;
    if number < 0 {
        return Ok(default);
    }
    Ok(entries.values().get(number))
}

/// Add the entry of a key of this hash that is not there.
pub(crate) fn make_entry(
    entries: &Dict<Text, i64>,
    key: &Text,
    code: i64,
    value: i64,
) -> Result<(), Error> {
    let keys = entries.keys();
    if 3 * (keys.len() + 1) > 2 * entries.table().len() {
        rebuild(entries)?;
    }
    let number = keys.len();
    keys.push(key.clone());
    entries.values().push(value);
    entries.hashes().push(code);
    enter(&entries.table(), code, number)?;
    entries.set_used(entries.used().add(1, L99)?);
    Ok(())
}

/// Do entries\[key\] = value.
#[inline]
pub(crate) fn store(entries: &Dict<Text, i64>, key: &Text, value: i64) -> Result<(), Error> {
    let code = hashing::hash_text(key);
    let number = search(entries, key, code)?;
    if number >= 0 {
        entries.values().set(number, value);
        return Ok(());
    }
    make_entry(entries, key, code, value)
}
