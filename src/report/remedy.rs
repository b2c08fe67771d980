//! The next steps for one finding, the same in every format.
//!
//! The sentences are made of what the rule says and, but for one path, of nothing from the scanned
//! tree: agents read reports and follow instructions, so a file name must never end up inside one.
//! The path stands in the command that unstages a file, where it is plain enough to be one word in
//! every shell and no sentence.

use crate::display::sanitize;
use crate::finding::{Finding, Source};
use crate::lifetime::Lifetime;
use crate::reachability::Exposure;
use crate::rule::record::Revoke;

/// The longest path that a command names, in bytes.
const LONGEST: usize = 200;

/// What to do about a finding, in order.
pub(crate) fn steps(finding: &Finding) -> Vec<String> {
    let live = !matches!(finding.lifetime.value, Lifetime::Expired(_));
    match finding.source {
        Source::Staged => staged(finding, live),
        Source::Since | Source::History => committed(finding, live),
        Source::File | Source::Stdin | Source::Message | Source::Branch => present(finding, live),
    }
}

/// It can be read where it stands: whoever could, may have it.
fn present(finding: &Finding, live: bool) -> Vec<String> {
    [
        live.then(|| revoke(finding.rule.record.revoke.as_ref())),
        replace(finding, live),
        Some(take_out(finding, live)),
        // A branch has no line that could hold a mark.
        (finding.source != Source::Branch).then(|| mark(finding)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// It has not left this machine yet, so that keeping it here comes first.
fn staged(finding: &Finding, live: bool) -> Vec<String> {
    let shared = || {
        let revoke = revoke(finding.rule.record.revoke.as_ref());
        format!("if it was ever pushed or shared: {revoke}")
    };
    [
        Some(unstage(&finding.path)),
        replace(finding, live),
        Some(move_away(finding, live)),
        live.then(shared),
        Some(mark(finding)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// It stands in a commit, where neither an edit nor a mark reaches it.
fn committed(finding: &Finding, live: bool) -> Vec<String> {
    let rotate = "rotate it: a commit that removes it leaves it in the history of every clone";
    let rewrite = if live {
        "rewriting the history is optional and no protection: clones, forks and caches keep the old commits"
    } else {
        "it has expired, so there is nothing to rotate, and rewriting the history is optional"
    };
    let stay = format!(
        "if it has to stay: an `[[allow]]` in `.straykey.toml` with `fingerprint = \"{}\"` and a `reason` keeps it out of scans",
        sanitize(&finding.fingerprint)
    );
    [
        live.then(|| rotate.to_owned()),
        live.then(|| revoke(finding.rule.record.revoke.as_ref())),
        replace(finding, live),
        Some(rewrite.to_owned()),
        Some(stay),
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

fn replace(finding: &Finding, live: bool) -> Option<String> {
    let narrower = &finding.rule.record.replace;
    (live && !narrower.is_empty()).then(|| format!("replace it by {}", sanitize(narrower)))
}

fn mark(finding: &Finding) -> String {
    format!(
        "if it has to stay: `straykey:allow[{}] reason` on its line keeps it out of scans",
        sanitize(&finding.rule.id)
    )
}

fn unstage(path: &str) -> String {
    let (path, which) = if is_plain(path) {
        (format!(":/{path}"), "")
    } else {
        ("PATH".to_owned(), " with the path of the file")
    };
    format!("take it out of the commit: `git restore --staged -- {path}`{which}")
}

/// True for a path that is one word to every shell and no sentence to a reader. Git itself reads some
/// characters after `:/` as magic, hence the first one.
fn is_plain(path: &str) -> bool {
    let starts_well = path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+');
    starts_well && path.len() <= LONGEST && path.chars().all(is_plain)
}

/// What to do where it stands.
fn take_out(finding: &Finding, live: bool) -> String {
    match finding.source {
        Source::Message => "take it out of the message before that is pushed".to_owned(),
        Source::Branch => "rename the branch: `git branch --move NEW-NAME`".to_owned(),
        _ => move_away(finding, live),
    }
}

fn move_away(finding: &Finding, live: bool) -> String {
    // What is only staged counts as shared already, and is not yet.
    let published =
        finding.reachability.exposure <= Exposure::Shared && finding.source != Source::Staged;
    match (live, published) {
        (false, _) => "delete it: it has expired, and an expired value still teaches where the next one will be".to_owned(),
        // Deleting the line leaves the copies; only revoking helps, and that is step one.
        (true, true) => "take it out of the file; others may have a copy already, so do not rely on that alone".to_owned(),
        (true, false) => "move it out of what tools can read: a keychain or secret store, handed over when it is needed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_only_a_path_that_is_one_plain_word() {
        for path in ["src/a.rs", ".env", "web/.env.local", "a-b_c+d/1"] {
            let command = format!("`git restore --staged -- :/{path}`");
            assert!(unstage(path).ends_with(&command), "{path}");
        }
        let long = "a/".repeat(LONGEST);
        for path in [
            "a b",
            "-x",
            "!x",
            "$(id)",
            "a`b",
            "a;b",
            "a\u{1b}[2J",
            "größe",
            "\\xff",
            "",
            &long,
        ] {
            let named = "`git restore --staged -- PATH` with the path of the file";
            assert!(unstage(path).ends_with(named), "{path}");
        }
    }
}
