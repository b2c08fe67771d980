//! One finding a line, each the same object as in the JSON document, for streams and `jq`.

use super::inert::line;
use super::json::V1Finding;
use super::{Report, Reporter};
use std::io::{self, Write};

/// One JSON object a line.
#[derive(Clone, Copy, Debug)]
pub struct Jsonl;

impl Reporter for Jsonl {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        report
            .findings
            .iter()
            .try_for_each(|finding| line(&V1Finding::new(finding), out))
    }
}
