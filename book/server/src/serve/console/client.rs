//! An MCP client without wires: it is told what to ask and what was heard, and says what to send and what to tell.
//!
//! In both eras a call that asks something back stays one call to the page. A legacy server asks by a request of
//! its own; a modern one ends the call with `input_required`, and the client repeats it with the answers
//! (specification 2026-07-28, basic/patterns/mrtr).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use verdict::Era;
use verdict::protocol::{
    self, LEGACY, METHOD_NOT_FOUND, initialize_params, notification, params_in, request,
};

use super::event::{Event, Outcome};

/// The method by which a server asks the user.
const ASK: &str = "elicitation/create";
/// A call that was answered with a question this often is going round in circles.
const MOST_ROUNDS: u32 = 20;
/// Questions that may be open: more are refused, since nobody would answer them.
const MOST_QUESTIONS: usize = 20;

/// What comes of something.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// Messages for the server, in order.
    pub(super) send: Vec<Value>,
    /// News for the page, in order.
    pub(super) tell: Vec<Event>,
}

/// The client's side of one connection.
#[derive(Debug)]
pub(super) struct Client {
    era: Era,
    me: protocol::Client,
    last_id: u64,
    last_question: u64,
    opening: Option<u64>,
    calls: BTreeMap<u64, Call>,
    questions: BTreeMap<u64, Question>,
}

/// A call without an end.
#[derive(Debug)]
struct Call {
    /// Of the request that is under way; the progress token too.
    id: u64,
    method: String,
    params: Value,
    rounds: u32,
    retry: Option<Retry>,
}

/// What a modern call waits for before it is repeated.
#[derive(Debug)]
struct Retry {
    state: Value,
    answers: Map<String, Value>,
    open: BTreeSet<u64>,
}

/// Where the answer of a question belongs.
#[derive(Debug)]
enum Question {
    /// To the request of a legacy server with this id.
    Request(Value),
    /// To this call, under this key.
    Call { call: u64, key: String },
}

impl Client {
    /// A client in this era. `forms` is whether it says that it can show forms.
    pub(super) fn new(era: Era, forms: bool) -> Self {
        let capabilities = match forms {
            true => json!({"elicitation": {"form": {}}}),
            false => json!({}),
        };
        let me = protocol::Client {
            capabilities,
            ..protocol::Client::new("workbook-console", env!("CARGO_PKG_VERSION"))
        };
        Self {
            era,
            me,
            last_id: 0,
            last_question: 0,
            opening: None,
            calls: BTreeMap::new(),
            questions: BTreeMap::new(),
        }
    }

    /// Another process, which knows of nothing. Ids go on.
    pub(super) fn forget(&mut self, why: &str) -> Next {
        self.opening = None;
        let mut next = Next::default();
        for question in std::mem::take(&mut self.questions).into_keys() {
            next.tell.push(Event::Closed { question });
        }
        for call in std::mem::take(&mut self.calls).into_keys() {
            let outcome = Outcome::nothing(why);
            next.tell.push(Event::Reply { call, outcome });
        }
        next
    }

    /// What a client says first.
    pub(super) fn open(&mut self) -> Next {
        let id = self.fresh_id();
        self.opening = Some(id);
        let message = match self.era {
            Era::Modern => request(id, "server/discover", self.params(json!({}))),
            Era::Legacy => request(id, "initialize", initialize_params(LEGACY, &self.me)),
        };
        Next {
            send: vec![message],
            tell: Vec::new(),
        }
    }

    /// Whether the server has not answered the opening.
    pub(super) fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Asks something. `call` is the page's number for it.
    pub(super) fn call(&mut self, call: u64, method: String, params: Value) -> Next {
        let begun = Call {
            id: 0,
            method,
            params,
            rounds: 0,
            retry: None,
        };
        self.calls.insert(call, begun);
        Next {
            send: self.round(call, Map::new()).into_iter().collect(),
            tell: Vec::new(),
        }
    }

    /// The message of a call's next round, with what is added to its parameters.
    fn round(&mut self, call: u64, more: Map<String, Value>) -> Option<Value> {
        let id = self.fresh_id();
        let open = self.calls.get_mut(&call)?;
        open.id = id;
        let method = open.method.clone();
        let mut params = match &open.params {
            Value::Object(params) => params.clone(),
            _ => Map::new(),
        };
        params.extend(more);
        // A list comes at once.
        if !method.ends_with("/list") {
            let meta = params.entry("_meta").or_insert_with(|| json!({}));
            if let Some(meta) = meta.as_object_mut() {
                meta.entry("progressToken").or_insert(json!(id));
            }
        }
        Some(request(id, &method, self.params(params.into())))
    }

    /// Whether the server has to move: nothing waits for the person.
    pub(super) fn waits_for_server(&self, call: u64) -> bool {
        self.questions.is_empty() && self.calls.contains_key(&call)
    }

    /// Whether a message with this id ends something that the page waits for.
    pub(super) fn awaits(&self, message: &Value) -> bool {
        let Some(id) = message["id"].as_u64() else {
            return false;
        };
        message["method"].is_null()
            && (self.opening == Some(id) || self.calls.values().any(|call| call.id == id))
    }

    /// Reads a message of the server.
    pub(super) fn hear(&mut self, message: &Value) -> Next {
        match (message["method"].as_str(), message.get("id")) {
            (Some(method), Some(id)) => self.asked(method, id, &message["params"]),
            (Some("notifications/progress"), None) => self.progress(&message["params"]),
            (Some("notifications/cancelled"), None) => {
                self.taken_back(&message["params"]["requestId"])
            }
            (Some(_), None) => Next::default(),
            (None, _) => self.reply(message),
        }
    }

    /// A request of the server.
    fn asked(&mut self, method: &str, id: &Value, params: &Value) -> Next {
        let mut next = Next::default();
        if method == ASK && self.era == Era::Legacy && self.questions.len() < MOST_QUESTIONS {
            next.tell
                .push(self.question(Question::Request(id.clone()), params));
            return next;
        }
        next.send.push(match method {
            "ping" => json!({"jsonrpc": "2.0", "id": id, "result": {}}),
            _ => {
                let message = "this console answers ping and elicitation/create, in the legacy era";
                let error = json!({"code": METHOD_NOT_FOUND, "message": message});
                json!({"jsonrpc": "2.0", "id": id, "error": error})
            }
        });
        next
    }

    fn question(&mut self, question: Question, params: &Value) -> Event {
        self.last_question += 1;
        self.questions.insert(self.last_question, question);
        Event::Question {
            question: self.last_question,
            params: params.clone(),
        }
    }

    fn progress(&self, params: &Value) -> Next {
        let of = |(number, call): (&u64, &Call)| {
            (params["progressToken"] == json!(call.id)).then_some(*number)
        };
        let mut next = Next::default();
        if let Some(call) = self.calls.iter().find_map(of) {
            let params = params.clone();
            next.tell.push(Event::Progress { call, params });
        }
        next
    }

    /// The server does not want to know any more.
    fn taken_back(&mut self, id: &Value) -> Next {
        let mut next = Next::default();
        self.questions.retain(|number, question| {
            let meant = matches!(question, Question::Request(own) if own == id);
            if meant {
                next.tell.push(Event::Closed { question: *number });
            }
            !meant
        });
        next
    }

    fn reply(&mut self, message: &Value) -> Next {
        let id = message["id"].as_u64();
        if id.is_some() && id == self.opening {
            return self.opened(message);
        }
        let of = |(number, call): (&u64, &Call)| (Some(call.id) == id).then_some(*number);
        let Some(call) = self.calls.iter().find_map(of) else {
            return Next::default();
        };
        let result = &message["result"];
        if result["resultType"] == "input_required"
            && let Some(next) = self.input_required(call, result)
        {
            return next;
        }
        let outcome = match message.get("error") {
            Some(error) => Outcome::Error {
                error: error.clone(),
            },
            None => Outcome::Result {
                result: result.clone(),
            },
        };
        self.calls.remove(&call);
        Next {
            tell: vec![Event::Reply { call, outcome }],
            send: Vec::new(),
        }
    }

    fn opened(&mut self, message: &Value) -> Next {
        self.opening = None;
        let mut next = Next::default();
        if let Some(error) = message.get("error") {
            let why = format!(
                "The server answers the opening with an error: {} {}",
                error["code"],
                error["message"].as_str().unwrap_or_default()
            );
            next.tell.push(Event::NotOpened { why });
            return next;
        }
        if self.era == Era::Legacy {
            next.send
                .push(notification("notifications/initialized", Value::Null));
        }
        let result = message["result"].clone();
        next.tell.push(Event::Opened { result });
        next
    }

    /// Puts the questions of a result to the person. None if that cannot be done: then the result is shown as it is.
    fn input_required(&mut self, call: u64, result: &Value) -> Option<Next> {
        let none = Map::new();
        let asked = result["inputRequests"].as_object().unwrap_or(&none);
        let can = asked.values().all(|one| one["method"] == ASK) && asked.len() <= MOST_QUESTIONS;
        let open = self.calls.get_mut(&call)?;
        open.rounds += 1;
        if !can || open.rounds > MOST_ROUNDS || !open.params.is_object() {
            return None;
        }
        let mut next = Next::default();
        let mut waiting = BTreeSet::new();
        for (key, one) in asked {
            let key = key.clone();
            let event = self.question(Question::Call { call, key }, &one["params"]);
            waiting.insert(self.last_question);
            next.tell.push(event);
        }
        let retry = Retry {
            state: result["requestState"].clone(),
            answers: Map::new(),
            open: waiting,
        };
        self.calls.get_mut(&call)?.retry = Some(retry);
        next.send.extend(self.repeat_if_answered(call));
        Some(next)
    }

    /// The person has answered. None if there is no such question any more.
    pub(super) fn answer(&mut self, question: u64, result: Value) -> Option<Next> {
        let mut next = Next::default();
        match self.questions.remove(&question)? {
            Question::Request(id) => {
                next.send
                    .push(json!({"jsonrpc": "2.0", "id": id, "result": result}));
            }
            Question::Call { call, key } => {
                if let Some(retry) = self.calls.get_mut(&call).and_then(|one| one.retry.as_mut()) {
                    retry.open.remove(&question);
                    retry.answers.insert(key, result);
                }
                next.send.extend(self.repeat_if_answered(call));
            }
        }
        next.tell.push(Event::Closed { question });
        Some(next)
    }

    /// The same call with a new id, the answers and the state, once every question has its answer.
    fn repeat_if_answered(&mut self, call: u64) -> Option<Value> {
        let open = self.calls.get_mut(&call)?;
        let retry = open.retry.take_if(|retry| retry.open.is_empty())?;
        let mut more = Map::new();
        if !retry.answers.is_empty() {
            more.insert("inputResponses".into(), retry.answers.into());
        }
        if !retry.state.is_null() {
            more.insert("requestState".into(), retry.state);
        }
        self.round(call, more)
    }

    /// Takes a call back. None if it has ended.
    pub(super) fn cancel(&mut self, call: u64, reason: &str, why: &str) -> Option<Next> {
        let open = self.calls.remove(&call)?;
        let mut next = Next::default();
        // Between two rounds there is no request that could be taken back.
        if open.retry.is_none() {
            let params = json!({"requestId": open.id, "reason": reason});
            next.send
                .push(notification("notifications/cancelled", params));
        }
        let (meant, other) =
            std::mem::take(&mut self.questions)
                .into_iter()
                .partition(|(_, one)| match one {
                    // Nothing ties the request of a legacy server to a call: with no call left it is of this one.
                    Question::Request(_) => self.calls.is_empty(),
                    Question::Call { call: own, .. } => *own == call,
                });
        self.questions = other;
        let meant: BTreeMap<u64, Question> = meant;
        for (question, one) in meant {
            if let Question::Request(id) = one {
                let result = json!({"action": "cancel"});
                next.send
                    .push(json!({"jsonrpc": "2.0", "id": id, "result": result}));
            }
            next.tell.push(Event::Closed { question });
        }
        let outcome = Outcome::nothing(why);
        next.tell.push(Event::Reply { call, outcome });
        Some(next)
    }

    fn fresh_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn params(&self, params: Value) -> Value {
        params_in(self.era, params, &self.me)
    }
}

#[cfg(test)]
mod tests;
