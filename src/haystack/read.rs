//! Reads a file as a sequence of parts, so that memory does not grow with the file.
//!
//! Files are read, not mapped: reading costs 7 microseconds and 0.1 nanoseconds a byte (measured),
//! mapping costs more on many small files, and a mapped file that shrinks kills the process. A file
//! that fits into one part is read into a buffer the thread keeps; a larger one is cut into parts
//! that overlap, so that a credential on a cut is whole in one of them. Holes of sparse files are
//! skipped.

use crate::rule::pattern::MAX_MATCH;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// A part of a file that is read at once, in bytes.
pub const PART: usize = 2 << 20;
/// Where a match may start in a part without belonging to its neighbour: not in this many bytes at
/// a cut. Neighbours overlap by twice as much.
pub const MARGIN: usize = MAX_MATCH;
/// What a thread's buffer starts with, in bytes.
const FIRST_BUFFER: usize = 128 << 10;

/// What reading the beginning of a file gave.
#[derive(Debug)]
pub enum Beginning {
    /// The whole file is in this many bytes of the buffer.
    Whole(usize),
    /// The file goes on beyond one part.
    Large(File),
}

/// Opens a file found in a tree. It does not wait for a pipe and does not follow a link that took
/// the file's place.
///
/// # Errors
/// As the operating system reports.
pub fn open(path: &Path, follow: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let nofollow = if follow {
            OFlags::empty()
        } else {
            OFlags::NOFOLLOW
        };
        options.custom_flags((OFlags::NONBLOCK | nofollow).bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = follow;
    options.open(path)
}

/// Reads the file into the buffer, up to one part. The buffer only grows: cutting and filling it for
/// every file costs seven per cent of a scan (measured).
///
/// # Errors
/// As the operating system reports.
pub fn beginning(mut file: File, buffer: &mut Vec<u8>) -> io::Result<Beginning> {
    if buffer.is_empty() {
        buffer.resize(FIRST_BUFFER, 0);
    }
    let mut len = 0;
    loop {
        if len == buffer.len() {
            if len >= PART {
                return Ok(Beginning::Large(file));
            }
            buffer.resize((len * 2).min(PART), 0);
        }
        match file.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Beginning::Whole(len))
}

/// A part of a large file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Offset of its first byte.
    pub start: u64,
    /// Its length.
    pub len: usize,
    /// Matches that start before this offset of the part belong to its left neighbour.
    pub own_from: usize,
    /// Matches that start here or later belong to its right neighbour.
    pub own_to: usize,
}

/// The parts of a large file as it is now; what is appended later is not read. Holes are left out.
///
/// # Errors
/// When the size cannot be told.
pub fn parts(file: &File) -> io::Result<Vec<Part>> {
    let size = file.metadata()?.len();
    Ok(data(file, size)
        .into_iter()
        .flat_map(|(start, end)| cut(start, end))
        .collect())
}

/// Cuts a stretch of data into parts that overlap.
pub fn cut(start: u64, end: u64) -> Vec<Part> {
    let step = (PART - 2 * MARGIN) as u64;
    let mut parts = Vec::new();
    let mut at = start;
    loop {
        let len = usize::try_from(end - at).unwrap_or(usize::MAX).min(PART);
        let last = at + len as u64 == end;
        parts.push(Part {
            start: at,
            len,
            own_from: if at == start { 0 } else { MARGIN },
            own_to: if last { len } else { len - MARGIN },
        });
        if last {
            return parts;
        }
        at += step;
    }
}

/// The stretches of a file that hold data, each aligned to where it may begin in the middle of text.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn data(file: &File, size: u64) -> Vec<(u64, u64)> {
    use rustix::fs::{SeekFrom, seek};
    let mut stretches = Vec::new();
    let mut at = 0;
    while at < size {
        let Ok(start) = seek(file, SeekFrom::Data(at)) else {
            break;
        };
        let end = seek(file, SeekFrom::Hole(start)).unwrap_or(size).min(size);
        if end <= start {
            break;
        }
        stretches.push((start, end));
        at = end;
    }
    // A file system that knows no holes answers with an error at once.
    if stretches.is_empty() && seek(file, SeekFrom::Hole(0)).is_err() {
        vec![(0, size)]
    } else {
        stretches
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn data(_: &File, size: u64) -> Vec<(u64, u64)> {
    vec![(0, size)]
}

/// Reads one part; fewer bytes where the file has shrunk.
///
/// # Errors
/// As the operating system reports.
pub fn part(file: &File, part: Part, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.resize(part.len, 0);
    let mut len = 0;
    while len < part.len {
        match read_at(file, &mut buffer[len..], part.start + len as u64) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(len);
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_belongs_to_one_part() {
        for size in [PART as u64 + 1, PART as u64 * 2, PART as u64 * 5 + 12345] {
            let parts = cut(0, size);
            let mut next = 0;
            for part in &parts {
                assert_eq!(part.start + part.own_from as u64, next, "size {size}");
                next = part.start + part.own_to as u64;
                assert!(part.own_to == part.len || part.len - part.own_to >= MARGIN);
            }
            assert_eq!(next, size);
        }
    }
}
