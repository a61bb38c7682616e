//! Stage 6: usage arrives once, outcomes are taken in, uptake gives nobody away.

mod bad_input;
mod cloud_events;
mod imports;
mod letters;
mod otlp;
mod outcomes;
mod rollout;
mod sources;
mod subjects;
mod uploads;
mod uptake;
mod usage;
mod weight;
