//! The options that say on whose terms findings count.

use clap::{Args as Group, ValueHint};
use std::path::PathBuf;
use straykey::detect::marks::Tool;

/// On whose terms findings count.
#[derive(Clone, Debug, Default, Group)]
#[command(next_help_heading = "Terms")]
pub(crate) struct Terms {
    /// The configuration; else `.straykey.toml` at the top of the repository or of what is scanned
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Take configuration, baseline and marks as they are at a revision, so that a change cannot
    /// excuse itself
    #[arg(long, value_name = "REV")]
    pub(crate) config_ref: Option<String>,
    /// The findings that are known; else `.straykey-baseline` in the folder that is scanned
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_baseline")]
    pub(crate) baseline: Option<PathBuf>,
    /// Use no baseline
    #[arg(long)]
    pub(crate) no_baseline: bool,
    /// Heed the marks and files of other scanners, too
    #[arg(long, value_name = "TOOL", value_delimiter = ',', value_parser = tools())]
    pub(crate) compat: Vec<Tool>,
}

fn tools() -> impl clap::builder::TypedValueParser<Value = Tool> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Tool::ALL.map(Tool::as_str))
        .map(|name| name.parse().expect("only names of tools are possible"))
}

impl Terms {
    /// Nothing counts but what is found.
    pub(crate) fn none() -> Self {
        Self {
            no_config: true,
            no_baseline: true,
            ..Self::default()
        }
    }
}
