//! Talking to a server over HTTP: the program that passes messages on is the server that is talked to.

use std::ffi::OsString;
use std::time::Duration;

use anyhow::Context as _;
use reference_tests::harness::{Launcher, Limits, Opening, Server, Stop, Subject, protocol, wrong};
use tokio::time::sleep;
use verdict::signing_in::{CONNECTED, SIGN_IN};
use verdict::{Era, From, WireLine};

use super::say::say;
use crate::arguments::SignIn;

/// How often somebody looks whether messages can pass.
const LOOK: Duration = Duration::from_millis(20);
/// What a line begins with by which that program says why it ends.
const FAILED: &str = "checker: ";

/// The program that passes messages on, to `server` or to one that runs already.
///
/// # Errors
/// The path of this program is not known.
pub(super) fn subject(
    sign_in: &SignIn,
    server: Option<Subject>,
    environment: Vec<(OsString, OsString)>,
) -> anyhow::Result<Subject> {
    let own = std::env::current_exe().context("this program's own path is not known")?;
    let mut arguments: Vec<OsString> = vec!["connect".into()];
    let flags = [(sign_in.machine, "--machine"), (sign_in.open, "--open")];
    arguments.extend(
        flags
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, flag)| flag.into()),
    );
    if let Some(scope) = &sign_in.scope {
        arguments.extend(["--scope".into(), scope.into()]);
    }
    let seconds = sign_in.patience.as_secs().to_string();
    arguments.extend(["--sign-in-limit".into(), seconds.into()]);
    if let Some(url) = &sign_in.url {
        arguments.extend(["--url".into(), url.into()]);
    }
    let mut subject = Subject {
        command: own.into(),
        arguments,
        folder: None,
        environment,
        crate_folder: None,
        target_folder: None,
        tests: None,
        limits: Limits::from_environment().map_err(anyhow::Error::msg)?,
    };
    if let Some(server) = server {
        subject.arguments.extend(["--".into(), server.command]);
        subject.arguments.extend(server.arguments);
        subject.folder = server.folder;
        subject.environment.extend(server.environment);
    }
    Ok(subject)
}

/// Starts it, waits until messages can pass, and opens the conversation.
///
/// # Errors
/// There is no connection: the person has read why.
pub(super) async fn start(launcher: Launcher) -> Result<Server, Stop> {
    let server = launcher.start(Opening::None).await?;
    let connected = async {
        let is_there = |log: String| log.lines().any(|line| line.starts_with(CONNECTED));
        while !is_there(server.log().stderr()) {
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = connected => {}
        // Everything that it waits for has a limit.
        ended = server.ending(Duration::from_secs(u64::from(u32::MAX)), "now") => {
            ended?;
            return Err(wrong("There is no connection to the server.").into());
        }
    }
    if server.era() == Era::Legacy {
        server.initialize(protocol::LEGACY).await?;
    }
    Ok(server)
}

/// Shows what the sign-in does.
pub(super) fn news(line: &WireLine) {
    let is_news = line.text.starts_with(SIGN_IN) || line.text.starts_with(FAILED);
    if line.from == From::Stderr && is_news {
        say!("{}", line.text);
    }
}
