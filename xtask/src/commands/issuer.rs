//! `cargo xtask issuer`: an authorization server for learning, to try it by hand.

use anyhow::Result;
use lexopt::prelude::*;
use verdict::IssuerAt;
use xtask::cancel::Cancel;
use xtask::client_config::quoted;
use xtask::exit::Exit;
use xtask::issuer::{self, PORT};
use xtask::paths::Workbook;
use xtask::service::Wanted;

use super::built::{checker, until_stopped};
use super::tracker::port_taken;
use super::{Args, print};

/// The client, its secret and the server of the example, as the issuer's page has them.
const CLIENT: &str = "nightly-report:nightly-report-dev-secret";
const RESOURCE: &str = "http://127.0.0.1:8080/mcp";

/// A token that is wrong in a way that servers have fallen for.
const FAULT: &str = r#"{"route": "POST /token", "effect": "alg-none"}"#;

/// Runs an issuer until Ctrl-C, and says how to reach it.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let mut port = PORT;
    while let Some(argument) = args.next()? {
        match argument {
            Long("port") => port = args.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let cancel = Cancel::on_signals()?;
    let checker = checker(workbook, &cancel)?;
    let wanted = Wanted { port, reuse: false };
    until_stopped(issuer::run(&checker, wanted, &cancel, |issuer| {
        print(&told(port, issuer))
    }))
}

fn told(port: u16, issuer: &IssuerAt) -> String {
    let url = &issuer.url;
    let (client, fault) = (quoted(CLIENT), quoted(FAULT));
    format!(
        "For learning only: an authorization server at {url} that gives a token to everybody who asks.\n\
         {taken}It runs until Ctrl-C. Its keys are new, and what it has given out is forgotten then.\n\
         \n\
         ISSUER_URL={url}\n\
         \n\
         Where everything is, its keys, a token for a program, and let the next token be a wrong one:\n\
         curl {url}/.well-known/oauth-authorization-server\n\
         curl {url}/jwks\n\
         curl -u {client} -d grant_type=client_credentials -d resource={RESOURCE} -d scope=tracker:read {url}/token\n\
         curl -d {fault} {url}/admin/faults\n",
        taken = port_taken(port, url),
    )
}
