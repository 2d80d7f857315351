//! What mdBook only logs (an unclosed tag, a footnote that nobody refers to) is a problem here.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Runs `action` and returns what was logged meanwhile as a warning or an error, on this thread.
pub(crate) fn warnings_of<T>(action: impl FnOnce() -> T) -> (T, Vec<String>) {
    let collector = Collector::default();
    let warnings = Arc::clone(&collector.warnings);
    let result = tracing::subscriber::with_default(collector, action);
    let warnings = std::mem::take(&mut *warnings.lock().unwrap_or_else(PoisonError::into_inner));
    (result, warnings)
}

#[derive(Default)]
struct Collector {
    warnings: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("mdbook")
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message.0);
    }

    // Spans carry nothing that is needed.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}
