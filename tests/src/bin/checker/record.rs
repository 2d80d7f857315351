//! Recording an exchange: a script says what the client sends, the real server answers, the book shows both.
//!
//! The same script must give the same bytes each time. One request is in flight at a time unless the script
//! says `together`; what differs from run to run has a placeholder; standard error, a stream of its own, follows
//! the messages.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use reference_tests::harness::protocol::{self, Client};
use reference_tests::harness::{Context, Opening, Pending, Recorder, Server, Stop, Subject};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use verdict::{Era, From};

/// How long a server may take to end once its input is closed: as long as the SDK lets calls finish.
const END: Duration = Duration::from_secs(6);
/// What the record says when the client has hung up.
const INPUT_CLOSED: &str = "standard input closed";
/// How often it is looked whether a line without an id has been answered.
const TICK: Duration = Duration::from_millis(2);

/// A recording script. What it leaves out is read by the book.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    #[expect(dead_code, reason = "shown by the book")]
    title: String,
    #[expect(dead_code, reason = "xtask builds it and gives the command")]
    server: String,
    era: Era,
    /// Whether a legacy connection is opened before the first step, out of sight.
    #[serde(default = "yes")]
    handshake: bool,
    /// Replies in flight together stay in the order in which they came: right only if that order is certain.
    #[serde(default)]
    as_they_come: bool,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default, rename = "step")]
    steps: Vec<Step>,
}

/// One thing that the client does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    request: Option<Message>,
    notification: Option<Message>,
    line: Option<String>,
    #[serde(default)]
    close: bool,
    /// The next step does not wait for the reply.
    #[serde(default)]
    together: bool,
    #[serde(default = "yes")]
    show: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    method: String,
    #[serde(default)]
    params: Value,
}

/// One line of a recording.
#[derive(Debug, Serialize)]
struct Recorded {
    from: From,
    text: String,
}

fn yes() -> bool {
    true
}

/// What is still to be answered before the next step may go on.
#[derive(Default)]
struct Group {
    requests: Vec<(Value, Pending)>,
    /// Lines that the server answers without an id.
    nameless: usize,
    close: bool,
}

/// Runs the script and prints the recording, one JSON object a line.
pub(crate) async fn record(script: &Path, mut subject: Subject) -> Result<()> {
    let text = std::fs::read_to_string(script)
        .with_context(|| format!("{} cannot be read", script.display()))?;
    let script: Script = toml::from_str(&text)
        .with_context(|| format!("{} is no recording script", script.display()))?;
    subject.arguments.extend(script.args.iter().map(Into::into));
    let own = script.env.iter();
    subject
        .environment
        .extend(own.map(|(name, value)| (name.into(), value.into())));
    let recorder = Arc::new(Recorder::new());
    let context = Context::new(Arc::new(subject), script.era, Arc::clone(&recorder));
    let mut server = plain(context.server().start(Opening::None).await)?;
    server.introduce_as(Client::new("book", "0.1.0"));
    if script.era == Era::Legacy && script.handshake {
        plain(server.initialize(protocol::LEGACY).await)?;
    }
    let shown = play(&script, &server, &recorder).await?;
    for line in shown {
        println!("{}", serde_json::to_string(&line)?);
    }
    Ok(())
}

/// Performs the steps; returns the lines that the book shows.
async fn play(script: &Script, server: &Server, recorder: &Recorder) -> Result<Vec<Recorded>> {
    let mut shown = Vec::new();
    let mut group = Group::default();
    let mut closed = false;
    let mut seen = recorder.lines().len();
    for (index, step) in script.steps.iter().enumerate() {
        perform(step, server, &mut group).await?;
        closed |= step.close;
        // Nothing follows the last step, so there is nothing to be together with.
        if step.together && index + 1 < script.steps.len() {
            continue;
        }
        let ids = finish(&mut group, server, recorder, seen).await?;
        let lines = recorder.lines();
        if step.show {
            let order = if script.as_they_come {
                &[]
            } else {
                ids.as_slice()
            };
            shown.extend(messages(&lines[seen..], order));
        }
        seen = lines.len();
    }
    server.close_input().await;
    plain(server.ending(END, "its input was closed").await)?;
    server.log().settled(END).await;
    let lines = recorder.lines();
    if closed {
        let said = |from: From| lines.iter().filter(move |line| line.from == from);
        shown.extend(said(From::Stderr).map(recorded));
        shown.extend(said(From::Process).last().map(recorded));
    }
    Ok(shown)
}

async fn perform(step: &Step, server: &Server, group: &mut Group) -> Result<()> {
    let kinds = [
        step.request.is_some(),
        step.notification.is_some(),
        step.line.is_some(),
        step.close,
    ];
    if kinds.iter().filter(|kind| **kind).count() != 1 {
        bail!("a step is one of `request`, `notification`, `line` and `close`");
    }
    if let Some(request) = &step.request {
        let params = server.params(request.params.clone());
        let message = protocol::request(server.fresh_id(), &request.method, params);
        let pending = plain(server.begin_message(message.clone()).await)?;
        group.requests.push((message["id"].clone(), pending));
    }
    if let Some(notification) = &step.notification {
        let params = notification.params.clone();
        let params = if params.is_null() {
            params
        } else {
            server.params(params)
        };
        let message = protocol::notification(&notification.method, params);
        plain(server.send_line(&message.to_string()).await)?;
    }
    if let Some(line) = &step.line {
        match serde_json::from_str::<Value>(line) {
            Ok(message) if protocol::is_message(&message) => {
                if message.get("id").is_some_and(|id| !id.is_null()) {
                    let id = message["id"].clone();
                    group.requests.push((id, server.expect_reply(message)));
                } else if message.get("id").is_some() {
                    group.nameless += 1;
                }
            }
            // JSON that is no message is answered without an id; anything else not at all.
            Ok(_) => group.nameless += 1,
            Err(_) => {}
        }
        plain(server.send_line(line).await)?;
    }
    if step.close {
        group.close = true;
        server.close_input().await;
    }
    Ok(())
}

/// Waits for all replies of the group; returns the ids in the order of the requests.
async fn finish(
    group: &mut Group,
    server: &Server,
    recorder: &Recorder,
    seen: usize,
) -> Result<Vec<Value>> {
    let group = std::mem::take(group);
    let mut ids = Vec::new();
    for (id, pending) in group.requests {
        plain(pending.reply().await)?;
        ids.push(id);
    }
    let nameless = || {
        let lines = recorder.lines();
        let said = lines[seen..]
            .iter()
            .filter(|line| line.from == From::Server);
        said.filter(|line| id_of(&line.text).is_none()).count()
    };
    let waited = async {
        while nameless() < group.nameless {
            tokio::time::sleep(TICK).await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(2), waited)
        .await
        .is_err()
    {
        bail!("a line of the script was not answered in 2 s");
    }
    if group.close {
        plain(server.ending(END, "its input was closed").await)?;
    }
    Ok(ids)
}

/// What was said in `lines`: by the client, who may hang up after it, then by the server, replies in the
/// order of `ids`.
fn messages(lines: &[verdict::WireLine], ids: &[Value]) -> Vec<Recorded> {
    let said = |from: From| lines.iter().filter(move |line| line.from == from);
    let mut answers: Vec<_> = said(From::Server).collect();
    if ids.len() > 1 {
        answers.sort_by_key(|line| {
            let id = id_of(&line.text);
            id.and_then(|id| ids.iter().position(|own| *own == id))
        });
    }
    let hung_up = said(From::Process).filter(|line| line.text == INPUT_CLOSED);
    let client = said(From::Client).chain(hung_up);
    client.chain(answers).map(recorded).collect()
}

fn id_of(line: &str) -> Option<Value> {
    let message: Value = serde_json::from_str(line).ok()?;
    message.get("id").filter(|id| !id.is_null()).cloned()
}

/// A line under the chapter's names, without what differs from run to run.
fn recorded(line: &verdict::WireLine) -> Recorded {
    let text = line.text.replace("-solution", "").replace("_solution", "");
    Recorded {
        from: line.from,
        text: without_times(&text),
    }
}

/// `2026-11-23T09:41:07.123456Z` becomes `[time]`.
fn without_times(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_time = |word: &str| {
        let bytes = word.as_bytes();
        bytes.len() >= 20
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && bytes[4] == b'-'
            && bytes[10] == b'T'
            && bytes[13] == b':'
            && bytes.last() == Some(&b'Z')
    };
    words
        .into_iter()
        .map(|word| if is_time(word) { "[time]" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A failure in words: here nobody is judged, so whatever goes wrong stops the recording.
fn plain<T>(verdict: Result<T, Stop>) -> Result<T> {
    verdict.map_err(|stop| match stop {
        Stop::Wrong(wrong) => anyhow!("{wrong:?}"),
        Stop::Fault(message) => anyhow!(message),
    })
}
