//! Pictures of one row a thing: bars that rank, and effects of several units with their intervals.

use maud::{Markup, html};

use super::ink::{self, Drawn, Shape, Size, Tone, at};
use super::labels;
use super::scale::{self, Span};
use super::{Axis, Cell, Chart, Estimate, Picture, Table};

/// Things ranked by one quantity, the largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The quantity with its unit: "Cost, hours a week".
    pub x: Axis,
    /// The things in the order to show.
    pub ranked: Vec<Ranked>,
}

/// One thing with its quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its name.
    pub name: String,
    /// Its quantity, 0 or more.
    pub value: f64,
    /// What the bar means.
    pub tone: Tone,
}

/// Effects of several units, or of several starts, one below the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    /// What each row is, and several of them: ("Unit", "units").
    pub what: (&'static str, &'static str),
    /// The effect in the outcome's unit.
    pub x: Axis,
    /// The units in the order to show.
    pub effects: Vec<UnitEffect>,
    /// The effect over all, drawn last and apart.
    pub overall: Option<Estimate>,
    /// The smallest effect that would be worth it, with its sign.
    pub worth: Option<f64>,
}

/// One unit's effect.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitEffect {
    /// The unit's name.
    pub unit: String,
    /// Its effect.
    pub effect: Estimate,
}

impl Ranking {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let ranked: Vec<Ranked> = self.ranked.into_iter().filter(|ranked| ranked.value.is_finite()).collect();
        let rows = ranked
            .iter()
            .map(|one| vec![Cell::words(&one.name), Cell::on(&self.x, Some(one.value))])
            .collect();
        let table = Table::new(["What", self.x.label.as_str()], rows);
        let mut description = format!("{}: {} in order.", self.x.label, ranked.len());
        for one in ranked.iter().take(3) {
            description.push_str(&format!(" {}: {}.", one.name, self.x.says(one.value)));
        }
        let picture = if ranked.is_empty() {
            Picture::Nothing("Nothing to rank yet. The first report starts the list.")
        } else {
            let rows = ranked
                .into_iter()
                .map(|one| Row {
                    says: self.x.says(one.value),
                    name: one.name,
                    tone: one.tone,
                    value: one.value,
                    ends: None,
                    kind: Kind::Bar,
                })
                .collect();
            Picture::Rows(Rows { axis: self.x, rows, lines: Vec::new() })
        };
        Chart { title: title.into(), description, picture, table }
    }
}

impl Forest {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let overall = self.overall.map(|effect| UnitEffect { unit: "All together".to_owned(), effect });
        let each = self.effects.iter().map(|effect| (effect, Kind::Dot));
        let all: Vec<(&UnitEffect, Kind)> = each
            .chain(overall.iter().map(|effect| (effect, Kind::Diamond)))
            .filter(|(one, _)| one.effect.value.is_finite())
            .collect();
        let cells = all
            .iter()
            .map(|(one, _)| {
                let [value, low, high] = Cell::estimated(&self.x, &one.effect);
                vec![Cell::words(&one.unit), value, low, high]
            })
            .collect();
        let table = Table::new([self.what.0, self.x.label.as_str(), "Low end", "High end"], cells);
        let (label, n, rows) = (&self.x.label, self.effects.len(), self.what.1);
        let mut description = format!("{label} of {n} {rows}, each with its interval.");
        let mut rows = Vec::new();
        for (one, kind) in &all {
            let (value, ends) = self.x.says_alike(&one.effect);
            let says = ends.map_or(value.clone(), |(low, high)| format!("{value} ({low} to {high})"));
            description.push_str(&format!(" {}: {says}.", one.unit));
            rows.push(Row {
                name: one.unit.clone(),
                tone: if *kind == Kind::Diamond { Tone::Pull } else { Tone::Ink },
                value: one.effect.value,
                ends: one.effect.interval.map(|interval| (interval.low, interval.high)),
                says,
                kind: *kind,
            });
        }
        let mut lines = vec![(0.0, Tone::Ink, "no effect".to_owned())];
        if let Some(worth) = self.worth.filter(|worth| *worth != 0.0) {
            lines.push((worth, Tone::Push, format!("worth it, {}", self.x.says(worth))));
        }
        let picture = if rows.is_empty() {
            Picture::Nothing(
                "No unit's effect could be estimated yet. It takes outcomes from before and after its start.",
            )
        } else {
            Picture::Rows(Rows { axis: self.x, rows, lines })
        };
        Chart { title: title.into(), description, picture, table }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bar,
    Dot,
    Diamond,
}

/// Rows below one another on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    axis: Axis,
    rows: Vec<Row>,
    /// Reference values, from top to bottom, each named above the rows.
    lines: Vec<(f64, Tone, String)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    tone: Tone,
    value: f64,
    ends: Option<(f64, f64)>,
    says: String,
    kind: Kind,
}

impl Rows {
    pub fn drawn(&self, size: Size) -> Drawn {
        let font = size.font;
        let bars = self.rows.iter().all(|row| row.kind == Kind::Bar);
        let widest = self.rows.iter().map(|row| labels::width(&row.name, font)).fold(0.0, f64::max);
        // On a phone the name stands above its row, so that the row keeps its length.
        let above = size == ink::NARROW;
        let left = if above { if bars { 0.0 } else { 8.0 } } else { widest.min(size.width * 0.46) + font };
        let says = self.rows.iter().map(|row| labels::width(&row.says, font)).fold(0.0, f64::max);
        let right = size.width - if bars { says + font } else { font };
        let span = self.span(bars);
        let heading = labels::wrap(&self.axis.label, font, size.width);
        let top = font * (1.3 * heading.len() as f64 + 0.8) + font * 1.5 * self.lines.len() as f64;
        let tall = if above { font * 3.3 } else { font * 2.1 };
        let bottom = top + tall * self.rows.len() as f64;
        let across = |value: f64| span.place(value, left, right);
        let inside = html! {
            @for (place, line) in heading.iter().enumerate() {
                text class="quiet" x="0" y=(at(font * (1.0 + 1.3 * place as f64))) { (line) }
            }
            @if !bars { (ticks(&self.axis, span, (left, right), (top, bottom), font)) }
            @for (place, (value, tone, words)) in self.lines.iter().enumerate() {
                @let here = across(*value);
                @let word = top - font * (0.6 + 1.4 * (self.lines.len() - 1 - place) as f64);
                @let dash = if *value == 0.0 { "" } else { " dash" };
                // Words lean away from zero, so that two lines close together do not meet.
                @let wide = labels::width(words, font);
                @let leans_left = here + wide > size.width || (*value < 0.0 && here > wide);
                @let class = format!("line thin{dash} {}", tone.class());
                // Where names stand above their rows, a line passes behind no name.
                @let rows = if above { self.rows.len() } else { 0 };
                (ink::line((here, word + 3.0), (here, if above { top } else { bottom }), &class))
                @for row in 0..rows {
                    @let from = top + tall * row as f64;
                    (ink::line((here, from + font * 1.75), (here, from + tall), &class))
                }
                text class=(format!("label {}{}", tone.class(), if leans_left { " end" } else { "" }))
                    x=(at(here)) y=(at(word)) { (words) }
            }
            @for (place, row) in self.rows.iter().enumerate() {
                @let middle = top + tall * (place as f64 + 0.5) + if above { font * 0.75 } else { 0.0 };
                @if above {
                    text class="ink label" x="0" y=(at(middle - font * 1.05)) {
                        (labels::clip(&row.name, font, size.width))
                    }
                } @else {
                    text class="ink end" x=(at(left - font * 0.7)) y=(at(middle + font * 0.35)) {
                        (labels::clip(&row.name, font, left - font * 0.7))
                    }
                }
                (row.drawn(across, middle, font))
            }
        };
        Drawn { height: bottom + if bars { 4.0 } else { font * 2.2 }, inside }
    }

    fn span(&self, bars: bool) -> Span {
        let values = self.rows.iter().flat_map(|row| {
            let (low, high) = row.ends.unwrap_or((row.value, row.value));
            [row.value, low, high]
        });
        let span = Span::over(values.chain(self.lines.iter().map(|line| line.0)).chain(bars.then_some(0.0)))
            .unwrap_or(Span { low: 0.0, high: 1.0 });
        if bars { Span { low: span.low.max(0.0), ..span } } else { span.padded(0.05) }
    }
}

impl Row {
    fn drawn(&self, across: impl Fn(f64) -> f64, middle: f64, font: f64) -> Markup {
        let here = across(self.value);
        let says = format!("{}: {}", self.name, self.says);
        match self.kind {
            Kind::Bar => {
                let start = across(0.0);
                let high = font * 1.05;
                html! {
                    rect class=(format!("fill {}", self.tone.class())) x=(at(start)) y=(at(middle - high / 2.0))
                        width=(at((here - start).max(1.5))) height=(at(high)) rx="2" { title { (says) } }
                    text class="ink" x=(at(here.max(start) + font * 0.5)) y=(at(middle + font * 0.35)) { (self.says) }
                }
            }
            Kind::Dot | Kind::Diamond => html! {
                @if let Some((low, high)) = self.ends.filter(|(low, high)| !low.is_nan() && !high.is_nan()) {
                    (ink::line((across(low), middle), (across(high), middle), &format!("line {}", self.tone.class())))
                }
                (ink::point(
                    here,
                    middle,
                    if self.kind == Kind::Dot { Shape::Dot } else { Shape::Diamond },
                    self.tone,
                    &says,
                ))
            },
        }
    }
}

fn ticks(axis: &Axis, span: Span, (left, right): (f64, f64), (top, bottom): (f64, f64), font: f64) -> Markup {
    let (ticks, step) = span.ticks((right - left) / (font * 5.5));
    html! {
        @for value in &ticks {
            @let here = span.place(*value, left, right);
            (ink::line((here, top), (here, bottom), "line thin grid"))
            text class="quiet mid" x=(at(here)) y=(at(bottom + font * 1.4)) {
                (scale::tick(*value, step, axis.shows))
            }
        }
    }
}
