//! Each source by its own words: fresh by what it brought itself, over nobody else's values, and able to take back its own.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};
use traction::measure::source::verbs;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::measure::source::tries::Ended;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::sources::{MONDAYS, QUERY, TABLE, add, falls, run};
use crate::world::warehouse::Warehouse;
use crate::world::{Client, TestWorld, on_both};

const OUTCOMES: &str = "/api/v1/metrics/falls/outcomes";

async fn values(client: &Client<'_>, path: &str) -> Vec<(String, String, f64)> {
    let items = client.get(path).await.json()["items"].clone();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let read = |item: &Value| (text(item, "unit"), text(item, "period"), item["value"].as_f64().unwrap());
    items.as_array().unwrap().iter().map(read).collect()
}

#[test]
fn what_comes_by_other_ways_makes_no_source_fresh() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let good = add(&world, "Good", "WAREHOUSE", &warehouse.sql(QUERY), MONDAYS).await;
        let dead = add(&world, "Dead", "NOWHERE", "SELECT 1", MONDAYS).await;
        let writer = world.client(&[Scope::Read, Scope::Write]).await;
        let rows = json!([{"unit": "ward-1", "period": "2026-02-23", "value": 1}]);
        writer.post(OUTCOMES, &rows).await.is(200);
        run(&world, &good).await;
        run(&world, &dead).await;
        let of = async |slug: &str| {
            let shown = writer.get(&format!("/api/v1/sources/{slug}")).await.json();
            (shown["last_period"].clone(), shown["state"].clone())
        };
        assert_eq!(of(&good).await, (json!("2026-02-16"), json!("fresh")), "not the file's week");
        assert_eq!(of(&dead).await, (Value::Null, json!("nothing came")));
        let administrator = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(administrator).await;
        ada.get("/sources")
            .await
            .shows("2 sources are asked by schedule; none is stale. The last run of 1 took nothing.");
        ada.get("/sources/dead").await.shows("Nothing has come yet.").shows("So does Good");

        // A file each week keeps nobody from hearing that both sources stand still.
        world.days_go_by(15.1).await;
        let rows = json!([{"unit": "ward-1", "period": "2026-03-16", "value": 1}]);
        writer.post(OUTCOMES, &rows).await.is(200);
        assert_eq!(verbs::look_for_stale(&world.world).await.unwrap(), 2);
        let ada = world.browser_of(administrator).await;
        ada.get("/")
            .await
            .shows("The source Good brought nothing new")
            .shows("The source Dead brought nothing new");
        // What it gives for the first time is new of it, though a file brought the same week before.
        warehouse.does("INSERT INTO @.falls VALUES ('ward-1', '2026-02-23', 1, 1, 'x')").await;
        run(&world, &good).await;
        ada.get("/").await.hides("The source Good brought").shows("The source Dead brought nothing new");
        assert_eq!(of(&good).await, (json!("2026-02-23"), json!("fresh")));
    });
}

#[test]
fn a_source_by_hand_is_neither_fresh_nor_stale() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let slug = add(&world, "By hand", "WAREHOUSE", &warehouse.sql(QUERY), "").await;
        run(&world, &slug).await;
        world.days_go_by(400.0).await;
        let reader = world.client(&[Scope::Read]).await;
        let shown = reader.get(&format!("/api/v1/sources/{slug}")).await.json();
        assert_eq!((&shown["state"], &shown["stale"]), (&json!("by hand"), &json!(false)));
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        world.browser_of(ada).await.get("/sources").await.shows("No numbers come by themselves yet.");
    });
}

#[test]
fn a_value_that_the_source_gives_no_more_is_taken_back_and_stays_readable() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let reader = world.client(&[Scope::Read, Scope::Write]).await;
        // Another week came by file: the source, which says nothing of it, does not take that back.
        reader.post(OUTCOMES, &json!([{"unit": "ward-1", "period": "2026-02-23", "value": 7}])).await.is(200);
        let slug = add(&world, "Wards", "WAREHOUSE", &warehouse.sql(QUERY), "").await;
        run(&world, &slug).await;
        warehouse
            .does(
                "UPDATE @.falls SET falls = NULL, bed_days = NULL WHERE ward = 'ward-1';
                INSERT INTO @.falls VALUES ('ward-1', '2026-02-23', NULL, NULL, 'x')",
            )
            .await;
        let ran = reader.post(&format!("/api/v1/sources/{slug}/runs"), &Value::Null).await.json();
        let counts = ["new", "corrected", "taken_back", "unchanged", "missing"].map(|name| ran[name].clone());
        assert_eq!(counts, [0, 0, 1, 1, 1].map(Value::from), "{ran}");
        let still =
            vec![("ward-1".into(), "2026-02-23".into(), 7.0), ("ward-2".into(), "2026-02-16".into(), 0.0)];
        assert_eq!(values(&reader, OUTCOMES).await, still);
        let corrections = reader.get("/api/v1/metrics/falls/corrections").await.json();
        assert_eq!(corrections["items"][0]["before"]["numerator"], 2.0);
        assert_eq!(corrections["items"][0]["since"]["value"], Value::Null);
        let lea = world.person("lea", RoleWord::ChangeLead, None).await;
        let lea = world.browser_of(lea).await;
        lea.get("/outcomes/falls").await.shows("2 of 70.5").shows("no value");
        lea.get(&format!("/sources/{slug}"))
            .await
            .shows("3 rows: 0 new, 0 corrected, 1 taken back, 1 known already, 1 without a value.");
        // Nothing more to take back, then a value after all.
        let again = reader.post(&format!("/api/v1/sources/{slug}/runs"), &Value::Null).await.json();
        assert_eq!((&again["taken_back"], &again["missing"]), (&json!(0), &json!(2)));
        warehouse
            .does("UPDATE @.falls SET falls = 1, bed_days = 10 WHERE ward = 'ward-1' AND week = '2026-02-16'")
            .await;
        run(&world, &slug).await;
        assert_eq!(values(&reader, OUTCOMES).await[0], ("ward-1".into(), "2026-02-16".into(), 0.1));
    });
}

#[test]
fn two_sources_share_a_metric_but_no_unit_and_period() {
    on_both(async |world| {
        falls(&world).await;
        let Some(warehouse) = Warehouse::open().await else { return };
        warehouse.does(TABLE).await;
        let select = |value: &str, ward: &str| {
            warehouse.sql(&format!(
                "SELECT ward AS unit, week AS period, {value} AS value FROM @.falls WHERE ward LIKE '{ward}'"
            ))
        };
        let one = add(&world, "One", "WAREHOUSE", &select("falls", "ward-1"), "").await;
        let two = add(&world, "Two", "WAREHOUSE", &select("falls + 1", "Ward-2"), "").await;
        let both = add(&world, "Both", "WAREHOUSE", &select("falls + 5", "%"), "").await;
        for slug in [&one, &two] {
            assert_eq!(run(&world, slug).await.0, Ended::Taken, "units of their own");
        }
        let before = world.world.store().read().last_entry().await.unwrap();
        let (how, why) = run(&world, &both).await;
        assert_eq!(how, Ended::Refused);
        assert!(
            why.starts_with("2 units and periods are given already by the source `one`, with other values"),
            "{why}"
        );
        assert_eq!(
            world.world.store().read().last_entry().await.unwrap(),
            before + 1,
            "one fact: it was asked"
        );
        let reader = world.client(&[Scope::Read]).await;
        assert_eq!(
            values(&reader, OUTCOMES).await.iter().map(|(.., value)| *value).collect::<Vec<_>>(),
            [2.0, 1.0]
        );

        // To say the same is no trouble; to have nothing there takes nothing of the other's back.
        let same = select("CASE ward WHEN 'ward-1' THEN falls END", "%");
        let same = add(&world, "Same", "WAREHOUSE", &same, "").await;
        assert_eq!(run(&world, &same).await.0, Ended::Taken);
        assert_eq!(values(&reader, OUTCOMES).await.len(), 2);
        // Its own it corrects; and a file may correct any, which its source sets again.
        warehouse.does("UPDATE @.falls SET falls = 9").await;
        assert_eq!(run(&world, &one).await.0, Ended::Taken);
        // Once the other is removed, the unit is free.
        for slug in [&one, &two, &same] {
            verbs::remove(&world.world, &Who::operator(), slug).await.unwrap();
        }
        assert_eq!(run(&world, &both).await.0, Ended::Taken);
        assert_eq!(
            values(&reader, OUTCOMES).await.iter().map(|(.., value)| *value).collect::<Vec<_>>(),
            [14.0, 14.0]
        );
    });
}

pub async fn send_csv(world: &TestWorld, token: &str, path: &str, table: &str) -> crate::world::Response {
    let request = Request::post(path)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header("content-type", "text/csv");
    world.send(request.body(Body::from(table.to_owned())).unwrap()).await
}

pub async fn get_csv(world: &TestWorld, token: &str, path: &str) -> String {
    let request =
        Request::get(path).header(AUTHORIZATION, format!("Bearer {token}")).header(ACCEPT, "text/csv");
    world.send(request.body(Body::empty()).unwrap()).await.body
}

#[test]
fn an_empty_cell_takes_a_known_value_back_from_every_door() {
    on_both(async |world| {
        for ward in ["ward-1", "ward-2"] {
            world.unit(ward, None).await;
        }
        let proposed = metric_rules::propose("Absence", "days a month", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        let path = "/api/v1/metrics/absence/outcomes";
        let writer = world.client(&[Scope::Read, Scope::Write]).await;
        let token = writer.token();
        let empty = "unit,period,value\nward-1,2026-01,\nward-2,2026-01,NA\n";
        send_csv(&world, token, path, empty).await.is(422);
        send_csv(&world, token, path, "unit,period,value\nward-1,2026-01,900\nward-2,2026-01,3\n")
            .await
            .is(200);
        let tried = send_csv(&world, token, &format!("{path}?dry_run=true"), empty).await;
        assert_eq!((tried.json()["taken_back"].clone(), values(&writer, path).await.len()), (json!(2), 2));

        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        let rows = "unit,period,value\nward-1,2026-01,\nward-1,2026-02,\n";
        let entries = [("step", "try"), ("rows", rows)];
        lead.post("/outcomes/absence", &entries)
            .await
            .is(200)
            .shows("1 value is taken back: the table has none where one is known. 1 without a value")
            .shows("no value days a month")
            .shows("Take them in");
        lead.submit("/outcomes/absence", &[("step", "take"), ("rows", rows)]).await;
        assert_eq!(values(&writer, path).await, [("ward-2".into(), "2026-01".into(), 3.0)]);
        lead.get("/outcomes/absence")
            .await
            .shows("1 value is missing; nothing was corrected")
            .shows("1 unit from 2026-01");
        let file = get_csv(&world, token, path).await;
        assert_eq!(file, "unit,period,value,numerator,denominator\nward-2,2026-01,3,,\n");
        let corrections = lead.get("/outcomes/absence/corrections.csv").await;
        assert!(
            corrections.body.contains("ward-1,2026-01,1,900,") && corrections.body.contains(",,"),
            "{}",
            corrections.body
        );
        let back = json!([{"unit": "ward-1", "period": "2026-01", "value": 9}]);
        assert_eq!(writer.post(path, &back).await.json()["corrected"], 1);
        let gone = json!([{"unit": "ward-1", "period": "2026-01"}]);
        assert_eq!(writer.post(path, &gone).await.json()["taken_back"], 1);
        assert_eq!(
            writer.post(path, &gone).await.is(422).json()["status"],
            422,
            "there is nothing left to take back"
        );
    });
}

#[test]
fn a_refused_table_never_says_what_would_happen() {
    on_both(async |world| {
        world.unit("ward-1", None).await;
        let proposed = metric_rules::propose("Absence", "days a month", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        let rows = "unit,period,value\nward-1,2026-01,1\nward-9,2026-01,1\n";
        lead.post("/outcomes/absence", &[("step", "try"), ("rows", rows)])
            .await
            .is(422)
            .shows("1 row cannot be taken")
            .hides("This would happen")
            .hides("Take them in");
        // Taken with a calendar that what is known does not follow; a program set none.
        let known = json!([{"unit": "ward-1", "period": "2026-01", "value": 1}]);
        world.client(&[Scope::Write]).await.post("/api/v1/metrics/absence/outcomes", &known).await.is(200);
        let rows = "unit,period,value\nward-1,2026,1\n";
        let header = "unit\nperiod\nvalue";
        let entries = [
            ("step", "take"),
            ("rows", rows),
            ("calendar", "year"),
            ("header", header),
            ("column-unit", "0"),
            ("column-period", "1"),
            ("column-value", "2"),
        ];
        lead.post("/outcomes/absence", &entries)
            .await
            .is(422)
            .shows("1 known period of this metric is not by year, as 2026-01")
            .hides("This would happen")
            .hides("Take them in");
    });
}

#[test]
fn a_calendar_is_set_by_every_door_and_without_one_the_known_kind_is_held() {
    on_both(async |world| {
        for ward in ["ward-1", "ward-2"] {
            world.unit(ward, None).await;
        }
        let proposed = metric_rules::propose("Absence", "days a month", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        let path = "/api/v1/metrics/absence/outcomes";
        let calendar = "/api/v1/metrics/absence/calendar";
        let writer = world.client(&[Scope::Read, Scope::Write]).await;
        let token = writer.token();
        assert_eq!(writer.get(calendar).await.json()["calendar"], Value::Null);
        send_csv(&world, token, path, "unit,period,value\nward-1,2026-01,1\n").await.is(200);
        let other = send_csv(&world, token, path, "unit,period,value\nward-2,2026-02-02,1\n").await;
        let detail = other.is(422).json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains(
                "`2026-02-02` is not of one kind with what is known of this metric, which has 2026-01"
            ),
            "{detail}"
        );

        let refused = writer.post(calendar, &json!({"calendar": "week"})).await;
        refused.is(422).shows("1 known period of this metric is not by week, as 2026-01");
        writer.post(calendar, &json!({"calendar": "fortnight"})).await.is(422).shows("is not a calendar");
        assert_eq!(
            writer.post(calendar, &json!({"calendar": "month"})).await.is(200).json()["calendar"],
            "month"
        );
        assert_eq!(writer.get(calendar).await.json()["calendar"], "month");
        let reader = world.client(&[Scope::Read]).await;
        reader.post(calendar, &json!({"calendar": "month"})).await.is(403);
        let day = send_csv(&world, token, path, "unit,period,value\nward-2,2026-02-02,1\n").await;
        day.is(422).shows("this metric is kept by month");

        let proposed = metric_rules::propose("Falls", "a week", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        let table = "unit,period,value\nward-1,2026-W10,1\n";
        send_csv(&world, token, "/api/v1/metrics/falls/outcomes?calendar=moon", table).await.is(422);
        send_csv(&world, token, "/api/v1/metrics/falls/outcomes?calendar=week", table).await.is(200);
        assert_eq!(writer.get("/api/v1/metrics/falls/calendar").await.json()["calendar"], "week");
        send_csv(&world, token, OUTCOMES, "unit,period,value\nward-1,2026-03-04,1\n")
            .await
            .is(422)
            .shows("is a Wednesday");
    });
}
