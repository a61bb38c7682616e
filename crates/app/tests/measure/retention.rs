//! Events of a source are dropped after the time that was set; nothing that was told changes.

use serde_json::{Value, json};
use traction::keeping::doctor::examine;
use traction::measure::uptake;
use traction::measure::usage;
use traction::measure::usage::retention::{store, verbs};
use traction::org::token::store::Scope;
use traction::sustain::watch;
use traction_domain::measure::usage::retention::UsageRetention;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::uptake::roll_out;
use super::usage::{counts, send};
use crate::world::{Client, TestWorld, on_both};

/// Fifteen people of one unit and a few of another, each once a week for some weeks; and once the unit by itself.
pub async fn weeks_of_use(world: &TestWorld, client: &Client<'_>, n_weeks: usize) {
    for week in 0..n_weeks {
        let of = |unit: &str, n: usize| {
            let unit = unit.to_owned();
            (0..n).map(move |n| json!({
                "type": "track", "messageId": format!("{unit}-{week}-{n}"), "userId": format!("{unit}-{n}"),
                "event": "opened", "properties": {"unit": unit},
            })).collect::<Vec<Value>>()
        };
        let by_itself = json!({
            "type": "track", "messageId": format!("unit-{week}"), "event": "opened",
            "properties": {"unit": "ward-1", "change": "early-rounds"},
        });
        let untied =
            json!({"type": "track", "messageId": format!("untied-{week}"), "userId": "x", "event": "other"});
        let batch = [of("ward-1", 15), of("ward-3", 6), vec![by_itself, untied]].concat();
        send(world, "/v1/batch", client.token(), &json!({ "batch": batch })).await.is(200);
        world.days_go_by(7.0).await;
        uptake::verbs::close_weeks(&world.world).await.unwrap();
    }
}

async fn n_of(world: &TestWorld, what: &str) -> usize {
    let text = format!("SELECT COUNT(*) AS n FROM {what}");
    world.world.store().read().one(&text, vec![]).await.unwrap().unwrap().count("n").unwrap()
}

#[test]
fn old_events_are_dropped_once_they_are_counted_and_nothing_that_was_told_changes() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        weeks_of_use(&world, &client, 6).await;
        let bad =
            json!({"event": "opened", "messageId": "bad", "userId": "jo", "properties": {"unit": "nowhere"}});
        client.post("/v1/track", &bad).await.is(200);
        let reader = world.client(&[Scope::Read]).await;
        let told = async || {
            let mut told = reader.get("/api/v1/changes/early-rounds/uptake").await.json();
            told["as_of"] = Value::Null;
            told
        };
        let source = source_name(&world).await;
        world.days_go_by(300.0).await;
        uptake::verbs::close_weeks(&world.world).await.unwrap();
        let sql = world.world.store().read();
        let (before, watched) = (told().await, watch::store::uses(sql).await.unwrap());
        let last = usage::store::last_uses(sql, change).await.unwrap();
        let used = prove_used(&world, change).await;

        // Nothing was said: all is kept.
        verbs::drop_old(&world.world).await.unwrap();
        let n_all = 6 * (15 + 6 + 2);
        assert_eq!(counts(&world).await, (n_all, 1));

        verbs::set(&world.world, &Who::operator(), &source, UsageRetention::days(220).unwrap())
            .await
            .unwrap();
        verbs::drop_old(&world.world).await.unwrap();
        let dropped = store::dropped(world.world.store().read()).await.unwrap()[&source].1;
        assert_eq!((dropped.n_events, dropped.n_showings, dropped.n_letters), (6 * 22, 0, 1));
        assert_eq!(counts(&world).await, (6, 0), "what names a unit alone stays: it is nobody's");
        assert_eq!(told().await, before);
        let sql = world.world.store().read();
        assert_eq!(watch::store::uses(sql).await.unwrap(), watched);
        assert_eq!(prove_used(&world, change).await, used);
        let units = |last: &[(traction_domain::id::UnitId, traction_domain::time::Moment)]| {
            last.iter().map(|(unit, at)| (*unit, at.date())).collect::<Vec<_>>()
        };
        let mut now = usage::store::last_uses(sql, change).await.unwrap();
        let mut last = last;
        now.sort();
        last.sort();
        assert_eq!(units(&now), units(&last), "to the day");
        let looks = examine(&world.world).await.unwrap();
        let findings: Vec<String> =
            looks.iter().flat_map(|look| &look.findings).map(|found| found.what.clone()).collect();
        assert_eq!(findings, Vec::<String>::new(), "the doctor knows of it");

        // Once a day, whichever server looks.
        verbs::drop_old(&world.world).await.unwrap();
        assert_eq!(n_of(&world, "usage_dropped").await, 1);
        world.days_go_by(1.0).await;
        verbs::drop_old(&world.world).await.unwrap();
        assert_eq!(n_of(&world, "usage_dropped").await, 2);
        let so_far = store::dropped(world.world.store().read()).await.unwrap()[&source].1;
        assert_eq!(so_far, dropped, "nothing more went");

        // What is sent again is too old to count a second time.
        let again = json!({"messageId": "ward-1-0-0", "userId": "ward-1-0", "event": "opened", "timestamp": "2026-03-02T08:00:00Z", "properties": {"unit": "ward-1"}});
        client.post("/v1/track", &again).await.is(200);
        assert_eq!(counts(&world).await, (6, 1));
        // The next weeks are closed as before, and what comes now counts.
        weeks_of_use(&world, &client, 1).await;
        let after = told().await;
        let weeks = |of: &Value| {
            of["weeks"].as_array().unwrap().iter().map(|week| week["week"].clone()).collect::<Vec<_>>()
        };
        assert!(weeks(&after).len() >= weeks(&before).len().min(26));
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.get("/usage").await.shows("are kept one by one for 220 days").shows("at least 100 events");
        ada.get("/journal").await.shows("usage retention set");
    });
}

/// The name under which the client's events are kept.
pub async fn source_name(world: &TestWorld) -> String {
    let sql = world.world.store().read();
    sql.one("SELECT source FROM usage_event LIMIT 1", vec![]).await.unwrap().unwrap().text("source").unwrap()
}

async fn prove_used(world: &TestWorld, change: traction_domain::id::ChangeId) -> Vec<String> {
    let from_until = ("2026-03-02T00:00:00Z".parse().unwrap(), "2026-03-09T00:00:00Z".parse().unwrap());
    let sql = world.world.store().read();
    let used = traction::prove::evidence::store::used(sql, change, from_until).await.unwrap();
    assert_eq!(used.len(), 2, "{used:?}");
    used
}

#[test]
fn only_an_administrator_sets_it_long_enough_and_of_a_source_there_is() {
    on_both(async |world| {
        let _client = world.client(&[Scope::Usage]).await;
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let who = traction::org::person::verbs::who(&world.world, lead).await.unwrap().unwrap();
        let kept = UsageRetention::days(400).unwrap();
        assert!(verbs::set(&world.world, &who, "import", kept).await.is_err());
        let refused = verbs::set(&world.world, &Who::operator(), "nobody", kept).await.unwrap_err();
        assert!(refused.to_string().contains("nothing came from a source `nobody`"), "{refused}");
    });
}
