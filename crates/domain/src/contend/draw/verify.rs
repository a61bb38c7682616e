//! Verification: recomputes a whole record and names the first thing that does not hold.
//!
//! What no hash covers it cannot check, and does not pretend to: the names and times in the heading, the capacity
//! and the cap where another would have given the same result, and what the overrides say of a unit on the list.
//! Compare those with what was published at opening and closing.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Digest, DrawRefused, Drawn, Entrants, EntrantsRefused, Flaw, Ranked, Record, RiskSet, Seed, run,
};

/// How far a stated probability may be from the recomputed one: another program may print fewer digits.
const PROBABILITY_TOLERANCE: f64 = 1e-9;

/// A record that was recomputed and holds. Only [`verify`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified<'a> {
    record: &'a Record,
    drawn: Drawn,
}

impl<'a> Verified<'a> {
    /// The record.
    pub fn record(&self) -> &'a Record {
        self.record
    }

    /// The draw as it was recomputed.
    pub fn drawn(&self) -> &Drawn {
        &self.drawn
    }

    /// Those for whom chance alone decided, without the units a person decided about; `None` where fewer than two
    /// are left to compare.
    pub fn risk_set(&self) -> Option<RiskSet> {
        self.drawn.risk_set.clone()?.without(&self.record.overrides)
    }
}

/// Recomputes a record, in the order in which it came to be.
///
/// # Errors
/// The first [`Flaw`] met.
pub fn verify(record: &Record) -> Result<Verified<'_>, Flaw> {
    times(record)?;
    equal(record.commitment, record.secret.commitment(), |stated, computed| Flaw::Commitment {
        stated,
        computed,
    })?;
    let entrants = entrants(record)?;
    let list_hash = entrants.hash();
    equal(record.list_hash, list_hash, |stated, computed| Flaw::ListHash { stated, computed })?;
    let seed = Seed::new(&list_hash, &record.secret, &record.public)
        .map_err(|refused| Flaw::NotDrawable(DrawRefused::from(refused)))?;
    equal(record.seed, seed.digest(), |stated, computed| Flaw::Seed { stated, computed })?;
    let drawn = run(&entrants, &withdrawn(record)?, record.terms, &seed).map_err(Flaw::NotDrawable)?;
    order(record, &drawn)?;
    row("granted", &record.granted, &drawn.granted)?;
    row("waiting", &record.waiting, &drawn.waiting)?;
    probability(record, &drawn)?;
    let is_listed = |unit: &str| record.list.iter().any(|line| line.entry.unit == unit);
    if let Some(decided) = record.overrides.iter().find(|decided| !is_listed(&decided.unit)) {
        return Err(Flaw::NotListed { unit: decided.unit.clone() });
    }
    if let Some(decided) = record.overrides.iter().find(|decided| decided.why.trim().is_empty()) {
        return Err(Flaw::NoReason { unit: decided.unit.clone() });
    }
    Ok(Verified { record, drawn })
}

fn times(record: &Record) -> Result<(), Flaw> {
    let heading = &record.heading;
    let known = [("opened", heading.opened), ("closed", heading.closed), ("drawn", heading.drawn)];
    let known: Vec<_> = known.into_iter().filter_map(|(key, at)| at.map(|at| (key, at))).collect();
    match known.windows(2).find(|pair| pair[0].1 > pair[1].1) {
        Some(pair) => {
            let ((earlier, first), (later, second)) = (pair[0], pair[1]);
            Err(Flaw::Times { earlier, first, later, second })
        }
        None => Ok(()),
    }
}

fn equal(stated: Digest, computed: Digest, flaw: impl Fn(Digest, Digest) -> Flaw) -> Result<(), Flaw> {
    if stated == computed { Ok(()) } else { Err(flaw(stated, computed)) }
}

/// The list as stated, when it is numbered, sorted and without repeats.
fn entrants(record: &Record) -> Result<Entrants, Flaw> {
    let mut before = "";
    for (place, line) in (1..).zip(&record.list) {
        let unit = &line.entry.unit;
        if unit.as_bytes() <= before.as_bytes() {
            return Err(Flaw::Sequence { unit: unit.clone(), before: before.into() });
        }
        if usize::try_from(line.number) != Ok(place) {
            return Err(Flaw::Number { unit: unit.clone(), stated: line.number, place });
        }
        if line.entry.parent.is_some() && record.terms.cap.is_none() {
            return Err(Flaw::ParentWithoutCap { unit: unit.clone() });
        }
        before = unit;
    }
    let entries = record.list.iter().map(|line| line.entry.clone()).collect();
    Entrants::new(entries).map_err(|refused| match refused {
        EntrantsRefused::NoEntrants => Flaw::ListEmpty,
        EntrantsRefused::Nameless => Flaw::Sequence { unit: String::new(), before: String::new() },
        EntrantsRefused::Twice { unit } => Flaw::Sequence { before: unit.clone(), unit },
    })
}

fn withdrawn(record: &Record) -> Result<BTreeSet<String>, Flaw> {
    let mut withdrawn = BTreeSet::new();
    for unit in &record.withdrawn {
        if !withdrawn.insert(unit.clone()) {
            return Err(Flaw::WithdrawnTwice { unit: unit.clone() });
        }
    }
    Ok(withdrawn)
}

fn order(record: &Record, drawn: &Drawn) -> Result<(), Flaw> {
    // A score is looked at before its place: a changed score is the cause, the place the consequence.
    let scores: BTreeMap<_, _> = drawn.order.iter().map(|ranked| (&ranked.unit, ranked.score)).collect();
    for Ranked { unit, score: stated } in &record.order {
        if let Some(computed) = scores.get(unit).filter(|computed| *computed != stated) {
            return Err(Flaw::Score { unit: unit.clone(), stated: *stated, computed: *computed });
        }
    }
    let units = |order: &[Ranked]| order.iter().map(|ranked| ranked.unit.clone()).collect::<Vec<_>>();
    row("order", &units(&record.order), &units(&drawn.order))
}

fn row(key: &'static str, stated: &[String], computed: &[String]) -> Result<(), Flaw> {
    let n_places = stated.len().max(computed.len());
    match (0..n_places).find(|index| stated.get(*index) != computed.get(*index)) {
        Some(index) => Err(Flaw::Row {
            key,
            place: index + 1,
            stated: stated.get(index).cloned(),
            computed: computed.get(index).cloned(),
        }),
        None => Ok(()),
    }
}

fn probability(record: &Record, drawn: &Drawn) -> Result<(), Flaw> {
    for unit in drawn.probability.keys().chain(record.probability.keys()) {
        let stated = record.probability.get(unit).copied();
        let computed = drawn.probability.get(unit).copied();
        let agree =
            matches!((stated, computed), (Some(a), Some(b)) if (a - b).abs() <= PROBABILITY_TOLERANCE);
        if !agree {
            return Err(Flaw::Probability { unit: unit.clone(), stated, computed });
        }
    }
    Ok(())
}
