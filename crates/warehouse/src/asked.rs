//! One query on one folder: planned, held to what only reads and to the columns that have a place, and carried out
//! within limits.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, DataFusionError};
use datafusion::dataframe::DataFrame;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{Expr, LogicalPlan, cast};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionContext;
use futures_util::TryStreamExt;
use jiff::tz::TimeZone;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::{Limits, RunRefused, columns};

#[cfg(feature = "ballista")]
use crate::ballista;
use crate::columns::{Columns, Order, Taken};
use crate::engine::Engine;
#[cfg(feature = "ballista")]
use crate::engine::Scheduler;
use crate::folder::Folder;
use crate::place::Place;
use crate::threads::{self, Unfinished};
use crate::workers::{self, Cluster};
use crate::{Asked, said, session, tables};

#[cfg(test)]
mod tests;

/// A query that goes to the engine's own threads.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) connection: ConnectionName,
    place: Place,
    query: String,
    zone: TimeZone,
    limits: Limits,
}

#[cfg(test)]
impl Job {
    /// A query of which only the connection's name counts.
    pub(crate) fn for_tests() -> Job {
        Job {
            connection: "EXPORTS".parse().expect("a name that stands here"),
            place: "files:///srv/exports".parse().expect("a place that stands here"),
            query: String::new(),
            zone: TimeZone::UTC,
            limits: Limits::OF_A_RUN,
        }
    }
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
            Engine::Embedded => match once(&job, &Shares::Nobody).await {
                Ok(columns) => Ok((columns, None)),
                Err(Trouble::Refused(refused)) => Err(refused),
                Err(Trouble::Broke(error)) => Err(said::ran(&error, &job.connection)),
            },
            Engine::Workers(workers) => workers::ask(workers, &job).await,
            #[cfg(feature = "ballista")]
            Engine::Ballista(scheduler) => ballista::ask(scheduler, &job).await,
            #[cfg(not(feature = "ballista"))]
            Engine::Ballista(_) => Err(RunRefused::Engine {
                why: "names a Ballista cluster, to which this build of Traction does not speak; build it once more with `--features warehouse`, and start that".into(),
            }),
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

/// With whom the work on a query is shared.
pub(crate) enum Shares {
    /// With nobody.
    Nobody,
    /// With workers.
    Workers(Cluster),
    /// With a Ballista cluster, which has all of it.
    #[cfg(feature = "ballista")]
    Ballista(Scheduler),
}

/// Asks once, with a cluster or without.
pub(crate) async fn once(job: &Job, shares: &Shares) -> Result<Columns, Trouble> {
    let Planned { context, physical, header, order } = planned(job, shares).await?;
    #[cfg(feature = "ballista")]
    let given = match shares {
        Shares::Ballista(scheduler) => Some(ballista::Given::of(Arc::clone(&physical), scheduler)),
        Shares::Nobody | Shares::Workers(_) => None,
    };
    let running = datafusion::physical_plan::execute_stream(physical, context.task_ctx());
    let mut coming = running.map_err(Trouble::Broke)?;
    let mut taken = Taken::within(job.limits);
    while let Some(batch) = coming.try_next().await.map_err(Trouble::Broke)? {
        taken.take(batch)?;
    }
    #[cfg(feature = "ballista")]
    if let Some(given) = given {
        given.done();
    }
    Ok(taken.done(header, order))
}

/// A query that may be carried out, and how.
struct Planned {
    context: SessionContext,
    physical: Arc<dyn ExecutionPlan>,
    header: Vec<String>,
    order: Order,
}

async fn planned(job: &Job, shares: &Shares) -> Result<Planned, RunRefused> {
    let folder = look(job).await?;
    let refused = |error: DataFusionError| said::planned(&error);
    let context = session::open(folder.root.clone(), &job.zone, shares).map_err(refused)?;
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
    let mut wanted = DataFrame::new(context.state(), plan).select(as_text);
    if must_know_its_end(order, shares) {
        wanted = wanted.and_then(|frame| frame.limit(0, Some(job.limits.n_rows + 1)));
    }
    let physical = wanted.map_err(refused)?.create_physical_plan().await.map_err(refused)?;
    Ok(Planned { context, physical, header, order })
}

/// Whether the engine is told how many rows are taken: what sorts an answer holds no more of it then, and a cluster sends
/// no more. Elsewhere rows are taken as they come, and the first too many ends it. A limit would lead all rows through one
/// thread and deal them out again to be texts; and each batch that waits there is counted with the memory of all groups.
fn must_know_its_end(order: Order, shares: &Shares) -> bool {
    order == Order::Asked || !matches!(shares, Shares::Nobody)
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
