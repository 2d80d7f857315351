//! Which web pages may call, and under which names this server is called.

// ANCHOR: ex-8-1-c
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
    let mut named = headers.get_all(HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return Err(Refusal::Foreign("one Host header is needed"));
    };
    // A request line with a whole address overrides the header.
    let line = uri.authority().map(|authority| authority.as_str());
    for host in [host.to_str().ok(), line.or(host.to_str().ok())] {
        if !host.is_some_and(|host| is_known(&host.to_ascii_lowercase(), hosts)) {
            return Err(Refusal::Foreign("this host is not served"));
        }
    }
    // Programs that are no browsers send none.
    for origin in headers.get_all(ORIGIN) {
        let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
        if !origins.contains(&origin) {
            return Err(Refusal::Foreign("this origin is not allowed"));
        }
    }
    Ok(())
}

/// Whether a host is on the list: as a whole, or without its port.
fn is_known(host: &str, hosts: &[String]) -> bool {
    let without_port = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    hosts
        .iter()
        .any(|known| known == host || known == without_port)
}

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
// ANCHOR_END: ex-8-1-c
