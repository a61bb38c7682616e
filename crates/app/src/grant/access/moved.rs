//! What moved since a face of the board was made: told by the journal, and read where it moved, so that one person who
//! joins a unit costs what one person costs.
//!
//! It reads how things are, and never works out what they must be from what happened: a fact that is met twice, or read
//! together with later ones, changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use traction_domain::fact::Fact;
use traction_domain::grant::access::{Builder, Members, Snapshot};
use traction_domain::id::{PersonId, SlotId, UnitId};

use crate::contend::wave::live::Course;
use crate::grant::access::store::{self, version_of};
use crate::store::{Entry, Sql};
use crate::trouble::Broken;

/// Of how many people, units and slots at most each is read by itself; where more moved, all are read.
const N_AT_MOST: usize = 1_000;

/// How many entries of the journal are read at a time.
const N_ENTRIES: u32 = 500;

/// What the entries of the journal after a place have moved.
#[derive(Debug)]
pub enum Moved {
    /// These.
    These(Touched),
    /// So much that it is read all at once, or nobody knows how much.
    All,
}

/// Whatever may be another than it was.
#[derive(Debug, Default)]
pub struct Touched {
    people: BTreeSet<PersonId>,
    units: BTreeSet<UnitId>,
    slots: BTreeSet<SlotId>,
    tokens: bool,
    course: Course,
    /// The place of the last fact that switched something.
    switched: Option<i64>,
}

/// What moved after `seq`, and the place up to which that was looked for.
pub async fn since(sql: &Sql, mut seq: i64) -> Result<(Moved, i64), Broken> {
    let mut touched = Touched::default();
    loop {
        let entries = sql.entries_after(seq, N_ENTRIES).await?;
        seq = entries.last().map_or(seq, |last| last.seq);
        entries.iter().for_each(|entry| touched.note(entry));
        if touched.n() > N_AT_MOST {
            return Ok((Moved::All, sql.last_entry().await?));
        }
        if entries.len() < N_ENTRIES as usize {
            return Ok((Moved::These(touched), seq));
        }
    }
}

impl Touched {
    fn note(&mut self, entry: &Entry) {
        self.course.note(entry.seq, &entry.fact);
        if entry.fact.moves_switches() {
            self.switched = Some(entry.seq);
        }
        match &entry.fact {
            Fact::UnitAdded { unit } => _ = self.units.insert(*unit),
            Fact::PersonAdded { person }
            | Fact::RoleGiven { person, .. }
            | Fact::RoleEnded { person, .. } => {
                self.people.insert(*person);
            }
            Fact::SlotGranted { slot, unit, .. } => {
                self.slots.insert(*slot);
                self.units.insert(*unit);
            }
            Fact::SlotPaused { slot }
            | Fact::SlotResumed { slot }
            | Fact::SlotGivenBack { slot }
            | Fact::SlotLapsed { slot }
            | Fact::SlotEnded { slot }
            | Fact::HandOverAccepted { slot, .. } => _ = self.slots.insert(*slot),
            Fact::TokenMade { .. } | Fact::TokenRevoked { .. } => self.tokens = true,
            // A change that was opened, paused or resumed is among the flags, which are read whenever one is switched.
            _ => {}
        }
    }

    fn n(&self) -> usize {
        self.people.len() + self.units.len() + self.slots.len()
    }

    /// What is another of waves, for those who look at one.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// Whether tokens may have come or gone.
    pub fn has_tokens(&self) -> bool {
        self.tokens
    }

    /// Whether what access is answered from may be another.
    pub fn has_answers(&self) -> bool {
        self.n() > 0 || self.switched.is_some()
    }

    /// What was known before, with what moved as it is now.
    pub async fn laid_over(&self, sql: &Sql, before: &Snapshot) -> Result<Snapshot, Broken> {
        let mut members = Members::clone(before.members());
        store::add_units(sql, &self.units, &mut members).await?;
        store::settle_people(sql, &self.people, &mut members).await?;
        let version = self.switched.map_or(0, version_of).max(before.version());
        let mut builder = Builder::from_before(before, version, Arc::new(members));
        if self.switched.is_some() {
            store::switch(sql, &mut builder, &self.slots).await?;
        }
        Ok(builder.build())
    }
}
