//! The addresses that clients name: redirect URIs, client ids, resources.

use axum::http::Uri;

/// An absolute `http` or `https` URI without a fragment and without a user name, in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) secure: bool,
    pub(crate) host: String,
    /// None if the URI has none.
    pub(crate) port: Option<u16>,
    /// As it was written, query included.
    pub(crate) path_and_query: String,
}

impl Address {
    /// None if `text` is anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        // The parser drops a fragment in silence.
        if text.contains('#') {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return None;
        }
        Some(Self {
            secure,
            host: authority.host().to_owned(),
            port: authority.port_u16(),
            path_and_query: uri.path_and_query()?.to_string(),
        })
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        let end = self.path_and_query.find('?');
        &self.path_and_query[..end.unwrap_or(self.path_and_query.len())]
    }

    /// Whether the host is this machine, written as a number. A name could mean anything (RFC 8252 section 8.3).
    pub(crate) fn is_loopback_number(&self) -> bool {
        matches!(self.host.as_str(), "127.0.0.1" | "[::1]")
    }

    /// Whether the host is this machine, by number or by name.
    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback_number() || self.host == "localhost"
    }
}

/// Whether a client may be sent to `asked`, if it has registered `registered`: the two are the same text. Only where the
/// address is this machine by number, the port is free: a program takes one that happens to be free (RFC 8252 section 7.3).
pub(crate) fn redirect_matches(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let (Some(registered), Some(asked)) = (Address::read(registered), Address::read(asked)) else {
        return false;
    };
    let port = asked.port;
    !asked.secure && asked.is_loopback_number() && asked == Address { port, ..registered }
}

/// Whether a client may register this redirect URI: `https`, or `http` on this machine.
pub(crate) fn may_be_redirect(text: &str) -> bool {
    Address::read(text).is_some_and(|address| address.secure || address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_compared_letter_by_letter() {
        let registered = "https://app.example/callback";
        assert!(redirect_matches(registered, registered));
        for other in [
            "https://app.example/callback/",
            "https://app.example/callback?a=b",
            "https://app.example:8443/callback",
            "https://app.example/Callback",
            "https://app.example.evil.example/callback",
            "http://app.example/callback",
            "https://app.example/callback#x",
        ] {
            assert!(!redirect_matches(registered, other), "{other}");
        }
    }

    #[test]
    fn the_port_is_free_on_loopback_numbers_only() {
        for registered in ["http://127.0.0.1/callback", "http://127.0.0.1:1/callback"] {
            assert!(redirect_matches(
                registered,
                "http://127.0.0.1:5123/callback"
            ));
            for other in [
                "http://127.0.0.1:5123/other",
                "http://127.0.0.1:5123/callback?a",
                "http://127.0.0.2:5123/callback",
                "http://[::1]:5123/callback",
                "http://localhost:5123/callback",
                "https://127.0.0.1:5123/callback",
                "http://ada@127.0.0.1:5123/callback",
            ] {
                assert!(!redirect_matches(registered, other), "{other}");
            }
        }
        assert!(redirect_matches("http://[::1]/", "http://[::1]:5123/"));
        let by_name = "http://localhost:1/callback";
        assert!(!redirect_matches(by_name, "http://localhost:5123/callback"));
    }

    #[test]
    fn only_https_and_this_machine_can_be_registered() {
        for right in [
            "https://a.example/",
            "http://127.0.0.1/c",
            "http://localhost:1/c",
        ] {
            assert!(may_be_redirect(right), "{right}");
        }
        for wrong in [
            "http://a.example/",
            "https://a.example/#f",
            "https://ada@a.example/",
            "javascript:alert(1)",
            "/callback",
            "",
        ] {
            assert!(!may_be_redirect(wrong), "{wrong}");
        }
    }
}
