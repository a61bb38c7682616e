//! The plan by formula: generalised least squares with the variance taken as known.

use traction_stats::power::Test;
use traction_stats::power::stepped_wedge::{
    Estimand, People, Periods, Planned, Schedule, ScheduleRefused, Waves, n_needed, variance_of_effect,
};

use super::{Asked, Both, BySlots, Detects, Needed, OnCurve, Played};

/// Points of the curve.
const N_ON_CURVE: usize = 25;
/// Points of it beyond what the formula needs.
const N_FURTHER: usize = 9;
/// No more waves than this are tried.
const MOST_WAVES: usize = 24;
/// No more numbers of slots than this are tried beside the one planned.
const MOST_TRIED: usize = 40;

/// What these waves detect.
pub(super) fn detects(asked: &Asked, test: &Test, waves: &Waves) -> Result<Both<Detects>, ScheduleRefused> {
    let schedule = Schedule::of_waves(waves)?;
    let one = |estimand: &Estimand| -> Result<Detects, ScheduleRefused> {
        let people = People::Same(asked.n_people);
        let variance = variance_of_effect(&schedule, &asked.variance, &people, estimand, Periods::Free)?;
        let se = variance.sqrt();
        Ok(Detects {
            se,
            smallest: test.smallest_effect(se, asked.power),
            for_worth: asked.worth.map(|worth| test.power(worth, se)),
        })
    };
    Ok(Both { constant: one(&Estimand::Constant)?, growing: one(&Estimand::MeanByExposure).ok() })
}

/// One more slot in every wave.
pub(super) fn one_more_slot(waves: &Waves) -> Waves {
    Waves { slots: waves.slots.iter().map(|slots| slots + 1).collect(), ..waves.clone() }
}

/// One more wave like the last; `None` where no unit is left for it.
pub(in crate::prove) fn one_more_wave(waves: &Waves) -> Option<Waves> {
    let last = *waves.slots.last()?;
    let is_left = waves.slots.iter().sum::<usize>() < waves.n_units;
    is_left.then(|| Waves {
        n_units: waves.n_units,
        slots: waves.slots.iter().copied().chain([last]).collect(),
        timing: waves.timing.with_one_more(),
    })
}

fn with_slots(waves: &Waves, n_slots: usize) -> Waves {
    Waves { slots: vec![n_slots; waves.slots.len()], ..waves.clone() }
}

/// What the effect worth having takes; searched upwards, by formula, for a constant effect.
pub(super) fn needed(asked: &Asked, test: &Test, waves: &Waves) -> Needed {
    let power = |waves: &Waves| -> Result<f64, ScheduleRefused> {
        Ok(detects(asked, test, waves)?.constant.for_worth.unwrap_or_default())
    };
    let most_slots = waves.n_units.div_ceil(waves.slots.len().max(1));
    let slots =
        fewest_slots(most_slots, |tried| n_needed(tried, asked.power, |n| power(&with_slots(waves, n))));
    let mut grown = vec![waves.clone()];
    while let Some(more) = grown.last().and_then(one_more_wave)
        && grown.len() + waves.slots.len() <= MOST_WAVES
    {
        grown.push(more);
    }
    let first = waves.slots.len();
    let n_waves = n_needed(first..first + grown.len(), asked.power, |n| power(&grown[n - first]));
    Needed { slots: slots.ok().flatten(), waves: n_waves.ok().flatten() }
}

/// The fewest up to `most` that are enough, by `first`, which tries ascending numbers: some of them at first, then those
/// between the last too few and the first enough.
fn fewest_slots(
    most: usize,
    first: impl Fn(Vec<usize>) -> Result<Option<Planned>, ScheduleRefused>,
) -> Result<Option<Planned>, ScheduleRefused> {
    let (mut from, mut to) = (1, most);
    loop {
        let step = (to + 1 - from).div_ceil(MOST_TRIED).max(1);
        let tried = (from..=to).step_by(step).chain((step > 1).then_some(to)).collect();
        match first(tried)? {
            Some(enough) if step > 1 && enough.n > from => {
                (from, to) = ((enough.n + 1).saturating_sub(step).max(from), enough.n);
            }
            found => return Ok(found),
        }
    }
}

/// What other numbers of slots would detect: around the one planned, as far as units go; of many, some.
pub(super) fn by_slots(asked: &Asked, test: &Test, waves: &Waves) -> Vec<BySlots> {
    let planned = waves.slots.iter().copied().max().unwrap_or(1);
    let most = waves.n_units.div_ceil(waves.slots.len().max(1)).min(2 * planned + 2).max(planned);
    let of = |n_slots| {
        let found = detects(asked, test, &with_slots(waves, n_slots)).ok();
        let smallest = Both {
            constant: found.map(|found| found.constant.smallest),
            growing: Some(found.and_then(|found| found.growing).map(|growing| growing.smallest)),
        };
        BySlots { n_slots, smallest }
    };
    let step = most.div_ceil(MOST_TRIED);
    let mut tried: Vec<usize> = (1..=most).step_by(step).chain([planned, most]).collect();
    tried.sort_unstable();
    tried.dedup();
    tried.into_iter().map(of).collect()
}

/// How often effects from 0 to beyond all that matter are found.
pub(super) fn curve(
    test: &Test,
    found: &Both<Detects>,
    (worth, played): (Option<f64>, Option<&Played>),
) -> Vec<OnCurve> {
    let growing = found.growing.map_or(0.0, |growing| growing.smallest);
    let by_formula = (1.4 * found.constant.smallest).max(1.1 * growing).max(1.2 * worth.unwrap_or_default());
    let smallest = played.iter().flat_map(|played| played.as_planned.each());
    let most =
        smallest.filter_map(|shape| shape.effect()).map(|effect| 1.2 * effect).fold(by_formula, f64::max);
    let step = |from: f64, to: f64, n: usize| {
        (0..n).map(move |step| from + (to - from) * step as f64 / (n - 1) as f64)
    };
    // Where playing needs much larger effects, the formula's rise keeps its own points.
    let further = step(by_formula, most, N_FURTHER).skip(1).filter(|effect| *effect > by_formula);
    step(0.0, by_formula, N_ON_CURVE)
        .chain(further)
        .map(|effect| {
            let power = |detects: Detects| test.power(effect, detects.se);
            OnCurve {
                effect,
                power: Both { constant: power(found.constant), growing: found.growing.map(power) },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_slots_are_found_in_few_tries_however_many_there_may_be() {
        for (most, enough) in
            [(1, 1), (39, 7), (40, 40), (41, 41), (50_000, 1), (50_000, 12_345), (50_000, 50_000)]
        {
            let n_tried = std::cell::Cell::new(0);
            let first = |tried: Vec<usize>| {
                assert!(tried.windows(2).all(|pair| pair[0] <= pair[1]) && tried.iter().all(|n| *n <= most));
                let n = tried.iter().position(|n| *n >= enough);
                n_tried.set(n_tried.get() + n.map_or(tried.len(), |n| n + 1));
                Ok(n.map(|n| Planned { n: tried[n], power: 0.8 }))
            };
            assert_eq!(fewest_slots(most, first).unwrap().map(|found| found.n), Some(enough), "of {most}");
            assert!(n_tried.get() <= 4 * MOST_TRIED, "{} for {enough} of {most}", n_tried.get());
            assert!(fewest_slots(most, |_| Ok(None)).unwrap().is_none());
        }
    }
}
