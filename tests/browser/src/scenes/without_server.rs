//! The book as files, and without JavaScript: whole, and with nothing that does nothing.

use anyhow::{Result, ensure};

use super::Scene;
use crate::driver::Look;
use crate::page::Page;
use crate::stage::Stage;

pub(super) fn scenes() -> Vec<Scene> {
    let still = Look {
        script: false,
        ..crate::WIDE
    };
    vec![
        Scene::new("the book on disk is whole", on_disk),
        Scene::new("the book is whole without JavaScript", without_script).looking(still),
    ]
}

async fn on_disk(page: Page, stage: Stage) -> Result<()> {
    let book = stage.book_on_disk();
    let file = |path: &str| format!("file://{}", book.join(path).display());
    page.go(&file("ch01-hello-world/identity.html")).await?;
    whole_card(&page).await?;
    page.go(&file("ch01-hello-world/console.html")).await?;
    page.see("main", "cargo xtask talk ch01").await?;
    ensure!(!page.shows("main form").await?, "a form that sends nothing");
    page.go(&file("exercises.html")).await?;
    page.see("main", "Say who you are").await?;
    ensure!(!page.shows("[data-progress]").await?, "progress of nobody");
    Ok(())
}

async fn without_script(page: Page, _: Stage) -> Result<()> {
    page.visit("ch01-hello-world/identity.html").await?;
    whole_card(&page).await?;
    page.visit("ch01-hello-world/quiz.html").await?;
    page.click(".question .option.is-right > summary").await?;
    page.see(".option.is-right[open]", "Right.").await
}

/// What to do, how to check it, hints and the solution; no button.
async fn whole_card(page: &Page) -> Result<()> {
    page.see(".exercise", "cargo xtask check 1.1").await?;
    page.see(".exercise", "Hint 1 of 3").await?;
    page.click(".exercise-solution > summary").await?;
    page.see(".exercise-solution[open] code", "with_server_info")
        .await?;
    ensure!(
        !page.shows(".exercise button:not(.clip-button)").await?,
        "a button that does nothing"
    );
    Ok(())
}
