//! What a unit must say so that systemd runs the server.

use super::files::{Demand, Packaging};
use crate::harness::{Wrong, short};

const FILE: &str = "tracker-mcp.service";
/// The variable that names the file of the token.
const TOKEN_FILE: &str = "TRACKER_TOKEN_FILE";

/// Judges the unit.
pub(super) fn judge(packaging: &Packaging) -> Result<(), Wrong> {
    let settings = settings(&packaging.text(FILE)?);
    let demand = Demand {
        file: "packaging/tracker-mcp.service",
    };
    let all = |name: &str| -> Vec<&str> {
        let own = settings.iter().filter(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str()).collect()
    };
    let start = all("ExecStart");
    let words: Vec<&str> = start
        .last()
        .map_or(Vec::new(), |line| line.split_whitespace().collect());
    demand.that(
        words
            .first()
            .is_some_and(|program| program.starts_with('/'))
            && words.get(1) == Some(&"http"),
        "The service does not start the server over HTTP.",
        "ExecStart",
        "the absolute path of the program, and `http`",
        start.last().map_or("no ExecStart", |line| line),
    )?;
    let variables: Vec<&str> = all("Environment")
        .into_iter()
        .flat_map(str::split_whitespace)
        .collect();
    let variables: Vec<&str> = variables
        .iter()
        .map(|text| text.trim_matches('"'))
        .collect();
    let open = variables
        .iter()
        .find(|text| text.starts_with("TRACKER_TOKEN="));
    demand.that(
        open.is_none(),
        "The token stands in the unit, which everybody on the machine can read.",
        "Environment",
        "a credential or a file that the unit names",
        open.map_or("", |text| text),
    )?;
    if !all("EnvironmentFile").is_empty() {
        return Ok(());
    }
    let credentials: Vec<String> = [
        "LoadCredential",
        "LoadCredentialEncrypted",
        "SetCredentialEncrypted",
    ]
    .iter()
    .flat_map(|name| all(name))
    .map(|value| value.split(':').next().unwrap_or_default().to_owned())
    .collect();
    demand.that(
        !credentials.is_empty(),
        "The service gets no token.",
        "LoadCredential",
        "LoadCredential=NAME:/path, or EnvironmentFile=/path",
        "neither",
    )?;
    let file = variables
        .iter()
        .find_map(|text| text.strip_prefix(&format!("{TOKEN_FILE}=")));
    let is_credential = |path: &str| {
        credentials.iter().any(|name| {
            ["%d", "${CREDENTIALS_DIRECTORY}"]
                .iter()
                .any(|folder| path == format!("{folder}/{name}"))
        })
    };
    demand.that(
        file.is_some_and(is_credential),
        "The server does not learn where its token is.",
        &format!("Environment={TOKEN_FILE}"),
        format!(
            "%d/{}: %d is the folder of the credentials",
            short::list(&credentials)
        ),
        file.unwrap_or("nothing there"),
    )
}

/// Names and values, without comments, in their order.
fn settings(text: &str) -> Vec<(String, String)> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(['#', ';']));
    let pairs = lines.filter_map(|line| line.split_once('='));
    let trimmed = |(name, value): (&str, &str)| (name.trim().to_owned(), value.trim().to_owned());
    pairs.map(trimmed).collect()
}
