//! A tracker for people: by itself, or beside a server that they talk with.

use std::ffi::OsString;

use anyhow::Context as _;
use reference_tests::harness::Lifeline;
use tracker::{ByHand, DEFAULT_TOKEN, PORT};
use verdict::TrackerAt;

use crate::arguments::TrackerOptions;

const NO_PORT: &str = "cannot start a tracker";

/// Runs a tracker until standard input ends, or a signal comes. One line says where it is.
///
/// # Errors
/// No port is free.
pub(crate) async fn run(options: &TrackerOptions) -> anyhow::Result<()> {
    let TrackerOptions { port, token, reuse } = options;
    let started = match reuse {
        true => ByHand::find_or_start(*port, token).await,
        false => ByHand::start(*port, token).await,
    };
    let tracker = started.context(NO_PORT)?;
    // Before anybody hears of it: who knows it may end it.
    let lifeline = Lifeline::from_stdin();
    crate::print_line(&TrackerAt {
        url: tracker.url.clone(),
        token: tracker.token.clone(),
        was_there: tracker.was_there(),
    });
    if !tracker.was_there() {
        lifeline.cut().await;
    }
    tracker.stop().await;
    Ok(())
}

/// Finds or starts a tracker for a server that is about to start with this environment. None if the person has named one
/// already.
///
/// # Errors
/// No port is free.
pub(crate) async fn find(
    port: u16,
    environment: &mut Vec<(OsString, OsString)>,
) -> anyhow::Result<Option<ByHand>> {
    if std::env::var_os("TRACKER_URL").is_some() {
        return Ok(None);
    }
    let tracker = ByHand::find_or_start(port, DEFAULT_TOKEN)
        .await
        .context(NO_PORT)?;
    environment.push(("TRACKER_URL".into(), tracker.url.clone().into()));
    environment.push(("TRACKER_TOKEN".into(), tracker.token.clone().into()));
    Ok(Some(tracker))
}

/// The same on the usual port, for a talk: says which it is.
///
/// # Errors
/// No port is free.
pub(crate) async fn beside(
    environment: &mut Vec<(OsString, OsString)>,
) -> anyhow::Result<Option<ByHand>> {
    let tracker = find(PORT, environment).await?;
    match (&tracker, std::env::var_os("TRACKER_URL")) {
        (Some(tracker), _) => {
            let which = match tracker.was_there() {
                true => "which runs already",
                false => "started for this talk and forgotten with it",
            };
            println!("tracker at {}, {which}", tracker.url);
        }
        (None, url) => println!(
            "tracker at {}, as TRACKER_URL says",
            url.unwrap_or_default().display()
        ),
    }
    Ok(tracker)
}
