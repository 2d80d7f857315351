//! Which web pages may call, and under which names this server is called.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use crate::gate::Refusal;

/// Judges the `Host` and `Origin` of a request.
///
/// A web page can make a browser send requests to this machine, even under a name of its own that
/// leads here (DNS rebinding). It cannot choose these two headers.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#security--endpoint>
///
/// # Errors
/// One of them is on none of the two lists.
pub fn judge(
    headers: &HeaderMap,
    uri: &Uri,
    hosts: &[String],
    origins: &[String],
) -> Result<(), Refusal> {
    // Exercise 6.2 begins. Hint: cargo xtask hint 6.2
    let _unused = (headers, uri, hosts, origins, HOST, ORIGIN);
    Ok(())
    // Exercise 6.2 ends.
}
// Exercise 6.2-b begins. Hint: cargo xtask hint 6.2
// Exercise 6.2-b ends.

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().expect("a value"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().expect("a value"));
        }
        let hosts = ["localhost", "127.0.0.1", "[::1]", "mcp.example.com:443"];
        let origins = ["https://app.example.com".to_owned()];
        let uri = Uri::from_static("/mcp");
        judge(&headers, &uri, &hosts.map(String::from), &origins).is_ok()
    }

    #[test]
    fn known_hosts_are_served_on_any_port_unless_the_list_names_one() {
        for good in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:1",
            "[::1]",
            "[::1]:80",
        ] {
            assert!(judged(good, None), "{good}");
        }
        assert!(judged("mcp.example.com:443", None));
        assert!(!judged("mcp.example.com:444", None));
    }

    #[test]
    fn hosts_that_only_look_alike_are_not() {
        for bad in [
            "",
            ":80",
            "evil.example",
            "localhost.evil.example",
            "localhost:80@evil.example",
            "user@localhost",
            "127.0.0.1.",
            "127.1",
            "[::1",
            "::1",
            "localhost:80:80",
            "localhost:x",
        ] {
            assert!(!judged(bad, None), "{bad}");
        }
    }

    #[test]
    fn origins_are_compared_as_a_whole() {
        assert!(judged("localhost", Some("https://app.example.com")));
        for bad in [
            "null",
            "",
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com.evil.example",
            "https://evil.example",
            "http://localhost",
        ] {
            assert!(!judged("localhost", Some(bad)), "{bad:?}");
        }
    }
}
