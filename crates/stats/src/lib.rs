//! Causal effects of staggered roll-outs, with their uncertainty, power before they begin, and control of what was gained:
//! numbers in, numbers out.
//!
//! Knows nothing of the program around it: units, periods, starts and outcomes are all it speaks of. It opens no
//! file, asks no clock and takes chance from seeds only, so it serves any analyst as a library:
//!
//! ```
//! use traction_stats::effect::{self, Settings};
//! use traction_stats::panel::{self, Columns, Unbalanced};
//!
//! let file = "ward,month,hours,start\n\
//!             a,1,10,2\na,2,7,2\nb,1,11,2\nb,2,9,2\n\
//!             c,1,10,\nc,2,10,\nd,1,12,\nd,2,13,\n";
//! let columns =
//!     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
//! let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
//! let effects = effect::group_time(&panel, &Settings::default())?;
//! assert_eq!(effects.cells[0].effect.value, -3.0); // (-3 - 2) / 2 there, (0 + 1) / 2 elsewhere
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod control;
pub mod diffusion;
pub mod effect;
mod linear;
pub mod panel;
pub mod power;
pub mod table;
pub mod uncertainty;
pub mod words;
