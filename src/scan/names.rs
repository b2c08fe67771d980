//! What files are called in a report.

use std::path::Path;

/// The path as reported: relative to the root where it lies below it, with `/`.
pub(super) fn name_of(path: &Path, root: &Path) -> String {
    let relative = path
        .strip_prefix(root)
        .or_else(|_| path.strip_prefix("./"))
        .unwrap_or(path);
    let relative = if relative.as_os_str().is_empty() {
        path.file_name().map_or(path, Path::new)
    } else {
        relative
    };
    name_from(relative.as_os_str().as_encoded_bytes()).replace(std::path::MAIN_SEPARATOR, "/")
}

/// The bytes of a name as text.
pub(super) fn name_from(bytes: &[u8]) -> String {
    bytes.utf8_chunks().map(|chunk| readable(&chunk)).collect()
}

/// A name may hold bytes that are no text; written out, two such names stay two.
fn readable(chunk: &std::str::Utf8Chunk<'_>) -> String {
    let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
    std::iter::once(chunk.valid().to_owned())
        .chain(invalid)
        .collect()
}
