//! The paths in a git index, versions 2 to 4.
//!
//! A small reader of our own instead of a git library: only the paths are wanted, and a scanned tree
//! may be hostile, so every length is checked before it is used and all memory is bounded.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

/// The largest index that is read, in bytes; that of Chromium has some 50 million.
const MAX_INDEX: u64 = 128 << 20;
/// The longest path, in bytes.
const MAX_PATH: usize = 4096;
/// What all paths may take together, in bytes: prefix compression could blow up a small file.
const MAX_PATHS: usize = 128 << 20;
/// Lengths of an object name: SHA-1, SHA-256.
const HASHES: [usize; 2] = [20, 32];
/// Times, device, inode, mode, owner and size before an entry's object name, in bytes.
const STAT: usize = 40;

/// The paths that git tracks.
#[derive(Debug, Default)]
pub(super) struct GitIndex {
    bytes: Vec<u8>,
    /// Sorted by the bytes they stand for.
    paths: Vec<Range<u32>>,
}

impl GitIndex {
    /// Reads an index file; one that does not exist is that of a new repository. None where it cannot
    /// be read or understood.
    pub(super) fn read(path: &Path) -> Option<Self> {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() && metadata.len() <= MAX_INDEX => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Self::default()),
            _ => return None,
        }
        let mut bytes = Vec::new();
        File::open(path)
            .ok()?
            .take(MAX_INDEX)
            .read_to_end(&mut bytes)
            .ok()?;
        Self::parse(&bytes)
    }

    /// Reads the bytes of an index. The length of object names is not written in it, but only the right
    /// one makes all of its lengths fit.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        HASHES.into_iter().find_map(|hash| parse(bytes, hash))
    }

    /// True where git tracks the path, written with `/` and relative to the work tree.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.paths
            .binary_search_by(|known| self.text(known).cmp(path.as_bytes()))
            .is_ok()
    }

    /// Every tracked path that is UTF-8, sorted.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let text = |path| std::str::from_utf8(self.text(path)).ok();
        self.paths.iter().filter_map(text)
    }

    fn text(&self, path: &Range<u32>) -> &[u8] {
        self.bytes
            .get(path.start as usize..path.end as usize)
            .unwrap_or_default()
    }

    fn push(&mut self, path: &[u8]) -> Option<()> {
        let start = self.bytes.len();
        let end = start + path.len();
        if path.is_empty() || path.len() > MAX_PATH || end > MAX_PATHS {
            return None;
        }
        self.bytes.extend_from_slice(path);
        self.paths
            .push(u32::try_from(start).ok()?..u32::try_from(end).ok()?);
        Some(())
    }

    /// Git writes the paths sorted; whoever else wrote the file may not have.
    fn sorted(mut self) -> Self {
        let mut paths = std::mem::take(&mut self.paths);
        if !paths.is_sorted_by(|a, b| self.text(a) <= self.text(b)) {
            paths.sort_by(|a, b| self.text(a).cmp(self.text(b)));
        }
        self.paths = paths;
        self
    }
}

fn parse(bytes: &[u8], hash: usize) -> Option<GitIndex> {
    let mut input = Input(bytes.get(..bytes.len().checked_sub(hash)?)?);
    if input.take(4)? != b"DIRC" {
        return None;
    }
    let version = input.number()?;
    let count = input.number()? as usize;
    if !(2..=4).contains(&version) || count > input.0.len() / (STAT + hash + 2) {
        return None;
    }
    let mut index = GitIndex::default();
    for _ in 0..count {
        entry(&mut input, &mut index, version, hash)?;
    }
    extensions(&mut input)?;
    Some(index.sorted())
}

/// One entry: what is known of the file, its flags, its path.
fn entry(input: &mut Input<'_>, index: &mut GitIndex, version: u32, hash: usize) -> Option<()> {
    const EXTENDED: u16 = 0x4000;
    const LENGTH: u16 = 0x0fff;
    let before = input.0.len();
    input.take(STAT + hash)?;
    let flags = input.short()?;
    if flags & EXTENDED != 0 {
        // Only version 3 on has further flags.
        (version > 2).then_some(())?;
        input.short()?;
    }
    if version == 4 {
        let keep = index.paths.last().cloned().unwrap_or_default();
        let kept = index.text(&keep).len().checked_sub(input.offset()?)?;
        let path = [index.text(&keep).get(..kept)?, input.until_nul()?].concat();
        return index.push(&path);
    }
    let path = input.until_nul()?;
    let length = usize::from(flags & LENGTH);
    (length == path.len() || (flags & LENGTH == LENGTH && path.len() > length)).then_some(())?;
    // NULs fill up to a multiple of eight; the one that ends the path is the first of them.
    let padding = (before - input.0.len()).next_multiple_of(8) - (before - input.0.len());
    input
        .take(padding)?
        .iter()
        .all(|&byte| byte == 0)
        .then_some(())?;
    index.push(path)
}

/// Skips the extensions. One that must be understood (a small letter first) ends the reading, as the
/// paths of a split index stand in another file; that of a sparse index only adds folders.
fn extensions(input: &mut Input<'_>) -> Option<()> {
    while !input.0.is_empty() {
        let name = input.take(4)?;
        let length = input.number()? as usize;
        input.take(length)?;
        (name.first()?.is_ascii_uppercase() || name == b"sdir").then_some(())?;
    }
    Some(())
}

/// What is left to read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// The bytes before the next NUL, which is eaten.
    fn until_nul(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(0, self.0.get(..self.0.len().min(MAX_PATH + 1))?)?;
        let path = self.take(end)?;
        self.take(1)?;
        Some(path)
    }

    /// Git's number of seven bits a byte, where each further byte adds one.
    fn offset(&mut self) -> Option<usize> {
        let mut byte = *self.take(1)?.first()?;
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = *self.take(1)?.first()?;
            value = value
                .checked_add(1)?
                .checked_mul(128)?
                .checked_add(usize::from(byte & 0x7f))?;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::repository::tests::{git, repository};
    use super::*;

    fn written_by_git(version: &str) -> Vec<u8> {
        let folder = repository(&[
            "a/b/one",
            "a/b/two",
            "a/c",
            "ä/z",
            &format!("long/{}", "x/".repeat(100) + "y"),
        ]);
        git(folder.path(), &["update-index", "--index-version", version]);
        std::fs::read(folder.path().join(".git/index")).expect("git wrote it")
    }

    #[test]
    fn what_git_writes_is_read() {
        for version in ["2", "4"] {
            let index = GitIndex::parse(&written_by_git(version)).expect("git wrote it");
            assert_eq!(index.paths.len(), 5);
            for path in ["a/b/one", "a/b/two", "a/c", "ä/z"] {
                assert!(index.contains(path), "{path} in version {version}");
            }
            for path in ["a/b", "a/b/", "a/b/three", "", "z"] {
                assert!(!index.contains(path), "{path} in version {version}");
            }
        }
    }

    #[test]
    fn an_entry_that_is_only_intended_makes_version_3() {
        let folder = repository(&["one"]);
        std::fs::write(folder.path().join("two"), "x").expect("it is ours");
        git(folder.path(), &["add", "--intent-to-add", "two"]);
        let bytes = std::fs::read(folder.path().join(".git/index")).expect("git wrote it");
        assert_eq!(bytes[7], 3);
        assert!(
            GitIndex::parse(&bytes)
                .expect("git wrote it")
                .contains("two")
        );
    }

    #[test]
    fn damage_is_refused_or_harmless() {
        for version in ["2", "4"] {
            let bytes = written_by_git(version);
            for end in 0..bytes.len() {
                assert!(GitIndex::parse(&bytes[..end]).is_none(), "cut at {end}");
            }
            for at in 0..bytes.len() {
                for flip in [0x01, 0x80, 0xff] {
                    let mut bytes = bytes.clone();
                    bytes[at] ^= flip;
                    let _ = GitIndex::parse(&bytes);
                }
            }
        }
    }

    #[test]
    fn a_great_count_takes_no_memory() {
        let mut bytes = b"DIRC\0\0\0\x02\xff\xff\xff\xff".to_vec();
        bytes.resize(200, 0);
        assert!(GitIndex::parse(&bytes).is_none());
    }

    #[test]
    fn a_split_index_is_not_guessed_at() {
        let folder = repository(&["one"]);
        git(folder.path(), &["update-index", "--split-index"]);
        assert!(GitIndex::read(&folder.path().join(".git/index")).is_none());
    }

    #[test]
    fn a_missing_index_is_empty() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(
            GitIndex::read(&folder.path().join("index"))
                .is_some_and(|index| index.paths.is_empty())
        );
        assert!(
            GitIndex::read(folder.path()).is_none(),
            "a folder is no index"
        );
    }
}
