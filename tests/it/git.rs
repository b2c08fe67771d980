//! What is read out of git: the index, ranges of commits, whole histories; and that nothing of a
//! repository ever runs while it is read.
//!
//! Everything here runs the program on real repositories. They are made of shell scripts as hooks
//! and of names that Windows refuses, so these tests are for the other systems.

#![cfg(unix)]

mod alerts;
mod deceptions;
mod hazards;
mod history;
mod play;
mod refusals;
mod repository;
mod since;
mod staged;
mod staged_property;
mod trap;
