//! The variance of a number part by part: what each was found to be, and how well it is known.

use super::{Moments, Projected};
use crate::uncertainty::parts::{Gram, Kind};
use crate::uncertainty::portions::Portion;
use crate::uncertainty::{Side, WhyUnknown, carried};

impl Moments {
    /// Why a number rests mostly on a side that one carries almost alone, if it does.
    pub(super) fn carried(&self, projected: &Projected, spreads: &[f64]) -> Option<WhyUnknown> {
        let side = |group: usize| if group < self.n_started { Side::Started } else { Side::Compared };
        let weighs = self.parts.iter().zip(&projected.by_part).filter(|(_, weights)| !weights.is_empty());
        let expected = weighs.flat_map(|(part, _)| {
            let is_own = part.kind == Kind::Own;
            part.members.iter().flat_map(move |members| {
                // What serves alone within a larger side has no deviation of its own, and borrows none there.
                let is_alone = members.n == 1 && members.are_even();
                let largest = move |largest: f64| match is_own {
                    true if is_alone => 1.0,
                    true => largest,
                    false => 0.0,
                };
                members.carriers(spreads).map(move |(group, part, share)| (side(group), part, largest(share)))
            })
        });
        carried(expected, self.independent)
    }

    /// The variance part by part, each with its own degrees of freedom. Groups of one have no deviation of their own; where
    /// they serve within a larger comparison, their parts are taken together, with one degree less than there are of them.
    pub(super) fn shares(&self, projected: &Projected, spreads: &[f64]) -> Vec<Portion> {
        let n_squared = self.n_units.powi(2);
        let most = self.spare.max(1.0);
        let mut shares = Vec::new();
        let (mut lone, mut n_lone) = (Portion { found: 0.0, expected: 0.0, df: 1.0 }, 0.0_f64);
        for (part, weights) in self.parts.iter().zip(&projected.by_part) {
            if let Gram::Clusters(clusters) = &part.gram {
                let own = clusters.shares(weights, spreads).into_iter();
                shares.extend(own.map(|one| Portion { found: one.found / n_squared, ..one }));
                continue;
            }
            let found = part.product(weights, weights) / n_squared;
            let expected: Vec<f64> = part.members.iter().map(|members| members.spread(spreads)).collect();
            if let [members] = &part.members[..] {
                let (n, expected) = (members.effective(), expected[0]);
                if part.kind == Kind::Borrowed {
                    shares.push(Portion { found, expected, df: most });
                } else if members.n == 1 {
                    lone = Portion { found: lone.found + found, expected: lone.expected + expected, ..lone };
                    n_lone += 1.0;
                } else {
                    let sum: f64 = weights.iter().map(|(feature, weight)| part.sums[*feature] * weight).sum();
                    let of_mean = sum * sum / n / n_squared;
                    let found = members.raised((found - of_mean).max(0.0), spreads) + of_mean;
                    shares.push(Portion { found, expected, df: members.df(spreads) });
                }
                continue;
            }
            // Summed over unlike members: all that was found is raised by what their means take from all together.
            let left: Vec<f64> = part.members.iter().map(|of| of.left(spreads)).collect();
            let (whole, all) = (expected.iter().sum::<f64>(), left.iter().sum::<f64>());
            if all <= 0.0 {
                lone = Portion { found: lone.found + found, expected: lone.expected + whole, ..lone };
                n_lone += part.members.len() as f64;
            }
            let told = part.members.iter().zip(left).filter(|(_, left)| *left > 0.0);
            let raised = found * whole / all;
            let of = |df, share: f64| Portion { found: raised * share, expected: whole * share, df };
            shares.extend(told.map(|(members, left)| of(members.df(spreads), left / all)));
        }
        lone.df = (n_lone - 1.0).max(1.0);
        shares.push(lone);
        shares
    }
}
