//! The next steps for one finding, the same in every format.
//!
//! The sentences are made of what the rule says and of nothing from the scanned tree: agents read
//! reports and follow instructions, so a file name must never end up inside one.

use crate::display::sanitize;
use crate::finding::Finding;
use crate::lifetime::Lifetime;
use crate::reachability::Exposure;
use crate::rule::record::Revoke;

/// What to do about a finding, in order.
pub(crate) fn steps(finding: &Finding) -> Vec<String> {
    let live = !matches!(finding.lifetime.value, Lifetime::Expired(_));
    let replace = &finding.rule.record.replace;
    [
        live.then(|| revoke(finding.rule.record.revoke.as_ref())),
        (live && !replace.is_empty()).then(|| format!("replace it by {}", sanitize(replace))),
        Some(move_away(finding, live)),
        Some(format!(
            "if it has to stay: `straykey:allow[{}] reason` on its line keeps it out of scans",
            sanitize(&finding.rule.id)
        )),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How to revoke, as a step.
pub(super) fn revoke(place: Option<&Revoke>) -> String {
    // Without a page there is often no provider either: a password of the user's own making.
    let Some(place) = place else {
        return "revoke or change it where it was issued".to_owned();
    };
    let title = sanitize(&place.title);
    let by_value = if place.by_value {
        " (it takes the value itself, without a login)"
    } else {
        ""
    };
    if place.url.is_empty() {
        format!("revoke it: {title}{by_value}")
    } else {
        format!("revoke it at {title}{by_value}: {}", sanitize(&place.url))
    }
}

fn move_away(finding: &Finding, live: bool) -> String {
    let published = finding.reachability.exposure <= Exposure::Shared;
    match (live, published) {
        (false, _) => "delete it: it has expired, and an expired value still teaches where the next one will be".to_owned(),
        // Deleting the line leaves the copies; only revoking helps, and that is step one.
        (true, true) => "take it out of the file; others may have a copy already, so do not rely on that alone".to_owned(),
        (true, false) => "move it out of what tools can read: a keychain or secret store, handed over when it is needed".to_owned(),
    }
}
