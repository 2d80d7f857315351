//! The copied tree, and running `xtask` in it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use xtask::manifest::Manifest;
use xtask::regions::{Fill, Learner as Markers};
use xtask::rewrite::with_region;
use xtask::sources::{Sources, files_below};

/// How long a command may take: the first one builds everything.
const PATIENCE: Duration = Duration::from_secs(600);

/// The copy, with the chapters as a new user finds them. Only one test at a time has it.
pub(crate) struct Learner {
    _alone: MutexGuard<'static, ()>,
    /// Keeps another `cargo test` of this checkout out, for as long as the file is open.
    _alone_on_disk: fs::File,
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The copied checkout, brought up to date once a run.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = home().join("my workbook");
        let original = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("xtask/ lies in the checkout");
        let wanted: BTreeSet<PathBuf> = tracked(original)
            .into_iter()
            .filter(|path| !path.starts_with("chapters"))
            .collect();
        for path in &wanted {
            let bytes = fs::read(original.join(path)).expect("a tracked file can be read");
            put(&root.join(path), &bytes);
        }
        for path in files_below(&root).expect("the copy can be read") {
            if !wanted.contains(&path) && !path.starts_with("chapters") {
                fs::remove_file(root.join(path)).expect("can be removed");
            }
        }
        root
    })
}

/// Where the copy and its builds are: the same folder in every run, so that little is built again.
fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("learner")
}

/// The chapters as a new user finds them, and one warm build; for tests that change nothing there.
pub(crate) fn untouched() -> &'static Path {
    static READY: OnceLock<()> = OnceLock::new();
    READY.get_or_init(|| drop(Learner::new()));
    root()
}

/// Files that belong to the project; outside git every file but build output.
fn tracked(original: &Path) -> Vec<PathBuf> {
    let git = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(original)
        .output();
    match git {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .map(PathBuf::from)
            .filter(|path| original.join(path).is_file())
            .collect(),
        _ => files_below(original).expect("the checkout can be read"),
    }
}

/// Writes a file unless it holds the same already: its date makes cargo build again.
fn put(path: &Path, bytes: &[u8]) {
    if fs::read(path).ok().as_deref() != Some(bytes) {
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("can be made");
        fs::write(path, bytes).expect("can be written");
    }
}

impl Learner {
    /// Waits for the copy and puts everything back that another test changed.
    pub(crate) fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        // A test that failed has left nothing behind that the next lines do not put back.
        let alone = ALONE.lock().unwrap_or_else(|broken| broken.into_inner());
        fs::create_dir_all(home()).expect("can be made");
        let alone_on_disk = fs::File::create(home().join("alone.lock")).expect("can be made");
        alone_on_disk.lock().expect("can be locked");
        let root = root();
        let chapters = root.join("chapters");
        let manifest = Manifest::load(root).expect("the manifest is right");
        let mut wanted = BTreeSet::new();
        for chapter in &manifest.chapters {
            let sources = Sources::read(root, chapter).expect("the solution is right");
            for (path, bytes) in sources.chapter_files(|_| Fill::Starter) {
                let path = chapter.folder(root).join(path);
                put(&path, &bytes);
                wanted.insert(path);
            }
        }
        let mut folders = vec![chapters.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("can be read").flatten() {
                let path = entry.path();
                if wanted.iter().any(|file| file.starts_with(&path)) {
                    folders.extend(path.is_dir().then_some(path));
                } else if path.is_dir() {
                    fs::remove_dir_all(path).expect("can be removed");
                } else {
                    fs::remove_file(path).expect("can be removed");
                }
            }
        }
        Self {
            _alone: alone,
            _alone_on_disk: alone_on_disk,
        }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        root().join(relative)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).expect("can be read")
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        fs::write(self.path(relative), text).expect("can be written");
    }

    /// Changes a file; `find` must be in it exactly once.
    pub(crate) fn edit(&self, relative: &str, find: &str, replace: &str) {
        let text = self.read(relative);
        assert_eq!(text.matches(find).count(), 1, "`{find}` in {relative}");
        self.write(relative, &text.replace(find, replace));
    }

    /// Puts `lines` into a region, in place of what is between its markers.
    pub(crate) fn fill(&self, relative: &str, region: &str, lines: &[&str]) {
        let text = self.read(relative);
        let markers = Markers::parse(&text);
        let place = markers.region(region).expect("the region is there");
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        self.write(relative, &with_region(&text, place, &lines));
    }

    /// Solves one exercise as the reference solution does.
    pub(crate) fn solve(&self, id: &str) {
        let manifest = Manifest::load(root()).expect("the manifest is right");
        let (chapter, _) = manifest.exercise(id).expect("it is in the manifest");
        let sources = Sources::read(root(), chapter).expect("the solution is right");
        for place in sources.places(&chapter.folder(root()), Some(id)) {
            let path = format!("chapters/{}/{}", chapter.name, place.path.display());
            let lines: Vec<&str> = place.region.body.iter().map(String::as_str).collect();
            self.fill(&path, &place.region.id, &lines);
        }
    }

    /// Runs `xtask` and waits for its end.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        wait(&mut command(words))
    }
}

/// The built program in the copied tree, output into pipes, off the network.
pub(crate) fn command<T: AsRef<OsStr>>(words: &[T]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(words)
        .current_dir(root())
        .env("CARGO_TARGET_DIR", home().join("target"))
        .env("CARGO_NET_OFFLINE", "true")
        // A person may have it set: an error is told in a sentence all the same.
        .env("RUST_BACKTRACE", "1")
        .env_remove("NO_COLOR")
        .env_remove("CARGO_BUILD_TARGET")
        // Off in CI, where most is built once; here the same crate is built again and again.
        .env_remove("CARGO_INCREMENTAL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts a command and waits for its end, not for ever.
pub(crate) fn wait(command: &mut Command) -> Said {
    let mut child = command.spawn().expect("xtask starts");
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("can be waited for") {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().expect("can be ended");
            panic!("xtask did not end");
        }
        thread::sleep(Duration::from_millis(5));
    };
    Said {
        code: status.code(),
        stdout: stdout.join().expect("was read"),
        stderr: stderr.join().expect("was read"),
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

impl Said {
    /// Fails the test with everything that was printed, unless the exit code is `code`.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        let all = self.all();
        assert_eq!(self.code, Some(code), "\n{all}");
        assert!(!all.contains('\x1b'), "escape codes in a pipe: {all:?}");
        assert!(!all.contains("stack backtrace"), "{all}");
        assert!(!all.contains("Stack backtrace"), "{all}");
        self
    }

    /// Both streams together must hold all of `words`.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        let all = self.all();
        for word in words {
            assert!(all.contains(word), "`{word}` is missing in:\n{all}");
        }
        self
    }

    /// Neither stream may hold any of `words`.
    #[track_caller]
    pub(crate) fn keeps_quiet_about(self, words: &[&str]) -> Self {
        let all = self.all();
        for word in words {
            assert!(!all.contains(word), "`{word}` should not be in:\n{all}");
        }
        self
    }

    fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// Standard output with the same time in every run, which is also a usual one.
    pub(crate) fn timeless(&self) -> String {
        let mut text = String::new();
        for line in self.stdout.lines() {
            match line.rsplit_once("   ") {
                Some((before, time)) if is_time(time) => {
                    text.push_str(&heading_in_time(before.trim_end()));
                }
                _ => text.push_str(line),
            }
            text.push('\n');
        }
        text
    }
}

/// A heading whose chapter took a usual time: with a longer one, its figures would begin further to the left.
fn heading_in_time(before: &str) -> String {
    const WIDTH: usize = 78;
    const TIME: &str = "   1.1 s";
    match before.rsplit_once("  ") {
        Some((title, done)) if done.ends_with("done") => {
            let title = title.trim_end();
            let used = title.chars().count() + done.chars().count() + TIME.len();
            format!(
                "{title}{:gap$}{done}{TIME}",
                "",
                gap = WIDTH.saturating_sub(used)
            )
        }
        _ => format!("{before}{TIME}"),
    }
}

/// `12.3 s`, perhaps with a remark about waiting.
fn is_time(text: &str) -> bool {
    let first = text.split(',').next().unwrap_or_default().trim();
    first
        .strip_suffix(" s")
        .is_some_and(|number| number.parse::<f64>().is_ok())
}

/// Compares with a file; `SNAPSHOTS=overwrite` writes it.
#[track_caller]
pub(crate) fn same_as_file(actual: &str, file: &Path) {
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(
        actual.to_owned(),
        snapbox::Data::read_from(file, Some(snapbox::data::DataFormat::Text)),
    );
}

/// A file of the book's terminal pictures.
pub(crate) fn console(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../book/src/console")
        .join(name)
}
