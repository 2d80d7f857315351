//! The program into which cargo has made a crate's integration tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::libtest::{self, Word};
use crate::harness::{
    Context, Ending, Launcher, Opening, Package, Server, Stop, Verdict, spoken, wrong,
};

/// Switches one planted fault on, in the server and in what the tests link of it.
const SWITCH: &str = "PLANTED_FAULT";

/// Listing what is there takes no longer than this.
const LIST: Duration = Duration::from_secs(2);

/// Tests run side by side in one program: at least two, since one alone tells its name and its result apart.
const THREADS: std::ops::RangeInclusive<usize> = 2..=8;

/// Test programs that run at the same time. More would share two cores so thinly that limits lose their meaning.
static PLACES: Semaphore = Semaphore::const_new(4);

/// The tests of the crate that is judged.
#[derive(Debug)]
pub struct TestProgram<'a> {
    context: &'a Context,
    path: &'a Path,
    package: Package,
}

/// How one test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestEnd {
    /// It found nothing wrong.
    Passed,
    /// It did; with what it said.
    Failed(Option<String>),
    /// It was not run.
    Ignored,
    /// It had not ended when its program did, or when the time was over.
    Unfinished,
}

/// What came of one run.
#[derive(Debug)]
pub struct TestRun {
    /// Every test that was asked for.
    pub tests: BTreeMap<String, TestEnd>,
    /// How the program ended; none if the time was over.
    pub ending: Option<Ending>,
    /// What it wrote on standard error, past what keeps the output of tests.
    pub told: String,
}

impl Context {
    /// The tests of the crate.
    ///
    /// # Errors
    /// They were not built.
    pub fn tests(&self) -> Verdict<TestProgram<'_>> {
        let subject = self.subject();
        let path = subject.tests.as_deref().ok_or_else(|| {
            Stop::Fault("this check needs the program of the crate's tests".into())
        })?;
        Ok(TestProgram {
            context: self,
            path,
            package: self.package()?,
        })
    }
}

impl TestProgram<'_> {
    /// What a person types to run the tests whose names begin with `filter`.
    pub fn command(&self, filter: &str, fault: Option<u8>) -> String {
        let switch = fault.map(|fault| format!("{SWITCH}={fault} "));
        format!(
            "{}cargo test -p {} --test all -- {filter}",
            switch.unwrap_or_default(),
            self.package.name
        )
    }

    /// The tests whose names begin with `filter`.
    ///
    /// # Errors
    /// The program does not say which there are.
    pub async fn list(&self, filter: &str) -> Verdict<Vec<String>> {
        let launcher = self.launcher(None);
        let launcher = ["--list", "--format", "terse", filter]
            .iter()
            .fold(launcher, |launcher, argument| launcher.argument(argument));
        let (output, ending) = launcher.output(LIST).await?;
        if !ending.is_normal() {
            return Err(wrong("The test program cannot list its tests.")
                .sent(self.command(filter, None) + " --list")
                .expected("the names of the tests")
                .got(ending.spoken())
                .into());
        }
        let mut names = libtest::listed(&output);
        names.retain(|name| name.starts_with(filter));
        Ok(names)
    }

    /// Runs these tests, with a planted fault or without.
    ///
    /// # Errors
    /// The program cannot be started.
    pub async fn run(
        &self,
        names: &[String],
        fault: Option<u8>,
        limit: Duration,
    ) -> Verdict<TestRun> {
        self.run_with(names, self.launcher(fault), limit).await
    }

    /// Runs these tests, which build something with cargo.
    ///
    /// # Errors
    /// The program cannot be started.
    pub async fn run_building(&self, names: &[String], limit: Duration) -> Verdict<TestRun> {
        // Where a person who runs them by hand builds, too: each of both saves the other a minute. It is not spelled as the
        // parent: of a crate inside of that folder, trybuild would take every file for one that was built.
        let target = self.context.subject().target_folder.as_deref();
        let target = target.unwrap_or(&self.package.folder).join("..");
        let launcher = self.launcher(None).env("CARGO_TARGET_DIR", target);
        let launcher = launcher.without("TRYBUILD").env("NO_COLOR", "1");
        self.run_with(names, launcher, limit).await
    }

    async fn run_with(
        &self,
        names: &[String],
        launcher: Launcher,
        limit: Duration,
    ) -> Verdict<TestRun> {
        if names.is_empty() {
            return Err(Stop::Fault("there is no test to run".into()));
        }
        let _place = PLACES
            .acquire()
            .await
            .map_err(|error| Stop::Fault(error.to_string()))?;
        let threads = names.len().clamp(*THREADS.start(), *THREADS.end());
        let mut launcher = launcher
            .argument(&format!("--test-threads={threads}"))
            .argument("--color=never")
            .argument("--exact");
        for name in names {
            launcher = launcher.argument(name);
        }
        let server = launcher.start(Opening::None).await?;
        let (output, ending) = self.to_its_end(&server, limit).await;
        let mut ended = libtest::ended(&output, names);
        let tests = names.iter().map(|name| {
            let end = match ended.remove(name) {
                Some(Word::Ok) => TestEnd::Passed,
                Some(Word::Ignored) => TestEnd::Ignored,
                Some(Word::Failed) => TestEnd::Failed(libtest::said(&output, name)),
                None => TestEnd::Unfinished,
            };
            (name.clone(), end)
        });
        Ok(TestRun {
            tests: tests.collect(),
            ending,
            told: server.log().stderr(),
        })
    }

    /// What the program prints until it ends or is ended, with all that it has started.
    async fn to_its_end(&self, program: &Server, limit: Duration) -> (String, Option<Ending>) {
        program.log().is_plain_program();
        program.close_input().await;
        let ending = program.ending(limit, "it was started").await.ok();
        if ending.is_none() {
            let text = format!(
                "still running after {}",
                spoken(self.context.limits().scaled(limit))
            );
            program.log().note(&text);
            program.kill();
        }
        // A process that a test has left behind may hold the output open: it is not waited for long.
        program.log().settled(Duration::from_millis(200)).await;
        (program.log().stdout(), ending)
    }

    /// As `cargo test` starts it, but that nobody's settings change what the tests find.
    fn launcher(&self, fault: Option<u8>) -> Launcher {
        let changing = std::env::vars_os().map(|(name, _)| name).filter(|name| {
            let name = name.as_encoded_bytes();
            name.starts_with(b"INSTA_") || name.starts_with(b"RUST_TEST_")
        });
        let launcher = changing.fold(
            self.context.program(self.path, &self.package.folder),
            |launcher, name| launcher.without(name),
        );
        let launcher = launcher
            .env("CARGO_MANIFEST_DIR", &self.package.folder)
            .env("CARGO_PKG_NAME", &self.package.name)
            // A snapshot that is not there or not right is a failure, and stays as it is.
            .env("INSTA_UPDATE", "no")
            .env("INSTA_WORKSPACE_ROOT", self.package.workspace());
        match fault {
            Some(fault) => launcher.env(SWITCH, fault.to_string()),
            None => launcher.without(SWITCH),
        }
    }
}

impl TestRun {
    /// The tests that found something wrong: they failed, or did not come to an end.
    pub fn red(&self) -> Vec<&str> {
        self.that(|end| matches!(end, TestEnd::Failed(_) | TestEnd::Unfinished))
    }

    /// The tests that ended in a certain way.
    pub fn that(&self, way: impl Fn(&TestEnd) -> bool) -> Vec<&str> {
        let tests = self.tests.iter().filter(|(_, end)| way(end));
        tests.map(|(name, _)| name.as_str()).collect()
    }
}
