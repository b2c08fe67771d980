#!/usr/bin/env node
// Fills the templates beside this file with a version and binaries, and leaves folders that are ready for `npm publish`.
//
//   node npm/build.mjs --version 0.1.0 --repository OWNER/NAME --out DIR --binary linux-x64=PATH [--binary ...] [--all]
//
// --repository is what npm compares with the origin of a build; --all insists on a binary for every system.
// DIR/packages lists the folders in the order in which they are to be published: a package before what needs it.

import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = dirname(fileURLToPath(import.meta.url));
const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"];
/** The systems by Node's names, as the launcher looks them up. The Linux binary is static: it suits glibc and musl. */
const SYSTEMS = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64"];

function fail(problem) {
  process.stderr.write(`error: ${problem}\n`);
  process.exit(2);
}

function options() {
  const { values } = parseArgs({
    options: {
      version: { type: "string" },
      repository: { type: "string" },
      out: { type: "string" },
      binary: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
    },
  });
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(values.version ?? "")) {
    fail("--version takes a version such as 0.1.0");
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(values.repository ?? "")) {
    fail("--repository takes OWNER/NAME");
  }
  if (!values.out) {
    fail("--out takes the folder to write to");
  }
  return { ...values, binaries: binaries(values) };
}

function binaries({ binary, all }) {
  const found = new Map();
  for (const each of binary) {
    const [system, ...rest] = each.split("=");
    const path = rest.join("=");
    if (!SYSTEMS.includes(system) || found.has(system)) {
      fail(`--binary takes SYSTEM=PATH, each system once: ${SYSTEMS.join(", ")}`);
    }
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
      fail(`no file at ${path}`);
    }
    found.set(system, path);
  }
  const missing = SYSTEMS.filter((system) => !found.has(system));
  if (found.size === 0 || (all && missing.length > 0)) {
    fail(`no binary for ${missing.join(", ")}`);
  }
  return found;
}

function template(name) {
  return JSON.parse(readFileSync(join(HERE, name, "package.json"), "utf8"));
}

function write(folder, manifest, { version, repository }) {
  manifest.version = version;
  manifest.repository = { type: "git", url: `git+https://github.com/${repository}.git` };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const licence of LICENCES) {
    cpSync(join(HERE, "..", licence), join(folder, licence));
  }
}

function platform(system, binary, job) {
  const [os, cpu] = system.split("-");
  const manifest = { ...template("platform"), name: `@straykey/${system}`, os: [os], cpu: [cpu] };
  const folder = join(job.out, system);
  const program = join(folder, "bin", os === "win32" ? "straykey.exe" : "straykey");
  mkdirSync(dirname(program), { recursive: true });
  cpSync(binary, program);
  // Artifacts of a workflow lose the mode, and npm keeps what it finds.
  chmodSync(program, 0o755);
  writeFileSync(join(folder, "README.md"), `The straykey program for ${system}. Install the package \`straykey\`, which chooses the right one.\n`);
  write(folder, manifest, job);
  return manifest.name;
}

function launcher(names, job) {
  const folder = join(job.out, "straykey");
  cpSync(join(HERE, "straykey"), folder, { recursive: true });
  chmodSync(join(folder, "bin", "straykey.js"), 0o755);
  const manifest = template("straykey");
  // Exact versions: the launcher and the program are one release.
  manifest.optionalDependencies = Object.fromEntries(names.map((name) => [name, job.version]));
  write(folder, manifest, job);
}

const job = options();
const systems = [...job.binaries.keys()].sort();
launcher(systems.map((system) => platform(system, job.binaries.get(system), job)), job);
writeFileSync(join(job.out, "packages"), [...systems, "straykey"].map((name) => `${name}\n`).join(""));
