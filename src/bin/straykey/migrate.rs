//! `straykey migrate`: other scanners' files as ours, with a word on all that does not carry over.
//!
//! The allowlists become allows and the rules a rule file. Whatever else excuses a finding today, be it
//! a mark, a list or an expression that an allow cannot say, puts that finding into a baseline, so that
//! the verdict stays what `scan --compat` gives.

use crate::args::{Job, Terms};
use crate::exit::{Exit, hinted, unscanned};
use crate::{output, scan};
use anyhow::{Context, anyhow};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use straykey::baseline::{Baseline, FILE_NAME};
use straykey::compat::{Carried, Compat, FileKind, HEADER, carry};
use straykey::config::Config;
use straykey::detect::marks::Tool;
use straykey::detect::{Detector, Scratch, Text};
use straykey::display::{counted, sanitize};
use straykey::finding::{Excuse, Finding};
use straykey::notice::NoticeKind;
use straykey::report::Report;
use straykey::rule::{Rule, builtin};
use straykey::severity::Confidence;

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// The top folder of the repository
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Write the files; without it they are printed
    #[arg(long, help_heading = "Output")]
    write: bool,
    /// Whose files and marks to carry over; else those of the tools that have files there
    #[arg(long, value_name = "TOOL", value_delimiter = ',', value_parser = tools(), help_heading = "Input")]
    from: Vec<Tool>,
    /// The file that trufflehog is given as `--exclude-paths`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    exclude_paths: Option<PathBuf>,
}

fn tools() -> impl TypedValueParser<Value = Tool> {
    PossibleValuesParser::new(Tool::ALL.map(Tool::as_str))
        .map(|name| name.parse().expect("only names of tools are possible"))
}

const CONFIG: &str = ".straykey.toml";
const RULES: &str = ".straykey/rules.toml";

/// A file to be written.
struct Draft {
    name: &'static str,
    text: String,
}

/// Prints or writes the files that take the place of the others'.
pub(crate) fn run(args: &Migrate) -> anyhow::Result<Exit> {
    if args.write {
        refuse_to_overwrite(&args.folder)?;
    }
    let (compat, tools) = gather(args)?;
    let guard = Guard::default();
    let mut left = told(&compat);
    let rules = rules(&compat, &guard, &mut left);
    let config = config(&compat, rules.is_some(), &guard, &mut left);
    let report = look(&args.folder, tools)?;
    let mut drafts = vec![Draft {
        name: CONFIG,
        text: config,
    }];
    drafts.extend(rules);
    drafts.extend(baseline(&drafts[0].text, &report, &mut left)?);
    guard.check(&drafts)?;
    say(&left)?;
    if args.write {
        write(&args.folder, &drafts)?;
    } else {
        output::text(&shown(&drafts))?;
    }
    Ok(Exit::Clean)
}

fn refuse_to_overwrite(folder: &Path) -> anyhow::Result<()> {
    let there = [CONFIG, RULES, FILE_NAME]
        .into_iter()
        .find(|name| folder.join(name).symlink_metadata().is_ok());
    match there {
        None => Ok(()),
        Some(name) => Err(hinted(
            anyhow!("{} is there already", folder.join(name).display()),
            "run it without --write, and take over by hand what you want of it",
        )),
    }
}

/// Reads the files of the others, and says whose there were.
fn gather(args: &Migrate) -> anyhow::Result<(Compat, Vec<Tool>)> {
    let mut compat = Compat::default();
    let mut tools = args.from.clone();
    for (tool, kind, name) in FileKind::NAMED {
        let wanted = args.from.is_empty() || args.from.contains(&tool);
        if wanted && let Some(text) = read(&args.folder.join(name))? {
            add(&mut compat, kind, name, &text)?;
            tools.push(tool);
        }
    }
    if let Some(path) = &args.exclude_paths {
        let missing = || hinted(anyhow!("{} does not exist", path.display()), "name a file");
        let text = read(path)?.ok_or_else(missing)?;
        add(
            &mut compat,
            FileKind::ExcludePaths,
            &path.to_string_lossy(),
            &text,
        )?;
        tools.push(Tool::Trufflehog);
    }
    tools.sort_unstable();
    tools.dedup();
    if tools.is_empty() {
        return Err(hinted(
            anyhow!("{} holds no files of other scanners", args.folder.display()),
            "name the top folder of the repository, or with --from the tool whose marks stand in it",
        ));
    }
    Ok((compat, tools))
}

fn add(compat: &mut Compat, kind: FileKind, name: &str, text: &str) -> anyhow::Result<()> {
    compat.add(kind, name, text).map_err(|error| {
        let hint = error.hint;
        hinted(error, hint)
    })
}

/// The text of a file; None where there is none.
fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(hinted(
            anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
            "it has to be a text in UTF-8",
        )),
    }
}

/// What reading the files has told, but for what they loosen: that is carried over.
fn told(compat: &Compat) -> Vec<String> {
    let notices = compat.notices().iter();
    notices
        .filter(|notice| notice.kind != NoticeKind::Loosened)
        .map(|notice| notice.text.clone())
        .collect()
}

/// The rule file; None where there are no rules.
fn rules(compat: &Compat, guard: &Guard, left: &mut Vec<String>) -> Option<Draft> {
    let mut text = format!(
        "# Taken over from another scanner. Give each rule examples of its own: see `straykey rules check`.\n{HEADER}"
    );
    let mut any = false;
    for own in compat.own_rules() {
        if guard.holds_secret(&own.text) {
            left.push(format!(
                "rule `{}` holds a credential, which is not copied",
                own.rule.id
            ));
            continue;
        }
        if compat.limits_paths_of(&own.rule.id) {
            left.push(format!(
                "rule `{}` searches all paths from now on",
                own.rule.id
            ));
        }
        text.push_str(&own.text);
        any = true;
    }
    any.then_some(Draft { name: RULES, text })
}

/// The configuration.
fn config(compat: &Compat, rules: bool, guard: &Guard, left: &mut Vec<String>) -> String {
    let mut text =
        String::from("# Written by `straykey migrate`. Each allow has a reason: make it yours.\n");
    if rules {
        _ = write!(text, "\n[rules]\nfiles = [\"{RULES}\"]\n");
    }
    let builtin = builtin();
    let all: Vec<&Rule> = builtin
        .iter()
        .map(|rule| &**rule)
        .chain(compat.rules())
        .collect();
    for allowlist in compat.allowlists() {
        let Carried {
            text: allows,
            left: why,
        } = carry(allowlist, &all, &|text| guard.holds_secret(text));
        text.push_str(&allows);
        left.extend(why);
    }
    text
}

/// Scans as `scan --compat` does, without any terms of ours.
fn look(folder: &Path, tools: Vec<Tool>) -> anyhow::Result<Report> {
    let mut job = Job::look(folder.to_owned());
    job.respect_ignores = true;
    job.honour_marks = true;
    job.min_confidence = Some(Confidence::Medium);
    job.terms = Terms {
        compat: tools,
        ..Terms::none()
    };
    let report = scan::scan(&job)?.report;
    if report.coverage.is_complete() {
        return Ok(report);
    }
    Err(unscanned(
        anyhow!("not everything could be searched, so the known findings are not known"),
        "see what `straykey scan` says of it",
    ))
}

/// The baseline of what is excused today and would not be by the configuration; None where that is
/// nothing.
fn baseline(
    config: &str,
    report: &Report,
    left: &mut Vec<String>,
) -> anyhow::Result<Option<Draft>> {
    let config =
        Config::parse(CONFIG, config).context("the configuration that was made is wrong")?;
    let known: Vec<&Finding> = report
        .excused
        .iter()
        .filter(|excused| matches!(excused.by, Excuse::Compat(_)))
        .map(|excused| &excused.finding)
        .filter(|finding| config.judge(finding, report.now).is_none())
        .collect();
    if known.is_empty() {
        return Ok(None);
    }
    left.push(format!(
        "{} that marks, lists or expressions excuse today in {FILE_NAME}: new ones will count",
        counted(known.len() as u64, "finding")
    ));
    Ok(Some(Draft {
        name: FILE_NAME,
        text: Baseline::of(&known).to_string(),
    }))
}

/// What did not carry over, a line each, on standard error.
fn say(left: &[String]) -> anyhow::Result<()> {
    let mut stderr = anstream::stderr().lock();
    for line in left {
        writeln!(stderr, "note: {}", sanitize(line)).context("cannot write to standard error")?;
    }
    Ok(())
}

fn shown(drafts: &[Draft]) -> String {
    let page = drafts
        .iter()
        .map(|Draft { name, text }| format!("==> {name} <==\n{text}"));
    page.collect::<Vec<_>>().join("\n")
}

/// Writes the files, none of which is there yet.
fn write(folder: &Path, drafts: &[Draft]) -> anyhow::Result<()> {
    for Draft { name, text } in drafts {
        let path = folder.join(name);
        create(&path, text)
            .with_context(|| format!("cannot write {}", path.display()))
            .map_err(|error| hinted(error, "is the folder yours, and has the disk room?"))?;
        output::text(&format!("wrote {}\n", sanitize(&path.to_string_lossy())))?;
    }
    Ok(())
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Keeps credentials out of what is written: an allowlist may hold what it allows.
struct Guard {
    detector: Detector,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            detector: Detector::new(Arc::new(builtin())),
        }
    }
}

impl Guard {
    /// True when an expression or a word holds a credential, as it stands or as the value it matches.
    fn holds_secret(&self, text: &str) -> bool {
        const SPECIAL: &[char] = &['[', ']', '(', ')', '{', '}', '*', '+', '?'];
        let plain = text.replace('\\', "");
        let value = |text: &str| {
            let text = text.trim_matches(['^', '$']);
            !text.contains(SPECIAL) && self.finds(&format!("password = \"{text}\"\n"))
        };
        self.finds(text) || self.finds(&plain) || plain.split('|').any(value)
    }

    fn finds(&self, text: &str) -> bool {
        let text = Text {
            bytes: text.as_bytes(),
            path: "settings.py",
            binary: false,
        };
        let matches = self.detector.search(&text, &mut Scratch::default());
        let sure = |found: &straykey::detect::Match| found.confidence >= Confidence::Medium;
        matches.exhausted || matches.found.iter().any(sure)
    }

    /// The last look at what is about to be shown.
    fn check(&self, drafts: &[Draft]) -> anyhow::Result<()> {
        // A baseline holds nothing of credentials by what it is made of.
        let mut written = drafts.iter().filter(|draft| draft.name != FILE_NAME);
        match written.find(|draft| self.finds(&draft.text)) {
            None => Ok(()),
            Some(draft) => Err(hinted(
                anyhow!(
                    "{} would hold a credential, so nothing is written",
                    draft.name
                ),
                "look for one in the descriptions and expressions of the other scanner's files",
            )),
        }
    }
}
