//! Running SQL with bound values, inside or outside a transaction.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, Value};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::store::Row;
use crate::trouble::Broken;

/// Something that runs SQL.
pub enum Sql {
    /// A pool: each statement by itself.
    Pool(DatabaseConnection),
    /// A transaction.
    Transaction(DatabaseTransaction),
}

impl Sql {
    /// Every row of a query. Placeholders are `$1`, `$2`, … on both databases.
    pub async fn all(&self, text: &str, values: Vec<Value>) -> Result<Vec<Row>, Broken> {
        let rows = match self {
            Sql::Pool(pool) => pool.query_all_raw(Sql::statement(pool, text, values)).await?,
            Sql::Transaction(tx) => tx.query_all_raw(Sql::statement(tx, text, values)).await?,
        };
        Ok(rows.into_iter().map(|row| Row::new(row, text)).collect())
    }

    /// The first row of a query, if there is one.
    pub async fn one(&self, text: &str, values: Vec<Value>) -> Result<Option<Row>, Broken> {
        let row = match self {
            Sql::Pool(pool) => pool.query_one_raw(Sql::statement(pool, text, values)).await?,
            Sql::Transaction(tx) => tx.query_one_raw(Sql::statement(tx, text, values)).await?,
        };
        Ok(row.map(|row| Row::new(row, text)))
    }

    /// Runs a statement; the number of rows it touched.
    pub async fn run(&self, text: &str, values: Vec<Value>) -> Result<u64, Broken> {
        let done = match self {
            Sql::Pool(pool) => pool.execute_raw(Sql::statement(pool, text, values)).await?,
            Sql::Transaction(tx) => tx.execute_raw(Sql::statement(tx, text, values)).await?,
        };
        Ok(done.rows_affected())
    }

    fn statement(on: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(on.get_database_backend(), text, values)
    }

    /// Inserts many rows with as few statements as the bind limits allow (SQLite: 32,766 values).
    ///
    /// `head` is `INSERT INTO t (a, b) VALUES`, `tail` what follows the rows, say `ON CONFLICT DO NOTHING`; every
    /// row has the same number of values. Returns the number of rows inserted.
    pub async fn insert_many(&self, head: &str, rows: Vec<Vec<Value>>, tail: &str) -> Result<u64, Broken> {
        let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
        let n_at_once = (30_000 / width.max(1)).clamp(1, 500);
        let mut n_inserted = 0;
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(n_at_once).collect();
            let places: Vec<String> = (0..chunk.len())
                .map(|row| {
                    let numbers: Vec<String> = (1..=width).map(|n| self.place(row * width + n)).collect();
                    format!("({})", numbers.join(","))
                })
                .collect();
            let text = format!("{head} {} {tail}", places.join(","));
            n_inserted += self.run(&text, chunk.into_iter().flatten().collect()).await?;
        }
        Ok(n_inserted)
    }

    /// The placeholder of the `n`-th value. SQLite takes `$n` for a name and looks each up among all before it, which
    /// makes a statement of thousands of values cost their square; `?` is the next one.
    pub(super) fn place(&self, n: usize) -> String {
        if self.backend() == DbBackend::Sqlite { "?".into() } else { format!("${n}") }
    }

    /// Whether this is the embedded database.
    pub fn is_embedded(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Which of the two databases it is.
    pub(super) fn backend(&self) -> DbBackend {
        match self {
            Sql::Pool(pool) => pool.get_database_backend(),
            Sql::Transaction(tx) => tx.get_database_backend(),
        }
    }
}

/// Something that can be bound to a placeholder.
pub trait Bind {
    /// As the database takes it.
    fn value(&self) -> Value;
}

macro_rules! bind_as {
    ($($from:ty => $to:ty),* $(,)?) => {$(
        impl Bind for $from {
            fn value(&self) -> Value {
                <$to>::try_from(*self).ok().into()
            }
        }
        impl Bind for Option<$from> {
            fn value(&self) -> Value {
                self.and_then(|inner| <$to>::try_from(inner).ok()).into()
            }
        }
    )*};
}
bind_as! { i64 => i64, u32 => i64, u64 => i64, usize => i64, f64 => f64 }

impl Bind for Moment {
    fn value(&self) -> Value {
        self.milliseconds().into()
    }
}

impl Bind for Option<Moment> {
    fn value(&self) -> Value {
        self.map(Moment::milliseconds).into()
    }
}

macro_rules! bind_text {
    ($($from:ty),* $(,)?) => {$(
        impl Bind for $from {
            fn value(&self) -> Value {
                self.to_string().into()
            }
        }
        impl Bind for Option<$from> {
            fn value(&self) -> Value {
                self.as_ref().map(ToString::to_string).into()
            }
        }
    )*};
}
bind_text! { String, Slug }

impl Bind for str {
    fn value(&self) -> Value {
        self.to_owned().into()
    }
}

impl Bind for Option<&str> {
    fn value(&self) -> Value {
        self.map(str::to_owned).into()
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn value(&self) -> Value {
        (*self).value()
    }
}

mod ids {
    use super::Bind;
    use sea_orm::Value;
    use traction_domain::id::*;
    bind_text! {
        UnitId, PersonId, RoleId, TokenId, FrictionId, IdeaId, PulseId, GoalId, MetricId, ChangeId, WaveId,
        ApplicationId, SlotId, CycleId, CommitmentId, CheckInId, ImportId, EvidenceId, ShowcaseId, HandOverId,
        AlarmId, TensionId, RockId, EngagementId, ReviewId, RemedyOutcomeId, CaseId, VoiceId, SourceId,
        SourceRunId, TrialId, LetterId, AccountId, HoldId,
    }
}

/// Values for the placeholders of a statement: `bind![unit, now, Some(3.5)]`.
#[macro_export]
macro_rules! bind {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Bind::value(&$value)),*] };
}
