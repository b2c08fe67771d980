//! An allow: which findings do not count, and why.

use super::selector::Selector;
use crate::finding::Finding;
use crate::haystack::globs::Globs;
use crate::lifetime::UnixSeconds;
use crate::location::Position;
use crate::rule::ValueShape;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Which findings do not count, and why. All that is given must hold, and something is given.
#[derive(Clone, Debug)]
pub struct Allow {
    /// Why, for whoever reviews it; never blank.
    pub reason: String,
    /// The last day on which it holds, in UTC; None for ever.
    pub expires: Option<Date>,
    /// The first 8 to 32 hexadecimal digits of a fingerprint, in small letters.
    pub fingerprint: Option<String>,
    /// Where the credential lies: one glob.
    pub path: Option<Globs>,
    /// Which rule found it.
    pub rule: Option<Selector>,
    /// What the value looks like as a whole.
    pub value: Option<ValueShape>,
    /// Where the allow begins in its file.
    pub at: Position,
}

impl Allow {
    /// True when the finding is one that this is about, whether or not the day has passed.
    pub fn covers(&self, finding: &Finding) -> bool {
        let rule = &finding.rule;
        self.fingerprint
            .as_ref()
            .is_none_or(|digits| finding.fingerprint.starts_with(digits.as_str()))
            && self
                .path
                .as_ref()
                .is_none_or(|globs| globs.matches(&finding.path))
            && self
                .rule
                .as_ref()
                .is_none_or(|selector| selector.selects(&rule.id, &rule.provider))
            && self
                .value
                .as_ref()
                .is_none_or(|shape| shape.matches(&finding.secret))
    }

    /// True when its last day is over.
    pub fn is_expired(&self, now: UnixSeconds) -> bool {
        self.expires.is_some_and(|last| last < day(now))
    }

    /// What it is about, such as "rule `aws-*` in `docs/**`". The shape of a value is not shown: it
    /// may be the value.
    pub(super) fn subject(&self) -> String {
        let fingerprint = self
            .fingerprint
            .as_ref()
            .map(|digits| format!("fingerprint `{digits}`"));
        let rule = self.rule.as_ref().map(|rule| format!("rule `{rule}`"));
        let value = self.value.as_ref().map(|_| "a shape of value".to_owned());
        let what: Vec<String> = [fingerprint, rule, value].into_iter().flatten().collect();
        let place = self.path.as_ref().map(|path| path.patterns().join(", "));
        match (what.is_empty(), place) {
            (false, Some(place)) => format!("{} in `{place}`", what.join(" with ")),
            (false, None) => what.join(" with "),
            (true, place) => format!("everything in `{}`", place.unwrap_or_default()),
        }
    }
}

/// The day at a moment, in UTC: an allow must hold as long on a build server as on a desk.
fn day(now: UnixSeconds) -> Date {
    Timestamp::from_second(now).map_or(Date::MAX, |now| TimeZone::UTC.to_datetime(now).date())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::config::examples::{accepted, finding};
    use crate::lifetime::DAY;

    /// 2027-01-31T00:00:00Z
    const LAST_DAY: i64 = 1_801_353_600;

    fn allowing(lines: &str) -> Config {
        accepted(&format!(
            "[[allow]]\nreason = \"the vendor's own example\"\n{lines}"
        ))
    }

    /// What `allowing` says to a finding of that rule and path, with the value EXAMPLEAAAAAAAA.
    fn allows(lines: &str, rule: &str, path: &str) -> bool {
        let value = format!("EXAMPLE{}", "A".repeat(8));
        let judged = allowing(lines);
        judged.judge(&finding(rule, path, &value), 0).is_some()
    }

    #[test]
    fn a_fingerprint_or_its_first_digits() {
        let (rule, path) = ("railway-api-token", ".env");
        for (digits, expected) in [
            ("01234567", true),
            ("0123456789ABCDEF", true),
            ("12345678", false),
        ] {
            let line = format!("fingerprint = \"{digits}\"");
            assert_eq!(allows(&line, rule, path), expected, "{digits}");
        }
    }

    #[test]
    fn a_path_with_everything_below() {
        let rule = "railway-api-token";
        assert!(allows("path = \"docs/**\"", rule, "docs/a/b.md"));
        assert!(allows("path = \"docs\"", rule, "docs/a/b.md"));
        assert!(!allows("path = \"docs/**\"", rule, "src/docs/a.md"));
        assert!(!allows("path = \"docs/**\"", rule, "../docs/a.md"));
    }

    #[test]
    fn a_rule_a_glob_or_a_provider() {
        for (selector, expected) in [
            ("railway-api-token", true),
            ("railway-*", true),
            ("railway", true),
            ("rail", false),
            ("aws-*", false),
        ] {
            let line = format!("rule = \"{selector}\"");
            let allowed = allows(&line, "railway-api-token", ".env");
            assert_eq!(allowed, expected, "{selector}");
        }
    }

    #[test]
    fn the_shape_of_the_whole_value() {
        let (rule, path) = ("railway-api-token", ".env");
        assert!(allows("value = 'EXAMPLE[A-Z]{8}'", rule, path));
        assert!(!allows("value = 'EXAMPLE[A-Z]{7}'", rule, path));
        assert!(!allows("value = 'XAMPLE[A-Z]{8}'", rule, path));
    }

    #[test]
    fn all_that_is_given_must_hold() {
        let lines = "rule = \"railway\"\npath = \"docs/**\"\nvalue = 'EXAMPLE.*'";
        assert!(allows(lines, "railway-api-token", "docs/a.md"));
        assert!(!allows(lines, "railway-api-token", "src/a.md"));
        assert!(!allows(lines, "github-classic-token", "docs/a.md"));
        let more = format!("{lines}\nfingerprint = \"ffffffff\"");
        assert!(!allows(&more, "railway-api-token", "docs/a.md"));
    }

    #[test]
    fn the_last_day_still_holds() {
        let config = allowing("path = \"docs\"\nexpires = 2027-01-31");
        let found = finding("railway-api-token", "docs/a.md", "x");
        let holds = |now| config.judge(&found, now).is_some();
        assert!(holds(0) && holds(LAST_DAY) && holds(LAST_DAY + DAY - 1));
        assert!(!holds(LAST_DAY + DAY));
        assert!(!holds(i64::MAX), "no calendar reaches so far");
    }

    #[test]
    fn the_first_that_holds_is_named() {
        let config = accepted(
            "[[allow]]\nreason = \"one\"\npath = \"docs\"\nexpires = 2027-01-31\n\
             [[allow]]\nreason = \"two\"\npath = \"docs\"\n\
             [[allow]]\nreason = \"three\"\npath = \"docs\"\n",
        );
        let found = finding("railway-api-token", "docs/a.md", "x");
        let named = |now| {
            let (index, allow) = config.judge(&found, now).expect("it is allowed");
            (index, allow.reason.clone())
        };
        assert_eq!(named(0), (0, "one".to_owned()));
        assert_eq!(named(LAST_DAY + DAY), (1, "two".to_owned()));
    }

    #[test]
    fn it_says_what_it_is_about_but_no_value() {
        let subject = |lines: &str| allowing(lines).allows[0].subject();
        assert_eq!(
            subject("rule = \"aws-*\"\npath = \"docs/**\""),
            "rule `aws-*` in `docs/**`"
        );
        assert_eq!(subject("path = \"docs/**\""), "everything in `docs/**`");
        assert_eq!(
            subject("fingerprint = \"01234567\"\nvalue = 'EXAMPLE.'"),
            "fingerprint `01234567` with a shape of value"
        );
    }
}
