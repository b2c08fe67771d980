//! Times as text: ISO 8601 to seconds since 1970, and back to a day. Small enough not to draw a date
//! library into the library's pure part.

use crate::lifetime::{DAY, UnixSeconds};

/// Reads `2026-01-31`, `2026-01-31T23:59Z`, `2026-01-31T23:59:59.123+02:00` and the compact
/// `20260131T235959Z`. A time without a zone is taken as UTC. None for anything else.
pub(super) fn iso8601(text: &str) -> Option<UnixSeconds> {
    let (date, time) = text
        .trim()
        .split_once(['T', 't', ' '])
        .unwrap_or((text.trim(), ""));
    let digits: String = date.chars().filter(|&c| c != '-').collect();
    let days = days_from_civil(
        part(&digits, 0, 4)?,
        part(&digits, 4, 6)?,
        part(&digits, 6, 8)?,
    )?;
    if digits.len() != 8 {
        return None;
    }
    let (clock, offset) = zone(time)?;
    let digits: String = clock.chars().filter(|&c| c != ':').collect();
    let field = |from, limit| {
        if digits.len() <= from {
            Some(0)
        } else {
            part(&digits, from, from + 2).filter(|&n| n < limit)
        }
    };
    let seconds = field(0, 24)? * 3600 + field(2, 60)? * 60 + field(4, 61)?;
    Some(days * DAY + seconds - offset)
}

/// The day of a moment, `2026-01-31`.
pub(super) fn day(at: UnixSeconds) -> String {
    let (year, month, day) = civil_from_days(at.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970-01-01 of a date in the Gregorian calendar. None where there is no such date.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(0..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Years are counted from March, so that the leap day comes last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    if month < 10 {
        (era * 400 + year, month + 3, day)
    } else {
        (era * 400 + year + 1, month - 9, day)
    }
}

/// Splits a clock time from its zone: the digits, and how many seconds the zone is ahead of UTC.
fn zone(time: &str) -> Option<(&str, i64)> {
    let at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(at)?;
    let clock = clock
        .split_once(['.', ','])
        .map_or(clock, |(whole, _)| whole);
    let sign = match zone.bytes().next() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Some((clock, 0)),
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let minutes = if digits.len() >= 4 {
        part(&digits, 2, 4)?
    } else {
        0
    };
    Some((clock, sign * (part(&digits, 0, 2)? * 3600 + minutes * 60)))
}

/// The number in a range of digits.
fn part(digits: &str, from: usize, to: usize) -> Option<i64> {
    digits
        .get(from..to)
        .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_are_read() {
        for text in [
            "2026-01-01",
            "2026-01-01T00:00Z",
            "20260101T000000Z",
            "2026-01-01T02:00:00.5+02:00",
            "2025-12-31 19:00:00-0500",
        ] {
            assert_eq!(iso8601(text), Some(1_767_225_600), "{text}");
        }
        assert_eq!(iso8601("1970-01-01T00:00:01Z"), Some(1));
        assert_eq!(iso8601("2024-02-29T23:59:59Z"), Some(1_709_251_199));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "2026-01-01T25:00Z",
            "soon",
            "2026-01-011",
            "ä026-01-01",
            "-1-1-1T",
        ] {
            assert_eq!(iso8601(text), None, "{text}");
        }
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-200_000..200_000).step_by(97) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), Some(days));
        }
        assert_eq!(day(1_767_225_599), "2025-12-31");
        assert_eq!(day(-1), "1969-12-31");
        let _ = (day(i64::MAX), day(i64::MIN));
    }
}
