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
        let holds = |low: f64, high: f64, value: f64| (low..=high).contains(&value);
        holds(ours.low, ours.high, overall.value)
            || holds(theirs.low, theirs.high, first.effects.overall.value)
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
