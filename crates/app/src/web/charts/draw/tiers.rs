//! The entries of a draw in the groups of the picture: the protected, tier by tier, and what was given past the draw.

use std::collections::BTreeSet;

use super::{DrawPicture, Entry, Place};

/// Entries that came before or after the cut together.
pub(super) struct Tier<'a> {
    pub(super) name: String,
    pub(super) entries: Vec<&'a Entry>,
    /// How many more were of it at the draw, and got a slot past it since.
    n_past: usize,
    part: Part,
}

/// What part of a tier entries are: under a cap, chance may leave some of one tier nothing to win or to lose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// They get a slot whatever the lot says.
    Certain,
    /// All of it, or those between whom the lot decides.
    Lot,
    /// They get none whatever the lot says.
    PassedOver,
}

impl Part {
    fn says(self) -> &'static str {
        match self {
            Part::Certain => ", whatever the lot says",
            Part::Lot => "",
            Part::PassedOver => ", under a parent that has its most",
        }
    }
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
        } else if self.part == Part::PassedOver {
            "passed over: waiting".to_owned()
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
        let (past, mut open): (Vec<&Entry>, Vec<&Entry>) =
            others.into_iter().partition(|entry| entry.place == Place::Past);
        let mut tiers: Vec<Tier<'_>> = Vec::new();
        if !protected.is_empty() {
            tiers.push(Tier { name: "Protected".to_owned(), entries: protected, n_past: 0, part: Part::Lot });
        }
        let takes_part = |one: &&Entry| ![Place::Protected, Place::Withdrawn].contains(&one.place);
        let at_risk = self.entries.iter().filter(takes_part).filter(|one| one.is_at_risk());
        let lots: BTreeSet<(i64, i64)> = at_risk.map(|one| (one.band, one.layer)).collect();
        let key = |entry: &Entry| (entry.band, entry.layer, part(entry, &lots));
        open.sort_by_key(|entry| key(entry));
        let mut last = None;
        for entry in open {
            let (band, layer, part) = key(entry);
            match tiers.last_mut() {
                Some(tier) if last == Some((band, layer, part)) => tier.entries.push(entry),
                _ => tiers.push(Tier {
                    name: format!("Band {band}, layer {layer}{}", part.says()),
                    entries: vec![entry],
                    n_past: past.iter().filter(|one| key(one) == (band, layer, part)).count(),
                    part,
                }),
            }
            last = Some((band, layer, part));
        }
        // A decision is no part of any tier: it stands apart, outside the bracket.
        if !past.is_empty() {
            tiers.push(Tier { name: "Past the draw".to_owned(), entries: past, n_past: 0, part: Part::Lot });
        }
        tiers
    }
}

/// What part of its tier an entry is; `lots` are the tiers in which a lot decided.
fn part(entry: &Entry, lots: &BTreeSet<(i64, i64)>) -> Part {
    match entry.place {
        Place::Protected | Place::Withdrawn => Part::Lot,
        _ if !lots.contains(&(entry.band, entry.layer)) || entry.is_at_risk() => Part::Lot,
        _ if entry.probability >= 1.0 => Part::Certain,
        _ => Part::PassedOver,
    }
}
