//! A reader of DER, as far as private keys and certificates need it: one element after another.
//!
//! Source: ITU-T X.690. Status: known.

pub(super) const INTEGER: u8 = 0x02;
#[cfg(test)]
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What remains to be read.
#[derive(Clone, Copy)]
pub(super) struct Der<'d>(pub(super) &'d [u8]);

impl<'d> Der<'d> {
    /// Takes the next element, whatever it is: its tag and its content. None where it is cut off.
    pub(super) fn next(&mut self) -> Option<(u8, &'d [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (digits, rest) = rest
                .split_at_checked(usize::from(first & 0x7f))
                .filter(|(digits, _)| (1..=4).contains(&digits.len()))?;
            (
                digits
                    .iter()
                    .fold(0, |length, &digit| length << 8 | usize::from(digit)),
                rest,
            )
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// Takes the next element where it has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'d [u8]> {
        let before = *self;
        match self.next() {
            Some((found, content)) if found == tag => Some(content),
            _ => {
                *self = before;
                None
            }
        }
    }

    /// Takes the next element where it has this tag, to read within.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self)
    }
}

/// Writes an element, for tests.
#[cfg(test)]
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len())
        .expect("tests are small")
        .to_be_bytes();
    let mut out = vec![tag, 0x82, length[0], length[1]];
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_follow_each_other() {
        let bytes = element(
            SEQUENCE,
            &[element(INTEGER, &[1]), element(OCTETS, b"abc")].concat(),
        );
        let mut inner = Der(&bytes).enter(SEQUENCE).expect("it is a sequence");
        assert_eq!(
            inner.take(OCTETS),
            None,
            "and the reader stays where it was"
        );
        assert_eq!(inner.take(INTEGER), Some(&[1][..]));
        assert_eq!(inner.next(), Some((OCTETS, &b"abc"[..])));
        assert_eq!(inner.next(), None);
    }

    #[test]
    fn a_cut_or_absurd_length_ends_it() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x05abc",
            b"\x30\x80",
            b"\x30\x85\xff\xff\xff\xff\xff",
            b"\x30\x84\xff\xff\xff\xff",
        ] {
            assert_eq!(Der(bytes).next(), None);
        }
    }
}
