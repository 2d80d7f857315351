//! Cures for what chapter 4 brings: resources.

mod read_resource_result {
    use rmcp::model::{
        ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResourceContents,
    };
    use rmcp::service::RequestContext;
    use rmcp::{ErrorData, RoleServer, ServerHandler};

    struct Board;

    fn contents(uri: &str) -> ReadResourceResponse {
        ReadResourceResult::new(vec![ResourceContents::text("Nothing.", uri)]).into()
    }

    impl ServerHandler for Board {
        async fn read_resource(
            &self,
            request: ReadResourceRequestParams,
            _: RequestContext<RoleServer>,
        ) -> Result<ReadResourceResponse, ErrorData> {
            Ok(contents(&request.uri))
        }
    }

    /// Compiles for a handler alone.
    fn is_handler(_: &impl ServerHandler) {}

    #[test]
    fn contents_become_a_response() {
        is_handler(&Board);
        let response = contents("tracker://projects/ATLAS/board");
        assert!(matches!(response, ReadResourceResponse::Complete(_)));
    }
}
