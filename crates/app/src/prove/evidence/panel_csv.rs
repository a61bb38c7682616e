//! The panel that a record rests on as text, and how its columns are called: whoever has it can make the record again.

use std::collections::HashMap;
use std::fmt::Write;

use traction_stats::effect::Seen;
use traction_stats::panel::{Panel, Period};

use super::table::Labels;

/// What stands beside the panel's own columns.
pub struct Beside<'a> {
    /// In the place of outcomes, how much of the period each unit used it.
    pub used: Option<&'a Panel>,
    /// Further outcomes of the same units and periods, by name.
    pub also: &'a [(String, Panel)],
    /// By column that units are parted by, what each unit has there.
    pub labels: &'a [(String, Labels)],
    /// How rows belong to units, as that was asked for.
    pub seen: Seen,
}

/// The columns' names; none of them is that of a covariate or of a further look.
pub struct Headings {
    /// Labels of the units.
    pub unit: String,
    /// Whether units have more than one row, so that whoever reads the table has to know them.
    pub units: Units,
    /// When.
    pub period: String,
    /// The outcome.
    pub outcome: String,
    /// The first period with it.
    pub start: String,
    /// How much a unit counts, where units count differently.
    pub weight: Option<String>,
    /// The cluster, where there are any.
    pub cluster: Option<String>,
    /// How much of the period the unit used it, where that is known.
    pub used: Option<String>,
    /// Covariates.
    pub covariates: Vec<String>,
    /// Further outcomes that are no covariates as well.
    pub also: Vec<String>,
    /// What units are parted by.
    pub by: Vec<String>,
}

/// How often units are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Some in more than one period.
    Recur,
    /// Each in one.
    OnceEach,
}

impl Headings {
    /// The names for a panel.
    pub fn of(panel: &Panel, beside: &Beside<'_>) -> Self {
        let covariates: Vec<String> =
            panel.covariates().iter().map(|covariate| covariate.name.clone()).collect();
        let also: Vec<String> = beside.also.iter().map(|(name, _)| name.clone()).collect();
        let by: Vec<String> = beside.labels.iter().map(|(name, _)| name.clone()).collect();
        let free = |name: &str| {
            let mut name = name.to_owned();
            while covariates.contains(&name) || also.contains(&name) || by.contains(&name) {
                name.push('_');
            }
            name
        };
        Headings {
            unit: free("unit"),
            units: if panel.has_recurring_units() { Units::Recur } else { Units::OnceEach },
            period: free("period"),
            outcome: free("outcome"),
            start: free("start"),
            weight: panel.has_weights().then(|| free("weight")),
            cluster: panel.clusters().map(|_| free("cluster")),
            used: beside.used.map(|_| free("used")),
            covariates,
            also,
            by,
        }
    }

    /// Covariates, further outcomes and parts, each column once.
    fn further(&self) -> Vec<&String> {
        let mut columns: Vec<&String> = Vec::new();
        for name in self.covariates.iter().chain(&self.also).chain(&self.by) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns
    }

    fn line(&self) -> String {
        let needed = [&self.unit, &self.period, &self.outcome, &self.start];
        let further = [&self.weight, &self.cluster, &self.used].into_iter().flatten();
        let all: Vec<String> =
            needed.into_iter().chain(further).chain(self.further()).map(|name| quoted(name)).collect();
        all.join(",")
    }
}

/// The panel as it was analysed: one row per unit and period, numbers at full precision.
pub fn text(panel: &Panel, beside: &Beside<'_>) -> String {
    let mut start = vec![None::<Period>; panel.units().len()];
    for cohort in panel.cohorts() {
        cohort.units.iter().for_each(|&unit| start[unit] = Some(cohort.start));
    }
    let uses = beside.used.map(ByLabel::of);
    let headings = Headings::of(panel, beside);
    let further: Vec<Further<'_>> =
        headings.further().iter().map(|name| Further::of(name, panel, beside)).collect();
    // Rows of different people have no names but their places in a table, and in this one they have others.
    let are_numbered = beside.seen == Seen::InEither && headings.units == Units::OnceEach;
    let mut csv = headings.line();
    csv.push('\n');
    for (unit, label) in panel.units().iter().enumerate() {
        let name = if are_numbered { format!("row {}", unit + 2) } else { quoted(label) };
        let start = start[unit].map(|start| start.to_string()).unwrap_or_default();
        for (place, period) in panel.periods().iter().enumerate() {
            let Some(outcome) = panel.outcome(unit, place) else { continue };
            // Writing to a string cannot fail.
            let _ = write!(csv, "{name},{period},{outcome},{start}");
            if panel.has_weights() {
                let _ = write!(csv, ",{}", panel.weight(unit));
            }
            if let Some(clusters) = panel.clusters() {
                let _ = write!(csv, ",{}", clusters[unit]);
            }
            if let Some(uses) = &uses {
                let _ = write!(csv, ",{}", number(uses.value(label, *period)));
            }
            for column in &further {
                let _ = match column {
                    Further::Covariate(covariate) => {
                        write!(csv, ",{}", number(panel.covariate(*covariate, unit, place)))
                    }
                    Further::Outcome(outcome) => write!(csv, ",{}", number(outcome.value(label, *period))),
                    Further::Labels(labels) => {
                        write!(csv, ",{}", quoted(labels.get(label).map_or("", String::as_str)))
                    }
                };
            }
            csv.push('\n');
        }
    }
    csv
}

/// A column beside those that every panel may have.
enum Further<'a> {
    /// Its place among the panel's covariates.
    Covariate(usize),
    Outcome(ByLabel<'a>),
    Labels(&'a Labels),
}

impl<'a> Further<'a> {
    fn of(name: &str, panel: &Panel, beside: &Beside<'a>) -> Self {
        if let Some(place) = panel.covariates().iter().position(|covariate| covariate.name == name) {
            return Further::Covariate(place);
        }
        if let Some((_, outcome)) = beside.also.iter().find(|(also, _)| also == name) {
            return Further::Outcome(ByLabel::of(outcome));
        }
        const NOBODY: &Labels = &Labels::new();
        let labels = beside.labels.iter().find(|(by, _)| by == name);
        Further::Labels(labels.map_or(NOBODY, |(_, labels)| labels))
    }
}

/// What another panel has of the same units and periods.
struct ByLabel<'a> {
    panel: &'a Panel,
    rows: HashMap<&'a str, usize>,
    places: HashMap<Period, usize>,
}

impl<'a> ByLabel<'a> {
    fn of(panel: &'a Panel) -> Self {
        ByLabel {
            rows: panel.units().iter().enumerate().map(|(row, unit)| (unit, row)).collect(),
            places: panel.periods().iter().enumerate().map(|(place, period)| (*period, place)).collect(),
            panel,
        }
    }

    fn value(&self, unit: &str, period: Period) -> Option<f64> {
        self.panel.outcome(*self.rows.get(unit)?, *self.places.get(&period)?)
    }
}

/// What is not known is empty.
fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A label as CSV holds it.
fn quoted(label: &str) -> String {
    if label.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", label.replace('"', "\"\""))
    } else {
        label.to_owned()
    }
}
