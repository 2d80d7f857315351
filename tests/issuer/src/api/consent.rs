//! The answer of the person.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;

use crate::page;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::response::WayBack;
use crate::shared::Shared;

pub(crate) async fn consent(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let form = Parameters::read(&body);
    match answer(&shared, &form) {
        Ok(response) => response,
        Err(refusal) => page::refused(&refusal),
    }
}

fn answer(shared: &Arc<Shared>, form: &Parameters) -> Result<Response, Refusal> {
    let name = form.need("request")?;
    let allowed = match form.need("decision")? {
        "allow" => true,
        "deny" => false,
        _ => {
            return Err(Refusal::new(
                "invalid_request",
                "decision is allow or deny.",
            ));
        }
    };
    let subject = form.need("subject")?;
    if !shared.options.subjects.iter().any(|known| known == subject) {
        return Err(Refusal::new(
            "invalid_request",
            format!("There is nobody called {subject:?}."),
        ));
    }
    let asked = shared.grants().answer(name).ok_or_else(|| {
        let description = "This request was answered before, or it has waited too long. Start again at the client.";
        Refusal::new("invalid_request", description)
    })?;
    let back = WayBack::new(shared, &asked.redirect_uri, asked.state.as_deref());
    if !allowed {
        return Ok(back.refusal(&Refusal::new("access_denied", "The person said no.")));
    }
    let lifetime = shared.options.code_lifetime;
    let code = shared
        .grants()
        .code(asked, subject, lifetime, &mut shared.secrets());
    Ok(back.code(&code))
}
