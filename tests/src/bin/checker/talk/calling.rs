//! A call as a client makes it: it shows progress, puts the server's questions to the person, and can be taken back.

use std::collections::HashSet;
use std::time::Duration;

use reference_tests::harness::protocol::{self, Client};
use reference_tests::harness::{Context, Reply, Server, Stop};
use serde_json::{Map, Value, json};
use tokio::time::sleep;

use super::input::arguments;
use super::lines::{CANCEL, Lines};
use super::say::say;
use super::{STILL_WAITING, prompt, show};

/// How long a call may take: a person may have to think about a question.
const PATIENCE: Duration = Duration::from_secs(3600);
/// The method by which a server asks the user.
const ASK: &str = "elicitation/create";

/// The client that this program is: it can show forms.
pub(super) fn client() -> Client {
    Client {
        capabilities: json!({"elicitation": {"form": {}}}),
        ..Client::new("workbook-talk", env!("CARGO_PKG_VERSION"))
    }
}

/// Calls of one server, one after the other.
pub(super) struct Caller {
    context: Context,
    /// How many calls there were: the progress token of each is its number.
    calls: u64,
    /// Ids of the questions of a legacy server that the person has answered.
    answered: HashSet<String>,
}

/// What happens while a call is open.
enum News {
    Progress(Value),
    Question(Value),
    Reply(Reply),
    Cancelled,
    StillWaiting,
}

impl Caller {
    /// Nothing was called yet.
    pub(super) fn new(context: Context) -> Self {
        Self {
            context,
            calls: 0,
            answered: HashSet::new(),
        }
    }

    /// Calls a tool, and asks the person whatever the server wants to know. None if the call was taken back.
    ///
    /// # Errors
    /// The server ends, or does not read its input.
    pub(super) async fn call(
        &mut self,
        server: &Server,
        lines: &mut Lines,
        tool: &str,
        arguments: Value,
    ) -> Result<Option<Reply>, Stop> {
        let call = json!({"name": tool, "arguments": arguments});
        let mut params = call.clone();
        loop {
            let Some(reply) = self.once(server, lines, params).await? else {
                return Ok(None);
            };
            match retry(&call, &reply, lines).await {
                Some(again) => params = again,
                None => return Ok(Some(reply)),
            }
        }
    }

    /// One request, up to its reply.
    async fn once(
        &mut self,
        server: &Server,
        lines: &mut Lines,
        mut params: Value,
    ) -> Result<Option<Reply>, Stop> {
        self.calls += 1;
        let token = json!(self.calls);
        params["_meta"] = json!({"progressToken": token});
        let id = server.fresh_id();
        let message = protocol::request(id, "tools/call", server.params(params));
        let pending = server.begin_message(message).await?.within(PATIENCE);
        let mut reply = Box::pin(pending.reply());
        let mut still_waiting = Box::pin(sleep(STILL_WAITING));
        let (mut told, mut notice) = (f64::NEG_INFINITY, true);
        loop {
            let news = tokio::select! {
                // What was sent before the reply is shown before it.
                biased;
                progress = server.log().heard(|incoming| {
                    incoming.iter().find(|message| is_progress(message, &token, told)).cloned()
                }) => News::Progress(progress),
                question = server.log().heard(|incoming| {
                    incoming.iter().find(|message| self.is_open_question(message)).cloned()
                }) => News::Question(question),
                reply = &mut reply => News::Reply(reply?),
                () = lines.cancelled() => News::Cancelled,
                () = &mut still_waiting, if notice => News::StillWaiting,
            };
            match news {
                News::Progress(message) => {
                    told = message["params"]["progress"].as_f64().unwrap_or(told);
                    show::progress(&message["params"]);
                }
                News::Question(question) => {
                    self.answered.insert(question["id"].to_string());
                    let answer = ask(&question["params"], lines).await;
                    let message = json!({"jsonrpc": "2.0", "id": question["id"], "result": answer});
                    server.send_line(&message.to_string()).await?;
                }
                News::Reply(reply) => return Ok(Some(reply)),
                News::Cancelled => {
                    let why = json!({"requestId": id, "reason": "taken back by the person"});
                    let message = protocol::notification("notifications/cancelled", why);
                    server.send_line(&message.to_string()).await?;
                    return Ok(None);
                }
                News::StillWaiting => {
                    notice = false;
                    say!("waiting for the reply; `{CANCEL}` takes the call back, Ctrl-C leaves");
                    for note in self.context.notes() {
                        say!("  {note}");
                    }
                }
            }
        }
    }

    fn is_open_question(&self, message: &Value) -> bool {
        message["method"] == ASK && !self.answered.contains(&message["id"].to_string())
    }
}

/// Whether a message tells more of this call than was told before.
fn is_progress(message: &Value, token: &Value, told: f64) -> bool {
    let params = &message["params"];
    message["method"] == "notifications/progress"
        && params["progressToken"] == *token
        && params["progress"].as_f64().is_some_and(|now| now > told)
}

/// What to send after a reply that asks something; none if it asks nothing that a person can answer.
async fn retry(call: &Value, reply: &Reply, lines: &mut Lines) -> Option<Value> {
    let result = reply.result().ok()?;
    if result["resultType"] != "input_required" {
        return None;
    }
    let mut answers = Map::new();
    for (key, request) in result["inputRequests"].as_object().into_iter().flatten() {
        if request["method"] != ASK {
            return None;
        }
        answers.insert(key.clone(), ask(&request["params"], lines).await);
    }
    let mut again = call.clone();
    again["inputResponses"] = answers.into();
    if !result["requestState"].is_null() {
        again["requestState"] = result["requestState"].clone();
    }
    Some(again)
}

/// Puts a question to the person. Returns the `ElicitResult`.
async fn ask(question: &Value, lines: &mut Lines) -> Value {
    let schema = &question["requestedSchema"];
    show::question(question);
    loop {
        prompt();
        let Some(line) = lines.next().await else {
            return json!({"action": "cancel"});
        };
        match line.trim() {
            "" => return json!({"action": "decline"}),
            CANCEL => return json!({"action": "cancel"}),
            line => match arguments(line, Some(schema)) {
                Ok(content) => return json!({"action": "accept", "content": content}),
                Err(problem) => say!("{problem}"),
            },
        }
    }
}
