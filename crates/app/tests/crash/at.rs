//! Where a program keeps its database: in a folder, or on a PostgreSQL server that a test may harm.

use std::path::Path;
use std::process::{Child, Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::Value;
use traction::store::{Place, Store};

use super::{PROGRAM, ready};

/// Where a program keeps its database.
pub struct At {
    place: Place,
}

/// Somebody with power over the server.
pub struct Control(DatabaseConnection);

impl Control {
    /// Kills the backends of everybody else on this database; how many.
    pub async fn terminate_others(&self) -> u64 {
        let text = "SELECT CAST(COUNT(*) FILTER (WHERE pg_terminate_backend(pid)) AS BIGINT) AS n FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let row = self.0.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await.unwrap();
        u64::try_from(row.unwrap().try_get::<i64>("", "n").unwrap()).unwrap()
    }
}

impl At {
    /// In a folder.
    pub fn folder(folder: &Path) -> At {
        At { place: Place::Folder(folder.to_owned()) }
    }

    /// In a new database on the server for tests; `None` where there is none.
    pub async fn server() -> Option<At> {
        static N: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("TRACTION_TEST_POSTGRES") else {
            eprintln!("SKIPPED on PostgreSQL: TRACTION_TEST_POSTGRES is not set (./check sets it)");
            return None;
        };
        let name = format!("crash_{}_{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
        let control = sea_orm::Database::connect(&server).await.unwrap();
        control.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Some(At { place: Place::Url(format!("{base}/{name}")) })
    }

    fn url(&self) -> &str {
        let Place::Url(url) = &self.place else { panic!("it is in a folder") };
        url
    }

    /// Host and port of the server.
    pub fn host(&self) -> String {
        let (_, rest) = self.url().split_once('@').unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// The same database by another way.
    pub fn through(&self, address: &str) -> At {
        At { place: Place::Url(self.url().replace(&self.host(), address)) }
    }

    /// Somebody with power over the server.
    pub async fn control(&self) -> Control {
        Control(sea_orm::Database::connect(self.url()).await.unwrap())
    }

    /// The program, here.
    pub fn traction(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).env_remove("TRACTION_DATABASE");
        match &self.place {
            Place::Url(url) => command.args(["--database", url]),
            Place::Folder(folder) | Place::Throwaway(folder) => command.arg("--data").arg(folder),
        };
        command
    }

    /// Runs a command that must succeed; what it says.
    pub fn run(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.traction(arguments).output().unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    /// A server that is ready.
    pub fn serve(&self, address: &str) -> Child {
        ready(self.traction(&["serve", "--addr", address]))
    }

    /// Makes a change whose use can be told, a unit, and a key for everything.
    pub fn prepared(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("rounds.csv");
        std::fs::write(
            &table,
            "unit,year,hours,start\nward-1,2024,1,2025\nward-1,2025,2,2025\nward-2,2024,1,\nward-2,2025,1,\n",
        )
        .unwrap();
        let named = ["--unit", "unit", "--period", "year", "--outcome", "hours", "--start", "start"];
        let import =
            [&["import", "rollout", table.to_str().unwrap(), "--change", "rounds"][..], &named].concat();
        self.run(&import);
        let made = self.run(&[
            "token", "add", "all", "--scope", "usage", "--scope", "write", "--scope", "access", "--json",
        ]);
        let made: Value = serde_json::from_str(&made).unwrap();
        made[0]["secret"].as_str().unwrap().to_owned()
    }

    /// Its database.
    pub async fn opened(&self) -> Store {
        Store::open(&self.place).await.unwrap()
    }
}
