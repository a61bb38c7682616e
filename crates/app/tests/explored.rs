//! Stage 7: outcomes that a change's guardrails watch are looked at beside its own, and take no part in the verdict.

use std::fmt::Write;

use traction::measure::import::rollout::{self, RolloutWish};
use traction::measure::import::sheet::File;
use traction::measure::outcome::store::Taken;
use traction::measure::outcome::verbs::{self, Mode};
use traction::offer::metric;
use traction::org::unit;
use traction_domain::measure::outcome::{Measured, Outcome};
use traction_domain::offer::metric::{Better, propose};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::world::on_both;

fn wobble(ward: usize, year: i64) -> f64 {
    ((ward * ward * 7) as f64 + (year * year * 3) as f64).sin()
}

/// Sixteen wards over five years, of which six start in 2003 and gain 4 hours; falls go their own way.
#[test]
fn a_guardrails_outcome_is_explored_beside_the_changes_own() {
    on_both(async |world| {
        let mut table = String::from("ward,year,hours,since\n");
        for (ward, year) in (0..16).flat_map(|ward| (2001..=2005).map(move |year| (ward, year))) {
            let since = if ward < 6 { "2003" } else { "" };
            let gain = if ward < 6 && year >= 2003 { 4.0 } else { 0.0 };
            writeln!(table, "ward-{ward},{year},{},{since}", 10.0 + gain + wobble(ward, year)).unwrap();
        }
        let file = File { name: "wards.csv".into(), bytes: table.into_bytes() };
        let wish = RolloutWish {
            change: "early-rounds".parse().unwrap(),
            unit: "ward".into(),
            period: "year".into(),
            outcome: "hours".into(),
            start: "since".into(),
            worth: 1.0,
            better: Better::Up,
        };
        rollout::run(&world.world, &Who::operator(), &file, &wish, Mode::Take).await.unwrap();
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let asked = "/changes/early-rounds/evidence";
        let plain = cleo.submit(asked, &[]).await;
        cleo.get(&plain).await.hides("Further looks");

        let falls = propose("Falls", "per 1000 days", Better::Down).unwrap();
        let falls = metric::verbs::define(&world.world, &Who::operator(), falls).await.unwrap();
        cleo.submit("/changes/early-rounds/guardrails", &[("metric", &*falls.to_string()), ("limit", "5")])
            .await;
        assert_eq!(cleo.submit(asked, &[]).await, plain, "nothing was seen of it yet");
        let mut rows = Vec::new();
        for ward in 0..16 {
            let unit =
                unit::verbs::find(world.world.store().read(), &format!("ward-{ward}")).await.unwrap().id;
            for year in 2001..=2005_i64 {
                let measured = Measured::Value(3.0 + wobble(ward + 40, year));
                rows.push((unit, Outcome { period: year.to_string().parse().unwrap(), measured }));
            }
        }
        let taken = Taken { kind: "outcomes", sha256: "", n_rows: rows.len() };
        verbs::take(&world.world, &Who::operator(), falls, taken, &rows, Mode::Take).await.unwrap();

        let further = cleo.submit(asked, &[]).await;
        assert_ne!(further, plain);
        let page = cleo.get(&further).await;
        page.shows("It works hours rose by")
            .shows("Further looks")
            .shows("take no part in the verdict")
            .shows("Falls");
        let record = async |evidence: &str| {
            world.visitor().get(&format!("{evidence}/files/evidence.json")).await.json()
        };
        let (before, after) = (record(&plain).await, record(&further).await);
        assert_eq!((&before["verdict"], &before["overall"]), (&after["verdict"], &after["overall"]));
        let look = &after["exploratory"][0];
        assert_eq!((&look["kind"], &look["of"]), (&"outcome".into(), &"Falls".into()));
        assert_eq!(look["p_holm"], look["overall"]["p"], "one look is allowed for by itself");
        assert!(look["says"].as_str().unwrap().contains(" per 1000 days ("), "{look}");
    });
}
