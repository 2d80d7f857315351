//! The newest book, and word of it: a thread watches the sources and rebuilds.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde::Serialize;
use tokio::sync::watch;

use super::Options;
use super::site::Site;
use super::token::Token;
use crate::code::files_below;
use crate::{Mode, build};

/// How often the sources are looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// The book that is served at this moment.
#[derive(Debug)]
pub(crate) struct Live {
    site: RwLock<Arc<Site>>,
    status: watch::Sender<Status>,
}

/// What pages are told.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Status {
    /// Changes with every book that was built; starts anew with every start of the server.
    build: String,
    /// Why the sources as they are now do not make a book.
    error: Option<String>,
}

impl Live {
    /// Builds the book and keeps it up to date from then on.
    ///
    /// The sources are read and the book is built on a thread of its own, which ends when nobody holds the result.
    pub(crate) fn start(options: &Options, token: &Token) -> Arc<Self> {
        let (status, _) = watch::channel(Status {
            build: String::new(),
            error: None,
        });
        let site = Site::without_book(token.text()).unwrap_or_default();
        let live = Arc::new(Self {
            site: RwLock::new(Arc::new(site)),
            status,
        });
        let mut builder = Builder {
            root: options.root.clone(),
            out: options.out.clone(),
            mode: options.mode,
            token: token.text().to_owned(),
            started: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_millis(),
            count: 0,
        };
        // The first page that a reader sees is the book, not a note that it is on its way.
        let mut built_from = fingerprint(&builder.root);
        builder.rebuild(&live);
        let weak = Arc::downgrade(&live);
        thread::spawn(move || {
            loop {
                thread::sleep(INTERVAL);
                let Some(live) = weak.upgrade() else {
                    return;
                };
                // Taken before the build: what is saved while it runs is seen at the next look.
                let now = fingerprint(&builder.root);
                if now != built_from {
                    built_from = now;
                    builder.rebuild(&live);
                }
            }
        });
        live
    }

    pub(crate) fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Word of every build.
    pub(crate) fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }
}

/// Makes one book after the other.
struct Builder {
    root: PathBuf,
    out: PathBuf,
    mode: Mode,
    /// For the pages.
    token: String,
    started: u128,
    count: u32,
}

impl Builder {
    fn rebuild(&mut self, live: &Live) {
        match self.build() {
            Ok((site, problems)) => {
                *live.site.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
                self.count += 1;
                let build = format!("{}-{}", self.started, self.count);
                eprint!("{problems}");
                live.status.send_replace(Status { build, error: None });
            }
            Err(error) => {
                let text = format!("{error:#}");
                eprintln!("{text}");
                live.status.send_modify(|status| status.error = Some(text));
            }
        }
    }

    fn build(&self) -> Result<(Site, String)> {
        let report = build(&self.root, &self.out, self.mode)?;
        let mut said: String = report
            .problems
            .iter()
            .map(|problem| format!("{problem}\n"))
            .collect();
        if self.count > 0 {
            said.push_str(&format!("book rebuilt in {} ms\n", report.took.as_millis()));
        }
        Ok((Site::read(&self.out, &self.token)?, said))
    }
}

/// Changes whenever a source of the book changes: names, times and lengths of its files.
fn fingerprint(root: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let folders = [
        "book/src",
        "book/theme",
        "book/snippets/src",
        "solutions",
        "tests/compile-fail/cases",
    ];
    let files = folders
        .iter()
        .map(|folder| root.join(folder))
        .flat_map(|folder| {
            files_below(&folder)
                .into_iter()
                .map(move |file| folder.join(file))
        })
        .chain([root.join("book/book.toml"), root.join("book/workbook.toml")]);
    for file in files {
        file.hash(&mut hasher);
        if let Ok(data) = file.metadata() {
            data.len().hash(&mut hasher);
            data.modified().ok().hash(&mut hasher);
        }
    }
    hasher.finish()
}
