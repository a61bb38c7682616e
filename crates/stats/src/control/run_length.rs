//! How long the half-way rule runs until it fires, exactly, when the levels are known.
//!
//! Levels that are estimated make it fire sooner: [`super::operating`] gives the rates for those.

use super::half_way::Rule;

/// The rule applied to independent readings that are each past the line with one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunLength {
    /// The rule.
    pub rule: Rule,
    /// Probability that a single reading is past the line.
    pub past: f64,
}

impl RunLength {
    /// Mean number of readings until the rule first fires; `None` when it never does.
    ///
    /// A Markov chain over which of the last `window - 1` readings were past the line, starting with none. States are
    /// taken out one by one, the time spent in them given to those before; nothing is ever subtracted, so that a mean
    /// of a thousand million readings keeps its digits. Source: Grassmann, Taksar and Heyman (1985), Operations
    /// Research 33, 1107-1116.
    pub fn mean(&self) -> Option<f64> {
        if self.past <= 0.0 {
            return None;
        }
        let n = self.n_states();
        let mut chances = vec![vec![0.0; n]; n];
        let mut fires = vec![0.0; n];
        let mut time = vec![1.0; n];
        for state in 0..n {
            for (next, chance) in self.steps(state) {
                match next {
                    Some(next) => chances[state][next] += chance,
                    None => fires[state] += chance,
                }
            }
        }
        for gone in (1..n).rev() {
            let (before, of_gone) = chances.split_at_mut(gone);
            let of_gone = &of_gone[0][..gone];
            let leaves = fires[gone] + of_gone.iter().sum::<f64>();
            for (state, row) in before.iter_mut().enumerate() {
                let share = row[gone] / leaves;
                row.iter_mut().zip(of_gone).for_each(|(chance, onward)| *chance += share * onward);
                fires[state] += share * fires[gone];
                time[state] += share * time[gone];
            }
        }
        Some(time[0] / fires[0])
    }

    /// Probability that the rule has fired by the reading `n_readings`.
    pub fn chance_by(&self, n_readings: usize) -> f64 {
        let mut quiet = vec![0.0; self.n_states()];
        quiet[0] = 1.0;
        for _ in 0..n_readings {
            let mut after = vec![0.0; quiet.len()];
            for (state, chance) in quiet.iter().enumerate() {
                for (next, step) in self.steps(state) {
                    if let Some(next) = next {
                        after[next] += chance * step;
                    }
                }
            }
            quiet = after;
        }
        1.0 - quiet.iter().sum::<f64>()
    }

    /// The first reading by which the rule has fired with probability one half; `None` beyond `limit` readings.
    pub fn median(&self, limit: usize) -> Option<usize> {
        (1..=limit).find(|n_readings| self.chance_by(*n_readings) >= 0.5)
    }

    fn n_states(&self) -> usize {
        1 << (self.rule.window - 1)
    }

    /// Where one more reading leads (`None`: the rule fires), and with what probability.
    fn steps(&self, state: usize) -> [(Option<usize>, f64); 2] {
        let forgets_oldest = self.n_states() - 1;
        [(0, 1.0 - self.past), (1, self.past)].map(|(newest, chance)| {
            let fires = state.count_ones() as usize + newest >= self.rule.needed;
            ((!fires).then_some(((state << 1) | newest) & forgets_oldest), chance)
        })
    }
}

#[cfg(test)]
mod tests;
