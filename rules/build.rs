//! Compiles the rule files at build time.
//!
//! The very modules that load a user's rules at run time are compiled in here, so a rule that
//! builds is a rule that loads, and every lint of theirs fails the build.

#![expect(
    dead_code,
    unreachable_pub,
    reason = "the modules are the library's; the build needs a part of each"
)]

#[path = "../src/environment.rs"]
mod environment;
#[path = "../src/evidence.rs"]
mod evidence;
#[path = "../src/lifetime.rs"]
mod lifetime;
#[path = "../src/privilege.rs"]
mod privilege;
#[path = "../src/severity.rs"]
mod severity;

#[path = "../src/rule"]
mod rule {
    pub mod compile;
    pub mod key;
    pub mod load;
    pub mod model;
    pub mod pattern;
    pub mod record;
    pub mod shape;
    pub mod source;

    pub use model::{Contextual, Detection, Distinctive, Rule};
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=rules");
    let files = rule_files(&root.join("rules"))?;
    let mut rules = BTreeMap::new();
    let mut errors = String::new();
    for path in &files {
        let name = file_name(path);
        match rule::load::parse(&format!("rules/{name}"), &fs::read_to_string(path)?) {
            Ok((_, compiled)) => {
                for rule in compiled {
                    if let Some(other) = rules.insert(rule.id.to_string(), rule) {
                        writeln!(errors, "rules/{name}: rule id `{}` is used twice", other.id)?;
                    }
                }
            }
            Err(error) => writeln!(errors, "{error}\nhint: {}", error.hint)?,
        }
    }
    if !errors.is_empty() {
        return Err(RuleErrors(errors).into());
    }
    let rules: Vec<_> = rules.into_values().collect();
    fs::write(out.join("rules.bin"), postcard::to_stdvec(&rules)?)?;
    fs::write(out.join("sources.rs"), sources(&files)? + &records(&rules)?)?;
    Ok(())
}

fn rule_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    Ok(files)
}

/// A table of the files as written, for the examples and for `rules check`.
fn sources(files: &[PathBuf]) -> Result<String, std::fmt::Error> {
    let mut code = String::from("const SOURCES: &[(&str, &str)] = &[\n");
    for path in files {
        let name = file_name(path);
        writeln!(
            code,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{name}\"))),"
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// A table of the records, in the order of the rules.
fn records(rules: &[rule::Rule]) -> Result<String, Box<dyn Error>> {
    let mut code = String::from("const RECORDS: &[&str] = &[\n");
    for rule in rules {
        writeln!(code, "    {:?},", serde_json::to_string(&*rule.record)?)?;
    }
    code.push_str("];\n");
    Ok(code)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Everything that is wrong with the rules, printed as it is: `main` shows errors by `Debug`.
struct RuleErrors(String);

impl std::fmt::Debug for RuleErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for RuleErrors {}
