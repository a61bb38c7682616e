//! A second opinion: another method asked the same, and whether it agrees.

use traction_stats::uncertainty::Estimate;

use super::answer::{Answer, Ground};
use super::figures::Figures;
use super::verdict::Secondly;
use super::wish::{Method, Wish};

/// What a second method found.
#[derive(Clone, Debug)]
pub struct Second {
    /// The method.
    pub method: Method,
    /// All in one number; `None` where the data could not carry it.
    pub overall: Option<Estimate>,
    /// Whether it agrees; `None` where that cannot be told.
    pub agrees: Option<bool>,
    /// One plain sentence.
    pub says: String,
}

/// What weakens the sentence where the second method does not agree.
pub(super) fn disagreeing(second: Option<&Second>) -> Option<Secondly> {
    let second = second.filter(|second| second.agrees == Some(false))?;
    Some(Secondly { method: second.method.word(), value: second.overall.as_ref()?.value })
}

/// Asks a second method, and compares.
///
/// Two methods disagree when neither's interval holds the other's estimate.
pub(super) fn asked(method: Method, ground: &Ground<'_>, wish: &Wish, first: &Answer) -> Second {
    let word = method.word();
    let overall = match method.answer(ground, wish) {
        Ok(answer) => answer.effects.overall,
        Err(why) => {
            let says = format!("A second method ({word}) gives no answer: {why}.");
            return Second { method, overall: None, agrees: None, says };
        }
    };
    let (ours, theirs) = (first.effects.overall.interval(), overall.interval());
    let agrees = ours.zip(theirs).map(|(ours, theirs)| {
        agree(
            (first.effects.overall.value, [ours.low, ours.high]),
            (overall.value, [theirs.low, theirs.high]),
        )
    });
    let says = match (agrees, theirs) {
        (Some(agrees), Some(interval)) => {
            let figures = Figures::of(interval.se_used);
            format!(
                "A second method ({word}) {} and finds {} ({} to {}).",
                if agrees { "agrees" } else { "disagrees" },
                figures.say(overall.value),
                figures.say(interval.low),
                figures.say(interval.high)
            )
        }
        _ => format!("A second method ({word}) cannot tell how far chance reaches."),
    };
    Second { method, overall: Some(overall), agrees, says }
}

/// Of two estimates with the ends of their intervals, whether either interval holds the other estimate.
fn agree((ours, our_ends): (f64, [f64; 2]), (theirs, their_ends): (f64, [f64; 2])) -> bool {
    let holds = |[low, high]: [f64; 2], value: f64| (low..=high).contains(&value);
    holds(our_ends, theirs) || holds(their_ends, ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wide interval that holds the other's estimate is enough, whichever of the two is wide.
    #[test]
    fn methods_disagree_only_where_neither_interval_holds_the_other_estimate() {
        let (narrow, wide, far) = ((0.0, [-1.0, 1.0]), (3.0, [-4.0, 10.0]), (3.0, [1.5, 4.5]));
        for (ours, theirs, expect) in [
            (narrow, wide, true),
            (wide, narrow, true),
            (narrow, narrow, true),
            (narrow, far, false),
            (far, narrow, false),
            (narrow, (1.0, [0.5, 1.5]), true),
        ] {
            assert_eq!(agree(ours, theirs), expect, "{ours:?} {theirs:?}");
        }
    }
}
