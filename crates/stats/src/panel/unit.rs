//! What a panel's rows say of their unit, and that they agree on it.

use super::{Beside, PanelRefused, Period, Row};

/// A unit while its panel is being made.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub label: String,
    pub start: Option<Period>,
    first_line: u64,
    /// The cluster, by place.
    pub cluster: Option<usize>,
    /// The weight, and the period it is of.
    pub weight: Option<(f64, Period)>,
    /// The first period with the treatment and the last without it, where rows say whether they have it.
    on: Option<Period>,
    off: Option<(Period, u64)>,
}

impl Unit {
    /// A unit as its first row tells of it.
    pub fn new(row: &Row<'_>, cluster: Option<usize>) -> Self {
        Unit {
            label: row.unit.to_owned(),
            start: row.start,
            first_line: row.line,
            cluster,
            weight: None,
            on: None,
            off: None,
        }
    }

    /// Checks a later row against what is known.
    pub fn check(&self, row: &Row<'_>, cluster: Option<usize>) -> Result<(), PanelRefused> {
        let (line, first_line) = (row.line, self.first_line);
        if self.start != row.start {
            let (found, first) = (row.start, self.start);
            return Err(PanelRefused::StartChanged {
                line,
                first_line,
                unit: self.label.clone(),
                found,
                first,
            });
        }
        if self.cluster != cluster {
            return Err(PanelRefused::ClusterChanged { line, first_line, unit: self.label.clone() });
        }
        Ok(())
    }

    /// Takes the weight and whether the treatment was on.
    pub fn note(&mut self, row: &Row<'_>, beside: &Beside<'_>) {
        if let Some(weight) = beside.weight
            && self.weight.is_none_or(|(_, of)| row.period < of)
        {
            self.weight = Some((weight, row.period));
        }
        match beside.treated {
            Some(true) if self.on.is_none_or(|on| row.period < on) => self.on = Some(row.period),
            Some(false) if self.off.is_none_or(|(off, _)| row.period > off) => {
                self.off = Some((row.period, row.line));
            }
            _ => {}
        }
    }

    /// The unit's start: as its rows gave it, or the first period with the treatment.
    pub fn settled_start(&self) -> Result<Option<Period>, PanelRefused> {
        match (self.on, self.off) {
            (Some(on), Some((off, line))) if off > on => {
                Err(PanelRefused::TurnedOff { line, unit: self.label.clone(), on, off })
            }
            (Some(on), _) => Ok(Some(on)),
            (None, _) => Ok(self.start),
        }
    }
}

/// By unit; `None` where no row had a weight.
pub(super) fn weights(units: &[Unit]) -> Option<Vec<f64>> {
    let any = units.iter().any(|unit| unit.weight.is_some());
    any.then(|| units.iter().map(|unit| unit.weight.map_or(1.0, |(weight, _)| weight)).collect())
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
    let numbered = units.iter().map(|unit| match unit.cluster {
        Some(cluster) => *number[cluster].get_or_insert_with(&mut next),
        None => next(),
    });
    Some(numbered.collect())
}
