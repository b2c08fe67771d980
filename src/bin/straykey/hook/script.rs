//! The script that is put into a folder of hooks: POSIX `sh`, which git has on every system.
//!
//! It calls the hook that was there before it, and then straykey. Where the program is gone it fails
//! and says so: a hook that passes because it could not look is worse than none.

use super::Kind;
use std::fs;
use std::path::{Path, PathBuf};

/// The second line begins so in every script of ours, of any version.
const MARK: &str = "# straykey-hook ";

const HEAD: &str = r"#!/bin/sh
# straykey-hook 1: made by `straykey hook install`, taken away by `straykey hook uninstall`
pinned=@PINNED@
case $0 in
*/*) folder=${0%/*} ;;
*) folder=. ;;
esac
chained=$folder/@KIND@.straykey-chained
";

const CHAIN: &str = r#"if [ -x "$chained" ]; then
  "$chained" "$@" || exit
fi
"#;

/// Git tells on standard input what is pushed, once; both programs have to hear it.
const CHAIN_PUSH: &str = r#"refs=$(cat && printf x)
refs=${refs%x}
if [ -x "$chained" ]; then
  printf %s "$refs" | "$chained" "$@" || exit
fi
"#;

const FIND: &str = r#"straykey=$pinned
if [ ! -x "$straykey" ]; then
  straykey=$(command -v straykey) || straykey=
  case $straykey in
  /*) ;;
  *)
    printf '%s\n' "straykey: the program is gone from '$pinned' and is not in PATH: nothing was searched" \
      "hint: install it and run 'straykey hook install', or remove the hook $0" >&2
    exit 3
    ;;
  esac
fi
"#;

const RUN: &str = r#"exec "$straykey" hook run@OPTIONS@ @KIND@ "$@"
"#;

const RUN_PUSH: &str = r#"printf %s "$refs" | "$straykey" hook run@OPTIONS@ @KIND@ "$@"
"#;

/// The script for a hook. `program` is where straykey is; None to look in `PATH` each time.
pub(super) fn text(kind: Kind, program: Option<&str>, branch_name: bool) -> String {
    let (chain, run) = match kind {
        Kind::PrePush => (CHAIN_PUSH, RUN_PUSH),
        Kind::PreCommit | Kind::PreMergeCommit | Kind::CommitMsg => (CHAIN, RUN),
    };
    let options = if branch_name { " --branch-name" } else { "" };
    // The path last: what it holds is not ours, and must not be filled in a second time.
    [HEAD, chain, FIND, run]
        .concat()
        .replace("@KIND@", kind.as_str())
        .replace("@OPTIONS@", options)
        .replace("@PINNED@", &in_quotes(program.unwrap_or_default()))
}

/// The program that runs, as a shell on this system names it; None where that is no text.
pub(super) fn program() -> Option<String> {
    let program = std::env::current_exe().ok()?.into_os_string();
    let program = program.into_string().ok()?;
    Some(if cfg!(windows) {
        program.replace('\\', "/")
    } else {
        program
    })
}

/// True for a script that we made.
pub(super) fn is_ours(path: &Path) -> bool {
    let text = fs::read(path).unwrap_or_default();
    let second = text.split(|byte| *byte == b'\n').nth(1);
    second.is_some_and(|line| line.starts_with(MARK.as_bytes()))
}

/// The program that a script of ours names; None where it names none, or one in quotes of its own.
pub(super) fn pinned(path: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(path).ok()?;
    let quoted = text.lines().find_map(|line| line.strip_prefix("pinned="))?;
    let program = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
    (!program.is_empty() && !program.contains('\'')).then(|| PathBuf::from(program))
}

/// Where a hook that was there before ours is kept.
pub(super) fn chained(folder: &Path, kind: Kind) -> PathBuf {
    folder.join(format!("{}.straykey-chained", kind.as_str()))
}

/// A word for a shell: as it is where that is safe, else in quotes.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        in_quotes(word)
    }
}

fn in_quotes(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words_in_a_shell() {
        for (word, shown) in [
            ("src/main.rs", "src/main.rs"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), shown);
        }
    }

    #[test]
    fn a_path_is_filled_in_once() {
        let text = text(Kind::PreCommit, Some("/a/@KIND@'/straykey"), true);
        assert!(text.contains(r"pinned='/a/@KIND@'\''/straykey'"), "{text}");
        assert!(
            text.contains(r#"hook run --branch-name pre-commit "$@""#),
            "{text}"
        );
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for kind in Kind::ALL {
            let text = text(kind, None, false);
            for name in ["@KIND@", "@OPTIONS@", "@PINNED@"] {
                assert!(!text.contains(name), "{text}");
            }
        }
    }
}
