//! A clock that moves only when something changes, so that every run tells the same times.

/// Where the clock of every tracker starts: a Monday morning.
pub const START: &str = "2026-05-04T09:00:00Z";

/// Seconds from 1970 to [`START`].
const START_SECONDS: u64 = 1_777_885_200;

const SECONDS_A_DAY: u64 = 86_400;

/// Days from the year 0 (as civil calendars count, from March) to 1970.
const DAYS_TO_1970: u64 = 719_468;

/// The tracker's own time, in seconds from 1970.
#[derive(Debug, Clone)]
pub(crate) struct Clock(u64);

impl Clock {
    /// Stands at [`START`].
    pub(crate) fn new() -> Self {
        Self(START_SECONDS)
    }

    /// Stands a day before: what the seed holds was made before the tracker started.
    pub(crate) fn for_seed() -> Self {
        Self(START_SECONDS - SECONDS_A_DAY)
    }

    /// The time now, as RFC 3339 writes it.
    pub(crate) fn now(&self) -> String {
        rfc3339(self.0)
    }

    /// One second later: every change has a time of its own.
    pub(crate) fn tick(&mut self) -> String {
        self.advance(1);
        self.now()
    }

    /// Lets `seconds` pass.
    pub(crate) fn advance(&mut self, seconds: u64) {
        self.0 += seconds;
    }

    /// Whole days since the start: how far the current sprint is.
    pub(crate) fn days(&self) -> u64 {
        self.0.saturating_sub(START_SECONDS) / SECONDS_A_DAY
    }
}

fn rfc3339(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / SECONDS_A_DAY);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day counted from 1970. Years begin in March here, so that the leap day comes last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_TO_1970;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// Whether `text` is a day that exists, written `YYYY-MM-DD`.
pub(crate) fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !shape {
        return false;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_starts_where_the_constant_says() {
        assert_eq!(Clock::new().now(), START);
    }

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        let mut clock = Clock::new();
        clock.advance(28 * SECONDS_A_DAY);
        assert_eq!(clock.now(), "2026-06-01T09:00:00Z");
        assert_eq!(clock.days(), 28);
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        for right in ["2026-05-04", "2024-02-29", "2000-02-29"] {
            assert!(is_date(right), "{right}");
        }
        for wrong in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-04-31",
            "2026-5-4",
            "2026-05-0x",
            "",
            "2026-05-04Z",
            "20é6-05-0",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
