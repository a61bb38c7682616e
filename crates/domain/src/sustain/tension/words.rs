//! The sentences of a tension.

use traction_stats::control::momentum::{Drift, Momentum, MomentumRefused};
use traction_stats::control::poles::{
    Advice, Balance, Focus, Opposition, PoleRefused, Pull, Rock, Side, Stay,
};
use traction_stats::control::progress::{Pace, Progress};

use super::{Fares, Movement, PoleProposed};
use crate::sustain::Period;
use crate::sustain::say::rounded;

/// How one pole fares.
pub(super) fn fares(
    pole: &PoleProposed,
    momentum: &Result<Momentum, MomentumRefused>,
    progress: Option<Progress>,
    n_readings: usize,
    period: Period,
) -> String {
    let name = &pole.name;
    let drift = match momentum {
        Err(MomentumRefused::TooFew { needed, .. }) => {
            return format!(
                "{name}: {} of readings; momentum needs {needed}.",
                if n_readings == 0 { format!("no {period}") } else { period.count(n_readings) }
            );
        }
        Err(MomentumRefused::NoNoise) => return format!("{name}: has not changed at all."),
        Ok(momentum) => match momentum.drift {
            Drift::Gaining => "gaining",
            Drift::Flat => "flat",
            Drift::Losing => "losing",
        },
    };
    let pace = match progress.map(|progress| progress.pace) {
        Some(Pace::AtTarget) => ", at its healthy level",
        Some(Pace::Saturated) => ", with hardly any room left",
        Some(Pace::OnTrack) => ", on its way to its healthy level",
        Some(Pace::Stuck) => ", too slow to reach its healthy level within HORIZON",
        Some(Pace::Unclear) | None => "",
    };
    let pace = pace.replace("HORIZON", &period.count(super::HORIZON as usize));
    format!("{name}: {drift}{pace}.")
}

/// How a tension stands, and what to do.
pub(super) fn stands(
    poles: [&PoleProposed; 2],
    fares: &[Fares; 2],
    balance: &Result<Balance, PoleRefused>,
    advice: Option<Advice>,
    movement: Movement,
    attention: Focus,
    period: Period,
) -> String {
    let named = |side: Side| match side {
        Side::Left => &poles[0],
        Side::Right => &poles[1],
    };
    let state = match balance {
        Err(refused) => return format!("No advice: {refused}."),
        Ok(Balance::Balanced) if fares.iter().any(loses) => "Neither pole is low.".to_owned(),
        Ok(Balance::Balanced) => "Neither pole slips.".to_owned(),
        Ok(Balance::OverFocus(side)) => {
            let (low, other) = (named(side.other()), named(*side));
            let how = match side.other() {
                Side::Left => &fares[0],
                Side::Right => &fares[1],
            };
            let verbs = if loses(how) { ("slips", "does") } else { ("is low", "is") };
            let (is, is_too) = verbs;
            format!(
                "{} {is} while {} {is_too} not: watch for \"{}\".",
                low.name, other.name, low.early_warning
            )
        }
        Ok(Balance::BothSlipping) if fares.iter().all(loses) => "Both poles slip.".to_owned(),
        Ok(Balance::BothSlipping) => "Both poles are low.".to_owned(),
    };
    let stuck = match (movement, advice) {
        // Who is told to stay and give it time is not told that it will not help.
        (Movement::Stuck, Some(Advice::Stay(_))) => " Nothing moves yet.",
        (Movement::Stuck, _) => " Nothing moves: more of the same will not help.",
        (Movement::NotStuck, _) => "",
    };
    let other = named(attention.on.other());
    let todo = match advice {
        None => String::new(),
        Some(Advice::Rock(Rock::OverFocus)) => format!(" Rock to {}: {}.", other.name, other.upside),
        Some(Advice::Rock(Rock::UnderFloor)) => {
            format!(" Rock to {} at once, it is under its floor: {}.", other.name, other.upside)
        }
        Some(Advice::Escalate) => {
            " Rocking will not help: look for what both share, and ask for help with it.".to_owned()
        }
        Some(Advice::Stay(Stay::NothingSlips)) => format!(" Stay with {}.", named(attention.on).name),
        Some(Advice::Stay(Stay::AlreadyThere)) => {
            format!(" The attention is on {} already: stay, and give it time.", named(attention.on).name)
        }
        Some(Advice::Stay(Stay::TooSoon { periods })) => format!(
            " Stay with {} for {} more: the last rock has not had its time.",
            named(attention.on).name,
            period.count(periods)
        ),
    };
    format!("{state}{stuck}{todo}")
}

/// The balance looks at levels; a pole slips only where it is seen to lose.
fn loses(fares: &Fares) -> bool {
    matches!(fares.momentum, Ok(Momentum { drift: Drift::Losing, .. }))
}

/// Whether the two pull against each other, as far as the readings bear it.
pub(super) fn opposed(opposition: &Opposition) -> String {
    let number = |value: f64| format!("{value:.2}").replace("-0.00", "0.00").replace('-', "\u{2212}");
    let Opposition { correlation, low, high } = opposition;
    let steps = format!(
        "correlation of their steps {}, 95\u{a0}% interval {} to {}",
        number(*correlation),
        number(*low),
        number(*high)
    );
    match opposition.pull() {
        Pull::Against => {
            format!("From period to period they pull against each other, as poles do ({steps}).")
        }
        Pull::Along => format!(
            "From period to period they go the same way ({steps}); they may be two goals rather than two poles."
        ),
        Pull::CannotBeTold => {
            format!(
                "Whether they pull against each other from period to period cannot be told yet ({steps})."
            )
        }
    }
}

/// What a rock did to one pole.
pub(super) fn rock_did(
    pole: &PoleProposed,
    [before, after]: [f64; 2],
    [n_before, n_after]: [usize; 2],
    sigma: f64,
    period: Period,
) -> String {
    let error = sigma * (1.0 / n_before as f64 + 1.0 / n_after as f64).sqrt();
    let change = pole.improve.oriented(after) - pole.improve.oriented(before);
    let verb = if change.abs() <= 2.0 * error {
        "hardly moved"
    } else if change > 0.0 {
        "got better"
    } else {
        "got worse"
    };
    format!(
        "{} {verb}: from {} ({} before) to {} ({} since).",
        pole.name,
        rounded(before, error),
        period.count(n_before),
        rounded(after, error),
        period.count(n_after)
    )
}
