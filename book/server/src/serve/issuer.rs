//! The issuer beside the book: whoever reads on tries servers that accept its tokens.

use std::collections::BTreeMap;
use std::path::Path;

use issuer::{ByHand, PORT};
use xtask::manifest::Manifest;

/// Finds or starts an issuer if the workbook has a chapter that needs it, and says where. It ends with the value. A server may
/// get its own token for `tracker` there.
///
/// That there is none is told, and no reason not to read.
pub(super) async fn beside(root: &Path, tracker: Option<&tracker::ByHand>) -> Option<ByHand> {
    // A manifest that cannot be read is told by the page in place of the book.
    let manifest = Manifest::load(root).ok()?;
    if !manifest.chapters.iter().any(|chapter| chapter.issuer) {
        return None;
    }
    let known = tracker.map(|tracker| (tracker.url.clone(), tracker.token.clone()));
    let tokens: BTreeMap<String, String> = known.into_iter().collect();
    match ByHand::find_or_start(PORT, tokens).await {
        Ok(issuer) => {
            let which = match issuer.was_there() {
                true => ", which runs already",
                false => ", for learning only",
            };
            println!("issuer at {}{which}", issuer.url);
            Some(issuer)
        }
        Err(error) => {
            eprintln!("the issuer cannot start: {error}");
            None
        }
    }
}

/// What a server is told of this issuer. Its own token for `tracker` it gets there, if the issuer knows that tracker.
pub(super) fn environment(
    issuer: &ByHand,
    tracker: Option<&tracker::ByHand>,
) -> Vec<(String, String)> {
    let mut told = vec![("ISSUER_URL".to_owned(), issuer.url.clone())];
    let client = tracker.and_then(|tracker| issuer.upstream_client(&tracker.url));
    let client = client.into_iter().flatten();
    told.extend(client.map(|(name, value)| (name.to_owned(), value)));
    told
}
