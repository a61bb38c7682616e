//! Stage 1: what hurts, and who is ready.

pub mod account;
pub mod case;
pub mod diagnosis;
pub mod friction;
pub mod idea;
pub mod instrument;
pub mod kiosk;
pub mod outbox;
pub mod playbook;
pub mod readiness;
pub mod trial;
