//! Feeds `tables` of `feeds.rs`.
#![no_main]

#[path = "../feeds.rs"]
mod feeds;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| feeds::tables(bytes));
