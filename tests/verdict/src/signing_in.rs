//! What `checker connect` tells of a sign-in on standard error, line by line.

/// What each line begins with that is about the sign-in.
pub const SIGN_IN: &str = "sign-in: ";
/// What stands before the address that a person has to open.
pub const OPEN: &str = "open ";
/// What the line begins with that says that messages can pass.
pub const CONNECTED: &str = "connected to ";

/// The address that a person has to open, if the line is about that.
pub fn address_in(line: &str) -> Option<&str> {
    let address = line.strip_prefix(SIGN_IN)?.strip_prefix(OPEN)?.trim();
    // It becomes a link: nothing else may.
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    is_web.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn only_addresses_of_the_web_are_to_be_opened() {
        assert_eq!(
            address_in("sign-in: open http://127.0.0.1/authorize?a=b"),
            Some("http://127.0.0.1/authorize?a=b")
        );
        assert_eq!(address_in("sign-in: open javascript:alert(1)"), None);
        assert_eq!(address_in("open http://127.0.0.1/"), None);
    }
}
