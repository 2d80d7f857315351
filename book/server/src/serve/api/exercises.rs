//! What the cards of exercises ask for.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use xtask::comparison::{Line, Side, compare};
use xtask::manifest::{Chapter, Exercise, Manifest};
use xtask::paths::Workbook;
use xtask::place::{location, missing_markers};
use xtask::reset::{Change, Extent, of_exercise};
use xtask::sources::Sources;
use xtask::{hints, undo};

use super::Ask;
use crate::serve::App;
use crate::serve::refusal::Refusal;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/check", post(check))
        .route("/stop", post(stop))
        .route("/hint", post(hint))
        .route("/diff", post(diff))
        .route("/reset", post(reset))
        .route("/undo", post(take_back))
}

/// An exercise, by its id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    exercise: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// It will be done; news tell how it goes.
#[derive(Serialize)]
struct Begun {}

async fn check(
    State(app): State<Arc<App>>,
    Ask(which): Ask<Which>,
) -> Result<Json<Begun>, Refusal> {
    let exercise = which.exercise.clone();
    on_disk(&app, which, |_, _, _| Ok(())).await?;
    app.exercises.check(&exercise);
    Ok(Json(Begun {}))
}

async fn stop(State(app): State<Arc<App>>, Ask(Nothing {}): Ask<Nothing>) -> Json<Begun> {
    app.exercises.stop();
    Json(Begun {})
}

/// How many hints may be seen now.
#[derive(Serialize)]
struct Hints {
    shown: usize,
}

async fn hint(State(app): State<Arc<App>>, Ask(which): Ask<Which>) -> Result<Json<Hints>, Refusal> {
    let hints = on_disk(&app, which, |workbook, _, exercise| {
        let shown = (hints::shown(workbook, exercise) + 1).min(exercise.hints.len());
        // A hint that cannot be counted is worth no less; the next one will be the same.
        if let Err(error) = hints::remember(workbook, exercise, shown) {
            eprintln!("the hint is not counted: {error:#}");
        }
        Ok(Hints { shown })
    })
    .await?;
    app.exercises.look();
    Ok(Json(hints))
}

/// The learner's lines beside the reference.
#[derive(Serialize)]
struct Difference {
    regions: Vec<Region>,
    /// What to do about markers that are gone; empty if none is.
    missing: String,
}

#[derive(Serialize)]
struct Region {
    /// `path:line`.
    place: String,
    /// Empty if both are the same.
    lines: Vec<Shown>,
}

/// A line of a comparison.
#[derive(Serialize)]
struct Shown {
    side: &'static str,
    text: String,
}

impl From<Line> for Shown {
    fn from(line: Line) -> Self {
        let side = match line.side {
            Side::Both => "both",
            Side::First => "first",
            Side::Second => "second",
            Side::Gap => "gap",
        };
        Self {
            side,
            text: line.text,
        }
    }
}

async fn diff(
    State(app): State<Arc<App>>,
    Ask(which): Ask<Which>,
) -> Result<Json<Difference>, Refusal> {
    let difference = on_disk(&app, which, |workbook, chapter, exercise| {
        let sources = Sources::read(&workbook.root, chapter)?;
        let places = sources.places(&chapter.folder(&workbook.root), Some(&exercise.id));
        let regions = places.iter().filter_map(|place| {
            let own = place.learner.as_ref()?.body.iter().map(String::as_str);
            let reference = place.region.body.iter().map(String::as_str);
            Some(Region {
                place: location(chapter, place),
                lines: compare(own, reference)
                    .into_iter()
                    .map(Shown::from)
                    .collect(),
            })
        });
        Ok(Difference {
            regions: regions.collect(),
            missing: missing_markers(workbook, chapter, exercise, &places),
        })
    })
    .await?;
    Ok(Json(difference))
}

/// An exercise to put back; without `agreed` only what would happen is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    exercise: String,
    agreed: bool,
}

#[derive(Serialize)]
struct Changes {
    files: Vec<FileChange>,
    /// Where the learner's lines are kept, once it is done.
    kept: Option<String>,
}

#[derive(Serialize)]
struct FileChange {
    path: String,
    /// What happens to it beyond the lines of the exercise.
    beyond: Option<String>,
    lines: Vec<Shown>,
}

impl From<&Change> for FileChange {
    fn from(change: &Change) -> Self {
        let beyond = match &change.extent {
            Extent::Regions(_) => None,
            Extent::WithoutMarkers(ids) => Some(format!(
                "It has lost markers of {}: the whole file comes back, with your lines in its other exercises.",
                ids.join(", ")
            )),
            Extent::WholeFile => Some("The whole file comes back.".to_owned()),
            Extent::Absent => Some("It is missing or empty: it comes back.".to_owned()),
            Extent::NotOfTheChapter => Some("It is put aside.".to_owned()),
        };
        Self {
            path: change.replacement.path.display().to_string(),
            beyond,
            lines: change.difference.iter().cloned().map(Shown::from).collect(),
        }
    }
}

async fn reset(
    State(app): State<Arc<App>>,
    Ask(Reset { exercise, agreed }): Ask<Reset>,
) -> Result<Json<Changes>, Refusal> {
    let changes = on_disk(
        &app,
        Which { exercise },
        move |workbook, chapter, exercise| {
            let changes = of_exercise(workbook, chapter, exercise)?;
            let mut kept = None;
            if agreed && !changes.is_empty() {
                let files: Vec<_> = changes
                    .iter()
                    .map(|change| change.replacement.clone())
                    .collect();
                kept = undo::replace(workbook, &exercise.id, &files)?.folder;
            }
            Ok(Changes {
                files: changes.iter().map(FileChange::from).collect(),
                kept: kept.map(|folder| workbook.shown(&folder)),
            })
        },
    )
    .await?;
    Ok(Json(changes))
}

/// What is as it was before.
#[derive(Serialize)]
struct Back {
    files: Vec<String>,
    /// Where the text is that was written since.
    saved: Option<String>,
}

/// Takes a reset back, if it was the last one: only the last can be.
async fn take_back(
    State(app): State<Arc<App>>,
    Ask(which): Ask<Which>,
) -> Result<Json<Back>, Refusal> {
    let back = on_disk(&app, which, |workbook, _, exercise| {
        match undo::last(workbook)? {
            Some(what) if what == exercise.id => {}
            Some(what) => {
                return Err(Refusal::bad_request(format!(
                    "{what} was reset after it; `cargo xtask reset --undo` takes one after the other back"
                )));
            }
            None => return Err(Refusal::bad_request("there is no reset to take back")),
        }
        let done = undo::take_back(workbook)?.context("there is no reset to take back")?;
        Ok(Back {
            files: done
                .files
                .iter()
                .map(|file| file.display().to_string())
                .collect(),
            saved: done.saved.map(|folder| workbook.shown(&folder)),
        })
    })
    .await?;
    Ok(Json(back))
}

/// Reads and writes files of an exercise, away from the threads that answer requests.
///
/// The id is looked up in the manifest: no path ever comes from a request.
async fn on_disk<T: Send + 'static>(
    app: &App,
    Which { exercise: id }: Which,
    work: impl FnOnce(&Workbook, &Chapter, &Exercise) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let workbook = app.exercises.workbook.clone();
    let done = tokio::task::spawn_blocking(move || {
        let manifest = Manifest::load(&workbook.root)?;
        match manifest.exercise(&id) {
            Some((chapter, exercise)) => work(&workbook, chapter, exercise),
            None => Err(Refusal::not_found(format!("there is no exercise {id}"))),
        }
    });
    done.await.context("a part of the server has failed")?
}
