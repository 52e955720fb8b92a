//! Calls and what CPython gives: some of the cases on which the translation was verified.

use calendar_days::{weekday, Kind};

#[test]
fn case_1() {
    assert_eq!(weekday(2024, 2, 29), Ok(5));
}

#[test]
fn case_2() {
    let error = weekday(77, -15, 8).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_3() {
    let error = weekday(2_147_483_647, 90, -13).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_4() {
    let error = weekday(10, 50, -9).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_5() {
    let error = weekday(13, 31, 80).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_6() {
    let error = weekday(1000, -20, 85).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_7() {
    assert_eq!(weekday(100, 11, 70), Ok(1));
}

#[test]
fn case_8() {
    assert_eq!(weekday(5, 4, 8), Ok(6));
}

#[test]
fn case_9() {
    let error = weekday(-2_147_483_648_i64, -5, 37).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_10() {
    assert_eq!(weekday(0, 2, 99), Ok(3));
}

#[test]
fn case_11() {
    let error = weekday(12, 18, 70).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_12() {
    assert_eq!(weekday(4_294_967_296_i64, 2, 49), Ok(3));
}

#[test]
fn case_13() {
    let error = weekday(-2, 13, 16).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_14() {
    let error = weekday(-7, 56, 20).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_15() {
    let error = weekday(i64::MAX, 17, -4).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}

#[test]
fn case_16() {
    let error = weekday(i64::MIN, 99, -12).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(error.message(), "a year has twelve months");
}
