//! What a check gets: the subject, the era, and the means to start servers.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use issuer::Issuer;
use tempfile::TempDir;
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::JoinSet;
use tracker::{Tokens, Tracker};
use verdict::Era;

use super::environment::{self, Surroundings};
use super::finding::{Stop, Verdict};
use super::limits::Limits;
use super::log::ProcessLog;
use super::output::{self, Stream};
use super::process::{self, Connection, Launch};
use super::protocol::{self, Client};
use super::recorder::{Recorder, lock};
use super::server::{Ending, Server};
use super::tracker::TRACKER_TOKEN;
use super::{issuer as own_issuer, notes, short, tracker as own_tracker};

/// The server that is judged.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The program.
    pub command: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Where it is started; without it, here.
    pub folder: Option<PathBuf>,
    /// Further environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The folder of its crate, if it is one of this workbook's.
    pub crate_folder: Option<PathBuf>,
    /// The target folder into which that crate was built.
    pub target_folder: Option<PathBuf>,
    /// The program of that crate's integration tests.
    pub tests: Option<PathBuf>,
    /// How long things may take.
    pub limits: Limits,
}

/// How a check opens the conversation with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// As the era of the check demands: nothing in the modern one, the handshake in the legacy one.
    Usual,
    /// Not at all: the check sends the first message itself.
    None,
}

/// What a check works with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    subject: Arc<Subject>,
    era: Era,
    surroundings: Surroundings,
    recorder: Arc<Recorder>,
    folder: OnceLock<TempDir>,
    tracker: OnceLock<Tracker>,
    issuer: OnceLock<Issuer>,
    /// The server that several checks use, one after the other; nothing if each starts its own.
    common: Option<AsyncMutex<Option<Server>>>,
    logs: Mutex<Vec<Arc<ProcessLog>>>,
    /// Those who watch over the processes and read what they write. Dropping the set kills the processes.
    tasks: Mutex<JoinSet<()>>,
}

impl Context {
    /// A context for one run of a check.
    pub fn new(
        subject: Arc<Subject>,
        era: Era,
        surroundings: Surroundings,
        recorder: Arc<Recorder>,
    ) -> Self {
        Self::with(subject, era, surroundings, recorder, None)
    }

    /// A context for checks that leave no trace: [`Context::start`] gives all of them the same server. Nothing is recorded.
    pub(super) fn for_several(subject: Arc<Subject>, era: Era, surroundings: Surroundings) -> Self {
        let recorder = Arc::new(Recorder::deaf());
        let common = Some(AsyncMutex::default());
        Self::with(subject, era, surroundings, recorder, common)
    }

    fn with(
        subject: Arc<Subject>,
        era: Era,
        surroundings: Surroundings,
        recorder: Arc<Recorder>,
        common: Option<AsyncMutex<Option<Server>>>,
    ) -> Self {
        Self(Arc::new(Inner {
            subject,
            era,
            surroundings,
            recorder,
            folder: OnceLock::new(),
            tracker: OnceLock::new(),
            issuer: OnceLock::new(),
            common,
            logs: Mutex::default(),
            tasks: Mutex::default(),
        }))
    }

    /// The era of this run.
    pub fn era(&self) -> Era {
        self.0.era
    }

    /// The server that is judged.
    pub fn subject(&self) -> &Subject {
        &self.0.subject
    }

    /// How long things may take.
    pub fn limits(&self) -> Limits {
        self.0.subject.limits
    }

    /// A folder of this run alone, which disappears with it.
    ///
    /// # Errors
    /// The machine has no room for it.
    pub fn folder(&self) -> Verdict<&Path> {
        if let Some(folder) = self.0.folder.get() {
            return Ok(folder.path());
        }
        let made = tempfile::Builder::new()
            .prefix("mcp-workbook-")
            .tempdir()
            .map_err(|error| Stop::Fault(format!("cannot make a temporary folder: {error}")))?;
        Ok(self.0.folder.get_or_init(|| made).path())
    }

    /// The tracker of this run alone: its journal, its faults, its data. Every server of the run is told its address and
    /// [`TRACKER_TOKEN`](super::TRACKER_TOKEN); it ends with the run.
    ///
    /// # Errors
    /// The check is one without a tracker, or the machine has no port to give.
    pub fn tracker(&self) -> Verdict<&Tracker> {
        let tokens = match self.0.surroundings {
            Surroundings::WithTracker => Tokens::Only(vec![TRACKER_TOKEN.into()]),
            Surroundings::WithOpenTracker => Tokens::Any,
            Surroundings::Plain | Surroundings::ByHand => {
                return Err(Stop::Fault("this check has no tracker".into()));
            }
        };
        if let Some(tracker) = self.0.tracker.get() {
            return Ok(tracker);
        }
        let started = own_tracker::start(tokens)?;
        Ok(self.0.tracker.get_or_init(|| started))
    }

    /// The issuer of this run alone: its keys, its faults, its journal. A server is told of it by the check; it ends with the
    /// run.
    ///
    /// # Errors
    /// The machine has no port to give.
    pub fn issuer(&self) -> Verdict<&Issuer> {
        if let Some(issuer) = self.0.issuer.get() {
            return Ok(issuer);
        }
        let started = own_issuer::start()?;
        Ok(self.0.issuer.get_or_init(|| started))
    }

    /// Starts the server and opens the conversation in the era of this run.
    ///
    /// # Errors
    /// It cannot be started, or refuses the opening.
    pub async fn start(&self) -> Verdict<Server> {
        let Some(common) = &self.0.common else {
            return self.server().start(Opening::Usual).await;
        };
        let mut common = common.lock().await;
        if let Some(server) = &*common {
            return Ok(server.clone());
        }
        let server = self.server().start(Opening::Usual).await?;
        *common = Some(server.clone());
        Ok(server)
    }

    /// Prepares the start of a server.
    pub fn server(&self) -> Launcher {
        let subject = &self.0.subject;
        let own = subject.environment.iter();
        let own = own.map(|(name, value)| (name.clone(), Some(value.clone())));
        Launcher {
            context: self.clone(),
            surroundings: self.0.surroundings,
            launch: Launch {
                command: subject.command.clone(),
                arguments: subject.arguments.clone(),
                folder: subject.folder.clone(),
                environment: own.collect(),
                connection: Connection::Pipes,
            },
            client: Client::default(),
        }
    }

    /// Prepares the start of a program that is no server, with nothing of a server's surroundings.
    pub fn program(&self, command: &Path, folder: &Path) -> Launcher {
        Launcher {
            context: self.clone(),
            surroundings: Surroundings::Plain,
            launch: Launch {
                command: command.into(),
                arguments: Vec::new(),
                folder: Some(folder.into()),
                environment: Vec::new(),
                connection: Connection::Pipes,
            },
            client: Client::default(),
        }
    }

    /// Known faults of the servers of this run, which may explain a failure.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = BTreeMap::new();
        for log in lock(&self.0.logs).iter() {
            notes::explain(log, &mut notes);
        }
        let of_tracker = self.0.tracker.get().and_then(own_tracker::note);
        notes.into_values().chain(of_tracker).collect()
    }

    /// Everything that was said in this run.
    pub fn recorder(&self) -> &Recorder {
        &self.0.recorder
    }

    /// Waits until the servers of this run, whose handles are gone, are dead and their output is read.
    /// What is left after a second is killed by dropping it.
    pub async fn finish(&self) {
        if let Some(common) = &self.0.common {
            *common.lock().await = None;
        }
        let mut tasks = std::mem::take(&mut *lock(&self.0.tasks));
        let all = async { while tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(Duration::from_secs(1), all).await;
        tasks.shutdown().await;
    }
}

/// A server about to be started.
#[derive(Debug, Clone)]
#[must_use = "nothing runs before `start`"]
pub struct Launcher {
    context: Context,
    surroundings: Surroundings,
    launch: Launch,
    client: Client,
}

impl Launcher {
    /// Sets a variable of its environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.launch
            .environment
            .push((name.as_ref().into(), Some(value.as_ref().into())));
        self
    }

    /// Sets a variable of its environment, unless that is done elsewhere.
    pub(super) fn under(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let under = (name.into(), Some(value.as_ref().into()));
        self.launch.environment.insert(0, under);
        self
    }

    /// Removes a variable from its environment.
    pub fn without(mut self, name: impl AsRef<OsStr>) -> Self {
        self.launch.environment.push((name.as_ref().into(), None));
        self
    }

    /// Adds an argument to the command.
    pub fn argument(mut self, argument: &str) -> Self {
        self.launch.arguments.push(argument.into());
        self
    }

    /// Chooses how standard input and output are connected.
    pub fn connected_by(mut self, connection: Connection) -> Self {
        self.launch.connection = connection;
        self
    }

    /// Chooses who opens the conversation, and what that client can do.
    pub fn client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// Starts the process and opens the conversation.
    ///
    /// # Errors
    /// It cannot be started, or refuses the opening.
    pub async fn start(self, opening: Opening) -> Verdict<Server> {
        let server = self.spawn()?;
        if opening == Opening::Usual && server.era() == Era::Legacy {
            server.initialize(protocol::LEGACY).await?;
        }
        Ok(server)
    }

    /// Runs the command to its end with empty input; returns its standard output and how it ended.
    ///
    /// # Errors
    /// It cannot be started, or has not ended within `limit` (× the time factor).
    pub async fn output(self, limit: Duration) -> Verdict<(String, Ending)> {
        let server = self.spawn()?;
        server.log().is_plain_program();
        server.close_input().await;
        let ending = server
            .ending(limit, "it was started with empty input")
            .await?;
        server.log().settled(Duration::from_millis(200)).await;
        Ok((server.log().stdout(), ending))
    }

    fn spawn(self) -> Verdict<Server> {
        let Self {
            context,
            surroundings,
            mut launch,
            client,
        } = self;
        let inner = &context.0;
        // Later entries win: what the check itself sets goes before all of this.
        let mut environment = environment::changes(surroundings);
        if surroundings.has_tracker() {
            environment.extend(own_tracker::environment(context.tracker()?));
        }
        environment.append(&mut launch.environment);
        launch.environment = environment;
        let log = {
            let number = inner.recorder.number_process();
            let log = Arc::new(ProcessLog::new(number, Arc::clone(&inner.recorder)));
            lock(&inner.logs).push(Arc::clone(&log));
            log
        };
        let (process, streams, watch_over) =
            process::start(&launch, Arc::clone(&log)).map_err(|error| {
                Stop::Fault(format!(
                    "cannot start {}: {error}; look whether the command is right and the file may be executed",
                    launch.command.display()
                ))
            })?;
        log.note(&format!("started: {}", command_line(&launch)));
        let mut tasks = lock(&inner.tasks);
        tasks.spawn(watch_over);
        let readers = [
            (streams.stdout, Stream::Stdout),
            (streams.stderr, Stream::Stderr),
        ];
        for (stream, which) in readers {
            let log = Arc::clone(&log);
            let killer = process.killer();
            tasks.spawn(async move {
                if !output::read(stream, which, log).await {
                    killer.kill();
                }
            });
        }
        drop(tasks);
        let mut server = Server::new(context.era(), context.limits(), streams.stdin, process, log);
        server.introduce_as(client);
        Ok(server)
    }
}

fn command_line(launch: &Launch) -> String {
    let program = Path::new(&launch.command)
        .file_name()
        .unwrap_or(&launch.command)
        .to_string_lossy()
        .into_owned();
    let arguments = launch
        .arguments
        .iter()
        .map(|argument| argument.to_string_lossy().into_owned());
    short::line(
        &std::iter::once(program)
            .chain(arguments)
            .collect::<Vec<_>>()
            .join(" "),
    )
}
