//~ E0639 cannot create non-exhaustive struct using struct expression
// Types of the protocol may gain fields, so only functions of the SDK build them.
use rmcp::model::{Implementation, ProtocolVersion, ServerCapabilities, ServerConfig};

fn config() -> ServerConfig {
    ServerConfig {
        protocol_version: ProtocolVersion::LATEST,
        capabilities: ServerCapabilities::default(),
        server_info: Implementation::new("board", "0.1.0"),
        instructions: None,
        meta: None,
    }
}

fn main() {
    config();
}
