//! What all doors for people and programs share: who asks, forms, the frame of a page, pictures, and what a failure
//! looks like.

pub mod address;
pub mod charts;
pub mod failure;
pub mod filled;
pub mod form;
pub mod layout;
pub mod multipart;
pub mod repeat;
pub mod ring;
pub mod session;
pub mod simulated;
pub mod token;
pub mod too_large;
pub mod view;
pub mod when;

#[cfg(test)]
mod tests;

pub use address::{InAddress, Path, Query};
pub use failure::{Answer, Failure, Led, again, kept, lead_on, lead_on_or_keep};
pub use filled::{Filled, Zone};
pub use form::Form;
pub use layout::{Hears, Page};
pub use traction_domain::words::counted;
pub use view::View;
