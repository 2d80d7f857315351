//! The table of measurements, and the statistics in it.

use std::time::Duration;

/// One measurement as it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    what: String,
    budget: String,
    measured: String,
    how: String,
}

impl Row {
    /// A row that waits for its measurement.
    pub(super) fn new(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            budget: "–".into(),
            measured: String::new(),
            how: how.into(),
        }
    }

    /// What is hoped for.
    pub(super) fn budget(mut self, budget: impl Into<String>) -> Self {
        self.budget = budget.into();
        self
    }

    /// What was found, and whether the budget is kept.
    pub(super) fn measured(mut self, measured: impl Into<String>, kept: bool) -> Self {
        self.measured = measured.into();
        if !kept {
            self.measured.push_str(" (**over**)");
        }
        self
    }

    /// Why there is no measurement.
    pub(super) fn failed(mut self, why: &str) -> Self {
        self.measured = format!("not measured: {why}");
        self
    }

    /// One line of a Markdown table.
    pub fn line(&self) -> String {
        let cells = [&self.what, &self.budget, &self.measured, &self.how];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        format!("| {} |\n", cells.join(" | "))
    }
}

/// The whole table.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from("| what | budget | measured | how |\n| --- | --- | --- | --- |\n");
    text.extend(rows.iter().map(Row::line));
    text
}

/// The middle of some times; of an even number the lower one. Zero if there is none.
pub(super) fn median(times: &[Duration]) -> Duration {
    percentile(times, 50)
}

/// The longest of some times.
pub(super) fn worst(times: &[Duration]) -> Duration {
    times.iter().copied().max().unwrap_or_default()
}

/// The smallest time that at least `percent` of a hundred do not exceed.
pub(super) fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let rank = (sorted.len() * percent).div_ceil(100);
    let place = rank.saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// A time as people say it: `12.3 s`, `0.85 s`, `310 ms`, `59 µs`.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        10.0.. => format!("{seconds:.0} s"),
        1.0.. => format!("{seconds:.1} s"),
        0.01.. => format!("{:.0} ms", seconds * 1e3),
        0.001.. => format!("{:.1} ms", seconds * 1e3),
        _ => format!("{:.0} µs", seconds * 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(all: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        all.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn ranks_are_counted_from_one() {
        let times = millis((1..=100).rev());
        assert_eq!(median(&times), Duration::from_millis(50));
        assert_eq!(percentile(&times, 99), Duration::from_millis(99));
        assert_eq!(worst(&times), Duration::from_millis(100));
        assert_eq!(median(&millis([7, 1, 3])), Duration::from_millis(3));
        assert_eq!(median(&[]), Duration::ZERO);
    }

    #[test]
    fn times_have_the_unit_that_fits() {
        let shown = [12_340_000, 1_250_000, 310_000, 4_200, 59].map(Duration::from_micros);
        assert_eq!(
            shown.map(time),
            ["12 s", "1.2 s", "310 ms", "4.2 ms", "59 µs"]
        );
    }

    #[test]
    fn a_budget_that_is_not_kept_is_told_in_words() {
        let row = Row::new("a|b", "by hand")
            .budget("1 s")
            .measured("2 s", false);
        assert_eq!(row.line(), "| a\\|b | 1 s | 2 s (**over**) | by hand |\n");
    }
}
