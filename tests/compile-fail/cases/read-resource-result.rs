//~ E0271 ReadResourceResponse
// Older tutorials return the contents as they are. Now there is a second answer, a question to the user.
use rmcp::model::{ReadResourceRequestParams, ReadResourceResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

struct Board;

impl ServerHandler for Board {
    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResult, ErrorData> {
        Err(ErrorData::resource_not_found(request.uri, None))
    }
}

fn main() {}
