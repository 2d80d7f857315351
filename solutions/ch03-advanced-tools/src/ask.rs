//! Asking the user before something is lost, in both eras.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation>

use std::fmt::Display;

use rmcp::model::{
    ClientCapabilities, ElicitRequest, ElicitRequestParams, ElicitationCapability,
    ElicitationSchema, FormElicitationCapability, InputRequest, InputRequests, InputRequiredResult,
    InputResponses,
};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, elicit_safe};
use serde::{Deserialize, Serialize};

use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::TaskLine;

/// What the question is called among the input requests.
pub const KEY: &str = "confirm";

/// What a signed state is for: one that was made for something else does not open.
pub const PURPOSE: &[u8] = b"tools/call:delete_task";

// Forms are flat: texts, numbers, yes or no, choices. Clients show the comments to the user.
/// Whether a task is to be deleted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Confirm {
    /// Really delete it?
    pub sure: bool,
}
elicit_safe!(Confirm);

/// What travels through the client while the user thinks, signed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pending {
    /// Id of the task that the question is about.
    pub task: String,
}

/// What came of the question.
#[derive(Debug)]
pub enum Answer {
    /// The user wants it.
    Yes,
    /// The user does not want it, or does not want to say.
    No,
    /// Nobody has answered yet: this goes to the client, which calls again with an answer.
    Open(InputRequiredResult),
}

/// The question, for a person.
pub fn question(task: &TaskLine) -> String {
    format!("Delete the task {} ({}) for good?", task.id, task.title)
}

/// The question as an input request of the modern era: the form, under [`KEY`].
///
/// # Errors
/// The type of the form makes no form.
pub fn requests(task: &TaskLine) -> Result<InputRequests, Failure> {
    let form = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question(task),
        requested_schema: ElicitationSchema::from_type::<Confirm>().map_err(broken)?,
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(form));
    Ok(InputRequests::from([(KEY.to_owned(), request)]))
}

/// -32021: this client shows no forms, and says so.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic#capabilities>
pub fn no_forms() -> Failure {
    let mut needed = ClientCapabilities::default();
    let forms = FormElicitationCapability::default();
    needed.elicitation = Some(ElicitationCapability::new().with_form(forms));
    Failure::Protocol(ErrorData::missing_required_client_capability(needed))
}

/// -32602: the client sent along what this server never gave it.
pub fn refused(why: impl Display) -> Failure {
    Failure::Protocol(ErrorData::invalid_params(why.to_string(), None))
}

/// -32603: the server cannot even ask.
pub fn broken(why: impl Display) -> Failure {
    Failure::Protocol(ErrorData::internal_error(why.to_string(), None))
}

/// Asks whether a task may be deleted. `state` and `answers` are what the client sent along.
///
/// # Errors
/// The client cannot ask its user, or the state is not one that this server made for this task.
pub async fn ask(
    server: &TrackerServer,
    task: &TaskLine,
    state: Option<String>,
    answers: Option<InputResponses>,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    // STARTER 3.6: let unused = (server.codec(), task, state, answers, context);
    // STARTER 3.6: Err(Failure::Protocol(crate::not_yet::not_yet("3.6", unused)))
    // ANCHOR: ex-3-6
    let version = context.protocol_version();
    if version.is_none_or(|version| version.has_initialize()) {
        return ask_and_wait(server, task, context).await;
    }
    let Some(state) = state else {
        return ask_and_end(server, task, context);
    };
    // The state before the answer: it alone says what the answer is an answer to.
    let pending: Pending = match server.codec().open_json_with(&state, PURPOSE) {
        Ok(pending) => pending,
        Err(rmcp::model::RequestStateError::Expired) => return ask_and_end(server, task, context),
        Err(error) => return Err(refused(error)),
    };
    if pending.task != task.id {
        return Err(refused("the request state belongs to another task"));
    }
    let Some(answer) = answers.and_then(|mut answers| answers.remove(KEY)) else {
        return ask_and_end(server, task, context);
    };
    let answer: rmcp::model::ElicitResult = serde_json::from_value(answer).map_err(refused)?;
    if answer.action != rmcp::model::ElicitationAction::Accept {
        return Ok(Answer::No);
    }
    let form = answer.content.unwrap_or_default();
    let form: Confirm = serde_json::from_value(form).map_err(refused)?;
    Ok(if form.sure { Answer::Yes } else { Answer::No })
    // ANCHOR_END: ex-3-6
}
// ANCHOR: ex-3-6-b

/// Modern: the call ends with a question, and the client calls again with the answer.
fn ask_and_end(
    server: &TrackerServer,
    task: &TaskLine,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    let client = context.client_capabilities();
    let able = client.and_then(|client| client.elicitation);
    // An empty object means forms. One with only `url` means that there are none.
    if !able.is_some_and(|able| able.form.is_some() || able.url.is_none()) {
        return Err(no_forms());
    }
    let pending = Pending {
        task: task.id.clone(),
    };
    let options = rmcp::model::SealOptions::new()
        .associated_data(PURPOSE)
        .ttl(server.settings().confirm_ttl);
    let state = server.codec().seal_json_with(&pending, &options);
    let state = Some(state.map_err(broken)?);
    let question = InputRequiredResult::new(Some(requests(task)?), state);
    Ok(Answer::Open(question))
}

/// Legacy: the server asks on its own, and the call waits for the answer.
async fn ask_and_wait(
    server: &TrackerServer,
    task: &TaskLine,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    use rmcp::service::ElicitationError;

    let limit = Some(server.settings().confirm_ttl);
    let peer = &context.peer;
    let answer = tokio::select! {
        () = context.ct.cancelled() => return Ok(Answer::No),
        answer = peer.elicit_with_timeout::<Confirm>(question(task), limit) => answer,
    };
    match answer {
        Ok(Some(Confirm { sure: true })) => Ok(Answer::Yes),
        Ok(_) | Err(ElicitationError::UserDeclined | ElicitationError::UserCancelled) => {
            Ok(Answer::No)
        }
        Err(ElicitationError::CapabilityNotSupported) => Err(Failure::tool(
            "Nothing was deleted: the user has to agree, and this client cannot ask. \
             It has to declare the capability `elicitation` with forms.",
        )),
        Err(error) => Err(Failure::tool(format!("Nothing was deleted: {error}."))),
    }
}
// ANCHOR_END: ex-3-6-b
