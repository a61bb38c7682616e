//! What a panel's rows say of their unit, and that they agree on it.

use super::{Beside, PanelRefused, Period, Row};
use crate::table::Place;

/// A unit while its panel is being made.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub start: Option<Period>,
    /// Whether a row wrote that start as 0, which says never.
    pub is_start_0: bool,
    first_line: u64,
    /// Few tables have any of it, and there are many units.
    rest: Option<Box<Rest>>,
}

/// What rows may say of their unit besides.
#[derive(Clone, Debug, Default)]
struct Rest {
    /// The cluster, by place.
    cluster: Option<usize>,
    /// The weight, and the period it is of.
    weight: Option<(f64, Period)>,
    /// The first period with the treatment and the last without it, where rows say whether they have it.
    on: Option<Period>,
    off: Option<(Period, u64)>,
}

impl Unit {
    /// A unit as its first row tells of it.
    pub fn new(row: &Row<'_>, cluster: Option<usize>) -> Self {
        Unit {
            start: row.start,
            is_start_0: false,
            first_line: row.line,
            rest: cluster.map(|cluster| Box::new(Rest { cluster: Some(cluster), ..Rest::default() })),
        }
    }

    /// The cluster, by place.
    fn cluster(&self) -> Option<usize> {
        self.rest.as_ref().and_then(|rest| rest.cluster)
    }

    /// How much the unit counts; `None` if no row said.
    fn weight(&self) -> Option<f64> {
        self.rest.as_ref().and_then(|rest| rest.weight).map(|(weight, _)| weight)
    }

    /// Checks a later row against what is known.
    pub fn check(&self, row: &Row<'_>, cluster: Option<usize>) -> Result<(), PanelRefused> {
        let (at, first_at) = (Place::Line(row.line), Place::Line(self.first_line));
        if self.start != row.start {
            let (found, first) = (row.start, self.start);
            return Err(PanelRefused::StartChanged { at, first_at, unit: row.unit.to_owned(), found, first });
        }
        if self.cluster() != cluster {
            return Err(PanelRefused::ClusterChanged { at, first_at, unit: row.unit.to_owned() });
        }
        Ok(())
    }

    /// Takes the weight and whether the treatment was on.
    pub fn note(&mut self, row: &Row<'_>, beside: &Beside<'_>) {
        if beside.weight.is_none() && beside.treated.is_none() {
            return;
        }
        let rest = self.rest.get_or_insert_default();
        if let Some(weight) = beside.weight
            && rest.weight.is_none_or(|(_, of)| row.period < of)
        {
            rest.weight = Some((weight, row.period));
        }
        match beside.treated {
            Some(true) if rest.on.is_none_or(|on| row.period < on) => rest.on = Some(row.period),
            Some(false) if rest.off.is_none_or(|(off, _)| row.period > off) => {
                rest.off = Some((row.period, row.line));
            }
            _ => {}
        }
    }

    /// The start of the unit of that label: as its rows gave it, or the first period with the treatment.
    pub fn settled_start(&self, label: &str) -> Result<Option<Period>, PanelRefused> {
        let (on, off) = self.rest.as_ref().map_or((None, None), |rest| (rest.on, rest.off));
        match (on, off) {
            (Some(on), Some((off, line))) if off > on => {
                Err(PanelRefused::TurnedOff { at: Place::Line(line), unit: label.to_owned(), on, off })
            }
            (Some(on), _) => Ok(Some(on)),
            (None, _) => Ok(self.start),
        }
    }
}

/// By unit; `None` where no row had a weight.
pub(super) fn weights(units: &[Unit]) -> Option<Vec<f64>> {
    let any = units.iter().any(|unit| unit.weight().is_some());
    any.then(|| units.iter().map(|unit| unit.weight().unwrap_or(1.0)).collect())
}

/// By unit, numbered in order of first appearance among the units; `None` where no row named a cluster.
pub(super) fn clusters(units: &[Unit], n_named: usize) -> Option<Vec<usize>> {
    if n_named == 0 {
        return None;
    }
    let mut number = vec![None; n_named];
    let mut n = 0;
    let mut next = || {
        n += 1;
        n - 1
    };
    let numbered = units.iter().map(|unit| match unit.cluster() {
        Some(cluster) => *number[cluster].get_or_insert_with(&mut next),
        None => next(),
    });
    Some(numbered.collect())
}
