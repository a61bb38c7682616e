//! One query on a database behind an ADBC driver: one statement that asks, in a transaction that goes back, within limits.
//!
//! A driver's calls block, and some of them cannot be ended from outside. Each query has a thread of its own, which is told
//! to end when its time is over, and left behind where the driver does not listen.
//!
//! Nothing is loaded that the address does not name: no manifests, no search through folders, no profiles.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use adbc_core::{CancelHandle, Connection, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedStatement};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{ArrowError, DataType};
use jiff::tz::TimeZone;
use tokio::sync::oneshot;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::{Limits, RunRefused, columns};

use crate::columns::{Columns, Order, Taken};
use crate::driver::Driver;
use crate::{Asked, Read};

mod elf;
mod held;
mod opened;
mod said;

/// So many queries may be under way in drivers, with those that were left behind.
const N_UNDER_WAY: usize = 16;

/// A query that goes to a thread of its own.
struct Job {
    connection: ConnectionName,
    driver: Driver,
    query: String,
    zone: TimeZone,
    limits: Limits,
}

/// Asks; what came, and what there is to say about it.
pub async fn ask(asked: Asked<'_, Driver>) -> Result<Read, RunRefused> {
    let Asked { connection, place, query, zone, limits } = asked;
    let job = Job {
        connection: connection.clone(),
        driver: place.clone(),
        query: held::one_that_asks(query)?.to_owned(),
        zone: zone.clone(),
        limits,
    };
    let thread_s_own = UnderWay::begin().ok_or_else(|| RunRefused::Unreachable {
        connection: connection.clone(),
        why: format!("{N_UNDER_WAY} queries before this one have not come back from their drivers"),
    })?;
    let end = Arc::new(End::default());
    let (done, coming) = oneshot::channel();
    let (of_thread, lost) = (Arc::clone(&end), || RunRefused::Lost(connection.clone()));
    let started = thread::Builder::new().name("adbc".into()).spawn(move || {
        let came = carried_out(&job, &of_thread);
        drop(thread_s_own);
        // Nobody waits any more where the time was over.
        let _ = done.send(came);
    });
    started.map_err(|_| lost())?;
    let _told_when_left = Left(end);
    match tokio::time::timeout(Duration::from_secs(limits.n_seconds), coming).await {
        Err(_) => Err(RunRefused::TooSlow { n_seconds: limits.n_seconds }),
        Ok(Err(_)) => Err(lost()),
        Ok(Ok(came)) => came,
    }
}

fn carried_out(job: &Job, end: &End) -> Result<Read, RunRefused> {
    let mut connection = opened::connect(&job.driver, &job.connection)?;
    let held = held::hold(&mut connection, &job.zone);
    end.reached_by(connection.get_cancel_handle());
    let came = read(&mut connection, job, end);
    // Whatever it was, nothing of it stays.
    let _ = connection.rollback();
    let remark = held.remark();
    came.and_then(|columns| columns.answer()).map(|answer| Read { answer, remark })
}

fn read(connection: &mut ManagedConnection, job: &Job, end: &End) -> Result<Columns, RunRefused> {
    let too_slow = || RunRefused::TooSlow { n_seconds: job.limits.n_seconds };
    let executed = |error: adbc_core::error::Error| match end.is_told() {
        true => too_slow(),
        false => said::executed(&error, &job.connection),
    };
    let mut statement: ManagedStatement = connection.new_statement().map_err(executed)?;
    end.reached_by(statement.get_cancel_handle());
    statement.set_sql_query(&job.query).map_err(executed)?;
    held::prepare(&mut statement).map_err(|error| said::prepared(&error, &job.connection))?;
    if end.is_told() {
        return Err(too_slow());
    }
    let coming = statement.execute().map_err(executed)?;
    let header: Vec<String> = coming.schema().fields().iter().map(|field| field.name().clone()).collect();
    // Before any row is taken, so that a column that has no place here does not come.
    columns(&header)?;
    let mut taken = Taken::within(job.limits);
    for batch in coming {
        if end.is_told() {
            return Err(too_slow());
        }
        let batch = batch.map_err(|error| match end.is_told() {
            true => too_slow(),
            false => said::broke_off(&error.to_string(), &job.connection),
        })?;
        let text = as_text(&batch, &job.zone)
            .map_err(|_| RunRefused::Query { said: "a column could not be written as text".into() })?;
        taken.take(text)?;
    }
    Ok(taken.done(header, order(&job.query)))
}

/// Each column as text; moments as those of the zone.
fn as_text(batch: &RecordBatch, zone: &TimeZone) -> Result<RecordBatch, ArrowError> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let zone: Arc<str> = zone.iana_name().unwrap_or("UTC").into();
    let text = |column: &ArrayRef| {
        let here = match column.data_type() {
            DataType::Timestamp(unit, Some(_)) => {
                let of_zone = DataType::Timestamp(*unit, Some(Arc::clone(&zone)));
                cast_with_options(column, &of_zone, &options)?
            }
            _ => Arc::clone(column),
        };
        cast_with_options(&here, &DataType::Utf8, &options)
    };
    let texts = batch.columns().iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let schema = batch.schema();
    let named = schema.fields().iter().zip(texts).map(|(field, text)| (field.name().clone(), text, true));
    RecordBatch::try_from_iter_with_nullable(named)
}

/// Rows that nobody ordered are sorted, so that the same answer has the same hash.
fn order(query: &str) -> Order {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let is_ordered = words.windows(2).any(|pair| pair[0].ends_with("order") && pair[1] == "by");
    if is_ordered { Order::Asked } else { Order::None }
}

/// What ends a query from outside.
#[derive(Default)]
struct End {
    told: AtomicBool,
    ways: Mutex<Vec<Box<dyn CancelHandle>>>,
}

impl End {
    fn reached_by(&self, way: Box<dyn CancelHandle>) {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).push(way);
    }

    fn is_told(&self) -> bool {
        self.told.load(Ordering::Acquire)
    }
}

/// Whoever waits for a query: when he goes, however that is, the query is told to end.
struct Left(Arc<End>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.told.store(true, Ordering::Release);
        let ways = std::mem::take(&mut *self.0.ways.lock().unwrap_or_else(PoisonError::into_inner));
        // The statement before its connection. A driver may take its time for this, too; where it cannot be told, its
        // thread ends by itself.
        let tell = move || {
            let _ = ways.iter().rev().any(|way| way.try_cancel().is_ok());
        };
        let _ = thread::Builder::new().name("adbc-end".into()).spawn(tell);
    }
}

/// One of so many that may be under way.
struct UnderWay;

static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

impl UnderWay {
    fn begin() -> Option<UnderWay> {
        let one_more = |n: usize| (n < N_UNDER_WAY).then_some(n + 1);
        UNDER_WAY.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok().map(|_| UnderWay)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::AcqRel);
    }
}
