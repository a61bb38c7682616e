//! What a roll-out can show, before it begins: power, and the smallest effect it would detect.
//!
//! By formula for a schedule of units and periods ([`stepped_wedge`]), and by playing the contest itself many times over
//! ([`simulation`]). It advises nothing: what is enough is for whoever plans to say.

pub mod simulation;
pub mod stepped_wedge;
mod test;
#[cfg(test)]
mod tests;
mod timing;
mod variance;

pub use test::{Share, Test};
pub use timing::{Timing, TimingRefused};
pub use variance::{SharesRefused, Variance};
