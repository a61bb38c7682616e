//! How often intervals of few units held a known truth: what simulations showed, said beside every answer that few
//! units carry.
//!
//! The figures are those of `docs/methods/few-units.md`, and a test holds both equal; the tests that print them are in
//! `traction-stats`. Nothing is simulated here.

#[cfg(test)]
mod tests;

use traction_stats::panel::Panel;
use traction_stats::uncertainty::{Interval, Law, MANY_UNITS};

use super::answer::Answer;
use super::chance::n_clusters;
use super::check::{Check, CheckName, Held};
use super::effective::Effective;
use super::wish::{Inference, Method, Wish};
use crate::words::counted;

/// A share below this is no 95 % any more, within what 500 panels can tell.
const HOLDS: f64 = 0.91;

/// Where an interval comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// A law with few degrees of freedom.
    Law,
    /// The wild cluster bootstrap.
    Wild,
    /// The draw made again.
    Lots,
}

/// What the size of the data is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CountedIn {
    Units,
    Periods,
}

/// Shares of 95 % intervals of the overall effect that held the truth, by the size of the data, ascending.
struct Measured {
    method: Method,
    from: From,
    counted_in: CountedIn,
    shares: &'static [(usize, f64)],
}

const fn by_law(method: Method, shares: &'static [(usize, f64)]) -> Measured {
    Measured { method, from: From::Law, counted_in: CountedIn::Units, shares }
}

const fn by_wild(method: Method, shares: &'static [(usize, f64)]) -> Measured {
    Measured { method, from: From::Wild, counted_in: CountedIn::Units, shares }
}

/// In the order of the columns in `docs/methods/few-units.md`.
const MEASURED: [Measured; 12] = [
    Measured {
        method: Method::RiskSet,
        from: From::Lots,
        counted_in: CountedIn::Units,
        shares: &[(8, 0.964), (12, 0.966), (20, 0.954), (40, 0.932)],
    },
    by_law(Method::RiskSet, &[(8, 0.958), (12, 0.954), (20, 0.945), (40, 0.949)]),
    by_law(Method::Efficient, &[(8, 0.950), (12, 0.948), (20, 0.940), (40, 0.932)]),
    by_law(Method::GroupTime, &[(8, 0.974), (12, 0.968), (20, 0.958), (40, 0.932)]),
    by_law(Method::Imputation, &[(8, 0.958), (12, 0.962), (20, 0.952), (40, 0.928)]),
    by_law(Method::Interaction, &[(8, 0.966), (12, 0.948), (20, 0.948), (40, 0.958)]),
    by_wild(Method::Interaction, &[(8, 0.932), (12, 0.936), (20, 0.946)]),
    by_law(Method::TwoWay, &[(8, 0.942), (12, 0.960), (20, 0.950), (40, 0.942)]),
    by_wild(Method::TwoWay, &[(8, 0.926), (12, 0.952), (20, 0.958)]),
    by_law(Method::Synthetic, &[(20, 0.965), (40, 0.955)]),
    by_law(Method::SyntheticControl, &[(20, 0.970), (40, 0.965)]),
    Measured {
        method: Method::Interrupted,
        from: From::Law,
        counted_in: CountedIn::Periods,
        shares: &[(18, 0.93), (24, 0.92), (36, 0.95), (60, 0.94)],
    },
];

/// Below 40 independent units, or where more are worth no more than fewer of like weight: by which law intervals are found,
/// and how often such intervals held the truth.
pub(super) fn check(
    panel: &Panel,
    (method, effective): (Method, &Effective),
    answer: &Answer,
    wish: &Wish,
) -> Option<Check> {
    let n_clusters = n_clusters(panel, method);
    let n = n_clusters.unwrap_or(answer.effects.n_units);
    let worth = effective.all;
    let is_few = n < MANY_UNITS || worth < MANY_UNITS as f64;
    let interval = answer.effects.overall.interval().filter(|_| is_few)?;
    // What dealing again does not refuse follows no law.
    if method == Method::Efficient && answer.inference == Inference::Permutation.word() {
        return None;
    }
    let from = match (method, answer.inference == Inference::Bootstrap.word()) {
        (Method::Interaction | Method::TwoWay, true) => From::Wild,
        (Method::RiskSet, _) if answer.inference == Inference::Permutation.word() => From::Lots,
        _ => From::Law,
    };
    let measured = MEASURED.iter().find(|measured| (measured.method, measured.from) == (method, from))?;
    let size = match measured.counted_in {
        CountedIn::Units => n.min(worth.round() as usize),
        CountedIn::Periods => panel.periods().len(),
    };
    let n_of_chance = match n_clusters {
        Some(_) => counted(n, "cluster", "clusters"),
        None => counted(n, "unit", "units"),
    };
    let n_of_chance = match worth < n as f64 - 0.05 {
        true => format!("{n_of_chance} that count for no more than {worth:.1} of like weight"),
        false => n_of_chance,
    };
    let law = match from {
        From::Law => law(&n_of_chance, &interval),
        From::Lots => format!(
            "With {n_of_chance}, interval and p-value follow no law: they are those of the lots made again."
        ),
        From::Wild => format!(
            "With {}, interval and p-value of the effect over all and by time since the start are from the wild cluster \
             bootstrap (Webb's weights, {} draws, seed {}).",
            n_of_chance, wish.n_draws, wish.seed
        ),
    };
    let (held, simulated) = measured.says(size);
    Some(Check { name: CheckName::FewUnits, held, test: None, says: format!("{law} {simulated}") })
}

fn law(units: &str, interval: &Interval) -> String {
    match interval.law {
        Law::Student { df } => {
            format!("With {units}, intervals follow Student's law with {df:.1} degrees of freedom.")
        }
        Law::Normal => format!("With {units}, intervals follow the normal law."),
    }
}

impl Measured {
    /// What simulations of that size, or of the nearest ones tried, showed.
    fn says(&self, size: usize) -> (Held, String) {
        let at_most = self.shares.iter().rfind(|(n, _)| *n <= size);
        let beyond = self.shares.iter().find(|(n, _)| *n > size);
        let told: Vec<(usize, f64)> = match (at_most, beyond) {
            (Some(exactly), _) if exactly.0 == size => vec![*exactly],
            (below, above) => below.into_iter().chain(above).copied().collect(),
        };
        let counted_in = match self.counted_in {
            CountedIn::Units => "units",
            CountedIn::Periods => "periods",
        };
        let shares: Vec<String> = told
            .iter()
            .enumerate()
            .map(|(place, (n, share))| {
                let percent = ((share * 1000.0).round() / 10.0).to_string();
                let counted_in = if place == 0 { format!(" {counted_in}") } else { String::new() };
                format!("{percent} % of cases with {n}{counted_in}")
            })
            .collect();
        let fewest = match at_most {
            Some(_) => "",
            None => ", the fewest tried",
        };
        let held = match at_most {
            None => Held::Untested,
            Some(_) if told.iter().all(|(_, share)| *share >= HOLDS) => Held::Yes,
            Some(_) => Held::No,
        };
        let says = format!(
            "In simulations the 95 % interval of this method held the truth in {}{fewest}.",
            shares.join(" and in ")
        );
        (held, says)
    }
}
