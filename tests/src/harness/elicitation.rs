//! Calls that ask the user before they are done. The eras differ in who waits: a legacy server sends a request of its own and
//! goes on when it is answered; a modern one answers `input_required`, and the client sends the call again with the answer.

use serde_json::{Value, json};
use verdict::Era;

use super::finding::{Verdict, Wrong, wrong};
use super::form;
use super::reply::Reply;
use super::server::{Pending, Server, describe};
use super::short;

/// The method by which a server asks the user.
const ASK: &str = "elicitation/create";

/// What comes of a call that may ask the user.
#[derive(Debug)]
pub enum Asked<'a> {
    /// A question.
    Question(Question<'a>),
    /// The reply, without a question.
    Reply(Reply),
}

impl<'a> Asked<'a> {
    /// Demands a question; `what` says what is wrong otherwise.
    ///
    /// # Errors
    /// The call was answered without one.
    pub fn question(self, what: &str) -> Result<Question<'a>, Wrong> {
        match self {
            Self::Question(question) => Ok(question),
            Self::Reply(reply) => Err(reply.wrong(what).expected(match reply.era() {
                Era::Modern => {
                    "resultType input_required, with an elicitation/create among its inputRequests"
                }
                Era::Legacy => "a request elicitation/create of the server, before its reply",
            })),
        }
    }

    /// The reply or the question, as a person says it.
    pub fn got(&self) -> String {
        match self {
            Self::Question(question) => question.got(),
            Self::Reply(reply) => reply.got(),
        }
    }
}

/// What the user does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Fills in the form as somebody does who agrees.
    Yes,
    /// Sends the form too, but filled in as somebody does who does not agree.
    No,
    /// Refuses to answer.
    Decline,
    /// Closes the form.
    Cancel,
}

/// A question for the user, and the call that waits for the answer.
#[derive(Debug)]
pub struct Question<'a> {
    server: &'a Server,
    /// The parameters of the call.
    call: Value,
    /// The parameters of [`ASK`].
    form: Value,
    way: Way,
}

/// How the answer gets to the server.
#[derive(Debug)]
enum Way {
    /// Modern: with the call, sent once more.
    Again { reply: Reply, key: String },
    /// Legacy: as the reply to the server's request.
    Reply { id: Value, call: Pending },
}

impl Server {
    /// Calls a tool that may ask the user.
    ///
    /// # Errors
    /// There is neither a question nor a reply within the request limit.
    pub async fn call_asking(&self, tool: &str, arguments: Value) -> Verdict<Asked<'_>> {
        self.ask_with(json!({"name": tool, "arguments": arguments}))
            .await
    }

    /// Sends a call with these parameters, which may hold `requestState` and `inputResponses`.
    ///
    /// # Errors
    /// As [`Server::call_asking`].
    pub async fn ask_with(&self, params: Value) -> Verdict<Asked<'_>> {
        let asked_before = questions(&self.log().incoming()).count();
        let mut pending = self.begin("tools/call", params.clone()).await?;
        let reply = match self.era() {
            Era::Modern => pending.reply().await?,
            Era::Legacy => tokio::select! {
                reply = pending.wait() => reply?,
                (id, form) = self.log().heard(|incoming| questions(incoming).nth(asked_before)) => {
                    let way = Way::Reply { id, call: pending };
                    let call = params;
                    return Ok(Asked::Question(Question { server: self, call, form, way }));
                }
            },
        };
        let asked = reply.result().ok().and_then(question_in);
        Ok(match asked {
            Some((key, form)) => Asked::Question(Question {
                server: self,
                call: params,
                form,
                way: Way::Again { reply, key },
            }),
            None => Asked::Reply(reply),
        })
    }
}

impl<'a> Question<'a> {
    /// Mode, message and schema of the form, as they were sent.
    pub fn form(&self) -> &Value {
        &self.form
    }

    /// `requestState`, if the server gave one. None in the legacy era.
    pub fn state(&self) -> Option<&str> {
        match &self.way {
            Way::Again { reply, .. } => reply.result().ok()?["requestState"].as_str(),
            Way::Reply { .. } => None,
        }
    }

    /// The call that asked, with this state and these answers: what a client sends next, or somebody who means harm.
    /// Modern era only.
    pub fn retry(&self, state: Option<&str>, responses: Option<Value>) -> Value {
        let mut params = json!({"name": self.call["name"], "arguments": self.call["arguments"]});
        if let Some(state) = state {
            params["requestState"] = state.into();
        }
        if let Some(responses) = responses {
            params["inputResponses"] = responses;
        }
        params
    }

    /// The answer under the key that the server gave to its question. Modern era only.
    ///
    /// # Errors
    /// The form cannot be filled in so.
    pub fn responses(&self, answer: Answer) -> Result<Value, Wrong> {
        let key = match &self.way {
            Way::Again { key, .. } => key.as_str(),
            Way::Reply { .. } => "",
        };
        Ok(json!({key: self.result(answer)?}))
    }

    /// Whether the form has a place where the user could say no.
    pub fn can_be_denied(&self) -> bool {
        form::filled(&self.form["requestedSchema"], false).is_some()
    }

    /// Answers the question and waits for what the server says then.
    ///
    /// # Errors
    /// The form cannot be filled in so, or there is no reply within the request limit.
    pub async fn answer(self, answer: Answer) -> Verdict<Asked<'a>> {
        let result = self.result(answer)?;
        match self.way {
            Way::Again { .. } => {
                let params = self.retry(self.state(), Some(self.responses(answer)?));
                self.server.ask_with(params).await
            }
            Way::Reply { id, call } => {
                let message = json!({"jsonrpc": "2.0", "id": id, "result": result});
                self.server.send_line(&message.to_string()).await?;
                Ok(Asked::Reply(call.reply().await?))
            }
        }
    }

    /// What was called, as a person says it.
    pub fn sent(&self) -> String {
        describe(&json!({"method": "tools/call", "params": self.call}))
    }

    /// The question, as a person says it.
    pub fn got(&self) -> String {
        let how = match &self.way {
            Way::Again { .. } => "resultType input_required with",
            Way::Reply { .. } => "a request",
        };
        let message = self.form["message"].as_str().unwrap_or_default();
        format!("{how} {ASK} {}", short::quoted(message))
    }

    /// Something is wrong with this question. What was sent and what came back is filled in.
    pub fn wrong(&self, what: impl Into<String>) -> Wrong {
        wrong(what).sent(self.sent()).got(self.got())
    }

    /// The `ElicitResult` of this answer.
    fn result(&self, answer: Answer) -> Result<Value, Wrong> {
        let agrees = match answer {
            Answer::Decline => return Ok(json!({"action": "decline"})),
            Answer::Cancel => return Ok(json!({"action": "cancel"})),
            Answer::Yes => true,
            Answer::No => false,
        };
        let content = form::filled(&self.form["requestedSchema"], agrees).ok_or_else(|| {
            self.wrong("The check does not know how to fill in this form.")
                .expected(
                    "a form with a boolean or with values such as yes and no, or an empty one",
                )
        })?;
        Ok(json!({"action": "accept", "content": content}))
    }
}

/// The questions among the requests of a legacy server: ids and forms.
fn questions<'m>(
    incoming: impl IntoIterator<Item = &'m Value>,
) -> impl Iterator<Item = (Value, Value)> {
    incoming
        .into_iter()
        .filter(|message| message["method"] == ASK && message.get("id").is_some())
        .map(|question| (question["id"].clone(), question["params"].clone()))
}

/// The first question in the result of a modern server: its key and its form.
fn question_in(result: &Value) -> Option<(String, Value)> {
    if result["resultType"] != "input_required" {
        return None;
    }
    let requests = result["inputRequests"].as_object()?;
    let (key, question) = requests
        .iter()
        .find(|(_, request)| request["method"] == ASK)?;
    Some((key.clone(), question["params"].clone()))
}
