//! The live figure of each stage, for the navigation.

use crate::overview::store;
use crate::trouble::Broken;
use crate::world::World;

/// A stage of the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What hurts, and who is ready.
    Sense,
    /// A change, a goal, few slots.
    Offer,
    /// Units compete for the next slot.
    Contend,
    /// Access, for those who hold a slot.
    Grant,
    /// Small, short, fast; by the people themselves.
    Cycle,
    /// Is it used, does it help.
    Measure,
    /// What did it do.
    Prove,
    /// Let the results pull.
    Publish,
    /// Keep it, without the experts.
    Sustain,
}

impl Stage {
    /// All nine, in the loop's order.
    pub const ALL: [Stage; 9] = [
        Stage::Sense,
        Stage::Offer,
        Stage::Contend,
        Stage::Grant,
        Stage::Cycle,
        Stage::Measure,
        Stage::Prove,
        Stage::Publish,
        Stage::Sustain,
    ];

    /// Its word, as in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Sense => "sense",
            Stage::Offer => "offer",
            Stage::Contend => "contend",
            Stage::Grant => "grant",
            Stage::Cycle => "cycle",
            Stage::Measure => "measure",
            Stage::Prove => "prove",
            Stage::Publish => "publish",
            Stage::Sustain => "sustain",
        }
    }

    /// Its word, as a title.
    pub fn title(self) -> &'static str {
        match self {
            Stage::Sense => "Sense",
            Stage::Offer => "Offer",
            Stage::Contend => "Contend",
            Stage::Grant => "Grant",
            Stage::Cycle => "Cycle",
            Stage::Measure => "Measure",
            Stage::Prove => "Prove",
            Stage::Publish => "Publish",
            Stage::Sustain => "Sustain",
        }
    }

    /// Where its own page is.
    pub fn href(self) -> &'static str {
        match self {
            Stage::Sense => "/frictions",
            Stage::Offer => "/changes",
            Stage::Contend => "/waves",
            Stage::Grant => "/slots",
            Stage::Cycle => "/cycles",
            Stage::Measure => "/uptake",
            Stage::Prove => "/evidence",
            Stage::Publish => "/showcases",
            Stage::Sustain => "/watches",
        }
    }
}

/// A live figure per stage, in words of one or two ("31 open").
#[derive(Clone, Debug, Default)]
pub struct Figures([String; 9]);

impl Figures {
    /// Every stage with its figure.
    pub fn each(&self) -> impl Iterator<Item = (Stage, &str)> {
        Stage::ALL.into_iter().zip(self.0.iter().map(String::as_str))
    }
}

/// The figures of now.
pub async fn of(world: &World) -> Result<Figures, Broken> {
    let mut figures = Figures::default();
    for (stage, count, word) in store::figures(world.store().read(), world.now()).await? {
        figures.0[stage as usize] = format!("{count} {word}");
    }
    Ok(figures)
}
