//! What cargo and the compiler say.

use crate::report::{BuildReport, ChapterReport};
use crate::style::Style;

/// Everything about a build that the verdict's lines do not say already.
pub(super) fn text(chapter: &ChapterReport, style: Style) -> String {
    let Some(build) = &chapter.build else {
        return String::new();
    };
    let mut text = String::new();
    if let Some(words) = &build.refused {
        text.push_str("\nCargo does not build this crate:\n\n");
        text.push_str(words);
        text.push_str("\n\n");
        text.push_str(&refusal(words));
    }
    for error in &build.errors {
        text.push('\n');
        text.push_str(error.diagnostic.rendered.trim_end());
        text.push('\n');
    }
    if !build.errors.is_empty() {
        text.push_str(&errors(build, style));
    }
    text.push_str(&warnings(build));
    text
}

/// Where the errors belong, and what to do.
fn errors(build: &BuildReport, style: Style) -> String {
    let mut text = String::from("\n");
    let mut owners: Vec<&str> = Vec::new();
    for error in &build.errors {
        match (&error.exercise, &error.place) {
            (Some(exercise), place) if !owners.contains(&exercise.as_str()) => {
                owners.push(exercise);
                if let Some(place) = place {
                    text.push_str(&format!("  where     {place} (exercise {exercise})\n"));
                }
            }
            (Some(_), _) => {}
            (None, Some(place)) => {
                text.push_str(&format!("  where     {place}, outside every exercise\n"));
            }
            (None, None) => {
                text.push_str("  where     outside every exercise; the compiler names no place\n");
            }
        }
    }
    if let Some(exercise) = owners.first() {
        let next = format!(
            "cargo xtask hint {exercise}     your lines beside the solution: cargo xtask diff {exercise}"
        );
        text.push_str(&style.labelled(12, "  next", &next));
    } else {
        let next = "mend the line above; nothing was checked, and no exercise lost its verdict";
        text.push_str(&style.labelled(12, "  next", next));
    }
    text
}

fn warnings(build: &BuildReport) -> String {
    let mut text = String::new();
    for warning in &build.warnings {
        let place = warning.spans.iter().find(|span| span.primary);
        let place = place.map_or(String::new(), |span| {
            format!("{}:{}: ", span.file.display(), span.line)
        });
        text.push_str(&format!("\n  warning   {place}{}", warning.message));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The next step for what cargo refuses.
fn refusal(words: &str) -> String {
    let next = if words.contains("no matching package") {
        "Is the name of the dependency spelt right? A new one is downloaded at its first build, which needs \
         the network."
    } else if words.contains("manifest") || words.contains("TOML") {
        "`cargo xtask doctor` finds what is wrong and repairs it. If cargo does not even start xtask: \
         `target/debug/xtask doctor`."
    } else {
        "`cargo xtask doctor` looks at the set-up."
    };
    Style::plain().wrapped(2, next)
}
