//! From draws' records to lists that the statistics read: who contended in which tier, and what the lot gave them.
//!
//! A record that does not hold is no ground for a claim, and is refused before anything is looked at.

use std::collections::{HashMap, HashSet};

use traction_stats::effect::risk_set::{Admission, Entrant, Lot, Tier, Wave};
use traction_stats::panel::{Panel, Period};

use crate::contend::draw::{Flaw, Line, Place, Record, verify};

/// A draw with the first period in which its slots were in use.
#[derive(Clone, Copy, Debug)]
pub struct DrawnWave<'a> {
    /// The first period with its slots.
    pub at: Period,
    /// Its published record.
    pub record: &'a Record,
}

/// A record that was changed after the draw.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the record of the draw for {at} does not hold: {flaw}; ask for the record as it was published")]
pub struct Tampered {
    /// Its slots' first period.
    pub at: Period,
    /// The first thing that does not hold.
    pub flaw: Flaw,
}

/// The waves' lists, with units by their row of the panel.
///
/// A wave whose slots start after the last period says nothing yet, and is not among them. Who withdrew between closing and draw contended for nothing; who withdrew afterwards stays as the lot left him.
pub(super) fn waves(panel: &Panel, draws: &[DrawnWave<'_>]) -> Result<Vec<Wave>, Tampered> {
    let rows: HashMap<&str, usize> =
        panel.units().iter().enumerate().map(|(row, unit)| (unit.as_str(), row)).collect();
    let last = panel.periods().last();
    let waves = draws.iter().map(|draw| wave(&rows, draw)).collect::<Result<Vec<_>, _>>()?;
    Ok(waves.into_iter().filter(|wave| Some(&wave.at) <= last).collect())
}

fn wave(rows: &HashMap<&str, usize>, draw: &DrawnWave<'_>) -> Result<Wave, Tampered> {
    let DrawnWave { at, record } = *draw;
    verify(record).map_err(|flaw| Tampered { at, flaw })?;
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
    Ok(Wave { at, entrants: contended.map(entrant).collect() })
}
