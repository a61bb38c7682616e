//! Outcomes by page and by program: seen before they are taken, corrected by sending them again.

use serde_json::json;
use traction::measure::outcome;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::own_words::{get_csv, send_csv};
use crate::world::{TestWorld, on_both};

async fn absence(world: &TestWorld) {
    for ward in ["ward-1", "ward-2"] {
        world.unit(ward, None).await;
    }
    let proposed = metric_rules::propose("Absence", "days a month", Better::Down).unwrap();
    metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
}

#[test]
fn a_pasted_table_is_looked_at_first_then_taken_once_and_corrected_later() {
    on_both(async |world| {
        absence(&world).await;
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        lead.get("/outcomes/absence").await.shows("Nothing is known yet");
        let rows = "unit,period,value\nward-1,2026-01,2.5\nward-2,2026-01,3.5\n";
        let seen = lead.post("/outcomes/absence", &[("step", "try"), ("rows", rows)]).await;
        seen.is(200).shows("This would happen").shows("2 new, 0 corrected, 0 known already");
        lead.get("/outcomes/absence").await.shows("Nothing is known yet");

        lead.submit("/outcomes/absence", &[("step", "take"), ("rows", rows)]).await;
        lead.get("/outcomes/absence")
            .await
            .shows("2 units from 2026-01 to 2026-01; last on average 3.000 days a month.");
        let again = lead.post("/outcomes/absence", &[("step", "try"), ("rows", rows)]).await;
        again.shows("0 new, 0 corrected, 2 known already").hides("Take them in");

        let corrected = "unit;period;numerator;denominator\nward-2;2026-01;45;10\n";
        lead.submit("/outcomes/absence", &[("step", "take"), ("rows", corrected)]).await;
        lead.get("/outcomes/absence").await.shows("last on average 3.500");
        lead.get("/outcomes").await.shows("Absence days a month 2 1");

        let bad = lead
            .post("/outcomes/absence", &[("step", "try"), ("rows", "unit,period,value\nward-9,2026-01,1\n")])
            .await;
        bad.is(422).shows("line 2, column `unit`: there is no unit `ward-9`");
        assert!(bad.body.contains("ward-9,2026-01,1"), "nothing of what was pasted is lost");
        world.visitor().post("/outcomes/absence", &[("rows", rows)]).await.is(303);
        let ward = traction::org::unit::verbs::find(world.world.store().read(), "ward-1").await.unwrap().id;
        let other = world.person("lou", RoleWord::Lead, Some(ward)).await;
        let other = world.browser_of(other).await;
        other.post("/outcomes/absence", &[("step", "take"), ("rows", rows)]).await.is(403);
        other
            .submit(
                "/outcomes/absence",
                &[("step", "take"), ("rows", "unit,period,value\nward-1,2026-02,2\n")],
            )
            .await;
    });
}

#[test]
fn a_program_sends_outcomes_all_or_none() {
    on_both(async |world| {
        absence(&world).await;
        let writer = world.client(&[Scope::Write]).await;
        let path = "/api/v1/metrics/absence/outcomes";
        let half = json!([{"unit": "ward-1", "period": "2026-01", "value": 2.5}, {"unit": "ward-1", "period": "soon", "value": 1}]);
        let refused = writer.post(path, &half).await;
        refused.is(422);
        assert!(
            refused.json()["detail"].as_str().unwrap().starts_with("Row 2 (ward-1, soon): "),
            "{}",
            refused.body
        );
        assert_eq!(writer.get(path).await.json()["items"], json!([]));

        let rows = json!([{"unit": "ward-1", "period": "2026-01", "value": 2.5}, {"unit": "ward-2", "period": "2026-01", "numerator": 7, "denominator": 2}]);
        assert_eq!(
            writer.post(path, &rows).await.json(),
            json!({"rows": 2, "new": 2, "corrected": 0, "unchanged": 0})
        );
        assert_eq!(writer.post(path, &rows).await.json()["unchanged"], 2);
        let later = json!([{"unit": "ward-1", "period": "2026-01", "value": 2.75}]);
        assert_eq!(writer.post(path, &later).await.json()["corrected"], 1);
        let items = writer.get(path).await.json();
        assert_eq!(items["items"][0], json!({"unit": "ward-1", "period": "2026-01", "value": 2.75}));
        assert_eq!(items["items"][1]["value"], 3.5);
    });
}

/// What goes in comes out: the own export taken in again changes nothing.
#[test]
fn numerator_and_denominator_come_out_with_the_value_and_go_in_again_unchanged() {
    on_both(async |world| {
        absence(&world).await;
        let client = world.client(&[Scope::Write]).await;
        let path = "/api/v1/metrics/absence/outcomes";
        let rows = json!([
            {"unit": "ward-1", "period": "2026-01", "numerator": 7, "denominator": 140.5},
            {"unit": "ward-2", "period": "2026-01", "value": 0.3},
            {"unit": "ward-1", "period": "2026-02", "numerator": 1, "denominator": 1},
            {"unit": "ward-2", "period": "2026-02", "numerator": 0, "denominator": 999},
        ]);
        client.post(path, &rows).await.is(200);
        let items = client.get(path).await.json()["items"].clone();
        assert_eq!((&items[0]["numerator"], &items[0]["denominator"]), (&json!(7.0), &json!(140.5)));
        assert_eq!(items[2], json!({"unit": "ward-2", "period": "2026-01", "value": 0.3}));
        let unchanged = json!({"rows": 4, "new": 0, "corrected": 0, "unchanged": 4});
        assert_eq!(client.post(path, &items).await.json(), unchanged);
        let csv = get_csv(&world, client.token(), path).await;
        assert!(csv.starts_with("unit,period,value,numerator,denominator\nward-1,2026-01,"), "{csv}");
        assert_eq!(send_csv(&world, client.token(), path, &csv).await.json(), unchanged);

        // A ward with one bed day does not weigh as one with a thousand.
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        let page = lead.get("/outcomes/absence").await;
        page.shows("last on average 0.001 days a month")
            .shows("all numerators together over all denominators");
        // A correction that changes the parts and not the value is told as what it is.
        client
            .post(
                path,
                &json!([{"unit": "ward-1", "period": "2026-01", "numerator": 14, "denominator": 281}]),
            )
            .await;
        let file = lead.get("/outcomes/absence/corrections.csv").await.body;
        assert!(file.contains(",7,140.5,") && file.contains(",14,281,"), "{file}");
    });
}

/// A slip in the kind of period is mended by taking it back: nothing of it binds what comes after, nor is it counted.
#[test]
fn what_was_taken_back_is_known_no_more() {
    on_both(async |world| {
        absence(&world).await;
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        let taken = async |rows: &str| {
            let rows = format!("unit,period,value\n{rows}\n");
            lead.submit("/outcomes/absence", &[("step", "take"), ("rows", &rows), ("calendar", "")]).await;
        };
        let figure = async || {
            let page = lead.get("/outcomes").await.body;
            page.contains(">1 measured<").then_some(1).or(page.contains(">0 measured<").then_some(0))
        };
        taken("ward-1,2026,900").await;
        assert_eq!(figure().await, Some(1));
        lead.get("/outcomes").await.shows("Absence days a month 1 1").shows("Of 1 of 1 metrics");
        taken("ward-1,2026,").await;
        assert_eq!(figure().await, Some(0));
        lead.get("/outcomes").await.shows("Absence days a month 0 0").shows("Of 0 of 1 metrics");
        let sql = world.world.store().read();
        let metric = metric::verbs::find(sql, "absence").await.unwrap();
        let by_month = Calendar::Month;
        outcome::verbs::set_calendar(&world.world, &Who::operator(), metric.id, by_month).await.unwrap();
        taken("ward-1,2026-01,9").await;
        lead.get("/outcomes/absence").await.shows("1 unit from 2026-01 to 2026-01");
    });
}
