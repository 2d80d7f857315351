//! The twin of every case: the same program with its mistake put right. That it compiles shows that the case
//! was refused for the mistake and for nothing else.

use compile_fail::cases;
use rmcp::model::Tool;

#[path = "cures/asking_and_guarding.rs"]
mod asking_and_guarding;
#[path = "cures/prompts.rs"]
mod prompts;
#[path = "cures/resources.rs"]
mod resources;

/// Where the cures stand.
const CURES: [&str; 4] = [
    include_str!("cures.rs"),
    include_str!("cures/asking_and_guarding.rs"),
    include_str!("cures/prompts.rs"),
    include_str!("cures/resources.rs"),
];

/// The one tool that each server below must offer.
fn only_tool(tools: &[Tool]) -> &str {
    assert_eq!(tools.len(), 1, "{tools:?}");
    &tools[0].name
}

#[test]
fn every_case_has_its_cure() {
    for case in cases().expect("the cases can be read") {
        let module = format!("mod {} {{", case.name.replace('-', "_"));
        assert!(
            CURES.iter().any(|file| file.contains(&module)),
            "write `{module}` with the right form of {}",
            case.path.display()
        );
    }
}

mod missing_json_schema {
    use rmcp::{handler::server::wrapper::Parameters, schemars, tool, tool_router};

    #[derive(serde::Deserialize, schemars::JsonSchema)]
    struct AddTask {
        title: String,
    }

    struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// Add a task.
        #[tool]
        async fn add_task(&self, Parameters(task): Parameters<AddTask>) -> String {
            task.title
        }
    }

    #[test]
    fn both_derives_make_an_argument_type() {
        assert_eq!(
            super::only_tool(&Board::tool_router().list_all()),
            "add_task"
        );
    }
}

mod missing_deserialize {
    // The cure is the same: an argument type has both derives.
}

mod returns_number {
    use rmcp::{tool, tool_router};

    struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// Count the tasks.
        #[tool]
        async fn count_tasks(&self) -> String {
            4.to_string()
        }
    }

    #[test]
    fn a_string_is_a_tool_result() {
        assert_eq!(
            super::only_tool(&Board::tool_router().list_all()),
            "count_tasks"
        );
    }
}

mod returns_str {
    // The cure is the same: `.to_owned()` makes a `String`.
}

mod returns_list {
    use rmcp::{Json, schemars, tool, tool_router};

    #[derive(serde::Serialize, schemars::JsonSchema)]
    struct Titles {
        titles: Vec<String>,
    }

    struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// List the titles of all tasks.
        #[tool]
        async fn list_titles(&self) -> Json<Titles> {
            Json(Titles { titles: Vec::new() })
        }
    }

    #[test]
    fn a_struct_around_the_list_is_a_tool_result() {
        let tools = Board::tool_router().list_all();
        assert_eq!(super::only_tool(&tools), "list_titles");
        assert!(tools[0].output_schema.is_some());
    }
}

mod json_without_schema {
    // The cure is in `returns_list`: what `Json` wraps derives `Serialize` and `JsonSchema`.
}

mod anyhow_error {
    use rmcp::{tool, tool_router};

    struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// Read the notes of the team.
        #[tool]
        async fn read_notes(&self) -> Result<String, String> {
            std::fs::read_to_string("notes.txt").map_err(|error| error.to_string())
        }
    }

    #[test]
    fn a_string_is_an_error_type() {
        assert_eq!(
            super::only_tool(&Board::tool_router().list_all()),
            "read_notes"
        );
    }
}

mod plain_argument {
    use rmcp::{handler::server::wrapper::Parameters, schemars, tool, tool_router};

    #[derive(serde::Deserialize, schemars::JsonSchema)]
    struct ShowTask {
        number: u32,
    }

    struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// Show one task.
        #[tool]
        async fn show_task(&self, Parameters(task): Parameters<ShowTask>) -> String {
            format!("ATLAS-{}", task.number)
        }
    }

    #[test]
    fn arguments_are_a_struct_in_parameters() {
        assert_eq!(
            super::only_tool(&Board::tool_router().list_all()),
            "show_task"
        );
    }
}

mod mutable_self {
    // The cure is in `guard_across_await`: what changes stands behind a lock.
}

mod guard_across_await {
    use rmcp::{tool, tool_router};
    use std::sync::Mutex;

    struct Board {
        count: Mutex<u32>,
    }

    #[tool_router(server_handler)]
    impl Board {
        /// Count this call.
        #[tool]
        async fn count(&self) -> String {
            let number = {
                let mut count = self.count.lock().expect("nobody panics with the lock");
                *count += 1;
                *count
            };
            audit().await;
            number.to_string()
        }
    }

    async fn audit() {
        tokio::task::yield_now().await;
    }

    #[tokio::test]
    async fn the_guard_is_gone_before_the_wait() {
        let board = Board {
            count: Mutex::new(0),
        };
        assert_eq!(board.count().await, "1");
        assert_eq!(super::only_tool(&Board::tool_router().list_all()), "count");
    }
}

mod empty_router {
    use rmcp::{tool, tool_router};

    struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// List the projects.
        #[tool(
            description = "List the projects of the team.",
            annotations(read_only_hint = true)
        )]
        async fn list_projects(&self) -> String {
            "ATLAS, BEACON, CEDAR".to_owned()
        }
    }

    #[test]
    fn the_attribute_makes_the_tool_and_its_fields_describe_it() {
        let tools = Board::tool_router().list_all();
        assert_eq!(super::only_tool(&tools), "list_projects");
        let hints = tools[0].annotations.as_ref().expect("there are hints");
        assert_eq!(hints.read_only_hint, Some(true));
        assert_eq!(
            tools[0].description.as_deref(),
            Some("List the projects of the team.")
        );
    }
}

mod unknown_attribute {
    // The cure is in `empty_router`: the field is called `description`.
}

mod wrong_annotation_name {
    // The cure is in `empty_router`: the hint is called `read_only_hint`.
}

mod handler_without_router {
    use rmcp::{ServerHandler, tool, tool_handler, tool_router};

    struct Board;

    #[tool_router]
    impl Board {
        /// List the projects.
        #[tool]
        async fn list_projects(&self) -> String {
            "ATLAS, BEACON, CEDAR".to_owned()
        }
    }

    #[tool_handler]
    impl ServerHandler for Board {}

    #[test]
    fn the_handler_finds_the_router() {
        assert_eq!(
            super::only_tool(&Board::tool_router().list_all()),
            "list_projects"
        );
    }
}

mod private_router {
    mod board {
        use rmcp::{tool, tool_router};

        pub(crate) struct Board;

        #[tool_router(server_handler, vis = "pub(crate)")]
        impl Board {
            /// List the projects.
            #[tool]
            async fn list_projects(&self) -> String {
                "ATLAS, BEACON, CEDAR".to_owned()
            }
        }
    }

    #[test]
    fn the_router_is_open_to_other_modules() {
        let router = board::Board::tool_router();
        assert_eq!(super::only_tool(&router.list_all()), "list_projects");
    }
}

mod struct_literal {
    use rmcp::model::{Implementation, ServerCapabilities, ServerConfig};

    fn config() -> ServerConfig {
        ServerConfig::new(ServerCapabilities::default()).with_server_info(Implementation::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
        ))
    }

    #[test]
    fn functions_build_what_a_literal_must_not() {
        assert_eq!(config().server_info.name, "compile-fail");
    }
}

mod env_in_version {
    // The cure is in `struct_literal`: `get_info` returns such a configuration.
}

mod old_content {
    use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock};

    #[test]
    fn new_names_stand_for_the_old_ones() {
        let result = CallToolResult::success(vec![ContentBlock::text("hello")]);
        assert_eq!(result.content.len(), 1);
        assert_eq!(CallToolRequestParams::new("greet").name, "greet");
    }
}

mod old_request_param {
    // The cure is in `old_content`: the name ends in `Params`.
}

mod old_parameters_path {
    use rmcp::handler::server::wrapper::Parameters;

    #[test]
    fn parameters_live_in_wrapper() {
        let Parameters(title) = Parameters("Pick a name");
        assert_eq!(title, "Pick a name");
    }
}
