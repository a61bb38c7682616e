//! Moving, backing up and restoring an installation: every row, compared to the bit before anything is kept.
//!
//! A backup is itself an embedded database with every row, whichever database it was made of: `traction serve --database
//! sqlite://FILE` would serve it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::store::whole::{Layout, NotCopied, moved, paste};
use crate::store::{OpenRefused, Place, Store};
use crate::trouble::Broken;

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

/// Takes an installation over from one database to another, which is empty. Who writes to the old one meanwhile would be
/// lost: then nothing is taken over.
pub async fn move_over(from: &Place, to: &Place, told: impl Fn(usize)) -> Result<Copied, NotKept> {
    if from == to {
        return Err(NotKept::SamePlace { place: to.shown() });
    }
    let source = Store::open_existing(from).await?;
    let target = Store::open(to).await?;
    let layout = Layout::of_this_version().await?;
    let then = source.snapshot().await?;
    let pasted = paste(&then, (&target, &to.shown()), &layout, told).await?;
    if let Some(refused) = moved(&then, source.read(), &layout).await? {
        return Err(refused.into());
    }
    let copied = Copied { n_tables: layout.tables().len(), n_rows: pasted.n_rows };
    pasted.keep().await?;
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
    fs::rename(&unfinished, file).map_err(unwritten)?;
    Ok(copied)
}

/// Puts what `file` holds into the database at `to`, which is empty. The file stays as it is; a backup of an older version
/// is brought to this one's on the way.
pub async fn restore(file: &Path, to: &Place, told: impl Fn(usize)) -> Result<Copied, NotKept> {
    let unread =
        |error: std::io::Error| NotKept::File { file: file.to_owned(), done: "read", why: error.to_string() };
    let folder = tempfile::tempdir().map_err(unread)?;
    let copy = folder.path().join("backup.db");
    fs::copy(file, &copy).map_err(unread)?;
    let source =
        Store::open(&Place::Url(format!("sqlite://{}", copy.display()))).await.map_err(|refused| {
            match refused {
                newer @ OpenRefused::Newer { .. } => NotKept::Open(newer),
                _ => NotKept::NoBackup { file: file.to_owned(), why: "it is no database of ours".into() },
            }
        })?;
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

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> std::io::Result<()> {
    Ok(())
}
