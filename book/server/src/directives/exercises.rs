//! `{{#exercises}}`: every chapter with its exercises.

use xtask::manifest::{Chapter, Exercise};

use super::Place;
use crate::code::Library;
use crate::html::{id_part, inline_markdown};

/// A table for each chapter. The state of an exercise, and what is next, stay hidden until a server fills them.
pub(super) fn table(library: &Library<'_>, place: &Place<'_>) -> String {
    let to_root = "../".repeat(place.folder.matches('/').count());
    let chapters = library.manifest.chapters.iter();
    let tables: String = chapters
        .map(|chapter| of_chapter(chapter, &to_root))
        .collect();
    format!("<div class=\"progress\" data-progress hidden></div>{tables}")
}

fn of_chapter(chapter: &Chapter, to_root: &str) -> String {
    let exercises = chapter.exercises.iter();
    let rows: String = exercises.map(|one| row(chapter, one, to_root)).collect();
    format!(
        "<h2 id=\"exercises-{}\">{}</h2><div class=\"table-wrapper\"><table class=\"exercises\"><thead><tr>\
         <th scope=\"col\">Exercise</th><th scope=\"col\">Minutes</th>\
         <th scope=\"col\" data-live-column hidden>State</th></tr></thead><tbody>{rows}</tbody></table></div>",
        chapter.id,
        inline_markdown(&format!("{}: {}", chapter.id, chapter.title))
    )
}

fn row(chapter: &Chapter, exercise: &Exercise, to_root: &str) -> String {
    let page = exercise.page.trim_end_matches(".md");
    let id = &exercise.id;
    format!(
        "<tr><td><a href=\"{to_root}{}/{page}.html#exercise-{}\">{id} {}</a></td><td>{}</td>\
         <td data-live-column data-state-of=\"{id}\" hidden></td></tr>",
        chapter.name,
        id_part(id),
        inline_markdown(&exercise.title),
        exercise.minutes
    )
}
