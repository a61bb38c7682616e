//! The engines against what others release: drivers from PyPI, a Ballista cluster of three processes.
//!
//! `./check --long` brings both; otherwise these tests say SKIPPED.
#![cfg_attr(
    any(feature = "adbc", feature = "ballista-cluster"),
    expect(clippy::unwrap_used, reason = "a test that cannot go on stops"),
    expect(clippy::disallowed_methods, reason = "others' processes are waited for, and not for ever")
)]

#[cfg(feature = "ballista-cluster")]
mod cluster;
#[cfg(feature = "adbc")]
mod drivers;
