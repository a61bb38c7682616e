//! Stage 6: usage arrives once, outcomes are taken in, uptake gives nobody away.

mod usage;
