//! Endurance: thousands of mixed calls to the server of chapter 3, whose tracker fails now and then. Some calls are cancelled.
//!
//! Nothing is judged here. `cargo xtask bench` shows the figures beside what is hoped for.

mod calls;
pub(crate) mod capstone;
mod client;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use reference_tests::harness::Subject;
use tracker::{Effect, Fault, Options, Tracker};
use verdict::Soak;

use self::calls::Calls;
use self::client::Client;

/// All calls.
const CALLS: u64 = 10_000;
/// The memory is looked at for the first time when so many have ended: caches and pools are filled by then.
const EARLY: u64 = 1_000;
/// So many calls are open at a time.
const OPEN: usize = 16;
/// One of so many is to be cancelled; some of them are answered before.
const CANCELLED: u64 = 5;
/// How long a call may take: beyond it, it has no end.
const CALL: Duration = Duration::from_secs(15);
/// How long everything may take.
const ALL: Duration = Duration::from_secs(300);
/// How long a server may take to end when its input does.
const END: Duration = Duration::from_secs(10);
/// Faults are asked for again each time so many calls have begun.
const FAULTS_EVERY: u64 = 50;

/// Limits of the server that are met within the time at hand.
const SETTINGS: [(&str, &str); 5] = [
    ("ATTEMPT_TIMEOUT_MS", "200"),
    ("CALL_BUDGET_MS", "2000"),
    ("HANDLE_TTL_MS", "1000"),
    ("RUST_LOG", "off"),
    ("RUST_BACKTRACE", "0"),
];

/// Runs the load and prints one line of figures.
///
/// # Errors
/// The server cannot be started, ends too early, or leaves a call without an end.
pub(crate) async fn soak(subject: &Subject) -> anyhow::Result<()> {
    let tracker = Tracker::start(Options::default())
        .await
        .context("cannot start a tracker")?;
    let mut environment = vec![("TRACKER_URL", tracker.url())];
    environment.extend(SETTINGS.map(|(name, value)| (name, value.to_owned())));
    let client = Client::start(subject, &environment)?;
    let found = tokio::time::timeout(ALL, Run::new(client, &tracker).finish()).await;
    let found = found.with_context(|| format!("stopped after {} s", ALL.as_secs()))??;
    crate::print_line(&found);
    tracker.stop().await;
    Ok(())
}

/// The load, on its way.
struct Run<'a> {
    client: Client,
    tracker: &'a Tracker,
    calls: Calls,
    /// The calls whose reply is awaited, with the time at which they began.
    open: HashMap<u64, Instant>,
    /// Those that were cancelled: a reply may have been on its way.
    cancelled: HashSet<u64>,
    /// When which call is to be cancelled, if it still is open.
    to_cancel: Vec<(Instant, u64)>,
    found: Soak,
}

impl<'a> Run<'a> {
    fn new(client: Client, tracker: &'a Tracker) -> Self {
        Self {
            client,
            tracker,
            calls: Calls::default(),
            open: HashMap::new(),
            cancelled: HashSet::new(),
            to_cancel: Vec::new(),
            found: Soak::default(),
        }
    }

    async fn finish(mut self) -> anyhow::Result<Soak> {
        let began = Instant::now();
        while self.found.calls < CALLS || !self.open.is_empty() {
            while self.found.calls < CALLS && self.open.len() < OPEN {
                self.begin().await?;
            }
            self.cancel_those_due().await?;
            self.look_for_lost_calls()?;
            self.hear().await?;
        }
        self.found.late_kib = self.client.memory()?;
        self.found.millis = millis(began.elapsed());
        let closed = Instant::now();
        self.client.end(END).await?;
        self.found.end_millis = millis(closed.elapsed());
        Ok(self.found)
    }

    /// Begins the next call.
    async fn begin(&mut self) -> anyhow::Result<()> {
        self.found.calls += 1;
        let id = self.found.calls;
        if id % FAULTS_EVERY == 1 {
            add_faults(self.tracker)?;
        }
        let now = Instant::now();
        // Each time another one of its five, so that every tool has its turn.
        if id % CANCELLED == id / CANCELLED % CANCELLED {
            self.to_cancel
                .push((now + Duration::from_millis(id % 3), id));
        }
        self.open.insert(id, now);
        self.client.send(&self.calls.next(id)).await
    }

    async fn cancel_those_due(&mut self) -> anyhow::Result<()> {
        let now = Instant::now();
        let due = self.to_cancel.extract_if(.., |(at, _)| *at <= now);
        for (_, id) in due.collect::<Vec<_>>() {
            if self.open.remove(&id).is_some() {
                self.cancelled.insert(id);
                self.found.cancelled += 1;
                self.client.send(&calls::cancellation(id)).await?;
                self.one_more_ended()?;
            }
        }
        Ok(())
    }

    fn look_for_lost_calls(&self) -> anyhow::Result<()> {
        for (id, began) in &self.open {
            let what = || format!("call {id} has no end: {}", calls::spoken(*id));
            ensure!(began.elapsed() < CALL, what());
        }
        Ok(())
    }

    /// Hears one message, or none if it is time to look at the clock again.
    async fn hear(&mut self) -> anyhow::Result<()> {
        let tick = Duration::from_millis(1);
        let Ok(message) = tokio::time::timeout(tick, self.client.hear()).await else {
            return Ok(());
        };
        let message = message?;
        let Some(id) = message["id"].as_u64() else {
            // A notification: somebody is told about progress.
            self.found.notifications += 1;
            return Ok(());
        };
        if self.open.remove(&id).is_none() {
            ensure!(self.cancelled.remove(&id), "a reply to nobody: {message}");
            return Ok(());
        }
        self.found.answered += 1;
        if message.get("error").is_some() || message["result"]["isError"] == true {
            self.found.errors += 1;
        }
        self.calls.learn(&message);
        self.one_more_ended()
    }

    fn one_more_ended(&mut self) -> anyhow::Result<()> {
        if self.found.answered + self.found.cancelled == EARLY {
            self.found.early_kib = self.client.memory()?;
        }
        Ok(())
    }
}

/// What a tracker does wrong on a bad day. Gives the number of requests that are to be met.
fn add_faults(tracker: &Tracker) -> anyhow::Result<u64> {
    let mut met = 0;
    let busy = Effect::TooManyRequests { retry_after: 1 };
    let slow = |millis| Effect::Latency { millis };
    let late = |millis| Effect::LateReply { millis };
    for fault in [
        Fault::anywhere(Effect::Status { status: 503 })
            .times(3)
            .after(2),
        Fault::on("POST /tasks", busy),
        // Longer than an attempt may take.
        Fault::anywhere(slow(300)).times(2).after(5),
        Fault::on("POST /tasks", late(300)).after(1),
        Fault::anywhere(late(20)).times(10).after(10),
        Fault::anywhere(Effect::TruncatedJson).times(2).after(20),
        Fault::anywhere(Effect::TokenExpired).after(25),
        Fault::on("POST /tasks/{task}/transitions", Effect::EditedMeanwhile),
    ] {
        met += fault.times;
        tracker.fault(fault)?;
    }
    Ok(met)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
