//! `straykey hook status`: does git call straykey here?

use super::folder::Folders;
use super::install::{exists, is_executable, shown};
use super::manager::{Manager, names_straykey};
use super::{Kind, Status, script};
use crate::exit::Exit;
use crate::output;
use std::fmt::Write as _;
use straykey::display::sanitize;

/// How it stands with one hook.
struct State {
    /// True when git calls straykey.
    works: bool,
    text: String,
}

/// Prints a line for each hook; exits with 1 where one that is asked for does not work.
pub(super) fn run(wanted: &Status) -> anyhow::Result<Exit> {
    let folders = Folders::of(&super::open()?)?;
    let mut page = format!("hooks are in {}\n", shown(&folders.used));
    let mut exit = Exit::Clean;
    for kind in Kind::ALL {
        let state = of(&folders, kind);
        writeln!(page, "{:<16}  {}", kind.as_str(), state.text)?;
        if wanted.hooks.contains(&kind) && !state.works {
            exit = Exit::Findings;
        }
    }
    if let Some((wide, counts)) = folders.hidden() {
        writeln!(
            page,
            "note: core.hooksPath of {}, {}, hides that of {}, {}",
            counts.owner(),
            sanitize(&counts.value),
            wide.owner(),
            sanitize(&wide.value)
        )?;
    }
    output::text(&page)?;
    Ok(exit)
}

fn of(folders: &Folders, kind: Kind) -> State {
    let hook = folders.used.join(kind.as_str());
    if script::is_ours(&hook) {
        return ours(folders, kind);
    }
    if let Some(manager) = Manager::of(&folders.used) {
        return managed(manager, folders, kind);
    }
    if exists(&hook) {
        let works = names_straykey(&hook) && is_executable(&hook);
        return State {
            works,
            text: if works {
                "calls straykey, written by hand".to_owned()
            } else {
                "another hook, without straykey".to_owned()
            },
        };
    }
    let text = match folders.shadowed(kind) {
        Some(hook) => format!(
            "shadowed: git does not use {}, because core.hooksPath leads elsewhere",
            shown(&hook)
        ),
        None => "not installed".to_owned(),
    };
    State { works: false, text }
}

/// A script of ours, where git looks.
fn ours(folders: &Folders, kind: Kind) -> State {
    let hook = folders.used.join(kind.as_str());
    if !is_executable(&hook) {
        return State {
            works: false,
            text: "installed, but git does not run it: it is not executable".to_owned(),
        };
    }
    let gone = script::pinned(&hook).filter(|program| !is_executable(program));
    let after = if exists(&script::chained(&folders.used, kind)) {
        ", after the hook that was there before"
    } else {
        ""
    };
    let searched = gone.map_or_else(String::new, |program| {
        format!("; {} is gone, PATH is searched instead", shown(&program))
    });
    State {
        works: true,
        text: format!("installed{after}{searched}"),
    }
}

/// A hook in the folder of a framework, which may have kept ours and call it.
fn managed(manager: Manager, folders: &Folders, kind: Kind) -> State {
    let legacy = format!("{}.legacy", kind.as_str());
    let kept = script::is_ours(&folders.used.join(legacy));
    let hook = exists(&folders.used.join(kind.as_str()));
    let works = hook && (kept || manager.calls_straykey(&folders.top, kind));
    let text = if works {
        format!("installed, called by {}", manager.name())
    } else {
        format!(
            "{} runs the hooks here, without straykey; {}",
            manager.name(),
            sanitize(&manager.hint(kind))
        )
    };
    State { works, text }
}
