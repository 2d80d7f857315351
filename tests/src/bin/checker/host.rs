//! A server over HTTP with all that it needs beside it, until standard input ends.

use anyhow::bail;
use reference_tests::harness::{Lifeline, Subject};
use verdict::{HostedAt, IssuerAt, TrackerAt};

use crate::arguments::HostOptions;
use crate::{issuer, subject, tracker};

/// Runs the server. One line says where everything is; the server writes on standard error.
///
/// # Errors
/// Something cannot be started, or the server ends by itself.
pub(crate) async fn host(options: &HostOptions, mut subject: Subject) -> anyhow::Result<()> {
    let lifeline = Lifeline::from_stdin();
    let environment = &mut subject.environment;
    let tracker = tracker::find(options.tracker_port, environment).await?;
    let issuer = issuer::find(options.issuer_port, environment, tracker.as_ref()).await?;
    let mut server = subject::host(&subject, options.port).await?;
    crate::print_line(&HostedAt {
        url: server.url.clone(),
        tracker: tracker.as_ref().map(|tracker| TrackerAt {
            url: tracker.url.clone(),
            token: tracker.token.clone(),
            was_there: tracker.was_there(),
        }),
        issuer: issuer.as_ref().map(|issuer| IssuerAt {
            url: issuer.url.clone(),
            was_there: issuer.was_there(),
        }),
    });
    let ended = tokio::select! {
        _ = lifeline.cut() => None,
        status = subject::ended(&mut server) => Some(status),
    };
    drop(server);
    if let Some(tracker) = tracker {
        tracker.stop().await;
    }
    if let Some(issuer) = issuer {
        issuer.stop().await;
    }
    match ended {
        None => Ok(()),
        Some(status) => bail!("the server ended with {status}"),
    }
}
