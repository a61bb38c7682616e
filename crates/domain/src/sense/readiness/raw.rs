//! The file of an instrument as it is written, each entry with its place. Decides nothing but the form.

use serde::Deserialize;
use toml::Spanned;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawInstrument {
    pub format: Spanned<String>,
    pub id: Spanned<String>,
    pub version: Spanned<u32>,
    pub name: Spanned<String>,
    pub about: Spanned<String>,
    pub low: Spanned<String>,
    pub high: Spanned<String>,
    pub minimum_answers: Spanned<usize>,
    pub agreement: Spanned<f64>,
    #[serde(default)]
    pub scales: Vec<RawScale>,
    #[serde(default)]
    pub items: Vec<RawItem>,
}

/// `[[scales]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawScale {
    pub id: Spanned<String>,
    pub name: Spanned<String>,
    pub means: Spanned<String>,
}

/// `[[items]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawItem {
    pub id: Spanned<String>,
    pub scale: Spanned<String>,
    pub says: Spanned<String>,
    #[serde(default)]
    pub reverse: bool,
    pub weight: Option<Spanned<f64>>,
}
