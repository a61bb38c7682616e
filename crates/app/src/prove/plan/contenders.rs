//! Who contends for the slots of a change's waves, as a plan takes it. Decides nothing: lists are frozen where draws are.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::contend::draw::{Cap, Entry, Place};

use crate::contend::{draw, policy};
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::trouble::Trouble;
use crate::world::World;

/// Who contends: each unit's band and layer, and how many protected places each wave has.
pub struct Contenders {
    /// By unit.
    pub order: BTreeMap<String, (u32, u32)>,
    /// By unit, its parent, where a wave has a cap.
    pub parents: BTreeMap<String, String>,
    /// The most slots of a wave that units under one parent get; of the last wave, where they differ.
    pub cap: Option<Cap>,
    /// By the wave's number.
    pub n_protected: BTreeMap<usize, usize>,
}

/// The units of all waves' lists, as frozen, or as they would be frozen now. A unit on several counts as on the last.
pub async fn contenders(world: &World, change: &Change, waves: &[Wave]) -> Result<Contenders, Trouble> {
    let (sql, now) = (world.store().read(), world.now());
    let holders = draw::run::holders(sql, change.id, now).await?;
    let (mut order, mut protected) = (BTreeMap::new(), BTreeSet::new());
    let mut n_protected = BTreeMap::new();
    let (mut parents, mut cap) = (BTreeMap::new(), None);
    for wave in waves {
        let entries: Vec<Entry> = match draw::store::frozen(sql, wave.id).await? {
            Some(frozen) => {
                let withdrawn = draw::store::withdrawn_units(sql, wave.id).await?;
                let entries = frozen.entrants.entries().iter().cloned();
                entries.filter(|entry| !withdrawn.contains(&entry.unit)).collect()
            }
            None => {
                let listed = draw::verbs::entries(sql, wave, &holders, now).await?;
                listed.entries.into_iter().map(|(_, entry)| entry).collect()
            }
        };
        cap = policy::store::of_wave(sql, wave.id).await?.cap;
        for entry in entries {
            if let Some(parent) = &entry.parent {
                parents.insert(entry.unit.clone(), parent.clone());
            }
            if entry.place == Place::Protected {
                *n_protected.entry(wave.n).or_insert(0) += 1;
                protected.insert(entry.unit);
            } else {
                order.insert(entry.unit, (entry.band, entry.layer));
            }
        }
    }
    order.retain(|unit, _| !protected.contains(unit));
    Ok(Contenders { order, parents, cap, n_protected })
}
