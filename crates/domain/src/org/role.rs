//! Roles: who may do what, and where.
//!
//! It does not know sessions or tokens: a door finds out who asks.

use std::fmt;
use std::str::FromStr;

use crate::id::UnitId;

/// A role as it is given: unit roles are held in a unit, the others in the whole organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Belongs to a unit.
    Member(UnitId),
    /// Speaks for a unit: applies, grants consent, accepts.
    Lead(UnitId),
    /// Helps units with their cycles.
    Coach,
    /// Serves customer organisations: what they are stuck on, and what is next.
    Seller,
    /// Runs changes and their waves.
    ChangeLead,
    /// Runs the installation: people, units, tokens.
    Administrator,
}

/// A word that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a role; it is one of member, lead, coach, seller, change-lead, administrator")]
pub struct RoleRefused {
    /// What was written.
    pub word: String,
}

/// The kinds of roles, as words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleWord {
    /// See [`Role::Member`].
    Member,
    /// See [`Role::Lead`].
    Lead,
    /// See [`Role::Coach`].
    Coach,
    /// See [`Role::Seller`].
    Seller,
    /// See [`Role::ChangeLead`].
    ChangeLead,
    /// See [`Role::Administrator`].
    Administrator,
}

impl Role {
    /// The role's kind.
    pub fn word(self) -> RoleWord {
        match self {
            Role::Member(_) => RoleWord::Member,
            Role::Lead(_) => RoleWord::Lead,
            Role::Coach => RoleWord::Coach,
            Role::Seller => RoleWord::Seller,
            Role::ChangeLead => RoleWord::ChangeLead,
            Role::Administrator => RoleWord::Administrator,
        }
    }

    /// The unit a unit role is held in.
    pub fn unit(self) -> Option<UnitId> {
        match self {
            Role::Member(unit) | Role::Lead(unit) => Some(unit),
            Role::Coach | Role::Seller | Role::ChangeLead | Role::Administrator => None,
        }
    }
}

impl RoleWord {
    /// The role this word and, for unit roles, this unit make; `None` when a unit role lacks its unit or another
    /// one has a unit.
    pub fn role(self, unit: Option<UnitId>) -> Option<Role> {
        match (self, unit) {
            (RoleWord::Member, Some(unit)) => Some(Role::Member(unit)),
            (RoleWord::Lead, Some(unit)) => Some(Role::Lead(unit)),
            (RoleWord::Coach, None) => Some(Role::Coach),
            (RoleWord::Seller, None) => Some(Role::Seller),
            (RoleWord::ChangeLead, None) => Some(Role::ChangeLead),
            (RoleWord::Administrator, None) => Some(Role::Administrator),
            _ => None,
        }
    }
}

impl fmt::Display for RoleWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RoleWord::Member => "member",
            RoleWord::Lead => "lead",
            RoleWord::Coach => "coach",
            RoleWord::Seller => "seller",
            RoleWord::ChangeLead => "change-lead",
            RoleWord::Administrator => "administrator",
        })
    }
}

impl FromStr for RoleWord {
    type Err = RoleRefused;

    fn from_str(word: &str) -> Result<RoleWord, RoleRefused> {
        Ok(match word.trim() {
            "member" => RoleWord::Member,
            "lead" => RoleWord::Lead,
            "coach" => RoleWord::Coach,
            "seller" => RoleWord::Seller,
            "change-lead" | "change lead" | "change_lead" => RoleWord::ChangeLead,
            "administrator" | "admin" => RoleWord::Administrator,
            _ => return Err(RoleRefused { word: word.to_owned() }),
        })
    }
}
