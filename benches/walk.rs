//! A tree of small files, where opening them costs more than searching them.

use crate::inputs::{MOMENT, ORDINARY, TOKEN, render};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use straykey::environment::Environment;
use straykey::haystack::walk::{Visit, Walk};
use straykey::rule::builtin;
use straykey::scan::{Excluded, Options, Progress, Scanner};
use straykey::severity::Confidence;
use tempfile::TempDir;

const FOLDERS: usize = 50;
const FILES: usize = 20;
/// Bytes of a file.
const SIZE: usize = 2_000;

/// Finding the files, and looking into none.
#[divan::bench(args = [1, 2], sample_count = 20)]
fn names(bencher: Bencher, threads: usize) {
    let tree = tree();
    let walk = Walk {
        roots: vec![tree.path().to_owned()],
        respect_ignores: true,
        threads,
    };
    bencher
        .counter(ItemsCount::new(FOLDERS * FILES))
        .bench_local(|| count(&walk));
}

/// The whole scan: walk, read, search, assess.
#[divan::bench(args = [1, 2], sample_count = 20)]
fn scan(bencher: Bencher, threads: usize) {
    let tree = tree();
    let scanner = Scanner::new(Arc::new(builtin()));
    let options = options(tree.path(), threads);
    bencher
        .counter(ItemsCount::new(FOLDERS * FILES))
        .bench_local(|| scanner.scan(&options, &Progress::default()));
}

fn count(walk: &Walk) -> usize {
    let count = AtomicUsize::new(0);
    let files = &count;
    walk.run(&AtomicBool::new(false), || {
        Box::new(move |visit| {
            if matches!(visit, Visit::File { .. }) {
                files.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    count.into_inner()
}

/// A tree that goes away at the end. Every hundredth file holds a credential.
fn tree() -> TempDir {
    let tree = TempDir::new().expect("there is a folder for temporary files");
    let code = ORDINARY[0].text(SIZE);
    for number in 0..FOLDERS * FILES {
        let folder = tree.path().join(format!("service{}", number % FOLDERS));
        fs::create_dir_all(&folder).expect("the folder is ours");
        let mut text = code.clone();
        if number % 100 == 0 {
            text += &render(&number.to_string(), TOKEN);
        }
        fs::write(folder.join(format!("file{number}.ts")), text).expect("the folder is ours");
    }
    tree
}

fn options(root: &Path, threads: usize) -> Options {
    Options {
        roots: vec![root.to_owned()],
        base: root.to_owned(),
        mode: "scan",
        respect_ignores: true,
        exclude: Arc::new(Excluded::default()),
        hide_authors: false,
        threads,
        min_confidence: Confidence::Medium,
        honour_marks: true,
        task_environment: Environment::Unknown,
        now: MOMENT,
        map: false,
    }
}
