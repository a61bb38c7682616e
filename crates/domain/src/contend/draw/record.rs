//! The record of a draw, `traction.draw/1`: what is published so that anyone can recompute it.
//!
//! A [`Record`] states; it does not vouch. What was read from a file may be wrong in every part until
//! [`super::verify`] has looked at it. Its JSON is in `wire.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Contest, Counted, Digest, DrawRefused, Drawn, Entrants, Entry, PublicSource, Ranked, Secret, Seed, Terms,
    run_counted,
};
use crate::time::Moment;

/// What was drawn for, and when. All of it is unknown in a draw made offline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// The change's slug.
    pub change: Option<String>,
    /// The wave's name.
    pub wave: Option<String>,
    /// When applications opened and the commitment was published.
    pub opened: Option<Moment>,
    /// When applications closed and the list was frozen.
    pub closed: Option<Moment>,
    /// When the draw was run.
    pub drawn: Option<Moment>,
}

/// A numbered entry, as the record states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the list, from 1.
    pub number: u32,
    /// The entry.
    pub entry: Entry,
}

/// A decision by a person that departs from the draw. It changes nothing in the draw, and takes the unit out of
/// every risk set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The unit decided about.
    pub unit: String,
    /// What was decided, say "granted" or "barred".
    pub what: String,
    /// Who decided.
    pub who: String,
    /// The reason given.
    pub why: String,
    /// When.
    pub when: Option<Moment>,
}

/// The published record of one draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What was drawn for, and when.
    pub heading: Heading,
    /// SHA-256 of the secret, published at opening.
    pub commitment: Digest,
    /// The secret, published with the draw.
    pub secret: Secret,
    /// The public sources in the order in which they were named.
    pub public: Vec<PublicSource>,
    /// The frozen list.
    pub list: Vec<Line>,
    /// Its hash, published at closing.
    pub list_hash: Digest,
    /// Who withdrew between closing and draw.
    pub withdrawn: Vec<String>,
    /// The capacity and the cap.
    pub terms: Terms,
    /// The seed.
    pub seed: Digest,
    /// Every entry by band, layer and score.
    pub order: Vec<Ranked>,
    /// Who gets a slot.
    pub granted: Vec<String>,
    /// Who waits.
    pub waiting: Vec<String>,
    /// Each entry's probability of a slot (0 to 1).
    pub probability: BTreeMap<String, f64>,
    /// Decisions that depart from the draw.
    pub overrides: Vec<Override>,
}

impl Record {
    /// Runs the draw and writes down all that is needed to recompute it.
    ///
    /// # Errors
    /// [`DrawRefused`] as [`run`](super::run), and when a named public source has no value yet.
    pub fn new(
        heading: Heading,
        secret: Secret,
        public: Vec<PublicSource>,
        entrants: &Entrants,
        withdrawn: &BTreeSet<String>,
        terms: Terms,
    ) -> Result<Self, DrawRefused> {
        // Whatever is missing is said before ten thousand draws.
        Seed::new(&entrants.hash(), &secret, &public)?;
        let (entrants, withdrawn) = (entrants.clone(), withdrawn.clone());
        Self::counted(heading, secret, public, &Contest { entrants, withdrawn, terms }.count()?)
    }

    /// As [`Record::new`], where the chances have been counted before.
    ///
    /// # Errors
    /// As [`Record::new`].
    pub fn counted(
        heading: Heading,
        secret: Secret,
        public: Vec<PublicSource>,
        counted: &Counted,
    ) -> Result<Self, DrawRefused> {
        let Contest { entrants, withdrawn, terms } = counted.contest();
        let list_hash = entrants.hash();
        let seed = Seed::new(&list_hash, &secret, &public)?;
        let Drawn { order, granted, waiting, probability, risk_set: _ } = run_counted(counted, &seed)?;
        let list = (1..).zip(entrants.entries().iter().cloned());
        Ok(Self {
            heading,
            commitment: secret.commitment(),
            secret,
            public,
            list: list.map(|(number, entry)| Line { number, entry }).collect(),
            list_hash,
            withdrawn: withdrawn.iter().cloned().collect(),
            terms: *terms,
            seed: seed.digest(),
            order,
            granted,
            waiting,
            probability,
            overrides: Vec::new(),
        })
    }

    /// The record with a decision added that departs from the draw.
    pub fn with_override(mut self, decided: Override) -> Self {
        self.overrides.push(decided);
        self
    }

    /// Reads a record from its JSON.
    ///
    /// # Errors
    /// [`super::Unreadable`] with line and column when the text is not a record of this schema. Whether what it
    /// states holds is [`super::verify`]'s question.
    pub fn parse(json: &str) -> Result<Self, super::Unreadable> {
        super::wire::read(json)
    }

    /// The record as JSON, indented, with a line end.
    pub fn to_json(&self) -> String {
        super::wire::write(self)
    }
}
