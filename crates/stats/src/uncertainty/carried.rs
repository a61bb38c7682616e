//! Numbers that rest on a side which one unit or cluster carries almost alone.

use super::{Side, WhyUnknown};

/// One that counts for so much of its side is as good as alone there.
const AS_GOOD_AS_ALONE: f64 = 0.9;

/// What varies independently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Independent {
    Units,
    Clusters,
}

/// Why a number cannot be told that rests mostly on a side which one carries almost alone, among others that it leaves no
/// spread.
///
/// - `parts`: sides, expected parts of the variance, and the share that the largest has of each.
pub(crate) fn carried(parts: impl Iterator<Item = (Side, f64, f64)>, of: Independent) -> Option<WhyUnknown> {
    let (mut whole, mut most, mut found) = (0.0, 0.0, None);
    let mut carried = 0.0;
    for (side, expected, largest) in parts {
        whole += expected;
        if largest >= AS_GOOD_AS_ALONE {
            carried += expected;
            if expected > most {
                (most, found) = (expected, Some((side, largest)));
            }
        }
    }
    let (side, largest) = found.filter(|_| carried > 0.5 * whole)?;
    let percent = (100.0 * largest).floor().min(99.0) as u8;
    Some(match of {
        Independent::Units => WhyUnknown::OneUnitCarries { side, percent },
        Independent::Clusters => WhyUnknown::OneClusterCarries { side, percent },
    })
}
