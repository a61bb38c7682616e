//! The most slots of a wave that units under one parent get, as a plan plays it. What a policy's cap is stands with policies.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};

use traction_domain::contend::draw::Cap;
use traction_domain::prove::plan as rules;

/// More units are not played with a cap: it would take minutes.
const MOST_UNITS: usize = 10_000;

/// Under whom contenders are, and the most slots of a wave that those under one parent get.
pub struct Under {
    /// By unit, its parent.
    pub parents: BTreeMap<String, String>,
    /// The most.
    pub cap: Option<Cap>,
}

impl Under {
    /// The rule for these units; `None` where there is none, or none of them is under anybody.
    pub fn of(&self, units: &[&str]) -> Option<rules::Cap> {
        let most = NonZeroUsize::try_from(self.cap?.0).ok()?;
        let mut numbers = BTreeMap::<&str, usize>::new();
        let parents: Vec<Option<usize>> = units
            .iter()
            .map(|unit| {
                let parent = self.parents.get(*unit)?;
                let next = numbers.len();
                Some(*numbers.entry(parent.as_str()).or_insert(next))
            })
            .collect();
        (!numbers.is_empty()).then_some(rules::Cap { most, parents })
    }

    /// What of the rule the plan leaves out, in a sentence.
    pub fn not_played(&self, played: Option<&rules::Cap>) -> Option<String> {
        match (self.cap, played) {
            (Some(Cap(most)), None) => Some(format!(
                "That units under one parent get no more than {most} slots of a wave is not played: of no contender is a parent known."
            )),
            _ => None,
        }
    }
}

/// So many units spread evenly over so many parents; `None` where no cap is asked for.
///
/// - `cap`: the most, and how many parents.
///
/// Refused: more units than can be waited for.
pub fn spread_over(
    n_units: usize,
    cap: Option<(NonZeroU32, NonZeroU32)>,
) -> Result<Option<rules::Cap>, String> {
    let number = |n: NonZeroU32| NonZeroUsize::try_from(n).unwrap_or(NonZeroUsize::MAX);
    let Some((most, n_parents)) = cap else { return Ok(None) };
    if n_units > MOST_UNITS {
        return Err(format!(
            "with --cap, --units takes up to {MOST_UNITS}, because chances are counted by dealing; leave --cap out for more"
        ));
    }
    let parents = (0..n_units).map(|unit| Some(unit % number(n_parents))).collect();
    Ok(Some(rules::Cap { most: number(most), parents }))
}
