//! Endurance of the server of chapter 8: thousands of mixed calls in both eras, over stdio and HTTP at once, while its tracker
//! fails now and then.
//!
//! A call without an end, an answer that fits no call and a server that ends are errors here. How much memory is too much is
//! for whoever reads the figures.

mod calls;
mod outcome;
mod stdio;
mod web;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use issuer::Issuer;
use reference_tests::harness::{Subject, protocol};
use serde_json::Value;
use service::{lock, resident_kib};
use tokio::process::Command;
use tokio::time::timeout;
use tracker::Tracker;
use verdict::{Endurance, MemoryOf};

use self::calls::{Call, Lane, Learned};
use self::outcome::Outcome;
use self::stdio::Pipe;
use self::web::Web;

/// So many calls are open at a time in each lane.
const WORKERS: u64 = 4;
/// The memory is looked at for the first time after this part of all calls: caches and pools are filled by then.
const EARLY: u64 = 10;
/// How long a call may take: beyond it, it has no end.
const CALL: Duration = Duration::from_secs(15);
/// How long everything may take.
const ALL: Duration = Duration::from_secs(600);
/// How long a server may take to start, or to end when its input does.
const START: Duration = Duration::from_secs(10);
/// Faults are asked for again each time so many calls have begun.
const FAULTS_EVERY: u64 = 50;

/// Limits of the server that are met within the time at hand, and those that nobody should meet.
const SETTINGS: [(&str, &str); 9] = [
    ("ATTEMPT_TIMEOUT_MS", "200"),
    ("CALL_BUDGET_MS", "2000"),
    ("IMPORT_BUDGET_MS", "5000"),
    ("RATE_LIMIT", "1000000"),
    ("CONCURRENCY_LIMIT", "1000"),
    ("STATE_KEY", "the-state-key-of-the-long-load-0123456789"),
    ("TRACKER_TOKEN", tracker::DEFAULT_TOKEN),
    ("RUST_LOG", "off"),
    ("RUST_BACKTRACE", "0"),
];

/// Runs the load and prints one line of figures.
///
/// # Errors
/// A server cannot be started or ends too early, a call has no end, or one that is not expected.
pub(crate) async fn soak(calls: u64, subject: &Subject) -> anyhow::Result<()> {
    let tracker = Tracker::start(tracker::Options::default()).await?;
    let issuer = Issuer::start(issuer::Options::default()).await?;
    let run = async {
        let load = Load::start(calls, subject, &tracker, &issuer).await?;
        load.finish().await
    };
    let found = timeout(ALL, run).await;
    let found = found.with_context(|| format!("stopped after {} s", ALL.as_secs()))??;
    crate::print_line(&found);
    issuer.stop().await;
    tracker.stop().await;
    Ok(())
}

/// The load, on its way.
struct Load<'a> {
    calls: u64,
    tracker: &'a Tracker,
    modern: Pipe,
    legacy: Pipe,
    web: Web,
    begun: AtomicU64,
    found: Mutex<Found>,
}

/// What has come of it so far.
#[derive(Default)]
struct Found {
    ended: u64,
    figures: Endurance,
    faults: u64,
}

impl<'a> Load<'a> {
    async fn start(
        calls: u64,
        subject: &Subject,
        tracker: &'a Tracker,
        issuer: &Issuer,
    ) -> anyhow::Result<Self> {
        let command = || command(subject, tracker);
        Ok(Self {
            calls,
            tracker,
            modern: Pipe::start(command(), verdict::Era::Modern).await?,
            legacy: timeout(START, Pipe::start(command(), verdict::Era::Legacy)).await??,
            web: Web::start(command(), issuer, START).await?,
            begun: AtomicU64::new(0),
            found: Mutex::default(),
        })
    }

    async fn finish(self) -> anyhow::Result<Endurance> {
        let began = Instant::now();
        tokio::try_join!(
            self.lane(Lane::StdioModern),
            self.lane(Lane::StdioLegacy),
            self.lane(Lane::HttpModern),
            self.lane(Lane::HttpLegacy),
        )?;
        let millis = super::millis(began.elapsed());
        let late = self.memory()?;
        let found = std::mem::take(&mut *lock(&self.found));
        self.modern.end(START).await?;
        self.legacy.end(START).await?;
        let pending = self.tracker.pending_faults();
        let pending: u64 = pending.iter().map(|fault| fault.times).sum();
        let mut figures = found.figures;
        ensure!(
            found.ended == self.calls && figures.ends.values().sum::<u64>() == self.calls,
            "{} calls have begun, and {} have ended",
            self.calls,
            found.ended
        );
        // A server that refuses everything is not what was to be measured.
        let results = figures.ends.get(&Outcome::Result.to_string());
        ensure!(
            results.is_some_and(|results| *results > self.calls / 2),
            "most calls have failed: {:?}",
            figures.ends
        );
        figures.calls = self.calls;
        figures.at_once = WORKERS * Lane::ALL.len() as u64;
        figures.early = self.calls / EARLY;
        figures.faults = found.faults - pending;
        figures.millis = millis;
        for (memory, (_, late)) in figures.memory.iter_mut().zip(late) {
            memory.late_kib = late;
        }
        Ok(figures)
    }

    /// A quarter of all calls.
    async fn lane(&self, lane: Lane) -> anyhow::Result<()> {
        let next = AtomicU64::new(0);
        let worker = || self.worker(lane, &next);
        tokio::try_join!(worker(), worker(), worker(), worker())?;
        Ok(())
    }

    /// Makes calls until those of the lane are used up.
    async fn worker(&self, lane: Lane, next: &AtomicU64) -> anyhow::Result<()> {
        let share = self.calls / Lane::ALL.len() as u64;
        let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < share);
        let mut learned = Learned::default();
        while let Some(number) = take() {
            let call = learned.next(lane, number);
            let reply = self.make(lane, &call).await?;
            learned.learn(&call, &reply);
            if Outcome::of(200, &reply) == Outcome::Question
                && let Some(answer) = call.answered(&reply["result"])
                && take().is_some()
            {
                self.make(lane, &answer).await?;
            }
        }
        Ok(())
    }

    /// Makes one call, and judges how it ends. Gives the reply.
    async fn make(&self, lane: Lane, call: &Call) -> anyhow::Result<Value> {
        let id = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        if id % FAULTS_EVERY == 1 {
            let met = super::add_faults(self.tracker)?;
            lock(&self.found).faults += met;
        }
        let spoken = format!("{} over {}", call.spoken(), lane.name());
        let params = protocol::params_in(lane.era(), call.params.clone(), &calls::client());
        let message = protocol::request(id, call.method, params);
        let began = Instant::now();
        let reply = timeout(call.taken_back.unwrap_or(CALL), self.ask(lane, &message)).await;
        let (outcome, reply) = match reply {
            Ok(reply) => {
                let (status, reply) = reply.with_context(|| spoken.clone())?;
                let outcome = Outcome::of(status, &reply);
                ensure!(
                    call.allowed.contains(&outcome),
                    "{spoken} ended with {outcome}: {reply}"
                );
                (outcome, reply)
            }
            Err(_) => {
                ensure!(call.taken_back.is_some(), "{spoken} has no end");
                self.take_back(lane, id).await?;
                (Outcome::TakenBack, Value::Null)
            }
        };
        self.count(call.end(outcome), began.elapsed(), spoken)?;
        Ok(reply)
    }

    async fn ask(&self, lane: Lane, message: &Value) -> anyhow::Result<(u16, Value)> {
        match lane {
            Lane::StdioModern => Ok((200, self.modern.ask(message).await?)),
            Lane::StdioLegacy => Ok((200, self.legacy.ask(message).await?)),
            Lane::HttpModern | Lane::HttpLegacy => self.web.ask(message, lane.era()).await,
        }
    }

    async fn take_back(&self, lane: Lane, id: u64) -> anyhow::Result<()> {
        match lane {
            Lane::StdioModern => self.modern.cancel(id).await,
            Lane::StdioLegacy => self.legacy.cancel(id).await,
            // The connection is closed already, and that says it.
            Lane::HttpModern | Lane::HttpLegacy => Ok(()),
        }
    }

    fn count(&self, end: String, took: Duration, spoken: String) -> anyhow::Result<()> {
        let mut found = lock(&self.found);
        found.ended += 1;
        *found.figures.ends.entry(end).or_default() += 1;
        let millis = super::millis(took);
        if millis > found.figures.longest_millis {
            found.figures.longest_millis = millis;
            found.figures.longest = spoken;
        }
        if found.ended == self.calls / EARLY {
            let memory = self.memory()?.into_iter();
            found.figures.memory = memory
                .map(|(process, early_kib)| MemoryOf {
                    process: process.to_owned(),
                    early_kib,
                    late_kib: 0,
                })
                .collect();
        }
        Ok(())
    }

    /// How much memory each process has, in KiB.
    fn memory(&self) -> anyhow::Result<Vec<(&'static str, u64)>> {
        let processes = [
            ("over stdio, modern", self.modern.id()),
            ("over stdio, legacy", self.legacy.id()),
            ("over HTTP, both eras", self.web.id()),
        ];
        let memory = processes.into_iter().map(|(name, id)| {
            let id = id.with_context(|| format!("the server {name} has ended"))?;
            Ok((name, resident_kib(id)?))
        });
        memory.collect()
    }
}

fn command(subject: &Subject, tracker: &Tracker) -> Command {
    let mut command = Command::new(&subject.command);
    if let Some(folder) = &subject.folder {
        command.current_dir(folder);
    }
    let own = subject.environment.iter();
    command
        .args(&subject.arguments)
        .envs(own.map(|(name, value)| (name, value)))
        .envs(SETTINGS)
        .env("TRACKER_URL", tracker.url());
    command
}
