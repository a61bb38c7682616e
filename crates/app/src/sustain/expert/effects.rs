//! What was measured in the units that each expert served, shrunk for small numbers.

use std::collections::BTreeMap;

use serde_json::Value;
use traction_domain::sustain::expert::{Measured, Shrunk, combined, shrink};

use crate::sustain::expert::store::{Kept, Proven};

/// What was measured of one expert's units in one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The metric's name and unit of measure.
    pub metric: Metric,
    /// How many units it rests on.
    pub n_units: usize,
    /// As measured, positive when better.
    pub measured: Measured,
    /// Drawn towards zero.
    pub shrunk: Shrunk,
}

/// For each expert (by his key), each metric with a measured effect in his units.
///
/// A unit's effect is that of its start in the latest evidence record of the change it got.
pub fn of_experts(
    engagements: &[(String, &Kept)],
    proven: &[Proven],
    records: &[(String, String)],
) -> BTreeMap<String, Vec<Shown>> {
    let records: BTreeMap<&str, Value> = records
        .iter()
        .filter_map(|(id, record)| Some((id.as_str(), serde_json::from_str(record).ok()?)))
        .collect();
    let mut by_metric: BTreeMap<Metric, Vec<(String, usize, Measured)>> = BTreeMap::new();
    let mut experts: BTreeMap<&str, Vec<&Kept>> = BTreeMap::new();
    engagements.iter().for_each(|(key, kept)| experts.entry(key).or_default().push(kept));
    for (key, engagements) in experts {
        for (metric, groups) in groups(&engagements, proven, &records) {
            let n_units = groups.iter().map(|(_, n)| n).sum();
            if let Some(measured) = combined(&groups) {
                by_metric.entry(metric).or_default().push((key.to_owned(), n_units, measured));
            }
        }
    }
    let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
    for (metric, experts) in by_metric {
        let effects: Vec<Measured> = experts.iter().map(|(_, _, measured)| *measured).collect();
        for ((key, n_units, measured), shrunk) in experts.into_iter().zip(shrink(&effects)) {
            shown.entry(key).or_default().push(Shown { metric: metric.clone(), n_units, measured, shrunk });
        }
    }
    shown
}

/// A metric's name, and what one of it is.
pub type Metric = (String, String);

/// Measured effects, and in how many units.
type Groups = Vec<(Measured, usize)>;

/// Per metric, the measured effect of each start, and how many of the expert's units had it.
fn groups(
    engagements: &[&Kept],
    proven: &[Proven],
    records: &BTreeMap<&str, Value>,
) -> BTreeMap<Metric, Groups> {
    let served = |proven: &&Proven| engagements.iter().any(|kept| kept.engagement.unit == proven.unit);
    let mut starts: BTreeMap<(&str, &str), (&Proven, Measured, usize)> = BTreeMap::new();
    for one in proven.iter().filter(served) {
        let Some(record) = records.get(one.evidence.as_str()) else { continue };
        let Some((start, measured)) = of_start(record, one) else { continue };
        starts.entry((&one.evidence, start)).or_insert((one, measured, 0)).2 += 1;
    }
    let mut groups: BTreeMap<Metric, Groups> = BTreeMap::new();
    for (one, measured, n) in starts.into_values() {
        let metric = (one.metric.clone(), one.unit_of_measure.clone());
        groups.entry(metric).or_default().push((measured, n));
    }
    groups
}

/// The effect that a record gives for the start of this slot, turned so that up is better.
fn of_start<'a>(record: &'a Value, proven: &Proven) -> Option<(&'a str, Measured)> {
    let began = proven.began.date().to_string();
    let each = record["by_start"]["each"].as_array()?;
    let row = each.iter().find(|row| row["start"].as_str().is_some_and(|start| began.starts_with(start)))?;
    let sign = if proven.better == "down" { -1.0 } else { 1.0 };
    let standard_error = row["se"].as_f64().filter(|se| *se > 0.0)?;
    Some((row["start"].as_str()?, Measured { effect: sign * row["estimate"].as_f64()?, standard_error }))
}
