//! Stage 5: small, short, fast tests by the people themselves, and what they set themselves.

pub mod check_in;
pub mod commitment;
#[expect(clippy::module_inception, reason = "the stage is named after its first noun")]
pub mod cycle;
pub mod guardrail;
