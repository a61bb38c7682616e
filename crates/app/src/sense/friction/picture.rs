//! What costs most, as a picture: the same friction reported by several units counts together.

use crate::web::charts::{Axis, Chart, Ranked, Ranking, Tone};

/// How many bars the picture has at most; the table below it has everything.
const MOST_BARS: usize = 6;

/// The frictions that cost most, from their titles and hours a week; `None` while there are too few to compare.
pub fn costliest<'a>(frictions: impl IntoIterator<Item = (&'a str, f64)>) -> Option<Chart> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for (title, hours) in frictions {
        match sums.iter_mut().find(|sum| sum.0.eq_ignore_ascii_case(title)) {
            Some(sum) => sum.1 += hours,
            None => sums.push((title, hours)),
        }
    }
    if sums.len() < 3 {
        return None;
    }
    let all: f64 = sums.iter().map(|sum| sum.1).sum();
    sums.sort_by(|one, other| other.1.total_cmp(&one.1));
    let title = format!("“{}” costs most: {:.0} of {all:.0} hours a week", sums[0].0, sums[0].1);
    let ranked = sums
        .into_iter()
        .take(MOST_BARS)
        .map(|(name, value)| Ranked { name: name.to_owned(), value, tone: Tone::Pull })
        .collect();
    Some(Ranking { x: Axis::number("What it costs, hours a week"), ranked }.chart(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_friction_in_two_units_counts_together_and_leads() {
        let chart = costliest([("Keys", 5.0), ("Forms twice", 4.0), ("forms twice", 3.0), ("Printer", 1.0)]);
        let chart = chart.unwrap();
        assert_eq!(chart.title(), "“Forms twice” costs most: 7 of 13 hours a week");
        assert!(chart.csv().contains("Forms twice,7\r\nKeys,5\r\n"), "{}", chart.csv());
    }

    #[test]
    fn two_frictions_are_too_few_for_a_picture() {
        assert_eq!(costliest([("Keys", 5.0), ("Printer", 1.0)]), None);
    }
}
