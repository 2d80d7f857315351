//! What a set of tests is worth: it finds nothing wrong with a right server, and something with each wrong one.

use std::collections::BTreeMap;

use crate::harness::{TestEnd, TestProgram, TestRun, Wrong, ensure, short, wrong};

/// What is known of the tests of one module.
pub(super) struct Grading<'a> {
    /// The module, such as `logic`.
    pub(super) module: &'a str,
    /// What the tests were compiled into.
    pub(super) program: &'a TestProgram<'a>,
    /// On the server as it is.
    pub(super) right: TestRun,
    /// With the switch set to a fault that does not exist: still the server as it is.
    pub(super) control: TestRun,
    /// With each fault that these tests are meant to catch.
    pub(super) faulty: Vec<(u8, TestRun)>,
    /// How long one run may take, in words.
    pub(super) limit: String,
}

/// A number that no planted fault has.
pub(super) const NO_FAULT: u8 = 99;

impl Grading<'_> {
    /// Demands that the tests tell a right server from each wrong one.
    pub(super) fn judge(&self) -> Result<(), Wrong> {
        self.is_run()?;
        self.is_green()?;
        self.looks_at_the_server()?;
        self.is_red_on_each_fault()
    }

    fn is_run(&self) -> Result<(), Wrong> {
        let ignored = self.right.that(|end| *end == TestEnd::Ignored);
        ensure(ignored.len() < self.right.tests.len(), || {
            let module = self.module;
            wrong(format!(
                "Every test of `{module}` is ignored, so nothing is tested."
            ))
            .sent(self.command(None))
            .expected("at least one test that runs")
            .got(format!("`#[ignore]` on {}", named(&ignored)))
        })
    }

    fn is_green(&self) -> Result<(), Wrong> {
        let (tests, right) = (&self.right.tests, &self.right);
        let failed = right.that(|end| matches!(end, TestEnd::Failed(_)));
        let unfinished = right.that(|end| *end == TestEnd::Unfinished);
        if let (Some(&first), None) = (unfinished.first(), right.ending) {
            let wrong = wrong(format!(
                "{} still running after {}, on a server that is right.",
                verb(&unfinished, "is", "are"),
                self.limit
            ));
            return Err(wrong
                .sent(self.command(None))
                .expected(format!(
                    "every test of `{}` ends within {}",
                    self.module, self.limit
                ))
                .got(format!("no end of `{first}`"))
                .why(
                    "A test that sleeps is slow on every machine and too short on some. Wait for the thing itself, \
                     with a limit: the test then ends as soon as it can.",
                ));
        }
        if let (false, Some(ending)) = (unfinished.is_empty(), right.ending) {
            return Err(wrong("The test program ended before its tests did.")
                .sent(self.command(None))
                .expected("a result of each test")
                .got(ending.spoken())
                .note(format!("Without a result: {}.", named(&unfinished))));
        }
        let Some(&first) = failed.first() else {
            return Ok(());
        };
        let always = self
            .faulty
            .iter()
            .all(|(_, run)| run.red().contains(&first));
        let what = match always {
            true => format!("`{first}` fails whether the server is right or wrong."),
            false => format!("`{first}` fails, but the server is right."),
        };
        let said = match &tests[first] {
            TestEnd::Failed(Some(said)) => said.clone(),
            _ => "a failure without a word".into(),
        };
        let wrong = wrong(what)
            .sent(self.command(None))
            .expected("a test that passes as long as the server does what it should")
            .got(&said)
            .why("A test that is red without a reason is soon ignored, and then its good reasons are too.");
        Err(match said.contains("snapshot assertion") {
            true => wrong.note(
                "Here a snapshot is compared, never written. `INSTA_UPDATE=always` before the same command writes it: read it, and keep it.",
            ),
            false => wrong,
        })
    }

    fn looks_at_the_server(&self) -> Result<(), Wrong> {
        let red = self.control.red();
        ensure(red.is_empty(), || {
            wrong(format!(
                "{} a server that is right, as soon as PLANTED_FAULT is set.",
                verb(&red, "refuses", "refuse")
            ))
            .sent(self.command(Some(NO_FAULT)))
            .expected(format!("green tests: there is no fault {NO_FAULT}"))
            .got(format!("a failure of {}", named(&red)))
            .why("A test looks at what the server does. The switch of the faults is not there when a real one comes.")
        })
    }

    fn is_red_on_each_fault(&self) -> Result<(), Wrong> {
        let slipped: Vec<u8> = self
            .faulty
            .iter()
            .filter(|(_, run)| run.red().is_empty())
            .map(|(fault, _)| *fault)
            .collect();
        let Some(&first) = slipped.first() else {
            return Ok(());
        };
        let module = self.module;
        let numbers = short::list(slipped.iter().map(u8::to_string));
        let what = match slipped.len() {
            1 => format!("Fault {numbers} slips through the tests of `{module}`."),
            _ => format!("Faults {numbers} slip through the tests of `{module}`."),
        };
        let wrong = wrong(what)
            .sent(self.command(Some(first)))
            .expected("at least one test that fails with this fault, and passes without it")
            .got(self.told());
        let ignored = self.right.that(|end| *end == TestEnd::Ignored);
        let wrong = match (ignored.is_empty(), slipped.len() == self.faulty.len()) {
            (false, _) => wrong.note(format!(
                "{} ignored, and catches nothing.",
                verb(&ignored, "is", "are")
            )),
            (true, true) => wrong.note(
                "No test notices anything. A test needs an assertion about what it got, in a case where a wrong server differs.",
            ),
            _ => wrong,
        };
        Err(wrong)
    }

    /// What became of each fault.
    fn told(&self) -> String {
        let each = self.faulty.iter().map(|(fault, run)| {
            let red = run.red();
            match (red.is_empty(), run.ending.is_none()) {
                (true, _) => format!("fault {fault}: {}", passed(&run.tests)),
                (false, true) => {
                    format!(
                        "fault {fault}: caught by {}, which does not end",
                        named(&red)
                    )
                }
                (false, false) => format!("fault {fault}: caught by {}", named(&red)),
            }
        });
        each.collect::<Vec<_>>().join("; ")
    }

    fn command(&self, fault: Option<u8>) -> String {
        self.program.command(&format!("{}::", self.module), fault)
    }
}

/// `3 tests pass`.
fn passed(tests: &BTreeMap<String, TestEnd>) -> String {
    let passed = tests.values().filter(|end| **end == TestEnd::Passed);
    match passed.count() {
        1 => "the one test passes".into(),
        2 => "both tests pass".into(),
        many => format!("all {many} tests pass"),
    }
}

/// Names in a sentence; of many, the first.
fn named(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let quoted = names.iter().take(SHOWN).map(|name| format!("`{name}`"));
    let more = names.len().saturating_sub(SHOWN);
    short::list(quoted.chain((more > 0).then(|| format!("{more} more"))))
}

/// Names, and a verb that agrees with their number.
fn verb(names: &[&str], one: &str, many: &str) -> String {
    let verb = if names.len() == 1 { one } else { many };
    format!("{} {verb}", named(names))
}
