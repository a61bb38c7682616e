//! What influences are multiplied by, from one generator a draw.

use faer::Mat;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

/// The law of the multipliers: mean 0 and variance 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Multiplier {
    /// 1 or -1, each half of the time.
    #[default]
    Rademacher,
    /// Mammen's two points, which keep the third moment as well.
    Mammen,
}

impl Multiplier {
    /// Fills the first rows, a column a draw, each from that draw's generator.
    pub(super) fn fill(self, chances: &mut [Xoshiro256PlusPlus], into: &mut Mat<f64>, n_rows: usize) {
        for (draw, chance) in chances.iter_mut().enumerate() {
            let column = &mut into.col_as_slice_mut(draw)[..n_rows];
            match self {
                Multiplier::Rademacher => signs(chance, column),
                Multiplier::Mammen => mammen(chance, column),
            }
        }
    }
}

fn signs(chance: &mut Xoshiro256PlusPlus, into: &mut [f64]) {
    for some in into.chunks_mut(64) {
        let bits: u64 = chance.random();
        for (place, sign) in some.iter_mut().enumerate() {
            *sign = f64::from_bits(1.0_f64.to_bits() | ((bits >> place) & 1) << 63);
        }
    }
}

fn mammen(chance: &mut Xoshiro256PlusPlus, into: &mut [f64]) {
    let root = 5.0_f64.sqrt();
    let (low, high) = ((1.0 - root) / 2.0, (1.0 + root) / 2.0);
    let share_low = (root + 1.0) / (2.0 * root);
    into.iter_mut().for_each(|x| *x = if chance.random::<f64>() < share_low { low } else { high });
}
