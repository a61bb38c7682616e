//! Fitting one comparison: with covariates by outcome regression, inverse probability, or both.
//!
//! Influences include that the models are estimated. Source: Sant'Anna and Zhao (2020), J. Econometrics 219(1),
//! 101-122: for units seen in both periods section 2, for whoever was seen the locally efficient estimator of
//! section 3.

mod fit;
mod in_both;
mod in_either;
mod linear;
mod rows;

pub(super) use fit::Fitter;
