//~ E0603 struct `Parameters` is private
// `Parameters` of older tutorials moved to `rmcp::handler::server::wrapper`.
use rmcp::handler::server::tool::Parameters;

fn title(Parameters(title): Parameters<String>) -> String {
    title
}

fn main() {
    let _ = title;
}
