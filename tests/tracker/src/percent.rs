//! Percent-encoding of one path segment.

use std::fmt::Write as _;

/// `text` as one segment of a path: everything but the unreserved characters of RFC 3986 is encoded, the slash too.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(encode("A/B 100%41-ü~"), "A%2FB%20100%2541-%C3%BC~");
    }
}
