//~ E0432 no `CallToolRequestParam` in `model`
// `CallToolRequestParam` of older tutorials has an s at its end now.
use rmcp::model::CallToolRequestParam;

fn name(request: &CallToolRequestParam) -> &str {
    &request.name
}

fn main() {
    let _ = name;
}
