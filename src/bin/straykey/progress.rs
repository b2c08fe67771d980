//! A line on the terminal while a scan takes longer than a moment.

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use straykey::scan::Progress;

/// Shorter scans show nothing: a line that flashes by only disturbs.
const PATIENCE: Duration = Duration::from_millis(400);
const STEP: Duration = Duration::from_millis(80);

/// Shows what a scan has done, until it is dropped.
pub(crate) struct Line {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Starts to watch; shows nothing where standard error is no terminal.
    pub(crate) fn watch(progress: &Arc<Progress>, wanted: bool) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let thread = (wanted && std::io::stderr().is_terminal()).then(|| {
            let (progress, done) = (Arc::clone(progress), Arc::clone(&done));
            thread::spawn(move || show(&progress, &done))
        });
        Self { done, thread }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic there has nothing to do with the scan.
            let _ = thread.join();
        }
    }
}

fn show(progress: &Progress, done: &AtomicBool) {
    thread::park_timeout(PATIENCE);
    if done.load(Ordering::Relaxed) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(
        ProgressStyle::with_template("{spinner} searched {msg}")
            .expect("the template is a constant"),
    );
    while !done.load(Ordering::Relaxed) {
        let (files, bytes) = (
            progress.files.load(Ordering::Relaxed),
            progress.bytes.load(Ordering::Relaxed),
        );
        bar.set_message(format!(
            "{} files, {}",
            HumanCount(files),
            HumanBytes(bytes)
        ));
        bar.tick();
        thread::park_timeout(STEP);
    }
    bar.finish_and_clear();
}
