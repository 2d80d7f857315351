//! 7.6: programs that must not compile. Each is a file in `cases/`, and beside it stands what the compiler says.
//!
//! `TRYBUILD=overwrite cargo test --test all impossible` writes that down. The first time takes about a minute:
//! the cases are built in a folder of their own.

// ANCHOR: ex-7-6-b
use ch07_tested_and_deployed_solution::title::Title;

#[test]
fn nobody_gets_around_the_check() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/all/cases/*.rs");
}

#[test]
fn a_title_comes_through_the_check() {
    let title = Title::parse("Draw the map").expect("a good title");
    assert_eq!(title.as_str(), "Draw the map");
    assert!(Title::parse("  ").is_err());
}
// ANCHOR_END: ex-7-6-b
