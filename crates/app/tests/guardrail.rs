//! Stage 5: limits on outcomes, set by whoever runs a change, shown where people set themselves goals and test.

use traction::measure::outcome::store::Taken;
use traction::measure::outcome::verbs::{self, Mode};
use traction::offer::metric;
use traction_domain::id::{MetricId, UnitId};
use traction_domain::measure::outcome::{Measured, Outcome};
use traction_domain::offer::metric::{Better, propose};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::fixture::BEDSIDE_TESTS;
use crate::world::{TestWorld, on_both};

async fn record(world: &TestWorld, metric: MetricId, values: &[(UnitId, &str, f64)]) {
    let rows: Vec<(UnitId, Outcome)> = values
        .iter()
        .map(|(unit, period, value)| {
            (*unit, Outcome { period: period.parse().unwrap(), measured: Measured::Value(*value) })
        })
        .collect();
    let taken = Taken { kind: "outcomes", sha256: "", n_rows: rows.len() };
    verbs::take(&world.world, &Who::operator(), metric, taken, &rows, Mode::Take).await.unwrap();
}

#[test]
fn a_guardrail_is_set_by_who_runs_the_change_and_says_when_it_is_crossed() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let max = world.person("max", RoleWord::ChangeLead, None).await;
        let (jo, max) = (world.browser_of(jo).await, world.browser_of(max).await);
        let change = max.submit("/changes", &BEDSIDE_TESTS).await;
        let falls = propose("Falls", "per 1000 days", Better::Down).unwrap();
        let falls = metric::verbs::define(&world.world, &Who::operator(), falls).await.unwrap();
        let waiting = metric::verbs::find(world.world.store().read(), "waiting-time").await.unwrap();

        let guardrails = format!("{change}/guardrails");
        let set = [("metric", &*falls.to_string()), ("limit", "5")];
        jo.post(&guardrails, &set).await.is(403);
        let own = max.post(&guardrails, &[("metric", &*waiting.id.to_string()), ("limit", "5")]).await;
        own.is(422).shows("is the one the change is judged by");
        max.submit(&guardrails, &set).await;
        jo.get(&guardrails)
            .await
            .shows("1 set, none crossed.")
            .shows("not above 5 per 1000 days")
            .shows("unknown");

        record(&world, falls, &[(ward, "2026-01", 9.0), (ward, "2026-02", 6.0), (other, "2026-02", 3.0)])
            .await;
        jo.get(&guardrails).await.shows("none crossed").shows("4.50 in 2026-02, mean of 2 units inside");
        record(&world, falls, &[(ward, "2026-02", 8.0)]).await;
        jo.get(&guardrails)
            .await
            .shows("1 set, 1 crossed.")
            .shows("5.50 in 2026-02, mean of 2 units crossed");
        max.submit(&guardrails, &[("metric", &*falls.to_string()), ("limit", "6")]).await;
        jo.get(&guardrails).await.shows("1 set, none crossed.").shows("not above 6");
    });
}

#[test]
fn whoever_commits_or_tests_within_a_change_sees_its_guardrails() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let max = world.person("max", RoleWord::ChangeLead, None).await;
        let (jo, max) = (world.browser_of(jo).await, world.browser_of(max).await);
        let change = max.submit("/changes", &BEDSIDE_TESTS).await;
        let falls = propose("Falls", "per 1000 days", Better::Down).unwrap();
        let falls = metric::verbs::define(&world.world, &Who::operator(), falls).await.unwrap();
        max.submit(&format!("{change}/guardrails"), &[("metric", &*falls.to_string()), ("limit", "5")]).await;

        let sql = world.world.store().read();
        let id = traction::offer::change::verbs::find(sql, "bedside-tests").await.unwrap().id.to_string();
        let goal = [("goal", "No waiting"), ("plan", "Test at the bed"), ("due", "2026-03-09")];
        let within = jo.submit("/commitments", &[&goal[..], &[("change", &*id)]].concat()).await;
        jo.get(&within).await.shows("Inside these guardrails").shows("Falls: not above 5 per 1000 days");
        let free = jo.submit("/commitments", &goal).await;
        jo.get(&free).await.hides("Inside these guardrails");

        let unit = ward.to_string();
        let test = [("aim", "A"), ("prediction", "P"), ("plan", "Q"), ("unit", &*unit), ("change", &*id)];
        let cycle = jo.submit("/cycles", &test).await;
        jo.get(&cycle).await.shows("Part of Bedside tests").shows("Falls: not above 5 per 1000 days");
    });
}
