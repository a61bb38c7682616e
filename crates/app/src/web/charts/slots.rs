//! Who has what from when: a row a unit, a bar a slot, what interrupted it and what ended it beside the bar in words.
//!
//! Times arrive as places from 0 (left) to 1 (right); their words come from the caller.

use maud::{Markup, html};

use super::ink::{self, Drawn, Size, at};
use super::labels;
use super::{Cell, Chart, Picture, Table};

/// Slots over time.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotCalendar {
    /// Places on the axis of time with their words.
    pub ticks: Vec<(f64, String)>,
    /// Where waves start, with their numbers.
    pub waves: Vec<(f64, String)>,
    /// The present, where it is within the picture.
    pub now: Option<f64>,
    /// Rows that belong together, in the order to show.
    pub groups: Vec<SlotGroup>,
}

/// Rows that belong together: a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotGroup {
    /// What they have in common.
    pub name: String,
    /// The rows.
    pub rows: Vec<SlotRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotRow {
    /// The unit's name, or that of the unit above several.
    pub name: String,
    /// What is drawn.
    pub holds: Holds,
    /// When it began, when it ends, and how it stands, in words.
    pub words: [String; 4],
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// The slots of one unit.
    Slots(Vec<SlotBar>),
    /// Several units at once: from where to where, and the share of them that has it.
    Shares(Vec<(f64, f64, f64)>),
}

/// A stretch of a slot.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotBar {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub until: f64,
    /// What it is.
    pub kind: Stretch,
    /// In words, when the pointer rests on it.
    pub says: String,
}

/// What a stretch of a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// The solution is on.
    On,
    /// It will be.
    Ahead,
    /// It was on, and is interrupted.
    Paused,
    /// Nothing any more: the word says what ended it, at `from`.
    Over(&'static str),
}

impl SlotCalendar {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let rows = self.groups.iter().flat_map(|group| {
            group.rows.iter().map(|row| {
                let words = row.words.iter().map(Cell::words);
                [Cell::words(&row.name), Cell::words(&group.name)].into_iter().chain(words).collect()
            })
        });
        let table = Table::new(["Unit", "Layer", "Wave", "From", "Until", "State"], rows.collect());
        let n_rows: usize = self.groups.iter().map(|group| group.rows.len()).sum();
        let mut description = format!("{} over time.", crate::web::counted(n_rows, "row", "rows"));
        for group in &self.groups {
            description.push_str(&format!(" {}: {}.", group.name, group.rows.len()));
        }
        let picture = if n_rows == 0 {
            Picture::Nothing(
                "Nobody holds a slot yet. When a wave is drawn, each winner gets a bar here, from its start on.",
            )
        } else {
            Picture::Slots(self)
        };
        Chart { title: title.into(), description, picture, table }
    }

    pub(super) fn drawn(&self, size: Size) -> Drawn {
        let font = size.font;
        let is_narrow = size == ink::NARROW;
        let rows = || self.groups.iter().flat_map(|group| &group.rows);
        let widest = rows().map(|row| labels::width(&row.name, font)).fold(0.0, f64::max);
        let left = if is_narrow { 0.0 } else { (widest + font).min(size.width * 0.36) };
        let right = size.width - 4.0;
        let x = |place: f64| left + place.clamp(0.0, 1.0) * (right - left);
        let tall = if is_narrow { font * 2.9 } else { font * 1.75 };
        let top = font * 2.6;
        let mut y = top;
        let mut parts: Vec<Markup> = Vec::new();
        for group in &self.groups {
            y += font * 1.7;
            let name = labels::clip(&group.name, font * 1.1, size.width);
            parts.push(html! { text class="label ink strong" x="0" y=(at(y)) { (name) } });
            y += font * 0.6;
            for row in &group.rows {
                let middle = y + if is_narrow { tall - font * 0.95 } else { tall / 2.0 };
                parts.push(html! {
                    @if is_narrow {
                        text class="label ink" x="0" y=(at(middle - font * 0.8)) { (labels::clip(&row.name, font, size.width)) }
                    } @else {
                        text class="ink end" x=(at(left - font * 0.7)) y=(at(middle + font * 0.35)) {
                            (labels::clip(&row.name, font, left - font * 0.9))
                        }
                    }
                    (row.holds.drawn(&x, middle, font, right))
                });
                y += tall;
            }
        }
        let bottom = y + font * 0.4;
        let inside = html! {
            (self.axis(&x, (top, bottom), font, size.width))
            @for part in &parts { (part) }
        };
        Drawn { height: bottom + font * 1.8, inside }
    }

    /// The lines behind the rows: ticks below, waves above, the present.
    fn axis(&self, x: &impl Fn(f64) -> f64, (top, bottom): (f64, f64), font: f64, width: f64) -> Markup {
        let ticks = spaced(&self.ticks, x, font, width);
        let waves = spaced(&self.waves, x, font, width);
        html! {
            @for (here, words) in &ticks {
                (ink::line((*here, top), (*here, bottom), "line thin grid"))
                text class=(side("quiet", *here, words, font, width)) x=(at(*here)) y=(at(bottom + font * 1.3)) { (words) }
            }
            @for (place, _) in &self.waves {
                (ink::line((x(*place), top - font * 0.3), (x(*place), bottom), "line thin dots quiet"))
            }
            @for (here, words) in &waves {
                text class=(side("quiet", *here, words, font, width)) x=(at(*here)) y=(at(top - font * 0.8)) { (words) }
            }
            @if let Some(now) = self.now {
                (ink::line((x(now), top - font * 0.3), (x(now), bottom), "line push"))
                text class=(side("label push strong", x(now), "now", font, width)) x=(at(x(now))) y=(at(top + font * 0.9)) { "now" }
            }
        }
    }
}

/// Those of the words that do not meet the ones before them, each with its place.
fn spaced<'a>(
    words: &'a [(f64, String)],
    x: &impl Fn(f64) -> f64,
    font: f64,
    width: f64,
) -> Vec<(f64, &'a str)> {
    let mut kept: Vec<(f64, &str)> = Vec::new();
    let mut free_from = f64::NEG_INFINITY;
    for (place, words) in words {
        let (here, wide) = (x(*place), labels::width(words, font));
        // As `side` puts it.
        let begins = if here + wide / 2.0 > width {
            here - wide
        } else if here < wide / 2.0 {
            here
        } else {
            here - wide / 2.0
        };
        if begins >= free_from {
            kept.push((here, words));
            free_from = begins + wide + font * 0.6;
        }
    }
    kept
}

/// Words in the middle of their place, or before it where the picture ends.
fn side(class: &str, here: f64, words: &str, font: f64, width: f64) -> String {
    let half = labels::width(words, font) / 2.0;
    let side = if here + half > width {
        " end"
    } else if here < half {
        ""
    } else {
        " mid"
    };
    format!("{class}{side}")
}

impl Holds {
    fn drawn(&self, x: &impl Fn(f64) -> f64, middle: f64, font: f64, right: f64) -> Markup {
        let high = font * 0.95;
        match self {
            Self::Slots(bars) => html! { @for bar in bars { (bar.drawn(x, middle, high, font, right)) } },
            Self::Shares(shares) => html! {
                (ink::line((x(0.0), middle + high / 2.0), (x(1.0), middle + high / 2.0), "line thin grid"))
                @for (from, until, share) in shares {
                    @let tall = (high * share).max(1.0);
                    rect class="fill pull" x=(at(x(*from))) y=(at(middle + high / 2.0 - tall))
                        width=(at((x(*until) - x(*from)).max(0.5))) height=(at(tall)) {
                        title { (format!("{:.0} %", share * 100.0)) }
                    }
                }
            },
        }
    }
}

impl SlotBar {
    fn drawn(&self, x: &impl Fn(f64) -> f64, middle: f64, high: f64, font: f64, right: f64) -> Markup {
        let (from, until) = (x(self.from), x(self.until));
        let wide = (until - from).max(2.0);
        let bar = |class: &str| {
            html! {
                rect class=(class) x=(at(from)) y=(at(middle - high / 2.0)) width=(at(wide)) height=(at(high)) rx="2" {
                    title { (self.says) }
                }
            }
        };
        match self.kind {
            Stretch::On => bar("fill pull"),
            Stretch::Ahead => bar("open pull dash"),
            Stretch::Paused => html! {
                (bar("open push dots"))
                @if wide > labels::width("paused", font) {
                    text class="label push mid" x=(at(from + wide / 2.0)) y=(at(middle + font * 0.35)) { "paused" }
                }
            },
            Stretch::Over(word) => {
                let beside = from + font * 0.6 + labels::width(word, font) < right;
                let (place, class) =
                    if beside { (from + font * 0.6, "quiet") } else { (from - font * 0.6, "label ink end") };
                html! {
                    path class="line ink" d=(ink::path(&[(from, middle - high * 0.7), (from, middle + high * 0.7)])) { title { (self.says) } }
                    text class=(class) x=(at(place)) y=(at(middle + font * 0.35)) { (word) }
                }
            }
        }
    }
}
