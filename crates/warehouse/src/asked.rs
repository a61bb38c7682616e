//! One query on one folder: planned, held to what only reads and to the columns that have a place, and carried out
//! within limits.

use std::time::Duration;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, DataFusionError};
use datafusion::dataframe::DataFrame;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{Expr, LogicalPlan, cast};
use futures_util::TryStreamExt;
use jiff::tz::TimeZone;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::{Answer, Limits, RunRefused, columns};

use crate::engine::Engine;
use crate::folder::Folder;
use crate::place::Place;
use crate::threads::{self, Unfinished};
use crate::workers::{self, Cluster};
use crate::{Asked, said, session, tables};

#[cfg(test)]
mod tests;

/// An answer as it came: column by column, as text.
#[derive(Clone, Debug)]
pub struct Columns {
    header: Vec<String>,
    batches: Vec<RecordBatch>,
    order: Order,
}

/// In which order rows came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// In the query's.
    Asked,
    /// In none: whichever part was done first.
    None,
}

impl Columns {
    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The rows.
    pub fn answer(&self) -> Result<Answer, RunRefused> {
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(self.n_rows());
        for batch in &self.batches {
            let columns: Vec<_> = batch.columns().iter().map(|column| column.as_string::<i32>()).collect();
            for at in 0..batch.num_rows() {
                // No value is an empty cell, as in any table.
                let cells = columns.iter().map(|column| match column.is_null(at) {
                    true => String::new(),
                    false => column.value(at).to_owned(),
                });
                rows.push(cells.collect());
            }
        }
        if rows.is_empty() {
            return Err(RunRefused::NoRows);
        }
        if self.order == Order::None {
            rows.sort_unstable();
        }
        let rows = rows.into_iter().enumerate().map(|(at, cells)| (at as u64 + 1, cells)).collect();
        Ok(Answer { header: self.header.clone(), rows })
    }
}

/// A query that goes to the engine's own threads.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) connection: ConnectionName,
    place: Place,
    query: String,
    zone: TimeZone,
    limits: Limits,
}

/// Asks a folder; what came, and what happened on the way.
pub async fn columns_of(engine: &Engine, asked: Asked<'_>) -> Result<(Columns, Option<String>), RunRefused> {
    let job = Job {
        connection: asked.connection.clone(),
        place: asked.place.clone(),
        query: asked.query.to_owned(),
        zone: asked.zone.clone(),
        limits: asked.limits,
    };
    let (engine, n_seconds) = (engine.clone(), asked.limits.n_seconds);
    let work = async move {
        match &engine {
            Engine::Embedded => match once(&job, None).await {
                Ok(columns) => Ok((columns, None)),
                Err(Trouble::Refused(refused)) => Err(refused),
                Err(Trouble::Broke(error)) => Err(said::ran(&error, &job.connection)),
            },
            Engine::Workers(workers) => workers::ask(workers, &job).await,
        }
    };
    match threads::run(Duration::from_secs(n_seconds), work).await {
        Ok(came) => came,
        Err(Unfinished::TooSlow) => Err(RunRefused::TooSlow { n_seconds }),
        Err(Unfinished::Broken) => Err(RunRefused::Lost(asked.connection.clone())),
    }
}

/// Why a query gave nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It cannot be taken.
    Refused(RunRefused),
    /// It broke while it was carried out, by its own fault or with a worker.
    Broke(DataFusionError),
}

impl From<RunRefused> for Trouble {
    fn from(refused: RunRefused) -> Trouble {
        Trouble::Refused(refused)
    }
}

/// Asks once, with a cluster or without.
pub(crate) async fn once(job: &Job, cluster: Option<&Cluster>) -> Result<Columns, Trouble> {
    let folder = look(job).await?;
    let refused = |error: DataFusionError| said::planned(&error);
    let context = session::open(folder.root.clone(), &job.zone, cluster).map_err(refused)?;
    let state = context.state();
    let dialect = state.config().options().sql_parser.dialect;
    let statement = state.sql_to_statement(&job.query, &dialect).map_err(refused)?;
    tables::open(&context, &folder, &statement, &job.zone).await?;
    let plan = context.state().statement_to_plan(statement).await.map_err(refused)?;
    only_reads(&plan)?;
    let header: Vec<String> = plan.schema().fields().iter().map(|field| field.name().clone()).collect();
    // Before any of it is asked for, so that a column that has no place here is never read.
    columns(&header)?;
    let order = order(&plan);
    let as_text: Vec<Expr> = plan
        .schema()
        .iter()
        .map(|column| cast(Expr::Column(Column::from(column)), DataType::Utf8).alias(column.1.name()))
        .collect();
    let wanted = DataFrame::new(context.state(), plan)
        .select(as_text)
        .and_then(|frame| frame.limit(0, Some(job.limits.n_rows + 1)))
        .map_err(refused)?;
    let physical = wanted.create_physical_plan().await.map_err(refused)?;
    let running = datafusion::physical_plan::execute_stream(physical, context.task_ctx());
    let mut coming = running.map_err(Trouble::Broke)?;
    let (mut batches, mut n_rows, mut n_bytes) = (Vec::new(), 0, 0);
    while let Some(batch) = coming.try_next().await.map_err(Trouble::Broke)? {
        n_rows += batch.num_rows();
        n_bytes += batch.columns().iter().map(n_bytes_of).sum::<usize>();
        if n_rows > job.limits.n_rows {
            return Err(RunRefused::TooManyRows { n_rows: job.limits.n_rows }.into());
        }
        if n_bytes > job.limits.n_bytes {
            return Err(RunRefused::TooLarge { n_megabytes: job.limits.n_bytes >> 20 }.into());
        }
        batches.push(batch);
    }
    Ok(Columns { header, batches, order })
}

async fn look(job: &Job) -> Result<Folder, RunRefused> {
    let place = job.place.clone();
    let none = |why: String| RunRefused::NoFolder { connection: job.connection.clone(), why };
    match tokio::task::spawn_blocking(move || Folder::look(&place)).await {
        Ok(Ok(folder)) => Ok(folder),
        // The system's own words name the path, which is nobody's business.
        Ok(Err(error)) if error.get_ref().is_some() => Err(none(error.to_string())),
        Ok(Err(error)) => Err(none(error.kind().to_string())),
        Err(_) => Err(none("it broke off".into())),
    }
}

/// Whether a plan changes nothing, and tells of nothing but the tables' rows.
fn only_reads(plan: &LogicalPlan) -> Result<(), RunRefused> {
    let reads = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    reads.verify_plan(plan).map_err(|_| RunRefused::Writes)?;
    match plan {
        LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_) => {
            Err(RunRefused::Query { said: "begin with SELECT or WITH".into() })
        }
        _ => Ok(()),
    }
}

fn order(plan: &LogicalPlan) -> Order {
    match plan {
        LogicalPlan::Sort(_) => Order::Asked,
        LogicalPlan::Projection(above) => order(&above.input),
        LogicalPlan::Limit(above) => order(&above.input),
        _ => Order::None,
    }
}

fn n_bytes_of(column: &ArrayRef) -> usize {
    let offsets = column.as_string::<i32>().value_offsets();
    match (offsets.first(), offsets.last()) {
        (Some(first), Some(last)) => usize::try_from(last - first).unwrap_or_default(),
        _ => 0,
    }
}
