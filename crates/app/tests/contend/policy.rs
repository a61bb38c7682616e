//! How a wave chooses: tried before it is published, frozen when it opens, and what everybody sees of the contenders.

use serde_json::json;
use traction::contend::application;
use traction::org::person;
use traction::org::token::store::Scope;
use traction_domain::org::role::{Role, RoleWord};
use traction_domain::org::who::Who;

use super::ground::{CHANGE, WAVE, announce, apply, contenders, ward, wave};
use crate::world::{TestWorld, on_both};

const POLICY: &str = "/changes/bedside-tests/waves/1/policy";

/// A form that is filled in, with layers by these rules.
fn filled(
    rules: &[&'static str],
    threshold: &'static str,
    cap: &'static str,
) -> Vec<(&'static str, &'static str)> {
    let mut entries = vec![
        ("filled", "in"),
        ("threshold", threshold),
        ("cuts", ""),
        ("unshown", "1"),
        ("cap", cap),
        ("contenders", "counted"),
    ];
    entries.extend(rules.iter().map(|rule| (*rule, "counts")));
    entries
}

fn asked(entries: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(entries).finish();
    format!("{POLICY}?{query}")
}

/// By hand: five wards and two slots, all in one tier: each has two chances in five.
#[test]
fn a_policy_shows_what_it_does_before_it_is_published_and_binds_nobody_until_then() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-05T08:00").await;
        for slug in ["ash", "birch", "cedar", "elm", "fir"] {
            world.unit(slug, None).await;
        }
        let before = cleo.get(POLICY).await;
        before.shows("As published: of 5 units, the lottery decides for 5.");
        before.shows("Tried on all 5 units without it").shows("40 %").shows("the lottery decides");

        let strict = [filled(&[], "", ""), vec![("unshown", "")]].concat();
        let strict: Vec<_> = strict.into_iter().filter(|entry| *entry != ("unshown", "1")).collect();
        let trial = cleo.get(&asked(&strict)).await;
        trial
            .shows("As filled in, not published yet: of 5 units")
            .shows("5 may not contend")
            .shows("this wave asks for a readiness pulse")
            .shows("Publish it like this?");
        world.visitor().get(WAVE).await.shows("A unit without a shown pulse stands in band 2");
        cleo.submit(POLICY, &strict).await;
        world
            .visitor()
            .get(WAVE)
            .await
            .shows("A unit needs a shown pulse")
            .shows("all units are equally near");
        let refused = cleo.get(&asked(&filled(&[], "7", ""))).await;
        refused.is(422).shows("The threshold 7 is outside the scale").hides("Publish it like this?");
        let mut no_number = filled(&[], "", "");
        no_number[2].1 = "high, low";
        let refused = cleo.get(&asked(&no_number)).await;
        refused.is(422).shows("The cut points high, low cannot part readiness").hides("NaN");
    });
}

#[test]
fn a_cap_is_counted_over_the_same_draws_as_in_the_record() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-03T08:00").await;
        let mut wards = Vec::new();
        world.unit("north", None).await;
        world.unit("south", None).await;
        for (slug, parent) in [("ash", "north"), ("birch", "north"), ("cedar", "north"), ("elm", "south")] {
            let id = world.unit(slug, Some(parent)).await;
            let lead = world.person(&format!("lead-{slug}"), RoleWord::Lead, Some(id)).await;
            wards.push(super::ground::Ward { id, lead: world.browser_of(lead).await });
        }
        let capped = filled(&["layer_people", "layer_parent"], "", "1");
        let trial = cleo.get(&asked(&capped)).await;
        // One slot a hospital: elm's is certain but for draws in which two of north stand before it, which the cap forbids.
        trial
            .shows("10,000 draws")
            .shows("of 4 units, 1 would get a slot for certain, and the lottery decides for 3.");
        cleo.submit(POLICY, &capped).await;
        world.days_go_by(1.0).await;
        for ward in &wards {
            apply(ward).await;
        }
        let told = cleo.get(POLICY).await;
        world.days_go_by(3.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = world.visitor().get(&format!("{WAVE}/draw.json")).await.json();
        for unit in ["ash", "birch", "cedar"] {
            let chance = record["probability"][unit].as_f64().unwrap();
            assert!((0.3..0.37).contains(&chance), "{unit}: {chance}");
            assert!(told.body.contains(&format!("title=\"{chance} exactly\"")), "{unit}: {chance}");
        }
        assert_eq!(record["probability"]["elm"], json!(1.0));
    });
}

#[test]
fn only_who_runs_the_change_settles_it_and_nobody_once_it_has_opened() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-05T08:00").await;
        let ash = ward(&world, "ash").await;
        let form = filled(&["layer_distance"], "", "");
        ash.lead.get(POLICY).await.is(403);
        ash.lead.post(POLICY, &form).await.is(403);
        world.visitor().get(POLICY).await.is(303);
        world.visitor().post(POLICY, &form).await.is(303);
        cleo.submit(POLICY, &form).await;
        world.visitor().get(WAVE).await.shows("come first: the others by the steps between them");

        let unit = ash.id.to_string();
        let protect = format!("{WAVE}/protected");
        cleo.submit(&protect, &[("unit", &unit), ("why", "pilot")]).await;
        cleo.get(POLICY).await.shows("ash: pilot (cleo)").shows("protected place");
        cleo.submit(&protect, &[("unit", &unit), ("place", "open")]).await;
        cleo.get(POLICY).await.hides("ash: pilot (cleo)");
        cleo.submit(&protect, &[("unit", &unit), ("why", "pilot again")]).await;

        world.days_go_by(3.0).await;
        let late = cleo.post(POLICY, &form).await;
        late.is(422)
            .shows("This wave opened on 5 March 2026, 08:00 UTC; how it chooses stays as units read it then");
        cleo.post(&protect, &[("unit", &unit), ("place", "open")]).await.is(422).shows("This wave opened on");
        apply(&ash).await;
        cleo.get(POLICY)
            .await
            .shows("Frozen since it opened")
            .shows("1 unit that contends now")
            .hides("Show what it would do");
    });
}

/// The group has two hospitals of two wards; it works in ash of the first. Distance parts birch, beside it, from the
/// wards of the other hospital; kim, who belongs to ash and to elm, brings elm in front where shared people count.
#[test]
fn layers_are_told_by_the_rules_that_count() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        for (unit, above) in [("group", None), ("north", Some("group")), ("south", Some("group"))] {
            world.unit(unit, above).await;
        }
        let ash = world.unit("ash", Some("north")).await;
        let lead = world.person("lead-ash", RoleWord::Lead, Some(ash)).await;
        let ash_ward = super::ground::Ward { id: ash, lead: world.browser_of(lead).await };
        world.unit("birch", Some("north")).await;
        let elm = world.unit("elm", Some("south")).await;
        world.unit("fir", Some("south")).await;
        apply(&ash_ward).await;
        let kim = world.person("kim", RoleWord::Member, Some(ash)).await;
        let member: Role = RoleWord::Member.role(Some(elm)).unwrap();
        person::verbs::give_role(&world.world, &Who::operator(), kim, member).await.unwrap();
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        world.days_go_by(2.0).await;
        let opens = "2026-03-20T08:00";
        let second = announce(&cleo, "1", opens, "2026-03-24T08:00", "2026-03-26T06:00").await;
        let policy = |rules: &[&'static str]| {
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(filled(rules, "", "")).finish();
            format!("{second}/policy?{query}")
        };
        let by_distance = cleo.get(&policy(&["layer_distance"])).await;
        by_distance
            .shows("birch 100 % certain 1 1 2 steps away in the organisation's tree")
            .shows("elm 0 % waits 1 3 4 steps away in the organisation's tree")
            .shows("fir 0 % waits 1 3 4 steps away");
        let by_people = cleo.get(&policy(&["layer_people", "layer_distance"])).await;
        by_people
            .shows("elm 100 % certain 1 0 shares people with a unit that has it")
            .shows("birch 0 % waits 1 2 2 steps away");
        cleo.get(&policy(&[])).await.shows("birch 33.3 % the lottery decides 1 0 all units are equally near");
        cleo.get(&policy(&["layer_parent"])).await.shows("birch 100 % certain 1 0 beside a unit that has it");
    });
}

/// Sets what everybody sees of the contenders, lets two wards apply, and tells what a visitor and a program see.
async fn seen(world: &TestWorld, contenders_word: &'static str) -> (String, serde_json::Value) {
    let cleo = wave(world, "1", "2026-03-03T08:00").await;
    let form = [filled(&[], "", ""), vec![]].concat();
    let form: Vec<_> = form
        .into_iter()
        .filter(|(name, _)| *name != "contenders")
        .chain([("contenders", contenders_word)])
        .collect();
    cleo.submit(POLICY, &form).await;
    world.days_go_by(1.0).await;
    contenders(world, ["ash", "elm"]).await;
    cleo.get(WAVE).await.shows("Results come late");
    let reader = world.client(&[Scope::Read]).await;
    let listed = reader.get(&format!("/api/v1{WAVE}/applications")).await;
    listed.is(200);
    let draw = world.visitor().get(&format!("{WAVE}/draw")).await;
    draw.hides("elm");
    (world.visitor().get(WAVE).await.text(), listed.json())
}

#[test]
fn everybody_sees_of_the_contenders_what_the_policy_says_on_pages_and_by_the_api() {
    on_both(async |world| {
        let (page, listed) = seen(&world, "counted").await;
        assert!(
            page.contains("2 units contend") && !page.contains("elm") && !page.contains("Results come late")
        );
        assert_eq!(listed, json!({"contenders": 2, "shown": "counted", "items": [], "next": null}));
    });
    on_both(async |world| {
        let (page, listed) = seen(&world, "named").await;
        assert!(page.contains("elm") && !page.contains("Results come late"));
        assert_eq!(listed["items"], json!([{"unit": "ash"}, {"unit": "elm"}]));
    });
    on_both(async |world| {
        let (page, listed) = seen(&world, "told").await;
        assert!(page.contains("elm") && page.contains("Results come late") && page.contains("Before nine"));
        assert!(!page.contains("Jo"), "who answers for it is the unit's own");
        let ash = json!({"unit": "ash", "pain": "Results come late", "aim": "Before nine"});
        assert_eq!(listed["items"][0], ash);
    });
}

#[test]
fn a_policy_is_tried_on_those_who_got_nothing_before() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "elm", "fir"]).await;
        world.unit("yew", None).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let second = announce(&cleo, "1", "2026-03-20T08:00", "2026-03-24T08:00", "2026-03-26T06:00").await;
        let page = cleo.get(&format!("{second}/policy")).await;
        page.shows("Tried on 2 units that contended earlier and got no slot").hides("yew 50 %");
        let all = cleo.get(&format!("{second}/policy?whom=all&filled=in&unshown=1&contenders=counted")).await;
        all.shows("Tried on all 3 units without it").shows("yew 33.3 % the lottery decides 1 0");
        let sql = world.world.store().read();
        let (change, _) = traction::offer::wave::verbs::find(sql, "bedside-tests", 1).await.unwrap();
        let before = application::store::contended_before(sql, change.id, 2).await.unwrap();
        assert_eq!(before.len(), 3);
        world.visitor().get(CHANGE).await.is(200);
    });
}
