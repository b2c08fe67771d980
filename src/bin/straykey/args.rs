//! What was typed. [`Job`] is what it means.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as Group, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;
use straykey::environment::Environment;
use straykey::policy::FailOn;
use straykey::report::Format;
use straykey::severity::{Band, Confidence};

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
pub(crate) struct Scan {
    /// Files and folders to search
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// Search standard input instead
    #[arg(long, conflicts_with = "paths", help_heading = "Input")]
    stdin: bool,
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
struct Common {
    /// The form of the report
    #[arg(long, short, value_name = "FORMAT", value_parser = formats(), default_value = "text", help_heading = "Output")]
    format: Format,
    /// Write the report to a file, as a whole or not at all
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    output: Option<PathBuf>,
    /// Fail on a band or worse, or on classes such as `destroy@production`; `none` never fails
    #[arg(long, value_name = "WHAT", value_parser = fail_on, default_value = "low", help_heading = "Findings")]
    fail_on: FailOn,
    /// The least confidence to report
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Least::Medium, help_heading = "Findings")]
    min_confidence: Least,
    /// The environment of the task at hand: credentials of production are then violations
    #[arg(long, value_name = "NAME", value_enum, help_heading = "Findings")]
    task_env: Option<TaskEnvironment>,
    /// Do not let marks in the searched files excuse findings
    #[arg(long, help_heading = "Findings")]
    no_marks: bool,
    /// Use the rules of a file, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    rules: Vec<PathBuf>,
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

/// What to scan and what to do with the result.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one switch of the command line"
)]
pub(crate) struct Job {
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) mode: &'static str,
    pub(crate) stdin: bool,
    pub(crate) respect_ignores: bool,
    pub(crate) honour_marks: bool,
    pub(crate) task_environment: Environment,
    pub(crate) format: Format,
    pub(crate) output: Option<PathBuf>,
    pub(crate) fail_on: FailOn,
    pub(crate) min_confidence: Confidence,
    pub(crate) rules: Vec<PathBuf>,
    pub(crate) threads: usize,
    pub(crate) quiet: bool,
    pub(crate) progress: bool,
    pub(crate) map: bool,
}

impl Scan {
    pub(crate) fn into_job(self) -> Job {
        let mut job = self.common.into_job(self.paths, "scan");
        job.stdin = self.stdin;
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
    fn into_job(self, roots: Vec<PathBuf>, mode: &'static str) -> Job {
        Job {
            roots,
            mode,
            stdin: false,
            respect_ignores: true,
            honour_marks: !self.no_marks,
            task_environment: self
                .task_env
                .map_or(Environment::Unknown, TaskEnvironment::environment),
            format: self.format,
            output: self.output,
            fail_on: self.fail_on,
            min_confidence: match self.min_confidence {
                Least::Low => Confidence::Low,
                Least::Medium => Confidence::Medium,
                Least::High => Confidence::High,
            },
            rules: self.rules,
            threads: self.threads,
            quiet: self.quiet,
            progress: !self.no_progress && !self.quiet,
            map: false,
        }
    }
}

impl Job {
    /// A scan of one folder that only looks.
    pub(crate) fn look(folder: PathBuf) -> Self {
        Self {
            roots: vec![folder],
            mode: "scan",
            stdin: false,
            respect_ignores: false,
            honour_marks: false,
            task_environment: Environment::Unknown,
            format: Format::Text,
            output: None,
            fail_on: FailOn::band(Band::Low),
            min_confidence: Confidence::Low,
            rules: Vec::new(),
            threads: 0,
            quiet: false,
            progress: false,
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
