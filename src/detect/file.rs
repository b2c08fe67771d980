//! What kind of file a path names, as far as it matters for guessing.
//!
//! Only the generic tier asks: a bare word after `=` is a value in a configuration file and a
//! variable in a program.

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Settings: values need no quotes.
    Config,
    /// A program: a value without quotes is a name.
    Source,
    /// Text for people.
    Prose,
    /// Written by a tool, full of hashes: lock files, source maps, minified bundles.
    Generated,
}

/// Names of files that tools write.
const GENERATED_NAMES: &[&str] = &[
    "cargo.lock",
    "composer.lock",
    "flake.lock",
    "gemfile.lock",
    "go.sum",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pdm.lock",
    "pipfile.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pubspec.lock",
    "uv.lock",
    "yarn.lock",
    "bun.lock",
    "deno.lock",
    "mix.lock",
    "podfile.lock",
    "paket.lock",
    "packages.lock.json",
    ".cargo-checksum.json",
    "checksums.txt",
    "sha256sums",
    "sha512sums",
    "record",
];
const GENERATED_ENDS: &[&str] = &[
    ".min.js",
    ".min.css",
    ".map",
    ".sum",
    ".svg",
    ".lock",
    ".po",
    ".pot",
    ".css",
    ".woff",
    ".snap",
    ".tsbuildinfo",
    ".ipynb_checkpoints",
];

/// Extensions of programs.
const SOURCE: &[&str] = &[
    "c", "cc", "cpp", "cs", "cts", "cxx", "dart", "erl", "ex", "exs", "fs", "go", "groovy", "h",
    "hh", "hpp", "hs", "java", "jl", "js", "jsx", "kt", "kts", "lua", "m", "ml", "mjs", "cjs",
    "mm", "mts", "nim", "php", "pl", "pm", "py", "pyi", "r", "rb", "rs", "sc", "scala", "sol",
    "sql", "svelte", "swift", "ts", "tsx", "v", "vb", "vue", "zig", "s", "asm", "html", "htm",
];
/// Extensions of text for people.
const PROSE: &[&str] = &["adoc", "markdown", "md", "mdx", "rst", "tex"];

/// Folders and name parts of examples and tests.
const REHEARSAL: &[&str] = &[
    "test",
    "tests",
    "testing",
    "testdata",
    "test-data",
    "test_data",
    "__tests__",
    "__mocks__",
    "mock",
    "mocks",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "docs",
    "doc",
    "e2e",
    "benches",
    "bench",
];

impl FileKind {
    /// Classifies a path by its last part.
    pub fn of(path: &str) -> Self {
        let name = path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(path)
            .to_ascii_lowercase();
        if GENERATED_NAMES.contains(&name.as_str())
            || GENERATED_ENDS.iter().any(|end| name.ends_with(end))
        {
            return Self::Generated;
        }
        match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some(extension) if SOURCE.contains(&extension) => Self::Source,
            Some(extension) if PROSE.contains(&extension) => Self::Prose,
            _ => Self::Config,
        }
    }
}

/// True when the path is of a test, a fixture, an example or documentation.
pub fn is_rehearsal(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once(['/', '\\']).unwrap_or(("", &lower));
    let in_folder = folders
        .split(['/', '\\'])
        .any(|folder| REHEARSAL.contains(&folder));
    let stem_parts = || {
        name.split(['.', '_', '-']).any(|part| {
            matches!(
                part,
                "test"
                    | "tests"
                    | "spec"
                    | "mock"
                    | "mocks"
                    | "fixture"
                    | "example"
                    | "examples"
                    | "sample"
                    | "samples"
                    | "fixtures"
                    | "readme"
                    | "changelog"
                    | "history"
            )
        })
    };
    in_folder || stem_parts()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        for (path, kind) in [
            (".env", FileKind::Config),
            ("a/b.yaml", FileKind::Config),
            ("src/main.rs", FileKind::Source),
            ("README.md", FileKind::Prose),
            ("x/yarn.lock", FileKind::Generated),
            ("dist/app.min.js", FileKind::Generated),
            ("Dockerfile", FileKind::Config),
        ] {
            assert_eq!(FileKind::of(path), kind, "{path}");
        }
    }

    #[test]
    fn tests_and_examples_are_rehearsals() {
        assert!(
            is_rehearsal("tests/a.py")
                && is_rehearsal("src/login.test.ts")
                && is_rehearsal("docs/x.md")
        );
        assert!(!is_rehearsal("src/latest.py") && !is_rehearsal("attestation/x.go"));
    }
}
