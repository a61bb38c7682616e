//! Where a folder of files lies, as a connection's address says it. Looks at no disk.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

/// A folder, or a single file: `files:///srv/exports`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(PathBuf);

/// An address that is no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a folder is written as files:///srv/exports: from the root on, without `..`")]
pub struct PlaceRefused;

impl Place {
    /// Before the path.
    pub const SCHEME: &'static str = "files://";

    /// Its path, from the root on.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Place::SCHEME, self.0.display())
    }
}

impl FromStr for Place {
    type Err = PlaceRefused;

    fn from_str(text: &str) -> Result<Place, PlaceRefused> {
        Place::try_from(Path::new(text.trim().strip_prefix(Place::SCHEME).ok_or(PlaceRefused)?))
    }
}

impl TryFrom<&Path> for Place {
    type Error = PlaceRefused;

    fn try_from(path: &Path) -> Result<Place, PlaceRefused> {
        let climbs = path.components().any(|part| part == Component::ParentDir);
        if path.is_absolute() && !climbs { Ok(Place(path.to_owned())) } else { Err(PlaceRefused) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, path: Option<&str>) {
        assert_eq!(text.parse::<Place>().ok().map(|place| place.0), path.map(PathBuf::from), "{text}");
    }

    #[test]
    fn a_place_is_a_path_from_the_root_on_that_never_climbs() {
        check("files:///srv/exports", Some("/srv/exports"));
        check(" files:///srv/my exports/wards.csv ", Some("/srv/my exports/wards.csv"));
        check("files:///srv/exports/../../etc", None);
        check("files:///..", None);
        check("files://srv/exports", None);
        check("files://", None);
        check("/srv/exports", None);
        check("file:///srv/exports", None);
    }
}
