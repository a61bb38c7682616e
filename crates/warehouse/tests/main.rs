//! The engines against what others release: drivers from PyPI, a Ballista cluster of three processes.
//!
//! `./check --long` brings both; otherwise these tests say SKIPPED.

#[cfg(feature = "ballista-cluster")]
mod cluster;
#[cfg(feature = "adbc")]
mod drivers;
