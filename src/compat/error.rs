//! What is wrong with another tool's file, and where.

/// A file of another tool that cannot be read. It never quotes the file, which may hold credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct CompatError {
    /// The file.
    pub path: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

impl CompatError {
    /// An error at a byte of the file's text.
    pub(super) fn at(path: &str, text: &str, offset: usize, message: &str) -> Self {
        let before = text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.to_owned(),
            hint: "correct the file, or leave its tool out of --compat",
        }
    }
}

/// Parses JSON. The messages of its grammar name places, never contents.
pub(super) fn json(path: &str, text: &str) -> Result<serde_json::Value, CompatError> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        CompatError {
            line: error.line().max(1),
            column: error.column().max(1),
            ..CompatError::at(path, text, 0, message)
        }
    })
}

/// The text without the mark that some editors of Windows put first.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A path of another tool's file as ours are: with `/`, without `./`.
pub(super) fn path_of(text: &str) -> String {
    let path = text.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}
