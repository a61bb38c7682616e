//! Stage 2: a change is opened, its prediction locked, a wave announced.

use traction::grant::slot;
use traction::grant::slot::store::Granting;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::fixture::BEDSIDE_TESTS;
use crate::world::on_both;

#[test]
fn the_lead_of_a_unit_opens_a_change_at_home_without_anybodys_approval() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let (ward, other) = (ward.to_string(), other.to_string());
        lea.post("/changes", &[&BEDSIDE_TESTS[..], &[("unit", &other)]].concat()).await.is(403);
        lea.post("/changes", &BEDSIDE_TESTS).await.is(403);
        let page = lea.post("/changes", &[&BEDSIDE_TESTS[..], &[("unit", &other)]].concat()).await;
        page.shows("Only a unit's lead (in his own unit) or a change lead can open a change.");
        assert!(page.body.contains("value=\"Results within the hour\""), "nothing is lost: {}", page.body);
        assert!(!page.body.contains(&other), "only his own units are offered: {}", page.body);
        let gone = "01890000-0000-7000-8000-000000000000";
        let page =
            lea.post("/changes", &[&BEDSIDE_TESTS[..], &[("unit", &ward), ("goal", gone)]].concat()).await;
        page.is(404).shows("The goal you picked is not there any more; choose another one.");
        assert!(page.body.contains("value=\"Results within the hour\""), "nothing is lost: {}", page.body);
        let change = lea.submit("/changes", &[&BEDSIDE_TESTS[..], &[("unit", &ward)]].concat()).await;
        assert_eq!(change, "/changes/bedside-tests");
        world
            .visitor()
            .get(&change)
            .await
            .is(200)
            .shows("Results within the hour (Waiting time: 60 minutes per test)");
        lea.post("/changes", &[&BEDSIDE_TESTS[..], &[("unit", &ward)]].concat())
            .await
            .is(422)
            .shows("There is a metric `waiting-time` already; choose it from the list");
        let renamed =
            [&BEDSIDE_TESTS[..4], &[("metric_name", "Waits")], &BEDSIDE_TESTS[5..], &[("unit", &ward)]]
                .concat();
        lea.post("/changes", &renamed).await.is(422).shows("There is a change `bedside-tests` already");
        let kim =
            world.person("kim", RoleWord::Member, None.or(Some(world.unit("ward-9", None).await))).await;
        let kim = world.browser_of(kim).await;
        kim.post("/changes", &BEDSIDE_TESTS).await.is(403);
        kim.get("/changes/new")
            .await
            .is(200)
            .shows("A unit's lead can open one")
            .hides("What does it promise");
        kim.get("/changes").await.hides("Open a change");
        lea.get("/changes").await.shows("Open a change");
    });
}

#[test]
fn no_wave_before_the_prediction_is_locked_and_no_other_prediction_after() {
    on_both(async |world| {
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let change = cleo.submit("/changes", &BEDSIDE_TESTS).await;
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
        assert_eq!(
            cleo.submit(&waves, &wave).await,
            format!("{change}/waves/1"),
            "sent twice, announced once"
        );
        cleo.get(&change).await.hides("Wave 2");

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

#[test]
fn the_ring_of_a_change_shows_its_own_figures_and_the_navigation_how_many_are_offered() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let unit = ward.to_string();
        let huddle = lea.submit("/changes", &[&BEDSIDE_TESTS[..], &[("unit", &unit)]].concat()).await;
        let mut second = BEDSIDE_TESTS.to_vec();
        second[0] = ("name", "Early rounds");
        second[4] = ("metric_name", "Rounds");
        let rounds = lea.submit("/changes", &[&second[..], &[("unit", &unit)]].concat()).await;
        let page = lea.get(&huddle).await;
        assert!(page.body.contains("2 offered"), "the navigation: {}", page.body);
        lea.submit(&format!("{rounds}/state"), &[("state", "paused"), ("why", "the flood")]).await;
        assert!(lea.get(&huddle).await.body.contains("1 offered"), "a paused one is not");

        let pain = [
            ("title", "Two log-ins"),
            ("unit", unit.as_str()),
            ("times_per_week", "30"),
            ("minutes", "2"),
            ("people", "8"),
        ];
        lea.submit("/frictions", &pain).await;
        lea.get(&huddle).await.shows("1 open friction anywhere");
        let id = |slug: &'static str| {
            let sql = world.world.store().read();
            async move { traction::offer::change::verbs::find(sql, slug).await.unwrap().id }
        };
        let (of_huddle, of_rounds) = (id("bedside-tests").await, id("early-rounds").await);
        let granted = async |change, unit| {
            let time = Span { from: world.world.now(), until: None };
            let granting = Granting { change, wave: None, unit, asked: Asked::Pull, probability: None, time };
            let mut tx = world.world.store().begin().await.unwrap();
            slot::verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
            world.world.commit(tx).await.unwrap();
        };
        let other = world.unit("ward-8", None).await;
        granted(of_huddle, other).await;
        granted(of_rounds, ward).await;
        lea.get(&huddle).await.shows("0 open frictions Nobody in its units names a pain now.");
        lea.get(&rounds).await.shows("1 open friction People in its units");
        granted(of_huddle, ward).await;
        let cycle = [
            ("aim", "Shorter rounds"),
            ("prediction", "Ten minutes less"),
            ("plan", "Two nurses try it"),
            ("unit", &unit),
            ("change", &of_rounds.to_string()),
        ];
        lea.submit("/cycles", &cycle).await;
        lea.get(&huddle).await.shows("0 cycles running");
        lea.get(&rounds).await.shows("1 cycle running").hides("usage and outcomes").shows("no data");
    });
}
