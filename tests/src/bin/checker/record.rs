//! Recording an exchange. (Being written by the lead right now; the author of the harness leaves this file alone.)
use std::path::Path;

use reference_tests::harness::Subject;

pub(crate) async fn record(_script: &Path, _subject: Subject) -> anyhow::Result<()> {
    anyhow::bail!("not there yet")
}
