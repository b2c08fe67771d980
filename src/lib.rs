//! straykey finds the credentials lying where an AI agent can pick them up, and says what each can do.
//!
//! The flow, and the layers from the bottom up; imports go down only, and a test checks it:
//!
//! ```text
//! roots -> walk -> Haystack -> prefilter -> pattern -> Match -> filter          (parallel)
//!       -> validators -> privilege, environment, lifetime -> reachability -> severity -> Report
//! ```
//!
//! The library neither prints, exits, nor reads the environment or the clock: those come in as
//! arguments.

// L0: plain values, ordered worst first.
pub mod coverage;
pub mod display;
pub mod environment;
pub mod evidence;
pub mod lifetime;
pub mod location;
pub mod notice;
pub mod privilege;
pub mod reachability;
pub mod secret;
pub mod severity;

// L1: what to look for, and where.
pub mod haystack;
pub mod rule;

// L2: what was matched.
pub mod detect;

// L3: what is known of it.
pub mod finding;

// L4: what it means.
pub mod assess;

// L5: how it is told.
pub mod baseline;
pub mod compat;
pub mod config;
pub mod policy;
pub mod report;

// L6: how it all goes together.
pub mod check;
pub mod scan;
pub mod triage;
