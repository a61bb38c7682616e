//! Files that only their owner may read: a database holds keys, secrets of draws and hashes of sessions.

use std::io;
use std::path::Path;

/// Makes a folder, with those above it, into which only its owner may look; one that is there stays as it is.
#[cfg(unix)]
pub fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes an empty file that only its owner may read, unless there is one. What the database puts beside it is as private.
#[cfg(unix)]
pub fn make_file(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match made {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Elsewhere files are as private as their folder.
#[cfg(not(unix))]
pub fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// See [`make_folder`].
#[cfg(not(unix))]
pub fn make_file(_: &Path) -> io::Result<()> {
    Ok(())
}
