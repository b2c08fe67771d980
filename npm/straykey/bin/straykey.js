#!/usr/bin/env node
// Starts the program that the package for this system brought along. Arguments, streams, signals and the exit code are passed on.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { isatty } = require("node:tty");

/** What straykey itself exits with when it is not used or installed as it should be. */
const USAGE = 2;

function fail(problem, hint) {
  process.stderr.write(`error: ${problem}\nhint: ${hint}\n`);
  process.exit(USAGE);
}

function find() {
  const system = `${process.platform}-${process.arch}`;
  const name = `@straykey/${system}`;
  const packages = Object.keys(require("../package.json").optionalDependencies);
  const program = process.platform === "win32" ? "straykey.exe" : "straykey";
  try {
    return require.resolve(`${name}/bin/${program}`);
  } catch {
    if (packages.includes(name)) {
      fail(
        `the package ${name}, which holds the program, is not installed`,
        "install again with optional dependencies (without --omit=optional), on the system it is to run on",
      );
    }
    const systems = packages.map((each) => each.replace("@straykey/", "")).join(", ");
    fail(`there is no straykey for ${system} on npm, only for ${systems}`, "build it with: cargo install --locked straykey");
  }
}

/** The shell's number for a death by signal, where the signal cannot be repeated. */
function died(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

function run(program) {
  const child = spawn(program, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
  const forward = (signal) => child.kill(signal);
  // A terminal sends an interrupt to both, and a second one would end straykey before it has tidied up.
  // Not `process.stdin.isTTY`: to touch `process.stdin` makes a pipe non-blocking for the program as well, whose reads then fail.
  const interrupted = isatty(0) ? () => {} : forward;
  const handlers = { SIGINT: interrupted, SIGTERM: forward, SIGHUP: forward };
  for (const [signal, handler] of Object.entries(handlers)) {
    process.on(signal, handler);
  }
  child.on("error", (error) => fail(`cannot start ${program}: ${error.code}`, "install the package again"));
  child.on("exit", (code, signal) => {
    for (const [each, handler] of Object.entries(handlers)) {
      process.off(each, handler);
    }
    if (signal === null) {
      process.exit(code);
    }
    process.exitCode = died(signal);
    process.kill(process.pid, signal);
  });
}

run(find());
