//! Sources on a database behind an ADBC driver: asked by a build that loads drivers, refused in a sentence by one that does
//! not.

use traction_domain::measure::source::tries::Ended;

use super::sources::{add, falls, run};
use crate::world::on_sqlite;
use crate::world::warehouse::SECRET;

const QUERY: &str = "SELECT ward AS unit, day AS period, falls AS value FROM falls";

#[test]
fn a_driver_that_cannot_be_used_is_told_with_what_to_do() {
    on_sqlite(async |world| {
        falls(&world).await;
        let slug = add(&world, "By driver", "DRIVER", QUERY, "").await;
        let (how, why) = run(&world, &slug).await;
        assert_eq!(how, Ended::Refused);
        let says = if cfg!(feature = "warehouse") {
            "the driver of `DRIVER` is not there; check TRACTION_SOURCE_DRIVER"
        } else {
            "the connection `DRIVER` goes by an ADBC driver, which this build of Traction does not load; build it once more with `--features warehouse`"
        };
        assert!(why.starts_with(says), "{why}");
        assert!(!why.contains(SECRET) && !why.contains("/srv"), "{why}");
    });
}

/// By the driver that SQLite's users install, on a file that the story writes.
#[cfg(feature = "warehouse")]
#[test]
fn a_database_behind_a_released_driver_fills_a_metric_and_its_corrections_come_in() {
    use sea_orm::ConnectionTrait;
    use traction::measure::source::verbs;
    use traction_domain::org::who::Who;

    on_sqlite(async |world| {
        let Some(file) = crate::world::warehouse::lab() else {
            eprintln!("SKIPPED: TRACTION_ADBC_DRIVERS is not set (./check --long installs drivers there)");
            return;
        };
        falls(&world).await;
        let lab = sea_orm::Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
        let does = async |sql: &str| lab.execute_unprepared(sql).await.unwrap();
        does("DROP TABLE IF EXISTS falls").await;
        does("CREATE TABLE falls (ward TEXT, day TEXT, falls INTEGER, patient TEXT)").await;
        does("INSERT INTO falls VALUES ('ward-1', '2026-02-16', 2, 'Jo Smith'), ('Ward-2', '2026-02-16', 0, 'Kim Hill')").await;
        let slug = add(&world, "Lab", "LAB", QUERY, "").await;
        let asked = async || verbs::run(&world.world, &Who::operator(), &slug).await.unwrap();
        let first = asked().await;
        assert_eq!((first.how, first.remark), (Ended::Taken, None), "{:?}", first.why);
        let came = first.came.unwrap();
        assert_eq!((came.n_rows, came.n_new), (2, 2));
        let again = asked().await.came.unwrap();
        assert_eq!((again.n_same, &again.sha256), (2, &came.sha256), "the same rows have the same hash");
        does("UPDATE falls SET falls = 3 WHERE ward = 'ward-1'").await;
        assert_eq!(asked().await.came.unwrap().n_corrected, 1);
        let writes = "WITH t AS (SELECT 1) DELETE FROM falls";
        let slug = add(&world, "Writes", "LAB", writes, "").await;
        let (how, why) = run(&world, &slug).await;
        assert_eq!(how, Ended::Refused);
        assert!(why.starts_with("the query would change something there"), "{why}");
    });
}
