//! Asking a source: by hand, or when its schedule says so. What came is taken whole or not at all, and written down
//! either way.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use traction_domain::fact::Fact;
use traction_domain::id::{SourceRunId, UnitId};
use traction_domain::measure::outcome::Outcome;
use traction_domain::measure::outcome::numbers::Point;
use traction_domain::measure::outcome::reading::{self, Read, Row, Table};
use traction_domain::measure::source::Asks;
use traction_domain::measure::source::answer::{Answer, Limits, RunRefused, columns, rows_refused};
use traction_domain::measure::source::tries::{Due, Ended, due};
use traction_domain::org::slug::Slug;
use traction_domain::org::who::Who;
use traction_stats::panel::Period;

use super::find;
use crate::measure::outcome::store::Taken;
use crate::measure::outcome::{self, intake};
use crate::measure::source::engines;
use crate::measure::source::store::runs::{self, Beginning, Came, RunEnd};
use crate::measure::source::store::{self, Source, gave};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Asks a source now; what came of it.
pub async fn run(world: &World, who: &Who, slug: &str) -> Result<RunEnd, Trouble> {
    who.must_administer("have a source asked: this server goes out to another database")?;
    let tx = world.store().begin().await?;
    let source = find(&tx, slug).await?;
    let beginning = Beginning { id: world.id(), due_at: None, n_try: 1 };
    runs::begin_run(&tx, &source, beginning, who, world.now()).await?;
    world.commit(tx).await?;
    Ok(carried_out(world, who, &source, beginning.id).await?)
}

/// Asks every source whose schedule says so; how many. Each moment of a schedule is made up for once, however many
/// servers look at it.
pub async fn run_due(world: &World) -> Result<usize, Broken> {
    let who = Who::the_loop();
    let mut n_run = 0;
    for source in store::all(world.store().read()).await? {
        if due_now(world, world.store().read(), &source).await?.is_none() {
            continue;
        }
        // Looked at once more in the one writer's place: another server may have begun meanwhile.
        let tx = world.store().begin().await?;
        let Some(Due { due_at, n }) = due_now(world, &tx, &source).await? else { continue };
        let beginning = Beginning { id: world.id(), due_at: Some(due_at), n_try: n };
        if !runs::begin_run(&tx, &source, beginning, &who, world.now()).await? {
            continue;
        }
        world.commit(tx).await?;
        carried_out(world, &who, &source, beginning.id).await?;
        n_run += 1;
    }
    Ok(n_run)
}

async fn due_now(world: &World, sql: &Sql, source: &Source) -> Result<Option<Due>, Broken> {
    let Some(schedule) = &source.asks.schedule else { return Ok(None) };
    let last = runs::last_try(sql, source.id).await?;
    Ok(due(schedule, &world.settings().zone, source.asks_since, last.as_ref(), world.now()))
}

/// Asks, takes what came, and writes down what came of it.
async fn carried_out(world: &World, who: &Who, source: &Source, run: SourceRunId) -> Result<RunEnd, Broken> {
    let Asks { connection, query, .. } = &source.asks;
    let (connections, zone) = (&world.settings().connections, &world.settings().zone);
    let asked = engines::ask(connections, connection, query, zone, Limits::OF_A_RUN).await;
    let remark = asked.as_ref().ok().and_then(|read| read.remark.clone());
    let mut tx = world.store().begin().await?;
    let taken = match asked {
        Err(refused) => Err((refused, None)),
        Ok(traction_warehouse::Read { answer, .. }) => {
            let came = Came {
                n_rows: answer.rows.len(),
                sha256: sha256(&answer)?,
                n_new: 0,
                n_corrected: 0,
                n_taken_back: 0,
                n_same: 0,
                n_missing: 0,
                last_period: None,
            };
            match read(world, &tx, source, &answer).await? {
                Err(refused) => Err((refused, Some(came))),
                Ok(read) => Ok((read, came)),
            }
        }
    };
    let end = match taken {
        Err((refused, came)) => RunEnd {
            at: world.now(),
            how: refused.ended(),
            why: Some(refused.to_string()),
            remark,
            came,
            import: None,
        },
        Ok((read, came)) => {
            let taken = Taken { kind: "source", sha256: &came.sha256, n_rows: came.n_rows };
            let recorded =
                outcome::verbs::record(world, &mut tx, who, source.metric, taken, &read.rows).await?;
            let came = Came {
                n_new: recorded.n_new,
                n_corrected: recorded.n_corrected,
                n_taken_back: recorded.n_taken_back,
                n_same: recorded.n_unchanged,
                n_missing: read.n_missing + recorded.n_missing,
                last_period: read.periods.last().copied(),
                ..came
            };
            let import = recorded.import;
            runs::brings(&tx, source.id, &read.periods, world.now()).await?;
            gave::gives(&tx, source.id, &read.first, world.now()).await?;
            RunEnd { at: world.now(), how: Ended::Taken, why: None, remark, came: Some(came), import }
        }
    };
    runs::end_run(&tx, run, &end).await?;
    tx.journal(world.now(), who, Fact::SourceRun { source: source.id, run }).await?;
    world.commit(tx).await?;
    Ok(end)
}

/// What an answer says.
struct Said {
    /// Its rows, and of those without a value the ones that take back what this source itself had given.
    rows: Vec<(UnitId, Outcome)>,
    /// How many others have no value.
    n_missing: usize,
    /// The periods of which it has one.
    periods: BTreeSet<Period>,
    /// The units and periods of which it has one, and of which it is not known yet as the first that gave one.
    first: Vec<(UnitId, Period)>,
}

/// The rows of an answer, when all of them can be taken.
async fn read(
    world: &World,
    sql: &Sql,
    source: &Source,
    answer: &Answer,
) -> Result<Result<Said, RunRefused>, Broken> {
    let columns = match columns(&answer.header) {
        Ok(columns) => columns,
        Err(refused) => return Ok(Err(refused)),
    };
    let calendar = outcome::store::calendar(sql, source.metric).await?;
    let kept = intake::kept(sql, source.metric, calendar).await?;
    let units = intake::units(world.store().read()).await?;
    let table = Table { header: &answer.header, rows: &answer.rows, point: Point::OfDecimals };
    let read = reading::read(table, columns, &units, &Default::default(), kept);
    if !read.bad.is_empty() {
        return Ok(Err(rows_refused(&read.bad, answer.rows.len())));
    }
    if read.rows.is_empty() {
        return Ok(Err(RunRefused::NothingObserved));
    }
    beside_others(sql, source, read).await
}

/// What an answer says beside the metric's other sources: each unit and period has one source, which gave it first, and
/// only that one corrects it or takes it back. To say the same as it is no trouble.
async fn beside_others(sql: &Sql, source: &Source, read: Read) -> Result<Result<Said, RunRefused>, Broken> {
    let periods = read.rows.iter().chain(&read.empty).map(|row| row.outcome.period).collect();
    let given = gave::given(sql, source.metric, &periods).await?;
    let by = |row: &Row| given.get(&(row.unit, row.outcome.period));
    let own = read.empty.iter().filter(|row| by(row).is_some_and(|(by, _)| *by == source.id));
    let rows: Vec<(UnitId, Outcome)> =
        read.rows.iter().chain(own).map(|row| (row.unit, row.outcome)).collect();
    let compared = outcome::verbs::compared(sql, source.metric, &rows).await?;
    let others: Vec<&Slug> = compared
        .words
        .iter()
        .filter_map(|word| given.get(&(word.unit, word.period)))
        .filter(|(by, _)| *by != source.id)
        .map(|(_, slug)| slug)
        .collect();
    if let Some(other) = others.first() {
        return Ok(Err(RunRefused::Anothers { n: others.len(), other: (*other).clone() }));
    }
    let n_missing = read.rows.len() + read.empty.len() - rows.len();
    let periods = read.rows.iter().map(|row| row.outcome.period).collect();
    let is_first = |row: &&Row| by(row).is_none_or(|(by, _)| *by != source.id);
    let first = read.rows.iter().filter(is_first).map(|row| (row.unit, row.outcome.period)).collect();
    Ok(Ok(Said { rows, n_missing, periods, first }))
}

/// SHA-256 of an answer as CSV.
fn sha256(answer: &Answer) -> Result<String, Broken> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| Broken::accident("writing an answer as CSV", error);
    csv.write_record(&answer.header).map_err(wrong)?;
    for (_, cells) in &answer.rows {
        csv.write_record(cells).map_err(wrong)?;
    }
    let bytes = csv.into_inner().map_err(|error| Broken::accident("writing an answer as CSV", error))?;
    Ok(hex::encode(Sha256::digest(bytes)))
}
