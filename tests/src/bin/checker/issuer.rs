//! An issuer for people: by itself, or beside a server that they talk with.

use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::Context as _;
use issuer::{ByHand, PORT};
use reference_tests::harness::Lifeline;
use verdict::IssuerAt;

use crate::arguments::IssuerOptions;

const NO_PORT: &str = "cannot start an issuer";

/// Runs an issuer until standard input ends, or a signal comes. One line says where it is.
///
/// # Errors
/// No port is free.
pub(crate) async fn run(options: &IssuerOptions) -> anyhow::Result<()> {
    let IssuerOptions { port, reuse } = options;
    let started = match reuse {
        true => ByHand::find_or_start(*port, tokens_of(None)).await,
        false => ByHand::start(*port, tokens_of(None)).await,
    };
    let issuer = started.context(NO_PORT)?;
    // Before anybody hears of it: who knows it may end it.
    let lifeline = Lifeline::from_stdin();
    crate::print_line(&IssuerAt {
        url: issuer.url.clone(),
        was_there: issuer.was_there(),
    });
    if !issuer.was_there() {
        lifeline.cut().await;
    }
    issuer.stop().await;
    Ok(())
}

/// Finds or starts an issuer for a server that is about to start with this environment. If it knows `tracker`, the server gets
/// its own token for that there. None if the person has named an issuer already.
///
/// # Errors
/// No port is free.
pub(crate) async fn find(
    port: u16,
    environment: &mut Vec<(OsString, OsString)>,
    tracker: Option<&tracker::ByHand>,
) -> anyhow::Result<Option<ByHand>> {
    if std::env::var_os("ISSUER_URL").is_some() {
        return Ok(None);
    }
    let issuer = ByHand::find_or_start(port, tokens_of(tracker))
        .await
        .context(NO_PORT)?;
    environment.push(("ISSUER_URL".into(), issuer.url.clone().into()));
    let client = tracker.and_then(|tracker| issuer.upstream_client(&tracker.url));
    let client = client.into_iter().flatten();
    environment.extend(client.map(|(name, value)| (name.into(), value.into())));
    Ok(Some(issuer))
}

/// The same on the usual port, for a talk: says which it is.
///
/// # Errors
/// No port is free.
pub(crate) async fn beside(
    environment: &mut Vec<(OsString, OsString)>,
    tracker: Option<&tracker::ByHand>,
) -> anyhow::Result<Option<ByHand>> {
    let issuer = find(PORT, environment, tracker).await?;
    match (&issuer, std::env::var_os("ISSUER_URL")) {
        (Some(issuer), _) => {
            let which = match issuer.was_there() {
                true => "which runs already",
                false => "for learning only, started for this talk and forgotten with it",
            };
            println!("issuer at {}, {which}", issuer.url);
        }
        (None, url) => println!(
            "issuer at {}, as ISSUER_URL says",
            url.unwrap_or_default().display()
        ),
    }
    Ok(issuer)
}

/// The token that this tracker knows, or that the usual one does.
fn tokens_of(tracker: Option<&tracker::ByHand>) -> BTreeMap<String, String> {
    let usual = || {
        let url = format!("http://127.0.0.1:{}", tracker::PORT);
        (url, tracker::DEFAULT_TOKEN.to_owned())
    };
    let known = tracker.map(|tracker| (tracker.url.clone(), tracker.token.clone()));
    BTreeMap::from([known.unwrap_or_else(usual)])
}
