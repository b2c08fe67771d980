//! What was typed. [`Job`] is what it means.

mod job;
mod terms;

pub(crate) use job::{Input, Job};
pub(crate) use terms::Terms;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as Group, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;
use straykey::environment::Environment;
use straykey::policy::FailOn;
use straykey::report::Format;
use straykey::severity::Confidence;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds the credentials an agent can pick up here, and says what each one can do.
///
/// It is offline: there is no network code in it, and no credential is ever printed.
#[derive(Debug, Parser)]
#[command(name = "straykey", version, styles = STYLES, max_term_width = 100, arg_required_else_help = false, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) color: Color,
}

const EXIT_CODES: &str = "Exit codes:
  0    nothing at or above --fail-on, and everything was searched
  1    findings at or above --fail-on
  2    the arguments, a rule file or the output are at fault
  3    something was not searched, or nothing was
  130  interrupted";

/// When to use colours.
#[derive(Clone, Copy, Debug, Group)]
pub(crate) struct Color {
    /// When to use colours; `auto` also heeds `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long = "color", value_name = "WHEN", value_enum, default_value_t = When::Auto, global = true, help_heading = "Output")]
    when: When,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes the choice that of every stream.
    pub(crate) fn write_global(self) {
        let choice = match self.when {
            When::Auto => anstream::ColorChoice::Auto,
            When::Always => anstream::ColorChoice::Always,
            When::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Search files as the repository has them: hidden ones too, ignored ones not
    Scan(Scan),
    /// Search everything an agent started in a folder reaches there: ignored and hidden files too
    Audit(Audit),
    /// Say what a rule or a finding is about: what it can do, why we think so, how to get rid of it
    Explain(Explain),
    /// List, check or sample rules
    Rules(Rules),
    /// Write or trim the list of the findings that are known
    Baseline(crate::baseline::Baseline),
    /// Put hooks into the repository, take them away, or do their work
    Hook(crate::hook::Hook),
    /// Turn the files of other scanners into ours, and say what does not carry over
    Migrate(crate::migrate::Migrate),
    /// Print completions for a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

#[derive(Debug, Group)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one switch of the command line"
)]
pub(crate) struct Scan {
    /// Files and folders to search
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with_all = ["since", "history", "files_from", "stdin", "commit_message", "branch_name"])]
    paths: Vec<PathBuf>,
    /// Search what is staged: the contents that the next commit will hold
    #[arg(long, group = "input", help_heading = "Input")]
    staged: bool,
    /// Search what commits added: those since a revision, or of a range such as `main..HEAD`
    #[arg(long, value_name = "REV", group = "input", help_heading = "Input")]
    since: Option<String>,
    /// Search every commit of every branch and tag
    #[arg(long, group = "input", help_heading = "Input")]
    history: bool,
    /// With --history, search stashes, too
    #[arg(long, requires = "history", help_heading = "Input")]
    stash: bool,
    /// With --history, search what only the reflog still knows, too
    #[arg(long, requires = "history", help_heading = "Input")]
    reflog: bool,
    /// Search the files that a list names, one a line; `-` for standard input
    #[arg(long, value_name = "FILE", group = "input", value_hint = ValueHint::FilePath, help_heading = "Input")]
    files_from: Option<PathBuf>,
    /// With --files-from, the names end with a NUL each
    #[arg(long, short = '0', requires = "files_from", help_heading = "Input")]
    null: bool,
    /// Search standard input
    #[arg(long, group = "input", help_heading = "Input")]
    stdin: bool,
    /// Search the message of a commit, as git hands it to a hook
    #[arg(long, value_name = "FILE", group = "input", value_hint = ValueHint::FilePath, help_heading = "Input")]
    commit_message: Option<PathBuf>,
    /// Search the name of the branch that is checked out
    #[arg(long, group = "input", help_heading = "Input")]
    branch_name: bool,
    /// Leave the authors of commits out of the report
    #[arg(long, help_heading = "Findings")]
    redact_authors: bool,
    /// Search what git ignores, too
    #[arg(long, help_heading = "Input")]
    no_ignore: bool,
    /// Map large files instead of reading them: a file that is cut short meanwhile ends the program
    #[cfg(feature = "mmap")]
    #[arg(long, help_heading = "Input")]
    mmap: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Group)]
pub(crate) struct Audit {
    /// The folder the agent works in
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Stay within the folder; today an audit always does
    #[arg(long, help_heading = "Input")]
    workspace_only: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Group)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one switch of the command line"
)]
pub(crate) struct Common {
    /// The form of the report
    #[arg(long, short, value_name = "FORMAT", value_parser = formats(), default_value = "text", help_heading = "Output")]
    format: Format,
    /// Write the report to a file, as a whole or not at all
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    output: Option<PathBuf>,
    /// In SARIF, write what is excused, too, as suppressed results; GitHub shows those as open
    #[arg(long, help_heading = "Output")]
    sarif_include_suppressed: bool,
    /// Fail on a band or worse, or on classes such as `destroy@production`; `none` never fails [default: low]
    #[arg(long, value_name = "WHAT", value_parser = fail_on, help_heading = "Findings")]
    fail_on: Option<FailOn>,
    /// The least confidence to report [default: medium]
    #[arg(long, value_name = "LEVEL", value_enum, help_heading = "Findings")]
    min_confidence: Option<Least>,
    /// The environment of the task at hand: credentials of production are then violations
    #[arg(long, value_name = "NAME", value_enum, help_heading = "Findings")]
    task_env: Option<TaskEnvironment>,
    /// Do not let marks in the searched files excuse findings
    #[arg(long, help_heading = "Findings")]
    no_marks: bool,
    /// Use the rules of a file, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    rules: Vec<PathBuf>,
    /// Exit with 0 whatever is found, so that a report can be uploaded; gaps still give 3
    #[arg(long, help_heading = "Findings")]
    exit_zero: bool,
    #[command(flatten)]
    terms: Terms,
    /// How many threads; 0 for as many as there are processors
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Input")]
    threads: usize,
    /// Print no report where there are no findings, and nothing else at all
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
    /// Show no progress
    #[arg(long, help_heading = "Output")]
    no_progress: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Least {
    Low,
    Medium,
    High,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TaskEnvironment {
    Production,
    Staging,
    Test,
    Local,
}

fn formats() -> impl clap::builder::TypedValueParser<Value = Format> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Format::ALL.map(Format::as_str))
        .map(|name| name.parse().expect("only names of formats are possible"))
}

fn fail_on(text: &str) -> Result<FailOn, straykey::policy::UnknownCondition> {
    text.parse()
}

impl Scan {
    /// Where the bytes come from, and what a report calls that.
    fn input(&self) -> (Input, &'static str) {
        if self.staged {
            let only = self.paths.clone();
            return (Input::Staged { only }, "staged");
        }
        if let Some(revision) = &self.since {
            return (Input::Since(revision.clone()), "since");
        }
        if self.history {
            let (stash, reflog) = (self.stash, self.reflog);
            return (Input::History { stash, reflog }, "history");
        }
        if let Some(list) = &self.files_from {
            let (list, null) = (list.clone(), self.null);
            return (Input::FilesFrom { list, null }, "scan");
        }
        match (self.stdin, self.branch_name, &self.commit_message) {
            (true, ..) => (Input::Stdin, "scan"),
            (_, true, _) => (Input::Branch, "branch-name"),
            (.., Some(file)) => (Input::Message(file.clone()), "commit-message"),
            _ => (Input::Files, "scan"),
        }
    }

    pub(crate) fn into_job(self) -> Job {
        let (input, mode) = self.input();
        let roots = if self.paths.is_empty() {
            vec![PathBuf::from(".")]
        } else {
            self.paths
        };
        let mut job = self.common.into_job(roots, mode);
        job.input = input;
        job.hide_authors = self.redact_authors;
        job.respect_ignores = !self.no_ignore;
        #[cfg(feature = "mmap")]
        {
            job.map = self.mmap;
        }
        job
    }
}

impl Audit {
    pub(crate) fn into_job(self) -> Job {
        let mut job = self.common.into_job(vec![self.folder], "audit");
        // What the tree says in its own favour does not count against an audit.
        job.respect_ignores = false;
        job.honour_marks = false;
        job
    }
}

impl Common {
    pub(crate) fn into_job(self, roots: Vec<PathBuf>, mode: &'static str) -> Job {
        Job {
            roots,
            mode,
            input: Input::Files,
            hide_authors: false,
            respect_ignores: true,
            honour_marks: !self.no_marks,
            task_environment: self.task_env.map(TaskEnvironment::environment),
            format: self.format,
            sarif_suppressed: self.sarif_include_suppressed,
            output: self.output,
            fail_on: self.fail_on,
            min_confidence: self.min_confidence.map(|least| match least {
                Least::Low => Confidence::Low,
                Least::Medium => Confidence::Medium,
                Least::High => Confidence::High,
            }),
            rules: self.rules,
            exit_zero: self.exit_zero,
            terms: self.terms,
            threads: self.threads,
            quiet: self.quiet,
            progress: !self.no_progress && !self.quiet,
            map: false,
        }
    }
}

impl TaskEnvironment {
    fn environment(self) -> Environment {
        match self {
            Self::Production => Environment::Production,
            Self::Staging => Environment::Staging,
            Self::Test => Environment::Test,
            Self::Local => Environment::Local,
        }
    }
}

#[derive(Debug, Group)]
pub(crate) struct Explain {
    /// A rule's id, or the first digits of a finding's fingerprint
    #[arg(value_name = "RULE|FINDING")]
    pub(crate) what: String,
    /// Where to look for the finding
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Group)]
pub(crate) struct Rules {
    #[command(subcommand)]
    pub(crate) command: Option<RulesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules that are built in
    List {
        /// Only those whose id or name holds this
        #[arg(value_name = "WORD")]
        filter: Option<String>,
    },
    /// Check rule files: fields, patterns, examples
    Check {
        /// The files
        #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
    },
    /// Print the examples of a rule, or render a folder of templates, with made-up credentials
    Sample {
        /// The rule's id
        #[arg(value_name = "RULE", required_unless_present = "render")]
        rule: Option<String>,
        /// A folder of templates to render
        #[arg(long, value_name = "TEMPLATES", requires = "into", value_hint = ValueHint::DirPath)]
        render: Option<PathBuf>,
        /// Where to write them
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        into: Option<PathBuf>,
    },
}
