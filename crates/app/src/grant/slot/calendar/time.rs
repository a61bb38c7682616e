//! The slots over time: rows by layer, bars from start to end, what interrupted them and what ended them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Span as Days, ToSpan};
use traction_domain::grant::slot::{Span, State, Step};
use traction_domain::id::UnitId;
use traction_domain::time::Moment;

use super::pages::{Ground, in_short, is_collapsed};
use crate::grant::slot::store::Slot;
use crate::web::charts::{Chart, Holds, SlotBar, SlotCalendar, SlotGroup, SlotRow, Stretch};
use crate::web::{View, counted, when};

/// The stretch of time that is drawn.
struct Frame {
    from: Moment,
    until: Moment,
}

impl Frame {
    /// From before the first slot until after the present and the last date that is known.
    fn of(ground: &Ground, now: Moment) -> Frame {
        let begins = ground.slots.iter().map(|slot| slot.not_before);
        let waves = ground.waves.iter().map(|wave| wave.starts_at);
        let ends = ground.slots.iter().filter_map(|slot| slot.not_after);
        let from = begins.clone().min().unwrap_or(now).min(now);
        let until = begins.chain(waves).chain(ends).max().unwrap_or(now).max(now);
        let margin = jiff::SignedDuration::from_secs((until.since(from).as_secs() / 25).max(86_400));
        Frame { from: from.after(-margin), until: until.after(margin) }
    }

    fn place(&self, at: Moment) -> f64 {
        let whole = self.until.since(self.from).as_secs_f64().max(1.0);
        (at.since(self.from).as_secs_f64() / whole).clamp(0.0, 1.0)
    }
}

/// The picture.
pub(super) fn chart(view: &View, ground: &Ground) -> Chart {
    let frame = Frame::of(ground, view.now);
    let groups = if is_collapsed(ground) {
        collapsed(view, ground, &frame)
    } else {
        by_layer(view, ground, &frame, ground.slots.iter().collect())
    };
    let waves = ground.waves.iter().map(|wave| (frame.place(wave.starts_at), wave_word(wave.n)));
    let calendar = SlotCalendar {
        ticks: ticks(view, &frame),
        waves: waves.collect(),
        now: Some(frame.place(view.now)),
        groups,
    };
    calendar.chart(title(ground))
}

/// The first says what the numbers are.
fn wave_word(n: usize) -> String {
    if n == 1 { "wave 1".into() } else { n.to_string() }
}

fn title(ground: &Ground) -> String {
    let n_waves = ground.slots.iter().filter_map(|slot| slot.wave).collect::<BTreeSet<_>>().len();
    let slots = counted(ground.slots.len(), "slot", "slots");
    match n_waves {
        0 => format!("{slots} so far"),
        n => format!("{slots} so far, over {}", counted(n, "wave", "waves")),
    }
}

/// The units' rows in the groups of their layers, nearest first.
fn by_layer(view: &View, ground: &Ground, frame: &Frame, slots: Vec<&Slot>) -> Vec<SlotGroup> {
    let mut of_unit: BTreeMap<UnitId, Vec<&Slot>> = BTreeMap::new();
    for slot in slots {
        of_unit.entry(slot.unit).or_default().push(slot);
    }
    let first_access = ground.slots.iter().flat_map(Slot::access).map(|span| span.from).min();
    let mut groups: BTreeMap<(u32, String), Vec<(Moment, SlotRow)>> = BTreeMap::new();
    for mut slots in of_unit.into_values() {
        slots.sort_by_key(|slot| (slot.not_before, slot.id));
        let Some(first) = slots.first() else { continue };
        let row = row(view, frame, &slots);
        groups.entry(layer(ground, first, first_access)).or_default().push((first.not_before, row));
    }
    let rows = |mut rows: Vec<(Moment, SlotRow)>| {
        rows.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.name.cmp(&y.name)));
        rows.into_iter().map(|(_, row)| row).collect()
    };
    groups.into_iter().map(|((_, name), members)| SlotGroup { name, rows: rows(members) }).collect()
}

/// The order and the name of a slot's layer: where it began, then the layers of the draw, then what had none.
fn layer(ground: &Ground, slot: &Slot, first_access: Option<Moment>) -> (u32, String) {
    let none = || (u32::MAX, "Without a draw".to_owned());
    let Some(wave) = slot.wave.and_then(|wave| ground.waves.iter().find(|one| one.id == wave)) else {
        return none();
    };
    let Some(layer) = ground.layers.get(&(wave.id, slot.unit)) else { return none() };
    // While it worked nowhere, all stood in layer 0.
    if first_access.is_none_or(|first| wave.closes_at <= first) {
        return (0, "Where it began".to_owned());
    }
    let says = ground.policies.get(&wave.id).map(|policy| policy.layers.says(*layer)).unwrap_or_default();
    (layer.saturating_add(1), format!("Layer {layer}: {says}"))
}

fn row(view: &View, frame: &Frame, slots: &[&Slot]) -> SlotRow {
    let name = slots.first().map(|slot| slot.unit_name.clone()).unwrap_or_default();
    let mut bars = Vec::new();
    for slot in slots {
        bars.extend(self::bars(view, slot, frame));
    }
    let last = slots.last();
    let date = |at: Moment| when::day(at, view.zone());
    let wave = last.and_then(|slot| slot.wave_n).map_or("–".to_owned(), |n| n.to_string());
    let from = last.map(|slot| date(slot.not_before)).unwrap_or_default();
    let until = last.and_then(|slot| slot.access().last()?.until).map_or("–".to_owned(), date);
    let state = last.map(|slot| in_short(slot.state(view.now)).to_owned()).unwrap_or_default();
    SlotRow { name, holds: Holds::Slots(bars), words: [wave, from, until, state] }
}

/// A slot's bars: on, ahead, paused between, and what ended it.
fn bars(view: &View, slot: &Slot, frame: &Frame) -> Vec<SlotBar> {
    let now = view.now;
    let date = |at: Moment| when::day(at, view.zone());
    let bar = |from: Moment, until: Moment, kind, what: &str| SlotBar {
        from: frame.place(from),
        until: frame.place(until),
        kind,
        says: format!("{}: {what}, {} to {}", slot.unit_name, date(from), date(until)),
    };
    let mut bars = Vec::new();
    for Span { from, until } in slot.access() {
        // What is on without an end is known until now; the rest is expected.
        let known = until.unwrap_or(frame.until).min(now);
        if from < known {
            bars.push(bar(from, known, Stretch::On, "on"));
        }
        let expected = until.filter(|until| *until > now);
        if slot.state(now) == State::Granted {
            bars.push(bar(from, until.unwrap_or(frame.until), Stretch::Ahead, "will be on"));
        } else if let Some(until) = expected {
            bars.push(bar(now.max(from), until, Stretch::Ahead, "on as far as it is planned"));
        }
    }
    let mut paused_at = None;
    for event in &slot.events {
        match event.step {
            Step::Paused => paused_at = Some(event.at),
            Step::Resumed | Step::GivenBack | Step::Lapsed | Step::Ended => {
                if let Some(at) = paused_at.take() {
                    bars.push(bar(at, event.at, Stretch::Paused, "paused"));
                }
            }
            Step::HandedOver => {}
        }
        let word = match event.step {
            Step::GivenBack => "given back",
            Step::Lapsed => "lapsed",
            Step::Ended => "ended",
            Step::Paused | Step::Resumed | Step::HandedOver => continue,
        };
        bars.push(bar(event.at, event.at, Stretch::Over(word), word));
    }
    if let Some(at) = paused_at {
        bars.push(bar(at, slot.not_after.unwrap_or(now).min(now), Stretch::Paused, "paused"));
    }
    bars
}

/// One row a parent: how many of its slots are on, over time; the parent that is looked into, unit by unit.
fn collapsed(view: &View, ground: &Ground, frame: &Frame) -> Vec<SlotGroup> {
    let mut by_parent: BTreeMap<String, Vec<&Slot>> = BTreeMap::new();
    let (mut opened, mut opened_name) = (Vec::new(), String::new());
    for slot in &ground.slots {
        let parent = slot.unit_parent.and_then(|parent| ground.units.get(&parent));
        if let Some(parent) = parent.filter(|parent| parent.slug.as_str() == ground.opened) {
            opened_name.clone_from(&parent.name);
            opened.push(slot);
            continue;
        }
        let name = parent.map_or_else(|| "Without a unit above".to_owned(), |parent| parent.name.clone());
        by_parent.entry(name).or_default().push(slot);
    }
    let mut groups = by_layer(view, ground, frame, opened);
    for group in &mut groups {
        group.name = format!("{opened_name}. {}", group.name);
    }
    let rows = by_parent.into_iter().map(|(name, slots)| shared(view, frame, name, &slots));
    groups.push(SlotGroup {
        name: "By the unit above, as high as the share of its slots that is on".into(),
        rows: rows.collect(),
    });
    groups
}

fn shared(view: &View, frame: &Frame, name: String, slots: &[&Slot]) -> SlotRow {
    let spans: Vec<Span> = slots.iter().flat_map(|slot| slot.access()).collect();
    let mut turns: Vec<Moment> =
        spans.iter().flat_map(|span| [Some(span.from), span.until]).flatten().collect();
    turns.push(view.now);
    turns.retain(|at| *at <= view.now);
    turns.sort_unstable();
    turns.dedup();
    let share =
        |at: Moment| spans.iter().filter(|span| span.holds(at)).count() as f64 / slots.len().max(1) as f64;
    let shares = turns
        .windows(2)
        .map(|pair| (frame.place(pair[0]), frame.place(pair[1]), share(pair[0])))
        .filter(|(_, _, share)| *share > 0.0);
    let n_on = spans.iter().filter(|span| span.holds(view.now)).count();
    let waves: BTreeSet<usize> = slots.iter().filter_map(|slot| slot.wave_n).collect();
    let waves: Vec<String> = waves.iter().map(usize::to_string).collect();
    let date = |at: Moment| when::day(at, view.zone());
    let from = slots.iter().map(|slot| slot.not_before).min().map(date).unwrap_or_default();
    let words = [waves.join(", "), from, "–".to_owned(), format!("{n_on} of {} on now", slots.len())];
    SlotRow {
        name: format!("{name} ({n_on} of {})", slots.len()),
        holds: Holds::Shares(shares.collect()),
        words,
    }
}

/// Days on which the axis has a word: at most eight, on round dates of the reader's zone.
fn ticks(view: &View, frame: &Frame) -> Vec<(f64, String)> {
    let day = |at: Moment| at.timestamp().to_zoned(view.zone().clone()).date();
    let (first, last) = (day(frame.from), day(frame.until));
    let n_days = frame.until.days_since(frame.from);
    let (step, words): (Days, &str) = match n_days {
        n if n <= 8.0 => (1.day(), "%-d %b"),
        n if n <= 56.0 => (7.days(), "%-d %b"),
        n if n <= 240.0 => (1.month(), "%b %Y"),
        n if n <= 720.0 => (3.months(), "%b %Y"),
        n if n <= 1_500.0 => (6.months(), "%b %Y"),
        n => (((n / 365.0 / 8.0).ceil() as i64).max(1).years(), "%Y"),
    };
    let begins = if n_days <= 8.0 {
        Some(first)
    } else if n_days <= 56.0 {
        // Weeks begin on Mondays.
        first.checked_sub(i64::from(first.weekday().to_monday_zero_offset()).days()).ok()
    } else {
        Date::new(first.year(), 1, 1).ok()
    };
    let mut ticks = Vec::new();
    let mut at = begins;
    while let Some(date) = at.filter(|date| *date <= last) {
        if date >= first
            && let Ok(zoned) = date.to_zoned(view.zone().clone())
        {
            let place = frame.place(Moment::from_timestamp(zoned.timestamp()));
            ticks.push((place, date.strftime(words).to_string()));
        }
        at = date.checked_add(step).ok();
    }
    ticks
}
