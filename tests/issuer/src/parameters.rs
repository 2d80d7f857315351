//! Parameters of a query or a form.

use crate::refusal::Refusal;

/// Names and values in their order, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters(Vec<(String, String)>);

/// The one name that may come more than once (RFC 8707 section 2). That this issuer takes one resource at a time is told by
/// an error of its own.
const RESOURCE: &str = "resource";

impl Parameters {
    pub(crate) fn read(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The value of this name. One without text counts as absent (RFC 6749 section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The value of this name, which must be there.
    ///
    /// # Errors
    /// `invalid_request`
    pub(crate) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::new("invalid_request", format!("{name} is missing.")))
    }

    /// Refuses names that come twice, as RFC 6749 section 3.1 does. Names that nobody knows are none of our business.
    ///
    /// # Errors
    /// `invalid_request`
    pub(crate) fn each_once(&self) -> Result<(), Refusal> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            if name != RESOURCE && self.0[..place].iter().any(|(before, _)| before == name) {
                let description = format!("{name} comes twice.");
                return Err(Refusal::new("invalid_request", description));
            }
        }
        Ok(())
    }

    /// All of them.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_is_no_value() {
        let parameters = Parameters::read(b"state=&scope=a+b&code=%2F");
        assert_eq!(parameters.get("state"), None);
        assert_eq!(parameters.get("scope"), Some("a b"));
        assert_eq!(parameters.get("code"), Some("/"));
    }

    #[test]
    fn only_resources_may_come_twice() {
        assert!(
            Parameters::read(b"resource=a&resource=b")
                .each_once()
                .is_ok()
        );
        assert!(Parameters::read(b"state=a&state=").each_once().is_err());
    }
}
