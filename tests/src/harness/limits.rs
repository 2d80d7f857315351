//! How long things may take. Everything grows with `WORKBOOK_TIME_FACTOR`, for slow machines.

use std::time::Duration;

/// The time for one reply.
const REQUEST: Duration = Duration::from_secs(2);
/// The time for one check in one era.
pub(super) const CHECK: Duration = Duration::from_secs(10);

/// The limits of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    factor: f64,
}

impl Limits {
    /// Reads `WORKBOOK_TIME_FACTOR`; without it the factor is 1.
    ///
    /// # Errors
    /// It is set, but not to a number from 0.1 to 1000; the text says so.
    pub fn from_environment() -> Result<Self, String> {
        match std::env::var("WORKBOOK_TIME_FACTOR") {
            Err(_) => Ok(Self { factor: 1.0 }),
            Ok(text) => text
                .parse()
                .ok()
                .filter(|factor| (0.1..=1000.0).contains(factor))
                .map(|factor| Self { factor })
                .ok_or_else(|| {
                    format!("WORKBOOK_TIME_FACTOR is {text:?}: set it to a number from 0.1 to 1000")
                }),
        }
    }

    /// These limits, with another factor.
    pub fn with_factor(factor: f64) -> Self {
        Self { factor }
    }

    /// `time`, made longer for a slow machine.
    pub fn scaled(&self, time: Duration) -> Duration {
        time.mul_f64(self.factor)
    }

    /// The time for one reply.
    pub fn request(&self) -> Duration {
        self.scaled(REQUEST)
    }
}

/// A time as people say it: `300 ms`, `2 s`, `1.5 s`.
pub fn spoken(time: Duration) -> String {
    let millis = time.as_millis();
    if millis < 1000 {
        format!("{millis} ms")
    } else if millis.is_multiple_of(1000) {
        format!("{} s", millis / 1000)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}
