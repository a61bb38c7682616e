//! Numbers as options take them: what is none is refused with what would be right.
//!
//! What a number means, and which ones make sense together, whoever asks for it says.

use std::num::NonZeroU32;

/// A whole number from `LOW` to `HIGH`.
pub fn whole<N: TryFrom<u64>, const LOW: u64, const HIGH: u64>(text: &str) -> Result<N, String> {
    let number = text.trim().parse::<u64>().ok().filter(|number| (LOW..=HIGH).contains(number));
    number
        .and_then(|number| N::try_from(number).ok())
        .ok_or_else(|| format!("give a whole number from {LOW} to {HIGH}"))
}

/// A whole number above 0.
pub fn some(text: &str) -> Result<NonZeroU32, String> {
    NonZeroU32::new(whole::<u32, 1, { u32::MAX as u64 }>(text)?).ok_or_else(|| "give 1 or more".to_owned())
}

/// What seeds chance.
pub fn seed(text: &str) -> Result<u64, String> {
    whole::<u64, 0, { u64::MAX }>(text)
}

/// Any number.
pub fn real(text: &str) -> Result<f64, String> {
    within(text, "a number", |_| true)
}

/// A number above 0.
pub fn above_nothing(text: &str) -> Result<f64, String> {
    within(text, "a number above 0", |number| number > 0.0)
}

/// A number of at least 0.
pub fn at_least_nothing(text: &str) -> Result<f64, String> {
    within(text, "a number of at least 0", |number| number >= 0.0)
}

/// A number from 0 to 1, both ends included.
pub fn part(text: &str) -> Result<f64, String> {
    within(text, "a number from 0 to 1, say 0.05", |number| (0.0..=1.0).contains(&number))
}

fn within(text: &str, wanted: &str, fits: impl Fn(f64) -> bool) -> Result<f64, String> {
    let text = text.trim();
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let with_point = text.replacen(',', ".", 1);
    match number {
        Some(number) if fits(number) => Ok(number),
        None if text.contains(',') && with_point.parse::<f64>().is_ok() => {
            Err(format!("it has a decimal comma; write {with_point}"))
        }
        _ => Err(format!("give {wanted}")),
    }
}
