//! Moving, backing up and restoring an installation: every row, compared to the bit before anything is kept.
//!
//! A backup is itself an embedded database with every row, whichever database it was made of: `traction serve --database
//! sqlite://FILE` would serve it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::store::whole::{Layout, NotCopied, hold, moved, paste};
use crate::store::{OpenRefused, Place, Store};
use crate::trouble::Broken;

/// What SQLite says of a file whose pages are not what they were.
pub(super) const MALFORMED: &str = "disk image is malformed";

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many tables.
    pub n_tables: usize,
    /// How many rows in all of them.
    pub n_rows: usize,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// From somewhere to the same place.
    #[error("{place} is where it is already; name another place with --to")]
    SamePlace {
        /// The place.
        place: String,
    },
    /// A backup never writes over something.
    #[error("{file} is there already; choose another name for the backup, or take it away first")]
    FileIsThere {
        /// The file.
        file: PathBuf,
    },
    /// The file cannot be written or read.
    #[error("{file} cannot be {done} ({why}); check the path and its permissions")]
    File {
        /// The file.
        file: PathBuf,
        /// Written or read.
        done: &'static str,
        /// What the system says.
        why: String,
    },
    /// No backup there.
    #[error("{file} is not a backup of Traction ({why}); give the file that `traction backup FILE` wrote")]
    NoBackup {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A database does not open.
    #[error(transparent)]
    Open(#[from] OpenRefused),
    /// It did not go over.
    #[error(transparent)]
    Copy(#[from] NotCopied),
}

impl From<Broken> for NotKept {
    fn from(broken: Broken) -> NotKept {
        NotKept::Copy(NotCopied::Broken(broken))
    }
}

/// Takes an installation over from one database to another, which is empty. What is written to the old one meanwhile would
/// be lost: then nothing is taken over. While that is looked at, and until all is kept, nobody can write to it.
pub async fn move_over(from: &Place, to: &Place, told: impl Fn(usize)) -> Result<Copied, NotKept> {
    if from == to {
        return Err(NotKept::SamePlace { place: to.shown() });
    }
    let source = Store::open_existing(from).await?;
    let target = Store::open(to).await?;
    let layout = Layout::of_this_version().await?;
    let then = source.snapshot().await?;
    let pasted = paste(&then, (&target, &to.shown()), &layout, told).await?;
    let held = hold(&source, &layout).await?;
    if let Some(refused) = moved(&then, &held, &layout).await? {
        return Err(refused.into());
    }
    let copied = Copied { n_tables: layout.tables().len(), n_rows: pasted.n_rows };
    pasted.keep().await?;
    drop(held);
    Ok(copied)
}

/// Writes all that the database at `from` holds at this moment into `file`; servers may go on meanwhile.
pub async fn back_up(from: &Place, file: &Path, told: impl Fn(usize)) -> Result<Copied, NotKept> {
    let unwritten = |error: std::io::Error| NotKept::File {
        file: file.to_owned(),
        done: "written",
        why: error.to_string(),
    };
    if file.exists() {
        return Err(NotKept::FileIsThere { file: file.to_owned() });
    }
    let source = Store::open_existing(from).await?;
    // Beside it, so that a name is never given to half a backup; only for the one who makes it, for it holds secrets.
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder =
        tempfile::Builder::new().prefix(".traction-backup-").tempdir_in(beside).map_err(unwritten)?;
    let unfinished = folder.path().join("backup.db");
    let layout = Layout::of_this_version().await?;
    let target = Store::open(&Place::Url(format!("sqlite://{}", unfinished.display()))).await?;
    let then = source.snapshot().await?;
    let pasted = paste(&then, (&target, &file.display().to_string()), &layout, told).await?;
    let copied = Copied { n_tables: layout.tables().len(), n_rows: pasted.n_rows };
    pasted.keep().await?;
    target.shut().await?;
    only_for_its_owner(&unfinished).map_err(unwritten)?;
    fs::File::open(&unfinished).and_then(|written| written.sync_all()).map_err(unwritten)?;
    given_its_name(&unfinished, file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => NotKept::FileIsThere { file: file.to_owned() },
        _ => unwritten(error),
    })?;
    keep_name(beside).map_err(unwritten)?;
    Ok(copied)
}

/// Gives a finished file its name, unless another has it by now. Where the file system knows no second name for a file,
/// the name is looked at first.
fn given_its_name(finished: &Path, file: &Path) -> std::io::Result<()> {
    match fs::hard_link(finished, file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists && !file.exists() => {
            fs::rename(finished, file)
        }
        done => done,
    }
}

/// Puts what `file` holds into the database at `to`, which is empty. The file stays as it is; a backup of an older version
/// is brought to this one's on the way.
pub async fn restore(file: &Path, to: &Place, told: impl Fn(usize)) -> Result<Copied, NotKept> {
    let unread =
        |error: std::io::Error| NotKept::File { file: file.to_owned(), done: "read", why: error.to_string() };
    let log = PathBuf::from(format!("{}-wal", file.display()));
    if log.metadata().is_ok_and(|log| log.len() > 0) {
        let why = format!("it is in use, and {} holds what was written last", log.display());
        return Err(NotKept::NoBackup { file: file.to_owned(), why });
    }
    let folder = tempfile::tempdir().map_err(unread)?;
    let copy = folder.path().join("backup.db");
    fs::copy(file, &copy).map_err(unread)?;
    let source =
        Store::open(&Place::Url(format!("sqlite://{}", copy.display()))).await.map_err(|refused| {
            let no_backup = |why: String| NotKept::NoBackup { file: file.to_owned(), why };
            match refused {
                newer @ OpenRefused::Newer { .. } => NotKept::Open(newer),
                OpenRefused::NotADatabase { .. } | OpenRefused::Foreign { .. } => {
                    no_backup("it is no database".into())
                }
                OpenRefused::Shut { why, .. } if why.contains(MALFORMED) => {
                    no_backup(format!("it is damaged: {why}"))
                }
                OpenRefused::NotOurs { why, .. } => {
                    no_backup(format!("it cannot be brought to this version: {why}"))
                }
                // A full disk or a folder that cannot be written to says nothing of the file.
                other => unread(std::io::Error::other(other.to_string())),
            }
        })?;
    if let Some(damage) = source.damage().await? {
        return Err(NotKept::NoBackup { file: file.to_owned(), why: format!("it is damaged: {damage}") });
    }
    let layout = Layout::of_this_version().await?;
    let target = Store::open(to).await?;
    let then = source.snapshot().await?;
    let pasted = paste(&then, (&target, &to.shown()), &layout, told).await?;
    if pasted.n_rows == 0 {
        return Err(NotKept::NoBackup { file: file.to_owned(), why: "it holds nothing".into() });
    }
    let copied = Copied { n_tables: layout.tables().len(), n_rows: pasted.n_rows };
    pasted.keep().await?;
    Ok(copied)
}

#[cfg(unix)]
fn only_for_its_owner(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

/// The name, too, is to outlive a power cut.
#[cfg(unix)]
fn keep_name(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn keep_name(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> std::io::Result<()> {
    Ok(())
}
