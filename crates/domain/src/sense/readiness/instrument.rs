//! Instruments: the questions of a pulse and how they are scored, read from a file that anyone can read too.
//!
//! An instrument always speaks of appetite and aptitude, since a unit is placed by these two. It may ask for more answers
//! and more agreement than the rules do, never for less. The file's own flaws are named in `lint`.

use std::sync::LazyLock;

use super::lint::{InstrumentRefused, linted};
use super::raw::RawInstrument;
use crate::sense::playbook::Edition;

/// The form of file that is read here, as its first entry says.
pub const FORMAT: &str = "traction.instrument/1";

/// What a pulse asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Its name and version, kept with every pulse.
    pub edition: Edition,
    /// Its name, for people.
    pub name: String,
    /// What it is for, in a sentence or two.
    pub about: String,
    /// What 1 stands for.
    pub low: String,
    /// What 5 stands for.
    pub high: String,
    /// With fewer answers nothing is told: five or more.
    pub minimum_answers: usize,
    /// With less agreement no mean is told: 0.7 or more, below 1.
    pub agreement: f64,
    /// What appetite and aptitude mean in its words.
    pub scales: Vec<ScaleNamed>,
    /// Its questions, in the order in which they are asked.
    pub items: Vec<Item>,
}

/// A scale in the words of an instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaleNamed {
    /// Which one.
    pub scale: Scale,
    /// Its name, for people.
    pub name: String,
    /// What it says of a unit.
    pub means: String,
}

/// One question, answered from 1 to 5.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The name it is kept under.
    pub key: String,
    /// The scale it belongs to.
    pub scale: Scale,
    /// Its words.
    pub words: String,
    /// Which end of the answers speaks for the scale.
    pub turn: Turn,
    /// How much it counts in the scale's mean, beside the others; above 0.
    pub weight: f64,
}

/// Which end of an item's answers speaks for its scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// 5 does.
    Straight,
    /// 1 does: the item says the opposite, and its answers are turned round before they are scored.
    Reverse,
}

/// A side of readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// How much a unit wants to change.
    Appetite,
    /// How much it believes it can.
    Aptitude,
}

impl Scale {
    /// Both, in their order.
    pub const ALL: [Scale; 2] = [Scale::Appetite, Scale::Aptitude];

    /// The word it is written by.
    pub fn word(self) -> &'static str {
        match self {
            Scale::Appetite => "appetite",
            Scale::Aptitude => "aptitude",
        }
    }

    /// The scale of a word.
    pub fn of(word: &str) -> Option<Scale> {
        Scale::ALL.into_iter().find(|scale| scale.word() == word)
    }
}

/// How many chose each answer at one item, turned so that 5 speaks for the scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The item's scale.
    pub scale: Scale,
    /// How much the item counts.
    pub weight: f64,
    /// How many chose 1, 2, 3, 4, 5.
    pub counts: [usize; 5],
}

impl Tally {
    /// How many answered the item.
    pub fn n(&self) -> usize {
        self.counts.iter().sum()
    }
}

impl Instrument {
    /// The item of that name.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }

    /// The scale in its words.
    pub fn named(&self, scale: Scale) -> Option<&ScaleNamed> {
        self.scales.iter().find(|named| named.scale == scale)
    }

    /// What `counts` (how many chose 1, 2, … 5, as they were chosen) say at an item; `None` if it has no such item.
    pub fn tally(&self, key: &str, mut counts: [usize; 5]) -> Option<Tally> {
        let item = self.item(key)?;
        if item.turn == Turn::Reverse {
            counts.reverse();
        }
        Some(Tally { scale: item.scale, weight: item.weight, counts })
    }
}

/// The name of the instrument that ships.
pub const BUILT_IN: &str = "readiness";

/// The text of the instrument that ships.
pub const BUILT_IN_TEXT: &str = include_str!("../../../instruments/readiness.toml");

/// The instrument that ships.
pub fn built_in() -> &'static Instrument {
    static SHIPPED: LazyLock<Instrument> =
        LazyLock::new(|| read(BUILT_IN_TEXT).expect("the file that ships is an instrument: a test reads it"));
    &SHIPPED
}

/// The instrument that the text holds, or all that is wrong with it.
pub fn read(text: &str) -> Result<Instrument, InstrumentRefused> {
    linted(text).map(built)
}

fn built(raw: RawInstrument) -> Instrument {
    let trimmed = |words: &toml::Spanned<String>| words.get_ref().trim().to_owned();
    Instrument {
        edition: Edition { id: raw.id.get_ref().clone(), version: *raw.version.get_ref() },
        name: trimmed(&raw.name),
        about: trimmed(&raw.about),
        low: trimmed(&raw.low),
        high: trimmed(&raw.high),
        minimum_answers: *raw.minimum_answers.get_ref(),
        agreement: *raw.agreement.get_ref(),
        scales: raw
            .scales
            .iter()
            .filter_map(|scale| {
                let (name, means) = (trimmed(&scale.name), trimmed(&scale.means));
                Some(ScaleNamed { scale: Scale::of(scale.id.get_ref())?, name, means })
            })
            .collect(),
        items: raw
            .items
            .iter()
            .filter_map(|item| {
                Some(Item {
                    key: item.id.get_ref().clone(),
                    scale: Scale::of(item.scale.get_ref())?,
                    words: trimmed(&item.says),
                    turn: if item.reverse { Turn::Reverse } else { Turn::Straight },
                    weight: item.weight.as_ref().map_or(1.0, |weight| *weight.get_ref()),
                })
            })
            .collect(),
    }
}
