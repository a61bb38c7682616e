//! Sources on a folder of files: read by the engine of a build that has it, refused in a sentence by one that has none.

use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(feature = "warehouse")]
use traction::measure::source::verbs;
use traction_domain::measure::source::tries::Ended;
#[cfg(feature = "warehouse")]
use traction_domain::org::who::Who;

use super::sources::{add, falls, run};
#[cfg(feature = "warehouse")]
use crate::world::on_both;
use crate::world::warehouse::exports;
use crate::world::{TestWorld, on_sqlite};

const QUERY: &str = "SELECT ward AS unit, date_trunc('week', day)::date AS period,
  sum(falls) AS numerator, sum(bed_days) AS denominator FROM @ GROUP BY 1, 2";

static N_TABLES: AtomicU32 = AtomicU32::new(0);

/// A table of a story's own in the folder; it goes with the story.
struct Table(String);

impl Table {
    fn of(name: &str, rows: &str) -> Table {
        let table = Table(format!("{name}_{}", N_TABLES.fetch_add(1, Ordering::Relaxed)));
        table.is(rows);
        table
    }

    fn is(&self, rows: &str) {
        std::fs::write(self.file(), format!("ward,day,falls,bed_days,patient\n{rows}")).unwrap();
    }

    fn file(&self) -> std::path::PathBuf {
        exports().join(format!("{}.csv", self.0))
    }

    fn sql(&self, query: &str) -> String {
        query.replace('@', &self.0)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.file());
    }
}

async fn ended(world: &TestWorld, name: &str, connection: &str, query: &str) -> (Ended, String) {
    let slug = add(world, name, connection, query, "").await;
    run(world, &slug).await
}

#[cfg(not(feature = "warehouse"))]
#[test]
fn a_build_without_the_engine_says_so_and_how_to_get_it() {
    on_sqlite(async |world| {
        falls(&world).await;
        let table = Table::of("falls", "ward-1,2026-02-16,1,10,x\n");
        let (how, why) = ended(&world, "Files", "EXPORTS", &table.sql(QUERY)).await;
        assert_eq!(how, Ended::Refused);
        let says = "the connection `EXPORTS` is a folder of files, which this build of Traction does not read; build it once more with `--features warehouse`";
        assert!(why.starts_with(says), "{why}");
    });
}

#[cfg(feature = "warehouse")]
#[test]
fn a_folder_of_files_is_asked_like_a_database_and_its_corrections_come_in() {
    on_both(async |world| {
        falls(&world).await;
        let first = "ward-1,2026-02-16,1,35.25,Jo Smith\nward-1,2026-02-18,1,35.25,Jo Smith\nWard-2,2026-02-17,0,64,Kim Hill\n";
        let table = Table::of("falls", first);
        let slug = add(&world, "Files", "EXPORTS", &table.sql(QUERY), "").await;
        let asked = async || verbs::run(&world.world, &Who::operator(), &slug).await.unwrap();
        let came = asked().await.came.unwrap();
        assert_eq!((came.n_rows, came.n_new), (2, 2));
        let again = asked().await.came.unwrap();
        assert_eq!((again.n_same, &again.sha256), (2, &came.sha256), "the same files have the same hash");
        table.is(&format!("{first}ward-1,2026-02-20,1,0,Jo Smith\n"));
        assert_eq!(asked().await.came.unwrap().n_corrected, 1);
        let ada = world.person("ada", traction_domain::org::role::RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.get("/outcomes/falls").await.shows("3 of 70.5");
        ada.get(&format!("/sources/{slug}"))
            .await
            .shows("2 rows: 0 new, 1 corrected, 1 known already")
            .hides("Smith");
    });
}

#[cfg(feature = "warehouse")]
#[test]
fn whatever_is_wrong_with_files_nothing_is_taken_and_the_run_says_why() {
    on_sqlite(async |world| {
        falls(&world).await;
        let table =
            Table::of("falls", "ward-1,2026-02-16,1,10,Jo Smith\nward-1,2026-02-23,many,10,Jo Smith\n");
        let good = "SELECT ward AS unit, day AS period";
        for (nth, (connection, query, how, says)) in [
            ("NO_FOLDER", format!("{good}, 1 AS value FROM @"), Ended::NothingCame, "the folder of `NO_FOLDER` cannot be read (entity not found)"),
            ("CLIMBS", format!("{good}, 1 AS value FROM @"), Ended::Refused, "the connection `CLIMBS` is neither a PostgreSQL address nor a folder nor a driver; write postgres://USER:PASSWORD@HOST/NAME, files:///FOLDER or adbc:/DRIVER.so"),
            ("EXPORTS", format!("{good}, 1 AS value FROM none"), Ended::Refused, "the table `none` cannot be read: no CSV or Parquet file"),
            ("EXPORTS", format!("{good}, patient AS value FROM @"), Ended::Refused, "2 of 2 rows cannot be taken, so none was: row 1, column `value`: it is no number"),
            ("EXPORTS", format!("{good}, falls::int AS value FROM @"), Ended::Refused, "the database stumbled over a value"),
            ("EXPORTS", "SELECT patient AS unit, day AS period, 1 AS value FROM @".into(), Ended::Refused, "2 of 2 rows cannot be taken, so none was: row 1, column `unit`: it names no unit here"),
            ("EXPORTS", format!("{good}, 1 AS value, patient FROM @"), Ended::Refused, "the query gives a column `patient`"),
            ("EXPORTS", "SELECT 'ward-1' AS unit, value AS period, 1 AS value FROM generate_series(1, 200001)".into(), Ended::Refused, "the answer has more than 200000 rows"),
        ]
        .into_iter()
        .enumerate()
        {
            let (ended, why) = ended(&world, &format!("s{nth}"), connection, &table.sql(&query)).await;
            assert!(why.starts_with(says), "{query}\n{why}\nis not\n{says}");
            assert_eq!(ended, how, "{why}");
            assert!(!why.contains("Smith") && !why.contains("/srv/no"), "{why}");
        }
    });
}
