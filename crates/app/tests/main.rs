//! Stories told through the doors, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod browser;
mod clients;
mod contract;
mod crash;
mod crawl;
mod damaged;
mod demo;
mod fixture;
mod journey;
mod world;

mod account;
mod case;
mod diagnose;
mod doctor;
mod documents;
mod friction;
mod held;
mod idea;
mod keeping;
mod kiosk;
mod mangled;
mod measure;
mod org;
mod parsers;
mod playbook;
mod privacy;
mod readiness;
mod remedy;
mod repeat;
mod sense;
mod surroundings;

mod offer;

mod contend;

mod commitment;
mod cycle;
mod explored;
mod grant;
mod guardrail;
mod plan;
mod prove;
mod publish;
mod sustain;
