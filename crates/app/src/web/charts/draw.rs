//! The draw: who contended, in which tier, where the cut fell, and between whom the lot decided.

mod tiers;

use maud::{Markup, html};
use traction_domain::contend::draw::in_percent;

use super::ink::{self, Drawn, Size, at};
use super::labels;
use super::{Cell, Chart, Picture, Table};
use crate::web::counted;
use tiers::Tier;

/// A draw's result, entries in the draw's order.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawPicture {
    /// How many slots there were.
    pub slots: u32,
    /// All entries in the order of the draw; protected ones may stand anywhere, they are shown first.
    pub entries: Vec<Entry>,
}

/// One entry of the frozen list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number in the frozen list.
    pub number: u32,
    /// The unit's name.
    pub unit: String,
    /// Its band; lower comes first.
    pub band: i64,
    /// Its layer within the band; lower comes first.
    pub layer: i64,
    /// What became of it.
    pub place: Place,
    /// Its chance of a slot before the seed was known, 0 to 1.
    pub probability: f64,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A slot of its own beside the draw.
    Protected,
    /// A slot by the draw.
    Granted,
    /// On the waiting list.
    Waiting,
    /// Withdrawn after the list was frozen.
    Withdrawn,
    /// A slot past the draw, by a decision.
    Past,
}

impl Place {
    fn says(self) -> &'static str {
        match self {
            Self::Protected => "protected place",
            Self::Granted => "slot",
            Self::Waiting => "waiting",
            Self::Withdrawn => "withdrawn",
            Self::Past => "slot past the draw",
        }
    }
}

impl Entry {
    fn is_at_risk(&self) -> bool {
        self.probability > 0.0 && self.probability < 1.0
    }
}

impl DrawPicture {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let rows = self
            .entries
            .iter()
            .map(|entry| {
                vec![
                    Cell::words(&entry.unit),
                    Cell::Number(f64::from(entry.number)),
                    Cell::Number(entry.band as f64),
                    Cell::Number(entry.layer as f64),
                    Cell::Share(entry.probability),
                    Cell::words(entry.place.says()),
                ]
            })
            .collect();
        let table = Table::new(["Unit", "Number", "Band", "Layer", "Chance of a slot", "Result"], rows);
        let mut description = format!(
            "{} for {}, in the order of the draw.",
            counted(self.entries.len(), "application", "applications"),
            counted(self.slots, "slot", "slots")
        );
        for tier in self.tiers() {
            description.push_str(&format!(" {}: {}.", tier.name, tier.fate()));
        }
        let picture = if self.entries.is_empty() {
            Picture::Nothing("No one has applied yet. The draw is pictured here once it has been held.")
        } else {
            Picture::Draw(self)
        };
        Chart { title: title.into(), description, picture, table }
    }

    pub(super) fn drawn(&self, size: Size) -> Drawn {
        let mut page = Page::new(self, size);
        let tiers = self.tiers();
        let last_granted = tiers
            .iter()
            .flat_map(|tier| &tier.entries)
            .enumerate()
            .filter(|(_, entry)| entry.place == Place::Granted)
            .map(|(at, _)| at)
            .last();
        let mut seen = 0;
        for tier in &tiers {
            page.heading(tier);
            let top = page.y;
            // The cut runs behind the last entry that got a slot; inside a tier it parts winners from losers.
            let before =
                last_granted.map_or(0, |last| (last + 1).saturating_sub(seen)).min(tier.entries.len());
            let (won, waiting) = tier.entries.split_at(before);
            page.cells(won);
            if !waiting.is_empty() && !won.is_empty() {
                page.cut(self.slots);
            }
            page.cells(waiting);
            if tier.is_risk_set() && tier.entries.iter().all(|entry| entry.place != Place::Past) {
                page.bracket(top);
            }
            seen += tier.entries.len();
            if waiting.is_empty() && last_granted == Some(seen - 1) && seen < self.entries.len() {
                page.cut(self.slots);
            }
            page.y += size.font * 0.9;
        }
        Drawn { height: page.y, inside: html! { @for part in &page.parts { (part) } } }
    }
}

/// The drawing as it grows downwards.
struct Page {
    size: Size,
    cell: f64,
    columns: usize,
    y: f64,
    parts: Vec<Markup>,
}

/// Room at the left for the bracket around the risk set.
const MARGIN: f64 = 14.0;

impl Page {
    fn new(draw: &DrawPicture, size: Size) -> Self {
        let room = size.width - MARGIN;
        let widest =
            draw.entries.iter().map(|entry| labels::width(&entry.unit, size.font)).fold(0.0, f64::max);
        let cell = (widest + size.font * 4.0).min(room);
        let columns = ((room / cell) as usize).clamp(1, 6);
        Self { size, cell: room / columns as f64, columns, y: 0.0, parts: Vec::new() }
    }

    fn heading(&mut self, tier: &Tier<'_>) {
        let font = self.size.font;
        self.y += font * 1.2;
        let words = labels::width(&tier.name, font * 1.1) + font;
        let fate = tier.fate();
        let beside = words + labels::width(&fate, font) <= self.size.width;
        self.parts.push(html! { text class="ink strong" x="0" y=(at(self.y)) { (tier.name) } });
        if !beside {
            self.y += font * 1.3;
        }
        let x = if beside { words } else { 0.0 };
        self.parts.push(html! { text class="quiet" x=(at(x)) y=(at(self.y)) { (fate) } });
        self.y += font * 0.8;
    }

    fn cells(&mut self, entries: &[&Entry]) {
        let (font, tall) = (self.size.font, self.size.font * 2.3);
        for row in entries.chunks(self.columns) {
            let middle = self.y + tall / 2.0;
            for (column, entry) in row.iter().enumerate() {
                let left = MARGIN + self.cell * column as f64;
                self.parts.push(token(entry, left, middle, font, self.cell - font * 3.2));
            }
            self.y += tall;
        }
    }

    fn cut(&mut self, slots: u32) {
        let font = self.size.font;
        let words = match slots {
            1 => "the cut: 1 slot".to_owned(),
            many => format!("the cut: {many} slots"),
        };
        let here = self.y + font * 0.8;
        let right = self.size.width - labels::width(&words, font) - font * 0.6;
        self.parts.push(ink::line((MARGIN, here), (right, here), "line dash push"));
        self.parts.push(html! {
            text class="push end" x=(at(self.size.width)) y=(at(here + font * 0.35)) { (words) }
        });
        self.y += font * 1.6;
    }

    fn bracket(&mut self, top: f64) {
        let bottom = self.y;
        let d = ink::path(&[(6.0, top), (1.0, top), (1.0, bottom), (6.0, bottom)]);
        self.parts.push(html! { path class="line push" d=(d) { title { "The risk set: between these the lot decided." } } });
    }
}

fn token(entry: &Entry, left: f64, middle: f64, font: f64, room: f64) -> Markup {
    let reach = font * 0.95;
    let centre = left + reach;
    let has_slot = matches!(entry.place, Place::Granted | Place::Protected | Place::Past);
    let shape = match entry.place {
        Place::Granted | Place::Protected => "fill pull",
        Place::Past => "fill push",
        Place::Waiting | Place::Withdrawn => "open quiet",
    };
    let name = match entry.place {
        Place::Withdrawn => "quiet gone",
        Place::Waiting => "quiet",
        Place::Granted | Place::Protected | Place::Past => "ink strong",
    };
    let says = format!(
        "{}: {}, chance {} before the draw",
        entry.unit,
        entry.place.says(),
        in_percent(entry.probability)
    );
    html! {
        g {
            title { (says) }
            @if entry.place == Place::Protected {
                rect class=(shape) x=(at(left)) y=(at(middle - reach)) width=(at(2.0 * reach))
                    height=(at(2.0 * reach)) rx="3" {}
            } @else {
                circle class=(shape) cx=(at(centre)) cy=(at(middle)) r=(at(reach)) {}
            }
            text class=(if has_slot { "mid on" } else { "mid quiet" }) x=(at(centre)) y=(at(middle + font * 0.35)) {
                (entry.number)
            }
            text class=(name) x=(at(left + font * 2.5)) y=(at(middle + font * 0.35)) {
                (labels::clip(&entry.unit, font * 1.04, room))
            }
        }
    }
}
