//! Opening the database, and bringing it to the program's version.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DbBackend};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqlSafeStr};

use crate::store::{Sql, Store, foreign, private};

/// The schema, step by step; the same text for both databases.
pub static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let steps = include!(concat!(env!("OUT_DIR"), "/steps.rs"));
    let step = |(number, name, text): (i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.into_iter().map(step).collect())
});

/// How long a server may take to answer at start.
const PATIENCE: Duration = Duration::from_secs(3);

/// What SQLite says of a file of another kind.
const ANOTHER_FILE: &str = "file is not a database";

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder that holds `traction.db`; what was acknowledged survives a power cut.
    Folder(PathBuf),
    /// A folder for a demo or a test, which may be lost with the machine: no waiting for the disk.
    Throwaway(PathBuf),
    /// `sqlite://…` or `postgres://…`.
    Url(String),
}

/// Why the database was not opened. Each sentence says what to put right.
#[derive(Debug, thiserror::Error)]
pub enum OpenRefused {
    /// No such folder can be made, or it cannot be written to.
    #[error(
        "the folder {folder} cannot be written to ({why}); choose another with --data, or make it writable"
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Neither of the two databases.
    #[error("`{url}` is not a database address; write sqlite://FILE or postgres://USER@HOST/NAME")]
    Address {
        /// What was given.
        url: String,
    },
    /// A command that only looks does not make one.
    #[error(
        "there is no database at {place}; check --data or --database, or make one by running `traction serve` there"
    )]
    NotThere {
        /// Where it would be.
        place: String,
    },
    /// A file of another kind.
    #[error("{place} is not a database; choose another file with --database, or a folder with --data")]
    NotADatabase {
        /// The file.
        place: String,
    },
    /// A database of something else.
    #[error(
        "the database {place} has no table of Traction, and is left as it is; choose another with --data or --database, or restore a backup"
    )]
    Foreign {
        /// The file.
        place: String,
    },
    /// A file that does not open.
    #[error(
        "the database file {place} cannot be opened ({why}); check that the path is right, and that it can be written to"
    )]
    Shut {
        /// The file.
        place: String,
        /// What the system says.
        why: String,
    },
    /// A server that does not know the user, or not with this password.
    #[error(
        "the server at {place} does not let this user in ({why}); check the user and the password in the address"
    )]
    NotLetIn {
        /// Where, without the password.
        place: String,
        /// What it says.
        why: String,
    },
    /// A server without this database.
    #[error(
        "the server at {place} runs, but {why}; make the database there, or correct its name in the address"
    )]
    NoSuchDatabase {
        /// Where, without the password.
        place: String,
        /// What it says.
        why: String,
    },
    /// Nobody answers.
    #[error(
        "the database at {place} does not answer ({why}); check that it runs and that the address is right"
    )]
    Unreachable {
        /// Where, without the password.
        place: String,
        /// What it says.
        why: String,
    },
    /// It was written by a later version.
    #[error(
        "this database was last used by a newer Traction (it knows step {step}, this program does not); run that version, or restore a backup made by this one"
    )]
    Newer {
        /// The step the program does not know.
        step: i64,
    },
    /// The file is something else, or damaged.
    #[error(
        "the database at {place} cannot be brought up to date ({why}); if it is not Traction's, choose another place, else restore a backup"
    )]
    NotOurs {
        /// Where, without the password.
        place: String,
        /// What it says.
        why: String,
    },
}

impl Place {
    /// The file of an embedded database.
    fn file(&self) -> Option<PathBuf> {
        match self {
            Place::Folder(folder) | Place::Throwaway(folder) => Some(folder.join("traction.db")),
            Place::Url(url) => url.strip_prefix("sqlite://").map(PathBuf::from),
        }
    }

    /// The address without its password, for messages.
    pub fn shown(&self) -> String {
        match self {
            Place::Folder(folder) | Place::Throwaway(folder) => {
                folder.join("traction.db").display().to_string()
            }
            Place::Url(url) => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
                _ => url.clone(),
            },
        }
    }
}

impl Store {
    /// Opens the database at `place`, made and migrated where needed.
    pub async fn open(place: &Place) -> Result<Store, OpenRefused> {
        let store = Store::connect(place).await?;
        store.migrate(&MIGRATIONS, place).await?;
        Ok(store)
    }

    /// Opens the database at `place`, which must be there; migrated where needed. Whether a server has it, the server
    /// says.
    pub async fn open_existing(place: &Place) -> Result<Store, OpenRefused> {
        match place.file() {
            // An empty file is none yet, or none any more.
            Some(file) if file.metadata().map_or(0, |file| file.len()) == 0 => {
                Err(OpenRefused::NotThere { place: place.shown() })
            }
            Some(file) if foreign::is(&file).await => Err(OpenRefused::Foreign { place: place.shown() }),
            _ => Store::open(place).await,
        }
    }

    async fn connect(place: &Place) -> Result<Store, OpenRefused> {
        match place {
            Place::Folder(folder) => embedded(&in_folder(folder)?, SqliteSynchronous::Full, place).await,
            Place::Throwaway(folder) => embedded(&in_folder(folder)?, SqliteSynchronous::Off, place).await,
            Place::Url(url) => match url.strip_prefix("sqlite://") {
                Some(file) => embedded(Path::new(file), SqliteSynchronous::Full, place).await,
                None if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                    server(url, place).await
                }
                None => Err(OpenRefused::Address { url: url.clone() }),
            },
        }
    }

    async fn migrate(&self, steps: &Migrator, place: &Place) -> Result<(), OpenRefused> {
        let done = match self.backend {
            DbBackend::Sqlite => steps.run(self.write.get_sqlite_connection_pool()).await,
            _ => steps.run(self.write.get_postgres_connection_pool()).await,
        };
        done.map_err(|error| match error {
            MigrateError::VersionMissing(step) => OpenRefused::Newer { step },
            other if other.to_string().contains(ANOTHER_FILE) => {
                OpenRefused::NotADatabase { place: place.shown() }
            }
            other => OpenRefused::NotOurs { place: place.shown(), why: other.to_string() },
        })
    }
}

fn in_folder(folder: &Path) -> Result<PathBuf, OpenRefused> {
    let refused =
        |error: std::io::Error| OpenRefused::Folder { folder: folder.to_owned(), why: error.to_string() };
    private::make_folder(folder).map_err(refused)?;
    let trial = folder.join(".writable");
    std::fs::write(&trial, b"").map_err(refused)?;
    std::fs::remove_file(&trial).map_err(refused)?;
    Ok(folder.join("traction.db"))
}

async fn embedded(file: &Path, synchronous: SqliteSynchronous, place: &Place) -> Result<Store, OpenRefused> {
    private::make_file(file)
        .map_err(|error| OpenRefused::Shut { place: place.shown(), why: error.to_string() })?;
    let connect = async |n_connections: u32| {
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
        options.max_connections(n_connections).min_connections(1).sqlx_logging(false);
        options.acquire_timeout(Duration::from_secs(30));
        options.map_sqlx_sqlite_opts(move |options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .foreign_keys(true)
                // What is destroyed is overwritten: the links from people to their usage.
                .pragma("secure_delete", "ON")
                .busy_timeout(Duration::from_secs(20))
        });
        Database::connect(options).await.map_err(|error| shut(place, &error))
    };
    let write = connect(1).await?;
    let read = Sql::Pool(connect(4).await?);
    Ok(Store { backend: DbBackend::Sqlite, read, write })
}

/// An empty database of this version's schema, forgotten with its one connection.
pub(super) async fn in_memory() -> Result<Sql, OpenRefused> {
    let place = Place::Url("sqlite::memory:".into());
    let mut options = ConnectOptions::new(place.shown());
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    let only = Database::connect(options).await.map_err(|error| shut(&place, &error))?;
    let store = Store { backend: DbBackend::Sqlite, read: Sql::Pool(only.clone()), write: only };
    store.migrate(&MIGRATIONS, &place).await?;
    Ok(store.read)
}

async fn server(url: &str, place: &Place) -> Result<Store, OpenRefused> {
    answers(url, place).await?;
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(10).min_connections(1).sqlx_logging(false);
    options.acquire_timeout(Duration::from_secs(10)).connect_timeout(Duration::from_secs(10));
    let pool = Database::connect(options)
        .await
        .map_err(|error| OpenRefused::Unreachable { place: place.shown(), why: error.to_string() })?;
    Ok(Store { backend: DbBackend::Postgres, read: Sql::Pool(pool.clone()), write: pool })
}

/// Knocks once: a pool would knock again and again at a closed door before it says so.
async fn answers(url: &str, place: &Place) -> Result<(), OpenRefused> {
    let unreachable = |why: String| OpenRefused::Unreachable { place: place.shown(), why };
    let knock = tokio::time::timeout(PATIENCE, PgConnection::connect(url)).await;
    let opened =
        knock.map_err(|_| unreachable(format!("nothing came back within {} s", PATIENCE.as_secs())))?;
    let opened = opened.map_err(|error| turned_away(&error, place))?;
    opened.close().await.map_err(|error| unreachable(error.to_string()))
}

/// Why a server did not let us to the database, by its code (SQLSTATE).
fn turned_away(error: &sqlx::Error, place: &Place) -> OpenRefused {
    let place = place.shown();
    let said = error.as_database_error();
    let why = said.map_or_else(|| error.to_string(), |said| said.message().to_owned());
    match said.and_then(|said| said.code()).as_deref() {
        Some("28000" | "28P01") => OpenRefused::NotLetIn { place, why },
        Some("3D000") => OpenRefused::NoSuchDatabase { place, why },
        _ => OpenRefused::Unreachable { place, why },
    }
}

/// Why a file did not open as a database.
fn shut(place: &Place, error: &sea_orm::DbErr) -> OpenRefused {
    let (place, why) = (place.shown(), error.to_string());
    if why.contains(ANOTHER_FILE) {
        OpenRefused::NotADatabase { place }
    } else {
        OpenRefused::Shut { place, why }
    }
}
