//! On whose terms findings count: finds and reads the configuration, the baseline and the files of
//! other tools, in the tree or at a revision.

use crate::args::{Input, Job, Terms as Arguments};
use crate::exit::hinted;
use crate::{baseline, git, scan};
use anyhow::{Context, anyhow};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use straykey::baseline::{Baseline, FILE_NAME};
use straykey::compat::{Compat, FileKind, is_gitleaks_report};
use straykey::config::{Ambiguous, Config, NAMES, discover};
use straykey::detect::marks::{Marks, Tool};
use straykey::display::counted;
use straykey::environment::Environment;
use straykey::finding::Excuse;
use straykey::haystack::git::{Blobs, Git, top_around};
use straykey::location::Shift;
use straykey::notice::{Notice, NoticeKind};
use straykey::policy::FailOn;
use straykey::report::Report;
use straykey::rule::Rule;
use straykey::severity::{Band, Confidence};
use straykey::triage::Terms;

/// Everything that was found, and what follows from it for the scan.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) terms: Terms,
    /// Where the configuration came from.
    pub(crate) config: Option<String>,
    /// Rules of the user's own.
    pub(crate) rules: Vec<Rule>,
    pub(crate) fail_on: FailOn,
    pub(crate) min_confidence: Confidence,
    pub(crate) task_environment: Environment,
    /// What to tell besides what the terms tell.
    pub(crate) notices: Vec<Notice>,
}

/// Finds the terms of a job whose paths are told from `base`.
pub(crate) fn find(job: &Job, base: &Path, whole: bool) -> anyhow::Result<Found> {
    let home = home(job, base);
    let place = Place::new(&home, job.terms.config_ref.as_deref())?;
    let (mut config, mut notices) = (Config::default(), Vec::new());
    match configuration(job, &place)? {
        // Whoever is audited could have written it. What the user names is the user's.
        Some(tree) if job.mode == "audit" && job.terms.config.is_none() => {
            notices.push(Notice::new(
                NoticeKind::Note,
                format!(
                    "{} is not applied: an audit takes no advice from what it audits",
                    tree.name
                ),
            ));
        }
        Some(found) => config = found,
        None => {}
    }
    let tools = tools(&job.terms, &config)?;
    let mut compat = Compat::default();
    for (tool, kind, name) in FileKind::NAMED {
        if let Some(text) = place.read(name)?.filter(|_| tools.contains(&tool)) {
            compat.add(kind, &place.name(name), &text).map_err(told)?;
        }
    }
    let baseline = known(job, base, &place, &config, &mut compat)?;
    let mut rules = scan::own_rules(&job.rules)?;
    for file in &config.rule_files {
        rules.extend(place.rules(&file.value)?);
    }
    rules.extend(compat.rules().cloned());
    Ok(Found {
        config: (!config.name.is_empty()).then(|| config.name.clone()),
        fail_on: fail_on(job, &config)?,
        min_confidence: job
            .min_confidence
            .or(config.min_confidence.as_ref().map(|least| least.value))
            .unwrap_or(Confidence::Medium),
        task_environment: job
            .task_environment
            .or(config.task_environment)
            .unwrap_or(Environment::Unknown),
        terms: Terms {
            shift: shift(base, &home),
            config: overruled(config, job),
            compat,
            marks: Marks::of(tools),
            baseline,
            whole,
        },
        rules,
        notices,
    })
}

fn configuration(job: &Job, place: &Place) -> anyhow::Result<Option<Config>> {
    if job.terms.no_config {
        return Ok(None);
    }
    let named = match &job.terms.config {
        Some(file) => Some(named(file)?),
        None => discovered(place)?,
    };
    let Some((name, text)) = named else {
        return Ok(None);
    };
    Config::parse(&name, &text).map(Some).map_err(|error| {
        let hint = error.hint.clone();
        hinted(error, hint)
    })
}

/// The configuration that the user names.
fn named(file: &Path) -> anyhow::Result<(String, String)> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the configuration {}", file.display()))
        .map_err(|error| hinted(error, "name a TOML file; see `straykey scan --help`"))?;
    Ok((file.display().to_string(), text))
}

/// The configuration that lies where it is looked for.
fn discovered(place: &Place) -> anyhow::Result<Option<(String, String)>> {
    let mut there = Vec::new();
    for name in NAMES {
        if let Some(text) = place.read(name)? {
            there.push((name, text));
        }
    }
    discover(|name| there.iter().any(|(known, _)| *known == name))
        .map_err(|error| hinted(error, Ambiguous::HINT))?;
    let first = there.into_iter().next();
    Ok(first.map(|(name, text)| (place.name(name), text)))
}

/// The tools that the command line and the configuration name.
fn tools(arguments: &Arguments, config: &Config) -> anyhow::Result<Vec<Tool>> {
    let mut tools = arguments.compat.clone();
    for named in &config.compat {
        let tool = named.value.parse().map_err(|error| {
            let error = config.error(named.at, format!("{error}"), "name one of them");
            let hint = error.hint.clone();
            hinted(error, hint)
        })?;
        tools.push(tool);
    }
    Ok(tools)
}

fn fail_on(job: &Job, config: &Config) -> anyhow::Result<FailOn> {
    match (&job.fail_on, &config.fail_on) {
        (Some(fail_on), _) => Ok(fail_on.clone()),
        (None, Some(named)) => named.value.parse().map_err(|error| {
            let error = config.error(named.at, format!("{error}"), "see `--fail-on` in the help");
            let hint = error.hint.clone();
            hinted(error, hint)
        }),
        (None, None) => Ok(FailOn::band(Band::Low)),
    }
}

/// Without what the command line overrules: that loosens nothing.
fn overruled(mut config: Config, job: &Job) -> Config {
    if job.fail_on.is_some() {
        config.fail_on = None;
    }
    if job.min_confidence.is_some() {
        config.min_confidence = None;
    }
    if job.terms.no_baseline || job.terms.baseline.is_some() {
        config.baseline = None;
    }
    config
}

/// The findings that are known. A report of gitleaks is one, too.
fn known(
    job: &Job,
    base: &Path,
    place: &Place,
    config: &Config,
    compat: &mut Compat,
) -> anyhow::Result<Option<Baseline>> {
    let arguments = &job.terms;
    if arguments.no_baseline {
        return Ok(None);
    }
    if let Some(file) = &arguments.baseline {
        let text = baseline::text(file)?.ok_or_else(|| {
            hinted(
                anyhow!("there is no baseline {}", file.display()),
                "`straykey baseline update` writes one",
            )
        })?;
        let name = file.display().to_string();
        if is_gitleaks_report(&text) {
            compat
                .add(FileKind::GitleaksReport, &name, &text)
                .map_err(told)?;
            return Ok(None);
        }
        return baseline::parsed(&name, &text).map(Some);
    }
    if job.mode == "audit" {
        return Ok(None);
    }
    if place.is_revision() || config.baseline.is_some() {
        let named = config.baseline.as_ref();
        let name = named.map_or(FILE_NAME, |named| named.value.as_str());
        return match place.read(name)? {
            Some(text) => baseline::parsed(&place.name(name), &text).map(Some),
            None if named.is_some() => Err(hinted(
                anyhow!("there is no baseline {}", place.name(name)),
                "`straykey baseline update` writes one",
            )),
            None => Ok(None),
        };
    }
    // The tree's own file, and no link out of it.
    in_tree(base, FILE_NAME)?
        .map(|bytes| baseline::parsed(FILE_NAME, &String::from_utf8_lossy(&bytes)))
        .transpose()
}

fn told(error: straykey::compat::CompatError) -> anyhow::Error {
    let hint = error.hint;
    hinted(error, hint)
}

/// The top of the repository; else the folder that is scanned.
fn home(job: &Job, base: &Path) -> PathBuf {
    let scanned = match (&job.input, job.roots.as_slice()) {
        (Input::Files, [root]) if root.is_dir() => root.as_path(),
        _ => base,
    };
    top_around(scanned).unwrap_or_else(|| scanned.to_owned())
}

/// From paths that are told from one folder to those told from another above or below it.
fn shift(from: &Path, to: &Path) -> Shift {
    let whole = |path: &Path| std::path::absolute(path).ok()?.canonicalize().ok();
    let (Some(from), Some(to)) = (whole(from), whole(to)) else {
        return Shift::default();
    };
    let between = |above: &Path, below: &Path| match below.strip_prefix(above) {
        Ok(rest) if !rest.as_os_str().is_empty() => {
            format!("{}/", rest.display().to_string().replace('\\', "/"))
        }
        _ => String::new(),
    };
    Shift {
        strip: between(&from, &to),
        add: between(&to, &from),
    }
}

/// Where the files that set the terms are read: in the tree, or as they are at a revision.
struct Place {
    home: PathBuf,
    revision: Option<(Git, String)>,
}

impl Place {
    fn new(home: &Path, revision: Option<&str>) -> anyhow::Result<Self> {
        let revision = match revision {
            None => None,
            Some(name) if name.starts_with('-') => {
                return Err(hinted(
                    anyhow!("`{name}` is no revision"),
                    "name a commit, a branch or a tag",
                ));
            }
            Some(name) => {
                let git = git::open(home)?;
                let commit = format!("{name}^{{commit}}");
                git.output(&[
                    "rev-parse",
                    "--verify",
                    "--quiet",
                    "--end-of-options",
                    &commit,
                ])
                .map_err(|_| {
                    hinted(
                        anyhow!("git does not know the revision `{name}`"),
                        "fetch it first; a shallow clone may lack it",
                    )
                })?;
                Some((git, name.to_owned()))
            }
        };
        Ok(Self {
            home: home.to_owned(),
            revision,
        })
    }

    fn is_revision(&self) -> bool {
        self.revision.is_some()
    }

    /// What a file is called in messages.
    fn name(&self, file: &str) -> String {
        match &self.revision {
            Some((_, revision)) => format!("{revision}:{file}"),
            None => file.to_owned(),
        }
    }

    /// The text of a file; None where there is none.
    fn read(&self, file: &str) -> anyhow::Result<Option<String>> {
        let bytes = match &self.revision {
            Some((git, revision)) => at_revision(git, revision, file)?,
            None => in_tree(&self.home, file)?,
        };
        let text = bytes.map(|bytes| {
            String::from_utf8(bytes).map_err(|_| {
                hinted(
                    anyhow!("{} is no UTF-8", self.name(file)),
                    "write it as UTF-8",
                )
            })
        });
        text.transpose()
    }

    fn rules(&self, file: &str) -> anyhow::Result<Vec<Rule>> {
        let text = self.read(file)?.ok_or_else(|| {
            hinted(
                anyhow!("there is no rule file {}", self.name(file)),
                "`rules.files` of the configuration names it",
            )
        })?;
        scan::parsed_rules(&self.name(file), &text)
    }
}

/// A file as a commit has it. The tree names it, so nothing of the work tree is asked.
fn at_revision(git: &Git, revision: &str, file: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let name = format!("{revision}:{file}");
    let Ok(id) = git.output(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &name,
    ]) else {
        return Ok(None);
    };
    let Some(stored) = straykey::haystack::git::Stored::parse(id.trim_ascii()) else {
        return Ok(None);
    };
    let mut blobs = Blobs::open(git).map_err(git::error)?;
    let bytes = blobs.fetch(stored).map_err(git::error)?;
    blobs.close().map_err(git::error)?;
    Ok(bytes)
}

/// A file of the tree. What is no file, or reached through a link, sets no terms: it could lie out
/// of the tree.
fn in_tree(home: &Path, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let file = home.join(name);
    let Ok(metadata) = file.symlink_metadata() else {
        return Ok(None);
    };
    let inside = || {
        let (whole, home) = (file.canonicalize().ok()?, home.canonicalize().ok()?);
        (whole == home.join(name)).then_some(())
    };
    if !metadata.is_file() || inside().is_none() {
        return Err(hinted(
            anyhow!("{} is no plain file of this tree", file.display()),
            "put it there itself, not as a link",
        ));
    }
    std::fs::read(&file)
        .map(Some)
        .with_context(|| format!("cannot read {}", file.display()))
        .map_err(|error| hinted(error, "make it readable"))
}

/// Takes back what marks excuse that do not stand at the revision: a change must not excuse itself.
pub(crate) fn distrust_new_marks(
    report: &mut Report,
    base: &Path,
    revision: &str,
) -> anyhow::Result<()> {
    let git = git::open(base)?;
    let shift = shift(base, &top_around(base).unwrap_or_else(|| base.to_owned()));
    let mut known: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let (mut kept, mut taken) = (Vec::new(), 0);
    for excused in std::mem::take(&mut report.excused) {
        let path = shift.apply(&excused.finding.path);
        if excused.by == Excuse::Mark {
            if !known.contains_key(&path) {
                let text = at_revision(&git, revision, &path)?;
                known.insert(path.clone(), text);
            }
            let text = known.get(&path).and_then(Option::as_deref);
            if !text.is_some_and(|text| excused.finding.stands_in(text)) {
                report.findings.push(excused.finding);
                taken += 1;
                continue;
            }
        }
        kept.push(excused);
    }
    report.excused = kept;
    report
        .findings
        .sort_by(|a, b| (&a.path, a.start, &a.rule.id).cmp(&(&b.path, b.start, &b.rule.id)));
    if taken > 0 {
        report.notices.push(Notice::new(
            NoticeKind::Note,
            format!(
                "{} not heeded: not yet there at {revision}",
                counted(taken, "mark")
            ),
        ));
    }
    Ok(())
}
