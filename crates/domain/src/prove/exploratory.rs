//! Further looks: other outcomes of the same units, and parts of the units. What was settled beforehand alone speaks in
//! the verdict; these are listed with p-values that allow for all of them having been looked at.
//!
//! It chooses no method: each look is made as the main one was. It compares no parts with each other.

use std::collections::BTreeMap;

use traction_stats::panel::Panel;
use traction_stats::uncertainty::{Estimate, Spread, holm};

use super::answer::{Ground, Material};
use super::draws;
use super::evidence::Evidence;
use super::figures::{Figures, p_words};
use super::wish::{Further, Inference, Method, Wish};
use crate::words::counted;

/// A further look to be made.
#[derive(Clone, Debug)]
pub struct Look<'a> {
    /// What at.
    pub at: Looked,
    /// What is found in.
    pub material: Material<'a>,
}

/// What a further look is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Another outcome of the same units.
    Outcome {
        /// Its name.
        name: String,
        /// Its unit of measure.
        measure: Option<String>,
    },
    /// The same outcome in a part of the units.
    Group {
        /// What the units are parted by.
        by: String,
        /// What those units have there.
        value: String,
        /// How many they are.
        n_units: usize,
    },
}

/// What a further look found.
#[derive(Clone, Debug)]
pub struct Explored {
    /// What at.
    pub at: Looked,
    /// All in one number; `None` where the data could not carry any. Its own interval and p-value allow for no other
    /// look.
    pub overall: Option<Estimate>,
    /// The p-value that allows for all further looks, by Holm's steps.
    pub p_adjusted: Option<f64>,
    /// One plain sentence.
    pub says: String,
}

/// Makes further looks, each by the method and the settings of `evidence`, which keeps what they found.
///
/// - `measure`: the main outcome's unit of measure, that parts of the units are told in.
pub fn explore(evidence: &mut Evidence, looks: &[Look<'_>], measure: Option<&str>) {
    let method = evidence.design.method;
    let wish = Wish {
        method: Some(method),
        sensitivity: Further::AsUsual,
        // Bands hold the parts of one answer together, and only the whole is told here.
        inference: match evidence.design.wish.inference {
            Inference::Permutation => Inference::Permutation,
            Inference::Analytic | Inference::Bootstrap => Inference::Analytic,
        },
        ..evidence.design.wish
    };
    let found: Vec<Result<Estimate, String>> =
        looks.iter().map(|look| found(&look.material, method, &wish)).collect();
    let p: Vec<f64> = found.iter().filter_map(|found| Some(found.as_ref().ok()?.interval()?.p)).collect();
    let mut adjusted = holm(&p).into_iter();
    let explored = looks.iter().zip(found).map(|(look, found)| {
        let p_adjusted = found.as_ref().ok().and_then(Estimate::interval).and_then(|_| adjusted.next());
        let says = look.at.said(&found, (p_adjusted, p.len()), measure);
        Explored { at: look.at.clone(), overall: found.ok(), p_adjusted, says }
    });
    evidence.exploratory = explored.collect();
}

/// The panel's parts by what its units have in a column, in order of what they have there.
///
/// - `of_unit`: by label, what the unit has there; units without are in no part.
pub fn groups(panel: &Panel, of_unit: &BTreeMap<String, String>) -> Vec<(String, Panel)> {
    let values: std::collections::BTreeSet<&String> = of_unit.values().collect();
    let part = |value: &String| {
        let part = panel.of_units(|unit| of_unit.get(&panel.units()[unit]) == Some(value))?;
        Some((value.clone(), part))
    };
    values.into_iter().filter_map(part).collect()
}

/// The effect that the method finds in other material, or why it finds none.
fn found(material: &Material<'_>, method: Method, wish: &Wish) -> Result<Estimate, String> {
    if method == Method::TwoWay {
        return Err("two-way regression is a warning and no answer".to_owned());
    }
    let waves = draws::waves(material.panel, material.draws).map_err(|why| why.to_string())?;
    let ground = Ground { panel: material.panel, waves: waves.lists };
    Ok(method.answer(&ground, wish).map_err(|why| why.to_string())?.effects.overall)
}

impl Looked {
    /// What a look found, in words: `p_adjusted` allows for so many looks.
    fn said(
        &self,
        found: &Result<Estimate, String>,
        (p_adjusted, n_looks): (Option<f64>, usize),
        measure: Option<&str>,
    ) -> String {
        let (at, measure) = match self {
            Looked::Outcome { name, measure } => (name.clone(), measure.as_deref()),
            Looked::Group { by, value, n_units } => {
                (format!("Where {by} is {value} ({})", counted(*n_units, "unit", "units")), measure)
            }
        };
        let estimate = match found {
            Err(why) => return format!("{at}: no answer, because {why}."),
            Ok(estimate) => estimate,
        };
        let interval = match estimate.spread {
            Spread::Known(interval) => interval,
            Spread::Unknown(why) => {
                return format!("{at}: how far chance reaches is not known, because {why}.");
            }
        };
        let figures = Figures::of(interval.se_used);
        let measure = measure.map(|measure| format!(" {measure}")).unwrap_or_default();
        let adjusted = match p_adjusted {
            Some(p) if n_looks > 1 => format!(", or {} allowing for all {n_looks} looks", p_words(p)),
            _ => String::new(),
        };
        format!(
            "{at}: {}{measure} ({} to {}), {}{adjusted}.",
            figures.say(estimate.value),
            figures.say(interval.low),
            figures.say(interval.high),
            p_words(interval.p),
        )
    }
}

#[cfg(test)]
mod tests;
