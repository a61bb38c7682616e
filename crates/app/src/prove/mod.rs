//! Stage 7: what did it do? Evidence records, as people, programs and operators get them.

pub mod evidence;
