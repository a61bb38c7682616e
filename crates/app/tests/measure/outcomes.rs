//! Outcomes by page and by program: seen before they are taken, corrected by sending them again.

use serde_json::json;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

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
