//! Sources: the organisation's own database is asked by hand and by schedule, what comes is taken whole or not at all,
//! and every run is written down in words that give no secret away.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use traction::measure::outcome;
use traction::measure::source::store::{reader, runs};
use traction::measure::source::verbs;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::measure::outcome::calendar::{self, Calendar};
use traction_domain::measure::source::SourceWritten;
use traction_domain::measure::source::answer::Limits;
use traction_domain::measure::source::tries::Ended;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::world::warehouse::{SECRET, Warehouse};
use crate::world::{TestWorld, on_both, on_nodes, on_sqlite};

/// Two wards, and falls per bed day by week.
pub async fn falls(world: &TestWorld) {
    for ward in ["ward-1", "ward-2"] {
        world.unit(ward, None).await;
    }
    let proposed = metric_rules::propose("Falls", "per bed day", Better::Down).unwrap();
    metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
    let metric = metric::verbs::find(world.world.store().read(), "falls").await.unwrap();
    outcome::verbs::set_calendar(&world.world, &Who::operator(), metric.id, Calendar::Week).await.unwrap();
}

pub const TABLE: &str = "CREATE TABLE @.falls (ward TEXT, week DATE, falls INT, bed_days NUMERIC(8,1), patient TEXT);
  INSERT INTO @.falls VALUES ('ward-1', '2026-02-16', 2, 70.5, 'Jo Smith'), ('Ward-2', '2026-02-16', 0, 64, 'Kim Hill')";
pub const QUERY: &str =
    "SELECT ward AS unit, week AS period, falls AS numerator, bed_days AS denominator FROM @.falls;";
pub const MONDAYS: &str = "0 6 * * 1";

pub async fn add(world: &TestWorld, name: &str, connection: &str, query: &str, schedule: &str) -> String {
    let metric = metric::verbs::find(world.world.store().read(), "falls").await.unwrap();
    let written = SourceWritten { name, connection, query, schedule };
    verbs::add(&world.world, &Who::operator(), metric.id, written).await.unwrap().to_string()
}

/// How a run by hand ended, and why nothing was taken.
pub async fn run(world: &TestWorld, slug: &str) -> (Ended, String) {
    let end = verbs::run(&world.world, &Who::operator(), slug).await.unwrap();
    (end.how, end.why.unwrap_or_default())
}

async fn n_runs(world: &TestWorld, slug: &str) -> usize {
    let sql = world.world.store().read();
    let source = verbs::find(sql, slug).await.unwrap();
    runs::runs(sql, source.id, 100).await.unwrap().len()
}

#[test]
fn a_source_is_added_asked_corrected_and_removed_by_an_administrator_alone() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let lea = world.person("lea", RoleWord::ChangeLead, None).await;
        let lea = world.browser_of(lea).await;
        ada.get("/sources").await.shows("No numbers come by themselves yet.");
        let query = warehouse.sql(QUERY);
        let entries = [
            ("name", "Ward system"),
            ("metric", "falls"),
            ("connection", "WAREHOUSE"),
            ("query", &query),
            ("schedule", MONDAYS),
        ];
        lea.post("/sources", &entries).await.is(403);
        lea.get("/sources/new").await.is(403);
        world.visitor().get("/sources").await.is(303);
        assert_eq!(ada.submit("/sources", &entries).await, "/sources/ward-system");
        lea.post("/sources/ward-system/runs", &[]).await.is(403);
        let lou = world.person("lou", RoleWord::Member, ward_1(&world).await).await;
        world.browser_of(lou).await.get("/sources/ward-system").await.is(403);

        ada.get("/sources/ward-system").await.shows("Nothing has come yet.").shows("Monday");
        ada.submit("/sources/ward-system/runs", &[]).await;
        ada.get("/sources/ward-system")
            .await
            .shows("The last value is of week 8 of 2026")
            .shows("2 rows: 2 new, 0 corrected, 0 known already, 0 without a value.")
            .shows("by ada");
        let client = world.client(&[Scope::Read]).await;
        let outcomes = client.get("/api/v1/metrics/falls/outcomes").await.json();
        assert_eq!(
            outcomes["items"][0],
            json!({"unit": "ward-1", "period": "2026-02-16", "value": 2.0 / 70.5, "numerator": 2.0, "denominator": 70.5})
        );
        assert_eq!(outcomes["items"][1]["value"], 0.0, "nobody fell: that is a zero");

        // Late: a fall is found, weeks are added in which nothing is known of one ward, and both were closed.
        warehouse.does("UPDATE @.falls SET falls = 3 WHERE ward = 'ward-1';
            INSERT INTO @.falls VALUES ('ward-1', '2026-02-23', 1, 70, 'x'), ('ward-2', '2026-02-23', NULL, 64, 'x'),
            ('ward-1', '2026-03-02', 0, 0, 'x'), ('ward-2', '2026-03-02', NULL, 0, 'x')").await;
        ada.submit("/sources/ward-system/runs", &[]).await;
        lea.get("/sources/ward-system")
            .await
            .shows("6 rows: 1 new, 1 corrected, 1 known already, 3 without a value.");
        lea.get("/outcomes/falls")
            .await
            .shows("What was corrected")
            .shows("2 of 70.5")
            .shows("3 of 70.5")
            .shows("by a source");
        ada.get("/outcomes/falls").await.shows("1 value is missing, 1 corrected");
        let corrections = client.get("/api/v1/metrics/falls/corrections").await.json();
        assert_eq!(corrections["items"][0]["before"]["numerator"], 2.0);
        assert_eq!(corrections["items"][0]["since"]["numerator"], 3.0);
        world.visitor().get("/outcomes/falls").await.hides("70.5");

        ada.submit(
            "/sources/ward-system",
            &[("connection", "WAREHOUSE"), ("query", "SELECT 1 AS unit"), ("schedule", "")],
        )
        .await;
        ada.submit("/sources/ward-system/runs", &[]).await;
        ada.get("/sources/ward-system")
            .await
            .shows("the query gives `unit`; it must give unit, period")
            .shows("It is asked only when");
        let kept = ada
            .post(
                "/sources/ward-system",
                &[("connection", "WAREHOUSE"), ("query", "DROP TABLE x"), ("schedule", "")],
            )
            .await;
        kept.is(422).shows("The query begins with `DROP`");
        assert!(kept.body.contains("DROP TABLE x"), "nothing of what was written is lost");
        lea.post("/sources/ward-system/end", &[]).await.is(403);
        ada.submit("/sources/ward-system/end", &[]).await;
        ada.get("/sources/ward-system").await.is(404);
        ada.get("/outcomes/falls").await.shows("2 units from 2026-02-16 to 2026-02-23");
        ada.post("/sources", &entries).await.is(422).shows("There is or was a source `ward-system`");
    });
}

/// A unit for somebody who only belongs to one.
async fn ward_1(world: &TestWorld) -> Option<traction_domain::id::UnitId> {
    Some(traction::org::unit::verbs::find(world.world.store().read(), "ward-1").await.unwrap().id)
}

#[test]
fn whatever_goes_wrong_nothing_is_taken_and_the_run_says_why_without_a_secret() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let select = |rest: &str| warehouse.sql(&format!("SELECT {rest} FROM @.falls"));
        let good = "ward AS unit, week AS period";
        for (nth, (connection, query, how, says)) in [
            ("NOWHERE", select(good), Ended::NothingCame, "the database of `NOWHERE` does not answer (connection refused)"),
            ("OTHER", select(good), Ended::Refused, "the connection `OTHER` is neither a PostgreSQL address nor a folder"),
            ("UNSET", select(good), Ended::Refused, "this server has no connection `UNSET`; set TRACTION_SOURCE_UNSET"),
            ("MISNAMED", select(good), Ended::Refused, "the server of `MISNAMED` runs, but has no such database"),
            ("WAREHOUSE", select(good), Ended::Refused, "the query gives `unit`, `period`; it must give unit, period, and value"),
            ("WAREHOUSE", select(&format!("{good}, falls AS value, patient")), Ended::Refused, "the query gives a column `patient`, which is none of"),
            ("WAREHOUSE", select(&format!("{good}, patient AS value")), Ended::Refused, "2 of 2 rows cannot be taken, so none was: row 1, column `value`: it is no number"),
            ("WAREHOUSE", select("patient AS unit, week AS period, falls AS value"), Ended::Refused, "2 of 2 rows cannot be taken, so none was: row 1, column `unit`: it names no unit here; row 2"),
            ("WAREHOUSE", select("ward AS unit, week + 1 AS period, falls AS value"), Ended::Refused, "2 of 2 rows cannot be taken, so none was: row 1, column `period`: it is no period of this metric's calendar"),
            ("WAREHOUSE", select("'ward-1' AS unit, week AS period, falls AS value"), Ended::Refused, "1 of 2 rows cannot be taken, so none was: row 2, column `period`: its unit and period stand in another row already"),
            ("WAREHOUSE", select(&format!("{good}, falls / 0 AS value")), Ended::Refused, "the database stumbled over a value while it computed the answer (SQLSTATE 22012)"),
            ("WAREHOUSE", select(&format!("{good}, CAST(patient AS INT) AS value")), Ended::Refused, "the database stumbled over a value"),
            ("WAREHOUSE", select(&format!("{good}, nothing AS value")), Ended::Refused, "the database says: column \"nothing\" does not exist"),
            ("WAREHOUSE", select(&format!("{good}, falls AS value, falls AS value")), Ended::Refused, "the query gives two columns `value`"),
            ("WAREHOUSE", format!("{} WHERE false", select(&format!("{good}, falls AS value"))), Ended::Refused, "the answer has no rows"),
            ("WAREHOUSE", select(&format!("{good}, NULL AS value")), Ended::Refused, "the answer has rows, but a value in none of them"),
            ("WAREHOUSE", select("1) AS r; DELETE FROM @.falls; SELECT (1").replace(" FROM", ""), Ended::Refused, "the database says: "),
            ("WAREHOUSE", warehouse.sql("SELECT 1; DELETE FROM @.falls"), Ended::Refused, "the database says: cannot insert multiple commands"),
            ("WAREHOUSE", warehouse.sql("WITH gone AS (DELETE FROM @.falls RETURNING *) SELECT ward AS unit, week AS period, falls AS value FROM gone"), Ended::Refused, "the database says: WITH clause containing a data-modifying statement must be at the top level"),
            ("WAREHOUSE", warehouse.sql("SELECT 'ward-1' AS unit, '2026-02-16' AS period, nextval('@.counter') AS value"), Ended::Refused, "the query would change something there"),
            ("WAREHOUSE", "SELECT 'ward-1' AS unit, g AS period, 1 AS value FROM generate_series(1, 200001) g".into(), Ended::Refused, "the answer has more than 200000 rows"),
            ("WAREHOUSE", "SELECT repeat('x', 1000000) AS unit, g AS period, 1 AS value FROM generate_series(1, 40) g".into(), Ended::Refused, "the answer is larger than 32 MB"),
        ]
        .into_iter()
        .enumerate()
        {
            if nth == 0 {
                warehouse.does("CREATE SEQUENCE @.counter").await;
            }
            let slug = add(&world, &format!("s{nth}"), connection, &query, "").await;
            let before = world.world.store().read().last_entry().await.unwrap();
            let (ended, why) = run(&world, &slug).await;
            assert!(why.starts_with(says), "{query}\n{why}\nis not\n{says}");
            assert_eq!(ended, how, "{why}");
            assert!(!why.contains(SECRET) && !why.contains("127.0.0.1"), "{why}");
            assert!(!why.contains("Smith") && !why.contains("Kim"), "a person's name: {why}");
            assert_eq!(world.world.store().read().last_entry().await.unwrap(), before + 1, "one fact: it was asked");
            let client = world.client(&[Scope::Read]).await;
            assert_eq!(client.get("/api/v1/metrics/falls/outcomes").await.json()["items"], json!([]), "{query}");
        }
        assert_eq!(warehouse.n_rows("falls").await, 2, "a source changes nothing where it asks");
        // What stands anywhere after all this.
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let client = world.client(&[Scope::Read, Scope::Write]).await;
        for path in ["/sources", "/sources/new", "/sources/s0", "/sources/s4", "/journal"] {
            assert!(!ada.get(path).await.body.contains(SECRET), "{path}");
        }
        for path in ["/api/v1/sources", "/api/v1/sources/s0"] {
            assert!(!client.get(path).await.body.contains(SECRET), "{path}");
        }
        assert!(!format!("{:?}", world.world.settings()).contains(SECRET));
    });
}

#[test]
fn a_schedule_asks_once_and_again_only_where_nothing_came() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let slug = add(&world, "Good", "WAREHOUSE", &warehouse.sql(QUERY), MONDAYS).await;
        let bad = add(&world, "Bad", "NOWHERE", "SELECT 1", MONDAYS).await;
        let asked = async || {
            verbs::run_due(&world.world).await.unwrap();
            (n_runs(&world, &slug).await, n_runs(&world, &bad).await)
        };
        assert_eq!(asked().await, (0, 0), "it is Monday at eight: the next is due in a week");
        world.days_go_by(7.0 - 2.0 / 24.0 - 0.001).await;
        assert_eq!(asked().await, (0, 0));
        world.days_go_by(0.001).await;
        assert_eq!(asked().await, (1, 1), "Monday at six");
        assert_eq!(asked().await, (1, 1), "once");
        let minutes = |n| world.world.turn_clock(world.world.now().after(SignedDuration::from_mins(n)));
        minutes(5);
        assert_eq!(asked().await, (1, 2));
        minutes(15);
        assert_eq!(asked().await, (1, 3));
        minutes(60);
        assert_eq!(asked().await, (1, 4));
        minutes(600);
        assert_eq!(asked().await, (1, 4), "then the next Monday is waited for");
        world.days_go_by(14.0).await;
        assert_eq!(asked().await, (2, 5), "two Mondays went by: one run");
    });
}

#[test]
fn several_servers_ask_a_source_once() {
    on_nodes(async |[one, other]: [TestWorld; 2]| {
        falls(&one).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let slug = add(&one, "Shared", "WAREHOUSE", &warehouse.sql(QUERY), MONDAYS).await;
        for round in 1..=3 {
            let later = one.world.now().after_days(7);
            one.world.turn_clock(later);
            other.world.turn_clock(later);
            let (a, b, c, d) = tokio::join!(
                verbs::run_due(&one.world),
                verbs::run_due(&other.world),
                verbs::run_due(&one.world),
                verbs::run_due(&other.world)
            );
            let n: usize = [a, b, c, d].into_iter().map(Result::unwrap).sum();
            assert_eq!((n, n_runs(&one, &slug).await), (1, round));
        }
    });
}

#[test]
fn a_source_that_stands_still_raises_an_alarm_once_until_something_new_comes() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let slug = add(&world, "Ward system", "WAREHOUSE", &warehouse.sql(QUERY), MONDAYS).await;
        run(&world, &slug).await;
        let raised = async || verbs::look_for_stale(&world.world).await.unwrap();
        world.days_go_by(14.9).await;
        assert_eq!(raised().await, 0);
        world.days_go_by(0.2).await;
        assert_eq!((raised().await, raised().await), (1, 0), "after two weeks and a day, once");
        let ada = world.browser_of(ada).await;
        ada.get("/").await.shows("The source Ward system brought nothing new since 2 Mar 2026");
        ada.get("/sources").await.shows("1 of 1 source brought nothing new for too long.").shows("stale");
        ada.get(&format!("/sources/{slug}"))
            .await
            .shows("nothing new came for twice as long as it should take");
        ada.get("/journal").await.shows("source stale");
        // A correction is nothing new; another week is.
        warehouse.does("UPDATE @.falls SET falls = 9").await;
        run(&world, &slug).await;
        ada.get("/").await.shows("brought nothing new");
        warehouse.does("INSERT INTO @.falls VALUES ('ward-1', '2026-03-02', 1, 70, 'x')").await;
        world.days_go_by(0.01).await;
        run(&world, &slug).await;
        ada.get("/").await.hides("brought nothing new");
        assert_eq!(raised().await, 0);
        world.days_go_by(15.1).await;
        assert_eq!(raised().await, 1, "the next time is another");
    });
}

#[test]
fn one_rule_says_when_a_source_brought_something_new() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let slug = add(&world, "Ward system", "WAREHOUSE", &warehouse.sql(QUERY), MONDAYS).await;
        let page = format!("/sources/{slug}");
        let gives = async |does: &str| {
            warehouse.does(does).await;
            assert_eq!(run(&world, &slug).await, (Ended::Taken, String::new()));
        };
        let raised = async || verbs::look_for_stale(&world.world).await.unwrap();
        // A slip, taken once: it does not hide what comes.
        gives("INSERT INTO @.falls VALUES ('ward-1', '2062-03-06', 1, 70, 'x')").await;
        world.days_go_by(7.0).await;
        gives("DELETE FROM @.falls WHERE week > '2060-01-01'; INSERT INTO @.falls VALUES ('ward-1', '2026-03-02', 1, 70, 'x')").await;
        // He is away for longer than a session lasts.
        let browser = async || world.browser_of(ada).await;
        browser().await.get(&page).await.shows("The last value is of week 10 of 2026");
        world.days_go_by(14.9).await;
        assert_eq!(raised().await, 0, "it brought a week that it had not brought before");
        world.days_go_by(0.2).await;
        assert_eq!(raised().await, 1);
        let is_stale = async |is: bool| {
            let ada = browser().await;
            let (first, own) = (ada.get("/").await, ada.get(&page).await);
            let says = first.text().contains("brought nothing new");
            let told = own.text().contains("nothing new came for twice as long as it should take");
            assert_eq!((says, told), (is, is), "the first page and its own say the same");
        };
        is_stale(true).await;
        // Fewer than before is nothing new.
        gives("DELETE FROM @.falls WHERE week = '2026-03-02'").await;
        is_stale(true).await;
        world.days_go_by(0.01).await;
        gives("INSERT INTO @.falls VALUES ('ward-1', '2026-02-09', 1, 70, 'x')").await;
        is_stale(false).await;
    });
}

/// A server that was killed while it asked says nothing any more: every door tells the run as lost.
#[test]
fn a_run_of_which_nothing_is_heard_is_lost_at_every_door() {
    on_both(async |world| {
        falls(&world).await;
        let slug = add(&world, "Ward system", "WAREHOUSE", "SELECT 1", "").await;
        let sql = world.world.store().read();
        let source = verbs::find(sql, &slug).await.unwrap();
        let beginning = runs::Beginning { id: world.world.id(), due_at: None, n_try: 1 };
        let tx = world.world.store().begin().await.unwrap();
        runs::begin_run(&tx, &source, beginning, &Who::operator(), world.world.now()).await.unwrap();
        world.world.commit(tx).await.unwrap();
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let client = world.client(&[Scope::Read]).await;
        let says = async |run: &str, source: &str| {
            let one = client.get("/api/v1/sources/ward-system").await.json();
            let all = client.get("/api/v1/sources").await.json();
            assert_eq!((&one["runs"][0]["state"], &one["state"]), (&json!(run), &json!(source)));
            assert_eq!(all["items"][0]["state"], json!(source));
            ada.get("/sources/ward-system").await.shows(run);
            ada.get("/sources").await.shows(source);
        };
        says("under way", "by hand").await;
        let minutes = |n| world.world.turn_clock(world.world.now().after(SignedDuration::from_mins(n)));
        minutes(9);
        says("under way", "by hand").await;
        minutes(1);
        says("lost", "lost").await;
        // Asked again, it is lost no more.
        run(&world, &slug).await;
        let state = client.get("/api/v1/sources/ward-system").await.json()["state"].clone();
        assert_ne!(state, json!("lost"));
    });
}

/// The history came by file, then a source was connected that gives the same: what it gives is its own from then on.
#[test]
fn a_source_is_the_first_also_where_it_gave_what_a_file_had_given() {
    on_both(async |world| {
        falls(&world).await;
        let Some(_warehouse) = Warehouse::open().await else { return };
        let client = world.client(&[Scope::Write]).await;
        let rows = json!([{"unit": "ward-1", "period": "2026-02-16", "value": 1}]);
        client.post("/api/v1/metrics/falls/outcomes", &rows).await.is(200);
        let gives =
            |value: &str| format!("SELECT 'ward-1' AS unit, '2026-02-16' AS period, {value} AS value");
        let (same, other) = (gives("1"), gives("2"));
        let ward = add(&world, "Ward system", "WAREHOUSE", &same, "").await;
        let second = add(&world, "Second", "WAREHOUSE", &other, "").await;
        assert_eq!(run(&world, &ward).await, (Ended::Taken, String::new()));
        world.days_go_by(0.01).await;
        let (ended, why) = run(&world, &second).await;
        assert_eq!(ended, Ended::Refused);
        assert!(why.contains("ward-system"), "{why}");
        // To say the same makes nobody the first, and the first corrects what is his.
        let asks = async |slug: &str, query: &str| {
            let written = SourceWritten { name: slug, connection: "WAREHOUSE", query, schedule: "" };
            verbs::change(&world.world, &Who::operator(), slug, written).await.unwrap();
            run(&world, slug).await
        };
        assert_eq!(asks(&second, &same).await, (Ended::Taken, String::new()));
        assert_eq!(asks(&ward, &gives("3")).await, (Ended::Taken, String::new()));
        let value =
            async || client.get("/api/v1/metrics/falls/outcomes").await.json()["items"][0]["value"].clone();
        assert_eq!(value().await, json!(3.0));
        assert_eq!(asks(&second, &other).await.0, Ended::Refused);
        verbs::remove(&world.world, &Who::operator(), &ward).await.unwrap();
        assert_eq!(run(&world, &second).await, (Ended::Taken, String::new()), "the first is asked no more");
        assert_eq!(value().await, json!(2.0));
    });
}

#[test]
fn programs_manage_sources_as_people_do() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let writer = world.client(&[Scope::Write]).await;
        let sent = json!({"name": "Ward system", "metric": "falls", "connection": "WAREHOUSE", "query": warehouse.sql(QUERY), "schedule": MONDAYS});
        let made = writer.post("/api/v1/sources", &sent).await;
        assert_eq!(
            (made.is(201).json(), writer.post("/api/v1/sources", &sent).await.status.as_u16()),
            (json!({"source": "ward-system"}), 422)
        );
        let ran = writer.post("/api/v1/sources/ward-system/runs", &Value::Null).await.json();
        assert_eq!((&ran["state"], &ran["new"], &ran["rows"]), (&json!("taken"), &json!(2), &json!(2)));
        assert_eq!(ran["sha256"].as_str().unwrap().len(), 64);
        let again = writer.post("/api/v1/sources/ward-system/runs", &Value::Null).await.json();
        assert_eq!(
            (&again["unchanged"], &again["sha256"]),
            (&json!(2), &ran["sha256"]),
            "the same again: nothing new"
        );
        let shown = writer.get("/api/v1/sources/ward-system").await.json();
        assert_eq!((&shown["last_period"], &shown["stale"]), (&json!("2026-02-16"), &json!(false)));
        assert_eq!(shown["runs"].as_array().unwrap().len(), 2);
        assert_eq!(shown["runs"][0]["query"], shown["query"]);
        let reader = world.client(&[Scope::Read]).await;
        reader.post("/api/v1/sources/ward-system/runs", &Value::Null).await.is(403);
        for (body, says) in [
            (json!({}), "missing field `name`"),
            (
                json!({"name": "x", "metric": "none", "connection": "A", "query": "SELECT 1"}),
                "there is no metric",
            ),
            (
                json!({"name": "x", "metric": "falls", "connection": "a b", "query": "SELECT 1"}),
                "`a b` cannot name a connection",
            ),
            (
                json!({"name": "x", "metric": "falls", "connection": "A", "query": "UPDATE x"}),
                "the query begins with `UPDATE`",
            ),
            (
                json!({"name": "x", "metric": "falls", "connection": "A", "query": "SELECT 1", "schedule": "later"}),
                "`later` is not a schedule",
            ),
            (json!({"name": 7, "metric": "falls", "connection": "A", "query": "SELECT 1"}), "invalid type"),
        ] {
            let refused = writer.post("/api/v1/sources", &body).await;
            assert!(refused.status.is_client_error(), "{body}");
            let detail = refused.json()["detail"].as_str().unwrap().to_lowercase();
            assert!(detail.contains(&says.to_lowercase()), "{detail} is not {says}");
        }
        let request = Request::delete("/api/v1/sources/ward-system")
            .header(AUTHORIZATION, format!("Bearer {}", writer.token()));
        world.send(request.body(Body::empty()).unwrap()).await.is(204);
        writer.get("/api/v1/sources/ward-system").await.is(404);
    });
}

/// A fall at half past midnight of the first of September in Vienna is August's in UTC.
#[test]
fn days_are_those_of_the_installation_s_time_zone() {
    on_sqlite(async |world| {
        let Some(_warehouse) = Warehouse::open().await else { return };
        let name = "WAREHOUSE".parse().unwrap();
        let connections = &world.world.settings().connections;
        let address = connections.address(&name).unwrap();
        let query = "SELECT 'ward-1' AS unit, to_char(TIMESTAMPTZ '2026-08-31 22:30+00', 'YYYY-MM') AS period, 1 AS value";
        for (zone, month) in [("Europe/Vienna", "2026-09"), ("UTC", "2026-08")] {
            let zone = TimeZone::get(zone).unwrap();
            let answer = reader::read(&name, address, query, &zone, Limits::OF_A_RUN).await.unwrap();
            assert_eq!(answer.rows[0].1[1], month, "{zone:?}");
        }
        // A week without a cast comes as midnight there, in summer with another offset than in winter.
        let weeks = "SELECT ward AS unit, date_trunc('week', day) AS period, 1 AS value
            FROM (VALUES ('ward-1', DATE '2026-02-18'), ('ward-1', DATE '2026-09-09')) AS f (ward, day) ORDER BY 2";
        for zone in ["Europe/Vienna", "Europe/London", "America/New_York", "Asia/Kolkata", "UTC"] {
            let there = TimeZone::get(zone).unwrap();
            let answer = reader::read(&name, address, weeks, &there, Limits::OF_A_RUN).await.unwrap();
            let read: Vec<String> =
                answer.rows.iter().map(|(_, row)| calendar::read(&row[1]).unwrap().to_string()).collect();
            assert_eq!(read, ["2026-02-16", "2026-09-07"], "{zone}");
        }
    });
}
