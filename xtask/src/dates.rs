//! Seconds since 1970 as a date, in UTC: the standard library has no calendar.

/// Year, month (from 1) and day of a moment in seconds since 1970.
pub fn date(seconds: u64) -> (u64, u64, u64) {
    // Days since 1 March of the year 0, in eras of 400 years: a leap day then comes last in its year.
    let days = seconds / 86_400 + 719_468;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = days / 146_097 * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(951_782_400), (2000, 2, 29));
        assert_eq!(date(1_777_766_399), (2026, 5, 2));
        assert_eq!(date(1_777_766_400), (2026, 5, 3));
        assert_eq!(date(1_798_675_200), (2026, 12, 31));
    }
}
