//! Asking the user before something is lost, in both eras. Chapter 3 of the book explains how.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation>

// ANCHOR: ex-8-4-c
use rmcp::model::{
    ClientCapabilities, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationCapability, ElicitationSchema, FormElicitationCapability, InputRequest,
    InputRequests, InputRequiredResult, InputResponses, RequestStateError, SealOptions,
};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::{ElicitationError, RequestContext};
use rmcp::{ErrorData, RoleServer, elicit_safe};
use serde::{Deserialize, Serialize};

use crate::auth::Caller;
use crate::errors::Failure;
use crate::sealed;
use crate::server::TrackerServer;
use crate::tracker::TaskLine;

/// What the question is called among the input requests.
const KEY: &str = "confirm";

/// What a signed state is for.
const PURPOSE: &str = "delete_task";

/// For the model: what a user can do whose client cannot be asked.
const WAY_OUT: &str = "Nothing was deleted: the user has to agree, and this client cannot be asked. \
    Tell the user to delete the task in the tracker, or to use a client that shows forms and speaks \
    revision 2026-07-28 of the protocol.";

/// Whether a task is to be deleted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Confirm {
    /// Really delete it?
    pub sure: bool,
}
elicit_safe!(Confirm);

/// What travels through the client while the user thinks, signed.
#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    task: String,
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

/// Asks whether a task may be deleted. `state` and `answers` are what the client sent along.
///
/// # Errors
/// The client cannot ask its user, or the state is not one that this server made for this.
pub async fn ask(
    server: &TrackerServer,
    caller: &Caller,
    task: &TaskLine,
    state: Option<String>,
    answers: Option<InputResponses>,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    let version = context.protocol_version();
    if version.is_none_or(|version| version.has_initialize()) {
        return ask_and_wait(server, task, context).await;
    }
    let Some(state) = state else {
        return ask_and_end(server, caller, task, context);
    };
    let bound = sealed::bound_to(PURPOSE, caller);
    let pending: Pending = match server.codec().open_json_with(&state, &bound) {
        Ok(pending) => pending,
        Err(RequestStateError::Expired) => return ask_and_end(server, caller, task, context),
        Err(error) => return Err(Failure::refused(error)),
    };
    if pending.task != task.id {
        return Err(Failure::refused(
            "the request state belongs to another task",
        ));
    }
    let Some(answer) = answers.and_then(|mut answers| answers.remove(KEY)) else {
        return ask_and_end(server, caller, task, context);
    };
    let answer: ElicitResult = serde_json::from_value(answer).map_err(Failure::refused)?;
    if answer.action != ElicitationAction::Accept {
        return Ok(Answer::No);
    }
    let form = answer.content.unwrap_or_default();
    let form: Confirm = serde_json::from_value(form).map_err(Failure::refused)?;
    Ok(if form.sure { Answer::Yes } else { Answer::No })
}

/// Modern: the call ends with a question, and the client calls again with the answer.
fn ask_and_end(
    server: &TrackerServer,
    caller: &Caller,
    task: &TaskLine,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    let client = context.client_capabilities();
    let able = client.and_then(|client| client.elicitation);
    // An empty object means forms. One with only `url` means that there are none.
    if !able.is_some_and(|able| able.form.is_some() || able.url.is_none()) {
        let mut needed = ClientCapabilities::default();
        let forms = FormElicitationCapability::default();
        needed.elicitation = Some(ElicitationCapability::new().with_form(forms));
        let error = ErrorData::missing_required_client_capability(needed);
        return Err(Failure::Protocol(error));
    }
    let form = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question(task),
        requested_schema: ElicitationSchema::from_type::<Confirm>().map_err(Failure::broken)?,
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(form));
    let requests = InputRequests::from([(KEY.to_owned(), request)]);
    let pending = Pending {
        task: task.id.clone(),
    };
    let bound = sealed::bound_to(PURPOSE, caller);
    let options = SealOptions::new()
        .associated_data(&bound)
        .ttl(server.confirm_ttl());
    let state = server.codec().seal_json_with(&pending, &options);
    let state = state.map_err(Failure::broken)?;
    Ok(Answer::Open(InputRequiredResult::new(
        Some(requests),
        Some(state),
    )))
}

/// Legacy: the server asks on its own, and the call waits. Needs a connection that stays, as stdio or a
/// session has; without one, nobody can be asked.
async fn ask_and_wait(
    server: &TrackerServer,
    task: &TaskLine,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, Failure> {
    let limit = Some(server.confirm_ttl());
    let asked = context
        .peer
        .elicit_with_timeout::<Confirm>(question(task), limit);
    match asked.await {
        Ok(Some(Confirm { sure: true })) => Ok(Answer::Yes),
        Ok(_) | Err(ElicitationError::UserDeclined | ElicitationError::UserCancelled) => {
            Ok(Answer::No)
        }
        Err(ElicitationError::CapabilityNotSupported) => Err(Failure::tool(WAY_OUT)),
        Err(error) => Err(Failure::tool(format!("Nothing was deleted: {error}."))),
    }
}

fn question(task: &TaskLine) -> String {
    format!("Delete the task {} ({}) for good?", task.id, task.title)
}
// ANCHOR_END: ex-8-4-c
