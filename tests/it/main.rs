//! The integration tests: one binary, a file a feature.

mod cli;
mod common;
mod faults;
mod incident;
mod layers;
mod properties;
mod readme;
mod report;
mod rules;
mod runner;
