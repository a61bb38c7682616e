//! Instruments: the questions of a pulse, read from a file that anyone can read too.

use std::sync::LazyLock;

use crate::refusal::Refusal;

/// What a pulse asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Its name with its version, kept with every pulse.
    pub name: String,
    /// Its questions, in the order in which they are asked.
    pub items: Vec<Item>,
}

/// One question, answered from 1 to 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The name it is kept under: its scale and its place there, as in `appetite-1`.
    pub key: String,
    /// The scale it belongs to.
    pub scale: Scale,
    /// Its words.
    pub words: String,
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

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Scale::Appetite => "appetite",
            Scale::Aptitude => "aptitude",
        }
    }
}

/// A file that is no instrument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstrumentRefused {
    /// No name.
    #[error("the instrument has no name; begin it with a line like `# readiness/1`")]
    NameMissing,
    /// A heading that is no scale.
    #[error("line {line}: `{heading}` is no scale; it is appetite or aptitude")]
    UnknownScale {
        /// The line.
        line: usize,
        /// The heading.
        heading: String,
    },
    /// A question before any heading.
    #[error("line {line}: this question stands under no scale; put `## appetite` or `## aptitude` above it")]
    NoScale {
        /// The line.
        line: usize,
    },
    /// A scale on which agreement cannot be judged.
    #[error("the scale {scale} has {n_items} questions; give it 2 to 6")]
    Length {
        /// The scale.
        scale: &'static str,
        /// How many questions it has.
        n_items: usize,
    },
}

impl Refusal for InstrumentRefused {}

/// The instrument that ships.
pub fn built_in() -> &'static Instrument {
    static BUILT_IN: LazyLock<Instrument> = LazyLock::new(|| {
        read(include_str!("readiness.md")).expect("the file that ships is an instrument: a test reads it")
    });
    &BUILT_IN
}

/// Reads an instrument: `# name`, then under `## appetite` and `## aptitude` one `- question` a line. Other lines are
/// for the reader.
pub fn read(text: &str) -> Result<Instrument, InstrumentRefused> {
    let (mut name, mut scale, mut items) = (None, None, Vec::<Item>::new());
    for (n, line) in text.lines().enumerate() {
        let line_number = n + 1;
        if let Some(heading) = line.strip_prefix("## ") {
            let heading = heading.trim();
            let found = Scale::ALL.into_iter().find(|scale| scale.word() == heading);
            scale = Some(found.ok_or_else(|| InstrumentRefused::UnknownScale {
                line: line_number,
                heading: heading.to_owned(),
            })?);
        } else if let Some(heading) = line.strip_prefix("# ") {
            name = Some(heading.trim().to_owned());
        } else if let Some(words) = line.strip_prefix("- ") {
            let scale = scale.ok_or(InstrumentRefused::NoScale { line: line_number })?;
            let place = items.iter().filter(|item| item.scale == scale).count() + 1;
            let key = format!("{}-{place}", scale.word());
            items.push(Item { key, scale, words: words.trim().to_owned() });
        }
    }
    for scale in Scale::ALL {
        let n_items = items.iter().filter(|item| item.scale == scale).count();
        if !(2..=6).contains(&n_items) {
            return Err(InstrumentRefused::Length { scale: scale.word(), n_items });
        }
    }
    Ok(Instrument { name: name.ok_or(InstrumentRefused::NameMissing)?, items })
}
