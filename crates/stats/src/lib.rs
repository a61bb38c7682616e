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
//!
//! | Question | Ask |
//! |---|---|
//! | What did it do, by start and period? | [`group_time`](effect::group_time()), then [`simple`](effect::simple()), [`by_start`](effect::by_start()), [`by_period`](effect::by_period()), [`by_exposure`](effect::by_exposure()) |
//! | The same, where all earlier periods may count | [`imputation`](effect::imputation()) |
//! | The same, by one regression | [`interaction`](effect::interaction()) |
//! | The same, where a lot dealt the starts | [`efficient`](effect::efficient()), [`permute_starts`](effect::permute_starts()) |
//! | What did a slot do, by the draws of waves with tiers? | [`risk_set`](effect::risk_set::risk_set()), [`permute_draw`](effect::risk_set::permute_draw()) |
//! | One unit or few started, others never | [`synthetic`](effect::synthetic()) |
//! | One series, nothing to compare with | [`interrupted`](effect::interrupted()) |
//! | What does one coefficient for all hide? | [`two_way`](effect::two_way()), [`bacon`](effect::bacon()) |
//! | How far do many effects reach at once? | [`bands`](effect::bands()) |
//! | Did groups part before the start? | [`pre_trends`](effect::pre_trends()) |
//! | How far may they part until the answer is gone? | [`robust`](effect::robust()), [`break_down`](effect::break_down()) |
//! | What would a roll-out be able to show? | [`power`] |
//! | Is a gain still there? | [`watch`](control::watch()) |
//! | How many will begin by themselves? | [`fit`](diffusion::fit()) |

pub mod control;
pub mod diffusion;
pub mod effect;
mod linear;
pub mod panel;
pub mod power;
pub mod table;
pub mod uncertainty;
pub mod words;
