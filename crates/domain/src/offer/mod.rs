//! Stage 2: a change, a goal, and few slots.
