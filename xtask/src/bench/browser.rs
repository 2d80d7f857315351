//! The workbook in a real browser: how soon a page is seen, and a verdict on its card.

use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::table::{Row, median, time, worst};
use super::{Bench, fault, settle};
use crate::cancel::Halt;
use crate::cargo::{Plan, build};
use crate::process::{Child, Input, Line};

/// The program that drives the browser is silent until it is done: it may build a server and the checks.
const LIMIT: Duration = Duration::from_secs(600);
const PAINT: Duration = Duration::from_millis(100);
/// How much longer than in the terminal a verdict may take on a card.
const RATIO: f64 = 1.1;

/// What the package `browser-tests` measures. Times are in milliseconds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Seen {
    /// How soon each page is seen.
    pub paints: Vec<Paint>,
    /// From a save to its verdict as `watch` prints it.
    pub terminal: Vec<u64>,
    /// From a save to its verdict on the card.
    pub card: Vec<u64>,
}

/// From the beginning of a visit to its first text on the screen (`first-contentful-paint`).
#[derive(Debug, Serialize, Deserialize)]
pub struct Paint {
    /// The page.
    pub page: String,
    /// In browsers that have never been there.
    pub cold: Vec<u64>,
    /// On later visits.
    pub warm: Vec<u64>,
}

impl Bench<'_> {
    /// Chromium reads pages and waits for verdicts, in a copy of the checkout.
    pub(super) fn browser(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        let row = Row::new(
            "pages and cards in a browser",
            "needs Debian's chromium and chromium-driver",
        );
        let row = row.budget("≤ 100 ms, and ≤ 1.1 × the terminal");
        let seen = match self.seen() {
            Ok(seen) => seen,
            measured => return settle(row, measured, told, |row, _| row).map(|_| ()),
        };
        for paint in &seen.paints {
            told(first_paint(paint));
        }
        told(verdicts(&seen));
        Ok(())
    }

    fn seen(&self) -> Result<Seen, Halt> {
        let program = |package: &str| {
            let plan = Plan {
                binary: Some(package.into()),
                target: self.workbook.target.clone(),
                ..Plan::member(self.workbook, package)
            };
            let built = build(self.workbook, &plan, self.cancel, &mut |_| {})?;
            let program = built.executable(Some(package));
            program
                .map(ToOwned::to_owned)
                .ok_or_else(|| fault(format!("package {package} does not build")))
        };
        let (book, driver) = (program("workbook")?, program("browser-tests")?);
        let mut command = Command::new(driver);
        command
            .arg("--measure")
            .arg(&self.program)
            .arg(&self.workbook.root)
            .arg(book)
            .arg(&self.workbook.target);
        let child = Child::start(command, Input::Lifeline)?;
        let (mut found, mut words) = (None, String::new());
        let status = child.run(self.cancel, LIMIT, |line| match line {
            Line::Out(line) => found = Some(line),
            Line::Err(line) => words = line,
        })?;
        match found {
            Some(line) if status.success() => {
                let found = serde_json::from_str(&line);
                Ok(found.context("the browser tests speak another language")?)
            }
            _ => Err(fault(words)),
        }
    }
}

fn first_paint(paint: &Paint) -> Row {
    let (cold, warm) = (times(&paint.cold), times(&paint.warm));
    let text = format!(
        "{}; the first time {}",
        in_brackets(&warm),
        in_brackets(&cold)
    );
    Row::new(
        format!("first paint of {}", paint.page),
        format!(
            "`first-contentful-paint` in Chromium; median of {}, and of {} in new browsers, worst in brackets",
            warm.len(),
            cold.len()
        ),
    )
    .budget("≤ 100 ms")
    .measured(text, median(&warm) <= PAINT && median(&cold) <= PAINT)
}

fn verdicts(seen: &Seen) -> Row {
    let (terminal, card) = (times(&seen.terminal), times(&seen.card));
    let ratio = median(&card).as_secs_f64() / median(&terminal).as_secs_f64().max(0.001);
    let text = format!(
        "{ratio:.2} ×: {}; in the terminal {}",
        in_brackets(&card),
        in_brackets(&terminal)
    );
    Row::new(
        "save → verdict on the card",
        format!(
            "exercise 1.1, right and wrong in turn, until it is painted, and until `watch` prints it; \
             median of {}, worst in brackets",
            terminal.len()
        ),
    )
    .budget("≤ 1.1 × the terminal")
    .measured(text, ratio <= RATIO)
}

fn times(millis: &[u64]) -> Vec<Duration> {
    millis.iter().copied().map(Duration::from_millis).collect()
}

fn in_brackets(times: &[Duration]) -> String {
    format!("{} ({})", time(median(times)), time(worst(times)))
}
