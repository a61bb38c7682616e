//! When units hold a slot of a change, and in which weeks they are counted by it.

use std::collections::BTreeMap;

use traction_domain::grant::slot::Span;
use traction_domain::id::{ChangeId, UnitId, WaveId};
use traction_domain::time::Moment;

use super::store::Week;
use crate::grant::slot;
use crate::grant::slot::store::Slot;
use crate::store::Sql;
use crate::trouble::Broken;

/// When a unit holds a slot of a change: by one slot, or by several after each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// In the order in which they begin; at least one.
    spans: Vec<Span>,
    /// The wave in which the first was granted, and its number; `None` where it was imported.
    pub wave: Option<(WaveId, u32)>,
}

impl Held {
    /// From when on it held one first.
    pub fn begins(&self) -> Moment {
        self.spans[0].from
    }

    /// Whether it holds one at `at`.
    pub fn holds(&self, at: Moment) -> bool {
        self.spans.iter().any(|span| span.holds(at))
    }

    /// Whether it holds one when a week ends: then it is counted in it.
    pub fn holds_in(&self, week: Week) -> bool {
        self.holds(week.ends())
    }

    /// Since when it holds none any more; `None` where it does at `at`, or did not yet.
    pub fn ended(&self, at: Moment) -> Option<Moment> {
        let over = self.spans.iter().filter_map(|span| span.until).filter(|until| *until <= at).max();
        over.filter(|_| !self.holds(at))
    }
}

/// By unit, when it holds a slot of a change; a slot that was over before it began is none.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<BTreeMap<UnitId, Held>, Broken> {
    let slots = slot::store::of_change(sql, change).await?;
    Ok(by_unit(slots.iter().filter(|slot| slot.change == change)))
}

/// By change that units hold or held a slot of at `now`, how many hold one.
pub async fn n_units(sql: &Sql, now: Moment) -> Result<BTreeMap<ChangeId, usize>, Broken> {
    let slots = slot::store::all(sql).await?;
    let mut by_change = BTreeMap::<ChangeId, Vec<&Slot>>::new();
    for slot in slots.iter().filter(|slot| slot.not_before <= now) {
        by_change.entry(slot.change).or_default().push(slot);
    }
    let counted = by_change.into_iter().filter_map(|(change, slots)| {
        let units = by_unit(slots.into_iter());
        (!units.is_empty()).then(|| (change, units.values().filter(|held| held.holds(now)).count()))
    });
    Ok(counted.collect())
}

fn by_unit<'a>(slots: impl Iterator<Item = &'a Slot>) -> BTreeMap<UnitId, Held> {
    let mut units = BTreeMap::<UnitId, Held>::new();
    let mut spans: Vec<(&Slot, Span)> = slots.filter_map(|slot| Some((slot, slot.rule.held()?))).collect();
    spans.sort_by_key(|(slot, span)| (*span, slot.id));
    for (slot, span) in spans {
        let wave = slot.wave.zip(slot.wave_n.and_then(|n| u32::try_from(n).ok()));
        units.entry(slot.unit).or_insert_with(|| Held { spans: Vec::new(), wave }).spans.push(span);
    }
    units
}

/// The weeks in which a unit is counted, as stretches without a gap, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches(Vec<(Week, Week)>);

impl Stretches {
    /// With one more week, which must be later than all before.
    pub fn add(&mut self, week: Week) {
        self.add_all(week, week);
    }

    /// With a stretch more, which must be later than all before.
    pub fn add_all(&mut self, first: Week, last: Week) {
        match self.0.last_mut() {
            Some((_, before)) if before.next() == first => *before = last,
            _ => self.0.push((first, last)),
        }
    }

    /// Whether the unit is counted in a week.
    pub fn hold(&self, week: Week) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&week))
    }

    /// Whether it was counted in any week from `since` to `until`.
    pub fn any(&self, since: Week, until: Week) -> bool {
        self.0.iter().any(|(first, last)| *first <= until && *last >= since)
    }

    /// By the end of a week: the last week of the first stretch, where that is over. `None` where it is not.
    pub fn first_ended(&self, by: Week) -> Option<Week> {
        self.0.first().map(|(_, last)| *last).filter(|last| *last < by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(numbers: &[i64]) -> Stretches {
        let mut stretches = Stretches::default();
        numbers.iter().for_each(|number| stretches.add(Week(*number)));
        stretches
    }

    #[test]
    fn stretches_have_no_gap() {
        let stood = weeks(&[3, 4, 5, 9, 10]);
        assert_eq!(stood.0, [(Week(3), Week(5)), (Week(9), Week(10))]);
        let held: Vec<i64> = (0..12).filter(|number| stood.hold(Week(*number))).collect();
        assert_eq!(held, [3, 4, 5, 9, 10]);
        assert_eq!(
            [(0, 2), (0, 3), (6, 8), (5, 5), (10, 12), (11, 12)]
                .map(|(since, until)| stood.any(Week(since), Week(until))),
            [false, true, false, true, true, false]
        );
        assert_eq!([5, 6, 11].map(|by| stood.first_ended(Week(by))), [None, Some(Week(5)), Some(Week(5))]);
        assert_eq!(Stretches::default().first_ended(Week(5)), None);
    }

    #[test]
    fn a_unit_is_counted_in_a_week_at_whose_end_it_holds_a_slot() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let week = Week::of(at("2026-03-04T00:00:00Z"));
        let cases = [
            ("2026-03-02T00:00:00Z", None, true),
            ("2026-03-08T23:59:59Z", None, true),
            ("2026-03-09T00:00:00Z", None, false),
            ("2026-03-02T00:00:00Z", Some("2026-03-09T00:00:00Z"), true),
            ("2026-02-02T00:00:00Z", Some("2026-03-08T23:59:59Z"), false),
        ];
        for (from, until, expect) in cases {
            let span = Span { from: at(from), until: until.map(at) };
            let held = Held { spans: vec![span], wave: None };
            assert_eq!(held.holds_in(week), expect, "{from} {until:?}");
        }
    }
}
