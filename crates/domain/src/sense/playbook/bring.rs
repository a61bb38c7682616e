//! Bringing a playbook or an instrument in: its name and version stand for one text for good, so that two who say `ours/2` mean the same.

use super::Edition;
use crate::refusal::Refusal;

/// The newest version that is there under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest<'a> {
    /// Its version.
    pub version: u32,
    /// Its text.
    pub text: &'a str,
}

/// What bringing a playbook in does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// It is kept as the newest version.
    Newest,
    /// It is there already, word by word.
    Nothing,
}

/// Why a playbook was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BringRefused {
    /// The name of one that comes with the program.
    #[error("`{id}` comes with the program; fork it under a name of your own, and bring that in")]
    BuiltIn {
        /// The name.
        id: String,
    },
    /// The version is there, with another text, or a later one is.
    #[error("version {latest} of `{id}` is there already; set `version = {}` in the file", latest + 1)]
    NotNewer {
        /// The name.
        id: String,
        /// The newest that is there.
        latest: u32,
    },
}

impl Refusal for BringRefused {}

/// Whether the text of an edition may come in beside what is there; `shipped` are the names that come with the program.
pub fn bring(
    edition: &Edition,
    text: &str,
    latest: Option<Latest<'_>>,
    shipped: &[&str],
) -> Result<Brings, BringRefused> {
    let id = || edition.id.clone();
    if shipped.contains(&edition.id.as_str()) {
        return Err(BringRefused::BuiltIn { id: id() });
    }
    match latest {
        Some(latest) if latest.version == edition.version && latest.text == text => Ok(Brings::Nothing),
        Some(latest) if latest.version >= edition.version => {
            Err(BringRefused::NotNewer { id: id(), latest: latest.version })
        }
        _ => Ok(Brings::Newest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_version_stand_for_one_text_for_good() {
        let ours = |version| Edition { id: "ours".into(), version };
        let latest = Some(Latest { version: 2, text: "b" });
        assert_eq!(bring(&ours(1), "a", None, &["buying"]), Ok(Brings::Newest));
        assert_eq!(bring(&ours(2), "b", latest, &["buying"]), Ok(Brings::Nothing));
        let not_newer = Err(BringRefused::NotNewer { id: "ours".into(), latest: 2 });
        assert_eq!(bring(&ours(2), "c", latest, &["buying"]), not_newer);
        assert_eq!(bring(&ours(1), "b", latest, &["buying"]), not_newer);
        assert_eq!(bring(&ours(3), "c", latest, &["buying"]), Ok(Brings::Newest));
        let built_in = Edition { id: "buying".into(), version: 9 };
        assert_eq!(
            bring(&built_in, "x", None, &["buying"]),
            Err(BringRefused::BuiltIn { id: "buying".into() })
        );
    }
}
