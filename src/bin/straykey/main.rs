//! The straykey program: arguments in, a report and an exit code out.
//!
//! Only here is anything printed, and only here are the environment and the clock read.

mod args;
mod baseline;
mod exit;
mod explain;
mod git;
mod hook;
mod input;
mod migrate;
mod output;
mod progress;
mod rules;
mod scan;
mod terms;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return exit::usage(&error),
    };
    args.color.write_global();
    let result = match args.command {
        Some(Command::Scan(scan)) => scan::run(&scan.into_job()),
        Some(Command::Audit(audit)) => scan::run(&audit.into_job()),
        Some(Command::Explain(explain)) => explain::run(&explain),
        Some(Command::Rules(rules)) => rules::run(&rules),
        Some(Command::Baseline(baseline)) => baseline::run(&baseline),
        Some(Command::Hook(hook)) => hook::run(hook),
        Some(Command::Migrate(migrate)) => migrate::run(&migrate),
        Some(Command::Completions { shell }) => output::completions(shell),
        Some(Command::Man) => output::man(),
        None => {
            output::text(&Args::command().render_help().ansi().to_string()).map(|()| Exit::Clean)
        }
    };
    exit::finish(result)
}
