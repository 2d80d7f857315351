//! Recording an exchange: a script of messages, run against a server, and all that went over the wire.

mod change;
mod order;
mod pick;
mod placeholders;
mod script;
mod session;
mod web;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reference_tests::harness::protocol::Client;
use reference_tests::harness::{
    Context, Launcher, Opening, Recorder, Server, Subject, Surroundings,
};
use serde_json::{Value, json};
use tracker::Tracker;
use verdict::From;

use self::placeholders::Placeholders;
use self::script::Script;
use self::session::Session;
use self::web::Web;
use crate::arguments::RecordOptions;

/// How often imports are looked at that go by looks: much oftener than a server looks.
const LOOK: Duration = Duration::from_millis(1);

/// Runs the script and prints the exchange, one JSON object a line.
///
/// # Errors
/// The script is not right, or the server does not do its part.
pub(crate) async fn record(options: &RecordOptions, mut subject: Subject) -> anyhow::Result<()> {
    let path = &options.script;
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let script: Script =
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    subject.arguments.extend(script.args.iter().map(Into::into));
    let recorder = Arc::new(Recorder::new());
    let surroundings = match options.tracker {
        true => Surroundings::WithTracker,
        false => Surroundings::Plain,
    };
    let context = Context::new(
        Arc::new(subject),
        script.era,
        surroundings,
        Arc::clone(&recorder),
    );
    let tracker = match options.tracker {
        true => Some(context.tracker()?),
        false => None,
    };
    let placeholders = Placeholders::new(&script.server, context.folder()?, tracker);
    if script.http {
        let lines = Web::start(&context, &script, placeholders)
            .await?
            .run(script, tracker)
            .await?;
        tell(lines);
        context.finish().await;
        return Ok(());
    }
    let server = start(&context, &script).await?;
    let mut session = Session::new(server, recorder, placeholders, &script);
    let lines = match (script.import_rows, tracker) {
        (None, _) => session.run(script, tracker).await?,
        (Some(_), None) => bail!("import_rows is for chapters with a tracker"),
        (Some(rows), Some(tracker)) => tokio::select! {
            lines = session.run(script, Some(tracker)) => lines?,
            () = import_by_looks(tracker, rows) => Vec::new(),
        },
    };
    tell(lines);
    drop(session);
    context.finish().await;
    Ok(())
}

fn tell(lines: Vec<(From, String)>) {
    for (from, text) in lines {
        println!("{}", json!({"from": from, "text": text}));
    }
}

fn launcher(context: &Context, script: &Script) -> Launcher {
    let mut launcher = context.server().env("RUST_LOG", "off");
    for (name, value) in &script.env {
        launcher = launcher.env(name, value);
    }
    launcher.client(client(script))
}

async fn start(context: &Context, script: &Script) -> anyhow::Result<Server> {
    let mut server = launcher(context, script).start(Opening::None).await?;
    server.introduce_as(client(script));
    Ok(server)
}

/// Who the book says it is.
fn client(script: &Script) -> Client {
    Client {
        capabilities: Value::Object(script.capabilities.clone()),
        ..Client::new("book", "0.1.0")
    }
}

/// Lets every import do so many rows each time somebody has looked at one: how often a server looks depends on the machine,
/// what it sees then does not. Goes on until it is dropped.
async fn import_by_looks(tracker: &Tracker, rows: u64) {
    tracker.set_rows_per_second(0);
    let mut seen = 0;
    loop {
        let looks = tracker.requests("GET /imports/{import}");
        let answered = looks.iter().filter(|look| look.status.is_some()).count();
        for _ in seen..answered {
            tracker.advance_imports(rows);
        }
        seen = answered;
        tokio::time::sleep(LOOK).await;
    }
}
