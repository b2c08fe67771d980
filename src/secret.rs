//! Bytes that may be a credential, in a type that cannot print them.
//!
//! Everything that was matched lives in [`Secret`] from the moment it is copied out of a file.
//! `Debug` is redacted, there is no `Display` and no `Serialize`, and the memory is wiped on drop,
//! so a careless `{:?}` or a derived report cannot leak it.

use zeroize::Zeroize;

/// Bytes that may be a credential.
///
/// ```
/// use straykey::secret::Secret;
/// let secret = Secret::new(b"correct horse battery staple".to_vec());
/// assert_eq!(format!("{secret:?}"), "Secret(28 bytes)");
/// assert_eq!(secret.preview(0), "***aple");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// What stands for bytes of which nothing may be shown.
    pub const HIDDEN: &'static str = "***";

    /// Takes ownership of the bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes themselves. Call it only to examine them, never to show them; the callers are few
    /// and a reviewer greps for this name.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What may be shown: the first `public` bytes (a prefix that the provider gives to everyone,
    /// such as `ghp_`), stars, and the last four bytes where at least `LONG` bytes stay hidden
    /// enough. Never a percentage of the value: that reveals more of a longer one.
    pub fn preview(&self, public: usize) -> String {
        let printable = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_graphic);
        let head = self
            .0
            .get(..public.min(MAX_PUBLIC))
            .filter(|head| printable(head))
            .unwrap_or_default();
        let tail = self
            .0
            .len()
            .checked_sub(SHOWN_TAIL)
            .filter(|_| self.0.len() >= LONG.max(head.len() + LONG / 2));
        let tail = tail
            .map(|at| &self.0[at..])
            .filter(|tail| printable(tail))
            .unwrap_or_default();
        format!(
            "{}{}{}",
            String::from_utf8_lossy(head),
            Self::HIDDEN,
            String::from_utf8_lossy(tail)
        )
    }
}

/// From this length on the last four bytes may be shown (issue convention: at least 24).
const LONG: usize = 24;
/// How many trailing bytes a long value shows.
const SHOWN_TAIL: usize = 4;
/// The longest public prefix ever shown.
const MAX_PUBLIC: usize = 16;

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_value_shows_nothing() {
        assert_eq!(Secret::new(b"hunter2".to_vec()).preview(0), "***");
        assert_eq!(
            Secret::new(b"pre_0123456789".to_vec()).preview(4),
            "pre_***"
        );
    }

    #[test]
    fn a_long_value_shows_its_public_prefix_and_four_bytes() {
        assert_eq!(
            Secret::new(b"pre_0123456789012345678901wxyz".to_vec()).preview(4),
            "pre_***wxyz"
        );
    }

    #[test]
    fn bytes_that_do_not_print_are_not_shown() {
        assert_eq!(Secret::new(vec![0x1b; 40]).preview(4), "***");
    }
}
