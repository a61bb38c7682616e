//! How many units, slots or waves it takes.

use super::ScheduleRefused;
use crate::power::Share;

/// A plan of some size that is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    /// Its size: units, slots, waves, whatever was tried.
    pub n: usize,
    /// Its power.
    pub power: f64,
}

/// The first size in `sizes` whose power reaches `wanted`; `None` if none does.
///
/// - `power_of`: the power of a plan of that size. Sizes it refuses are passed over; where it refuses all, so does this.
///
/// Power need not rise with every step (a wave more can leave fewer units waiting), so each size is tried in its turn.
pub fn n_needed(
    sizes: impl IntoIterator<Item = usize>,
    wanted: Share,
    mut power_of: impl FnMut(usize) -> Result<f64, ScheduleRefused>,
) -> Result<Option<Planned>, ScheduleRefused> {
    let (mut refused, mut tried) = (None, 0);
    for n in sizes {
        match power_of(n) {
            Ok(power) if power >= wanted.share() => return Ok(Some(Planned { n, power })),
            Ok(_) => tried += 1,
            Err(why) => refused = Some(why),
        }
    }
    match refused {
        Some(why) if tried == 0 => Err(why),
        _ => Ok(None),
    }
}
