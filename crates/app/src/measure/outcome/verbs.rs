//! Recording outcomes: new ones and corrections are kept, what is known already changes nothing. Setting the calendar.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::fact::Fact;
use traction_domain::id::{ImportId, MetricId, UnitId};
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::outcome::compare::{Compared, Word, compare};
use traction_domain::measure::outcome::{Measured, Outcome};
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal::Refusal;
use traction_domain::words::counted;
use traction_stats::panel::Period;

use crate::measure::outcome::seal::Seal;
use crate::measure::outcome::store::{self, Taken};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What recording outcomes did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Units and periods of which nothing was known.
    pub n_new: usize,
    /// Those of which something else was known.
    pub n_corrected: usize,
    /// Of those, the ones that were taken back: a value had been known, and there is none after all.
    pub n_taken_back: usize,
    /// Those of which the same was known.
    pub n_unchanged: usize,
    /// Those without a value, of which none was known either.
    pub n_missing: usize,
    /// Under what it was kept, where it changed something.
    pub import: Option<ImportId>,
}

/// Whether what is asked for is done, or only tried and said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Done.
    Take,
    /// Only said: nothing is kept.
    Try,
}

/// Why a calendar was not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} of this metric {} not by {calendar}, as {first}; choose the calendar that they follow", counted(*n, "known period", "known periods"), if *n == 1 { "is" } else { "are" })]
pub struct DoesNotFit {
    /// The calendar.
    pub calendar: Calendar,
    /// How many known periods it does not have.
    pub n: usize,
    /// The first of them.
    pub first: Period,
}

impl Refusal for DoesNotFit {
    fn field(&self) -> Option<&'static str> {
        Some("calendar")
    }
}

/// Whether he may record outcomes of a unit.
pub fn may_record(who: &Who, unit: UnitId) -> bool {
    records_all(who) || who.leads(unit)
}

fn records_all(who: &Who) -> bool {
    who.is_change_lead() || who.is_administrator()
}

/// Refuses unless he may record outcomes of these units, of which there must be one.
pub fn must_record(who: &Who, units: impl Iterator<Item = UnitId>) -> Result<(), Trouble> {
    let mut units = units.peekable();
    let may = records_all(who) || (units.peek().is_some() && units.all(|unit| who.leads(unit)));
    Ok(allow(may, "a change lead, or the lead of the units concerned,", "record outcomes")?)
}

/// Records outcomes of a metric; each unit and period at most once. Nothing where a value is known takes it back.
pub async fn take(
    world: &World,
    who: &Who,
    metric: MetricId,
    taken: Taken<'_>,
    rows: &[(UnitId, Outcome)],
    mode: Mode,
) -> Result<Recorded, Trouble> {
    must_record(who, rows.iter().map(|(unit, _)| *unit))?;
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
    let compared = compared(tx, metric, rows).await?;
    let mut recorded = Recorded {
        n_new: compared.n_new(),
        n_corrected: compared.corrected().count(),
        n_taken_back: compared.n_taken_back(),
        n_unchanged: compared.n_same,
        n_missing: compared.n_missing,
        import: None,
    };
    if !compared.words.is_empty() {
        let import: ImportId = world.id();
        store::take(tx, import, taken, who, now).await?;
        store::add(tx, metric, import, &compared.words, now).await?;
        store::seal(tx, import, &sealed(metric, &compared.words)).await?;
        tx.journal(now, who, Fact::OutcomesRecorded { metric, import }).await?;
        recorded.import = Some(import);
    }
    Ok(recorded)
}

fn sealed(metric: MetricId, words: &[Word]) -> Seal {
    let (mut seal, metric) = (Seal::default(), metric.to_string());
    for word in words {
        let (numerator, denominator) = match word.measured {
            Measured::Ratio { numerator, denominator } => (Some(numerator), Some(denominator)),
            Measured::Value(_) | Measured::Nothing => (None, None),
        };
        let of = [metric.as_str(), &word.unit.to_string(), &word.period.to_string()];
        seal.add(of, word.n, [word.measured.value(), numerator, denominator]);
    }
    seal
}

/// What outcomes would change in what is known.
pub async fn compared(sql: &Sql, metric: MetricId, rows: &[(UnitId, Outcome)]) -> Result<Compared, Broken> {
    let periods: BTreeSet<Period> = rows.iter().map(|(_, outcome)| outcome.period).collect();
    let known =
        if periods.is_empty() { BTreeMap::new() } else { store::last_words(sql, metric, &periods).await? };
    Ok(compare(rows, &known))
}

/// Sets by which calendar a metric is kept; everything that is known of it must follow it.
pub async fn set_calendar(
    world: &World,
    who: &Who,
    metric: MetricId,
    calendar: Calendar,
) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    record_calendar(world, &mut tx, who, metric, calendar).await?;
    Ok(world.commit(tx).await?)
}

/// Sets the calendar in a transaction that another verb began; nothing happens where it is set already.
pub async fn record_calendar(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    metric: MetricId,
    calendar: Calendar,
) -> Result<(), Trouble> {
    if store::calendar(tx, metric).await? == Some(calendar) {
        return Ok(());
    }
    who.must_lead_changes("set by which calendar a metric is kept")?;
    let known = store::periods(tx, metric).await?;
    let strangers: Vec<Period> = known.into_iter().filter(|period| !calendar.has(*period)).collect();
    if let Some(first) = strangers.first() {
        return Err(DoesNotFit { calendar, n: strangers.len(), first: *first }.into());
    }
    let now = world.now();
    store::set_calendar(tx, metric, calendar, now).await?;
    tx.journal(now, who, Fact::CalendarSet { metric }).await?;
    Ok(())
}
