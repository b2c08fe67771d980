//! Haystacks: bytes to search, with where they came from.
//!
//! [`walk`] finds files, [`read`] turns one into parts of bounded size, [`encoding`] turns those into
//! text. Whatever cannot be read is reported as a [`crate::coverage::Skip`], never dropped.

pub mod encoding;
pub mod git;
pub mod globs;
pub mod read;
pub mod walk;

#[cfg(feature = "mmap")]
pub mod mmap;
