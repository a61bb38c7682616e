//! Whether an embedded database is Traction's at all.

use std::path::Path;

use sea_orm::{ConnectOptions, Database};

use super::Sql;

/// Whether a file is a database without any table of ours. It is opened for reading alone, so that it stays as it is; of one
/// that cannot be read, opening it says why.
pub(super) async fn is(file: &Path) -> bool {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=ro", file.display()));
    options.max_connections(1).sqlx_logging(false);
    let Ok(pool) = Database::connect(options).await else { return false };
    let sql = Sql::Pool(pool.clone());
    let ours = "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    let is_foreign = matches!(sql.one(ours, vec![]).await, Ok(None));
    is_foreign && pool.close().await.is_ok()
}
