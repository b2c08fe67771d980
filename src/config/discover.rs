//! Where a configuration is looked for. The files are the caller's to read: in the tree, in a commit,
//! or in the index.

/// The names a configuration may have, relative to the root of the repository, or of the scanned
/// folder where there is no repository.
pub const NAMES: [&str; 2] = [".straykey.toml", ".config/straykey.toml"];

/// Two configurations, of which neither may win in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is both a `{}` and a `{}`", NAMES[0], NAMES[1])]
pub struct Ambiguous;

impl Ambiguous {
    /// What to do.
    pub const HINT: &'static str = "keep one of them, or name one with --config";
}

/// The name of the configuration among those that exist; None without one.
///
/// ```
/// use straykey::config::discover;
/// assert_eq!(discover(|name| name == ".straykey.toml"), Ok(Some(".straykey.toml")));
/// assert_eq!(discover(|_| false), Ok(None));
/// assert!(discover(|_| true).is_err());
/// ```
///
/// # Errors
/// When several exist.
pub fn discover(exists: impl Fn(&str) -> bool) -> Result<Option<&'static str>, Ambiguous> {
    let mut found = NAMES.into_iter().filter(|name| exists(name));
    let first = found.next();
    match found.next() {
        Some(_) => Err(Ambiguous),
        None => Ok(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_enough_and_two_are_too_many() {
        let among = |there: &[&str]| discover(|name| there.contains(&name));
        assert_eq!(among(&[]), Ok(None));
        assert_eq!(among(&NAMES[..1]), Ok(Some(NAMES[0])));
        assert_eq!(among(&NAMES[1..]), Ok(Some(NAMES[1])));
        assert_eq!(among(&["straykey.toml"]), Ok(None));
        assert_eq!(among(&NAMES), Err(Ambiguous));
        assert_eq!(
            Ambiguous.to_string(),
            "there is both a `.straykey.toml` and a `.config/straykey.toml`"
        );
    }
}
