//! What a person reads. Whoever reads it may leave first (`talk ch03 | head`): that ends the conversation.

use std::fmt::Arguments;
use std::io::{Write, stdout};

use tokio::sync::Notify;

/// Told when nobody reads any more.
static NOBODY_READS: Notify = Notify::const_new();

/// Prints a line, as `println!` does, for a reader who may have left.
macro_rules! say {
    ($($line:tt)*) => { $crate::talk::say::line(format_args!($($line)*)) };
}
pub(super) use say;

pub(super) fn line(text: Arguments<'_>) {
    show(format_args!("{text}\n"));
}

/// Text that the line goes on behind.
pub(super) fn show(text: Arguments<'_>) {
    let mut out = stdout();
    if out.write_fmt(text).and_then(|()| out.flush()).is_err() {
        NOBODY_READS.notify_one();
    }
}

/// Waits until nobody reads any more.
pub(super) async fn nobody_reads() {
    NOBODY_READS.notified().await;
}
