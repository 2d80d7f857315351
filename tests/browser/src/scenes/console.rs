//! Consoles: a server is started, called and answered, and the wire is beside it.

use anyhow::Result;

use super::Scene;
use crate::page::Page;
use crate::stage::Stage;

const STATE: &str = ".console-state";

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        Scene::new("a tool is called in the modern era", call_modern),
        Scene::new("a tool is called in the legacy era", call_legacy),
        Scene::new("the server asks before it deletes, modern", asks_modern),
        Scene::new("the server asks before it deletes, legacy", asks_legacy),
    ]
}

/// Opens the console of a chapter and starts the reference solution in an era.
async fn start(page: &Page, chapter: &str, era: &str) -> Result<()> {
    page.visit(&format!("{chapter}/console.html")).await?;
    page.click("[name='server'][value='solution']").await?;
    page.click(&format!("[name='era'][value='{era}']")).await?;
    page.press(".console-setup", "Start the server").await?;
    page.see(STATE, &format!("runs, {era} era")).await
}

/// Unfolds a tool, so that its form can be filled in.
async fn unfold(page: &Page, tool: &str) -> Result<String> {
    let script = "const found = [...document.querySelectorAll('.console-items details')]
        .find((one) => one.querySelector('summary code').innerText === arguments[0]);
        if (found) { found.open = true; found.id = `tool-${arguments[0]}`; }
        return found !== undefined;";
    page.until(tool, script, vec![tool.into()]).await?;
    Ok(format!("#tool-{tool}"))
}

async fn call(page: Page, era: &str) -> Result<()> {
    start(&page, "ch01-hello-world", era).await?;
    let greet = unfold(&page, "greet").await?;
    write(&page, &greet, "name", "Ada").await?;
    page.press(&greet, "Call").await?;
    page.see(&format!("{greet} .console-result"), "Hello, Ada!")
        .await?;
    let wire = "[aria-label='The wire']";
    page.see(wire, "tools/call").await?;
    page.press(".console-setup", "Stop").await?;
    page.see(STATE, "the server ended with exit code 0").await
}

async fn call_modern(page: Page, _: Stage) -> Result<()> {
    call(page, "modern").await
}

async fn call_legacy(page: Page, _: Stage) -> Result<()> {
    call(page, "legacy").await
}

async fn asks(page: Page, era: &str) -> Result<()> {
    start(&page, "ch03-advanced-tools", era).await?;
    let create = unfold(&page, "create_task").await?;
    write(&page, &create, "project", "ATLAS").await?;
    write(&page, &create, "title", "Made to be deleted").await?;
    page.press(&create, "Call").await?;
    page.see(&format!("{create} .console-result"), "ATLAS-")
        .await?;
    let made = "return document.querySelector(`${arguments[0]} .console-result`).innerText.match(/ATLAS-\\d+/)[0];";
    let made = page.run(made, vec![create.into()]).await?;

    let delete = unfold(&page, "delete_task").await?;
    write(&page, &delete, "task", made.as_str().unwrap_or_default()).await?;
    page.press(&delete, "Call").await?;
    page.see(".console-question", "The server asks").await?;
    page.press(".console-question", "Decline").await?;
    page.see(&format!("{delete} .console-result"), "kept")
        .await?;

    page.press(&delete, "Call").await?;
    page.see(".console-question", "The server asks").await?;
    let script = "const choice = document.querySelector('.console-question select');
        choice.selectedIndex = [...choice.options].findIndex((option) => option.innerText === 'true');
        return choice.selectedIndex >= 0;";
    page.until("the form of the question", script, Vec::new())
        .await?;
    page.press(".console-question", "Accept").await?;
    page.see(&format!("{delete} .console-result"), "deleted")
        .await
}

/// Types into the field of a form that has this label.
async fn write(page: &Page, form: &str, label: &str, text: &str) -> Result<()> {
    let script = "const found = [...document.querySelectorAll(`${arguments[0]} .field`)]
        .find((one) => one.querySelector('label').innerText === arguments[1]);
        found?.setAttribute('data-label', arguments[1]);
        return found !== undefined;";
    let arguments = vec![form.into(), label.into()];
    page.until(label, script, arguments).await?;
    page.fill(&format!("{form} [data-label='{label}'] input"), text)
        .await
}

async fn asks_modern(page: Page, _: Stage) -> Result<()> {
    asks(page, "modern").await
}

async fn asks_legacy(page: Page, _: Stage) -> Result<()> {
    asks(page, "legacy").await
}
