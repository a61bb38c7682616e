//! What a set of outcomes says, in one number: the same in whatever order its rows are read. It shows an accident, or a
//! statement behind the program's back; it holds no key, and keeps nobody out who can write to the database.

use sha2::{Digest, Sha256};

/// The seal of some outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seal {
    /// How many they are.
    pub n_outcomes: i64,
    bytes: [u8; 32],
}

impl Seal {
    /// Takes one in.
    ///
    /// - `of`: its metric, unit and period, as they are kept.
    /// - `n`: which word on these it is.
    /// - `numbers`: value, numerator and denominator.
    pub fn add(&mut self, of: [&str; 3], n: i64, numbers: [Option<f64>; 3]) {
        // A database may give -0 back as 0.
        let bits = numbers.map(|number| number.map(|number| (number + 0.0).to_bits()));
        let row = Sha256::digest(format!("{of:?} {n} {bits:?}"));
        self.bytes.iter_mut().zip(row).for_each(|(byte, of_row)| *byte ^= of_row);
        self.n_outcomes += 1;
    }

    /// In hexadecimal.
    pub fn hex(&self) -> String {
        hex::encode(self.bytes)
    }
}
