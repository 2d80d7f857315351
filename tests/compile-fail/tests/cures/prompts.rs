//! Cures for what chapter 5 brings: prompts.

use rmcp::model::Prompt;

/// The one prompt that each server below must offer.
fn only_prompt(prompts: &[Prompt]) -> &str {
    assert_eq!(prompts.len(), 1, "{prompts:?}");
    &prompts[0].name
}

mod prompt_text_error {
    use rmcp::model::{PromptMessage, Role};
    use rmcp::{ErrorData, prompt, prompt_router};

    struct Board;

    #[prompt_router]
    impl Board {
        /// Write the status of the board.
        #[prompt]
        async fn status(&self) -> Result<Vec<PromptMessage>, ErrorData> {
            Ok(vec![PromptMessage::new_text(Role::User, "Write it.")])
        }
    }

    #[test]
    fn a_prompt_fails_with_a_protocol_error() {
        let prompts = Board::prompt_router().list_all();
        assert_eq!(super::only_prompt(&prompts), "status");
    }
}

mod prompt_returns_text {
    use rmcp::model::{GetPromptResult, PromptMessage, Role};
    use rmcp::{prompt, prompt_router};

    struct Board;

    #[prompt_router]
    impl Board {
        /// Write the status of the board.
        #[prompt]
        async fn status(&self) -> GetPromptResult {
            let text = "Write the status of the board.";
            GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)])
        }
    }

    #[test]
    fn a_message_has_a_role() {
        let prompts = Board::prompt_router().list_all();
        assert_eq!(super::only_prompt(&prompts), "status");
    }
}

mod prompt_router_path {
    use rmcp::model::{PromptMessage, Role};
    use rmcp::{prompt, prompt_router};

    struct Board;

    #[prompt_router(router = "own_prompts")]
    impl Board {
        /// Write the status of the board.
        #[prompt]
        async fn status(&self) -> Vec<PromptMessage> {
            vec![PromptMessage::new_text(Role::User, "Write it.")]
        }
    }

    #[test]
    fn a_name_in_quotes_names_the_router() {
        assert_eq!(
            super::only_prompt(&Board::own_prompts().list_all()),
            "status"
        );
    }
}
