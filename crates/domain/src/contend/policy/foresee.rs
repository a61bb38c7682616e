//! What a policy would do to contenders, before it is published: who stands where, who is kept out and why, and how
//! likely a slot is for each.
//!
//! The same rules as in the draw, asked before it: an entry and a probability here are what the list and the record would
//! hold, if exactly these contended.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Ineligible, Nearness, Policy};
use crate::contend::draw::{Contest, Counted, DrawRefused, Entrants, Entry, Place, Slots, Terms};
use crate::org::slug::Slug;
use crate::sense::readiness::Readiness;

/// A unit as the policy meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Contender {
    /// Its short name.
    pub unit: Slug,
    /// The short name of the unit above it.
    pub parent: Option<Slug>,
    /// Its readiness, where a pulse is shown.
    pub readiness: Option<Readiness>,
    /// How near it is to where the change works, as the policy's layers tell it.
    pub nearness: Nearness,
    /// Whether its place is protected.
    pub place: Place,
}

/// What a policy would do to a contender.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreseen {
    /// Its short name.
    pub unit: Slug,
    /// How near it is.
    pub nearness: Nearness,
    /// Where it would stand.
    pub prospect: Prospect,
}

/// Where a contender would stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Prospect {
    /// On the list.
    Listed {
        /// Its entry.
        entry: Entry,
        /// How likely a slot is, from 0 to 1.
        chance: f64,
    },
    /// Not on it.
    KeptOut(Ineligible),
}

/// [`foresee_by`] with chances counted here.
///
/// # Errors
/// As [`foresee_by`].
pub fn foresee(
    policy: &Policy,
    contenders: &[Contender],
    slots: Slots,
) -> Result<Vec<Foreseen>, DrawRefused> {
    foresee_by(policy, contenders, slots, |contest| contest.count().map(Arc::new))
}

/// What the policy would do to these contenders, in the order of bands, layers and names; those kept out last.
///
/// - `count`: counts the chances of a contest, or knows them.
///
/// # Errors
/// [`DrawRefused::ProtectedExceedSlots`] where more places are protected than there are slots.
pub fn foresee_by(
    policy: &Policy,
    contenders: &[Contender],
    slots: Slots,
    count: impl FnOnce(Contest) -> Result<Arc<Counted>, DrawRefused>,
) -> Result<Vec<Foreseen>, DrawRefused> {
    let mut kept_out = Vec::new();
    let mut listed = Vec::new();
    for contender in contenders {
        match policy.entry_of(contender) {
            Ok(entry) => listed.push((contender, entry)),
            Err(why) => {
                let (unit, nearness) = (contender.unit.clone(), contender.nearness);
                kept_out.push(Foreseen { unit, nearness, prospect: Prospect::KeptOut(why) });
            }
        }
    }
    // An empty list has no chances to tell.
    let Ok(entrants) = Entrants::new(listed.iter().map(|(_, entry)| entry.clone()).collect()) else {
        return Ok(kept_out);
    };
    let terms = Terms { slots, cap: policy.cap };
    let chances = count(Contest { entrants, withdrawn: BTreeSet::new(), terms })?.chances();
    listed.sort_by(|(_, a), (_, b)| {
        let key = |entry: &Entry| (entry.place == Place::Open, entry.band, entry.layer, entry.unit.clone());
        key(a).cmp(&key(b))
    });
    let listed = listed.into_iter().map(|(contender, entry)| {
        let chance = chances.get(&entry.unit).copied().unwrap_or(0.0);
        let (unit, nearness) = (contender.unit.clone(), contender.nearness);
        Foreseen { unit, nearness, prospect: Prospect::Listed { entry, chance } }
    });
    Ok(listed.chain(kept_out).collect())
}
