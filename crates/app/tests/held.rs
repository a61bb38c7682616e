//! Outcomes and told weeks that were altered or lost behind the program's back: found, with what to do. Each is damaged by
//! one statement, and mended by another.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use traction::keeping::doctor::{Depth, examine_as};
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::measure::uptake::roll_out;
use crate::world::{TestWorld, on_both};

async fn found(world: &TestWorld, depth: Depth) -> Vec<(String, String)> {
    let looks = examine_as(&world.world, None, depth, |_| {}).await.unwrap();
    let findings = looks.into_iter().flat_map(|look| look.findings);
    findings.map(|finding| (finding.what, finding.todo.to_owned())).collect()
}

async fn run(world: &TestWorld, text: &str) {
    assert!(world.world.store().read().run(text, vec![]).await.unwrap() > 0, "{text}");
}

/// How a damage is seen: by a quick look as well, or by the whole one alone.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Quickly,
    Whole,
}

/// Damages, reads among what is found the sentence and that it says what to do, and mends.
async fn finds(world: &TestWorld, [damage, mends]: [&str; 2], words: &str, seen: Seen) {
    run(world, damage).await;
    for depth in [Depth::Quick, Depth::Whole] {
        let found = found(world, depth).await;
        let is_found = found.iter().any(|(what, todo)| what.contains(words) && todo.contains("backup"));
        assert_eq!(
            is_found,
            depth == Depth::Whole || seen == Seen::Quickly,
            "{damage}, {depth:?}: {found:?}"
        );
    }
    run(world, mends).await;
    assert_eq!(found(world, Depth::Whole).await, vec![], "{mends}");
}

#[test]
fn outcomes_that_are_not_what_was_recorded_are_found() {
    on_both(async |world| {
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        let proposed = metric_rules::propose("Absence", "days a month", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        world.unit("ward-1", None).await;
        world.unit("ward-2", None).await;
        let takes = async |rows: &str| {
            lead.submit("/outcomes/absence", &[("step", "take"), ("rows", rows)]).await;
        };
        takes("unit,period,value\nward-1,2026-01,4\nward-2,2026-01,-0\n").await;
        takes("unit,period,value\nward-1,2026-01,3.1\n").await;
        takes("unit,period,numerator,denominator\nward-2,2026-02,1,3\n").await;
        assert_eq!(found(&world, Depth::Whole).await, vec![]);
        let altered = "UPDATE outcome SET value = value + 100 WHERE period = '2026-01' AND n = 2";
        let back = "UPDATE outcome SET value = 3.1 WHERE period = '2026-01' AND n = 2";
        finds(&world, [altered, back], "are not what they were", Seen::Whole).await;
        let gap = ["UPDATE outcome SET n = 3 WHERE n = 2", "UPDATE outcome SET n = 2 WHERE n = 3"];
        finds(&world, gap, "absence for ward-1 in 2026-01 lacks a value or a correction", Seen::Quickly)
            .await;
        let ratio = [
            "UPDATE outcome SET numerator = 2 WHERE denominator = 3",
            "UPDATE outcome SET numerator = 1 WHERE denominator = 3",
        ];
        finds(
            &world,
            ratio,
            "in 2026-02 has a numerator and a denominator that do not give its value",
            Seen::Quickly,
        )
        .await;
        let none = [
            "UPDATE outcome SET denominator = 0 WHERE denominator = 3",
            "UPDATE outcome SET denominator = 3 WHERE denominator = 0",
        ];
        finds(&world, none, "that do not give its value", Seen::Quickly).await;
        if world.world.store().is_embedded() {
            let text = ["UPDATE outcome SET value = 'abc' WHERE n = 2", back];
            finds(&world, text, "has a text in place of a number", Seen::Quickly).await;
        }
        // A whole set: the journal tells that there was one.
        run(&world, "DELETE FROM outcome WHERE n = 2").await;
        let found = found(&world, Depth::Quick).await;
        assert!(
            found.len() == 1
                && found[0].0.contains("the set of outcomes")
                && found[0].0.contains("of the journal tells"),
            "{found:?}"
        );
    });
}

#[test]
fn weeks_that_are_told_otherwise_than_they_were_counted_are_found() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..3 {
            let used = |n: usize| {
                json!({"type": "track", "messageId": format!("{week}-{n}"), "userId": format!("p{n}"),
                "event": "opened", "properties": {"unit": format!("ward-{}", 1 + n % 2)}})
            };
            let batch: Vec<Value> = (0..30).map(used).collect();
            client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
            world.days_go_by(7.0).await;
        }
        world
            .visitor()
            .get("/changes/early-rounds/uptake")
            .await
            .shows("In the last week that is over, 30 of 92 people");
        assert_eq!(found(&world, Depth::Whole).await, vec![]);
        let amid = "week = (SELECT MIN(week) + 1 FROM uptake_week)";
        let told = [
            format!("UPDATE uptake_week SET n_active = n_active + 7 WHERE {amid}"),
            format!("UPDATE uptake_week SET n_active = n_active - 7 WHERE {amid}"),
        ];
        finds(&world, [&told[0], &told[1]], "was told otherwise than its units were counted", Seen::Quickly)
            .await;
        let unit = format!("WHERE {amid} AND unit_id = (SELECT id FROM unit WHERE slug = 'ward-1')");
        let [more, less] =
            ["+", "-"].map(|sign| format!("UPDATE uptake_unit SET n_active = n_active {sign} 1 {unit}"));
        finds(&world, [&more, &less], "was told otherwise than its units were counted", Seen::Quickly).await;
        // Both alike: the days that are kept say otherwise.
        run(&world, &more).await;
        let both = [
            format!("UPDATE uptake_week SET n_active = n_active + 1 WHERE {amid}"),
            format!("UPDATE uptake_week SET n_active = n_active - 1 WHERE {amid}"),
        ];
        run(&world, &both[0]).await;
        let said: BTreeSet<String> =
            found(&world, Depth::Whole).await.into_iter().map(|(what, _)| what).collect();
        assert!(
            said.len() == 1 && said.iter().all(|what| what.contains("counts other people than used it")),
            "{said:?}"
        );
        run(&world, &both[1]).await;
        run(&world, &less).await;
        let day = "UPDATE use_day SET change_id = change_id, n_events = n_events - 1 WHERE day = (SELECT MIN(day) FROM use_day)";
        let mends = "UPDATE use_day SET n_events = n_events + 1 WHERE day = (SELECT MIN(day) FROM use_day)";
        finds(&world, [day, mends], "of 30 events of early-rounds on", Seen::Whole).await;
        run(&world, &format!("DELETE FROM uptake_week WHERE {amid}")).await;
        let found = found(&world, Depth::Quick).await;
        assert!(found.iter().any(|(what, _)| what.contains("has a hole in its weeks")), "{found:?}");
    });
}
