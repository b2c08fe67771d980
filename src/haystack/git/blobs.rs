//! Contents out of the object store: one `git cat-file --batch` for many.
//!
//! The process waits between questions, so starting it costs once; asking for several at a time
//! spares a switch of processes for each.

use super::{Git, GitError, Stored, finish};
use std::io::{self, BufReader, Read, Write};
use std::process::{Child, ChildStdout};

const ARGUMENTS: &[&str] = &["cat-file", "--batch"];

/// A way to ask for contents.
#[derive(Debug)]
pub struct Blobs {
    child: Child,
    answers: BufReader<ChildStdout>,
}

/// The head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blob {
    /// So many bytes follow, to be read with [`Blobs::read`].
    Present(u64),
    /// The repository does not have it.
    Missing,
}

impl Blobs {
    /// Starts the process.
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn open(git: &Git) -> Result<Self, GitError> {
        let mut child = git.spawn(ARGUMENTS)?;
        let answers = child
            .stdout
            .take()
            .ok_or(GitError::Unexpected("cat-file"))?;
        Ok(Self {
            child,
            answers: BufReader::with_capacity(64 * 1024, answers),
        })
    }

    /// Asks for some contents; each must then be taken with [`Blobs::head`]. A thousand or fewer, so
    /// that the questions fit the pipe while git waits for us to read.
    ///
    /// # Errors
    /// When git is gone.
    pub fn ask(&mut self, stored: &[Stored]) -> Result<(), GitError> {
        let mut lines = String::with_capacity(stored.len() * 65);
        for one in stored {
            one.write_to(&mut lines);
            lines.push('\n');
        }
        let questions = self.child.stdin.as_mut();
        questions
            .ok_or(GitError::Unexpected("cat-file"))?
            .write_all(lines.as_bytes())
            .map_err(GitError::Start)
    }

    /// The head of the next answer.
    ///
    /// # Errors
    /// When git ends early, or answers otherwise than documented in git-cat-file(1).
    pub fn head(&mut self) -> Result<Blob, GitError> {
        let mut line = Vec::with_capacity(80);
        self.line(&mut line)?;
        let text = String::from_utf8_lossy(&line);
        let words: Vec<&str> = text.split(' ').collect();
        match words.as_slice() {
            [_, "missing"] => Ok(Blob::Missing),
            [_, _, size] => size
                .parse()
                .map(Blob::Present)
                .map_err(|_| GitError::Unexpected("cat-file")),
            _ => Err(GitError::Unexpected("cat-file")),
        }
    }

    /// Reads exactly so many bytes of the present answer.
    ///
    /// # Errors
    /// When git ends early.
    pub fn read(&mut self, into: &mut [u8]) -> Result<(), GitError> {
        self.answers.read_exact(into).map_err(GitError::Start)
    }

    /// Reads the line feed that ends a present answer.
    ///
    /// # Errors
    /// When git ends early.
    pub fn end(&mut self) -> Result<(), GitError> {
        self.read(&mut [0])
    }

    /// A whole content at once; None where it is missing.
    ///
    /// # Errors
    /// As the other methods.
    pub fn fetch(&mut self, stored: Stored) -> Result<Option<Vec<u8>>, GitError> {
        self.ask(&[stored])?;
        let Blob::Present(size) = self.head()? else {
            return Ok(None);
        };
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(usize::MAX)];
        self.read(&mut bytes)?;
        self.end()?;
        Ok(Some(bytes))
    }

    /// Ends the process.
    ///
    /// # Errors
    /// When git did not end well: then what it said before may be wrong, too.
    pub fn close(self) -> Result<(), GitError> {
        let Self { child, answers, .. } = self;
        drop(answers);
        finish(ARGUMENTS, child)
    }

    fn line(&mut self, line: &mut Vec<u8>) -> Result<(), GitError> {
        use io::BufRead;
        self.answers
            .read_until(b'\n', line)
            .map_err(GitError::Start)?;
        if line.pop() != Some(b'\n') {
            return Err(self.ended());
        }
        Ok(())
    }

    /// Why the answers have ended before their time.
    fn ended(&mut self) -> GitError {
        let mut complaint = Vec::new();
        if let Some(stderr) = self.child.stderr.as_mut() {
            // What cannot be read is no better than silence.
            let _ = stderr.read_to_end(&mut complaint);
        }
        GitError::of(ARGUMENTS, &complaint)
    }
}
