//! A small checkout in a temporary folder: everything that commands without a build need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use xtask::manifest::Manifest;
use xtask::regions::Fill;
use xtask::sources::Sources;

/// The checkout and where commands are started in it.
pub(crate) struct Checkout {
    folder: tempfile::TempDir,
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
        let checkout = Self { folder };
        for file in ["book/workbook.toml", "Cargo.toml", "Cargo.lock"] {
            copy(&original().join(file), &checkout.path(file));
        }
        copy_folder(&original().join("solutions"), &checkout.path("solutions"));
        let manifest = Manifest::load(&checkout.root()).expect("the manifest is right");
        for chapter in &manifest.chapters {
            let sources = Sources::read(&checkout.root(), chapter).expect("the solution is right");
            for (path, bytes) in sources.chapter_files(|_| Fill::Starter) {
                put(&chapter.folder(&checkout.root()).join(path), &bytes);
            }
        }
        checkout
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// A folder beside the checkout.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
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

    fn command(&self, folder: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(words)
            .current_dir(self.path(folder))
            .env("CARGO_TARGET_DIR", self.target())
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("NO_COLOR")
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The target folder of this checkout.
    pub(crate) fn target(&self) -> PathBuf {
        self.beside("target")
    }
}

impl Said {
    fn of(mut child: std::process::Child) -> Self {
        let deadline = Instant::now() + Duration::from_secs(120);
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

fn copy(from: &Path, to: &Path) {
    let bytes = fs::read(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    put(to, &bytes);
}

fn copy_folder(from: &Path, to: &Path) {
    for path in xtask::sources::files_below(from).expect("it can be read") {
        copy(&from.join(&path), &to.join(&path));
    }
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("can be made");
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
