//! Units form a tree; a unit is the smallest group that adopts together.

use crate::id::UnitId;
use crate::org::slug::Slug;
use crate::refusal::{self, Refusal, TextRefused};

/// A unit as it is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitProposed {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The unit it belongs to.
    pub parent: Option<UnitId>,
    /// How many people belong to it, where people are not known one by one.
    pub n_members: Option<u32>,
}

/// Why a unit was not made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum UnitRefused {
    /// Its name is missing or too long.
    #[error(transparent)]
    Name(#[from] TextRefused),
    /// The short name is taken.
    #[error("there is a unit `{slug}` already; choose another short name")]
    Taken {
        /// The short name.
        slug: Slug,
    },
    /// The parent is below the unit itself.
    #[error("`{slug}` cannot belong to `{parent}`, which belongs to it; choose another parent")]
    Loop {
        /// The unit.
        slug: Slug,
        /// The parent.
        parent: Slug,
    },
}

impl Refusal for UnitRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            UnitRefused::Name(text) => text.field(),
            UnitRefused::Taken { .. } => Some("slug"),
            UnitRefused::Loop { .. } => Some("parent"),
        }
    }
}

/// The unit, when its name can be kept.
pub fn propose(
    slug: Slug,
    name: &str,
    parent: Option<UnitId>,
    n_members: Option<u32>,
) -> Result<UnitProposed, UnitRefused> {
    Ok(UnitProposed { slug, name: refusal::text(name, "name", "the unit's name", 120)?, parent, n_members })
}
