//! What the tests of the draw share: short ways to write a list, and the draw once more in plain words.

mod example;
mod frequencies;
mod invariants;
mod outcomes;
mod priors;
mod reading;
mod sources;
mod tampering;

use super::*;
use sha2::Digest as _;

/// An open entry of this unit, band and layer.
fn open(unit: &str, band: u32, layer: u32) -> Entry {
    Entry { unit: unit.into(), band, layer, place: Place::Open, parent: None }
}

/// A protected entry, in the first band and layer.
fn protected(unit: &str) -> Entry {
    Entry { place: Place::Protected, ..open(unit, 1, 0) }
}

/// An open entry below this parent, in the first band and layer.
fn below(parent: &str, unit: &str) -> Entry {
    Entry { parent: Some(parent.into()), ..open(unit, 1, 0) }
}

fn slots(slots: u32) -> Terms {
    Terms { slots: Slots(slots), cap: None }
}

fn capped(slots: u32, cap: u32) -> Terms {
    Terms { slots: Slots(slots), cap: NonZeroU32::new(cap).map(Cap) }
}

fn secret(byte: u8) -> Secret {
    Secret::from_bytes([byte; 32])
}

fn units<const N: usize>(units: [&str; N]) -> BTreeSet<String> {
    units.map(String::from).into()
}

/// The six units of the worked example.
fn six() -> Vec<Entry> {
    vec![
        open("oak", 2, 0),
        open("fir", 1, 1),
        open("elm", 1, 1),
        open("cedar", 1, 1),
        open("birch", 1, 1),
        open("ash", 1, 0),
    ]
}

fn record(
    entries: Vec<Entry>,
    withdrawn: &BTreeSet<String>,
    terms: Terms,
    secret: Secret,
) -> Result<Record, DrawRefused> {
    let entrants = Entrants::new(entries).unwrap();
    Record::new(Heading::default(), secret, Vec::new(), &entrants, withdrawn, terms)
}

fn sha(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// HMAC-SHA-256 from its definition (RFC 2104), without the library the draw uses.
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let inner = sha(&[&block.map(|byte| byte ^ 0x36)[..], message].concat());
    sha(&[&block.map(|byte| byte ^ 0x5C)[..], &inner].concat())
}

/// The draw in other words: an entry is granted when fewer than enough stand before it, counted one by one.
/// Returns the granted in the order of the grants.
fn granted_in_other_words(
    entries: &[Entry],
    withdrawn: &BTreeSet<String>,
    terms: Terms,
    seed: &[u8; 32],
) -> Vec<String> {
    let key = |entry: &Entry| {
        let late = entry.place == Place::Open;
        (late, entry.band, entry.layer, hex::encode(hmac(seed, entry.unit.as_bytes())))
    };
    let mut line: Vec<&Entry> = entries.iter().filter(|entry| !withdrawn.contains(&entry.unit)).collect();
    line.sort_by_key(|entry| key(entry));
    let mut granted: Vec<&Entry> = Vec::new();
    for entry in line {
        let of_parent =
            granted.iter().filter(|other| other.parent.is_some() && other.parent == entry.parent).count();
        let full = terms.cap.is_some_and(|cap| of_parent >= cap.0.get() as usize);
        let passed_over = entry.place == Place::Open && full;
        if granted.len() < terms.slots.0 as usize && !passed_over {
            granted.push(entry);
        }
    }
    granted.into_iter().map(|entry| entry.unit.clone()).collect()
}
