//! `{{#exercise 1.3}}`, `{{#starter 1.3}}` and `{{#solution 1.3}}`.

use xtask::manifest::{Chapter, Exercise};
use xtask::regions::Fill;

use super::{Expander, Place};
use crate::code::Library;
use crate::html::{captioned, escape, id_part, inline_markdown, pre};
use crate::item::without_indent;
use crate::problem::Fault;

/// The card of an exercise: what to do, where, with which commands; hints and the solution folded.
///
/// Its live part (state, Check button) is an empty element that stays hidden until a server fills it.
pub(super) fn card(
    expander: &mut Expander<'_>,
    place: &Place<'_>,
    id: &str,
) -> Result<String, Fault> {
    let (chapter, exercise) = expander.library.exercise(id)?;
    let page = format!("{}/{}", chapter.name, exercise.page);
    if place.page != page {
        return Err(Fault::new(
            format!("exercise {id} belongs on the page book/src/{page}"),
            "move the card there, or change `page` of the exercise in book/workbook.toml",
        ));
    }
    let shown = expander.shown.exercises.entry(id.to_owned()).or_default();
    shown.push((place.page.to_owned(), place.line));
    if shown.len() > 1 {
        return Err(Fault::new(
            format!("exercise {id} has a card already"),
            "keep one of the two",
        ));
    }
    let files = files(&expander.library, chapter, id)?;
    let answer = solution(&expander.library, id)?;
    let anchor = id_part(id);
    let head = format!(
        "<header><p class=\"exercise-label\">Exercise {id}<span class=\"exercise-time\">about {} minutes</span></p>\
         <h3 id=\"exercise-{anchor}\">{}</h3></header>",
        exercise.minutes,
        inline_markdown(&exercise.title)
    );
    let facts = format!(
        "<p class=\"exercise-goal\">{}</p><dl class=\"exercise-facts\"><div><dt>Needs</dt><dd>{}</dd></div>\
         <div><dt>Edit</dt><dd>{}</dd></div></dl>",
        inline_markdown(&exercise.goal),
        inline_markdown(&exercise.needs),
        files
            .iter()
            .map(|file| format!("<code>{}</code>", escape(file)))
            .collect::<Vec<_>>()
            .join(" ")
    );
    let commands = commands(id);
    Ok(format!(
        "<section class=\"exercise\" data-exercise=\"{id}\" aria-labelledby=\"exercise-{anchor}\">{head}{facts}\
         <div class=\"exercise-live\" data-live hidden></div>{commands}{}\
         <details class=\"exercise-solution\"><summary>Solution</summary>{answer}</details></section>",
        hints(exercise)
    ))
}

fn commands(id: &str) -> String {
    let check = format!("cargo xtask check {id}");
    format!(
        "<div class=\"exercise-commands\">{}<p>Stuck: <code>cargo xtask hint {id}</code>. \
         Compare: <code>cargo xtask diff {id}</code>. Start over: <code>cargo xtask reset {id}</code>.</p></div>",
        pre("text", &check)
    )
}

fn hints(exercise: &Exercise) -> String {
    let count = exercise.hints.len();
    let hint = |(place, hint): (usize, &String)| {
        format!(
            "<details class=\"exercise-hint\"><summary>Hint {} of {count}</summary><p>{}</p></details>",
            place + 1,
            inline_markdown(hint)
        )
    };
    exercise.hints.iter().enumerate().map(hint).collect()
}

/// The learner's files that hold the exercise.
fn files(library: &Library<'_>, chapter: &Chapter, id: &str) -> Result<Vec<String>, Fault> {
    let mut files: Vec<String> = library
        .places(chapter, id)?
        .into_iter()
        .map(|place| format!("chapters/{}/{}", chapter.name, place.path))
        .collect();
    files.dedup();
    Ok(files)
}

/// What the learner finds in the regions of an exercise.
pub(super) fn starter(library: &Library<'_>, id: &str) -> Result<String, Fault> {
    let (chapter, _) = library.exercise(id)?;
    let blocks: String = library
        .places(chapter, id)?
        .iter()
        .filter(|place| !place.region.starter.is_empty())
        .map(|place| {
            let code = without_indent(place.region.lines(Fill::Starter));
            captioned(&format!("chapters/{}/{}", chapter.name, place.path), &code)
        })
        .collect();
    if blocks.is_empty() {
        return Err(Fault::new(
            format!("exercise {id} starts from nothing: its regions have no STARTER lines"),
            "take the directive away",
        ));
    }
    Ok(blocks)
}

/// The reference solution of an exercise, region by region.
pub(super) fn solution(library: &Library<'_>, id: &str) -> Result<String, Fault> {
    let (chapter, _) = library.exercise(id)?;
    let mut blocks = String::new();
    let mut empty = true;
    for place in library.places(chapter, id)? {
        let code = without_indent(place.region.lines(Fill::Solved));
        let path = format!("solutions/{}/{}", chapter.name, place.path);
        if code.trim().is_empty() {
            // The answer takes something away.
            blocks.push_str(&format!(
                "<p class=\"removed\">In <code>{}</code> the starter's lines go.</p>",
                escape(&path)
            ));
        } else {
            empty = false;
            blocks.push_str(&captioned(&path, &code));
        }
    }
    if empty && blocks.is_empty() {
        return Err(Fault::new(
            format!("the solution of exercise {id} is empty"),
            "write it between its markers",
        ));
    }
    Ok(blocks)
}
