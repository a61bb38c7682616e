//! Stage 6: usage arrives once, outcomes are taken in, uptake gives nobody away.

pub mod bad_input;
mod belonging;
mod bounded;
mod cloud_events;
mod dropped;
mod imports;
mod letters;
mod names;
mod otlp;
mod outcomes;
mod own_words;
mod partial;
mod pictures;
mod retention;
mod rollout;
mod sources;
mod sources_by_driver;
mod sources_of_files;
mod subjects;
mod uploads;
pub mod uptake;
mod uptake_held;
mod uptake_joined;
mod uptake_several;
pub mod usage;
mod weight;
#[cfg(feature = "warehouse")]
mod workers;
