//! The end of a service, which everything that waits in it hears of.

use std::time::Duration;

use tokio::sync::watch;

/// Whether a service is to end. Clones are about the same service.
#[derive(Debug, Clone)]
pub struct End(watch::Sender<bool>);

impl Default for End {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl End {
    /// Ends every wait.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Comes back when the service is to end.
    pub async fn begun(&self) {
        // The sender lives in self, so this can only end by the value.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }

    /// Waits, but not beyond the end. False if it has come.
    pub async fn pause(&self, duration: Duration) -> bool {
        if duration.is_zero() {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(duration) => true,
            () = self.begun() => false,
        }
    }
}
