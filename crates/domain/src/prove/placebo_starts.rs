//! The check that pretends: had the units started earlier than they did, what would the same method find?
//!
//! Only what was seen before the true starts is looked at, so that there is nothing to find. It chooses how much
//! earlier; whoever runs another method or other settings gets another check.

use traction_stats::effect::risk_set::Wave;
use traction_stats::panel::{Panel, Period, Pretence, Until};
use traction_stats::uncertainty::{Estimate, Spread};

use super::answer::{Ground, group_time};
use super::check::{Check, CheckName, Found, Held, PARTED, Tested};
use super::design::PERIODS_FOR_TWIN;
use super::figures::{Figures, p_words};
use super::wish::{Further, Inference, Method, Wish};
use crate::words::counted;

/// What the method finds where nothing had started yet; `None` for a method that is no answer.
///
/// - `effect`: what it found with the true starts.
pub(super) fn placebo_starts(
    method: Method,
    ground: &Ground<'_>,
    (wish, effect): (&Wish, &Estimate),
) -> Option<Check> {
    if method == Method::TwoWay {
        return None;
    }
    let open =
        |says: String| Check { name: CheckName::PlaceboStarts, held: Held::Untested, test: None, says };
    let Some(room) = Room::of(method, ground, wish) else {
        let needed = fewest_before(method) + 1;
        let says = format!(
            "Earlier starts could not be tried: that needs {needed} or more periods before the true start{}.",
            if wish.anticipation > 0 { ", those in which an effect is allowed for not counted" } else { "" }
        );
        return Some(open(says));
    };
    let refused = |why: String| Some(open(format!("Earlier starts could not be tried: {why}.")));
    let overall = match found(method, ground, (wish, &room)) {
        Ok(overall) => overall,
        Err(why) => return refused(why),
    };
    let interval = match overall.spread {
        Spread::Known(interval) => interval,
        Spread::Unknown(why) => return refused(format!("before the true starts, {why}")),
    };
    let figures = Figures::of(interval.se_used);
    let is_off = effect.interval().is_some_and(|interval| interval.low > 0.0 || interval.high < 0.0);
    let (held, judged) = if interval.p < PARTED && is_off && overall.value * effect.value < 0.0 {
        (
            Held::No,
            "more than chance makes of nothing, and the other way round than what was found with the true start, so that \
             the two sides did not go alike before it",
        )
    } else if interval.p < PARTED {
        (
            Held::No,
            "more than chance makes of nothing, so that part of what looks like an effect was there before",
        )
    } else {
        (Held::Yes, "no more than chance makes of nothing")
    };
    // Where lots were drawn again, p is from those, and an interval by formula may say otherwise.
    let excludes = interval.low > 0.0 || interval.high < 0.0;
    let (of_interval, of_p) = match excludes == (interval.p < PARTED) {
        true => ("", ""),
        false => (" by formula", " by drawing the lots again, which decides"),
    };
    let says = format!(
        "Had {} started {} earlier, looking only at the time before the true start, the same method would find {} \
         ({} to {}{of_interval}, {}{of_p}): {judged}.",
        if room.n_started == 1 { "the unit" } else { "units" },
        counted(room.n_periods, "period", "periods"),
        figures.say(overall.value),
        figures.say(interval.low),
        figures.say(interval.high),
        p_words(interval.p),
    );
    let found = Some(Found { value: overall.value, interval });
    Some(Check {
        name: CheckName::PlaceboStarts,
        held,
        test: Some(Tested { found, ..Tested::by_p(interval.p) }),
        says,
    })
}

/// What the method finds with the made-up starts, or why it finds nothing.
fn found(method: Method, ground: &Ground<'_>, (wish, room): (&Wish, &Room)) -> Result<Estimate, String> {
    let before = |why: &dyn std::fmt::Display| format!("before the true starts, {why}");
    if method == Method::GroupTime {
        return group_time::made_up(ground.panel, wish, room.pretence.n_steps).map_err(|why| before(&why));
    }
    let (panel, rows) =
        ground.panel.pretend(&room.pretence).ok_or("nothing is left before the true start")?;
    let waves = earlier(&ground.waves, (ground.panel, &rows), &panel, room);
    let pretended = Wish {
        // What was allowed for before the start is not looked at any more.
        anticipation: 0,
        sensitivity: Further::AsUsual,
        inference: Inference::Analytic,
        ..*wish
    };
    let answer = method.answer(&Ground { panel: &panel, waves }, &pretended).map_err(|why| before(&why))?;
    Ok(answer.effects.overall)
}

/// How much earlier starts can be pretended to be.
struct Room {
    /// Started units.
    n_started: usize,
    /// In observed periods, for the start that sets the measure.
    n_periods: usize,
    pretence: Pretence,
}

impl Room {
    /// As many periods as are looked at from the start on, but at most half of those before it: for the start of the
    /// middle one of the started units, or the first one where all are looked at until then. `None` where that is
    /// none.
    fn of(method: Method, ground: &Ground<'_>, wish: &Wish) -> Option<Self> {
        let panel = ground.panel;
        let ahead = i64::from(wish.anticipation);
        let places = 0..panel.periods().len();
        let n_before = |start: Period| places.clone().filter(|t| panel.exposure(*t, start) < -ahead).count();
        let until = match method {
            Method::GroupTime | Method::Imputation | Method::Interaction | Method::TwoWay => Until::OwnStart,
            // These need all units in the same periods.
            Method::Efficient
            | Method::RiskSet
            | Method::Synthetic
            | Method::SyntheticControl
            | Method::Interrupted => Until::FirstStart,
        };
        let starts: Vec<Period> = panel
            .cohorts()
            .iter()
            .filter(|cohort| n_before(cohort.start) > 0)
            .flat_map(|cohort| cohort.units.iter().map(|_| cohort.start))
            .collect();
        let start = *match until {
            Until::OwnStart => starts.get(starts.len().saturating_sub(1) / 2),
            Until::FirstStart => starts.first(),
        }?;
        let n_before = n_before(start);
        let n_after = places.filter(|t| panel.exposure(*t, start) >= 0).count();
        let n_periods = n_after.min(n_before / 2).min(n_before.saturating_sub(fewest_before(method)));
        let place = n_before.checked_sub(n_periods).filter(|_| n_periods > 0)?;
        let n_steps = u32::try_from(-panel.exposure(place, start) - ahead).ok()?;
        Some(Room {
            n_started: starts.len(),
            n_periods,
            pretence: Pretence { n_steps, anticipation: wish.anticipation, until },
        })
    }
}

/// Periods that a method needs before a start.
fn fewest_before(method: Method) -> usize {
    match method {
        Method::Interrupted => 12,
        Method::Synthetic | Method::SyntheticControl => PERIODS_FOR_TWIN,
        _ => 1,
    }
}

/// The waves as they would have been: earlier by as much, with the rows of the panel that is left.
///
/// - `whole`: the whole panel, and its row for each unit of the panel that is `left`.
fn earlier(waves: &[Wave], whole: (&Panel, &[usize]), left: &Panel, room: &Room) -> Vec<Wave> {
    let (panel, rows) = whole;
    let steps = i64::from(room.pretence.n_steps + room.pretence.anticipation);
    let pretended = |wave: &Wave| {
        let place = (0..panel.periods().len()).find(|t| panel.exposure(*t, wave.at) >= -steps)?;
        let at = panel.periods()[place];
        let mut entrants = wave.entrants.clone();
        for entrant in &mut entrants {
            entrant.unit = entrant.unit.and_then(|unit| rows.binary_search(&unit).ok());
        }
        (Some(&at) <= left.periods().last()).then_some(Wave { at, entrants, until: None })
    };
    waves.iter().filter_map(pretended).collect()
}

#[cfg(test)]
mod tests;
