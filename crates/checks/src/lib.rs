//! The rules of this code base, as tests. `cargo test -p traction-checks` reads the source tree and names each place
//! that breaks one.
//!
//! Ships nothing, depends on nothing, and knows Rust only as far as the rules need: comments, literals and paths.
//! Every rule is a function from sources to findings, so that its own test can feed it a bad snippet.

#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod items;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod machines;
#[cfg(test)]
mod map;
#[cfg(test)]
mod methods;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod source;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod stages;
#[cfg(test)]
mod statement;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod tree;
