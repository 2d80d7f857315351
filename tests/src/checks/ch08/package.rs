//! 8.8: what a package says of the server.

use std::time::Duration;

use serde_json::Value;
use verdict::{Era, Needs};

use crate::harness::{Check, Context, Opening, Stop, Verdict, ensure, short, wrong};

const EXERCISE: &str = "8.8";
/// How long a program may take to end (× the time factor).
const ENDS: Duration = Duration::from_secs(2);
/// The secret that both files have to mark.
const SECRET: &str = "TRACKER_TOKEN";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-34-package", EXERCISE, package)
            .says("Both files of the package have the version of the program and mark the token as a secret; a misspelt argument is told.")
            .why(
                "A client that does not know that a value is secret shows it and keeps it in the open.",
                "specification of the server, AC-34",
            )
            .only(Era::Modern)
            .needs(Needs::Crate),
    ]
}

/// One of the two files.
fn read(ctx: &Context, name: &str) -> Verdict<Value> {
    let folder = ctx.subject().crate_folder.as_ref();
    let folder = folder.ok_or_else(|| Stop::Fault("this check needs the crate".into()))?;
    let text = std::fs::read_to_string(folder.join("packaging").join(name));
    let read = text.map_err(|error| error.to_string());
    let read = read.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    read.map_err(|error| {
        wrong(format!("packaging/{name} cannot be read."))
            .sent(format!("packaging/{name}"))
            .expected("a file with JSON")
            .got(error)
            .into()
    })
}

/// Every object in a value.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            found.push(value);
            map.values().for_each(|value| objects(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| objects(value, found)),
        _ => {}
    }
}

async fn package(ctx: Context) -> Verdict {
    let (stdout, _) = ctx.server().argument("--version").output(ENDS).await?;
    let version = stdout
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let (listing, manifest) = (read(&ctx, "server.json")?, read(&ctx, "manifest.json")?);
    for (name, file) in [("server.json", &listing), ("manifest.json", &manifest)] {
        ensure(!version.is_empty() && file["version"] == version, || {
            wrong(format!(
                "packaging/{name} has another version than the program."
            ))
            .sent("--version")
            .expected(format!("version {version}"))
            .got(short::json(&file["version"]))
        })?;
    }
    let mut parts = Vec::new();
    objects(&listing, &mut parts);
    let marked = parts
        .iter()
        .any(|part| part["name"] == SECRET && part["isSecret"] == true);
    ensure(marked, || {
        wrong("packaging/server.json does not mark the token as a secret.")
            .sent("packaging/server.json")
            .expected(format!("{SECRET}, with isSecret = true"))
            .got(short::json(&listing["packages"]))
    })?;
    let set = &manifest["server"]["mcp_config"]["env"][SECRET];
    let key = set
        .as_str()
        .and_then(|text| text.strip_prefix("${user_config.")?.strip_suffix('}'));
    let sensitive = key.is_some_and(|key| manifest["user_config"][key]["sensitive"] == true);
    ensure(sensitive, || {
        wrong("packaging/manifest.json does not mark the token as sensitive.")
            .sent("packaging/manifest.json")
            .expected(format!("{SECRET} from a user_config with sensitive = true"))
            .got(format!(
                "{SECRET} = {set}, user_config {}",
                short::json(&manifest["user_config"])
            ))
    })?;
    misspelt(&ctx).await
}

async fn misspelt(ctx: &Context) -> Verdict {
    let server = ctx
        .server()
        .argument("--verison")
        .start(Opening::None)
        .await?;
    let ending = server.ending(ENDS, "a start with --verison").await?;
    server.log().settled(ctx.limits().request()).await;
    let told = server.log().stderr();
    let helps = told.contains("http") && told.contains("--version");
    ensure(ending.status.code() == Some(2) && helps, || {
        wrong("A misspelt argument is not told.")
            .sent("--verison")
            .expected("exit code 2, with http and --version on standard error")
            .got(format!("{}, {}", ending.spoken(), short::quoted(&told)))
    })?;
    Ok(())
}
