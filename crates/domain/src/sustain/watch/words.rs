//! The sentences of a verdict.

use traction_stats::control::half_way::Rule;
use traction_stats::control::operating::Promise;
use traction_stats::control::{Depth, Rules, Verdict, Watched};

use super::{Figures, Manner};
use crate::sustain::say::{per_cent, rounded, word};

/// The verdict in one plain sentence or two.
pub(super) fn verdict(found: &Watched, manner: Manner) -> String {
    let period = manner.period;
    let n_watched = found.past.len();
    match found.verdict {
        Verdict::NoGain => no_gain(found, manner),
        Verdict::Slipping { fired_at, depth } => {
            let mut says = match manner.rules {
                Rules::HalfWay => half_way(found, fired_at, manner),
                Rules::Cusum => cusum(found, fired_at, manner),
            };
            match (left(found, manner), found.retained) {
                (Some(left), Some(retained)) if retained.share < 0.005 => {
                    says.push_str(&format!(" Nothing of the gain is left: {left}."));
                }
                (Some(left), _) => says.push_str(&format!(" Of the gain, {left} is left.")),
                (None, _) => {}
            }
            if depth == Depth::Relapsed {
                says.push_str(" More than half of it is certainly gone by now.");
            }
            says
        }
        Verdict::Holding => match left(found, manner) {
            Some(left) => format!(
                "Holding: after {}, {left} of the gain is there, certainly more than half.",
                period.count(n_watched)
            ),
            None => {
                format!(
                    "Holding: after {}, certainly more than half of the gain is there.",
                    period.count(n_watched)
                )
            }
        },
        Verdict::TooEarly if n_watched == 0 => {
            format!("Too early to say: no {period} is over since the hand-over.")
        }
        Verdict::TooEarly => match left(found, manner) {
            Some(left) => format!(
                "Too early to say: after {}, {left} of the gain is there, which shows neither that it is held nor \
                 that it slips.",
                period.count(n_watched)
            ),
            None => format!(
                "Too early to say: {} show neither that it is held nor that it slips.",
                period.count(n_watched)
            ),
        },
    }
}

fn no_gain(found: &Watched, manner: Manner) -> String {
    let why = match found.gain.z {
        _ if manner.figures == Figures::Withheld => String::new(),
        Some(z) if z > 0.0 => format!(
            ": {} before the change and {} with it differ by {z:.1} standard errors, and 2 are the least that is not \
             chance",
            level_before(found, manner),
            level_gained(found, manner)
        ),
        Some(_) => format!(
            ": {} before the change and {} with it, which is not better",
            level_before(found, manner),
            level_gained(found, manner)
        ),
        None => ": no reading differs from the one before it".to_owned(),
    };
    format!("No proven gain, so there is nothing to hold{why}.")
}

/// What the rule promises.
pub(super) fn promise(promise: Promise, manner: Manner) -> String {
    let alarms = promise.false_alarms_a_year;
    let often = if alarms >= 1.0 {
        format!("{alarms:.1} false alarms a year")
    } else {
        format!("one false alarm in {:.0} years", (1.0 / alarms).max(1.0))
    };
    format!(
        "While a gain like this is held, expect about {often}; of full relapses, half are noticed within {}.",
        manner.period.count(promise.n_readings_to_notice)
    )
}

/// "Four of the last five weeks were closer to the old level (12.1) than to the new one (8.0)."
fn half_way(found: &Watched, fired_at: usize, manner: Manner) -> String {
    let period = manner.period;
    let rule = found.half_way.unwrap_or(Rule::all_but_one(3));
    let last = found.past.len() - 1;
    let still = rule.holds_at(&found.past, last);
    let counted = rule.count_at(&found.past, if still { last } else { fired_at });
    let levels = match manner.figures {
        Figures::Withheld => "closer to the old level than to the new one".to_owned(),
        Figures::Plain | Figures::Share => format!(
            "closer to the old level ({}) than to the new one ({})",
            level_before(found, manner),
            level_gained(found, manner)
        ),
    };
    let which = match (still, counted.n_past == counted.n_looked_at) {
        (true, true) => format!("the last {} {period}s were all {levels}", word(counted.n_looked_at)),
        (true, false) => {
            format!(
                "{} of the last {} {period}s were {levels}",
                word(counted.n_past),
                word(counted.n_looked_at)
            )
        }
        (false, _) => format!(
            "{} of {} {period}s, {} ago, were {levels}. It has been better since, but an alarm is not taken back",
            word(counted.n_past),
            word(counted.n_looked_at),
            period.count(last - fired_at)
        ),
    };
    format!("Slipping: {which}.")
}

fn cusum(found: &Watched, fired_at: usize, manner: Manner) -> String {
    let limit = found.cusum.as_ref().map_or(0.0, |summed| summed.tuning.limit);
    let sum = found.cusum.as_ref().map_or(0.0, |summed| summed.sums[fired_at]);
    format!(
        "Slipping: by {} {} after the hand-over, the shortfalls from the new level ({}) had added up to {sum:.1} times \
         the noise of a reading, over the limit of {limit:.1}.",
        manner.period,
        fired_at + 1,
        level_gained(found, manner)
    )
}

/// "62 % (41 to 83 %)".
fn left(found: &Watched, manner: Manner) -> Option<String> {
    let retained = found.retained.filter(|_| manner.figures != Figures::Withheld)?;
    Some(match retained.interval {
        Some(interval) => format!(
            "{} ({:.0} to {})",
            per_cent(retained.share),
            (interval.low * 100.0).round(),
            per_cent(interval.high)
        ),
        None => per_cent(retained.share),
    })
}

fn level_before(found: &Watched, manner: Manner) -> String {
    let error = found.gain.n_before.map_or(0.0, |n| error(found, n));
    level(found.gain.level_before, error, manner)
}

fn level_gained(found: &Watched, manner: Manner) -> String {
    level(found.gain.level_gained, error(found, found.gain.n_gained), manner)
}

fn level(level: f64, error: f64, manner: Manner) -> String {
    match manner.figures {
        Figures::Plain => rounded(level, error),
        Figures::Share => per_cent(level),
        Figures::Withheld => "withheld".to_owned(),
    }
}

/// The standard error of a level.
fn error(found: &Watched, n: usize) -> f64 {
    found.gain.noise.sigma / (n as f64).sqrt()
}
