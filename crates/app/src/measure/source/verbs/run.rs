//! Asking a source: by hand, or when its schedule says so. What came is taken whole or not at all, and written down
//! either way.

use sha2::{Digest, Sha256};
use traction_domain::fact::Fact;
use traction_domain::id::SourceRunId;
use traction_domain::measure::outcome::reading;
use traction_domain::measure::outcome::reading::{Read, Table};
use traction_domain::measure::source::answer::{Answer, Limits, RunRefused, columns};
use traction_domain::measure::source::tries::{Due, Ended, due};
use traction_domain::org::who::Who;

use super::find;
use crate::measure::outcome::store::Taken;
use crate::measure::outcome::{self, intake};
use crate::measure::source::store::reader;
use crate::measure::source::store::runs::{self, Beginning, Came, RunEnd};
use crate::measure::source::store::{self, Source};
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

async fn due_now(world: &World, sql: &crate::store::Sql, source: &Source) -> Result<Option<Due>, Broken> {
    let Some(schedule) = &source.asks.schedule else { return Ok(None) };
    let last = runs::last_try(sql, source.id).await?;
    Ok(due(schedule, &world.settings().zone, source.asks_since, last.as_ref(), world.now()))
}

/// Asks, takes what came, and writes down what came of it.
async fn carried_out(world: &World, who: &Who, source: &Source, run: SourceRunId) -> Result<RunEnd, Broken> {
    let name = &source.asks.connection;
    let asked = match world.settings().connections.address(name) {
        None => Err(RunRefused::NoConnection(name.clone())),
        Some(address) => {
            let (query, zone) = (&source.asks.query, &world.settings().zone);
            reader::read(name, address, query, zone, Limits::OF_A_RUN).await
        }
    };
    let mut tx = world.store().begin().await?;
    let taken = match asked {
        Err(refused) => Err((refused, None)),
        Ok(answer) => {
            let came = Came {
                n_rows: answer.rows.len(),
                sha256: sha256(&answer)?,
                n_new: 0,
                n_corrected: 0,
                n_same: 0,
                n_missing: 0,
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
            came,
            import: None,
        },
        Ok((read, came)) => {
            let taken = Taken { kind: "source", sha256: &came.sha256, n_rows: came.n_rows };
            let rows = intake::rows(&read);
            let recorded = outcome::verbs::record(world, &mut tx, who, source.metric, taken, &rows).await?;
            let came = Came {
                n_new: recorded.n_new,
                n_corrected: recorded.n_corrected,
                n_same: recorded.n_unchanged,
                n_missing: read.n_missing,
                ..came
            };
            let import = recorded.import;
            RunEnd { at: world.now(), how: Ended::Taken, why: None, came: Some(came), import }
        }
    };
    runs::end_run(&tx, run, &end).await?;
    tx.journal(world.now(), who, Fact::SourceRun { source: source.id, run }).await?;
    world.commit(tx).await?;
    Ok(end)
}

/// The rows of an answer, when all of them can be taken.
async fn read(
    world: &World,
    sql: &crate::store::Sql,
    source: &Source,
    answer: &Answer,
) -> Result<Result<Read, RunRefused>, Broken> {
    let columns = match columns(&answer.header) {
        Ok(columns) => columns,
        Err(refused) => return Ok(Err(refused)),
    };
    let calendar = outcome::store::calendar(sql, source.metric).await?;
    let units = intake::units(world.store().read()).await?;
    let table = Table { header: &answer.header, rows: &answer.rows };
    let read = reading::read(table, columns, &units, &Default::default(), calendar);
    Ok(if !read.bad.is_empty() {
        let first = intake::named(&read.bad).replace("line ", "row ");
        Err(RunRefused::Rows { n_bad: read.bad.len(), n_rows: answer.rows.len(), first })
    } else if read.rows.is_empty() {
        Err(RunRefused::NothingObserved)
    } else {
        Ok(read)
    })
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
