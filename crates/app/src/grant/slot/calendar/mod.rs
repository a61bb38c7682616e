//! Who has a change from when, as pictures: the slots over time by layer, and the spread over the organisation's tree.

pub mod pages;
mod spread;
mod time;
