//! A whole roll-out from one table, against a published example.

use std::collections::BTreeMap;
use std::path::PathBuf;

use traction::measure::import::rollout::{self, RolloutWish};
use traction::measure::import::sheet::File;
use traction::measure::outcome::store as outcomes;
use traction::measure::outcome::verbs::Mode;
use traction::measure::uptake::held;
use traction::offer::change;
use traction::trouble::Trouble;
use traction_domain::measure::panel::{Observed, panel};
use traction_domain::offer::metric::Better;
use traction_domain::org::who::Who;
use traction_stats::effect::{self, Settings};
use traction_stats::panel::Unbalanced;

use crate::world::{TestWorld, on_both};

fn wish(outcome: &str) -> RolloutWish {
    RolloutWish {
        change: "minimum-wage".parse().unwrap(),
        unit: "countyreal".into(),
        period: "year".into(),
        outcome: outcome.into(),
        start: "first.treat".into(),
        worth: 0.0,
        better: Better::Up,
    }
}

fn beside() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from)
}

/// Reference: R did 2.5.1 on the same table (mpdta), to 1e-8: what was taken in is what was in the file.
#[test]
fn a_published_roll_out_is_taken_in_and_gives_the_published_effect() {
    let Ok(bytes) = std::fs::read(beside().join("../data/mpdta.csv")) else {
        println!("SKIPPED: mpdta.csv is not beside the project");
        return;
    };
    let expect = std::fs::read(beside().join("mpdta_did_nevertreated_nocov.json")).unwrap();
    let expect: serde_json::Value = serde_json::from_slice(&expect).unwrap();
    on_both(async |world| {
        let file = File { name: "mpdta.csv".into(), bytes: bytes.clone() };
        let who = Who::operator();
        let report = rollout::run(&world.world, &who, &file, &wish("lemp"), Mode::Take).await.unwrap();
        assert_eq!(
            report.to_string(),
            "rollout, 2500 rows: 500 units, 1 change, 191 slots, 2500 outcomes, 0 unchanged."
        );
        let again = rollout::run(&world.world, &who, &file, &wish("lemp"), Mode::Take).await.unwrap();
        assert_eq!(again.to_string(), "rollout, 2500 rows: 2500 unchanged.");

        let sql = world.world.store().read();
        let change = change::verbs::find(sql, "minimum-wage").await.unwrap();
        assert_eq!((change.name.as_str(), change.flag_key.as_str()), ("Minimum wage", "minimum-wage"));
        let rows = outcomes::panel(sql, change.metric, None).await.unwrap();
        let by_unit = held::of_change(sql, change.id).await.unwrap();
        let observed: Vec<Observed<'_>> = rows
            .iter()
            .map(|row| Observed { unit: row.slug.as_str(), period: row.period, value: row.value })
            .collect();
        let begins: BTreeMap<&str, _> = rows
            .iter()
            .filter_map(|row| Some((row.slug.as_str(), by_unit.get(&row.unit)?.begins())))
            .collect();
        let panel = panel(&observed, &begins, Unbalanced::Keep).unwrap();
        let effects = effect::group_time(&panel, &Settings::default()).unwrap();
        let overall = effect::simple(&effects);
        for (got, expect) in [
            (overall.value, &expect["simple"]["overall_att"]),
            (overall.se().unwrap(), &expect["simple"]["overall_se"]),
        ] {
            let expect = expect.as_f64().unwrap();
            assert!((got - expect).abs() <= 1e-8 * expect.abs(), "{got} is not {expect}");
        }
    });
}

const TABLE: &str = "countyreal,year,emp,first.treat\nA 1,2004,1.5,never\nA 1,2005,1.25,never\nB 2,2004,1,2005\nB 2,2005,2,2005\n";

async fn take(world: &TestWorld, text: &str, mode: Mode) -> Result<String, Trouble> {
    let file = File { name: "wages.csv".into(), bytes: text.as_bytes().to_vec() };
    Ok(rollout::run(&world.world, &Who::operator(), &file, &wish("emp"), mode).await?.to_string())
}

#[test]
fn a_roll_out_goes_on_where_it_was_and_is_refused_whole() {
    on_both(async |world| {
        let facts = async || world.world.store().read().last_entry().await.unwrap();
        let tried = take(&world, TABLE, Mode::Try).await.unwrap();
        assert!(tried.starts_with("rollout, 4 rows: 2 units, 1 change, 1 slot, 4 outcomes"), "{tried}");
        assert_eq!(facts().await, 0);
        take(&world, TABLE, Mode::Take).await.unwrap();
        let more = TABLE.replace("1.25", "1.5") + "A 1,2006,2,never\nB 2,2006,3,2005\n";
        let before = facts().await;
        assert_eq!(
            take(&world, &more, Mode::Take).await.unwrap(),
            "rollout, 6 rows: 2 outcomes, 1 outcome corrected, 3 unchanged."
        );
        assert!(facts().await > before);

        let before = facts().await;
        for (text, says) in [
            (
                TABLE.replace("B 2,2005,2,2005", "B 2,2005,x,2005"),
                "wages.csv: line 5, column `emp`: `x` cannot be read",
            ),
            (TABLE.replace("2005,2,2005", "2005,2,2004"), "wages.csv: line 5: `B 2` starts in 2004 here"),
            (
                TABLE.replace(",2005\n", ",2004\n"),
                "wages.csv: line 4, column `first.treat`: `B 2` has had its slot since 2005-01-01",
            ),
            (TABLE.replace("A 1", "b-2"), "wages.csv: line"),
            (TABLE.replace("2005", "20050"), "wages.csv: line 4, column `first.treat`: `20050` is no year"),
            (TABLE.replace("emp", "wage"), "wages.csv: there is no column `emp`"),
        ] {
            let refused = take(&world, &text, Mode::Take).await.unwrap_err().to_string();
            assert!(refused.starts_with(says), "{refused}\nis not\n{says}");
            assert_eq!(facts().await, before, "nothing is half done: {refused}");
        }
    });
}

/// A row without an outcome says nothing to be kept, and a unit that has no other rows is not taken in.
#[test]
fn rows_that_say_nothing_are_passed_over_and_counted() {
    on_both(async |world| {
        let gappy = TABLE.replace("A 1,2005,1.25", "A 1,2005,NA") + "C 3,2004,,2005\nC 3,2005,,2005\n";
        let says = "2 units, 1 change, 1 slot, 3 outcomes, 0 unchanged; passed over: 3 rows without an outcome and 1 unit \
                    without any outcome";
        let tried = take(&world, &gappy, Mode::Try).await.unwrap();
        assert_eq!(tried, format!("rollout, 6 rows: {says} (tried only: nothing was kept)."));
        assert_eq!(take(&world, &gappy, Mode::Take).await.unwrap(), format!("rollout, 6 rows: {says}."));
        let again = take(&world, &gappy, Mode::Take).await.unwrap();
        assert!(again.starts_with("rollout, 6 rows: 3 unchanged; passed over: 3 rows"), "{again}");
        let file = File { name: "wages.csv".into(), bytes: gappy.into_bytes() };
        let report =
            rollout::run(&world.world, &Who::operator(), &file, &wish("emp"), Mode::Try).await.unwrap();
        let json = report.json();
        assert_eq!(
            (&json["rows_without_an_outcome"], &json["units_without_any_outcome"]),
            (&3.into(), &1.into())
        );
    });
}
