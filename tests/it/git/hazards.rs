//! A repository's own configuration can have git run programs. Here each setting that can do so
//! points at a program that leaves a mark: no scan may spring it, every scan must still find its
//! credential, and plain git must fall into it, or else the trap itself is broken.

use super::trap::{Hazard, Trap, copy};
use std::fs;

/// What git runs while it compares files and shows the differences.
const DIFFERENCES: &[Hazard] = &[
    Hazard {
        name: "a monitor of the file system",
        set: |trap| trap.config_program("core.fsmonitor"),
        victim: &["status"],
    },
    Hazard {
        name: "a filter for staging",
        set: |trap| filter(trap, "clean"),
        victim: &["diff"],
    },
    Hazard {
        name: "a filter for checking out",
        set: |trap| filter(trap, "smudge"),
        victim: &["checkout", "--", "second.env"],
    },
    Hazard {
        name: "a filter that stays",
        set: |trap| filter(trap, "process"),
        victim: &["diff"],
    },
    Hazard {
        name: "a program for differences",
        set: |trap| trap.config_program("diff.external"),
        victim: &["diff", "--cached"],
    },
    Hazard {
        name: "a program for differences of some files",
        set: |trap| driver(trap, "command"),
        victim: &["diff"],
    },
    Hazard {
        name: "a converter to text",
        set: |trap| driver(trap, "textconv"),
        victim: &["log", "-p"],
    },
    Hazard {
        name: "a program for coloured differences",
        set: |trap| {
            trap.config("color.ui", "always");
            trap.config_program("interactive.diffFilter");
        },
        victim: &["add", "-p"],
    },
    Hazard {
        name: "a repository inside with a monitor",
        set: nest,
        victim: &["status"],
    },
];

/// What git runs beside its work.
const COMPANY: &[Hazard] = &[
    Hazard {
        name: "hooks",
        set: |trap| hooks(trap, ".git/hooks"),
        victim: &["status"],
    },
    Hazard {
        name: "hooks elsewhere",
        set: |trap| {
            hooks(trap, "../elsewhere");
            let folder = trap.repository.join("../elsewhere");
            trap.config("core.hooksPath", &folder.to_string_lossy());
        },
        victim: &["status"],
    },
    Hazard {
        name: "a pager",
        set: |trap| {
            for key in ["core.pager", "pager.diff-index", "pager.rev-list"] {
                trap.config_program(key);
            }
        },
        // Only at a terminal.
        victim: &[],
    },
    Hazard {
        name: "other names for the commands",
        set: |trap| {
            for command in ["cat-file", "diff-index", "diff-tree", "rev-list"] {
                trap.config(&format!("alias.{command}"), &format!("!{}", trap.program()));
            }
        },
        // Git prefers its own commands.
        victim: &[],
    },
    Hazard {
        name: "an editor",
        set: |trap| trap.config_program("core.editor"),
        victim: &["commit"],
    },
    Hazard {
        name: "a check of signatures",
        set: sign,
        victim: &["log", "-1"],
    },
];

/// What git runs to reach other repositories. Objects are missing, so that it would like to.
const DISTANCE: &[Hazard] = &[
    Hazard {
        name: "a server's program",
        set: |trap| {
            let url = format!("file://{}", trap.repository.join("").display());
            trap.promise(&url);
            trap.config_program("remote.origin.uploadpack");
        },
        victim: MISSING,
    },
    Hazard {
        name: "a program for SSH",
        set: |trap| {
            trap.promise("ssh://host.invalid/x");
            trap.config_program("core.sshCommand");
        },
        victim: MISSING,
    },
    Hazard {
        name: "a proxy",
        set: |trap| {
            trap.promise("git://host.invalid/x");
            trap.config_program("core.gitProxy");
        },
        victim: MISSING,
    },
    Hazard {
        name: "an address that is a command",
        set: |trap| {
            trap.promise(&format!("ext::{}", trap.program()));
            trap.config("protocol.ext.allow", "always");
        },
        victim: MISSING,
    },
    Hazard {
        name: "a keeper of passwords",
        set: |trap| trap.config_program("credential.helper"),
        victim: &["credential", "fill"],
    },
    Hazard {
        name: "a prompt for passwords",
        set: |trap| trap.config_program("core.askPass"),
        victim: &["credential", "fill"],
    },
    Hazard {
        name: "a list of borrowed branches",
        set: |trap| {
            trap.repository
                .git(&["clone", "--quiet", "--bare", ".", "../lender"]);
            let lender = trap.repository.join("../lender/objects");
            let line = format!("{}\n", lender.display());
            trap.repository.write(".git/objects/info/alternates", line);
            trap.config_program("core.alternateRefsCommand");
        },
        victim: &["rev-list", "--alternate-refs"],
    },
    Hazard {
        name: "a hook of packs",
        set: |trap| trap.config_program("uploadpack.packObjectsHook"),
        // Git takes it from the user's own configuration only.
        victim: &[],
    },
];

/// How a setting comes into the configuration.
const INCLUSION: &[Hazard] = &[
    Hazard {
        name: "an included file",
        set: |trap| include(trap, "include.path"),
        victim: &["status"],
    },
    Hazard {
        name: "an included file on a branch",
        set: |trap| include(trap, "includeIf.onbranch:main.path"),
        victim: &["status"],
    },
    Hazard {
        name: "the configuration of a work tree",
        set: |trap| {
            trap.config("extensions.worktreeConfig", "true");
            let program = trap.program();
            let set = ["config", "--worktree", "core.fsmonitor", &program];
            trap.repository.git(&set);
        },
        victim: &["status"],
    },
    Hazard {
        name: "a work tree elsewhere",
        set: |trap| {
            let elsewhere = trap.repository.join("../elsewhere");
            fs::create_dir(&elsewhere).expect("the folder is ours");
            trap.config("core.worktree", &elsewhere.to_string_lossy());
            trap.config_program("core.fsmonitor");
        },
        victim: &["status"],
    },
];

/// Asks for an object that only another repository has.
const MISSING: &[&str] = &["cat-file", "-p", ":missing.txt"];

fn filter(trap: &Trap, direction: &str) {
    trap.attribute("filter=spy");
    trap.config_program(&format!("filter.spy.{direction}"));
}

fn driver(trap: &Trap, what: &str) {
    trap.attribute("diff=spy");
    trap.config_program(&format!("diff.spy.{what}"));
}

fn include(trap: &Trap, key: &str) {
    let text = format!("[core]\n\tfsmonitor = {}\n", trap.program());
    trap.repository.write("../other.conf", text);
    let path = trap.repository.join("../other.conf");
    trap.config(key, &path.to_string_lossy());
}

/// Every hook that a command of git's can call here.
fn hooks(trap: &Trap, folder: &str) {
    for hook in [
        "post-checkout",
        "post-commit",
        "post-index-change",
        "post-rewrite",
        "pre-auto-gc",
        "pre-commit",
        "reference-transaction",
    ] {
        copy(trap, format!("{folder}/{hook}"));
    }
}

/// Stages a repository that lies inside this one and has a configuration of its own.
fn nest(trap: &Trap) {
    let repository = &trap.repository;
    repository.write("inner/file", "text\n");
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "file"],
        &["commit", "--quiet", "--message", "inner"],
    ] {
        repository.git_in("inner", arguments);
    }
    repository.git(&["-c", "advice.addEmbeddedRepo=false", "add", "inner"]);
    repository.git_in("inner", &["config", "core.fsmonitor", &trap.program()]);
}

/// Gives the last commit a signature, and the repository a program to check it with.
fn sign(trap: &Trap) {
    let repository = &trap.repository;
    let commit = repository.git(&["cat-file", "commit", "HEAD"]);
    let (head, message) = commit.split_once("\n\n").expect("a commit has a message");
    let signature = "-----BEGIN PGP SIGNATURE-----\n \n none\n -----END PGP SIGNATURE-----";
    repository.write(
        "../commit",
        format!("{head}\ngpgsig {signature}\n\n{message}\n"),
    );
    let signed = repository.git(&["hash-object", "-t", "commit", "-w", "../commit"]);
    repository.git(&["update-ref", "refs/heads/main", &signed]);
    trap.config("log.showSignature", "true");
    trap.config_program("gpg.program");
}

fn are_harmless(hazards: &[Hazard]) {
    for hazard in hazards {
        Trap::of(hazard).is_harmless(hazard.name, |_| {});
    }
}

fn catch_plain_git(hazards: &[Hazard]) {
    for hazard in hazards.iter().filter(|hazard| !hazard.victim.is_empty()) {
        let caught = Trap::of(hazard).catches(hazard.victim);
        assert!(caught, "{}: {:?} runs nothing", hazard.name, hazard.victim);
    }
}

#[test]
fn nothing_that_shows_differences_runs() {
    are_harmless(DIFFERENCES);
}

#[test]
fn nothing_that_runs_beside_git_runs() {
    are_harmless(COMPANY);
}

#[test]
fn nothing_that_reaches_other_repositories_runs() {
    are_harmless(DISTANCE);
}

#[test]
fn nothing_that_is_included_runs() {
    are_harmless(INCLUSION);
}

#[test]
fn plain_git_falls_into_the_traps() {
    for hazards in [DIFFERENCES, COMPANY, DISTANCE, INCLUSION] {
        catch_plain_git(hazards);
    }
}

#[test]
fn all_of_them_at_once_run_nothing() {
    let trap = Trap::new();
    // Hooks last: they would refuse the rest.
    let hazards = DIFFERENCES.iter().chain(COMPANY.iter().rev());
    // Without the work tree elsewhere, which would take the others away.
    for hazard in hazards.chain(&INCLUSION[..3]) {
        (hazard.set)(&trap);
    }
    // Setting up one trap springs another.
    let _ = fs::remove_file(trap.repository.join("../sprung"));
    trap.is_harmless("all", |_| {});
    assert!(trap.catches(&["status"]));
}
