//! Globs over paths, in the dialect of `.gitignore`.
//!
//! They are compiled here because the walk leaves files out by them in all of its threads, and the
//! library that speaks git's dialect belongs to the walk.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs over paths that are relative to the root and written with `/`.
///
/// ```
/// use straykey::haystack::globs::Globs;
/// let globs = Globs::new(&["vendor/**", "*.min.js", "!keep.min.js"]).unwrap();
/// assert!(globs.matches("vendor/lib/a.c"));
/// assert!(globs.matches("web/app.min.js"));
/// assert!(!globs.matches("web/keep.min.js"));
/// ```
#[derive(Clone, Debug)]
pub struct Globs {
    patterns: Vec<String>,
    matcher: Gitignore,
}

/// A glob that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no glob: {reason}")]
pub struct GlobError {
    /// Which of the patterns, from 0.
    pub index: usize,
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Paths so unlike each other that only a glob for everything matches them all.
const UNLIKE: [&str; 3] = ["q", "0/1.2", ".7/_/8.z"];

impl Globs {
    /// Compiles patterns. As in a `.gitignore`, a later one overrules those before, and `!` takes a
    /// path back in.
    ///
    /// # Errors
    /// The first pattern that git would ignore in silence, or that is no glob.
    pub fn new<P: AsRef<str>>(patterns: &[P]) -> Result<Self, GlobError> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        let error = |index: usize, reason: String| GlobError {
            index,
            pattern: patterns
                .get(index)
                .map_or_else(String::new, |pattern| pattern.as_ref().to_owned()),
            reason,
        };
        for (index, pattern) in patterns.iter().enumerate() {
            add(&mut builder, pattern.as_ref()).map_err(|reason| error(index, reason))?;
        }
        let matcher = builder
            .build()
            .map_err(|failed| error(0, reason(&failed)))?;
        Ok(Self {
            patterns: patterns
                .iter()
                .map(|pattern| pattern.as_ref().to_owned())
                .collect(),
            matcher,
        })
    }

    /// The patterns as they were written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// True when there is no pattern, so that nothing matches.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// True when a pattern matches the file or one of the folders above it. Nothing outside the root
    /// matches: neither an absolute path nor one that begins with `../` or `~/`.
    pub fn matches(&self, path: &str) -> bool {
        self.covers(path, false)
    }

    /// True when a pattern matches the folder or one above it, and so every file in it.
    pub fn matches_folder(&self, path: &str) -> bool {
        self.covers(path, true)
    }

    /// True when there is no path that the patterns leave alone, as far as samples tell.
    pub fn matches_everything(&self) -> bool {
        UNLIKE.iter().all(|path| self.matches(path))
    }

    /// From the top down, because nothing takes back what lies in a folder that is matched. The
    /// library's own check goes upwards and would.
    fn covers(&self, path: &str, folder: bool) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        if self.is_empty() || path.is_empty() || is_outside(path) {
            return false;
        }
        let mut parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        parents.any(|parent| self.takes(parent, true)) || self.takes(path, folder)
    }

    fn takes(&self, path: &str, folder: bool) -> bool {
        self.matcher.matched(path, folder).is_ignore()
    }
}

impl Default for Globs {
    fn default() -> Self {
        Self {
            patterns: Vec::new(),
            matcher: Gitignore::empty(),
        }
    }
}

fn is_outside(path: &str) -> bool {
    path.starts_with('/')
        || path == ".."
        || path.starts_with("../")
        || path.starts_with("~/")
        || std::path::Path::new(path).is_absolute()
}

fn add(builder: &mut GitignoreBuilder, pattern: &str) -> Result<(), String> {
    if pattern.trim_matches(['!', '/', ' ', '\t']).is_empty() {
        return Err("it names nothing".to_owned());
    }
    if pattern.starts_with('#') {
        return Err("it is a comment; a name that begins with `#` is written `\\#`".to_owned());
    }
    let place = pattern.strip_prefix('!').unwrap_or(pattern);
    if place.starts_with("./") || place.starts_with("../") {
        return Err("paths begin at the root, without `./` or `../`".to_owned());
    }
    builder
        .add_line(None, pattern)
        .map(|_| ())
        .map_err(|error| reason(&error))
}

/// What is wrong, without the pattern, which the caller names.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(patterns: &[&str]) -> Globs {
        Globs::new(patterns).expect("the patterns are globs")
    }

    #[test]
    fn a_name_matches_at_any_depth_and_a_path_at_the_root_only() {
        let names = globs(&["*.min.js"]);
        assert!(names.matches("app.min.js") && names.matches("web/js/app.min.js"));
        assert!(!names.matches("app.js"));
        let paths = globs(&["docs/*.md"]);
        assert!(paths.matches("docs/a.md"));
        assert!(!paths.matches("docs/deep/a.md") && !paths.matches("old/docs/a.md"));
        assert!(globs(&["/top.txt"]).matches("top.txt"));
        assert!(!globs(&["/top.txt"]).matches("sub/top.txt"));
    }

    #[test]
    fn a_folder_takes_everything_in_it() {
        for pattern in ["vendor", "vendor/", "vendor/**", "/vendor"] {
            assert!(globs(&[pattern]).matches("vendor/a/b.c"), "{pattern}");
        }
        assert!(globs(&["vendor/"]).matches_folder("vendor"));
        assert!(globs(&["vendor/"]).matches_folder("vendor/a"));
        assert!(!globs(&["vendor/"]).matches("vendor"), "a file");
        assert!(!globs(&["vendor/**"]).matches("vendored.c"));
    }

    #[test]
    fn a_later_pattern_overrules_but_not_inside_a_folder_that_is_out() {
        let names = globs(&["*.env", "!sample.env"]);
        assert!(names.matches("a.env") && !names.matches("b/sample.env"));
        assert!(globs(&["vendor/", "!vendor/keep.c"]).matches("vendor/keep.c"));
    }

    #[test]
    fn nothing_outside_the_root_matches() {
        let all = globs(&["**"]);
        for path in ["/etc/passwd", "../other/.env", "~/.netrc", ""] {
            assert!(!all.matches(path), "{path}");
        }
        assert!(all.matches("./a"));
    }

    #[test]
    fn without_patterns_nothing_matches() {
        assert!(!Globs::default().matches("a"));
        assert!(!globs(&[]).matches_everything());
    }

    #[test]
    fn everything_is_recognised() {
        for pattern in ["*", "**", "**/*", "/**"] {
            assert!(globs(&[pattern]).matches_everything(), "{pattern}");
        }
        for pattern in ["*.*", "docs/**", "[a-z]*", "!*"] {
            assert!(!globs(&[pattern]).matches_everything(), "{pattern}");
        }
    }

    #[test]
    fn what_git_would_pass_over_in_silence_is_an_error() {
        for (pattern, reason) in [
            ("", "it names nothing"),
            (" ", "it names nothing"),
            ("!", "it names nothing"),
            ("/", "it names nothing"),
            ("./a", "paths begin at the root, without `./` or `../`"),
            ("../a", "paths begin at the root, without `./` or `../`"),
        ] {
            let error = Globs::new(&["fine", pattern]).expect_err("is no glob");
            assert_eq!((error.index, &*error.reason), (1, reason), "{pattern}");
        }
        for pattern in ["#a", "a[", "a{b", "[z-a]"] {
            assert!(Globs::new(&[pattern]).is_err(), "{pattern}");
        }
    }

    #[test]
    fn threads_may_share_them() {
        fn shared<T: Send + Sync>() {}
        shared::<Globs>();
    }
}
