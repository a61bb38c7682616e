//! How alike two titles are, to show similar frictions while somebody types.

use std::collections::BTreeSet;

/// Share (0 to 1) of three-letter pieces that two titles have in common (Sørensen–Dice on trigrams of words in small
/// letters, each word padded by one blank). 1 for the same words in any order; 0 for nothing in common.
///
/// Source: Dice (1945), Ecology 26(3), 297-302. Misleads on very short titles, which have few pieces.
pub fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (pieces(one), pieces(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let n_common = one.intersection(&other).count();
    2.0 * n_common as f64 / (one.len() + other.len()) as f64
}

fn pieces(title: &str) -> BTreeSet<[char; 3]> {
    title
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            let letters: Vec<char> = format!(" {word} ").chars().collect();
            letters.windows(3).map(|w| [w[0], w[1], w[2]]).collect::<Vec<_>>()
        })
        .collect()
}
