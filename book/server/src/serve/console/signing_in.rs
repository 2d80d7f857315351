//! How far a sign-in is, as the program tells that reaches the server over HTTP.

use verdict::signing_in::{SIGN_IN, address_in};

use super::event::Event;

/// The sign-in of one process.
#[derive(Debug, Default)]
pub(super) struct SigningIn {
    begun: bool,
    asked: bool,
}

impl SigningIn {
    /// Takes a line of standard error. What the page has to be told, if it is news.
    pub(super) fn hear(&mut self, line: &str) -> Option<Event> {
        if !line.starts_with(SIGN_IN) {
            return None;
        }
        self.begun = true;
        let address = address_in(line).map(str::to_owned);
        let before = std::mem::replace(&mut self.asked, address.is_some());
        match address {
            Some(address) => Some(Event::SignIn { address }),
            None => before.then_some(Event::SignedIn),
        }
    }

    /// Whether the server wanted a token.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Whether a person has been asked and has not answered: they take longer than a server may.
    pub(super) fn waits_for_person(&self) -> bool {
        self.asked
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, SigningIn};

    #[test]
    fn a_person_is_asked_and_has_answered() {
        let mut signing_in = SigningIn::default();
        assert!(
            signing_in
                .hear("listening on http://127.0.0.1:1/mcp")
                .is_none()
        );
        assert!(!signing_in.has_begun());
        assert!(signing_in.hear("sign-in: the server answers 401").is_none());
        assert!(signing_in.has_begun() && !signing_in.waits_for_person());
        let asked = signing_in.hear("sign-in: open http://127.0.0.1:8189/authorize");
        assert!(
            matches!(asked, Some(Event::SignIn { address }) if address.ends_with("/authorize"))
        );
        assert!(signing_in.waits_for_person());
        let answered = signing_in.hear("sign-in: the answer is there");
        assert!(matches!(answered, Some(Event::SignedIn)));
        assert!(!signing_in.waits_for_person());
    }
}
