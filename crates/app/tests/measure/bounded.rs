//! No page and no job reads all events of a change: what is asked of them is bounded by weeks, days of use and units. Held by
//! how both databases say that they would go about it.

use serde_json::json;
use traction::measure::uptake;
use traction::measure::uptake::store::rolled;
use traction::measure::usage;
use traction::measure::usage::retention;
use traction::org::token::store::Scope;
use traction::prove::evidence;
use traction::sustain::watch;
use traction_domain::measure::usage::retention::UsageRetention;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::retention::{source_name, weeks_of_use};
use super::uptake::roll_out;
use super::usage::counts;
use crate::world::{TestWorld, on_both};

/// The lines in which a database says how it would read a table.
async fn plan(world: &TestWorld, text: &str, n_values: usize, table: &str) -> Vec<String> {
    let store = world.world.store();
    let sql = store.snapshot().await.unwrap();
    // Numbers stand for whatever is asked; a change is known by its text.
    let mut text = text.to_owned();
    for n in (1..=n_values).rev() {
        text = text.replace(&format!("${n}"), if n == 1 { "'of a change'" } else { "7" });
    }
    let named: Vec<String> = if store.is_embedded() {
        let rows = sql.all(&format!("EXPLAIN QUERY PLAN {text}"), vec![]).await.unwrap();
        let lines = rows.iter().map(|row| row.text("detail").unwrap());
        // It names tables by what the statement calls them; their indexes bear the table's name.
        lines.filter(|line| line.contains(table)).collect()
    } else {
        // Of a table with a few rows it would read all of them.
        sql.run("SET LOCAL enable_seqscan = off", vec![]).await.unwrap();
        let rows = sql.all(&format!("EXPLAIN (COSTS OFF) {text}"), vec![]).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.text("QUERY PLAN").unwrap()).collect();
        // What is looked for in an index stands below its name.
        let of_table = lines.windows(2).filter(|two| two[0].contains(&format!(" on {table} ")));
        of_table.map(|two| format!("{} {}", two[0].trim(), two[1].trim())).collect()
    };
    println!("{named:#?}");
    named
}

#[test]
fn what_a_change_was_used_for_is_asked_of_counts_and_of_single_units() {
    on_both(async |world| {
        let is_of_a_unit = |line: &String| {
            let line = line.replace("u.id", "?").replace("unit_id = ?", "unit_id=?");
            line.contains("unit_id=?") && !line.contains("Seq Scan") && !line.contains("SCAN")
        };
        assert!(plan(&world, watch::store::USES, 0, "usage_event").await.is_empty());
        assert!(plan(&world, watch::store::USES, 0, "use_day").await.is_empty());
        for (text, n_values) in [(usage::store::LAST_USES, 1), (evidence::store::USED, 7)] {
            for table in ["usage_event", "use_day"] {
                let lines = plan(&world, text, n_values, table).await;
                assert!(!lines.is_empty());
                assert!(lines.iter().all(is_of_a_unit), "{table}: {lines:#?}");
            }
        }
        let late = plan(&world, rolled::ROLL_UP_LATE, 5, "usage_event").await;
        assert!(
            late.iter().any(|line| line.contains("received_at >") || line.contains("received_at>")),
            "{late:#?}"
        );
        assert!(!late.iter().any(|line| line.contains("usage_event_last")), "{late:#?}");
    });
}

/// Of what comes two months late no week tells, and every week stays as it was told; that it happened is known by day.
#[test]
fn what_comes_too_late_for_any_week_is_kept_by_day_and_dropped_in_its_time() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let change = roll_out(&world).await;
        weeks_of_use(&world, &client, 10).await;
        let source = source_name(&world).await;
        let reader = world.client(&[Scope::Read]).await;
        let told = async || reader.get("/api/v1/changes/early-rounds/uptake").await.json()["weeks"].clone();
        let day = ("2026-03-04T00:00:00Z".parse().unwrap(), "2026-03-05T00:00:00Z".parse().unwrap());
        let used = async || evidence::store::used(world.world.store().read(), change, day).await.unwrap();
        assert_eq!(used().await, Vec::<String>::new(), "weeks of use are of Mondays");
        let late: Vec<_> = (0..7)
            .map(|n| {
                json!({"type": "track", "messageId": format!("late-{n}"), "userId": format!("ward-2-{n}"),
                    "event": "opened", "timestamp": "2026-03-04T09:00:00Z", "properties": {"unit": "ward-2"}})
            })
            .collect();
        client.post("/v1/batch", &json!({ "batch": late })).await.is(200);
        let before = told().await;
        world.days_go_by(7.0).await;
        assert_eq!(used().await, ["ward-2"]);
        let after = told().await;
        let weeks = before.as_array().unwrap();
        assert!(weeks.iter().all(|week| after.as_array().unwrap().contains(week)), "{after}");
        let last = after.as_array().unwrap().last().unwrap();
        assert_eq!(last["units"]["ward-2"], json!({"of": 30, "shown": "few"}), "seven would be told: {last}");

        world.days_go_by(300.0).await;
        uptake::verbs::close_weeks(&world.world).await.unwrap();
        let kept = UsageRetention::days(220).unwrap();
        retention::verbs::set(&world.world, &Who::operator(), &source, kept).await.unwrap();
        retention::verbs::drop_old(&world.world).await.unwrap();
        assert_eq!(counts(&world).await.0, 10, "a unit's own events alone stay");
        assert_eq!(used().await, ["ward-2"]);
    });
}

#[test]
fn what_is_arriving_is_told_of_the_last_arrivals_where_there_are_very_many() {
    on_both(async |world| {
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let add = async |from: usize, n: usize| {
            let at = world.world.now().after_days(-1).milliseconds() + 3_600_000;
            let text = format!(
                "INSERT INTO usage_event (source, id, received_at, occurred_at, subject, unit_id, change_id, event, value)
                 SELECT 's', 'e-' || n.i, {at} + n.i, {at} + n.i, 'p-' || (n.i % 9), NULL, NULL,
                   CASE WHEN n.i < 500 THEN 'opened' ELSE 'ended' END, NULL
                 FROM (WITH RECURSIVE k(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM k WHERE i + 1 < {})
                   SELECT i FROM k) n",
                from + n
            );
            world.world.store().read().run(&text, vec![]).await.unwrap();
        };
        add(0, 1_000).await;
        ada.get("/usage").await.shows("By event, in the last 24 hours").shows("opened at least 500");
        add(1_000, 19_600).await;
        let page = ada.get("/usage").await;
        page.shows("By event, the last 20,000 that arrived").shows("ended at least 20000").hides("opened at");
    });
}
