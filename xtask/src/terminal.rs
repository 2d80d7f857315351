//! The terminal itself: how wide it is, and single keys.

#[cfg_attr(unix, path = "terminal/unix.rs")]
#[cfg_attr(windows, path = "terminal/windows.rs")]
mod platform;

pub use platform::{SingleKeys, width};

/// What a person pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// A key that writes something.
    Letter(char),
    /// Ctrl-C or Ctrl-D.
    Leave,
    /// Any other key: an arrow, Return, Ctrl with a letter.
    Other,
}
