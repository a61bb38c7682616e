//! Readiness: each unit by its appetite and its aptitude.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};

/// Units on the two scales of readiness, both from 1 to 5.
#[derive(Debug, Clone, PartialEq)]
pub struct Readiness {
    /// Units with enough answers; others are left out by the caller.
    pub units: Vec<UnitReadiness>,
    /// The appetite and the aptitude a unit needs to be eligible, where the wave asks for them.
    pub threshold: Option<(f64, f64)>,
}

/// One unit's pulse.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitReadiness {
    /// Its name.
    pub unit: String,
    /// Mean appetite, 1 to 5.
    pub appetite: f64,
    /// Mean aptitude, 1 to 5.
    pub aptitude: f64,
    /// Its appetite and its aptitude in the pulse before, where they could be shown.
    pub before: Option<(f64, f64)>,
}

impl UnitReadiness {
    /// Whether the two names, each written beside its point, would run into one another.
    fn crowds(&self, other: &UnitReadiness) -> bool {
        (self.appetite - other.appetite).abs() < 2.0 && (self.aptitude - other.aptitude).abs() < 0.3
    }
}

impl Readiness {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let ready = |unit: &UnitReadiness| {
            self.threshold
                .is_none_or(|(appetite, aptitude)| unit.appetite >= appetite && unit.aptitude >= aptitude)
        };
        let rows = self
            .units
            .iter()
            .map(|unit| {
                vec![
                    Cell::words(&unit.unit),
                    Cell::Number(unit.appetite),
                    Cell::Number(unit.aptitude),
                    Cell::words(if ready(unit) { "ready" } else { "not yet" }),
                ]
            })
            .collect();
        let table = Table::new(["Unit", "Appetite, 1 to 5", "Aptitude, 1 to 5", "State"], rows);
        let n_ready = self.units.iter().filter(|unit| ready(unit)).count();
        let description = format!(
            "{} units by appetite and aptitude, both from 1 to 5. {n_ready} are ready{}.",
            self.units.len(),
            match self.threshold {
                Some((appetite, aptitude)) =>
                    format!(": appetite {appetite} and aptitude {aptitude} or more"),
                None => String::new(),
            }
        );
        let n_moved = self.units.iter().filter(|unit| unit.before.is_some()).count();
        let description = match n_moved {
            0 => description,
            n => format!(
                "{description} A dashed line leads from where it stood in the pulse before, for {n} of them."
            ),
        };
        let mut marks = Vec::new();
        if let Some((appetite, aptitude)) = self.threshold {
            marks.push(Mark::Band { left: appetite, right: 5.0, low: aptitude, high: 5.0, tone: Tone::Pull });
            marks.push(Mark::Line {
                points: vec![(appetite, Some(5.0)), (appetite, Some(aptitude)), (5.0, Some(aptitude))],
                tone: Tone::Pull,
                stroke: Stroke::Dashed,
                label: Some("ready".into()),
            });
        }
        // Names that would cover one another are left to the table, and to the points' own titles.
        let mut named: Vec<&UnitReadiness> = Vec::new();
        for unit in &self.units {
            let is_free = named.iter().all(|other| !unit.crowds(other));
            if is_free {
                named.push(unit);
            }
            if let Some((appetite, aptitude)) = unit.before {
                marks.push(Mark::Line {
                    points: vec![(appetite, Some(aptitude)), (unit.appetite, Some(unit.aptitude))],
                    tone: Tone::Quiet,
                    stroke: Stroke::Dashed,
                    label: None,
                });
            }
            let (shape, tone) =
                if ready(unit) { (Shape::Dot, Tone::Pull) } else { (Shape::Ring, Tone::Quiet) };
            let says = format!("{}: appetite {:.1}, aptitude {:.1}", unit.unit, unit.appetite, unit.aptitude);
            let label = is_free.then(|| unit.unit.clone());
            marks.push(Mark::Point { x: unit.appetite, y: unit.aptitude, shape, tone, says, label });
        }
        let plot = Plot {
            x: Axis::number("Appetite: how much we want it (1 to 5)"),
            y: Axis::number("Aptitude: how able we feel (1 to 5)"),
            y_holds: vec![1.0, 5.0],
            x_holds: vec![1.0, 5.0],
            marks,
        };
        let picture = if self.units.is_empty() {
            Picture::Nothing(
                "No unit has enough answers yet. A unit shows here once five of its people have answered the pulse.",
            )
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }
}
