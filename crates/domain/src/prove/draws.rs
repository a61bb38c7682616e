//! From draws' records to lists that the statistics read: who contended in which tier, and what the lot gave them.
//!
//! A record that does not hold, or is another draw's than the table's starts, is no ground for a claim, and is refused
//! before anything is looked at.

mod told;

use std::collections::{HashMap, HashSet};

use traction_stats::effect::risk_set::{Admission, Entrant, Lot, Tier, Wave};
use traction_stats::panel::{Panel, Period};

use self::told::Told;
use super::check::Check;
use super::evidence::LeftOut;
use crate::contend::draw::{Flaw, Line, Place, Record, verify};
use crate::words::Noun;

/// A draw with the first period in which its slots were in use.
#[derive(Clone, Copy, Debug)]
pub struct DrawnWave<'a> {
    /// The first period with its slots.
    pub at: Period,
    /// Its published record.
    pub record: &'a Record,
}

/// Why draws' records are no ground for a claim.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DrawsRefused {
    /// A record that was changed after the draw.
    #[error("the record of the draw for {at} does not hold: {flaw}; ask for the record as it was published")]
    Tampered {
        /// Its slots' first period.
        at: Period,
        /// The first thing that does not hold.
        flaw: Flaw,
    },
    /// One draw given twice.
    #[error("the draws for {at} and for {again} are one and the same record; give each draw once")]
    Twice {
        /// The slots' first period, as given first.
        at: Period,
        /// As given again.
        again: Period,
    },
    /// A draw of other units.
    #[error(
        "none of the units in the record of the draw for {at} is among the outcomes; use the same names for units in both"
    )]
    OtherUnits {
        /// Its slots' first period.
        at: Period,
    },
    /// A draw for another period.
    #[error(
        "by the draw's record, units got slots that start in {at}, but by the outcomes' starts {}; check the period \
         given with the draw, and the starts",
        match starts { Some(starts) => format!("their first start is {starts}"), None => "none of them ever starts".to_owned() }
    )]
    OtherStarts {
        /// Its slots' first period, as given.
        at: Period,
        /// When the first of them starts by the outcomes.
        starts: Option<Period>,
    },
}

/// What the records say of a panel's units.
#[derive(Clone, Debug, Default)]
pub(super) struct Waves {
    /// Lists, with units by their row of the panel.
    pub lists: Vec<Wave>,
    /// Records that say nothing yet.
    pub left_out: Option<LeftOut>,
    /// Whether records and starts tell the same.
    pub told: Option<Check>,
}

/// The waves' lists, with units by their row of the panel.
///
/// A wave whose slots start after the last period says nothing yet, and is not among them. Who withdrew between closing and
/// draw contended for nothing; who withdrew afterwards stays as the lot left him. Where losers start later in a way that no
/// record tells, only the periods before are compared.
pub(super) fn waves(panel: &Panel, draws: &[DrawnWave<'_>]) -> Result<Waves, DrawsRefused> {
    let rows: HashMap<&str, usize> =
        panel.units().iter().enumerate().map(|(row, unit)| (unit, row)).collect();
    for (place, draw) in draws.iter().enumerate() {
        let DrawnWave { at, record } = *draw;
        verify(record).map_err(|flaw| DrawsRefused::Tampered { at, flaw })?;
        let same = |other: &&DrawnWave<'_>| other.record.seed == record.seed;
        if let Some(first) = draws[..place].iter().find(same) {
            return Err(DrawsRefused::Twice { at: first.at, again: at });
        }
    }
    let last = panel.periods().last();
    let (begun, to_come): (Vec<DrawnWave<'_>>, Vec<_>) =
        draws.iter().partition(|draw| Some(&draw.at) <= last);
    let mut lists: Vec<Wave> = begun.iter().map(|draw| list(&rows, draw)).collect();
    let told = Told::of(panel, &mut lists)?;
    let left_out = (!to_come.is_empty()).then(|| LeftOut {
        what: Noun::of("draw", "draws"),
        count: to_come.len(),
        why: format!(
            "slots that start after the last period tell nothing yet ({})",
            to_come.iter().map(|draw| draw.at.to_string()).collect::<Vec<_>>().join(", ")
        ),
    });
    Ok(Waves { told: (!lists.is_empty()).then(|| told.check()), lists, left_out })
}

fn list(rows: &HashMap<&str, usize>, draw: &DrawnWave<'_>) -> Wave {
    let DrawnWave { at, record } = *draw;
    let withdrawn: HashSet<&str> = record.withdrawn.iter().map(String::as_str).collect();
    let granted: HashSet<&str> = record.granted.iter().map(String::as_str).collect();
    let decided: HashSet<&str> = record.overrides.iter().map(|decided| decided.unit.as_str()).collect();
    let entrant = |line: &Line| {
        let entry = &line.entry;
        let unit = entry.unit.as_str();
        Entrant {
            unit: rows.get(unit).copied(),
            tier: Tier { band: entry.band.into(), layer: entry.layer.into() },
            admission: match entry.place {
                _ if decided.contains(unit) => Admission::Override,
                Place::Protected => Admission::Protected,
                Place::Open => Admission::Open,
            },
            lot: if granted.contains(unit) { Lot::Won } else { Lot::Lost },
            // Without a cap the tiers alone decided, and the odds follow from them.
            probability: record.terms.cap.and_then(|_| record.probability.get(unit).copied()),
        }
    };
    let contended = record.list.iter().filter(|line| !withdrawn.contains(line.entry.unit.as_str()));
    Wave { at, entrants: contended.map(entrant).collect(), until: None }
}
