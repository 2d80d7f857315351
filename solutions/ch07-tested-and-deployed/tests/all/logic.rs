//! 7.1: the rules for titles and days, without a server around them.

// STARTER 7.1: use ch07_tested_and_deployed_solution::{due, title};
// STARTER 7.1:
// STARTER 7.1: #[test]
// STARTER 7.1: fn a_short_title_is_accepted() {
// STARTER 7.1:     assert!(title::check("Draw the map").is_ok());
// STARTER 7.1: }
// STARTER 7.1:
// STARTER 7.1: #[test]
// STARTER 7.1: fn a_day_is_accepted() {
// STARTER 7.1:     assert!(due::check("2026-05-31").is_ok());
// STARTER 7.1: }
// ANCHOR: ex-7-1
use ch07_tested_and_deployed_solution::{due, title};

#[test]
fn a_title_has_1_to_200_characters_in_any_script() {
    for letter in ["a", "ä", "字", "🦀"] {
        for (length, accepted) in [(0, false), (1, true), (200, true), (201, false)] {
            let text = letter.repeat(length);
            let answer = title::check(&text);
            assert_eq!(answer.is_ok(), accepted, "{length} × {letter}");
        }
    }
}

#[test]
fn a_title_is_not_all_blank() {
    assert!(title::check(" \t").is_err());
    assert!(title::check(" a ").is_ok());
}

#[test]
fn a_refusal_names_field_and_limit() {
    let refusal = title::check("").expect_err("there is nothing");
    let text = refusal.to_string();
    assert!(text.contains("title") && text.contains("200"), "{text}");
}

#[test]
fn only_days_of_the_calendar_are_days() {
    for day in ["2026-01-31", "2026-04-30", "2028-02-29", "2000-02-29"] {
        assert_eq!(due::check(day), Ok(()), "{day}");
    }
    for no_day in [
        "2026-02-29",
        "2026-02-30",
        "2100-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-10",
        "2026-05-00",
        "2026-5-1",
        "tomorrow",
        "",
    ] {
        assert!(due::check(no_day).is_err(), "{no_day}");
    }
}
// ANCHOR_END: ex-7-1
