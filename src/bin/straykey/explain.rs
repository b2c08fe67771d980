//! `straykey explain`.

use crate::args::{Explain, Job};
use crate::exit::{Exit, hinted};
use crate::{output, scan};
use anstyle::Style;
use anyhow::anyhow;
use std::fmt::Write as _;
use straykey::display::sanitize;
use straykey::evidence::Evidence;
use straykey::finding::Finding;
use straykey::rule::{Detection, Rule, builtin};

const BOLD: Style = Style::new().bold();

/// Explains a rule, or a finding of a scan made now.
pub(crate) fn run(explain: &Explain) -> anyhow::Result<Exit> {
    let rules = builtin();
    let page = match rules.get(&explain.what) {
        Some(rule) => about_rule(rule)?,
        None if is_fingerprint(&explain.what) => about_finding(&find(explain)?)?,
        None => {
            let close: Vec<&str> = rules
                .iter()
                .map(|rule| &*rule.id)
                .filter(|id| id.contains(&explain.what))
                .take(5)
                .collect();
            let hint = if close.is_empty() {
                "`straykey rules list` has them all".to_owned()
            } else {
                format!("did you mean {}?", close.join(", "))
            };
            return Err(hinted(
                anyhow!("`{}` is neither a rule nor a fingerprint", explain.what),
                hint,
            ));
        }
    };
    output::text(&page)?;
    Ok(Exit::Clean)
}

fn is_fingerprint(text: &str) -> bool {
    text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn find(explain: &Explain) -> anyhow::Result<Finding> {
    let report = scan::scan(&Job::look(explain.folder.clone()))?.report;
    let found = report
        .findings
        .into_iter()
        .find(|finding| finding.fingerprint.starts_with(&explain.what));
    found.ok_or_else(|| {
        hinted(
            anyhow!(
                "no finding in {} has the fingerprint {}",
                explain.folder.display(),
                explain.what
            ),
            "name the folder that was scanned as a second argument",
        )
    })
}

fn about_rule(rule: &Rule) -> Result<String, std::fmt::Error> {
    let mut page = String::new();
    let record = &rule.record;
    writeln!(
        page,
        "{BOLD}{}{BOLD:#}  {}  ({} confidence)\n",
        rule.name,
        rule.id,
        rule.confidence.as_str()
    )?;
    writeln!(page, "Found by      {}", how(rule))?;
    let verbs = if record.verbs.is_empty() {
        record
            .capabilities
            .iter()
            .map(|capability| capability.verb().to_owned())
            .collect()
    } else {
        record.verbs.clone()
    };
    writeln!(
        page,
        "Can do        {} {}",
        record.certainty.auxiliary(),
        verbs.join(", ")
    )?;
    writeln!(
        page,
        "Reaches       {}{}",
        record.breadth.as_str(),
        if record.narrowing {
            ", unless its scope was narrowed, which it does not show"
        } else {
            ""
        }
    )?;
    writeln!(page, "Because       {}", record.because)?;
    writeln!(page, "Environment   {}", record.environment.as_str())?;
    writeln!(
        page,
        "Lifetime      {}",
        straykey::lifetime::Lifetime::from(record.lifetime).as_str()
    )?;
    if let Some(recovery) = &record.recovery {
        writeln!(
            page,
            "Undo          {}{}",
            recovery.window,
            if recovery.takes_backups {
                "; the backups go too"
            } else {
                ""
            }
        )?;
    }
    if let Some(revoke) = &record.revoke {
        writeln!(page, "Revoke        {}  {}", revoke.title, revoke.url)?;
    }
    if !record.replace.is_empty() {
        writeln!(page, "Replace by    {}", record.replace)?;
    }
    Ok(page)
}

fn how(rule: &Rule) -> String {
    match &rule.detection {
        Detection::Distinctive(_) => "its own form".to_owned(),
        Detection::Contextual(context) => {
            let phrases: Vec<String> = context
                .keys
                .iter()
                .map(|phrase| phrase.words.join(" "))
                .collect();
            let ties = [
                ("keys", phrases),
                ("headers", context.headers.clone()),
                ("hosts", context.hosts.clone()),
                ("calls", context.calls.clone()),
                ("files", context.files.clone()),
            ];
            let named: Vec<String> = ties
                .iter()
                .filter(|(_, list)| !list.is_empty())
                .map(|(name, list)| format!("{name} {}", list.join(", ")))
                .collect();
            format!(
                "its shape and what ties it to {}: {}",
                rule.provider_name,
                named.join("; ")
            )
        }
    }
}

fn about_finding(finding: &Finding) -> Result<String, std::fmt::Error> {
    let mut page = String::new();
    let severity = &finding.severity;
    writeln!(
        page,
        "{BOLD}{}{BOLD:#}  {}  {}:{}\n",
        finding.rule.name,
        finding.preview,
        sanitize(&finding.path),
        finding.start.line
    )?;
    writeln!(
        page,
        "Severity      {} {} = privilege {} x environment {} x lifetime {} x exposure {}",
        severity.band().as_str(),
        severity.score,
        severity.privilege,
        severity.environment,
        severity.lifetime,
        severity.exposure
    )?;
    writeln!(page, "Validity      {}", finding.validity.value.as_str())?;
    because(&mut page, &finding.validity.evidence)?;
    writeln!(
        page,
        "Can do        {} {} ({})",
        finding.privilege.certainty.auxiliary(),
        finding.verbs().join(", "),
        finding.privilege.breadth.as_str()
    )?;
    because(&mut page, &finding.privilege.evidence)?;
    writeln!(page, "Environment   {}", finding.environment.value.as_str())?;
    because(&mut page, &finding.environment.evidence)?;
    writeln!(page, "Lifetime      {}", finding.lifetime.value.as_str())?;
    because(&mut page, &finding.lifetime.evidence)?;
    writeln!(
        page,
        "Purpose       {}{}",
        sanitize(finding.purpose.stated.as_deref().unwrap_or("not stated")),
        if finding.purpose.drift {
            ", and its power goes beyond"
        } else {
            ""
        }
    )?;
    because(&mut page, &finding.purpose.evidence)?;
    writeln!(
        page,
        "Exposure      {}",
        finding.reachability.exposure.as_str()
    )?;
    for facet in finding.reachability.facets.iter() {
        writeln!(
            page,
            "              {}: {}: {}",
            facet.who,
            sanitize(&facet.how),
            sanitize(facet.evidence.as_str())
        )?;
    }
    writeln!(page, "\nMore          straykey explain {}", finding.rule.id)?;
    Ok(page)
}

fn because(page: &mut String, evidence: &[Evidence]) -> std::fmt::Result {
    evidence
        .iter()
        .try_for_each(|sentence| writeln!(page, "              {}", sanitize(sentence.as_str())))
}
