//! Somebody's own database, for sources to ask: made on the server that the tests have, filled by the story.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use traction::measure::source::connections::Connections;

/// A password that must never be seen again.
pub const SECRET: &str = "kingfisher-7";

static N_WAREHOUSES: AtomicU32 = AtomicU32::new(0);

/// Its database, the same for every run of the tests; each story has a schema in it.
const NAME: &str = "traction_warehouse";

fn server() -> Option<String> {
    std::env::var("TRACTION_TEST_POSTGRES").ok()
}

/// The address of a database on the tests' server, with a password.
fn address(database: &str) -> Option<String> {
    let server = server()?;
    let (base, _) = server.rsplit_once('/')?;
    let (scheme, rest) = base.split_once("://")?;
    let (user, host) = rest.rsplit_once('@')?;
    let user = user.split(':').next().unwrap_or(user);
    Some(format!("{scheme}://{user}:{SECRET}@{host}/{database}"))
}

/// The folder of files that every world of these tests can reach; each story has names of its own in it.
pub fn exports() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("traction-exports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file of SQLite's that every world can reach by a released driver, where there is one.
#[cfg(feature = "warehouse")]
pub fn lab() -> Option<PathBuf> {
    std::env::var_os("TRACTION_ADBC_DRIVERS").map(|_| exports().join("lab.db"))
}

/// What every world of a test can reach.
pub fn connections() -> Connections {
    let variable = |name: &str, value: String| (format!("TRACTION_SOURCE_{name}"), value);
    let mut variables = vec![
        variable("EXPORTS", format!("files://{}", exports().display())),
        variable("CLIMBS", "files:///srv/../etc".into()),
        variable("NO_FOLDER", "files:///srv/no/such/folder".into()),
        variable("NOWHERE", format!("postgres://reader:{SECRET}@127.0.0.1:1/none")),
        variable("DRIVER", format!("adbc:/srv/no/such/driver.so?password={SECRET}")),
        variable("OTHER", format!("mysql://reader:{SECRET}@127.0.0.1/none")),
    ];
    #[cfg(feature = "warehouse")]
    variables.extend(lab().and_then(|file| {
        let driver = std::path::Path::new(&std::env::var_os("TRACTION_ADBC_DRIVERS")?)
            .join("adbc_driver_sqlite/libadbc_driver_sqlite.so")
            .canonicalize()
            .ok()?;
        Some(variable("LAB", format!("adbc:{}?uri=file:{}", driver.display(), file.display())))
    }));
    variables.extend(address(NAME).map(|address| variable("WAREHOUSE", address)));
    variables.extend(address("no_such_database").map(|address| variable("MISNAMED", address)));
    Connections::of(variables.into_iter())
}

/// A schema of its own in the warehouse.
pub struct Warehouse {
    connection: DatabaseConnection,
    /// The schema's name.
    pub schema: String,
}

impl Warehouse {
    /// A new schema; `None`, and SKIPPED, where there is no server.
    pub async fn open() -> Option<Warehouse> {
        let Some(server) = server() else {
            eprintln!("SKIPPED: TRACTION_TEST_POSTGRES is not set (./check sets it)");
            return None;
        };
        let control = sea_orm::Database::connect(&server).await.unwrap();
        // It may be there already.
        let _ = control.execute_unprepared(&format!("CREATE DATABASE {NAME}")).await;
        let (base, _) = server.rsplit_once('/').unwrap();
        let connection = sea_orm::Database::connect(format!("{base}/{NAME}")).await.unwrap();
        let n = N_WAREHOUSES.fetch_add(1, Ordering::Relaxed);
        let schema = format!("w{}_{n}", std::process::id());
        connection.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await.unwrap();
        connection.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.unwrap();
        Some(Warehouse { connection, schema })
    }

    /// Does something in it; `@` stands for the schema.
    pub async fn does(&self, sql: &str) {
        let sql = sql.replace('@', &self.schema);
        self.connection.execute_unprepared(&sql).await.unwrap();
    }

    /// A text with the schema's name for `@`.
    pub fn sql(&self, text: &str) -> String {
        text.replace('@', &self.schema)
    }

    /// How many rows a table has.
    pub async fn n_rows(&self, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) AS n FROM {}.{table}", self.schema);
        let backend = self.connection.get_database_backend();
        let row = self.connection.query_one_raw(sea_orm::Statement::from_string(backend, sql)).await.unwrap();
        row.unwrap().try_get("", "n").unwrap()
    }
}
