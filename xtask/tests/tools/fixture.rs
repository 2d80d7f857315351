//! A small checkout in a temporary folder: everything that commands without a build need.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use xtask::manifest::Manifest;
use xtask::regions::Fill;
use xtask::sources::Sources;

/// The checkout and where commands are started in it.
pub(crate) struct Checkout {
    folder: PathBuf,
    target: PathBuf,
    /// Removes the folder, where it is not kept for the next run.
    _temporary: Option<tempfile::TempDir>,
}

/// What a command printed, and how it ended.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Checkout {
    /// The workbook as a new user has it. The folder's name has a space, as folders of users do.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("my workbook ")
            .tempdir()
            .expect("a temporary folder");
        let checkout = Self {
            folder: folder.path().to_owned(),
            target: folder.path().join("target"),
            _temporary: Some(folder),
        };
        checkout.restore(&["book/workbook.toml", "Cargo.toml", "Cargo.lock"]);
        checkout
    }

    /// A checkout that can build chapters and the checker. It stays where it is, and so does what was built:
    /// only the first run of these tests takes its time.
    pub(crate) fn that_builds() -> (Self, MutexGuard<'static, ()>) {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let checkout = Self {
            folder: kept.join("tools with a space"),
            target: kept.join("fixture-target"),
            _temporary: None,
        };
        checkout.restore(&["book/workbook.toml", "Cargo.lock", "tests/Cargo.toml"]);
        copy_folder(&original().join("tests/src"), &checkout.path("tests/src"));
        copy_folder(
            &original().join("tests/verdict"),
            &checkout.path("tests/verdict"),
        );
        let manifest = fs::read_to_string(original().join("Cargo.toml")).expect("it is there");
        write_if_new(
            &checkout.path("Cargo.toml"),
            with_members(&manifest).as_bytes(),
        );
        (checkout, guard)
    }

    /// Brings some files, the solutions and the chapters to what the repository makes of them.
    fn restore(&self, files: &[&str]) {
        for file in files {
            copy(&original().join(file), &self.path(file));
        }
        copy_folder(&original().join("solutions"), &self.path("solutions"));
        let manifest = Manifest::load(&self.root()).expect("the manifest is right");
        for chapter in &manifest.chapters {
            let sources = Sources::read(&self.root(), chapter).expect("the solution is right");
            for (path, bytes) in sources.chapter_files(|_| Fill::Starter) {
                write_if_new(&chapter.folder(&self.root()).join(path), &bytes);
            }
        }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.join("checkout")
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// A folder beside the checkout.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        let path = self.path(relative);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
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
        let own = xtask::regions::Learner::parse(&text);
        let place = own
            .region(region)
            .unwrap_or_else(|| panic!("{relative} has no region {region}"));
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        self.write(relative, &xtask::rewrite::with_region(&text, place, &lines));
    }

    /// The lines between the markers of a region.
    pub(crate) fn region(&self, relative: &str, region: &str) -> Vec<String> {
        let own = xtask::regions::Learner::parse(&self.read(relative));
        own.region(region)
            .unwrap_or_else(|| panic!("{relative} has no region {region}"))
            .body
            .clone()
    }

    /// The file of an exercise's region, relative to the checkout.
    pub(crate) fn file_of(&self, region: &str) -> String {
        let manifest = Manifest::load(&self.root()).expect("the manifest is right");
        for chapter in &manifest.chapters {
            let sources = Sources::read(&self.root(), chapter).expect("the solution is right");
            if let Some((path, _)) = sources.regions().find(|(_, known)| known.id == region) {
                return format!("chapters/{}/{}", chapter.name, path.display());
            }
        }
        panic!("no solution has region {region}");
    }

    /// Runs `xtask` in the checkout, output into pipes, and waits for its end.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.run_in("", words)
    }

    /// Runs `xtask` in a folder of the checkout.
    pub(crate) fn run_in(&self, folder: &str, words: &[&str]) -> Said {
        Said::of(self.command(folder, words).spawn().expect("xtask starts"))
    }

    /// Runs `xtask` with lines on its standard input.
    pub(crate) fn run_typing(&self, words: &[&str], lines: &str) -> Said {
        let mut child = self
            .command("", words)
            .stdin(Stdio::piped())
            .spawn()
            .expect("xtask starts");
        let mut input = child.stdin.take().expect("a pipe");
        let lines = lines.to_owned();
        // On a thread of its own: a program that does not read must not stop this one.
        let typing = std::thread::spawn(move || input.write_all(lines.as_bytes()));
        let said = Said::of(child);
        // A program that ends without reading everything is judged by what it says.
        let _ = typing.join().expect("it typed");
        said
    }

    fn command(&self, folder: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(words)
            .current_dir(self.path(folder))
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("NO_COLOR")
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The target folder of this checkout.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }
}

impl Said {
    fn of(mut child: std::process::Child) -> Self {
        let deadline = Instant::now() + Duration::from_secs(500);
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        let status = loop {
            if let Some(status) = child.try_wait().expect("xtask can be waited for") {
                break status;
            }
            if Instant::now() > deadline {
                child.kill().expect("xtask can be ended");
                panic!("xtask did not end in time");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let output = Output {
            status,
            stdout: stdout.join().expect("standard output was read"),
            stderr: stderr.join().expect("standard error was read"),
        };
        Self {
            code: output.status.code().expect("xtask ended by itself"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Fails the test with everything that was printed, unless the exit code is `code`.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.stdout, self.stderr);
        let escapes = format!("{}{}", self.stdout, self.stderr);
        assert!(
            !escapes.contains('\x1b'),
            "escape codes in a pipe: {escapes:?}"
        );
        assert!(!escapes.contains("Stack backtrace"), "{escapes}");
        self
    }

    /// Both streams must together hold all of `words`.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        let all = format!("{}\n{}", self.stdout, self.stderr);
        for word in words {
            assert!(all.contains(word), "`{word}` is missing in:\n{all}");
        }
        self
    }

    /// A line of standard output must start with `words`: paths stand alone, so that they can be clicked.
    #[track_caller]
    pub(crate) fn has_line_starting(self, words: &str) -> Self {
        let found = self.stdout.lines().any(|line| line.starts_with(words));
        assert!(found, "no line starts with `{words}` in:\n{}", self.stdout);
        self
    }

    /// Neither stream may hold any of `words`.
    #[track_caller]
    pub(crate) fn keeps_quiet_about(self, words: &[&str]) -> Self {
        let all = format!("{}\n{}", self.stdout, self.stderr);
        for word in words {
            assert!(!all.contains(word), "`{word}` should not be in:\n{all}");
        }
        self
    }
}

fn collect(pipe: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        bytes
    })
}

fn original() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The workspace's manifest with those members only that a checkout for builds has.
fn with_members(manifest: &str) -> String {
    let mut table: toml::Table = toml::from_str(manifest).expect("it is TOML");
    let workspace = table["workspace"].as_table_mut().expect("a table");
    workspace.remove("default-members");
    let members = workspace["members"].as_array_mut().expect("a list");
    members.retain(|member| {
        let member = member.as_str().expect("a path");
        let needed = ["chapters/", "solutions/", "tests/verdict"];
        member == "tests" || needed.iter().any(|start| member.starts_with(start))
    });
    table.to_string()
}

fn copy(from: &Path, to: &Path) {
    let bytes = fs::read(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    write_if_new(to, &bytes);
}

/// A file that is right already keeps its date: cargo would build it again otherwise.
fn write_if_new(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return;
    }
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("can be made");
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Copies a folder, and removes what the copy has and the folder has not.
fn copy_folder(from: &Path, to: &Path) {
    let files = xtask::sources::files_below(from).expect("it can be read");
    for path in &files {
        copy(&from.join(path), &to.join(path));
    }
    for path in xtask::sources::files_below(to).expect("it can be read") {
        if !files.contains(&path) {
            fs::remove_file(to.join(path)).expect("it can be removed");
        }
    }
}
