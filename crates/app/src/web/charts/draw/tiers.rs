//! The entries of a draw in the groups of the picture: the protected, tier by tier, and what was given past the draw.

use super::{DrawPicture, Entry, Place};

/// Entries that came before or after the cut together.
pub(super) struct Tier<'a> {
    pub(super) name: String,
    pub(super) entries: Vec<&'a Entry>,
    /// How many more were of it at the draw, and got a slot past it since.
    n_past: usize,
}

impl Tier<'_> {
    fn granted(&self) -> usize {
        self.entries.iter().filter(|entry| entry.place == Place::Granted).count()
    }

    /// Entries that took part: all but the withdrawn.
    fn contenders(&self) -> usize {
        self.entries.iter().filter(|entry| entry.place != Place::Withdrawn).count() + self.n_past
    }

    pub(super) fn is_risk_set(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_at_risk())
    }

    pub(super) fn fate(&self) -> String {
        let (granted, contenders) = (self.granted(), self.contenders());
        if self.entries.iter().all(|entry| entry.place == Place::Past) {
            let n_at_risk = self.entries.iter().filter(|entry| entry.is_at_risk()).count();
            match n_at_risk {
                0 => "left out of the proof".to_owned(),
                n if n == self.entries.len() => {
                    "of the risk set at the draw; left out of the proof".to_owned()
                }
                n => format!("{n} of the risk set at the draw; left out of the proof"),
            }
        } else if self.entries.iter().all(|entry| entry.place == Place::Protected) {
            "places kept free beside the draw".to_owned()
        } else if self.is_risk_set() {
            format!("the lot decided: {granted} of {contenders} got a slot")
        } else if granted == contenders && granted > 0 {
            "all got a slot".to_owned()
        } else {
            "behind the cut: waiting".to_owned()
        }
    }
}

impl DrawPicture {
    /// The groups, in the order of the draw; what was given past it stands last, outside every tier.
    pub(super) fn tiers(&self) -> Vec<Tier<'_>> {
        let (protected, others): (Vec<&Entry>, Vec<&Entry>) =
            self.entries.iter().partition(|entry| entry.place == Place::Protected);
        let (past, open): (Vec<&Entry>, Vec<&Entry>) =
            others.into_iter().partition(|entry| entry.place == Place::Past);
        let mut tiers: Vec<Tier<'_>> = Vec::new();
        if !protected.is_empty() {
            tiers.push(Tier { name: "Protected".to_owned(), entries: protected, n_past: 0 });
        }
        let mut last = None;
        for entry in open {
            match tiers.last_mut() {
                Some(tier) if last == Some((entry.band, entry.layer)) => tier.entries.push(entry),
                _ => tiers.push(Tier {
                    name: format!("Band {}, layer {}", entry.band, entry.layer),
                    entries: vec![entry],
                    n_past: past
                        .iter()
                        .filter(|one| (one.band, one.layer) == (entry.band, entry.layer))
                        .count(),
                }),
            }
            last = Some((entry.band, entry.layer));
        }
        // A decision is no part of any tier: it stands apart, outside the bracket.
        if !past.is_empty() {
            tiers.push(Tier { name: "Past the draw".to_owned(), entries: past, n_past: 0 });
        }
        tiers
    }
}
