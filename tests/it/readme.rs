//! What the README shows is what happens: its commands are run, and print what stands there.

use crate::common::Workspace;

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_tells_the_truth() {
    let workspace = Workspace::new();
    let rules = blocks("toml");
    assert_eq!(rules.len(), 1, "the README has one file of rules");
    workspace.write("acme.toml", &rules[0]);
    let mut ran = 0;
    for block in blocks("console") {
        for shown in block.split("$ straykey ").skip(1) {
            let (command, output) = shown.split_once('\n').unwrap_or((shown, ""));
            let arguments: Vec<String> = command.split_whitespace().map(here).collect();
            let outcome = workspace.run(&arguments);
            assert_eq!(outcome.stderr, "", "of `straykey {command}`");
            let printed = comparable(&outcome.stdout);
            assert_eq!(printed, comparable(output), "of `straykey {command}`");
            ran += 1;
        }
    }
    assert!(ran > 0, "the README shows no command");
}

/// An argument, as seen from the workspace: the fixtures are ours.
fn here(argument: &str) -> String {
    argument.replace(
        "fixtures/",
        concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/"),
    )
}

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        if line.strip_prefix("```") == Some(language) {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// Output without what differs from run to run: the time, and how many rules there are today.
fn comparable(output: &str) -> String {
    let lines = output.trim_end().lines().map(|line| {
        if line.starts_with("scanned ") {
            "scanned"
        } else {
            line.trim_end()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
