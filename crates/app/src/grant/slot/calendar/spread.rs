//! The spread over the organisation's tree: each unit a token on its branch.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::grant::slot::State;
use traction_domain::id::UnitId;
use traction_domain::time::Moment;

use super::pages::{Ground, in_short};
use crate::grant::slot::store::Slot;
use crate::org::unit::store::Unit;
use crate::web::charts::{Branch, Chart, Leaf, Names, Spread, SpreadTree, Standing};
use crate::web::{View, when};

/// Units that can be named in the picture; of more only tokens stand there.
const MOST_NAMED: usize = 120;
/// Units that can have tokens; of more only each branch is counted, but for the one that is looked into.
const MOST_TOKENS: usize = 1_200;

/// The picture.
pub(super) fn chart(view: &View, ground: &Ground) -> Chart {
    let slots = latest(ground);
    let mut below: BTreeMap<Option<UnitId>, Vec<&Unit>> = BTreeMap::new();
    for unit in ground.units.values() {
        below.entry(unit.parent.filter(|parent| ground.units.contains_key(parent))).or_default().push(unit);
    }
    for units in below.values_mut() {
        units.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let n_leaves = ground.front.len();
    let waveless = ground.slots.iter().filter(|slot| slot.wave.is_none());
    let starts = waveless.map(|slot| slot.not_before).collect();
    let look = Look { view, ground, slots: &slots, below: &below, n_leaves, starts };
    let mut branches = Vec::new();
    look.branch(None, 0, &view.world.settings().organisation, &mut branches);
    // A top with one branch and nothing of its own says nothing.
    if branches.len() > 1
        && branches[0].leaves.is_empty()
        && below.get(&None).is_some_and(|top| top.len() == 1)
    {
        branches.remove(0);
        branches.iter_mut().for_each(|branch| branch.depth = branch.depth.saturating_sub(1));
    }
    let names = if n_leaves <= MOST_NAMED { Names::Shown } else { Names::OnDemand };
    let n_have = slots.values().filter(|slot| has(view, slot)).count();
    let title = format!("{n_have} of {n_leaves} units have it, each with the number of its wave");
    SpreadTree { branches, names }.chart(title)
}

/// The last slot of each unit.
fn latest(ground: &Ground) -> BTreeMap<UnitId, &Slot> {
    let mut latest: BTreeMap<UnitId, &Slot> = BTreeMap::new();
    for slot in &ground.slots {
        let newest = latest.entry(slot.unit).or_insert(slot);
        if (slot.granted_at, slot.id) > (newest.granted_at, newest.id) {
            *newest = slot;
        }
    }
    latest
}

fn has(view: &View, slot: &Slot) -> bool {
    slot.access().iter().any(|span| span.holds(view.now))
}

/// A look at the tree from the top down.
struct Look<'a> {
    view: &'a View,
    ground: &'a Ground,
    slots: &'a BTreeMap<UnitId, &'a Slot>,
    below: &'a BTreeMap<Option<UnitId>, Vec<&'a Unit>>,
    n_leaves: usize,
    /// When slots without a wave started.
    starts: BTreeSet<Moment>,
}

impl Look<'_> {
    /// Adds the branch of a unit, and those below it; how many units at the front it has, and how many have the change.
    fn branch(
        &self,
        unit: Option<&Unit>,
        depth: usize,
        name: &str,
        branches: &mut Vec<Branch>,
    ) -> (usize, usize) {
        let place = branches.len();
        branches.push(Branch { depth, name: name.to_owned(), says: String::new(), leaves: vec![] });
        let below = self.below.get(&unit.map(|unit| unit.id)).map(Vec::as_slice).unwrap_or_default();
        let (ends, inner): (Vec<&Unit>, Vec<&Unit>) =
            below.iter().copied().partition(|unit| !self.below.contains_key(&Some(unit.id)));
        // A unit that has units below it and a slot of its own stands first on its own branch.
        let own = unit.filter(|unit| self.slots.contains_key(&unit.id));
        let ends: Vec<&Unit> = own.into_iter().chain(ends).collect();
        let mut n_have = ends
            .iter()
            .filter(|unit| self.slots.get(&unit.id).is_some_and(|slot| has(self.view, slot)))
            .count();
        let mut n_all = ends.len();
        let is_opened = unit.is_some_and(|unit| unit.slug.as_str() == self.ground.opened);
        if self.n_leaves <= MOST_TOKENS || is_opened {
            branches[place].leaves = ends.iter().map(|unit| self.leaf(unit)).collect();
        }
        // The tree is as deep as an organisation is; a circle written past the verbs has no top, and is never reached.
        for unit in inner {
            let (n, n_with) = self.branch(Some(unit), depth + 1, &unit.name, branches);
            n_all += n;
            n_have += n_with;
        }
        branches[place].says = format!("{n_have} of {n_all} have it");
        (n_all, n_have)
    }

    fn n_starts_before(&self, slot: &Slot) -> usize {
        self.starts.range(..slot.not_before).count()
    }

    fn leaf(&self, unit: &Unit) -> Leaf {
        let name = unit.name.clone();
        let Some(slot) = self.slots.get(&unit.id) else {
            return Leaf { name, holds: Spread::Without, says: "without".into() };
        };
        let state = slot.state(self.view.now);
        let now = match state {
            State::Started | State::HandedOver => Standing::On,
            State::Granted => Standing::Ahead,
            State::Paused => Standing::Paused,
            State::GivenBack | State::Lapsed | State::Ended => Standing::Over,
        };
        let date = when::day(slot.not_before, self.view.zone());
        let wave = slot.wave_n.map_or("without a wave".to_owned(), |n| format!("wave {n}"));
        let says = format!("{wave}, from {date}: {}", in_short(state));
        let mark = slot.wave_n.map_or("–".to_owned(), |n| n.to_string());
        // Without a wave, as in an imported roll-out, the start tells how early it was.
        let place = slot.wave_n.map_or_else(|| self.n_starts_before(slot), |n| n.saturating_sub(1));
        Leaf { name, holds: Spread::Slot { mark, place, now }, says }
    }
}
