//! Quizzes: the first choice counts, is kept, and can be taken again.

use anyhow::{Result, ensure};

use super::Scene;
use crate::page::Page;
use crate::stage::Stage;

const WRONG: &str = ".question .option.is-wrong";

pub(super) fn scenes() -> Vec<Scene> {
    vec![Scene::new(
        "a quiz explains, remembers and is tried again",
        quiz,
    )]
}

async fn quiz(page: Page, _: Stage) -> Result<()> {
    page.visit("ch01-hello-world/quiz.html").await?;
    page.click(&format!("{WRONG} > summary")).await?;
    page.see(&format!("{WRONG}[open]"), "Not this one.").await?;
    page.see(".quiz-result", "0 of 1 right at the first choice")
        .await?;
    page.reload().await?;
    page.see(&format!("{WRONG}[open]"), "Not this one.").await?;
    page.press(".quiz-result", "Try the wrong ones again")
        .await?;
    let closed = "return document.querySelector('.question .option[open]') === null;";
    page.until("every option closed again", closed, Vec::new())
        .await?;
    page.click(".question .option.is-right > summary").await?;
    page.see(".quiz-result", "1 of 1 right at the first choice")
        .await?;
    ensure!(
        !page.shows(".quiz-result button").await?,
        "there is nothing left to try again"
    );
    Ok(())
}
