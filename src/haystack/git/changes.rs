//! What commits or the index change: raw differences, which name contents without reading them.
//!
//! The format is that of git-diff-index(1), "RAW OUTPUT FORMAT", with `-z`:
//! `:MODE MODE ID ID STATUS NUL PATH NUL`, one colon, mode and id more for each further parent of a
//! merge, and a second path after a rename. `diff-tree --stdin` puts each commit's id before its own.

use super::{Git, GitError, finish};
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};

/// The id of a stored content: SHA-1 or SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stored {
    bytes: [u8; 32],
    len: u8,
}

impl Stored {
    /// Reads 40 or 64 hexadecimal digits.
    pub fn parse(digits: &[u8]) -> Option<Self> {
        let decoded = data_encoding::HEXLOWER.decode(digits).ok()?;
        let mut bytes = [0; 32];
        bytes.get_mut(..decoded.len())?.copy_from_slice(&decoded);
        let len = u8::try_from(decoded.len()).ok()?;
        matches!(len, 20 | 32).then_some(Self { bytes, len })
    }

    /// True for the id that stands for nothing.
    pub fn is_null(&self) -> bool {
        self.bytes.iter().all(|&byte| byte == 0)
    }

    /// Appends the hexadecimal digits.
    pub(super) fn write_to(&self, text: &mut String) {
        for byte in &self.bytes[..usize::from(self.len)] {
            // Writing into a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
    }
}

impl std::fmt::Display for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.write_to(&mut text);
        f.write_str(&text)
    }
}

/// What a path has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file, or a symbolic link, whose content is where it points.
    Content,
    /// Nothing any more.
    Deleted,
    /// The commit of another repository.
    Submodule,
    /// Undecided: a merge left more than one version.
    Unmerged,
}

/// One changed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The commit that changes it; None for the index.
    pub commit: Option<Stored>,
    /// What it has become.
    pub kind: Kind,
    /// Its content now.
    pub new: Stored,
    /// Its content before, in each parent that has it.
    pub old: Vec<Stored>,
    /// The path from the top of the work tree, as git has it.
    pub path: Vec<u8>,
}

/// Reads changes while git still finds more.
#[derive(Debug)]
pub struct Changes {
    command: &'static str,
    child: Child,
    /// What feeds it with commits.
    feeder: Option<Child>,
    answers: BufReader<ChildStdout>,
    commit: Option<Stored>,
}

impl Changes {
    /// Starts to tell what the next commit changes: the index against HEAD, or against nothing where
    /// there is no commit yet. `only` limits it to paths, seen from the folder of `git`.
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn staged(git: &Git, only: &[String]) -> Result<Self, GitError> {
        let mut arguments = vec![
            "diff",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-relative",
            "--ignore-submodules=none",
            "--",
        ];
        arguments.extend(only.iter().map(String::as_str));
        Self::read("diff", git.spawn(&arguments)?, None)
    }

    /// Starts to tell what each of these commits changes against its parents, the oldest first.
    /// `revisions` are arguments of git-rev-list(1). Of a merge only what no parent has is told.
    /// `renames` pairs what was moved and changed at once; without it such a file is a new one.
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn of_commits(git: &Git, revisions: &[String], renames: bool) -> Result<Self, GitError> {
        let mut feeder = git
            .hardened()
            .args(["rev-list", "--topo-order", "--reverse"])
            .args(revisions)
            .arg("--")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Start)?;
        let commits = feeder
            .stdout
            .take()
            .ok_or(GitError::Unexpected("rev-list"))?;
        let pairing = if renames {
            "--find-renames"
        } else {
            "--no-renames"
        };
        let child = git
            .hardened()
            .args(["diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "-z"])
            .args(["--no-abbrev", "--no-ext-diff", "--no-textconv", pairing])
            .stdin(Stdio::from(commits))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Start)?;
        Self::read("diff-tree", child, Some(feeder))
    }

    /// The contents that a tag or another reference names by itself, outside of any commit, as changes
    /// of a path that is called as the reference is.
    ///
    /// # Errors
    /// As [`Git::output`].
    pub fn outside_commits(git: &Git) -> Result<Vec<Change>, GitError> {
        const FORMAT: &str =
            "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)";
        let output = git.output(&["for-each-ref", FORMAT])?;
        let mut found = Vec::new();
        for line in output.split(|&byte| byte == b'\n') {
            let words: Vec<&[u8]> = line.splitn(5, |&byte| byte == b' ').collect();
            let [kind, id, peeled_kind, peeled, name] = words.as_slice() else {
                continue;
            };
            let (kind, id) = if *kind == b"tag" {
                (*peeled_kind, *peeled)
            } else {
                (*kind, *id)
            };
            match kind {
                b"blob" => found.extend(outside(id, name)),
                b"tree" => found.extend(files_of(git, id, name)?),
                _ => {}
            }
        }
        Ok(found)
    }

    fn read(
        command: &'static str,
        mut child: Child,
        feeder: Option<Child>,
    ) -> Result<Self, GitError> {
        let answers = child.stdout.take().ok_or(GitError::Unexpected(command))?;
        Ok(Self {
            command,
            child,
            feeder,
            answers: BufReader::with_capacity(64 * 1024, answers),
            commit: None,
        })
    }

    /// The next change; None at the end.
    ///
    /// # Errors
    /// When what git prints is not what its manual says.
    pub fn advance(&mut self) -> Result<Option<Change>, GitError> {
        loop {
            let Some(record) = self.field()? else {
                return Ok(None);
            };
            if record.first() == Some(&b':') {
                return self.change(&record).map(Some);
            }
            self.commit = Some(Stored::parse(&record).ok_or(GitError::Unexpected(self.command))?);
        }
    }

    /// Waits for git to end.
    ///
    /// # Errors
    /// When it did not end well: then some changes may not have been told.
    pub fn close(self) -> Result<(), GitError> {
        let Self {
            command,
            child,
            feeder,
            answers,
            ..
        } = self;
        drop(answers);
        // A feeder that failed is the cause, what it fed only stopped early.
        if let Some(feeder) = feeder {
            finish(&["rev-list"], feeder)?;
        }
        finish(&[command], child)
    }

    fn change(&mut self, record: &[u8]) -> Result<Change, GitError> {
        let unexpected = GitError::Unexpected(self.command);
        let Some((modes, ids, status)) = columns(record) else {
            return Err(unexpected);
        };
        let (Some(path), Some(&mode), Some(&new)) = (self.field()?, modes.last(), ids.last())
        else {
            return Err(unexpected);
        };
        let renamed = matches!(status.first(), Some(b'R' | b'C'));
        let path = if renamed {
            self.field()?.ok_or(unexpected)?
        } else {
            path
        };
        let old = ids[..ids.len() - 1].iter();
        Ok(Change {
            commit: self.commit,
            kind: kind(mode, status),
            new,
            old: old.copied().filter(|id| !id.is_null()).collect(),
            path,
        })
    }

    /// What stands up to the next NUL.
    fn field(&mut self) -> Result<Option<Vec<u8>>, GitError> {
        let mut field = Vec::new();
        let read = self.answers.read_until(0, &mut field);
        match read.map_err(GitError::Start)? {
            0 => Ok(None),
            _ if field.pop() == Some(0) => Ok(Some(field)),
            _ => Err(GitError::Unexpected(self.command)),
        }
    }
}

/// A content that no commit holds.
fn outside(id: &[u8], path: &[u8]) -> Option<Change> {
    Some(Change {
        commit: None,
        kind: Kind::Content,
        new: Stored::parse(id)?,
        old: Vec::new(),
        path: path.to_vec(),
    })
}

/// The files of a tree that no commit holds (git-ls-tree(1): `MODE TYPE ID TAB PATH NUL`).
fn files_of(git: &Git, tree: &[u8], name: &[u8]) -> Result<Vec<Change>, GitError> {
    let tree = String::from_utf8_lossy(tree);
    let output = git.output(&["ls-tree", "-r", "-z", "--full-tree", &tree])?;
    let entry = |record: &[u8]| {
        let tab = record.iter().position(|&byte| byte == b'\t')?;
        let mut words = record[..tab].split(|&byte| byte == b' ').skip(1);
        if words.next()? != b"blob" {
            return None;
        }
        outside(words.next()?, &[name, b"/", &record[tab + 1..]].concat())
    };
    Ok(output.split(|&byte| byte == 0).filter_map(entry).collect())
}

/// Modes, ids and status of a record.
type Columns<'r> = (Vec<&'r [u8]>, Vec<Stored>, &'r [u8]);

/// Reads the columns of a record; None where it has another form.
fn columns(record: &[u8]) -> Option<Columns<'_>> {
    let parents = record.iter().take_while(|&&byte| byte == b':').count();
    let words: Vec<&[u8]> = record[parents..].split(|&byte| byte == b' ').collect();
    let (modes, rest) = words.split_at_checked(parents + 1)?;
    let (ids, rest) = rest.split_at_checked(parents + 1)?;
    let ids: Option<Vec<Stored>> = ids.iter().map(|id| Stored::parse(id)).collect();
    let [status] = rest else { return None };
    Some((modes.to_vec(), ids?, status))
}

fn kind(mode: &[u8], status: &[u8]) -> Kind {
    match mode {
        _ if status.contains(&b'U') => Kind::Unmerged,
        b"160000" => Kind::Submodule,
        b"000000" => Kind::Deleted,
        _ => Kind::Content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "00750edc07d6415dcc07ae0351e9397b0222b7ba";
    const TWO: &str = "d00491fd7e5bb6fa28c517a0bb32b8b506539d4d";

    #[test]
    fn a_record_has_a_colon_for_each_parent() {
        let plain = format!(":100644 100755 {ONE} {TWO} M");
        let (modes, ids, status) = columns(plain.as_bytes()).expect("it is one");
        assert_eq!((modes[1], status), (&b"100755"[..], &b"M"[..]));
        assert_eq!(ids[1].to_string(), TWO);
        let merge = format!("::100644 100644 000000 {ONE} {TWO} {} MM", "0".repeat(40));
        let (modes, ids, status) = columns(merge.as_bytes()).expect("it is one");
        assert_eq!(kind(modes[2], status), Kind::Deleted);
        assert!(ids[2].is_null());
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", ":", ":100644 100644 12 34 M", "100644", ":1 2 3 4 5 6"] {
            assert!(columns(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn ids_are_of_either_length() {
        assert!(Stored::parse("ab".repeat(32).as_bytes()).is_some());
        assert!(Stored::parse("ab".repeat(33).as_bytes()).is_none());
        assert!(Stored::parse("ab".repeat(19).as_bytes()).is_none());
        assert!(Stored::parse(&[b'g'; 40]).is_none());
    }
}
