//! Where reports go: standard output, or a file that appears whole or not at all.

use crate::args::Args;
use crate::exit::{Exit, hinted};
use anyhow::Context;
use clap::CommandFactory;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use straykey::report::{Choices, Format, Report, Reporter, reporter};

/// Writes a report to a file, or to standard output.
pub(crate) fn report(
    report: &Report,
    format: Format,
    sarif_suppressed: bool,
    file: Option<&Path>,
) -> anyhow::Result<()> {
    let choices = Choices {
        width: width(),
        sarif_suppressed,
    };
    let reporter = reporter(format, choices);
    match file {
        None => {
            let mut out = BufWriter::new(anstream::stdout().lock());
            write(&*reporter, report, &mut out).map_err(|error| {
                hinted(
                    anyhow::Error::new(error).context("cannot write the report to standard output"),
                    "is the disk full?",
                )
            })
        }
        Some(path) => to_file(&*reporter, report, path)
            .with_context(|| format!("cannot write {}", path.display()))
            .map_err(|error| hinted(error, "name a file in a folder that exists and has room")),
    }
}

fn write(reporter: &dyn Reporter, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    reporter.write(report, out)?;
    out.flush()
}

/// Writes beside the file and puts it in place when all of it is on disk. A device, such as
/// `/dev/stdout`, cannot be replaced and is written to.
fn to_file(reporter: &dyn Reporter, report: &Report, path: &Path) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut device = fs::OpenOptions::new().write(true).open(path)?;
        return write(reporter, report, &mut plain(&mut device));
    }
    replace(path, |file| write(reporter, report, &mut plain(file)))
}

/// Writes beside a file and puts it in place when all of it is on disk.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    share(&mut builder);
    let mut file = builder.tempfile_in(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// A temporary file is for its owner alone; what we write is for whoever the process's mask lets
/// read it: a later step of a pipeline may run as another user.
#[cfg(unix)]
fn share(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn share(_: &mut tempfile::Builder<'_, '_>) {}

/// A writer without styles that asks the system for large pieces only: formats write small ones.
fn plain(out: &mut (dyn Write + 'static)) -> impl Write {
    BufWriter::with_capacity(64 * 1024, anstream::StripStream::new(out))
}

/// Prints a text.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// Prints completions for a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "straykey", &mut script);
    text(&String::from_utf8_lossy(&script)).map(|()| Exit::Clean)
}

/// Prints the manual page.
pub(crate) fn man() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .context("cannot render the manual page")?;
    text(&String::from_utf8_lossy(&page)).map(|()| Exit::Clean)
}

/// The columns of the terminal; 100 where there is none.
fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}
