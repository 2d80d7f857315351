//! Traces that go through many programs: which one a request belongs to.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic#opentelemetry-trace-context>

use uuid::Uuid;

/// What a W3C `traceparent` tells: the trace, and who called inside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    /// 32 hexadecimal digits, the same in every program that has a part in it.
    pub trace_id: String,
    /// 16 hexadecimal digits: the span of whoever called. None where the trace begins.
    pub parent_id: Option<String>,
}

impl TraceContext {
    /// Reads `00-<trace>-<parent>-<flags>`. None if it is anything else: the specification of the W3C says to
    /// go on as if nothing had been sent. <https://www.w3.org/TR/trace-context/#traceparent-header>
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let [version, trace_id, parent_id, flags, later @ ..] = parts.as_slice() else {
            return None;
        };
        // A later version may add parts at the end, this one may not.
        let known = *version == "00" && later.is_empty();
        let newer = *version != "00" && *version != "ff";
        let right = (known || newer)
            && is_hex(version, 2)
            && is_hex(flags, 2)
            && is_id(trace_id, 32)
            && is_id(parent_id, 16);
        right.then(|| Self {
            trace_id: (*trace_id).to_owned(),
            parent_id: Some((*parent_id).to_owned()),
        })
    }

    /// A trace that begins here.
    pub fn random() -> Self {
        Self {
            trace_id: Uuid::new_v4().simple().to_string(),
            parent_id: None,
        }
    }
}

/// Small letters only, as the W3C demands.
fn is_hex(text: &str, length: usize) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == length && text.bytes().all(digit)
}

/// Zeros alone stand for nothing.
fn is_id(text: &str, length: usize) -> bool {
    is_hex(text, length) && text.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_counts_as_nothing() {
        let right = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(TraceContext::parse(right).is_some());
        assert!(TraceContext::parse(&right.replacen("00", "01", 1)).is_some());
        assert!(TraceContext::parse(&format!("{right}-more")).is_none());
        for wrong in [
            String::new(),
            right.to_uppercase(),
            right.replacen("00", "ff", 1),
            right.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            right.replace("b7ad6b7169203331", "b7ad"),
        ] {
            assert_eq!(TraceContext::parse(&wrong), None, "{wrong}");
        }
    }
}
