//! What holds of every wave at every moment, whoever did what in whatever order: read from the database alone.

use std::collections::BTreeMap;

use traction::contend::application;
use traction::contend::draw::store as draws;
use traction::grant::slot;
use traction::offer::wave;
use traction::offer::wave::store::Wave;
use traction::world::World;
use traction_domain::contend::draw::verify;
use traction_domain::fact::Fact;
use traction_domain::grant::slot::Asked;
use traction_domain::id::{ChangeId, SlotId, UnitId};

/// What was seen once, and may never change from then on.
#[derive(Default)]
pub struct Seen {
    /// By wave: the commitment.
    commitments: BTreeMap<usize, String>,
    /// By wave: the canonical list, with its hash.
    lists: BTreeMap<usize, (String, String)>,
    /// By wave: the record, without what is decided past it.
    records: BTreeMap<usize, String>,
    /// By wave: the public sources, as they were named when the list was frozen.
    sources: BTreeMap<usize, Vec<String>>,
}

impl Seen {
    /// Fails with the first thing about the waves of a change that does not hold.
    pub async fn check(&mut self, world: &World, change: ChangeId) -> Result<(), String> {
        let sql = world.store().read();
        let now = world.now();
        let slots = slot::store::of_change(sql, change).await.unwrap();
        for (at, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.state(now).is_held()) {
            if slots[..at].iter().any(|other| other.unit == slot.unit && other.state(now).is_held()) {
                return Err(format!("{} holds the change twice", slot.unit_slug));
            }
        }
        for wave in wave::store::of_change(sql, change).await.unwrap() {
            let n = wave.n;
            let own: Vec<_> = slots.iter().filter(|slot| slot.wave == Some(wave.id)).collect();
            let n_live = own.iter().filter(|slot| slot.state(now).is_live()).count();
            if n_live > wave.n_slots {
                return Err(format!("wave {n} has {n_live} slots of {}", wave.n_slots));
            }
            for (at, slot) in own.iter().enumerate() {
                if own[..at].iter().any(|other| other.unit == slot.unit) {
                    return Err(format!("{} got two slots of wave {n}", slot.unit_slug));
                }
            }
            let applications = application::store::live_of_wave(sql, wave.id).await.unwrap();
            for (at, one) in applications.iter().enumerate() {
                if applications[..at].iter().any(|other| other.unit == one.unit) {
                    return Err(format!("{} applied twice to wave {n}", one.unit_slug));
                }
            }
            if let Some(made) = draws::commitment(sql, wave.id).await.unwrap() {
                same(&mut self.commitments, n, made.commitment.to_string(), "the commitment")?;
            }
            let frozen = draws::frozen(sql, wave.id).await.unwrap();
            if let Some(frozen) = &frozen {
                if !self.lists.contains_key(&n) {
                    holds_none(world, &wave, frozen).await?;
                }
                let list = (frozen.entrants.canonical(), frozen.list_hash.to_string());
                same(&mut self.lists, n, list, "the frozen list")?;
                let sources = draws::sources(sql, wave.id).await.unwrap();
                let sources = sources.into_iter().map(|source| source.name).collect();
                same(&mut self.sources, n, sources, "the named sources")?;
                let left_out = draws::left_out(sql, wave.id).await.unwrap();
                let was_left_out = |unit: UnitId| left_out.iter().any(|off| off.unit == unit);
                let is_late = |one: &&application::store::Application| {
                    let is_listed = frozen.entrants.position(one.unit_slug.as_str()).is_some();
                    !is_listed && !was_left_out(one.unit)
                };
                if let Some(late) = applications.iter().find(is_late) {
                    return Err(format!("{} applied to wave {n}, whose list was frozen", late.unit_slug));
                }
            }
            let Some(drawn) = draws::drawn(sql, wave.id).await.unwrap() else {
                if own.is_empty() {
                    continue;
                }
                return Err(format!("wave {n} has slots and was not drawn"));
            };
            let mut record = drawn.record;
            verify(&record).map_err(|flaw| format!("the record of wave {n}: {flaw}"))?;
            let listed = frozen.map(|frozen| frozen.list_hash);
            if listed != Some(record.list_hash) {
                return Err(format!("wave {n} was drawn from another list"));
            }
            if self.commitments.get(&n) != Some(&record.commitment.to_string()) {
                return Err(format!("wave {n} was drawn with another secret"));
            }
            let gone = draws::withdrawn_units(sql, wave.id).await.unwrap();
            for slot in own {
                let unit = slot.unit_slug.as_str();
                // What two people gave past the draw may also go to whoever had withdrawn.
                let is_kept = slot.asked == Asked::Pull && slot.state(now).is_live();
                if is_kept && gone.contains(unit) {
                    return Err(format!("{unit} withdrew from wave {n}, and has its slot"));
                }
                let by_draw = record.granted.iter().chain(&record.waiting).any(|one| one == unit);
                let decided = record.overrides.iter().find(|decided| decided.unit == unit);
                let by_two = decided.is_some_and(|decided| {
                    let (first, second) = decided.who.split_once(", confirmed by ").unwrap_or_default();
                    !first.is_empty() && first != second
                });
                let is_right = if slot.asked == Asked::Push { by_two } else { by_draw };
                if !is_right {
                    return Err(format!(
                        "{unit} has a slot of wave {n} that neither draw nor two people gave"
                    ));
                }
            }
            record.overrides.clear();
            same(&mut self.records, n, record.to_json(), "the record")?;
        }
        Ok(())
    }
}

/// Fails where a list has a unit that held the change when it was frozen: told by the order of the journal, since the clocks
/// of several servers do not agree.
async fn holds_none(world: &World, wave: &Wave, frozen: &draws::Frozen) -> Result<(), String> {
    let sql = world.store().read();
    let mut holding: BTreeMap<SlotId, UnitId> = BTreeMap::new();
    for entry in sql.entries_after(0, 1_000_000).await.unwrap() {
        match entry.fact {
            Fact::ListFrozen { wave: of, .. } if of == wave.id => break,
            Fact::SlotGranted { slot, change, unit } if change == wave.change => {
                holding.insert(slot, unit);
            }
            Fact::SlotGivenBack { slot } | Fact::SlotLapsed { slot } | Fact::SlotEnded { slot } => {
                holding.remove(&slot);
            }
            _ => {}
        }
    }
    for slot in slot::store::of_change(sql, wave.change).await.unwrap() {
        let is_over = slot.not_after.is_some_and(|until| until <= frozen.frozen_at);
        let is_listed = frozen.entrants.position(slot.unit_slug.as_str()).is_some();
        if holding.contains_key(&slot.id) && !is_over && is_listed {
            return Err(format!("{} is on the list of wave {}, and held a slot", slot.unit_slug, wave.n));
        }
    }
    Ok(())
}

fn same<T: PartialEq>(seen: &mut BTreeMap<usize, T>, n: usize, now: T, what: &str) -> Result<(), String> {
    match seen.get(&n) {
        Some(before) if *before != now => Err(format!("{what} of wave {n} changed")),
        Some(_) => Ok(()),
        None => {
            seen.insert(n, now);
            Ok(())
        }
    }
}
