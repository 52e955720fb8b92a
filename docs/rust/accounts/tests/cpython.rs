//! Calls and what CPython gives: some of the cases on which the translation was verified.

use accounts::{settle, Kind, List};

#[test]
fn case_1() {
    let value_1 = List::from([100, -30, -200]);
    assert_eq!(settle(&value_1, 50), Ok((70, 1)));
}

#[test]
fn case_2() {
    let value_1 = List::from([6, 97, 1, 100, 96, 0]);
    let error = settle(&value_1, -1).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_3() {
    let value_1: List<i64> = List::new();
    assert_eq!(settle(&value_1, 0), Ok((0, 0)));
}

#[test]
fn case_4() {
    let value_1: List<i64> = List::new();
    assert_eq!(settle(&value_1, 50), Ok((0, 0)));
}

#[test]
fn case_5() {
    let value_1 = List::from([-1]);
    assert_eq!(settle(&value_1, 50), Ok((-1, 0)));
}

#[test]
fn case_6() {
    let value_1 = List::from([
        2,
        1,
        10,
        2,
        37,
        62,
        -457_320_777_503_639_053_i64,
        -1,
        60,
        1,
        2,
        1,
        1,
        -2,
        0,
        0,
        6,
        -11,
        1,
        53,
        -1,
        -6,
        -2,
        0,
    ]);
    let error = settle(&value_1, 50).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_7() {
    let value_1 = List::from([1, 1, 1, 1]);
    assert_eq!(settle(&value_1, 50), Ok((4, 0)));
}

#[test]
fn case_8() {
    let value_1 = List::from([1, -1, 64, -1, 0, 1, -1, 64, -1, 0]);
    let error = settle(&value_1, 50).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_9() {
    let value_1 = List::from([0]);
    let error = settle(&value_1, 50).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_10() {
    let value_1 = List::from([1]);
    assert_eq!(settle(&value_1, 50), Ok((1, 0)));
}

#[test]
fn case_11() {
    let value_1 = List::from([100, -30, -200]);
    assert_eq!(settle(&value_1, 0), Ok((70, 1)));
}

#[test]
fn case_12() {
    let value_1 = List::from([100, -30, -200]);
    assert_eq!(settle(&value_1, 1), Ok((70, 1)));
}

#[test]
fn case_13() {
    let value_1 = List::from([100, -30, -200]);
    assert_eq!(settle(&value_1, -1), Ok((70, 1)));
}

#[test]
fn case_14() {
    let value_1 = List::from([100, -30, -200]);
    assert_eq!(settle(&value_1, 2), Ok((70, 1)));
}

#[test]
fn case_15() {
    let value_1 = List::from([-200, -30, 100]);
    assert_eq!(settle(&value_1, 6), Ok((100, 2)));
}

#[test]
fn case_16() {
    let value_1 = List::from([100, -31, -200]);
    assert_eq!(settle(&value_1, 1), Ok((69, 1)));
}
