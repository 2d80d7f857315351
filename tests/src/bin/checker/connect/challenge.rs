//! `WWW-Authenticate`: how a server says what is missing, RFC 9110 section 11.6.1 and RFC 6750 section 3.

use std::collections::BTreeMap;

/// The challenge of the scheme `Bearer`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Challenge(BTreeMap<String, String>);

impl Challenge {
    /// Reads the header's value; empty if it is about another scheme.
    pub(super) fn read(value: Option<&str>) -> Self {
        let Some((scheme, rest)) = value.unwrap_or_default().trim().split_once(' ') else {
            return Self::default();
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::default();
        }
        let mut found = BTreeMap::new();
        let mut rest = rest.trim_start();
        while let Some((name, after)) = rest.split_once('=') {
            let (value, after) = parameter(after.trim_start());
            let name = name.trim_matches([',', ' ', '\t']).to_ascii_lowercase();
            found.insert(name, value);
            rest = after;
        }
        Self(found)
    }

    /// Where the server describes itself.
    pub(super) fn resource_metadata(&self) -> Option<&str> {
        self.get("resource_metadata")
    }

    /// What a token has to allow.
    pub(super) fn scope(&self) -> Option<&str> {
        self.get("scope")
    }

    /// What is wrong with the token that was sent.
    pub(super) fn error(&self) -> Option<&str> {
        self.get("error")
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A value, quoted or not, and what follows it.
fn parameter(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (place, letter) in quoted.char_indices() {
        match letter {
            _ if escaped => {
                value.push(letter);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[place + 1..]),
            _ => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn parameters_are_read_quoted_or_not() {
        let challenge = Challenge::read(Some(
            r#"Bearer resource_metadata="http://a/b,c", scope="x y", error=invalid_token, z="\"""#,
        ));
        assert_eq!(challenge.resource_metadata(), Some("http://a/b,c"));
        assert_eq!(challenge.scope(), Some("x y"));
        assert_eq!(challenge.error(), Some("invalid_token"));
        assert_eq!(challenge.get("z"), Some("\""));
    }

    #[test]
    fn what_is_not_about_tokens_says_nothing() {
        for value in [None, Some(""), Some("Bearer"), Some(r#"Basic realm="a""#)] {
            assert_eq!(Challenge::read(value), Challenge::default(), "{value:?}");
        }
    }
}
