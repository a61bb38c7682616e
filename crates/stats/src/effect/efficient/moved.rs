//! Sums of outcomes that an effect moves, and of their squares, as polynomials of it.

/// What a unit's outcomes come to after and before, each less a slope times the effect.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    pub after: [f64; 2],
    pub before: [f64; 2],
}

/// A polynomial of the effect: constant, slope and curvature.
pub(super) type Square = [f64; 3];

/// What outcomes come to after and before.
pub(super) type Pair = [f64; 2];

/// Sums over the units of one arm.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub moved: Moved,
    /// Squares after, before, and the products of both.
    pub squares: [Square; 3],
}

impl Sums {
    /// Adds a unit's outcomes, and what they share with its slopes; the slopes themselves come by count.
    pub fn differ(&mut self, value: Pair, slope: Pair) {
        self.moved.put(value, 0);
        let [after, before, product] = &mut self.squares;
        after[0] += value[0] * value[0];
        after[1] -= 2.0 * value[0] * slope[0];
        before[0] += value[1] * value[1];
        before[1] -= 2.0 * value[1] * slope[1];
        product[0] += value[0] * value[1];
        product[1] -= value[0] * slope[1] + value[1] * slope[0];
    }

    /// Adds the slopes of so many units.
    pub fn slope(&mut self, count: f64, slope: Pair) {
        self.moved.put(slope.map(|x| count * x), 1);
        self.squares[0][2] += count * slope[0] * slope[0];
        self.squares[1][2] += count * slope[1] * slope[1];
        self.squares[2][2] += count * slope[0] * slope[1];
    }
}

impl Moved {
    /// Adds outcomes (`place` 0) or slopes (1).
    pub fn put(&mut self, [after, before]: Pair, place: usize) {
        self.after[place] += after;
        self.before[place] += before;
    }

    pub fn add(&mut self, other: &Moved) {
        for k in 0..2 {
            self.after[k] += other.after[k];
            self.before[k] += other.before[k];
        }
    }

    pub fn times(&self, factor: f64) -> Moved {
        Moved { after: self.after.map(|x| factor * x), before: self.before.map(|x| factor * x) }
    }

    /// Squares after, before, and the product of both.
    pub fn squares(&self) -> [Square; 3] {
        let product = |a: [f64; 2], b: [f64; 2]| [a[0] * b[0], -(a[0] * b[1] + a[1] * b[0]), a[1] * b[1]];
        [product(self.after, self.after), product(self.before, self.before), product(self.after, self.before)]
    }
}

pub(super) fn add<const N: usize>(sums: &mut [Square; N], squares: [Square; N], times: f64) {
    for (sum, square) in sums.iter_mut().zip(squares) {
        sum.iter_mut().zip(square).for_each(|(sum, x)| *sum += times * x);
    }
}
