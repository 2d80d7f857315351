//! Talking to a server.
use reference_tests::harness::Subject;

use crate::arguments::TalkOptions;

pub(crate) async fn talk(_options: TalkOptions, _subject: Subject) -> anyhow::Result<()> {
    anyhow::bail!("not there yet")
}
