//! Stage 4: the solution is switched on for those who hold a slot, and for no one else.

mod ask;
mod lapse;
mod log;
mod ofrep;
mod pressure;
mod slots;
mod streams;
mod tags;
mod tokens;
