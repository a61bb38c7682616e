//! The file as it is written, each entry with its place. Decides nothing but the form.

use serde::Deserialize;
use toml::Spanned;

/// A text with its place.
pub type Words = Spanned<String>;
/// A number with its place.
pub type Number = Spanned<f64>;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPlaybook {
    pub format: Words,
    pub id: Words,
    pub version: Spanned<u32>,
    pub name: Words,
    pub about: Words,
    pub forked_from: Option<Words>,
    pub something_else: Number,
    pub n_cases: Number,
    #[serde(default)]
    pub sources: Vec<RawSource>,
    #[serde(default)]
    pub frictions: Vec<RawFriction>,
    #[serde(default)]
    pub signs: Vec<RawSign>,
    #[serde(default)]
    pub remedies: Vec<RawRemedy>,
}

/// `[[sources]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSource {
    pub id: Words,
    pub cite: Words,
}

/// `[[frictions]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFriction {
    pub id: Words,
    pub name: Words,
    pub means: Words,
    pub common: Number,
}

/// `[[signs]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSign {
    pub id: Words,
    pub ask: Words,
    pub answers: Vec<RawAnswer>,
    #[serde(default)]
    pub speaks: Vec<RawSpeaks>,
}

/// One of a sign's `answers`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAnswer {
    pub id: Words,
    pub says: Words,
    pub usual: Number,
}

/// One of a sign's `speaks`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSpeaks {
    pub friction: Words,
    pub answer: Words,
    pub strength: Number,
    pub why: Words,
    pub source: Words,
}

/// `[[remedies]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRemedy {
    pub id: Words,
    pub name: Words,
    #[serde(rename = "do")]
    pub action: Words,
    pub hours: Number,
    pub people: Number,
    pub relief_days: Number,
    pub test: RawTest,
    #[serde(default)]
    pub removes: Vec<RawRemoves>,
}

/// A remedy's `test`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTest {
    pub plan: Words,
    pub prediction: Words,
    pub days: Number,
}

/// One of a remedy's `removes`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRemoves {
    pub friction: Words,
    pub strength: Number,
    pub why: Words,
    pub source: Words,
}
