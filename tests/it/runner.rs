//! Every file of tests is part of the one binary: a forgotten one would pass by never running.

use std::fs;
use std::path::Path;

#[test]
fn no_file_of_tests_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = fs::read_to_string(folder.join("main.rs")).expect("the binary has a main file");
    let named: Vec<&str> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let mut forgotten = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let is_rust = path.extension().is_some_and(|ending| ending == "rs");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if is_rust && name != "main" && !named.contains(&&*name) {
            forgotten.push(format!("mod {name};"));
        }
    }
    assert!(
        forgotten.is_empty(),
        "tests/it/main.rs lacks {}",
        forgotten.join(" ")
    );
}
