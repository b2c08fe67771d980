//! Which findings count: configuration, other tools' lists and the baseline, applied to a report.
//!
//! Nothing is dropped in silence. What does not count stays in the report with what excuses it, and
//! whatever makes a scan see less is told.

use crate::baseline::{Baseline, Fate, Matching, Presence, Standing};
use crate::compat::{Compat, Surroundings};
use crate::config::Config;
use crate::detect::marks::Marks;
use crate::finding::{Excuse, Excused, Finding};
use crate::location::Shift;
use crate::notice::{Notice, NoticeKind};
use crate::report::Report;
use crate::rule::RuleSet;
use crate::severity::Confidence;

/// On whose terms findings count. The default is that every finding does.
#[derive(Debug, Default)]
pub struct Terms {
    /// The configuration.
    pub config: Config,
    /// From the paths of the report to those that the configuration and other tools mean.
    pub shift: Shift,
    /// The files of other tools.
    pub compat: Compat,
    /// The marks of other tools.
    pub marks: Marks,
    /// The known findings; None where nothing is compared.
    pub baseline: Option<Baseline>,
    /// True where the whole tree was scanned, so that what excused nothing is stale.
    pub whole: bool,
}

impl Terms {
    /// True where findings below the least confidence matter, too: their confidence may be raised,
    /// and an entry of the baseline whose finding is only weaker is not gone.
    pub fn need_everything(&self) -> bool {
        self.baseline.is_some() || !self.config.confidence.is_empty()
    }

    /// Applies the terms. `presence` tells where a path of the baseline stands in what was scanned.
    pub fn apply(
        &mut self,
        report: &mut Report,
        rules: &RuleSet,
        least: Confidence,
        presence: &dyn Fn(&str) -> Presence,
    ) {
        self.select(report);
        let matching = self
            .baseline
            .as_ref()
            .map(|baseline| baseline.compare(&report.findings, presence));
        report.comparison = matching.as_ref().map(Matching::comparison);
        let mut used = vec![false; self.config.allows.len()];
        let mut counting = Vec::new();
        for (at, finding) in std::mem::take(&mut report.findings).into_iter().enumerate() {
            let standing = matching.as_ref().map(|matching| matching.findings[at]);
            let excuse = self
                .excuse(&finding, report.now, &mut used)
                .or_else(|| known(standing));
            if finding.confidence < least {
                continue;
            }
            match excuse {
                None => counting.push(finding),
                Some((by, reason)) => report.excused.push(Excused {
                    finding,
                    by,
                    reason,
                }),
            }
        }
        report.findings = counting;
        report.excused.retain(|one| one.finding.confidence >= least);
        report
            .excused
            .sort_by(|a, b| place(&a.finding).cmp(&place(&b.finding)));
        report.judge_separation();
        self.tell(report, rules, &used, matching.as_ref(), presence);
    }

    /// Leaves out the rules that are switched off, and sets the confidence of others.
    fn select(&self, report: &mut Report) {
        let config = &self.config;
        report
            .findings
            .retain(|finding| !config.disables(&finding.rule));
        for finding in &mut report.findings {
            if let Some(level) = config.retier(&finding.rule.id, &finding.rule.provider) {
                finding.confidence = level;
            }
        }
    }

    /// What excuses a finding, apart from the baseline.
    fn excuse(
        &mut self,
        finding: &Finding,
        now: i64,
        used: &mut [bool],
    ) -> Option<(Excuse, String)> {
        if self.shift.is_none() {
            return self.judge(finding, now, used);
        }
        let mut elsewhere = finding.clone();
        elsewhere.path = self.shift.apply(&elsewhere.path);
        self.judge(&elsewhere, now, used)
    }

    fn judge(
        &mut self,
        finding: &Finding,
        now: i64,
        used: &mut [bool],
    ) -> Option<(Excuse, String)> {
        let around = Surroundings {
            matched: None,
            line: Some(&finding.line),
        };
        // Asked in any case, so that its entries count as used.
        let listed = self.compat.excuse(finding, around);
        let allowed = self.config.judge(finding, now).map(|(at, allow)| {
            used[at] = true;
            (Excuse::Allow, allow.reason.clone())
        });
        let marked = || {
            let tool = self
                .marks
                .excuse(finding.line.expose(), finding.previous_line.expose())?;
            let reason = format!("a mark of {} stands at its line", tool.as_str());
            Some((Excuse::Compat(tool.as_str()), reason))
        };
        allowed
            .or_else(marked)
            .or_else(|| listed.map(|(tool, reason)| (Excuse::Compat(tool.as_str()), reason)))
    }

    /// Puts into the report what loosens the scan, and what has gone stale.
    fn tell(
        &self,
        report: &mut Report,
        rules: &RuleSet,
        used: &[bool],
        matching: Option<&Matching>,
        presence: &dyn Fn(&str) -> Presence,
    ) {
        let config = &self.config;
        let mut notices = config.loosened(rules, report.now);
        notices.extend(config.unknown_rules(rules));
        notices.extend(self.compat.notices().iter().cloned());
        // What was not looked at may still be excused there.
        let stale = config.stale(used, report.now);
        notices.extend(
            stale
                .into_iter()
                .filter(|notice| self.whole || notice.kind == NoticeKind::ExpiredAllow),
        );
        if self.whole {
            let looked_at = |path: &str| presence(path) != Presence::Outside;
            notices.extend(self.compat.stale(&looked_at));
        }
        notices.extend(self.gone(matching));
        report.notices.extend(notices);
    }

    fn gone(&self, matching: Option<&Matching>) -> Vec<Notice> {
        let (Some(baseline), Some(matching)) = (&self.baseline, matching) else {
            return Vec::new();
        };
        let entries = baseline.entries().iter().zip(&matching.entries);
        entries
            .filter(|(_, fate)| **fate == Fate::Gone)
            .map(|(entry, _)| {
                let text = format!("{} in {} is not found any more", entry.rule, entry.path);
                Notice::new(NoticeKind::Gone, text)
            })
            .collect()
    }
}

fn known(standing: Option<Standing>) -> Option<(Excuse, String)> {
    let reason = match standing? {
        Standing::New => return None,
        Standing::Known(_) => "the baseline holds it",
        Standing::Moved(_) => "the baseline holds it in a file where it is no longer",
    };
    Some((Excuse::Baseline, reason.to_owned()))
}

fn place(finding: &Finding) -> impl Ord {
    (finding.path.clone(), finding.start, finding.rule.id.clone())
}
