//! The policy of a wave: who may contend, and in which order bands and layers stand before chance decides.
//!
//! Readiness makes a unit eligible, in coarse bands; it does not rank finely, since a fine ranking invites gaming.
//! How a pulse becomes a mean is `sense`'s business; where the change already works arrives as an argument.

mod foresee;
mod layers;
#[cfg(test)]
mod tests;

pub use foresee::{Contender, Foreseen, Prospect, foresee, foresee_by};
pub use layers::{LayerRule, Layers, Nearness, RuleRefused, WorksIn};

use crate::contend::draw::{Cap, Entry, Place};
use crate::org::slug::Slug;
use crate::refusal::{self, Refusal};
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

/// What everybody sees of the contenders before the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contenders {
    /// How many there are.
    Counted,
    /// Which units they are.
    Named,
    /// Which units they are, what hurts them, and what they want to reach.
    Told,
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
    /// What makes a unit near to where the change works.
    pub layers: Layers,
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
    #[error("the threshold {} is outside the scale; readiness goes from 1 to 5", refusal::figure(*given))]
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
    /// One more could never be drawn.
    #[error(
        "each of the {n_slots} slots of this wave has a protected place; open one of those again first, or announce a wave of more slots"
    )]
    AllProtected {
        /// How many slots there are.
        n_slots: usize,
    },
    /// Units have read how it chooses.
    #[error("this wave opened on {}; how it chooses stays as units read it then. Settle it for the next wave before that opens", opened.told())]
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
            PolicyRefused::AllProtected { .. } => Some("unit"),
            PolicyRefused::Opened { .. } => None,
        }
    }
}

/// Why a unit may not contend in a wave.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Ineligible {
    /// Not ready enough.
    #[error(
        "the unit's readiness is {} of 5, and this wave asks for {}; ask the unit again when something has changed, and apply to a later wave",
        apart(*mean, *threshold)[0],
        apart(*mean, *threshold)[1]
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

/// A readiness and what is asked for, with as many digits as it takes to tell them apart.
fn apart(mean: f64, threshold: f64) -> [String; 2] {
    let with_digits = |n: usize| [format!("{mean:.n$}"), format!("{threshold:.n$}")];
    let told_apart = (1..16).map(with_digits).find(|[mean, threshold]| mean != threshold);
    told_apart.unwrap_or_else(|| [mean.to_string(), threshold.to_string()])
}

/// A point of the scale in words: with one digit, or as many as it has.
pub fn on_scale(point: f64) -> String {
    let short = format!("{point:.1}");
    if short.parse() == Ok(point) { short } else { point.to_string() }
}

impl Cuts {
    /// At most three cut points, strictly falling, inside the scale.
    pub fn new(points: Vec<f64>) -> Result<Cuts, PolicyRefused> {
        let inside = points.iter().all(|point| (1.0..=5.0).contains(point));
        let falling = points.windows(2).all(|pair| pair[0] > pair[1]);
        if inside && falling && points.len() <= 3 {
            return Ok(Cuts(points));
        }
        let given = points.iter().copied().map(refusal::figure).collect::<Vec<_>>().join(", ");
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
    /// that neither answering nor keeping silent pays by itself; units that share people with one that has it come
    /// first, then those beside one; contenders see how many they are.
    fn default() -> Policy {
        Policy {
            threshold: None,
            cuts: Cuts(vec![4.0, 3.0]),
            unshown: Unshown::InBand(2),
            layers: Layers::default(),
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

    /// As [`Policy::entry`], for a unit with all that the policy looks at.
    pub fn entry_of(&self, contender: &Contender) -> Result<Entry, Ineligible> {
        let Contender { unit, parent, readiness, nearness, place } = contender;
        self.entry(unit, parent.as_ref(), *readiness, *nearness, *place)
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
        Ok(Entry { unit: unit.to_string(), band, layer: self.layers.layer(nearness), place, parent })
    }
}
