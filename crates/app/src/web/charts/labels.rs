//! Where words go in a picture: each line, point and limit is named beside itself, and no name covers another.
//!
//! Widths are estimates, because a server does not know the reader's font; they err on the wide side.

use maud::{Markup, html};

use super::ink::{Tone, at};

/// A rectangle in the picture's own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// The square of half-width `reach` around a point.
    pub fn around(x: f64, y: f64, reach: f64) -> Self {
        Self { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
    }

    pub fn width(self) -> f64 {
        self.right - self.left
    }

    fn meets(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }
}

/// The estimated width of `text` set in `font` units.
pub(super) fn width(text: &str, font: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')'
            | ' ' => 0.33,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | '\u{2013}' => 0.87,
            letter if letter.is_ascii_uppercase() => 0.68,
            letter if letter.is_ascii() => 0.56,
            // Scripts with broad letters (Chinese, Japanese, Korean) take a whole em.
            letter if (letter as u32) >= 0x2E80 => 1.0,
            _ => 0.6,
        })
        .sum();
    ems * font * 1.08
}

/// `text` broken at spaces into lines no wider than `limit`, unless one word is wider than that.
pub(super) fn wrap(text: &str, font: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, font) + width(word, font) + font * 0.33 <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text` shortened to `limit` with an ellipsis where it is wider.
pub(super) fn clip(text: &str, font: f64, limit: f64) -> String {
    if width(text, font) <= limit {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if width(&short, font) + font * 1.6 > limit {
            break;
        }
        short.push(letter);
    }
    format!("{}\u{2026}", short.trim_end())
}

/// Which side of its own place a text stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// The text begins at its place.
    Starts,
    /// The text's middle is at its place.
    Centred,
    /// The text ends at its place.
    Ends,
}

/// One place a label could stand: its baseline's point, and the side of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub x: f64,
    /// Top of the text's first line.
    pub top: f64,
    pub side: Side,
    /// How wide the text may run before it breaks.
    pub room: f64,
}

/// Finds free room for labels, one after the other; what was placed first stays.
pub(super) struct Placer {
    within: Area,
    font: f64,
    placed: Vec<Area>,
    drawn: Vec<(Area, usize)>,
}

impl Placer {
    /// `within` is the room for words, `font` their size.
    pub fn new(within: Area, font: f64) -> Self {
        Self { within, font, placed: Vec::new(), drawn: Vec::new() }
    }

    /// Something is drawn here; labels would rather stand elsewhere, the more so the more it weighs.
    pub fn avoid(&mut self, area: Area, weight: usize) {
        self.drawn.push((area, weight));
    }

    /// Puts a label at the first of the best `spots`, which come in the order of preference.
    pub fn put(&mut self, words: &str, tone: Tone, spots: &[Spot]) -> Markup {
        let best = spots
            .iter()
            .map(|spot| {
                let lines = wrap(words, self.font, spot.room);
                let area = self.area(&lines, *spot);
                (self.cost(area), area, lines, spot.side)
            })
            .reduce(|best, next| if next.0 < best.0 { next } else { best });
        let Some((_, area, lines, side)) = best else { return html! {} };
        let area = self.inside(area);
        self.placed.push(area);
        let (x, side) = match side {
            Side::Starts => (area.left, ""),
            Side::Centred => ((area.left + area.right) / 2.0, " mid"),
            Side::Ends => (area.right, " end"),
        };
        html! {
            text class=(format!("label {}{side}", tone.class())) {
                @for (place, line) in lines.iter().enumerate() {
                    tspan x=(at(x)) y=(at(area.top + self.font * (0.95 + 1.2 * place as f64))) { (line) }
                }
            }
        }
    }

    /// A label that fits nowhere is pushed back inside rather than cut off.
    fn inside(&self, area: Area) -> Area {
        let across = (self.within.left - area.left).max(0.0) - (area.right - self.within.right).max(0.0);
        let down = (self.within.top - area.top).max(0.0) - (area.bottom - self.within.bottom).max(0.0);
        Area {
            left: area.left + across,
            right: area.right + across,
            top: area.top + down,
            bottom: area.bottom + down,
        }
    }

    fn area(&self, lines: &[String], spot: Spot) -> Area {
        let wide = lines.iter().map(|line| width(line, self.font)).fold(0.0, f64::max);
        let left = match spot.side {
            Side::Starts => spot.x,
            Side::Centred => spot.x - wide / 2.0,
            Side::Ends => spot.x - wide,
        };
        Area {
            left,
            top: spot.top,
            right: left + wide,
            bottom: spot.top + self.font * 1.2 * lines.len() as f64,
        }
    }

    fn cost(&self, area: Area) -> usize {
        let outside = if self.within.holds(area) { 0 } else { 400 };
        let over_words = self.placed.iter().filter(|placed| placed.meets(area)).count();
        let over_marks: usize =
            self.drawn.iter().filter(|(drawn, _)| drawn.meets(area)).map(|(_, weight)| weight).sum();
        outside + over_words * 100 + over_marks
    }
}
