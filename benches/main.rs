//! The benchmarks: one binary, a file a stage.
//!
//! `cargo bench` runs them all, `cargo bench -- detect` those whose path holds a word. Every text is
//! made at run time from templates and a fixed seed, so that figures of two versions are about the
//! same bytes. A claim about speed names the benchmark, the machine and the command.

mod assess;
mod detect;
mod inputs;
mod report;
mod startup;
mod walk;

fn main() {
    divan::main();
}
