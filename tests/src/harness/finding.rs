//! What a check has to say when a server is wrong.

use std::fmt;

use verdict::Failure;

/// How a check, or a step of it, ends.
pub type Verdict<T = ()> = Result<T, Stop>;

/// Why a check stopped before its end.
#[derive(Debug)]
pub enum Stop {
    /// The server is wrong.
    Wrong(Wrong),
    /// The checker or the machine is at fault.
    Fault(String),
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl Stop {
    /// Says what the check had sent or done, where that is more than the one message that went wrong.
    #[must_use]
    pub fn sent(self, sent: impl Into<String>) -> Self {
        match self {
            Self::Wrong(wrong) => Self::Wrong(wrong.sent(sent)),
            fault @ Self::Fault(_) => fault,
        }
    }

    /// Adds a known fault that explains it.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        match self {
            Self::Wrong(wrong) => Self::Wrong(wrong.note(note)),
            fault @ Self::Fault(_) => fault,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(message) => f.write_str(message),
            Self::Wrong(Wrong(failure)) => {
                f.write_str(&failure.what)?;
                match failure.got.as_str() {
                    "" => Ok(()),
                    got => write!(f, " ({got})"),
                }
            }
        }
    }
}

impl std::error::Error for Stop {}

/// What is wrong with a server. Start with [`wrong`] or `Reply::wrong`, then add what is known.
#[derive(Debug)]
#[must_use = "return it, or the server passes"]
pub struct Wrong(Box<Failure>);

/// Something is wrong: `what`, in one sentence.
pub fn wrong(what: impl Into<String>) -> Wrong {
    Wrong(Box::new(Failure {
        what: what.into(),
        ..Failure::default()
    }))
}

/// Demands that something holds.
///
/// # Errors
/// It does not: then `otherwise` says what is wrong.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> Wrong) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl Wrong {
    /// What the check sent or did.
    pub fn sent(mut self, sent: impl Into<String>) -> Self {
        self.0.sent = Some(sent.into());
        self
    }

    /// What a right server answers.
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.0.expected = expected.into();
        self
    }

    /// What this one answered.
    pub fn got(mut self, got: impl Into<String>) -> Self {
        self.0.got = got.into();
        self
    }

    /// Why it matters, where this differs from the reason of the check.
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.0.why = why.into();
        self
    }

    /// A known fault that explains it.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.notes.push(note.into());
        self
    }

    pub(super) fn into_failure(self) -> Failure {
        *self.0
    }
}
