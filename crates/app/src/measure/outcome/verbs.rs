//! Recording outcomes: new ones and corrections are kept, what is known already changes nothing.

use traction_domain::fact::Fact;
use traction_domain::id::{ImportId, MetricId, UnitId};
use traction_domain::measure::outcome::Outcome;
use traction_domain::org::who::{Who, allow};

use crate::measure::outcome::store::{self, Taken, Word};
use crate::store::Tx;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What recording outcomes did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Units and periods of which nothing was known.
    pub n_new: usize,
    /// Those of which something else was known.
    pub n_corrected: usize,
    /// Those of which the same was known.
    pub n_unchanged: usize,
}

/// Whether what is asked for is done, or only tried and said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Done.
    Take,
    /// Only said: nothing is kept.
    Try,
}

/// Records outcomes of a metric; each unit and period at most once.
pub async fn take(
    world: &World,
    who: &Who,
    metric: MetricId,
    taken: Taken<'_>,
    rows: &[(UnitId, Outcome)],
    mode: Mode,
) -> Result<Recorded, Trouble> {
    let may = who.is_change_lead()
        || who.is_administrator()
        || (!rows.is_empty() && rows.iter().all(|(unit, _)| who.leads(*unit)));
    allow(may, "a change lead, or the lead of the units concerned,", "record outcomes")?;
    let mut tx = world.store().begin().await?;
    let recorded = record(world, &mut tx, who, metric, taken, rows).await?;
    if mode == Mode::Take {
        world.commit(tx).await?;
    }
    Ok(recorded)
}

/// Records outcomes in a transaction that another verb began.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    metric: MetricId,
    taken: Taken<'_>,
    rows: &[(UnitId, Outcome)],
) -> Result<Recorded, Broken> {
    let now = world.now();
    let periods = rows.iter().map(|(_, outcome)| outcome.period).collect();
    let last = store::last_words(tx, metric, &periods).await?;
    let mut recorded = Recorded::default();
    let mut words = Vec::new();
    for (unit, outcome) in rows {
        let n = match last.get(&(*unit, outcome.period.to_string())) {
            Some((_, measured)) if *measured == outcome.measured => {
                recorded.n_unchanged += 1;
                continue;
            }
            Some((n, _)) => {
                recorded.n_corrected += 1;
                n + 1
            }
            None => {
                recorded.n_new += 1;
                1
            }
        };
        words.push(Word { unit: *unit, period: outcome.period, measured: outcome.measured, n });
    }
    if !words.is_empty() {
        let import: ImportId = world.id();
        store::take(tx, import, taken, now).await?;
        store::add(tx, metric, import, &words, now).await?;
        tx.journal(now, who, Fact::OutcomesRecorded { metric, import }).await?;
    }
    Ok(recorded)
}
