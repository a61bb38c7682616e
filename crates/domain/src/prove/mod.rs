//! Stage 7: what did it do? A design, an estimate with its interval, checks, and a verdict in one plain sentence.
//!
//! The numbers are `traction_stats`'; here they are chosen, judged and put into words. It neither reads files nor
//! knows how an evidence record is written down.

mod answer;
mod attrition;
mod between;
mod blocks;
mod came;
mod chance;
mod check;
mod choice;
mod contamination;
mod coverage;
mod design;
mod draws;
mod effective;
mod evidence;
mod exploratory;
mod figures;
mod placebo_starts;
pub mod plan;
mod pre_test;
mod second;
mod sensitivity;
mod source;
#[cfg(test)]
mod tests;
mod unused;
mod unvaried;
mod users;
mod verdict;
mod wish;

pub use answer::{Cell, Course, Effects, Material, NoAnswer, TwoByTwo};
pub use blocks::{Blocked, N_PERIODS_MOST, OfDraw, blocked, prove_blocked};
pub use came::Came;
pub use check::{Check, CheckName, Found, Held, Tested};
pub use choice::Choice;
pub use design::{Design, Drawn};
pub use draws::{DrawnWave, DrawsRefused};
pub use effective::Effective;
pub use evidence::{Evidence, LeftOut, prove};
pub use exploratory::{Explored, Look, Looked, explore, groups};
pub use figures::{Figures, in_percent};
pub use second::Second;
pub use sensitivity::Sensitivity;
pub use source::Source;
pub use users::Users;
pub use verdict::{
    BeforeStart, Comparison, Counted, Doubt, Doubted, Doubts, Earlier, Finding, GivenDraw, Good, Kind, Lots,
    Question, Roll, Secondly, Verdict, refused, verdict,
};
pub use wish::{Assignment, Band, Before, Further, Inference, Method, Told, Wish};
