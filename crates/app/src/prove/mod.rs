//! Stage 7: what did it do? Evidence records, and what a roll-out could show before it begins.

pub mod evidence;
pub mod plan;
