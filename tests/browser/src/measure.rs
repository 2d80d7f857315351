//! How soon a reader sees a page, and a verdict on its card: for `cargo xtask bench --only browser`.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use xtask::bench::{Paint, Seen};

use crate::WIDE;
use crate::driver::Driver;
use crate::page::Page;
use crate::stage::Stage;

/// Pages that differ in what they load: text and code, a card, a console.
const PAGES: [&str; 3] = [
    "ch01-hello-world/one-request.html",
    "ch01-hello-world/identity.html",
    "ch01-hello-world/console.html",
];
/// New browsers, and visits of each page in each of them after the first one.
const BROWSERS: usize = 5;
const VISITS: usize = 4;
/// Saves for each of terminal and card. What comes first is not counted.
const SAVES: usize = 12;
const WARM_UPS: usize = 2;
/// How long a verdict may take: the first one builds a server and the checks.
const LIMIT: Duration = Duration::from_secs(300);
/// Saves come at any moment between two looks of the workbook: these follow each other in steps of so much.
const STEP: Duration = Duration::from_millis(37);
const LOOKS: Duration = Duration::from_millis(100);

/// The exercise that is saved, and its chapter.
const EXERCISE: &str = "1.1";
const CHAPTER: &str = "ch01";
/// Something that the first exercise's check refuses; a number tells one save from the next.
const WRONG: &str = "        ServerConfig::new(capabilities) // saved";

/// Measures everything. `xtask` is the program with the command `watch`.
pub(crate) async fn all(driver: &Driver, xtask: &Path, places: [&Path; 3]) -> Result<Seen> {
    let [root, workbook, target] = places;
    let stage = Stage::set(root, workbook, target).await?;
    // One after the other in one folder, as a learner has it: cargo takes two folders with one chapter for the same, and
    // builds it anew for each. The workbook judges nothing as long as no page of it has been opened.
    let mut terminal = Terminal::start(&stage, xtask, target).await?;
    let mut on_terminal = Vec::new();
    for save in 0..WARM_UPS + SAVES {
        on_terminal.push(terminal.verdict(&stage, save).await?);
    }
    terminal.end().await?;
    let card = Card::open(driver, &stage).await?;
    let mut on_card = Vec::new();
    for save in 0..WARM_UPS + SAVES {
        on_card.push(card.verdict(&stage, save).await?);
    }
    card.page.close().await;
    Ok(Seen {
        paints: paints(driver, &stage).await?,
        terminal: on_terminal.split_off(WARM_UPS),
        card: on_card.split_off(WARM_UPS),
    })
}

/// How soon each page is seen, in browsers that have never been there, and again.
async fn paints(driver: &Driver, stage: &Stage) -> Result<Vec<Paint>> {
    let mut paints: Vec<Paint> = PAGES
        .map(|page| Paint {
            page: page.to_owned(),
            cold: Vec::new(),
            warm: Vec::new(),
        })
        .into();
    for _ in 0..BROWSERS {
        for paint in &mut paints {
            let page = Page::open(driver, WIDE, stage.url()).await?;
            paint.cold.push(visit(&page, &paint.page).await?);
            for _ in 0..VISITS {
                paint.warm.push(visit(&page, &paint.page).await?);
            }
            page.close().await;
        }
    }
    Ok(paints)
}

/// Goes to a page, and says after how many milliseconds it showed something.
async fn visit(page: &Page, path: &str) -> Result<u64> {
    page.go("about:blank").await?;
    page.visit(path).await?;
    let painted = "return performance.getEntriesByName('first-contentful-paint').length > 0
        && document.querySelector('main') !== null;";
    page.until("the first paint", painted, Vec::new()).await?;
    let when =
        "return Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime);";
    let when = page.run(when, Vec::new()).await?;
    when.as_u64().context("a time is a number")
}

/// A page with the card of the exercise.
struct Card {
    page: Page,
}

impl Card {
    async fn open(driver: &Driver, stage: &Stage) -> Result<Self> {
        let page = Page::open(driver, WIDE, stage.url()).await?;
        page.visit("ch01-hello-world/identity.html").await?;
        // As the terminal has left it.
        page.see(".card-state", "ok").await?;
        let watch = "const card = document.querySelector(`[data-exercise='${arguments[0]}']`);
            const verdict = card.querySelector('.card-verdict');
            window.wanted = null;
            new MutationObserver(() => {
                const failed = verdict.querySelector('.card-failure') !== null;
                const fresh = verdict.childElementCount > 0 && !verdict.classList.contains('is-outdated');
                if (fresh && card.dataset.state === window.wanted && failed === (window.wanted === 'wrong')) {
                    window.wanted = null;
                    requestAnimationFrame(() => (window.shown = Date.now()));
                }
            }).observe(card, { attributes: true, childList: true, subtree: true });";
        page.run(watch, vec![json!(EXERCISE)]).await?;
        Ok(Self { page })
    }

    /// The time from a save to its verdict, in milliseconds.
    async fn verdict(&self, stage: &Stage, save: usize) -> Result<u64> {
        let want = "window.shown = null; window.wanted = arguments[0];";
        let state = if is_right(save) { "ok" } else { "wrong" };
        self.page.run(want, vec![json!(state)]).await?;
        let saved = change(stage, save).await?;
        // Not asked over and over: the driver would take the processor from the build.
        let over = format!(
            "const [told] = arguments, card = document.querySelector(`[data-exercise='{EXERCISE}']`);
             const look = () => window.shown !== null && !card.hasAttribute('data-running')
                 ? told(window.shown) : setTimeout(look, 250);
             look();"
        );
        let shown = self.page.run_until_called(&over).await?;
        let shown = shown.as_u64().context("a time is a number")?;
        Ok(shown.saturating_sub(saved))
    }
}

/// A terminal with `watch`.
struct Terminal {
    watch: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Terminal {
    async fn start(stage: &Stage, xtask: &Path, target: &Path) -> Result<Self> {
        let mut watch = Command::new(xtask)
            .args(["watch", CHAPTER])
            .current_dir(stage.root())
            .env("CARGO_TARGET_DIR", target)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("watch cannot be started")?;
        let stdout = watch.stdout.take().context("watch has no output")?;
        let lines = BufReader::new(stdout).lines();
        let mut terminal = Self { watch, lines };
        // Twice: when it begins, and with the first verdict.
        terminal.until(is_over).await?;
        terminal.until(is_over).await?;
        Ok(terminal)
    }

    /// The time from a save to its verdict, in milliseconds.
    async fn verdict(&mut self, stage: &Stage, save: usize) -> Result<u64> {
        let saved = change(stage, save).await?;
        let sign = if is_right(save) { "ok" } else { "x" };
        self.until(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(sign) && words.next() == Some(EXERCISE)
        })
        .await?;
        let shown = now()?;
        self.until(is_over).await?;
        Ok(shown.saturating_sub(saved))
    }

    /// Reads lines until there is one that fits.
    async fn until(&mut self, fits: impl Fn(&str) -> bool) -> Result<()> {
        let found = async {
            while let Some(line) = self.lines.next_line().await? {
                if fits(&line) {
                    return Ok(());
                }
            }
            bail!("watch has ended");
        };
        let found = tokio::time::timeout(LIMIT, found).await;
        found.context("watch is silent")?
    }

    async fn end(mut self) -> Result<()> {
        let mut keys = self.watch.stdin.take().context("watch has no input")?;
        keys.write_all(b"q\n").await?;
        let ended = tokio::time::timeout(LIMIT, self.watch.wait()).await;
        let status = ended.context("watch does not end")??;
        ensure!(status.success(), "watch failed");
        Ok(())
    }
}

/// Whether this line stands behind the verdict on a chapter.
fn is_over(line: &str) -> bool {
    line.contains("q  quit")
}

fn is_right(save: usize) -> bool {
    save % 2 == 1
}

/// Saves the exercise, wrong and right in turn, and returns when.
async fn change(stage: &Stage, save: usize) -> Result<u64> {
    let steps = STEP.as_millis() as usize * save % LOOKS.as_millis() as usize;
    tokio::time::sleep(Duration::from_millis(steps as u64)).await;
    let saved = now()?;
    match is_right(save) {
        true => stage.solve(EXERCISE)?,
        false => stage.write(EXERCISE, &[&format!("{WRONG} {save}")])?,
    }
    Ok(saved)
}

/// Milliseconds since 1970: the clock that a page has too.
fn now() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64)
}
