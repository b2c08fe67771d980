//! `straykey rules`.

use crate::args::{Rules, RulesCommand};
use crate::exit::{Exit, hinted};
use crate::{output, scan};
use anyhow::{Context, anyhow};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use straykey::check::Checker;
use straykey::detect::pattern::{Extent, compile};
use straykey::display::counted;
use straykey::rule::source::{RuleFile, RuleSource};
use straykey::rule::{Detection, Rule, RuleSet, builtin, parse, sources};

/// Lists, checks or samples rules.
pub(crate) fn run(rules: &Rules) -> anyhow::Result<Exit> {
    match &rules.command {
        None => list(None),
        Some(RulesCommand::List { filter }) => list(filter.as_deref()),
        Some(RulesCommand::Check { files }) => check(files),
        Some(RulesCommand::Sample {
            render: Some(templates),
            into: Some(into),
            ..
        }) => render(templates, into),
        Some(RulesCommand::Sample { rule, .. }) => sample(rule.as_deref().unwrap_or_default()),
    }
}

fn list(filter: Option<&str>) -> anyhow::Result<Exit> {
    let rules = builtin();
    let wanted = filter.unwrap_or_default().to_lowercase();
    let mut page = String::new();
    for rule in rules
        .iter()
        .filter(|rule| rule.id.contains(&wanted) || rule.name.to_lowercase().contains(&wanted))
    {
        writeln!(
            page,
            "{:<44} {:<7} {}",
            rule.id,
            rule.confidence.as_str(),
            rule.name
        )?;
    }
    output::text(&page)?;
    Ok(Exit::Clean)
}

/// Loads the files beside the rules that are built in and runs their examples.
fn check(files: &[PathBuf]) -> anyhow::Result<Exit> {
    // A file that is being worked on takes the place of the rules of the same ids.
    let own = scan::own_rules(files)?;
    let ids: BTreeSet<Arc<str>> = own.iter().map(|rule| Arc::clone(&rule.id)).collect();
    let others = builtin();
    let others = others.iter().filter(|rule| !ids.contains(&rule.id));
    let all = others.map(|rule| Rule::clone(rule)).chain(own);
    let rules = Arc::new(RuleSet::new(all).map_err(|error| hinted(error, "rename one of them"))?);
    let parsed = files
        .iter()
        .map(|path| read(path))
        .collect::<anyhow::Result<Vec<RuleFile>>>()?;
    for rule in rules.iter() {
        let compiled = match &rule.detection {
            Detection::Distinctive(distinctive) => compile(&distinctive.pattern, Extent::Start),
            Detection::Contextual(context) => compile(&context.shape, Extent::Whole),
        };
        if parsed
            .iter()
            .flat_map(|file| &file.rules)
            .any(|own| **own.id.get_ref() == *rule.id)
            && compiled.is_none()
        {
            return Err(hinted(
                anyhow!("the pattern of `{}` is too large once compiled", rule.id),
                "cap its repeats lower",
            ));
        }
    }
    let checker = Checker::new(rules, &parsed);
    let failures: Vec<_> = parsed.iter().flat_map(|file| checker.check(file)).collect();
    let mut page = String::new();
    for failure in &failures {
        writeln!(page, "{failure}")?;
    }
    let count: usize = parsed.iter().map(|file| file.rules.len()).sum();
    writeln!(
        page,
        "{} checked, {} failed",
        counted(count as u64, "rule"),
        counted(failures.len() as u64, "example")
    )?;
    output::text(&page)?;
    Ok(if failures.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

fn read(path: &Path) -> anyhow::Result<RuleFile> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(parse(&path.to_string_lossy(), &text)?.0)
}

/// Prints the `match` examples of a rule, expanded: made-up credentials that open nothing.
fn sample(id: &str) -> anyhow::Result<Exit> {
    let files: Vec<RuleFile> = sources()
        .iter()
        .filter_map(|(name, text)| parse(name, text).ok())
        .map(|(file, _)| file)
        .collect();
    let rule: &RuleSource = files
        .iter()
        .flat_map(|file| &file.rules)
        .find(|rule| rule.id.get_ref() == id)
        .ok_or_else(|| {
            hinted(
                anyhow!("there is no rule `{id}`"),
                "`straykey rules list WORD` finds rules",
            )
        })?;
    let checker = Checker::new(Arc::new(builtin()), &[]);
    let mut page = String::new();
    for (number, example) in rule.tests.matches.iter().enumerate() {
        writeln!(page, "{}", checker.expand(rule, example, number + 1)?.text)?;
    }
    output::text(&page)?;
    Ok(Exit::Clean)
}

/// Renders every file of a folder of templates into another folder.
fn render(templates: &Path, into: &Path) -> anyhow::Result<Exit> {
    let checker = Checker::new(Arc::new(builtin()), &[]);
    for path in files_below(templates)? {
        let relative = path.strip_prefix(templates).unwrap_or(&path);
        let template =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = checker
            .render(&relative.to_string_lossy(), &template)
            .with_context(|| format!("{} is no template", path.display()))?;
        let target = into.join(relative);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&target, text).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(Exit::Clean)
}

fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
