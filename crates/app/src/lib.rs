//! Traction as a program: pages, HTTP API, command line and database around the pure core.

pub mod commands;
pub mod demo;
pub mod jobs;
pub mod keeping;
pub mod loops;
pub mod routes;
pub mod serve;
pub mod store;
pub mod trouble;
pub mod web;
pub mod world;

pub mod org;

pub mod sense;

pub mod offer;

pub mod contend;

pub mod cycle;
pub mod grant;
pub mod measure;

pub mod prove;

pub mod publish;
pub mod sustain;

pub mod overview;
