//! Stage 9: what was gained is kept, or somebody hears of it.

mod command;
mod experts;
mod hand_overs;
mod readings;
mod tensions;
