//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::prelude::*;
use reference_tests::checks;
use reference_tests::harness::{Limits, Selection, Subject};
use verdict::Era;

/// How the program is called.
pub(crate) const USAGE: &str = "\
usage: checker check [--chapter ch02] [--exercise 2.3]… [--check NAME]… [--era modern|legacy] [--first 2.3] [--skip-slow] [--wire]
                     [--crate DIR --target DIR [--tests PROGRAM]] [--cwd DIR] [--env NAME=VALUE]… -- COMMAND [ARGUMENTS…]
       checker list
       checker record [--tracker] SCRIPT.toml -- COMMAND [ARGUMENTS…]
       checker talk [--era modern|legacy] [--wire] [--tracker] [--issuer] [--cwd DIR] [--env NAME=VALUE]… -- COMMAND [ARGUMENTS…]
       checker talk --http [SIGNING IN] … -- COMMAND [ARGUMENTS…]    or    checker talk --url URL [SIGNING IN] …
       checker connect [SIGNING IN] [--env NAME=VALUE]… (--url URL | -- COMMAND [ARGUMENTS…])
       checker host [--port 8080] [--tracker-port 8089] [--issuer-port 8189] [--env NAME=VALUE]… -- COMMAND [ARGUMENTS…]
       checker soak [--capstone [--calls 20000]] [--cwd DIR] -- COMMAND [ARGUMENTS…]
       checker tracker [--port 8089] [--token TOKEN] [--reuse]
       checker issuer [--port 8189] [--reuse]

SIGNING IN: [--machine] [--scope SCOPES] [--open] [--sign-in-limit SECONDS]

`check`, `record`, `soak`, `host`, `tracker` and `issuer` end when their standard input ends: keep it open.";

/// Where people expect a server over HTTP.
const HTTP_PORT: u16 = 8080;
/// How many calls a long load on the capstone is.
const CALLS: u64 = 20_000;
/// How long a person may take to sign in.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the program is asked to do.
#[derive(Debug)]
pub(crate) struct Request {
    /// The verb with all that belongs to it.
    pub(crate) command: Command,
}

/// The verbs.
#[derive(Debug)]
pub(crate) enum Command {
    /// Judge a server.
    Check(Selection, Box<Subject>),
    /// Print all checks.
    List,
    /// Run a recording script.
    Record(RecordOptions, Box<Subject>),
    /// Put a long load on a server like that of chapter 3.
    Soak(Box<Subject>),
    /// The same on one like that of chapter 8: so many calls.
    Endure(u64, Box<Subject>),
    /// Talk to a server from the terminal; without a subject, to one that runs already.
    Talk(TalkOptions, Option<Box<Subject>>),
    /// Pass messages on to a server over HTTP; without a subject, to one that runs already.
    Connect(SignIn, Option<Box<Subject>>),
    /// Run a server over HTTP with what it needs.
    Host(HostOptions, Box<Subject>),
    /// Run a tracker.
    Tracker(TrackerOptions),
    /// Run an issuer.
    Issuer(IssuerOptions),
}

/// What to record.
#[derive(Debug)]
pub(crate) struct RecordOptions {
    /// The script.
    pub(crate) script: PathBuf,
    /// Whether the server has a tracker.
    pub(crate) tracker: bool,
}

/// How to get a token, if the server wants one.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    /// A server that runs already.
    pub(crate) url: Option<String>,
    /// As a program with a secret, not as a person.
    pub(crate) machine: bool,
    /// What to ask for in place of what the server names.
    pub(crate) scope: Option<String>,
    /// Whether a browser is opened.
    pub(crate) open: bool,
    /// How long a person may take.
    pub(crate) patience: Duration,
}

/// Where to run a server.
#[derive(Debug)]
pub(crate) struct HostOptions {
    /// The first port to try for it.
    pub(crate) port: u16,
    /// The same for the tracker.
    pub(crate) tracker_port: u16,
    /// The same for the issuer.
    pub(crate) issuer_port: u16,
}

/// How to talk.
#[derive(Debug, Clone)]
pub(crate) struct TalkOptions {
    /// The era.
    pub(crate) era: Era,
    /// Show the raw messages.
    pub(crate) wire: bool,
    /// Whether the server needs a tracker.
    pub(crate) tracker: bool,
    /// Whether the server needs an issuer.
    pub(crate) issuer: bool,
    /// How to sign in; none for a server over stdio.
    pub(crate) http: Option<SignIn>,
}

/// Which tracker to run.
#[derive(Debug)]
pub(crate) struct TrackerOptions {
    /// The first port to try.
    pub(crate) port: u16,
    /// The token that it accepts.
    pub(crate) token: String,
    /// Whether one that runs there already will do.
    pub(crate) reuse: bool,
}

/// Which issuer to run.
#[derive(Debug)]
pub(crate) struct IssuerOptions {
    /// The first port to try.
    pub(crate) port: u16,
    /// Whether one that runs there already will do.
    pub(crate) reuse: bool,
}

/// Everything that may stand on the command line.
#[derive(Default)]
struct Given {
    selection: Selection,
    wire: bool,
    tracker: bool,
    issuer: bool,
    http: bool,
    machine: bool,
    open: bool,
    scope: Option<String>,
    url: Option<String>,
    sign_in_limit: Option<u16>,
    capstone: bool,
    calls: Option<u64>,
    port: Option<u16>,
    tracker_port: Option<u16>,
    issuer_port: Option<u16>,
    token: Option<String>,
    reuse: bool,
    script: Option<PathBuf>,
    crate_folder: Option<PathBuf>,
    target_folder: Option<PathBuf>,
    tests: Option<PathBuf>,
    folder: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    command: Vec<OsString>,
}

impl Request {
    /// Reads the command line, the name of the program included.
    pub(crate) fn read(arguments: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut parser = lexopt::Parser::from_iter(arguments);
        let verb = match parser.next().map_err(spoken)? {
            Some(Value(verb)) => verb.to_string_lossy().into_owned(),
            _ => return Err("say what to do".into()),
        };
        let given = match verb.as_str() {
            "check" | "list" | "record" | "soak" | "load" | "bare" | "talk" | "connect"
            | "host" | "tracker" | "issuer" => Given::read(&verb, parser)?,
            other => return Err(format!("there is no verb {other:?}")),
        };
        let command = match verb.as_str() {
            "list" => Command::List,
            "check" => {
                given.selection_is_sensible()?;
                Command::Check(given.selection.clone(), given.subject()?)
            }
            "record" => {
                let options = RecordOptions {
                    script: given.script.clone().ok_or("name the recording script")?,
                    tracker: given.tracker,
                };
                Command::Record(options, given.subject()?)
            }
            "soak" if given.capstone => {
                Command::Endure(given.calls.unwrap_or(CALLS), given.subject()?)
            }
            "soak" => Command::Soak(given.subject()?),
            "tracker" => Command::Tracker(TrackerOptions {
                port: given.port.unwrap_or(tracker::PORT),
                token: given.token.unwrap_or(tracker::DEFAULT_TOKEN.into()),
                reuse: given.reuse,
            }),
            "issuer" => Command::Issuer(IssuerOptions {
                port: given.port.unwrap_or(issuer::PORT),
                reuse: given.reuse,
            }),
            "host" => Command::Host(
                HostOptions {
                    port: given.port.unwrap_or(HTTP_PORT),
                    tracker_port: given.tracker_port.unwrap_or(tracker::PORT),
                    issuer_port: given.issuer_port.unwrap_or(issuer::PORT),
                },
                given.subject()?,
            ),
            "connect" => Command::Connect(given.sign_in(), given.subject_unless_url()?),
            _ => {
                let over_http = given.http || given.url.is_some();
                let options = TalkOptions {
                    era: given.selection.era.unwrap_or(Era::Modern),
                    wire: given.wire,
                    tracker: given.tracker,
                    issuer: given.issuer,
                    http: over_http.then(|| given.sign_in()),
                };
                Command::Talk(options, given.subject_unless_url()?)
            }
        };
        Ok(Self { command })
    }
}

impl Given {
    fn read(verb: &str, mut parser: lexopt::Parser) -> Result<Self, String> {
        let mut given = Self::default();
        let checking = verb == "check";
        let tracker = verb == "tracker";
        let service = tracker || verb == "issuer";
        let starts_server = !service && verb != "list";
        let signs_in = verb == "talk" || verb == "connect";
        let hosts = verb == "host";
        loop {
            // What follows `--` belongs to the command, whatever it looks like.
            if let Some(mut raw) = parser.try_raw_args()
                && raw.next_if(|next| next == "--").is_some()
            {
                given.command = raw.collect();
                return Ok(given);
            }
            let Some(argument) = parser.next().map_err(spoken)? else {
                return Ok(given);
            };
            match argument {
                Long("chapter") if checking => {
                    given.selection.chapter = Some(text(&mut parser)?);
                }
                Long("exercise") if checking => given.selection.exercises.push(text(&mut parser)?),
                Long("check") if checking => given.selection.checks.push(text(&mut parser)?),
                Long("first") if checking => given.selection.first = Some(text(&mut parser)?),
                Long("skip-slow") if checking => given.selection.skip_slow = true,
                Long("wire") if checking => given.selection.wire = true,
                Long("crate") if checking => given.crate_folder = Some(path(&mut parser)?),
                Long("target") if checking => given.target_folder = Some(path(&mut parser)?),
                Long("tests") if checking => given.tests = Some(path(&mut parser)?),
                Long("era") if checking || verb == "talk" => {
                    given.selection.era = Some(era(&text(&mut parser)?)?);
                }
                Long("wire") if verb == "talk" => given.wire = true,
                Long("tracker") if verb == "talk" || verb == "record" => given.tracker = true,
                Long("issuer") if verb == "talk" => given.issuer = true,
                Long("http") if verb == "talk" => given.http = true,
                Long("capstone") if verb == "soak" => given.capstone = true,
                Long("calls") if verb == "soak" => given.calls = Some(number(&mut parser)?.into()),
                Long("machine") if signs_in => given.machine = true,
                Long("open") if signs_in => given.open = true,
                Long("scope") if signs_in => given.scope = Some(text(&mut parser)?),
                Long("url") if signs_in => given.url = Some(text(&mut parser)?),
                Long("sign-in-limit") if signs_in => {
                    given.sign_in_limit = Some(number(&mut parser)?);
                }
                Long("tracker-port") if hosts => given.tracker_port = Some(number(&mut parser)?),
                Long("issuer-port") if hosts => given.issuer_port = Some(number(&mut parser)?),
                Long("port") if service || hosts => given.port = Some(number(&mut parser)?),
                Long("token") if tracker => given.token = Some(text(&mut parser)?),
                Long("reuse") if service => given.reuse = true,
                Long("cwd") if starts_server => given.folder = Some(path(&mut parser)?),
                Long("env") if starts_server => {
                    let pair = text(&mut parser)?;
                    let (name, value) = pair
                        .split_once('=')
                        .ok_or(format!("--env {pair} lacks its `=`"))?;
                    given.environment.push((name.into(), value.into()));
                }
                Value(script) if verb == "record" && given.script.is_none() => {
                    given.script = Some(script.into());
                }
                other => return Err(spoken(other.unexpected())),
            }
        }
    }

    fn sign_in(&self) -> SignIn {
        SignIn {
            url: self.url.clone(),
            machine: self.machine,
            scope: self.scope.clone(),
            open: self.open,
            patience: self
                .sign_in_limit
                .map_or(PATIENCE, |seconds| Duration::from_secs(seconds.into())),
        }
    }

    fn subject_unless_url(self) -> Result<Option<Box<Subject>>, String> {
        match (&self.url, self.command.is_empty()) {
            (None, _) => self.subject().map(Some),
            (Some(_), true) => Ok(None),
            (Some(_), false) => Err("name a server by --url or by its command, not by both".into()),
        }
    }

    fn subject(self) -> Result<Box<Subject>, String> {
        let mut command = self.command.into_iter();
        let program = command
            .next()
            .ok_or("name the server's command after `--`")?;
        Ok(Box::new(Subject {
            command: program,
            arguments: command.collect(),
            folder: self.folder,
            environment: self.environment,
            crate_folder: self.crate_folder,
            target_folder: self.target_folder,
            tests: self.tests,
            limits: Limits::from_environment()?,
        }))
    }

    /// Asking for what does not exist would be zero checks, which must never look like a pass.
    fn selection_is_sensible(&self) -> Result<(), String> {
        let all = checks::all();
        for name in &self.selection.checks {
            if !all.iter().any(|check| check.info().check == *name) {
                return Err(format!(
                    "there is no check {name:?}; `checker list` names them all"
                ));
            }
        }
        for exercise in &self.selection.exercises {
            if !all.iter().any(|check| check.info().exercise == *exercise) {
                return Err(format!("there is no check for exercise {exercise:?}"));
            }
        }
        if !all.iter().any(|check| self.selection.wants(check.info())) {
            return Err("no check fits all that is asked for".into());
        }
        Ok(())
    }
}

fn era(name: &str) -> Result<Era, String> {
    match name {
        "modern" => Ok(Era::Modern),
        "legacy" => Ok(Era::Legacy),
        other => Err(format!("there is no era {other:?}: it is modern or legacy")),
    }
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser
        .value()
        .and_then(|value| value.string())
        .map_err(spoken)
}

fn number(parser: &mut lexopt::Parser) -> Result<u16, String> {
    parser
        .value()
        .and_then(|value| value.parse())
        .map_err(spoken)
}

fn path(parser: &mut lexopt::Parser) -> Result<PathBuf, String> {
    parser.value().map(PathBuf::from).map_err(spoken)
}

fn spoken(error: lexopt::Error) -> String {
    error.to_string()
}
