//! `straykey hook`: puts hooks into a repository, takes them away, and is what they call.

mod advice;
mod folder;
mod install;
mod manager;
mod pushed;
mod run;
mod script;
mod status;

use crate::args::Common;
use crate::exit::Exit;
use clap::{Args as Group, Subcommand, ValueEnum, ValueHint};
use std::ffi::OsString;
use std::path::Path;
use straykey::haystack::git::{Git, path_from};

/// What was typed after `straykey hook`.
#[derive(Debug, Group)]
pub(crate) struct Hook {
    #[command(subcommand)]
    command: HookCommand,
}

#[derive(Debug, Subcommand)]
enum HookCommand {
    /// Put hooks where git looks for them; a hook that is there already is kept and called first
    Install(Install),
    /// Take the hooks away again and put back what was there
    Uninstall(Uninstall),
    /// Say for each hook whether straykey is called; exits with 1 where it is not
    Status(Status),
    /// Search what a hook is about: this is what hooks call
    Run(Box<Run>),
}

#[derive(Debug, Group)]
struct Install {
    /// Which hook; may be given several times
    #[arg(
        long = "hook",
        value_name = "HOOK",
        value_enum,
        default_value = "pre-commit"
    )]
    hooks: Vec<Kind>,
    /// Let the hooks search the name of the branch, too
    #[arg(long)]
    branch_name: bool,
}

#[derive(Debug, Group)]
struct Uninstall {
    /// Which hook; may be given several times; all of them without
    #[arg(long = "hook", value_name = "HOOK", value_enum)]
    hooks: Vec<Kind>,
}

#[derive(Debug, Group)]
struct Status {
    /// Which hooks have to be there for exit code 0; may be given several times
    #[arg(
        long = "hook",
        value_name = "HOOK",
        value_enum,
        default_value = "pre-commit"
    )]
    hooks: Vec<Kind>,
}

#[derive(Debug, Group)]
struct Run {
    /// pre-commit, pre-merge-commit, pre-push, commit-msg or manual, and then what git or a
    /// framework passes to that hook; options come before it
    // All that follows the stage is names of files: one that is called `--exit-zero` is no option.
    #[arg(
        value_name = "STAGE",
        required = true,
        trailing_var_arg = true,
        value_hint = ValueHint::AnyPath
    )]
    stage: Vec<OsString>,
    /// Search the name of the branch, too
    #[arg(long, help_heading = "Input")]
    branch_name: bool,
    #[command(flatten)]
    common: Common,
}

/// A hook of git that straykey can be installed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Before a commit: what is staged.
    PreCommit,
    /// Before the commit of a merge that met no conflict.
    PreMergeCommit,
    /// Before a push: the commits that the remote does not have.
    PrePush,
    /// Before a commit: its message.
    CommitMsg,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::PreCommit,
        Self::PreMergeCommit,
        Self::PrePush,
        Self::CommitMsg,
    ];

    /// The name of its file.
    fn as_str(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PreMergeCommit => "pre-merge-commit",
            Self::PrePush => "pre-push",
            Self::CommitMsg => "commit-msg",
        }
    }
}

/// Does what was asked.
pub(crate) fn run(hook: Hook) -> anyhow::Result<Exit> {
    match hook.command {
        HookCommand::Install(wanted) => install::install(&wanted),
        HookCommand::Uninstall(wanted) => install::uninstall(&wanted),
        HookCommand::Status(wanted) => status::run(&wanted),
        HookCommand::Run(wanted) => run::run(*wanted),
    }
}

/// Git for the repository around the current folder.
fn open() -> anyhow::Result<Git> {
    crate::git::open(Path::new("."))
}
