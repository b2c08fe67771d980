//! The head of a commit: who wrote it, and when.

/// What a commit says of itself (git-commit-tree(1), "COMMIT INFORMATION").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// `Name <mail>`, as it stands there.
    pub author: String,
    /// When it was written, in seconds since 1970; 0 where the number is not one.
    pub time: i64,
}

impl Header {
    /// Reads the bytes of a commit object; None where they are none.
    pub fn parse(object: &[u8]) -> Option<Self> {
        let head = object.split(|&byte| byte == b'\n');
        let author = head
            .take_while(|line| !line.is_empty())
            .find_map(|line| line.strip_prefix(b"author "))?;
        let text = String::from_utf8_lossy(author);
        let (name, rest) = text.rsplit_once("> ")?;
        let time = rest.split(' ').next()?.parse().unwrap_or(0);
        Some(Self {
            author: format!("{name}>"),
            time,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_stands_before_the_first_empty_line() {
        let object = b"tree 1\nauthor A. > B <a@example.com> 1700000000 +0100\ncommitter C <c@example.com> 1 +0000\n\nauthor X <x@example.com> 5 +0000";
        let header = Header::parse(object).expect("it is a commit");
        assert_eq!(header.author, "A. > B <a@example.com>");
        assert_eq!(header.time, 1_700_000_000);
    }

    #[test]
    fn what_is_no_commit_has_no_author() {
        assert_eq!(Header::parse(b""), None);
        assert_eq!(Header::parse(b"tree 1\n\nauthor A <a> 1 +0"), None);
    }
}
