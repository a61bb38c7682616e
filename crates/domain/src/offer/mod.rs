//! Stage 2: a change, a goal, and few slots.

pub mod change;
pub mod goal;
pub mod metric;
#[cfg(test)]
mod tests;
pub mod wave;
