//! What ties an event to a unit and a change: what it says itself, else who did it and which slot his unit held then.
//!
//! An event that cannot be tied is kept all the same, and the page of arriving usage says so: it was used, we just
//! do not know by whom. One that names a unit or a change that is not there is set aside: it may be a slip of the pen.

pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::usage::EventRefused;
use traction_domain::org::slug::Slug;

use crate::measure::usage::letter::UsageWish;
use crate::measure::usage::ties::store::SlotTime;
use crate::store::Sql;
use crate::trouble::Broken;

/// All that is known of the people, units and changes that some events name.
pub struct Ties {
    of_people: BTreeMap<String, Vec<UnitId>>,
    units: BTreeMap<String, UnitId>,
    changes: BTreeMap<String, ChangeId>,
    slots: Vec<SlotTime>,
}

impl Ties {
    /// Looks up what these events name, with a handful of queries however many they are.
    /// `asked` are names of showings: whom a flag was asked for may turn out to be a unit.
    pub async fn of<'a>(
        sql: &Sql,
        wishes: impl IntoIterator<Item = &'a UsageWish> + Clone,
        asked: impl IntoIterator<Item = &'a str>,
    ) -> Result<Ties, Broken> {
        let people: BTreeSet<&str> =
            wishes.clone().into_iter().filter_map(|wish| wish.person.as_deref()).collect();
        let named = wishes.into_iter().filter_map(|wish| wish.unit.as_deref());
        let slugs: BTreeSet<&str> = named.chain(asked).filter(|slug| slug.parse::<Slug>().is_ok()).collect();
        let mut of_people = BTreeMap::<String, Vec<UnitId>>::new();
        for (person, unit) in store::units_of_people(sql, &people.into_iter().collect::<Vec<_>>()).await? {
            let units = of_people.entry(person).or_default();
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        let units: BTreeMap<String, UnitId> =
            store::units(sql, &slugs.into_iter().collect::<Vec<_>>()).await?.into_iter().collect();
        let mut changes = BTreeMap::new();
        for (change, slug, flag_key) in store::changes(sql).await? {
            changes.entry(flag_key).or_insert(change);
            changes.insert(slug, change);
        }
        let involved: BTreeSet<UnitId> =
            of_people.values().flatten().chain(units.values()).copied().collect();
        let slots = store::slots(sql, &involved.into_iter().collect::<Vec<_>>()).await?;
        Ok(Ties { of_people, units, changes, slots })
    }

    /// Whether a name is a unit's, and no person's.
    pub fn is_unit(&self, name: &str) -> bool {
        self.units.contains_key(name) && !self.of_people.contains_key(name)
    }

    /// The unit and the change of an event; a name that is nobody's is refused.
    ///
    /// The change is the one it names; else the one of which exactly one is live, when it happened, among the slots of
    /// the units in question. The unit is the one it names; else, of the person's units, the first that holds such a
    /// slot; else his first.
    pub fn tie(&self, wish: &UsageWish) -> Result<(Option<UnitId>, Option<ChangeId>), EventRefused> {
        let named_unit = match &wish.unit {
            Some(slug) => Some(*self.units.get(slug).ok_or_else(|| EventRefused::no_such_unit(slug))?),
            None => None,
        };
        let own = wish.person.as_ref().and_then(|person| self.of_people.get(person));
        let candidates: Vec<UnitId> = match named_unit {
            Some(unit) => vec![unit],
            None => own.cloned().unwrap_or_default(),
        };
        let live: Vec<&SlotTime> = self
            .slots
            .iter()
            .filter(|slot| candidates.contains(&slot.unit))
            .filter(|slot| slot.begins <= wish.occurred && slot.ends.is_none_or(|ends| wish.occurred < ends))
            .collect();
        let change = match &wish.change {
            Some(named) => Some(*self.changes.get(named).ok_or_else(|| EventRefused::no_such_change(named))?),
            None => {
                let changes: BTreeSet<ChangeId> = live.iter().map(|slot| slot.change).collect();
                if changes.len() == 1 { changes.first().copied() } else { None }
            }
        };
        let holder = candidates
            .iter()
            .find(|unit| live.iter().any(|slot| slot.unit == **unit && Some(slot.change) == change));
        Ok((holder.or(candidates.first()).copied(), change))
    }
}
