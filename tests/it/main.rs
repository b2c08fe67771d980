//! The integration tests: one binary, a file a feature.

mod baseline;
mod cli;
mod common;
mod compat;
mod config;
mod decode;
mod faults;
mod formats;
mod git;
mod hook;
mod incident;
mod layers;
mod properties;
mod readme;
mod report;
mod rules;
mod runner;
mod sarif;
