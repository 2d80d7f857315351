//! Cures for what chapter 3 brings: questions to the user, and a guard around every call.

mod spawn_borrowed_call {
    use rmcp::handler::server::router::tool::ToolRouter;
    use rmcp::handler::server::tool::ToolCallContext;
    use rmcp::model::{CallToolRequestParams, CallToolResponse};
    use rmcp::service::RequestContext;
    use rmcp::{ErrorData, RoleServer, tool, tool_router};
    use std::sync::Arc;

    struct Board {
        tools: ToolRouter<Board>,
    }

    #[tool_router]
    impl Board {
        /// List the projects.
        #[tool]
        async fn list_projects(&self) -> String {
            "ATLAS, BEACON, CEDAR".to_owned()
        }
    }

    // The future owns the board together with everybody else who does.
    async fn call(
        board: &Arc<Board>,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let board = Arc::clone(board);
        let call = async move {
            let call = ToolCallContext::new(&*board, request, context);
            board.tools.call(call).await
        };
        tokio::spawn(call)
            .await
            .unwrap_or_else(|_| Err(ErrorData::internal_error("the tool has failed", None)))
    }

    #[test]
    fn a_shared_board_outlives_the_call() {
        let tools = Board::tool_router();
        assert_eq!(super::super::only_tool(&tools.list_all()), "list_projects");
        let board = Arc::new(Board { tools });
        assert_eq!(board.tools.list_all().len(), 1);
        let _ = call;
    }
}

mod elicit_any_type {
    use rmcp::{Peer, RoleServer, elicit_safe, schemars, tool, tool_router};

    #[derive(serde::Deserialize, schemars::JsonSchema)]
    struct Confirm {
        sure: bool,
    }

    elicit_safe!(Confirm);

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

    #[test]
    fn a_form_is_declared_to_be_one() {
        assert_eq!(
            super::super::only_tool(&Board::tool_router().list_all()),
            "clear"
        );
    }
}
