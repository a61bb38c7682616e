//! Pictures of what happened: one value in, a figure out.
//!
//! Each kind of picture is a plain value ([`EventStudy`], [`Control`], [`Uptake`], [`TensionMap`], [`DrawPicture`],
//! [`Readiness`], [`Ranking`], [`Forest`], [`Power`], [`BySlots`], [`SlotCalendar`], [`SpreadTree`], [`Course`], [`ByLot`], [`Coverage`]) whose `chart` turns it into a [`Chart`]: a title that states the finding, a
//! text alternative, the drawing, and the table behind it. A [`Chart`] becomes a figure in a page, an SVG file or a
//! CSV file. Everything here is pure: no clock, no disk, no script. Nothing is computed but where things stand;
//! estimates, limits and signals come from the caller.

mod by_lot;
mod control;
mod course;
mod coverage;
mod draw;
mod event_study;
mod ink;
mod labels;
mod mark;
mod plot;
mod power;
mod readiness;
mod rows;
mod scale;
mod slots;
mod table;
mod tension;
mod tree;
mod uptake;

#[cfg(test)]
mod tests;

pub use by_lot::ByLot;
pub use control::{Control, Phase, Reading, Signal};
pub use course::Course;
pub use coverage::{Coverage, CoverageRow, Known};
pub use draw::{DrawPicture, Entry, Place};
pub use event_study::EventStudy;
pub use ink::{Shape, Tone};
pub use power::{BySlots, Found, Power};
pub use readiness::{Readiness, UnitReadiness};
pub use rows::{Forest, Ranked, Ranking, UnitEffect};
pub use scale::{Axis, Shows, in_thousands};
pub use slots::{Holds, SlotBar, SlotCalendar, SlotGroup, SlotRow, Stretch};
pub use table::{Cell, Table};
pub use tension::{Pole, TensionMap};
pub use tree::{Branch, Leaf, Names, Spread, SpreadTree, Standing};
pub use uptake::{Series, Uptake};

use base64::Engine as _;
use maud::{Markup, html};

/// A value with what is known about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The best single number, in the unit of its axis.
    pub value: f64,
    /// Its interval, where there is one.
    pub interval: Option<Interval>,
}

/// The range the truth lies in, at the level the caller names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Where a reader gets the files behind a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Downloads {
    /// The files are part of the page: for reports that stand alone, and pictures without an address.
    Inside,
    /// The files have addresses.
    At {
        /// Address of the SVG file.
        svg: String,
        /// Address of the CSV file.
        csv: String,
    },
    /// No files: for small pictures within a card.
    None,
}

/// A picture with its words and its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    title: String,
    description: String,
    picture: Picture,
    table: Table,
}

#[derive(Debug, Clone, PartialEq)]
enum Picture {
    Plot(plot::Plot),
    Rows(rows::Rows),
    Draw(DrawPicture),
    Slots(SlotCalendar),
    Tree(SpreadTree),
    Coverage(Coverage),
    /// Nothing to draw yet; the words say what would bring it.
    Nothing(&'static str),
}

impl Picture {
    fn drawn(&self, size: ink::Size) -> Option<ink::Drawn> {
        match self {
            Self::Plot(plot) => Some(plot.drawn(size)),
            Self::Rows(rows) => Some(rows.drawn(size)),
            Self::Draw(draw) => Some(draw.drawn(size)),
            Self::Slots(slots) => Some(slots.drawn(size)),
            Self::Tree(tree) => Some(tree.drawn(size)),
            Self::Coverage(coverage) => Some(coverage.drawn(size)),
            Self::Nothing(_) => None,
        }
    }
}

impl Chart {
    /// Replaces the text alternative, which each kind writes from its numbers, by better words.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The figure for a page: the finding, the drawing, its files, and its table folded away.
    pub fn figure(&self, downloads: &Downloads) -> Markup {
        let Picture::Nothing(words) = &self.picture else {
            return html! {
                figure class="chart" {
                    figcaption { (self.title) }
                    div class="drawing" {
                        @for size in [ink::WIDE, ink::NARROW] {
                            @if let Some(drawn) = self.picture.drawn(size) {
                                (ink::in_page(&drawn, size, &self.title, &self.description))
                            }
                        }
                    }
                    (self.behind(downloads))
                }
            };
        };
        html! {
            figure class="chart" {
                figcaption { (self.title) }
                p class="empty" { (words) }
            }
        }
    }

    fn behind(&self, downloads: &Downloads) -> Markup {
        let file = file_name(&self.title);
        let files = match downloads {
            Downloads::None => None,
            Downloads::At { svg, csv } => Some((svg.clone(), csv.clone())),
            Downloads::Inside => Some((
                inside("image/svg+xml", &self.svg().unwrap_or_default()),
                inside("text/csv;charset=utf-8", &self.csv()),
            )),
        };
        html! {
            details {
                summary { "The numbers" @if files.is_some() { ", and the picture to keep" } }
                @if let Some((svg, csv)) = files {
                    p class="meta" {
                        a href=(svg) download=(format!("{file}.svg")) { "Picture (SVG)" } " · "
                        a href=(csv) download=(format!("{file}.csv")) { "Numbers (CSV)" }
                    }
                }
                (self.table.markup(&self.title))
            }
        }
    }

    /// The picture as a file that stands alone, in light and dark; `None` when there is nothing to draw.
    pub fn svg(&self) -> Option<String> {
        let drawn = self.picture.drawn(ink::WIDE)?;
        Some(ink::alone(&drawn, ink::WIDE, &self.title, &self.description))
    }

    /// The numbers behind the picture, with all the digits that they carry.
    pub fn csv(&self) -> String {
        self.table.csv()
    }

    /// The title, which states the finding.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The text alternative.
    pub fn description(&self) -> &str {
        &self.description
    }
}

fn inside(kind: &str, text: &str) -> String {
    format!("data:{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(text))
}

/// A title as a file's name: ASCII letters, digits and hyphens, at most 60 of them.
fn file_name(title: &str) -> String {
    let mut name = String::new();
    for letter in title.chars() {
        if name.len() >= 60 {
            break;
        }
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "picture".to_owned() } else { name.to_owned() }
}
