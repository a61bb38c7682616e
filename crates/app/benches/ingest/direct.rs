//! The same rows without HTTP: on SQLite by prepared statements of many rows, on PostgreSQL by `COPY`; each batch is
//! committed, into the tables of the program with all their indexes.

use std::fmt::Write;
use std::sync::Arc;

use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Row};
use tokio::runtime::Runtime;

use super::served::{Where, n_events, runtime};
use super::{N_EVENTS, N_SENDERS, person};

const COLUMNS: &str = "source, id, received_at, occurred_at, subject, unit_id, change_id, event, value";

/// A row of an event that differs from its neighbours.
pub struct Event {
    id: String,
    at: i64,
    subject: String,
}

/// A database into which rows are put.
pub struct Direct {
    runtime: Runtime,
    place: Where,
    unit: String,
    change: String,
    into: Into,
}

enum Into {
    Sqlite(SqliteConnection),
    Postgres(PgPool),
}

/// The rows of a batch; every person under a number of his own, as long as the program's.
pub fn rows(round: usize, batch: usize) -> Vec<Event> {
    let event = |n: usize| Event {
        id: format!("m-{round:04}-{batch:06}-{n:04}"),
        at: 1_780_000_000_000 + (round * 1_000_000 + batch * N_EVENTS + n) as i64,
        subject: format!("{:0>32}", person(batch * N_EVENTS + n)),
    };
    (0..N_EVENTS).map(event).collect()
}

impl Direct {
    /// Opens a new database that the program has made.
    pub fn open(place: &Where) -> Direct {
        place.prepared();
        let runtime = runtime();
        let (unit, change, into) = runtime.block_on(async {
            let ids = "SELECT (SELECT id FROM unit WHERE slug = 'ward-1'), (SELECT id FROM change)";
            match place {
                Where::Folder(folder) => {
                    let options = SqliteConnectOptions::new()
                        .filename(folder.join("traction.db"))
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .foreign_keys(true)
                        .pragma("secure_delete", "ON");
                    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
                    let row = sqlx::query(ids).fetch_one(&mut connection).await.unwrap();
                    (row.get(0), row.get(1), Into::Sqlite(connection))
                }
                Where::Url(url) => {
                    let n_connections = u32::try_from(N_SENDERS).unwrap();
                    let pool =
                        PgPoolOptions::new().max_connections(n_connections).connect(url).await.unwrap();
                    let row = sqlx::query(ids).fetch_one(&pool).await.unwrap();
                    (row.get(0), row.get(1), Into::Postgres(pool))
                }
            }
        });
        Direct { runtime, place: place.clone(), unit, change, into }
    }

    /// Puts all of it in, a commit a batch: one after the other on SQLite, several at once on PostgreSQL.
    pub fn takes(&mut self, batches: Vec<Vec<Event>>) {
        let (unit, change) = (self.unit.as_str(), self.change.as_str());
        match &mut self.into {
            Into::Sqlite(connection) => self.runtime.block_on(async {
                for batch in batches {
                    into_sqlite(connection, batch, unit, change).await;
                }
            }),
            Into::Postgres(pool) => {
                let texts = batches.iter().map(|batch| as_text(batch, unit, change)).collect::<Vec<_>>();
                let texts = Arc::new(texts);
                self.runtime.block_on(async {
                    let sender = |nth: usize| {
                        let (pool, texts) = (pool.clone(), texts.clone());
                        tokio::spawn(async move {
                            let mut connection = pool.acquire().await.unwrap();
                            for text in texts.iter().skip(nth).step_by(N_SENDERS) {
                                copied(&mut connection, text).await;
                            }
                        })
                    };
                    let senders: Vec<_> = (0..N_SENDERS).map(sender).collect();
                    for sender in senders {
                        sender.await.unwrap();
                    }
                });
            }
        }
    }

    /// How many events there are.
    pub fn n_events(&self) -> usize {
        n_events(&self.place)
    }
}

async fn into_sqlite(connection: &mut SqliteConnection, batch: Vec<Event>, unit: &str, change: &str) {
    let places = vec!["(?,?,?,?,?,?,?,?,?)"; batch.len()].join(",");
    let text = format!("INSERT INTO usage_event ({COLUMNS}) VALUES {places} ON CONFLICT DO NOTHING");
    let mut insert = sqlx::query(AssertSqlSafe(text));
    for event in batch {
        insert = insert.bind("bench").bind(event.id).bind(event.at).bind(event.at).bind(event.subject);
        insert = insert.bind(unit.to_owned()).bind(change.to_owned()).bind("result opened").bind(1.0);
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
    insert.execute(&mut *transaction).await.unwrap();
    let shape = "INSERT INTO usage_shape (source, form, event, fate, parts, first_at)
      VALUES ('bench', 'segment', 'result opened', 'counted', 'change, unit, value', 0) ON CONFLICT DO NOTHING";
    sqlx::query(shape).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

fn as_text(batch: &[Event], unit: &str, change: &str) -> String {
    let mut text = String::new();
    for Event { id, at, subject } in batch {
        writeln!(text, "bench\t{id}\t{at}\t{at}\t{subject}\t{unit}\t{change}\tresult opened\t1").unwrap();
    }
    text
}

async fn copied(connection: &mut PgConnection, text: &str) {
    let statement = format!("COPY usage_event ({COLUMNS}) FROM STDIN");
    let mut copy = connection.copy_in_raw(&statement).await.unwrap();
    copy.send(text.as_bytes()).await.unwrap();
    copy.finish().await.unwrap();
}
