//! How a tracker is set up.

use crate::access::Tokens;

/// How a tracker is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which bearer tokens it accepts.
    pub tokens: Tokens,
    /// Whether `/admin/faults` exists.
    pub admin: bool,
    /// How fast imports go. 0 stops them where they are.
    pub rows_per_second: u64,
    /// So many changes are kept in the feed.
    pub changes_kept: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: Tokens::default(),
            admin: false,
            rows_per_second: 500,
            changes_kept: 1000,
        }
    }
}
