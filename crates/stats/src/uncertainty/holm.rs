//! p-values of several looks at the same data, so that the more one looks the less each look proves.
//!
//! It widens no intervals, and does not know which looks were settled beforehand: those stay outside.

/// p-values that allow for all of them having been looked at: if none of the effects is there, one of them is at
/// most `x` with probability at most `x`, however the looks hang together.
///
/// - `p`: any number of p-values, 0 to 1, in any order. Returns as many, in the same order, none smaller than before.
///
/// Ordered upwards, the k-th of n is multiplied by n - k + 1, is never below the one before it, and never above 1.
/// Misleads if the looks were chosen after seeing their p-values: all that were taken must be in it.
/// Source: Holm (1979), Scandinavian J. Statistics 6(2), 65-70.
///
/// ```
/// use traction_stats::uncertainty::holm;
///
/// assert_eq!(holm(&[0.04, 0.01]), [0.04, 0.02]);
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut at_least = 0.0_f64;
    for (smaller, &look) in order.iter().enumerate() {
        at_least = at_least.max(p[look] * (p.len() - smaller) as f64).min(1.0);
        adjusted[look] = at_least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 0.005 x 4 = 0.02; 0.01 x 3 = 0.03; 0.03 x 2 = 0.06; 0.04 x 1 = 0.04, which may not be below 0.06.
    #[test]
    fn a_worked_table_of_four_looks() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, expect) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - expect).abs() < 1e-15, "{adjusted:?}");
        }
    }

    #[test]
    fn order_does_not_matter_one_look_stays_itself_and_nothing_shrinks_or_passes_one() {
        let p = [0.2, 0.9, 0.0004, 0.6, 0.2, 1.0, 0.03];
        let adjusted = holm(&p);
        let turned = holm(&p.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(adjusted, turned.into_iter().rev().collect::<Vec<_>>());
        for (a, (p_a, adjusted_a)) in p.iter().zip(&adjusted).enumerate() {
            assert!(adjusted_a >= p_a && *adjusted_a <= 1.0);
            assert!(
                p.iter().zip(&adjusted).all(|(p_b, adjusted_b)| p_a > p_b || adjusted_a <= adjusted_b),
                "{a}"
            );
        }
        assert_eq!(holm(&[0.37]), [0.37]);
        assert_eq!(holm(&[]), [0.0; 0]);
    }

    /// Brute force over all closed families (Marcus, Peritz and Gabriel 1976): a look's p-value is the largest of
    /// Bonferroni's over every set of looks that holds it.
    #[test]
    fn it_is_the_closure_of_bonferronis_test() {
        let p = [0.012, 0.2, 0.011, 0.034, 0.5];
        let of_set = |set: u32| {
            let members = (0..p.len()).filter(|look| set >> look & 1 == 1);
            let least = members.map(|look| p[look]).fold(1.0, f64::min);
            (least * f64::from(set.count_ones())).min(1.0)
        };
        for (look, adjusted) in holm(&p).into_iter().enumerate() {
            let sets = (1..1_u32 << p.len()).filter(|set| set >> look & 1 == 1);
            let expect = sets.map(of_set).fold(0.0, f64::max);
            assert!((adjusted - expect).abs() < 1e-15, "{look}: {adjusted} {expect}");
        }
    }
}
