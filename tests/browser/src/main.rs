//! The workbook in a real Chromium: what a reader sees when they read, check, save, call and answer.
//!
//! `cargo xtask verify browser` builds this and the workbook, and starts it. Everything happens in a copy of the
//! checkout. A browser that is missing is a failure.

mod driver;
mod measure;
mod page;
mod scenes;
mod stage;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::AsyncReadExt;

use self::driver::{Driver, Look};
use self::page::Page;
use self::stage::Stage;

/// How long one scene may take: the first builds a server and the checks.
const SCENE: Duration = Duration::from_secs(400);

const USAGE: &str = "usage: browser-tests [--measure XTASK] ROOT WORKBOOK TARGET [SCENE…]

ROOT the checkout, WORKBOOK the built program `workbook`, TARGET the folder for builds;
without a SCENE all are played; keep standard input open. AXE names the file axe.min.js of npm's axe-core.
With --measure nothing is played: times are printed, those of the terminal with the built program `xtask`.";

/// What stands on the command line.
struct Arguments {
    /// The program to measure the terminal with, if times are wanted.
    measure: Option<PathBuf>,
    root: PathBuf,
    workbook: PathBuf,
    target: PathBuf,
    /// Parts of names; all scenes if there are none.
    scenes: Vec<String>,
}

impl Arguments {
    fn read() -> Option<Self> {
        let mut words = std::env::args().skip(1).peekable();
        let measure = match words.next_if_eq("--measure") {
            Some(_) => Some(words.next()?.into()),
            None => None,
        };
        Some(Self {
            measure,
            root: words.next()?.into(),
            workbook: words.next()?.into(),
            target: words.next()?.into(),
            scenes: words.collect(),
        })
    }
}

fn main() -> ExitCode {
    let Some(arguments) = Arguments::read() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(4);
        }
    };
    let played = runtime.block_on(async {
        tokio::select! {
            played = begin(&arguments) => played,
            // Dropping what `play` holds ends the browser, its driver and the workbook.
            () = told_to_end() => bail!("stopped"),
            () = input_ends() => bail!("stopped: the input has ended"),
        }
    });
    // What waits for input would hold the end up.
    runtime.shutdown_background();
    match played {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(4)
        }
    }
}

/// Waits for Ctrl-C, or for SIGTERM where there is one.
async fn told_to_end() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    // Without a handler, Ctrl-C ends the program in its own way.
    let _ = tokio::signal::ctrl_c().await;
}

/// Waits for the end of standard input: whoever started this has gone.
async fn input_ends() {
    let mut bytes = [0; 64];
    while let Ok(1..) = tokio::io::stdin().read(&mut bytes).await {}
}

/// Measures or plays; returns how many scenes failed.
async fn begin(arguments: &Arguments) -> Result<usize> {
    let Some(xtask) = &arguments.measure else {
        return play(arguments).await;
    };
    let driver = Driver::start().await?;
    let places = [&arguments.root, &arguments.workbook, &arguments.target];
    let seen = measure::all(&driver, xtask, places.map(PathBuf::as_path)).await?;
    println!("{}", serde_json::to_string(&seen)?);
    Ok(0)
}

/// Plays the scenes, one after the other; returns how many failed.
async fn play(arguments: &Arguments) -> Result<usize> {
    let driver = Driver::start().await?;
    let stage = Stage::set(&arguments.root, &arguments.workbook, &arguments.target).await?;
    let asked = |name: &str| {
        arguments.scenes.is_empty() || arguments.scenes.iter().any(|part| name.contains(&**part))
    };
    let (mut passed, mut failed) = (0, 0);
    for scene in scenes::all() {
        if !asked(scene.name) {
            continue;
        }
        let began = Instant::now();
        stage.as_new()?;
        let page = Page::open(&driver, scene.look, stage.url()).await?;
        let ended = tokio::time::timeout(SCENE, (scene.play)(page.clone(), stage.clone())).await;
        let ended = ended.unwrap_or_else(|_| bail!("not over after {} s", SCENE.as_secs()));
        let seconds = began.elapsed().as_secs_f64();
        match ended {
            Ok(()) => {
                passed += 1;
                println!("ok  {}  {seconds:.1} s", scene.name);
            }
            Err(error) => {
                failed += 1;
                println!("x   {}  {seconds:.1} s\n      {error:#}", scene.name);
                match page.picture(scene.name).await {
                    Ok(path) => println!("      picture: {}", path.display()),
                    Err(error) => println!("      no picture: {error:#}"),
                }
            }
        }
        page.close().await;
    }
    println!("\n{passed} passed, {failed} failed");
    if passed + failed == 0 {
        bail!("there is no scene of that name");
    }
    Ok(failed)
}

/// What a new browser looks like.
pub(crate) const WIDE: Look = Look {
    width: 1200,
    dark: false,
    script: true,
};

/// Reads an environment variable that has to be there.
pub(crate) fn variable(name: &str, next: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set: {next}"))
}
