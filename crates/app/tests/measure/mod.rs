//! Stage 6: usage arrives once, outcomes are taken in, uptake gives nobody away.

mod imports;
mod outcomes;
mod rollout;
mod uptake;
mod usage;
