//! Where facts are kept: SQLite embedded, or PostgreSQL; one SQL text for both.
//!
//! Readers read; a verb's transaction is the only writer of its moment, on both databases, so that what it checked
//! still holds when it commits. It knows no table but the journal's, the loops' and the settings': each noun's `store.rs` has its own queries.

mod cell;
mod foreign;
mod journal;
mod open;
mod private;
mod row;
mod seal;
mod setting;
mod sql;
mod trial;
pub mod whole;

use sea_orm::{
    AccessMode, DatabaseConnection, DbBackend, IsolationLevel, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use traction_domain::fact::Fact;

use crate::trouble::Broken;

pub use journal::{Entry, acts};
pub use open::{OpenRefused, Place};
pub use row::Row;
pub use seal::Sealed;
pub use sql::{Bind, Sql};
pub use trial::Trial;

/// The database.
pub struct Store {
    backend: DbBackend,
    read: Sql,
    write: DatabaseConnection,
}

/// One verb's transaction. Dropped without [`crate::world::World::commit`], it leaves nothing behind.
pub struct Tx {
    sql: Sql,
    facts: Vec<Fact>,
    /// The place and the seal of the journal's last entry, once it was asked for.
    last: Option<(i64, Option<String>)>,
}

/// The lock that a verb holds on PostgreSQL until it commits; any number, as long as it is ours alone.
const ONE_WRITER: &str = "SELECT pg_advisory_xact_lock(7277)";

impl Store {
    /// For reading, outside any transaction.
    pub fn read(&self) -> &Sql {
        &self.read
    }

    /// Begins a verb's transaction: no other verb writes until it ends.
    pub async fn begin(&self) -> Result<Tx, Broken> {
        let sql = self.begin_unordered(Some(SqliteTransactionMode::Immediate)).await?;
        if self.backend == DbBackend::Postgres {
            sql.run(ONE_WRITER, vec![]).await?;
        }
        Ok(Tx { sql, facts: Vec::new(), last: None })
    }

    /// Begins a transaction for events that arrive by the thousand: on PostgreSQL they do not wait for verbs.
    pub async fn begin_ingest(&self) -> Result<Tx, Broken> {
        let sql = self.begin_unordered(Some(SqliteTransactionMode::Immediate)).await?;
        Ok(Tx { sql, facts: Vec::new(), last: None })
    }

    async fn begin_unordered(&self, mode: Option<SqliteTransactionMode>) -> Result<Sql, Broken> {
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        Ok(Sql::Transaction(self.write.begin_with_options(options).await?))
    }

    /// All that is there at one moment, however long the reading takes and whatever is written meanwhile.
    pub async fn snapshot(&self) -> Result<Sql, Broken> {
        let Sql::Pool(pool) = &self.read else {
            return Err(Broken::accident("a snapshot", "no pool to read from"));
        };
        let options = match self.backend {
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        Ok(Sql::Transaction(pool.begin_with_options(options).await?))
    }

    /// Ends with it: an embedded database is then one file, without another beside it.
    pub async fn shut(self) -> Result<(), Broken> {
        if let Sql::Pool(pool) = self.read {
            pool.close().await?;
        }
        Ok(self.write.close().await?)
    }

    /// Has all that was written stand in the one file, so that a copy of it is whole. Whoever else uses the database may
    /// keep it from that.
    pub async fn settle(&self) -> Result<(), Broken> {
        if self.is_embedded() {
            self.read.all("PRAGMA wal_checkpoint(TRUNCATE)", vec![]).await?;
        }
        Ok(())
    }

    /// What the embedded database finds wrong with its file, if anything.
    pub async fn damage(&self) -> Result<Option<String>, Broken> {
        if !self.is_embedded() {
            return Ok(None);
        }
        let said = self.read.one("SELECT quick_check AS said FROM pragma_quick_check", vec![]).await;
        match said {
            Ok(row) => Ok(row.map(|row| row.text("said")).transpose()?.filter(|said| said != "ok")),
            Err(broken) => Ok(Some(broken.to_string())),
        }
    }

    /// Whether this is the embedded database.
    pub fn is_embedded(&self) -> bool {
        self.backend == DbBackend::Sqlite
    }
}

impl std::ops::Deref for Tx {
    type Target = Sql;

    fn deref(&self) -> &Sql {
        &self.sql
    }
}

impl Tx {
    /// Commits; the facts that were journalled in it.
    pub(crate) async fn close(self) -> Result<Vec<Fact>, Broken> {
        if let Sql::Transaction(transaction) = self.sql {
            transaction.commit().await?;
        }
        Ok(self.facts)
    }
}
