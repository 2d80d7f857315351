//! A copy of the checkout as a new reader has it, and the workbook that serves it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use xtask::manifest::Manifest;
use xtask::regions::{Fill, Learner};
use xtask::rewrite::with_region;
use xtask::sources::{Sources, files_below};

/// How long the first page may take.
const START: Duration = Duration::from_secs(120);
/// The first port to try: beside the one that a reader of this checkout may have open.
const PORT: &str = "4400";

/// The copy and its server. Cheap to clone; the last one that is dropped ends the server.
#[derive(Clone)]
pub(crate) struct Stage(Arc<Inner>);

struct Inner {
    /// Ended before its folder is removed: fields are dropped in this order.
    _server: Child,
    folder: TempDir,
    manifest: Manifest,
    url: String,
}

impl Stage {
    /// Copies the checkout `root` and serves the copy.
    ///
    /// # Errors
    /// There is no room for the copy, or the workbook does not start.
    pub(crate) async fn set(root: &Path, workbook: &Path, target: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("workbook-stage-")
            .tempdir()?;
        for path in files_below(root)? {
            let to = folder.path().join("book of a reader").join(&path);
            fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
            fs::copy(root.join(&path), to)?;
        }
        let copy = folder.path().join("book of a reader");
        let mut server = Command::new(workbook)
            .arg("serve")
            .arg("--root")
            .arg(&copy)
            .arg("--out")
            .arg(folder.path().join("out"))
            .args(["--port", PORT, "--lifeline"])
            .env("CARGO_TARGET_DIR", target)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the workbook cannot be started")?;
        let stdout = server.stdout.take().context("the workbook has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let url = async {
            while let Some(line) = lines.next_line().await? {
                if let Some(url) = line.strip_prefix("workbook at ") {
                    return Ok(url.to_owned());
                }
            }
            Err(anyhow!("the workbook ended before it served"))
        };
        let url = tokio::time::timeout(START, url)
            .await
            .context("the workbook does not serve")??;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self(Arc::new(Inner {
            manifest: Manifest::load(&copy)?,
            folder,
            url,
            _server: server,
        })))
    }

    /// Where the book is.
    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    /// The book as files.
    pub(crate) fn book_on_disk(&self) -> PathBuf {
        self.0.folder.path().join("out")
    }

    /// The copy.
    pub(crate) fn root(&self) -> PathBuf {
        self.0.folder.path().join("book of a reader")
    }

    /// Puts back every chapter, and forgets what was done.
    pub(crate) fn as_new(&self) -> Result<()> {
        let root = self.root();
        for chapter in &self.0.manifest.chapters {
            let sources = Sources::read(&root, chapter)?;
            for (path, bytes) in sources.chapter_files(|_| Fill::Starter) {
                let path = chapter.folder(&root).join(path);
                // A file that is as it was is not saved again.
                if fs::read(&path).ok().as_deref() != Some(&*bytes) {
                    fs::write(path, bytes)?;
                }
            }
        }
        for leftover in [".progress.json", ".progress.lock"] {
            let _ = fs::remove_file(root.join("chapters").join(leftover));
        }
        let _ = fs::remove_dir_all(root.join("chapters/.undo"));
        Ok(())
    }

    /// A file of the learner's, such as `ch01-hello-world/src/server.rs`.
    pub(crate) fn read(&self, path: &str) -> Result<String> {
        let path = self.root().join("chapters").join(path);
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
    }

    /// Saves other lines in the first region of an exercise, as an editor would.
    pub(crate) fn write(&self, id: &str, lines: &[&str]) -> Result<()> {
        self.edit(id, |_| lines.iter().map(|&line| line.to_owned()).collect())
    }

    /// Saves the reference solution of an exercise.
    pub(crate) fn solve(&self, id: &str) -> Result<()> {
        self.edit(id, |body| body.to_vec())
    }

    fn edit(&self, id: &str, lines: impl Fn(&[String]) -> Vec<String>) -> Result<()> {
        let root = self.root();
        let (chapter, _) = self.0.manifest.exercise(id).context("no such exercise")?;
        let folder = chapter.folder(&root);
        for place in Sources::read(&root, chapter)?.places(&folder, Some(id)) {
            let path = folder.join(&place.path);
            let text = fs::read_to_string(&path)?;
            let learner = Learner::parse(&text);
            let region = learner.region(&place.region.id).context("no such region")?;
            fs::write(
                &path,
                with_region(&text, region, &lines(&place.region.body)),
            )?;
        }
        Ok(())
    }
}
