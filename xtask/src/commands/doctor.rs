//! `cargo xtask doctor`: what stands in the way, and its repair.

use std::env;

use anyhow::Result;
use xtask::ask::{Answer, ask};
use xtask::doctor::{Finding, Health, Repair, examine, examine_manifests};
use xtask::exit::Exit;
use xtask::paths::Workbook;
use xtask::undo;

use super::{Args, print, word_and_flags};

/// Cargo tells one broken manifest at a time, so after a repair comes another look; this often at most.
const ROUNDS: usize = 20;

/// Tells everything that was looked at, repairs what it may, and looks again.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (_, [fix]) = word_and_flags(args, ["fix"])?;
    let mut findings = examine(workbook);
    print(&told(&findings))?;
    let mut left = troubles(&findings);
    for _ in 0..ROUNDS {
        let repairs: Vec<&Repair> = findings
            .iter()
            .filter_map(|finding| finding.repair.as_ref())
            .collect();
        if repairs.is_empty() || !mend(workbook, &repairs, fix)? {
            break;
        }
        // The machine has not changed by that, only the chapters have.
        let others = left - repairs.len();
        findings = examine_manifests(workbook);
        print(&told(&findings))?;
        left = others + troubles(&findings);
        if left == others {
            break;
        }
    }
    print(&end(left, &findings))?;
    Ok(if left == 0 { Exit::Done } else { Exit::Fault })
}

/// Does the repairs that are wanted; whether there was any.
fn mend(workbook: &Workbook, repairs: &[&Repair], fix: bool) -> Result<bool> {
    let mut done = false;
    for repair in repairs {
        if !fix && ask(&format!("I can {}. Do it?", repair.what)) != Answer::Yes {
            continue;
        }
        let kept = undo::replace(workbook, "doctor", &repair.files)?;
        let mut text = format!("\ndone      {}\n", repair.what);
        if let Some(folder) = kept.folder {
            text.push_str(&format!(
                "kept      {} (back: cargo xtask reset --undo)\n",
                workbook.shown(&folder)
            ));
        }
        text.push('\n');
        print(&text)?;
        done = true;
    }
    Ok(done)
}

fn troubles(findings: &[Finding]) -> usize {
    findings
        .iter()
        .filter(|finding| finding.health == Health::Trouble)
        .count()
}

fn told(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let sign = match finding.health {
            Health::Fine => "ok",
            Health::Note => "note",
            Health::Trouble => "x",
        };
        text.push_str(&format!("  {sign:<6}{}\n", finding.says));
        for line in &finding.details {
            text.push_str(format!("          {line}").trim_end());
            text.push('\n');
        }
        if let Some(next) = &finding.next {
            text.push_str(&format!("        next  {next}\n"));
        }
    }
    text
}

fn end(left: usize, findings: &[Finding]) -> String {
    if left == 0 {
        return "\nEverything that the workbook needs is there.\n".to_owned();
    }
    let can_mend = findings.iter().any(|finding| finding.repair.is_some());
    let mut text = match left {
        1 => "\nOne thing is in the way.\n".to_owned(),
        more => format!("\n{more} things are in the way.\n"),
    };
    if can_mend {
        text.push_str(&format!(
            "next      {} --fix     repairs what it can; copies are kept\n",
            by_path()
        ));
    }
    text
}

/// This command as it can be typed when cargo cannot start it: by the program's path.
pub(super) fn by_path() -> String {
    let program = env::current_exe().map_or_else(
        |_| "target/debug/xtask".to_owned(),
        |path| path.display().to_string(),
    );
    format!("{} doctor", xtask::client_config::quoted(&program))
}
