//! What may be shown of counts of people: nothing about fewer than five, also not by subtraction.
//!
//! It counts nobody. It guards one table (parts and their sum) at a time; two tables of different people are apart.

#[cfg(test)]
mod tests;

/// The fewest people about whom something is shown.
pub const N_FEWEST: u32 = 5;

/// So many of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many; at most `of`.
    pub count: u32,
    /// Of how many.
    pub of: u32,
}

/// What is shown of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The count itself: at least five did, and at least five did not.
    Exact(Part),
    /// Fewer than five did, perhaps none.
    Few {
        /// Of how many.
        of: u32,
    },
    /// All but fewer than five did, perhaps all.
    NearlyAll {
        /// Of how many.
        of: u32,
    },
    /// Nothing: the group is too small, or the count would give another one away.
    Withheld,
}

impl Shown {
    /// The share from 0 to 1 where it is exact.
    pub fn share(self) -> Option<f64> {
        match self {
            Shown::Exact(part) => Some(f64::from(part.count) / f64::from(part.of)),
            _ => None,
        }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shown::Exact(Part { count, of }) => {
                write!(f, "{:.0} % ({count} of {of})", 100.0 * f64::from(*count) / f64::from(*of))
            }
            Shown::Few { of } => write!(f, "fewer than {N_FEWEST} of {of}"),
            Shown::NearlyAll { of } => write!(f, "all but fewer than {N_FEWEST} of {of}"),
            Shown::Withheld => f.write_str("not shown"),
        }
    }
}

/// A table of parts and their sum, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// By part, in the order given.
    pub parts: Vec<Shown>,
    /// All parts together.
    pub total: Shown,
}

/// One part by itself. Below ten people nothing: whichever way they fall, one side is fewer than five.
pub fn alone(part: Part) -> Shown {
    let Part { count, of } = part;
    if of < 2 * N_FEWEST {
        Shown::Withheld
    } else if count < N_FEWEST {
        Shown::Few { of }
    } else if of - count.min(of) < N_FEWEST {
        Shown::NearlyAll { of }
    } else {
        Shown::Exact(part)
    }
}

/// A table in which nobody can be found by subtracting what is shown from the sum.
///
/// Parts that must not be shown are replaced by what is said of them; then exact ones are withheld, the smallest
/// group first, until every withheld part may still be anything that is said of it; if that is not enough, the sum.
///
/// Misleads somebody who reads *fewer than five* as none.
pub fn table(parts: &[Part]) -> Published {
    let total = parts.iter().fold(Part { count: 0, of: 0 }, |sum, part| Part {
        count: sum.count + part.count,
        of: sum.of + part.of,
    });
    let mut shown: Vec<Shown> = parts.iter().map(|part| alone(*part)).collect();
    let shown_total = alone(total);
    if !matches!(shown_total, Shown::Exact(_)) {
        // The sum of few is few: it says of each part what is said of it already, or less.
        return Published { parts: shown, total: shown_total };
    }
    while gives_away(parts, &shown) {
        let smallest = (0..parts.len())
            .filter(|place| matches!(shown[*place], Shown::Exact(_)))
            .min_by_key(|place| parts[*place].of);
        match smallest {
            Some(place) => shown[place] = Shown::Withheld,
            None => return Published { parts: shown, total: Shown::Withheld },
        }
    }
    Published { parts: shown, total: shown_total }
}

/// Whether the sum narrows down a part that is too small to be shown. What is withheld to shield others may be
/// narrowed: it is not small.
fn gives_away(parts: &[Part], shown: &[Shown]) -> bool {
    let hidden = || parts.iter().zip(shown).filter(|(_, shown)| !matches!(shown, Shown::Exact(_)));
    let (mut known, mut low, mut high) = (0, 0, 0);
    for (part, shown) in hidden() {
        let (own_low, own_high) = range(*part, *shown);
        (known, low, high) = (known + i64::from(part.count), low + own_low, high + own_high);
    }
    hidden().filter(|(part, _)| !matches!(alone(**part), Shown::Exact(_))).any(|(part, shown)| {
        let (own_low, own_high) = range(*part, *shown);
        let least = known - (high - own_high);
        let most = known - (low - own_low);
        least > own_low || most < own_high
    })
}

/// What a reader who knows these rules can tell of a part that is not shown exactly.
fn range(part: Part, shown: Shown) -> (i64, i64) {
    let (of, few) = (i64::from(part.of), i64::from(N_FEWEST));
    match shown {
        Shown::Few { .. } => (0, few - 1),
        Shown::NearlyAll { .. } => (of - few + 1, of),
        Shown::Withheld if part.of < 2 * N_FEWEST => (0, of),
        Shown::Withheld => (few, of - few),
        Shown::Exact(_) => (i64::from(part.count), i64::from(part.count)),
    }
}
