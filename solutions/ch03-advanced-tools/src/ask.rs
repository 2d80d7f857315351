//! Asking the user before something is lost, in both eras.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation>

use rmcp::model::{InputRequiredResult, InputResponses};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, elicit_safe};
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
        return ask_now(server, task, context).await;
    }
    let Some(state) = state else {
        return ask_later(server, task, context);
    };
    // The state before the answer: it alone says what the answer is an answer to.
    let pending: Pending = match server.codec().open_json_with(&state, PURPOSE) {
        Ok(pending) => pending,
        Err(rmcp::model::RequestStateError::Expired) => return ask_later(server, task, context),
        Err(error) => return Err(refused(error)),
    };
    if pending.task != task.id {
        return Err(refused("the request state belongs to another task"));
    }
    let Some(answer) = answers.and_then(|mut answers| answers.remove(KEY)) else {
        return ask_later(server, task, context);
    };
    let answer: rmcp::model::ElicitResult = serde_json::from_value(answer).map_err(refused)?;
    if answer.action != rmcp::model::ElicitationAction::Accept {
        return Ok(Answer::No);
    }
    let form: Confirm =
        serde_json::from_value(answer.content.unwrap_or_default()).map_err(refused)?;
    Ok(if form.sure { Answer::Yes } else { Answer::No })
    // ANCHOR_END: ex-3-6
}

// ANCHOR: ex-3-6-b
/// Modern: the call ends with a question, and the client calls again.
fn ask_later(
    server: &TrackerServer,
    task: &TaskLine,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    use rmcp::model::{
        ClientCapabilities, ElicitRequest, ElicitRequestParams, ElicitationCapability,
        ElicitationSchema, FormElicitationCapability, InputRequest, InputRequests, SealOptions,
    };

    let able = context
        .client_capabilities()
        .and_then(|client| client.elicitation);
    // An empty object means forms. Only `url` means that there are none.
    if !able.is_some_and(|able| able.form.is_some() || able.url.is_none()) {
        let mut needed = ClientCapabilities::default();
        let forms = FormElicitationCapability::default();
        needed.elicitation = Some(ElicitationCapability::new().with_form(forms));
        let error = rmcp::ErrorData::missing_required_client_capability(needed);
        return Err(Failure::Protocol(error));
    }
    let internal = |error: &dyn std::fmt::Display| {
        Failure::Protocol(rmcp::ErrorData::internal_error(error.to_string(), None))
    };
    let form = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question(task),
        requested_schema: ElicitationSchema::from_type::<Confirm>().map_err(|e| internal(&e))?,
    };
    let pending = Pending {
        task: task.id.clone(),
    };
    let ttl = server.settings().confirm_ttl;
    let options = SealOptions::new().associated_data(PURPOSE).ttl(ttl);
    let state = server
        .codec()
        .seal_json_with(&pending, &options)
        .map_err(|e| internal(&e))?;
    let request = InputRequest::Elicitation(ElicitRequest::new(form));
    let requests = InputRequests::from([(KEY.to_owned(), request)]);
    Ok(Answer::Open(InputRequiredResult::new(
        Some(requests),
        Some(state),
    )))
}

/// Legacy: the server asks on its own, and the call waits for the answer.
async fn ask_now(
    server: &TrackerServer,
    task: &TaskLine,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    use rmcp::service::ElicitationError;

    let ttl = Some(server.settings().confirm_ttl);
    let asking = context
        .peer
        .elicit_with_timeout::<Confirm>(question(task), ttl);
    let answer = tokio::select! {
        () = context.ct.cancelled() => return Ok(Answer::No),
        answer = asking => answer,
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

/// -32602: the client sent along what this server never gave it.
fn refused(why: impl std::fmt::Display) -> Failure {
    Failure::Protocol(rmcp::ErrorData::invalid_params(why.to_string(), None))
}
// ANCHOR_END: ex-3-6-b
