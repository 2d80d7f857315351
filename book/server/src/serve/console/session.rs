//! One console: a server that is built, started, spoken to, started anew after a save, and ended.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};
use verdict::protocol::is_message;
use verdict::{From, spoken_status};
use xtask::paths::Workbook;

use super::Place;
use super::client::{Client, Next};
use super::clocks::Clocks;
use super::event::Event;
use super::gate::Gate;
use super::order::{Order, Wish};
use super::process::{Output, Process};
use super::program::{Built, Start};
use super::signing_in::SigningIn;
use super::wire::Wire;

/// How often limits are looked at, and whether the process is still there.
const TICK: Duration = Duration::from_millis(50);
/// How long the opening may take before the page says so: a server that has nothing to do yet answers at once.
const OPENING: Duration = Duration::from_secs(5);
/// How long the output of a process is read that has ended.
const LAST_WORDS: Duration = Duration::from_millis(300);
/// What calls end with when their process does.
const GONE: &str = "The server ended before it replied.";
const NOT_RUNNING: &str = "The server is not running. Start it again.";

/// What a session needs from the beginning.
pub(super) struct Setup {
    pub(super) workbook: Workbook,
    pub(super) client: Client,
    /// For the process.
    pub(super) environment: Vec<(String, String)>,
    /// The tracker that the environment names.
    pub(super) tracker: Option<String>,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) place: Arc<Place>,
}

pub(super) struct Session {
    setup: Setup,
    wire: Wire,
    gate: Gate,
    clocks: Clocks,
    process: Option<Process>,
    output: Option<mpsc::Receiver<Output>>,
    /// The newest program.
    program: Option<Start>,
    /// Start it as soon as the old process is gone; the value is whether a save is the reason.
    follow_up: Option<bool>,
    opening_since: Option<Instant>,
    signing_in: SigningIn,
    last_tick: Instant,
    leaving: bool,
}

impl Session {
    pub(super) fn new(setup: Setup) -> Self {
        Self {
            setup,
            wire: Wire::new(),
            gate: Gate::new(),
            clocks: Clocks::default(),
            process: None,
            output: None,
            program: None,
            follow_up: None,
            opening_since: None,
            signing_in: SigningIn::default(),
            last_tick: Instant::now(),
            leaving: false,
        }
    }

    /// Goes on until the page is gone or the workbook ends, and the process after that.
    pub(super) async fn run(
        mut self,
        mut orders: mpsc::Receiver<Order>,
        mut builds: mpsc::Receiver<Built>,
    ) {
        let events = self.setup.events.clone();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.leaving || self.process.is_some() {
            tokio::select! {
                () = events.closed(), if !self.leaving => self.leave(),
                order = orders.recv(), if !self.leaving => match order {
                    None => self.leave(),
                    Some(Order { wish, answer }) => {
                        let done = self.perform(wish).await;
                        // Whoever asked may have gone.
                        let _ = answer.send(done);
                    }
                },
                Some(built) = builds.recv(), if !self.leaving => self.built(built).await,
                output = next(&mut self.output) => match output {
                    Some(output) => self.heard(output).await,
                    None => self.output = None,
                },
                _ = tick.tick() => self.tick().await,
            }
        }
    }

    fn leave(&mut self) {
        self.leaving = true;
        self.follow_up = None;
        self.setup.place.leaves();
        if let Some(process) = &mut self.process {
            process.ask_to_end();
        }
    }

    async fn built(&mut self, built: Built) {
        match built {
            Built::Progress(progress) => self.tell(Event::Building { progress }).await,
            Built::Failed(why) => {
                let still_running = self.process.is_some();
                self.tell(Event::NotBuilt { why, still_running }).await;
            }
            Built::Ready { start, after_save } => {
                self.program = Some(start);
                self.start_anew(after_save).await;
            }
        }
    }

    async fn perform(&mut self, wish: Wish) -> Result<(), String> {
        self.gate.open();
        match wish {
            Wish::Restart if self.program.is_none() => Err("There is no program yet.".into()),
            Wish::Restart => {
                self.start_anew(false).await;
                Ok(())
            }
            Wish::Stop => {
                self.follow_up = None;
                let process = self.process.as_mut().ok_or(NOT_RUNNING)?;
                process.ask_to_end();
                self.say("asked to end: its input has ended").await;
                Ok(())
            }
            Wish::Send { text } => {
                for line in text.lines() {
                    self.send(line.to_owned()).await?;
                }
                Ok(())
            }
            Wish::Call {
                call,
                method,
                params,
                limit,
            } => {
                if !self.clocks.start(call, limit) {
                    return Err(format!("The call {call} has not ended yet."));
                }
                let next = self.setup.client.call(call, method, params);
                if let Err(why) = self.apply(next).await {
                    self.give_up(call, "not sent", why).await;
                }
                Ok(())
            }
            Wish::Answer { question, result } => {
                let next = self.setup.client.answer(question, result);
                let next = next.ok_or("The question is not open any more.")?;
                Ok(self.apply(next).await?)
            }
            Wish::Cancel { call } => {
                let (reason, why) = ("taken back by the person", "You took it back.");
                match self.give_up(call, reason, why).await {
                    true => Ok(()),
                    false => Err("The call has ended already.".into()),
                }
            }
        }
    }

    /// Starts the newest program, once the process of before is gone.
    async fn start_anew(&mut self, after_save: bool) {
        match &mut self.process {
            Some(process) => {
                process.ask_to_end();
                self.follow_up = Some(after_save);
                self.say("asked to end: its input has ended, another follows")
                    .await;
            }
            None => self.start(after_save).await,
        }
    }

    async fn start(&mut self, after_save: bool) {
        let Some(program) = self.program.clone() else {
            return;
        };
        let Setup {
            workbook,
            environment,
            ..
        } = &self.setup;
        let shown = workbook.shown(&program.server);
        let (command, arguments) = program.command();
        match Process::start(command, &arguments, &workbook.root, environment) {
            Err(error) => {
                let why = format!("{shown} cannot be started: {error}");
                let still_running = false;
                self.tell(Event::NotBuilt { why, still_running }).await;
            }
            Ok((process, output)) => {
                self.setup.place.holds(process.group());
                self.process = Some(process);
                self.output = Some(output);
                self.wire.restart();
                self.gate.open();
                self.opening_since = Some(Instant::now());
                self.signing_in = SigningIn::default();
                let started = Event::Started {
                    program: shown,
                    after_save,
                    tracker: self.setup.tracker.clone(),
                };
                self.tell(started).await;
                self.say("started").await;
                let next = self.setup.client.open();
                if let Err(why) = self.apply(next).await {
                    self.say(why).await;
                }
            }
        }
    }

    /// A line of the server.
    async fn heard(&mut self, output: Output) {
        let Output { from, line } = output;
        let message: Option<Value> = match from {
            From::Server if line.left_out == 0 => {
                serde_json::from_slice(&line.bytes).ok().filter(is_message)
            }
            _ => None,
        };
        let client = &self.setup.client;
        let awaited = message
            .as_ref()
            .is_some_and(|message| client.awaits(message));
        if !self.gate.lets_through(line.len()) && !awaited {
            return;
        }
        self.tell_skipped(true).await;
        let shown = self.wire.line(from, &line, message.as_ref());
        self.tell(Event::Wire(shown)).await;
        if from == From::Stderr && self.program.as_ref().is_some_and(Start::is_over_http) {
            let news = self.signing_in.hear(&String::from_utf8_lossy(&line.bytes));
            if self.signing_in.has_begun() {
                // The program has limits of its own for the way to a token.
                self.opening_since = None;
            }
            if let Some(event) = news {
                self.tell(event).await;
            }
        }
        if let Some(message) = message {
            let next = self.setup.client.hear(&message);
            if let Err(why) = self.apply(next).await {
                self.say(why).await;
            }
        }
    }

    async fn tick(&mut self) {
        let mut passed = self.last_tick.elapsed();
        self.last_tick = Instant::now();
        if self.signing_in.waits_for_person() {
            passed = Duration::ZERO;
        }
        self.tell_skipped(false).await;
        self.look_after_process().await;
        let late = self
            .opening_since
            .is_some_and(|since| since.elapsed() > OPENING);
        if late {
            self.opening_since = None;
            if self.setup.client.is_opening() {
                let why = format!(
                    "The server has not answered the opening within {} s.",
                    OPENING.as_secs()
                );
                self.tell(Event::NotOpened { why }).await;
            }
        }
        let client = &self.setup.client;
        let late = self
            .clocks
            .pass(passed, |call| client.waits_for_server(call));
        for (call, limit) in late {
            let why = format!(
                "No reply within {} s; the call was taken back.",
                limit.as_secs()
            );
            self.give_up(call, "no reply in time", &why).await;
        }
    }

    async fn look_after_process(&mut self) {
        let Some(process) = &mut self.process else {
            return;
        };
        let status = match process.ended() {
            Ok(None) => {
                if let Some(done) = process.push() {
                    self.say(done).await;
                }
                return;
            }
            Ok(Some(status)) => spoken_status(status),
            Err(error) => format!("nobody knows what: {error}"),
        };
        let asked = process.is_ending();
        self.last_words().await;
        // What has been started and went its own way is killed here.
        self.process = None;
        self.output = None;
        self.opening_since = None;
        self.setup.place.holds_nothing();
        self.say(&format!("ended with {status}")).await;
        let next = self.setup.client.forget(GONE);
        self.announce(next.tell).await;
        self.tell(Event::Ended { status, asked }).await;
        if let Some(after_save) = self.follow_up.take() {
            self.start(after_save).await;
        }
    }

    /// Reads what a process has written before it ended.
    async fn last_words(&mut self) {
        let until = Instant::now() + LAST_WORDS;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match timeout(left, next(&mut self.output)).await {
                Ok(Some(output)) => self.heard(output).await,
                Ok(None) | Err(_) => return,
            }
        }
    }

    /// Ends a call without a reply; false if it has ended already.
    async fn give_up(&mut self, call: u64, reason: &str, why: &str) -> bool {
        let Some(next) = self.setup.client.cancel(call, reason, why) else {
            return false;
        };
        if let Err(why) = self.apply(next).await {
            self.say(why).await;
        }
        true
    }

    /// Sends and tells. If something could not be sent, the rest is done all the same, and the reason returned.
    async fn apply(&mut self, next: Next) -> Result<(), &'static str> {
        let mut failed = Ok(());
        for message in next.send {
            if let Err(why) = self.send(message.to_string()).await {
                failed = Err(why);
            }
        }
        self.announce(next.tell).await;
        failed
    }

    async fn announce(&mut self, events: Vec<Event>) {
        for event in events {
            if let Event::Reply { call, .. } = &event {
                self.clocks.stop(*call);
            }
            self.tell(event).await;
        }
    }

    async fn send(&mut self, line: String) -> Result<(), &'static str> {
        let process = self.process.as_ref().ok_or(NOT_RUNNING)?;
        process.send(line.clone())?;
        let shown = self.wire.own(From::Client, &line);
        self.tell(Event::Wire(shown)).await;
        Ok(())
    }

    /// A line about the process itself.
    async fn say(&mut self, text: &str) {
        let shown = self.wire.own(From::Process, text);
        self.tell(Event::Wire(shown)).await;
    }

    async fn tell_skipped(&mut self, at_once: bool) {
        if let Some(outside) = self.gate.outside(at_once) {
            let (lines, bytes) = (outside.lines, outside.bytes);
            self.tell(Event::Skipped { lines, bytes }).await;
        }
    }

    /// Waits while the page does not read: then the server waits too, and no memory fills up.
    async fn tell(&self, event: Event) {
        // A page that is gone is noticed in the loop.
        let _ = self.setup.events.send(event).await;
    }
}

async fn next(output: &mut Option<mpsc::Receiver<Output>>) -> Option<Output> {
    match output {
        Some(output) => output.recv().await,
        None => pending().await,
    }
}
