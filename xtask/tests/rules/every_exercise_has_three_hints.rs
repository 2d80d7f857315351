//! Hints lead from where to look to nearly the line; fewer than three skip a step.

use crate::{manifest, root};

#[test]
fn every_exercise_has_three_hints() {
    for (_, exercise) in manifest().exercises() {
        assert!(
            exercise.hints.len() >= 3,
            "{} has {} hints",
            exercise.id,
            exercise.hints.len()
        );
        for hint in &exercise.hints {
            assert!(hint.len() > 20, "{}: {hint:?} helps nobody", exercise.id);
        }
    }
}

#[test]
fn every_exercise_names_a_page_that_is_there() {
    for (chapter, exercise) in manifest().exercises() {
        let page = root()
            .join("book/src")
            .join(&chapter.name)
            .join(&exercise.page);
        assert!(
            page.is_file(),
            "{}: {} is missing",
            exercise.id,
            page.display()
        );
    }
}
