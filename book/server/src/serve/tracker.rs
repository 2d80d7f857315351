//! The tracker beside the book: whoever reads on tries servers that are its clients.

use std::path::Path;

use tracker::{ByHand, DEFAULT_TOKEN, PORT};
use xtask::manifest::Manifest;

/// Finds or starts a tracker if the workbook has a chapter that needs it, and says where. It ends with the value.
///
/// That there is none is told, and no reason not to read.
pub(super) async fn beside(root: &Path) -> Option<ByHand> {
    // A manifest that cannot be read is told by the page in place of the book.
    let manifest = Manifest::load(root).ok()?;
    if !manifest.chapters.iter().any(|chapter| chapter.tracker) {
        return None;
    }
    match ByHand::find_or_start(PORT, DEFAULT_TOKEN).await {
        Ok(tracker) => {
            let which = match tracker.was_there() {
                true => ", which runs already",
                false => "",
            };
            println!("tracker at {}{which}", tracker.url);
            Some(tracker)
        }
        Err(error) => {
            eprintln!("the tracker cannot start: {error}");
            None
        }
    }
}
