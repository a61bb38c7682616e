//! Two poles that need each other: which one suffers, when to rock, and what it did.

use traction::offer::metric;
use traction_domain::id::MetricId;
use traction_domain::offer::metric as metric_rules;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::readings::{around, weekly};
use crate::world::{TestWorld, monday, on_both};

async fn defined(world: &TestWorld, slug: &str) -> MetricId {
    let better = metric_rules::Better::Up;
    let proposed = metric_rules::propose(slug, "points", better).unwrap();
    metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap()
}

fn entries<'a>(quick: &'a str, careful: &'a str, unit: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("left_name", "Quick"),
        ("left_upside", "people are seen at once"),
        ("left_early_warning", "the corridor fills"),
        ("left_metric", quick),
        ("left_healthy", "80"),
        ("left_floor", "60"),
        ("right_name", "Careful"),
        ("right_upside", "nothing is missed"),
        ("right_early_warning", "people come back"),
        ("right_metric", careful),
        ("right_healthy", "80"),
        ("right_floor", "60"),
        ("attention", "left"),
        ("unit", unit),
    ]
}

#[test]
fn a_neglected_pole_is_seen_rocked_to_and_what_it_did_is_told() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let bay = world.unit("bay-1", Some("ward-7")).await;
        let other = world.unit("ward-8", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let (lea, jo) = (world.browser_of(lea).await, world.browser_of(jo).await);
        let (quick, careful) = (defined(&world, "quick").await, defined(&world, "careful").await);
        let first = monday().after_days(-7 * 14);
        weekly(&world, quick, ward, first, &around(80.0, 14)).await;
        weekly(&world, careful, ward, first, &around(60.0, 14)).await;
        // A unit below counts, one beside does not: the pole is at (60 + 70) / 2.
        weekly(&world, careful, bay, first, &around(70.0, 14)).await;
        weekly(&world, careful, other, first, &around(99.0, 14)).await;

        let (quick, careful, ward) = (quick.to_string(), careful.to_string(), ward.to_string());
        let wish = entries(&quick, &careful, &ward);
        jo.post("/tensions", &wish).await.is(403);
        let tension = lea.submit("/tensions", &wish).await;
        lea.get(&tension)
            .await
            .shows("Careful is low while Quick is not: watch for \"people come back\".")
            .shows("Nothing moves: more of the same will not help. Rock to Careful: nothing is missed.")
            .shows("Careful: flat, too slow to reach its healthy level within 12 weeks.");
        let told = lea.get(&tension).await.text();
        assert_eq!(told.matches("Careful is low while Quick is not").count(), 1, "said once: {told}");
        lea.get("/tensions").await.shows("Quick and Careful in ward-7").shows("Rock to Careful");

        let rocks = format!("{tension}/rocks");
        jo.post(&rocks, &[("to", "right"), ("why", "people come back")]).await.is(403);
        lea.post(&rocks, &[("to", "right"), ("why", " ")])
            .await
            .is(422)
            .shows("Please fill in why you rock now");
        lea.submit(&rocks, &[("to", "right"), ("why", "people come back")]).await;
        lea.post(&rocks, &[("to", "right"), ("why", "again")])
            .await
            .is(422)
            .shows("The attention is on Careful already");

        world.days_go_by(7.0 * 6.0).await;
        let (ward, bay) = (ward.parse().unwrap(), bay);
        weekly(&world, quick.parse().unwrap(), ward, monday(), &around(76.0, 6)).await;
        weekly(&world, careful.parse().unwrap(), ward, monday(), &around(80.0, 6)).await;
        weekly(&world, careful.parse().unwrap(), bay, monday(), &around(80.0, 6)).await;
        lea.get(&tension)
            .await
            .shows("Careful got better: from 65.0 (6 weeks before) to 79.8 (5 weeks since).")
            .shows("Quick got worse: from 80.0 (6 weeks before) to 75.8 (5 weeks since).");
    });
}

#[test]
fn poles_that_are_not_two_are_refused_and_nothing_written_is_lost() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let (quick, careful) =
            (defined(&world, "quick").await.to_string(), defined(&world, "careful").await.to_string());
        let ward = ward.to_string();
        let changed = |field: &str, value: &'static str| -> Vec<(&'static str, String)> {
            entries(&quick, &careful, &ward)
                .into_iter()
                .map(|(name, given)| (name, if name == field { value.to_owned() } else { given.to_owned() }))
                .collect()
        };
        for (field, value, says) in [
            ("left_healthy", "50", "The healthy level of Quick must be better than its floor"),
            ("right_name", "quick", "Both poles have the same name"),
            ("left_healthy", "high", "`high` is not a number"),
        ] {
            let wish = changed(field, value);
            let wish: Vec<(&str, &str)> = wish.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let page = lea.post("/tensions", &wish).await;
            page.is(422).shows(says);
            assert!(page.body.contains("value=\"people come back\""), "{}", page.body);
        }
        let same = entries(&quick, &quick, &ward);
        lea.post("/tensions", &same).await.is(422).shows("Both poles have the same metric");
        lea.get("/tensions").await.shows("0 pairs of values");
    });
}
