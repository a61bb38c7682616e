//! Stage 7: what did it do? A design, an estimate with its interval, checks, and a verdict in one plain sentence.
//!
//! The numbers are `traction_stats`'; here they are chosen, judged and put into words. It neither reads files nor
//! knows how an evidence record is written down.

mod blocks;
mod design;
mod evidence;
mod figures;
pub mod plan;
#[cfg(test)]
mod tests;
mod verdict;

pub use blocks::{Blocked, N_PERIODS_MOST, blocked, prove_blocked};
pub use design::{Design, Method, Wish};
pub use evidence::{Check, CheckName, Effects, Evidence, Held, LeftOut, Source, prove};
pub use figures::Figures;
pub use verdict::{BeforeStart, Comparison, Finding, Good, Kind, Question, Verdict, refused, verdict};
