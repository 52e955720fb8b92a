//! Calls and what CPython gives: some of the cases on which the translation was verified.

use accounts::{settle, Kind, List};

#[test]
fn case_1() {
    let movements = List::from([100, -30, -200]);
    assert_eq!(settle(&movements, 50), Ok((70, 1)));
}

#[test]
fn case_2() {
    let movements = List::from([6, 97, 1, 100, 96, 0]);
    let error = settle(&movements, -1).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_3() {
    let movements: List<i64> = List::new();
    assert_eq!(settle(&movements, 0), Ok((0, 0)));
}

#[test]
fn case_4() {
    let movements: List<i64> = List::new();
    assert_eq!(settle(&movements, 50), Ok((0, 0)));
}

#[test]
fn case_5() {
    let movements = List::from([-1]);
    assert_eq!(settle(&movements, 50), Ok((-1, 0)));
}

#[test]
fn case_6() {
    let movements = List::from([
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
    let error = settle(&movements, 50).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_7() {
    let movements = List::from([1, 1, 1, 1]);
    assert_eq!(settle(&movements, 50), Ok((4, 0)));
}

#[test]
fn case_8() {
    let movements = List::from([1, -1, 64, -1, 0, 1, -1, 64, -1, 0]);
    let error = settle(&movements, 50).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_9() {
    let movements = List::from([0]);
    let error = settle(&movements, 50).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "nothing to add");
}

#[test]
fn case_10() {
    let movements = List::from([1]);
    assert_eq!(settle(&movements, 50), Ok((1, 0)));
}

#[test]
fn case_11() {
    let movements = List::from([100, -30, -200]);
    assert_eq!(settle(&movements, 0), Ok((70, 1)));
}

#[test]
fn case_12() {
    let movements = List::from([100, -30, -200]);
    assert_eq!(settle(&movements, 1), Ok((70, 1)));
}

#[test]
fn case_13() {
    let movements = List::from([100, -30, -200]);
    assert_eq!(settle(&movements, -1), Ok((70, 1)));
}

#[test]
fn case_14() {
    let movements = List::from([100, -30, -200]);
    assert_eq!(settle(&movements, 2), Ok((70, 1)));
}

#[test]
fn case_15() {
    let movements = List::from([-200, -30, 100]);
    assert_eq!(settle(&movements, 6), Ok((100, 2)));
}

#[test]
fn case_16() {
    let movements = List::from([100, -31, -200]);
    assert_eq!(settle(&movements, 1), Ok((69, 1)));
}
