//~ E0277 the trait bound `Confirm: ElicitationSafe` is not satisfied
// A form is an object of plain fields. Nobody has said yet that this type is one.
use rmcp::{Peer, RoleServer, schemars, tool, tool_router};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Confirm {
    sure: bool,
}

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Delete everything, if the user says so.
    #[tool]
    async fn clear(&self, peer: Peer<RoleServer>) -> String {
        match peer.elicit::<Confirm>("Delete everything?").await {
            Ok(Some(form)) if form.sure => "all is gone".to_owned(),
            _ => "all is there".to_owned(),
        }
    }
}

fn main() {}
