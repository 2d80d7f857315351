//! A server without rmcp.
fn main() {}
