//! The smallest effect that is found as often as asked, read off what was played, and how two such effects differ.

use super::{Point, Simulated};
use crate::power::Share;

/// Shares this far below the one that is asked for still tell how steep the curve is there.
const NEAR: f64 = 0.3;

/// The smallest effect found as often as asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Smallest {
    /// The effect, in the outcome's unit.
    pub effect: f64,
    /// Its error from having played so often and no more.
    pub error: f64,
    /// Plays: how far each one pulls the effect from where the others have it, times the number of plays; their mean is 0.
    influence: Vec<f64>,
    /// How far one play more that found it would move it: finer than that nothing can be told.
    step: f64,
}

impl Simulated {
    /// The smallest effect found with probability `power`.
    ///
    /// Read off the straight line between the two points it lies between, which must ascend; `None` if it lies beyond them.
    /// Its error is that of the line's two shares, which come of the same plays, by the delta method; how steep the curve is
    /// there is read from farther off.
    pub fn smallest_effect(&self, power: Share) -> Option<Smallest> {
        let below = self
            .points
            .windows(2)
            .position(|pair| pair[0].power < power.share() && pair[1].power >= power.share())?;
        let (low, high) = (&self.points[below], &self.points[below + 1]);
        // Two points near each other tell where the share is reached, but badly how steep the curve is there.
        let near = |point: &&Point| point.power >= power.share() - NEAR && point.power < high.power;
        let foot = self.points[..=below].iter().find(near).unwrap_or(low);
        let slope = (high.power - foot.power) / (high.effect - foot.effect);
        let way = (power.share() - low.power) / (high.power - low.power);
        let found = self.found[below].iter().zip(&self.found[below + 1]);
        let as_number = |found: &bool| f64::from(u8::from(*found));
        let influence: Vec<f64> = found
            .map(|(at_low, at_high)| {
                let between = (1.0 - way) * as_number(at_low) + way * as_number(at_high);
                (power.share() - between) / slope
            })
            .collect();
        let effect = low.effect + way * (high.effect - low.effect);
        // Where all plays agree with each other there is no spread to tell the error by: then that of the points serves.
        let spread = error_of_mean(&influence);
        let error = if spread > 0.0 { spread } else { low.error.max(high.error) / slope };
        let step = 1.0 / (slope * influence.len() as f64);
        Some(Smallest { effect, error, influence, step })
    }

    /// With what `other` found, in ascending order of effects; both of the same plays. Effects that both have count once.
    #[must_use]
    pub fn and(self, other: Simulated) -> Simulated {
        let n_panels = self.n_panels;
        let of = |all: Simulated| all.points.into_iter().zip(all.found);
        let mut rows: Vec<_> = of(self).chain(of(other)).collect();
        rows.sort_by(|(a, _), (b, _)| a.effect.total_cmp(&b.effect));
        rows.dedup_by(|(a, _), (b, _)| a.effect == b.effect);
        let (points, found) = rows.into_iter().unzip();
        Simulated { n_panels, points, found }
    }
}

impl Smallest {
    /// How much smaller the effect is than `other`'s, and the error of that from having played so often and no more. `None`
    /// if they come of different numbers of plays.
    ///
    /// Both of the same plays, with the same seed: what they share of chance then drops out.
    pub fn less_than(&self, other: &Smallest) -> Option<(f64, f64)> {
        if self.influence.len() != other.influence.len() {
            return None;
        }
        let apart: Vec<f64> = self.influence.iter().zip(&other.influence).map(|(a, b)| b - a).collect();
        // Two schedules that nearly always agree differ by where between two sizes their effects were read.
        let error = error_of_mean(&apart).hypot(self.step.max(other.step));
        Some((other.effect - self.effect, error))
    }
}

/// The error of a mean of these, whose mean is 0.
fn error_of_mean(influence: &[f64]) -> f64 {
    let n = influence.len() as f64;
    influence.iter().map(|one| one.powi(2)).sum::<f64>().sqrt() / n
}
