//! Large texts, searched in parts that overlap.

use super::Progress;
use crate::assess::specimen::{self, Specimen};
use crate::detect::{Detector, Match, Scratch, Text};
use crate::haystack::encoding::Encoding;
use crate::haystack::read;
use crate::location::{Position, PositionCursor};
use std::fs::File;
use std::io;
use std::sync::atomic::Ordering;

/// Threads for the parts of large files, started when the first one turns up.
pub(super) struct LazyPool {
    threads: usize,
    pool: std::sync::OnceLock<Option<rayon::ThreadPool>>,
}

impl LazyPool {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            threads,
            pool: std::sync::OnceLock::new(),
        }
    }

    /// Runs in the pool, or right here where no thread can be started.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let pool = self.pool.get_or_init(|| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(self.threads)
                .build()
                .ok()
        });
        match pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// A large file while it is searched.
pub(super) struct Large<'a> {
    pub(super) detector: &'a Detector,
    pub(super) file: &'a File,
    /// The whole file, where it is mapped.
    pub(super) mapped: Option<Mapped>,
    pub(super) encoding: Encoding,
    pub(super) name: &'a str,
    pub(super) progress: &'a Progress,
}

/// What one part gave, with positions as if the part began the file.
#[derive(Default)]
pub(super) struct Searched {
    pub(super) specimens: Vec<Specimen>,
    /// Where the next part begins.
    pub(super) advance: Option<Position>,
    pub(super) bytes: u64,
    pub(super) exhausted: bool,
}

/// The bytes of a mapped file.
pub(super) type Mapped = Box<dyn AsRef<[u8]> + Sync>;

#[cfg(feature = "mmap")]
pub(super) fn mapped(file: &File) -> io::Result<Mapped> {
    Ok(Box::new(crate::haystack::mmap::map(file)?))
}

#[cfg(not(feature = "mmap"))]
pub(super) fn mapped(_: &File) -> io::Result<Mapped> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Large<'_> {
    /// The bytes of a part, read into the buffer or where they are mapped.
    fn bytes<'b>(&'b self, part: read::Part, buffer: &'b mut Vec<u8>) -> io::Result<&'b [u8]> {
        let Some(mapped) = &self.mapped else {
            read::part(self.file, part, buffer)?;
            return Ok(buffer);
        };
        let whole = (**mapped).as_ref();
        let start = usize::try_from(part.start)
            .unwrap_or(usize::MAX)
            .min(whole.len());
        Ok(&whole[start..whole.len().min(start + part.len)])
    }

    pub(super) fn part(
        &self,
        part: read::Part,
        buffer: &mut Vec<u8>,
        scratch: &mut Scratch,
    ) -> io::Result<Searched> {
        if self.progress.stop.load(Ordering::Relaxed) {
            return Ok(Searched::default());
        }
        let bytes = self.bytes(part, buffer)?;
        let count = (part.own_to.min(bytes.len()).saturating_sub(part.own_from)) as u64;
        self.progress.bytes.fetch_add(count, Ordering::Relaxed);
        let seen = Seen {
            detector: self.detector,
            encoding: self.encoding,
            name: self.name,
        };
        Ok(Searched {
            bytes: count,
            ..seen.part(part, bytes, scratch)
        })
    }
}

/// What all parts of a large text share.
pub(super) struct Seen<'a> {
    pub(super) detector: &'a Detector,
    pub(super) encoding: Encoding,
    pub(super) name: &'a str,
}

impl Seen<'_> {
    /// Searches one part, and keeps what belongs to it rather than to a neighbour.
    pub(super) fn part(&self, part: read::Part, bytes: &[u8], scratch: &mut Scratch) -> Searched {
        let decoded = self.encoding.decode(bytes, part.start == 0);
        // In UTF-16 the offsets of the text are not those of the file.
        let offset = |at: usize| {
            if decoded.len() == bytes.len() {
                at
            } else {
                self.encoding
                    .decode(&bytes[..at.min(bytes.len())], part.start == 0)
                    .len()
            }
        };
        let (own_from, own_to) = (offset(part.own_from), offset(part.own_to));
        let text = Text {
            bytes: &decoded,
            path: self.name,
            binary: self.encoding.is_binary(),
        };
        let matches = self.detector.search(&text, scratch);
        let last = part.own_to == part.len;
        let own: Vec<Match> = matches
            .found
            .into_iter()
            .filter(|found| found.whole.start >= own_from && (last || found.whole.start < own_to))
            .collect();
        let next = if last {
            decoded.len()
        } else {
            offset(part.len - 2 * read::MARGIN)
        };
        let advance = PositionCursor::new(&decoded, Position::START).advance(next);
        Searched {
            specimens: specimen::take(&text, self.detector.rules(), &own, Position::START),
            advance: Some(advance),
            bytes: 0,
            exhausted: matches.exhausted,
        }
    }
}

/// The position that is `step` further, where `step` counts from the start of a text.
pub(super) fn after(position: Position, step: Option<Position>) -> Position {
    match step {
        None => position,
        Some(step) if step.line > 1 => Position {
            line: position.line + step.line - 1,
            column: step.column,
        },
        Some(step) => Position {
            line: position.line,
            column: position.column + step.column - 1,
        },
    }
}

pub(super) fn moved(mut specimen: Specimen, position: Position) -> Specimen {
    let shift = |step: Position| after(position, Some(step));
    specimen.position = (shift(specimen.position.0), shift(specimen.position.1));
    specimen.companion = specimen
        .companion
        .map(|(rule, start, secret)| (rule, shift(start), secret));
    specimen
}
