//! What is played, scene by scene. Each begins with untouched chapters and a browser that has never been anywhere.

mod comfort;
mod console;
mod exercise;
mod quiz;
mod without_server;

use std::future::Future;
use std::pin::Pin;

use anyhow::Result;

use crate::WIDE;
use crate::driver::Look;
use crate::page::Page;
use crate::stage::Stage;

type Played = Pin<Box<dyn Future<Output = Result<()>>>>;

/// One scene.
pub(crate) struct Scene {
    /// What a reader sees, in a sentence.
    pub(crate) name: &'static str,
    /// How the browser shows it.
    pub(crate) look: Look,
    /// Does it. Whatever is not as it should be is an error.
    pub(crate) play: Box<dyn Fn(Page, Stage) -> Played>,
}

impl Scene {
    fn new<F>(name: &'static str, play: fn(Page, Stage) -> F) -> Self
    where
        F: Future<Output = Result<()>> + 'static,
    {
        Self {
            name,
            look: WIDE,
            play: Box::new(move |page, stage| Box::pin(play(page, stage))),
        }
    }

    fn looking(mut self, look: Look) -> Self {
        self.look = look;
        self
    }
}

/// All scenes.
pub(crate) fn all() -> Vec<Scene> {
    [
        exercise::scenes(),
        console::scenes(),
        quiz::scenes(),
        without_server::scenes(),
        comfort::scenes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
