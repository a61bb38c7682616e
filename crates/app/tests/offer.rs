//! Stage 2: a change is opened, its prediction locked, a wave announced.

use traction_domain::org::role::RoleWord;

use crate::world::on_both;

const CHANGE: [(&str, &str); 8] = [
    ("name", "Bedside tests"),
    ("promise", "Results in ten minutes"),
    ("goal_title", "Results within the hour"),
    ("target", "60"),
    ("metric_name", "Waiting time"),
    ("unit_of_measure", "minutes per test"),
    ("better", "down"),
    ("worth", "10"),
];

#[test]
fn the_lead_of_a_unit_opens_a_change_at_home_without_anybodys_approval() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let (ward, other) = (ward.to_string(), other.to_string());
        lea.post("/changes", &[&CHANGE[..], &[("unit", &other)]].concat()).await.is(403);
        lea.post("/changes", &CHANGE).await.is(403);
        let change = lea.submit("/changes", &[&CHANGE[..], &[("unit", &ward)]].concat()).await;
        assert_eq!(change, "/changes/bedside-tests");
        world
            .visitor()
            .get(&change)
            .await
            .is(200)
            .shows("Results within the hour (Waiting time: 60 minutes per test)");
        lea.post("/changes", &[&CHANGE[..], &[("unit", &ward)]].concat())
            .await
            .is(422)
            .shows("There is a metric `waiting-time` already; choose it from the list");
        let renamed = [&CHANGE[..4], &[("metric_name", "Waits")], &CHANGE[5..], &[("unit", &ward)]].concat();
        lea.post("/changes", &renamed).await.is(422).shows("There is a change `bedside-tests` already");
        let kim =
            world.person("kim", RoleWord::Member, None.or(Some(world.unit("ward-9", None).await))).await;
        world.browser_of(kim).await.post("/changes", &CHANGE).await.is(403);
    });
}

#[test]
fn no_wave_before_the_prediction_is_locked_and_no_other_prediction_after() {
    on_both(async |world| {
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let change = cleo.submit("/changes", &CHANGE).await;
        let wave = [
            ("n_slots", "4"),
            ("opens_at", "2026-03-02T09:00"),
            ("closes_at", "2026-03-16T09:00"),
            ("starts_at", "2026-03-23T06:00"),
            ("pledge", "An hour a week"),
        ];
        let waves = format!("{change}/waves");
        cleo.post(&waves, &wave)
            .await
            .is(422)
            .shows("Lock the prediction of this change first")
            .shows("Announce");
        let prediction = format!("{change}/prediction");
        cleo.submit(&prediction, &[("prediction", "An hour less"), ("effect", "-60")]).await;
        cleo.get(&prediction).await.shows("An hour less").shows("-60 minutes per test");
        cleo.post(&prediction, &[("prediction", "Two"), ("effect", "-2")])
            .await
            .is(422)
            .shows("stays as it is");
        assert_eq!(cleo.submit(&waves, &wave).await, format!("{change}/waves/1"));
        cleo.get(&change).await.shows("Wave 1 : 4 slots");

        let mut late = wave;
        late[3] = ("starts_at", "2026-03-10T06:00");
        cleo.post(&waves, &late).await.is(422).shows("before applications close");
        let mut unclear = wave;
        unclear[2] = ("closes_at", "in two weeks");
        cleo.post(&waves, &unclear)
            .await
            .is(422)
            .shows("`in two weeks` is not a date and time; write it like 2026-11-22T09:30");
    });
}
