//! A small MCP server without any SDK.
