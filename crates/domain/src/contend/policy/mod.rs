//! The policy of a wave: who may contend, and in which order bands and layers stand before chance decides.
//!
//! Readiness makes a unit eligible, in coarse bands; it does not rank finely, since a fine ranking invites gaming.
//! How a pulse becomes a mean is `sense`'s business; where the change already works arrives as an argument.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::contend::draw::{Cap, Entry, Place};
use crate::id::UnitId;
use crate::org::slug::Slug;
use crate::refusal::Refusal;
use crate::sense::readiness::Readiness;
use crate::time::Moment;

/// Where the bands part: cut points on the mean readiness, from high to low. `n` points make `n + 1` bands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cuts(Vec<f64>);

/// What becomes of a unit whose readiness is not known, or not shown because too few answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unshown {
    /// It contends in this band.
    InBand(u32),
    /// It cannot contend before it has a shown pulse.
    NotEligible,
}

/// What a contender sees of the others before the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contenders {
    /// How many there are.
    Counted,
    /// Which units they are.
    Named,
}

/// How a wave chooses among its applications.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The least mean readiness that makes a unit eligible; `None`: every unit is.
    pub threshold: Option<f64>,
    /// Where the bands part.
    pub cuts: Cuts,
    /// Units without a shown pulse.
    pub unshown: Unshown,
    /// The most slots for units under one parent.
    pub cap: Option<Cap>,
    /// What contenders see of each other.
    pub contenders: Contenders,
}

/// Why a policy cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyRefused {
    /// Not falling, or outside the scale.
    #[error(
        "the cut points {given} cannot part readiness; write at most three, from high to low, between 1 and 5, like 4, 3"
    )]
    Cuts {
        /// What was given.
        given: String,
    },
    /// Outside the scale.
    #[error("the threshold {given} is outside the scale; readiness goes from 1 to 5")]
    Threshold {
        /// What was given.
        given: f64,
    },
    /// There is no such band.
    #[error("units without a shown pulse cannot go to band {given}; the cut points make bands 1 to {last}")]
    NoSuchBand {
        /// What was given.
        given: u32,
        /// The last band.
        last: u32,
    },
    /// Units have read how it chooses.
    #[error("this wave opened on {opened}; how it chooses stays as units read it then")]
    Opened {
        /// When.
        opened: Moment,
    },
}

impl Refusal for PolicyRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            PolicyRefused::Cuts { .. } => Some("cuts"),
            PolicyRefused::Threshold { .. } => Some("threshold"),
            PolicyRefused::NoSuchBand { .. } => Some("unshown"),
            PolicyRefused::Opened { .. } => None,
        }
    }
}

/// Why a unit may not contend in a wave.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Ineligible {
    /// Not ready enough.
    #[error(
        "the unit's readiness is {mean:.1} of 5, and this wave asks for {threshold:.1}; ask the unit again when something has changed, and apply to a later wave"
    )]
    BelowThreshold {
        /// The unit's mean readiness.
        mean: f64,
        /// What the wave asks for.
        threshold: f64,
    },
    /// Not known.
    #[error(
        "this wave asks for a readiness pulse, and the unit has none to show; open one, and apply when enough have answered"
    )]
    NoPulse,
}

impl Cuts {
    /// At most three cut points, strictly falling, inside the scale.
    pub fn new(points: Vec<f64>) -> Result<Cuts, PolicyRefused> {
        let inside = points.iter().all(|point| (1.0..=5.0).contains(point));
        let falling = points.windows(2).all(|pair| pair[0] > pair[1]);
        if inside && falling && points.len() <= 3 {
            return Ok(Cuts(points));
        }
        let given = points.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        Err(PolicyRefused::Cuts { given })
    }

    /// The cut points, from high to low.
    pub fn points(&self) -> &[f64] {
        &self.0
    }

    /// The number of the last band; the first is 1.
    pub fn last_band(&self) -> u32 {
        self.bands_above(f64::NEG_INFINITY) + 1
    }

    /// The band of a mean readiness: 1 from the highest cut point up.
    pub fn band(&self, mean: f64) -> u32 {
        self.bands_above(mean) + 1
    }

    fn bands_above(&self, mean: f64) -> u32 {
        self.0.iter().filter(|cut| mean < **cut).fold(0, |n_bands, _| n_bands + 1)
    }
}

impl Default for Policy {
    /// Everybody may contend; bands part at 4 and 3; a unit without a shown pulse stands in the middle band, so
    /// that neither answering nor keeping silent pays by itself; contenders see how many they are.
    fn default() -> Policy {
        Policy {
            threshold: None,
            cuts: Cuts(vec![4.0, 3.0]),
            unshown: Unshown::InBand(2),
            cap: None,
            contenders: Contenders::Counted,
        }
    }
}

impl Policy {
    /// The policy, when its parts fit each other.
    pub fn checked(self) -> Result<Policy, PolicyRefused> {
        if let Some(given) = self.threshold.filter(|threshold| !(1.0..=5.0).contains(threshold)) {
            return Err(PolicyRefused::Threshold { given });
        }
        let last = self.cuts.last_band();
        match self.unshown {
            Unshown::InBand(given) if given == 0 || given > last => {
                Err(PolicyRefused::NoSuchBand { given, last })
            }
            _ => Ok(self),
        }
    }

    /// The band a unit contends in; `readiness` is `None` where no pulse is shown.
    pub fn band(&self, readiness: Option<Readiness>) -> Result<u32, Ineligible> {
        let Some(readiness) = readiness else {
            return match self.unshown {
                Unshown::InBand(band) => Ok(band),
                Unshown::NotEligible => Err(Ineligible::NoPulse),
            };
        };
        let mean = f64::midpoint(readiness.appetite, readiness.aptitude);
        match self.threshold.filter(|threshold| mean < *threshold) {
            Some(threshold) => Err(Ineligible::BelowThreshold { mean, threshold }),
            None => Ok(self.cuts.band(mean)),
        }
    }

    /// The unit's entry in the list of a draw. A protected unit is listed whatever its readiness: somebody decided
    /// about it and gave a reason.
    pub fn entry(
        &self,
        unit: &Slug,
        parent: Option<&Slug>,
        readiness: Option<Readiness>,
        nearness: Nearness,
        place: Place,
    ) -> Result<Entry, Ineligible> {
        let band = match place {
            Place::Open => self.band(readiness)?,
            Place::Protected => self.band(readiness).unwrap_or(self.cuts.last_band()),
        };
        let parent = parent.filter(|_| self.cap.is_some()).map(Slug::to_string);
        Ok(Entry { unit: unit.to_string(), band, layer: nearness.layer(), place, parent })
    }
}

/// How near a unit is to where the change already works. A change migrates outwards in layers: a unit hears from its
/// neighbours what no announcement tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// It works nowhere yet, so every unit is equally near.
    NowhereYet,
    /// Somebody belongs to both units.
    SharesPeople,
    /// Under the same parent as a unit where it works.
    SameParent,
    /// None of these.
    Apart,
}

/// A unit where the change works already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorksIn {
    /// The unit.
    pub unit: UnitId,
    /// The unit above it.
    pub parent: Option<UnitId>,
}

impl Nearness {
    /// How near a unit under `parent`, sharing people with `shares_people_with`, is to where the change works.
    pub fn of(
        parent: Option<UnitId>,
        shares_people_with: &BTreeSet<UnitId>,
        works_in: &[WorksIn],
    ) -> Nearness {
        if works_in.is_empty() {
            return Nearness::NowhereYet;
        }
        if works_in.iter().any(|there| shares_people_with.contains(&there.unit)) {
            return Nearness::SharesPeople;
        }
        if parent.is_some() && works_in.iter().any(|there| there.parent == parent) {
            return Nearness::SameParent;
        }
        Nearness::Apart
    }

    /// The layer in a draw: 0 where it works nowhere yet or people are shared, 1 under the same parent, 2 elsewhere.
    pub fn layer(self) -> u32 {
        match self {
            Nearness::NowhereYet | Nearness::SharesPeople => 0,
            Nearness::SameParent => 1,
            Nearness::Apart => 2,
        }
    }
}
