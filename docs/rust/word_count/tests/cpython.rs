//! Calls and what CPython gives: some of the cases on which the translation was verified.

use word_count::{most_common, List, Text};

#[test]
fn case_1() {
    let text = Text::from("the cat and the dog and the bird");
    assert_eq!(
        most_common(&text, 2),
        Ok(List::from([(Text::from("the"), 3), (Text::from("and"), 2)])),
    );
}

#[test]
fn case_2() {
    let text = Text::from("q^7 ch");
    assert_eq!(most_common(&text, 12), Ok(List::new()));
}

#[test]
fn case_3() {
    let text = Text::from("");
    assert_eq!(most_common(&text, 0), Ok(List::new()));
}

#[test]
fn case_4() {
    let text = Text::from("");
    assert_eq!(most_common(&text, 2), Ok(List::new()));
}

#[test]
fn case_5() {
    let text = Text::from("t");
    assert_eq!(most_common(&text, 2), Ok(List::new()));
}

#[test]
fn case_6() {
    let text = Text::from("tttttttttttttttttttttttt");
    assert_eq!(most_common(&text, 2), Ok(List::new()));
}

#[test]
fn case_7() {
    let text = Text::from("geebhreS\nioRndbאggpc ete");
    assert_eq!(most_common(&text, 2), Ok(List::new()));
}

#[test]
fn case_8() {
    let text = Text::from("the cat and the dog and the bird");
    assert_eq!(
        most_common(&text, 0),
        Ok(List::from([
            (Text::from("the"), 3),
            (Text::from("and"), 2),
            (Text::from("bird"), 1),
            (Text::from("cat"), 1),
            (Text::from("dog"), 1),
        ])),
    );
}

#[test]
fn case_9() {
    let text = Text::from("the cat and the dog and the bird");
    assert_eq!(
        most_common(&text, 1),
        Ok(List::from([
            (Text::from("the"), 3),
            (Text::from("and"), 2),
            (Text::from("bird"), 1),
            (Text::from("cat"), 1),
            (Text::from("dog"), 1),
        ])),
    );
}

#[test]
fn case_10() {
    let text = Text::from("the cat and the dog and the bird");
    assert_eq!(
        most_common(&text, -1),
        Ok(List::from([
            (Text::from("the"), 3),
            (Text::from("and"), 2),
            (Text::from("bird"), 1),
            (Text::from("cat"), 1),
            (Text::from("dog"), 1),
        ])),
    );
}

#[test]
fn case_11() {
    let text = Text::from("       AAABCDDddeeeghhhinnoitttt");
    assert_eq!(most_common(&text, 2), Ok(List::new()));
}

#[test]
fn case_12() {
    let text = Text::from("");
    assert_eq!(most_common(&text, 6), Ok(List::new()));
}

#[test]
fn case_13() {
    let text = Text::from("");
    assert_eq!(most_common(&text, 32), Ok(List::new()));
}

#[test]
fn case_14() {
    let text = Text::from("bo&tedc\nTibga _irkc~");
    assert_eq!(most_common(&text, 2), Ok(List::new()));
}

#[test]
fn case_15() {
    let text = Text::from("Z-");
    assert_eq!(most_common(&text, 61), Ok(List::new()));
}

#[test]
fn case_16() {
    let text = Text::from("");
    assert_eq!(most_common(&text, 66), Ok(List::new()));
}
