//! Who is asking, and what he may do because of the roles he holds.
//!
//! It does not know how he proved who he is: doors do.

use crate::id::{PersonId, TokenId, UnitId};
use crate::org::role::Role;
use crate::refusal::{Refusal, RefusalKind};

/// The one who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    /// What acts.
    pub actor: Actor,
    /// The name others see.
    pub name: String,
    /// The roles he holds now.
    pub roles: Vec<Role>,
}

/// What acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who signed in.
    Person(PersonId),
    /// A program with a token.
    Token(TokenId),
    /// Whoever sits at the machine's command line.
    Operator,
    /// Traction itself, when one fact leads to another.
    Loop,
    /// Somebody whom the journal must not name: who answered a pulse, who reviewed an expert.
    Undisclosed,
}

/// He may not. The sentence says who may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only {who_may} can {what}")]
pub struct NotAllowed {
    /// Who may, say "the unit's lead".
    pub who_may: &'static str,
    /// What was wished, say "apply for a slot".
    pub what: &'static str,
}

impl Refusal for NotAllowed {
    fn kind(&self) -> RefusalKind {
        RefusalKind::Permission
    }
}

impl Who {
    /// Traction itself.
    pub fn the_loop() -> Who {
        Who {
            actor: Actor::Loop,
            name: "Traction".into(),
            roles: vec![Role::Administrator, Role::ChangeLead],
        }
    }

    /// Whoever sits at the machine.
    pub fn operator() -> Who {
        Who {
            actor: Actor::Operator,
            name: "operator".into(),
            roles: vec![Role::Administrator, Role::ChangeLead],
        }
    }

    /// The same one without his name and id, for a fact that must not say who did it.
    pub fn undisclosed(&self) -> Who {
        Who { actor: Actor::Undisclosed, name: "somebody".into(), roles: self.roles.clone() }
    }

    /// The person, where a person asks.
    pub fn person(&self) -> Option<PersonId> {
        match self.actor {
            Actor::Person(person) => Some(person),
            Actor::Token(_) | Actor::Operator | Actor::Loop | Actor::Undisclosed => None,
        }
    }

    /// Refuses `what` unless a person asks: a decision by two needs two people, and a program or the machine's operator is
    /// nobody who could be asked later.
    pub fn must_be_a_person(&self, what: &'static str) -> Result<PersonId, NotAllowed> {
        self.person().ok_or(NotAllowed { who_may: "a person who signed in", what })
    }

    /// Whether he runs the installation.
    pub fn is_administrator(&self) -> bool {
        self.roles.contains(&Role::Administrator)
    }

    /// Whether he runs changes.
    pub fn is_change_lead(&self) -> bool {
        self.roles.contains(&Role::ChangeLead)
    }

    /// Whether he coaches.
    pub fn is_coach(&self) -> bool {
        self.roles.contains(&Role::Coach)
    }

    /// Whether he serves customer organisations.
    pub fn is_seller(&self) -> bool {
        self.roles.contains(&Role::Seller)
    }

    /// Whether he leads `unit`.
    pub fn leads(&self, unit: UnitId) -> bool {
        self.roles.contains(&Role::Lead(unit))
    }

    /// Whether he belongs to `unit`, as its lead or as a member.
    pub fn belongs_to(&self, unit: UnitId) -> bool {
        self.leads(unit) || self.roles.contains(&Role::Member(unit))
    }

    /// The units he leads, in the order in which the roles were given.
    pub fn led(&self) -> Vec<UnitId> {
        self.roles
            .iter()
            .filter_map(|role| if let Role::Lead(unit) = role { Some(*unit) } else { None })
            .collect()
    }

    /// The units he belongs to, each once: those he leads first.
    pub fn units(&self) -> Vec<UnitId> {
        let mut units = self.led();
        for role in &self.roles {
            if let Role::Member(unit) = role
                && !units.contains(unit)
            {
                units.push(*unit);
            }
        }
        units
    }

    /// Whether he may speak for `unit`: its lead, or an administrator.
    pub fn speaks_for(&self, unit: UnitId) -> bool {
        self.leads(unit) || self.is_administrator()
    }

    /// Refuses `what` unless he may speak for `unit`.
    pub fn must_speak_for(&self, unit: UnitId, what: &'static str) -> Result<(), NotAllowed> {
        allow(self.speaks_for(unit), "the unit's lead", what)
    }

    /// Refuses `what` unless he leads `unit` himself: what only the unit can say, an administrator cannot say for it.
    pub fn must_lead(&self, unit: UnitId, what: &'static str) -> Result<(), NotAllowed> {
        allow(self.leads(unit), "the unit's lead", what)
    }

    /// Refuses `what` unless he runs the installation.
    pub fn must_administer(&self, what: &'static str) -> Result<(), NotAllowed> {
        allow(self.is_administrator(), "an administrator", what)
    }

    /// Refuses `what` unless he runs changes (or the installation).
    pub fn must_lead_changes(&self, what: &'static str) -> Result<(), NotAllowed> {
        allow(self.is_change_lead() || self.is_administrator(), "a change lead", what)
    }
}

/// Refuses `what` unless `may`; `who_may` names those who can.
pub fn allow(may: bool, who_may: &'static str, what: &'static str) -> Result<(), NotAllowed> {
    if may { Ok(()) } else { Err(NotAllowed { who_may, what }) }
}
