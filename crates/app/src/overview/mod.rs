//! Pages that look across the stages. They only read.

pub mod assets;
pub mod attention;
pub mod calendar;
pub mod change;
pub mod contract;
pub mod figures;
pub mod home;
pub mod journal;
pub mod methods;
pub mod privacy;
pub mod stations;
pub mod store;
