//! Stage 4: the solution is switched on for those who hold a slot, and for no one else.

mod ask;
mod clocks;
mod lapse;
mod log;
mod ofrep;
mod packed;
mod pieces;
mod pressure;
mod slots;
mod socket;
mod streams;
mod tags;
mod tokens;
