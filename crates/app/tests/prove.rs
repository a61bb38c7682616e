//! Stage 7: the data are asked what a change did, and the answer stays as it was.

use std::fmt::Write;

use traction::measure::import::rollout::{self, RolloutWish};
use traction::measure::import::sheet::File;
use traction::measure::outcome::verbs::Mode;
use traction::offer::change;
use traction::org::token::store::Scope;
use traction::org::unit;
use traction::prove::evidence::{store, verbs};
use traction_domain::offer::metric::Better;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::fixture::BEDSIDE_TESTS;
use crate::world::{TestWorld, on_both};

/// Sixteen wards over five years; those that `starts` names gain 4 from then on, and a wobble stands for chance.
fn wards(starts: impl Fn(usize) -> Option<i64>) -> String {
    let mut table = String::from("ward,year,hours,since\n");
    for ward in 0..16 {
        for year in 2001..=2005_i64 {
            let start = starts(ward);
            let gain = if start.is_some_and(|start| year >= start) { 4.0 } else { 0.0 };
            let wobble = ((ward * ward * 7) as f64 + (year * year * 3) as f64).sin();
            let since = start.map(|start| start.to_string()).unwrap_or_default();
            writeln!(table, "ward-{ward},{year},{},{since}", 10.0 + gain + wobble).unwrap();
        }
    }
    table
}

fn six_start(ward: usize) -> Option<i64> {
    (ward < 6).then_some(2003)
}

fn wish(worth: f64) -> RolloutWish {
    RolloutWish {
        change: "early-rounds".parse().unwrap(),
        unit: "ward".into(),
        period: "year".into(),
        outcome: "hours".into(),
        start: "since".into(),
        worth,
        better: Better::Up,
    }
}

async fn take_in(world: &TestWorld, table: &str) {
    let file = File { name: "wards.csv".into(), bytes: table.as_bytes().to_vec() };
    rollout::run(&world.world, &Who::operator(), &file, &wish(1.0), Mode::Take).await.unwrap();
}

#[test]
fn the_data_are_asked_and_the_answer_names_what_it_rests_on() {
    on_both(async |world| {
        take_in(&world, &wards(six_start)).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let asked = "/changes/early-rounds/evidence";
        cleo.get("/evidence").await.shows("No change has been asked").shows("Not asked yet Early rounds");
        cleo.get(asked).await.shows("The data have not been asked yet.").shows("Ask the data");
        world.visitor().get(asked).await.hides("Ask the data");

        let evidence = cleo.submit(asked, &[]).await;
        let page = world.visitor().get(&evidence).await;
        page.shows("It works hours rose by").shows("the 10 units that never started");
        page.shows("at least 1 was hoped for").shows("Started 2003 6").shows("What must be believed");
        page.hides("Make a showcase of it").hides("simulated");
        assert!(page.body.contains("<svg"), "{}", page.body);
        cleo.get(&evidence).await.shows("Make a showcase of it").shows("Ask the data again");
        world.visitor().get("/evidence").await.shows("One change has an answer; it works.");

        let panel = format!("{evidence}/files/panel.csv");
        world.visitor().get(&panel).await.is(303);
        let ward = unit::verbs::find(world.world.store().read(), "ward-0").await.unwrap().id;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        jo.get(&panel).await.is(403).shows("it holds every unit's figures");
        jo.get(&evidence)
            .await
            .hides("The panel it rests on")
            .shows("only those who run the change can have it");
        let panel = cleo.get(&panel).await;
        assert!(panel.body.starts_with("unit,period,outcome,start\nward-"), "{}", panel.body);
        let record = world.visitor().get(&format!("{evidence}/files/evidence.json")).await.json();
        let hash = <sha2::Sha256 as sha2::Digest>::digest(panel.body.as_bytes());
        assert_eq!(record["data"]["sha256"], hex::encode(hash), "the hash is that of the panel handed out");
        let svg = world.visitor().get(&format!("{evidence}/files/event-study.svg")).await;
        assert!(svg.body.starts_with("<svg") || svg.body.starts_with("<?xml"), "{}", svg.body);
        world.visitor().get(&format!("{evidence}/files/other.txt")).await.is(404);
    });
}

/// What the pages hand out is what the command makes again, to the last byte.
#[test]
fn a_record_saved_from_its_page_is_made_again_from_its_files() {
    on_both(async |world| {
        take_in(&world, &wards(six_start)).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let evidence = cleo.submit("/changes/early-rounds/evidence", &[]).await;
        let folder = tempfile::tempdir().unwrap();
        for file in ["evidence.json", "panel.csv", "report.html", "event-study.svg"] {
            let content = cleo.get(&format!("{evidence}/files/{file}")).await.is(200).body.clone();
            std::fs::write(folder.path().join(file), content).unwrap();
        }
        let again = || {
            let traction = std::process::Command::new(env!("CARGO_BIN_EXE_traction"))
                .args(["prove", "again"])
                .arg(folder.path())
                .output()
                .unwrap();
            (traction.status.code(), String::from_utf8(traction.stdout).unwrap())
        };
        let (code, says) = again();
        assert_eq!(code, Some(0), "{says}");
        assert!(
            says.contains("report.html, evidence.json, panel.csv and event-study.svg are the same"),
            "{says}"
        );
        let report = folder.path().join("report.html");
        let untouched = std::fs::read_to_string(&report).unwrap();
        let notice = traction::web::simulated::notice();
        std::fs::write(&report, untouched.replacen("<main", &format!("{notice}<main"), 1)).unwrap();
        let (code, says) = again();
        assert_eq!(code, Some(0), "{says}");
        assert!(says.contains("bears the notice that the organisation is simulated"), "{says}");
        let changed = std::fs::read_to_string(&report).unwrap().replace("It works", "It worked");
        std::fs::write(&report, changed).unwrap();
        let (code, says) = again();
        assert_eq!(code, Some(1));
        assert!(says.contains("Made again, report.html differs from line"), "{says}");
    });
}

#[test]
fn the_same_data_give_the_same_record_and_others_a_further_one_that_supersedes_it() {
    on_both(async |world| {
        take_in(&world, &wards(six_start)).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let asked = "/changes/early-rounds/evidence";
        let first = cleo.submit(asked, &[]).await;
        let before = world.visitor().get(&format!("{first}/files/evidence.json")).await.body;
        world.days_go_by(1.0).await;
        assert_eq!(cleo.submit(asked, &[]).await, first, "nothing new, nothing written");

        world.days_go_by(1.0).await;
        take_in(&world, &wards(six_start).replace("ward-15,2005,", "ward-15,2005,1")).await;
        let second = cleo.submit(asked, &[]).await;
        assert_ne!(second, first);
        assert_eq!(world.visitor().get(&format!("{first}/files/evidence.json")).await.body, before);
        cleo.get(&first).await.shows("The data were asked again since").hides("Make a showcase of it");
        let all = cleo.get(&second).await;
        all.shows("superseded").hides("The data were asked again since");
        let change = change::verbs::find(world.world.store().read(), "early-rounds").await.unwrap();
        let latest = store::latest(world.world.store().read(), change.id).await.unwrap().unwrap();
        assert_eq!(format!("/evidence/{}", latest.id), second);
    });
}

#[test]
fn what_the_data_cannot_carry_is_said_and_without_data_there_is_no_record() {
    on_both(async |world| {
        take_in(&world, &wards(|_| Some(2003))).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let evidence = cleo.submit("/changes/early-rounds/evidence", &[]).await;
        cleo.get(&evidence)
            .await
            .shows("No claim No claim can be made")
            .shows("hold some units back")
            .hides("Make a showcase of it");

        let change = cleo.submit("/changes", &BEDSIDE_TESTS).await;
        let page = cleo.post(&format!("{change}/evidence"), &[]).await;
        page.is(422).shows("There are no outcomes of this metric yet").shows("Ask the data");
    });
}

#[test]
fn only_who_runs_a_change_asks_what_it_did() {
    on_both(async |world| {
        take_in(&world, &wards(six_start)).await;
        let ward = traction::org::unit::verbs::find(world.world.store().read(), "ward-1").await.unwrap().id;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let asked = "/changes/early-rounds/evidence";
        world.browser_of(lea).await.post(asked, &[]).await.is(403);
        assert_eq!(world.visitor().post(asked, &[]).await.headers["location"], "/sign-in");
        world.visitor().get("/evidence").await.shows("No change has been asked");
    });
}

#[test]
fn a_slot_that_was_given_back_before_it_began_does_not_count() {
    on_both(async |world| {
        take_in(&world, &wards(six_start)).await;
        let sql = world.world.store().read();
        let sooner = "INSERT INTO slot_event (slot_id, n, what, why, at)
             SELECT s.id, 1, 'given-back', 'no time', s.not_before - 1 FROM slot s JOIN unit u ON u.id = s.unit_id
             WHERE u.slug = 'ward-0'";
        let later = "INSERT INTO slot_event (slot_id, n, what, why, at)
             SELECT s.id, 1, 'ended', 'it did not help', s.not_before + 1 FROM slot s JOIN unit u ON u.id = s.unit_id
             WHERE u.slug = 'ward-1'";
        for text in [sooner, later] {
            sql.run(text, vec![]).await.unwrap();
        }
        let change = change::verbs::find(sql, "early-rounds").await.unwrap();
        let id = verbs::prove(&world.world, &Who::operator(), &change).await.unwrap();
        let (_, record) = verbs::find(&world.world, id).await.unwrap();
        let starts: Vec<(&str, usize)> =
            record.data.cohorts.iter().map(|cohort| (cohort.start.as_str(), cohort.units)).collect();
        assert_eq!((starts, record.data.never), (vec![("2003", 5)], 11));
    });
}

#[test]
fn programs_ask_and_read_the_record_as_it_was_written() {
    on_both(async |world| {
        take_in(&world, &wards(six_start)).await;
        let writer = world.client(&[Scope::Write]).await;
        let made = writer.post("/api/v1/changes/early-rounds/evidence", &serde_json::json!({})).await;
        made.is(201);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let reader = world.client(&[Scope::Read]).await;
        let record = reader.get(&format!("/api/v1/evidence/{id}")).await.json();
        assert_eq!(
            (&record["schema"], &record["verdict"]["kind"]),
            (&"traction.evidence/1".into(), &"works".into())
        );
        reader.post("/api/v1/changes/early-rounds/evidence", &serde_json::json!({})).await.is(403);
    });
}

/// Reference: R did 2.5.1 on its minimum-wage panel, to six significant digits, through the import and the verb.
#[test]
fn an_imported_roll_out_gives_the_reference_numbers() {
    let beside = || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, Into::into);
    let Ok(expect) = std::fs::read(folder.join("mpdta_did_nevertreated_nocov.json")) else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let expect: serde_json::Value = serde_json::from_slice(&expect).unwrap();
    let bytes = std::fs::read(folder.join("../data/mpdta.csv")).unwrap();
    on_both(async |world| {
        let wish = RolloutWish {
            change: "minimum-wage".parse().unwrap(),
            unit: "countyreal".into(),
            outcome: "lemp".into(),
            start: "first.treat".into(),
            ..wish(0.0)
        };
        let file = File { name: "mpdta.csv".into(), bytes: bytes.clone() };
        rollout::run(&world.world, &Who::operator(), &file, &wish, Mode::Take).await.unwrap();
        let change = change::verbs::find(world.world.store().read(), "minimum-wage").await.unwrap();
        let id = verbs::prove(&world.world, &Who::operator(), &change).await.unwrap();
        let (evidence, _) = verbs::find(&world.world, id).await.unwrap();
        let found: serde_json::Value = serde_json::from_str(&evidence.record).unwrap();
        let close = |found: &serde_json::Value, expect: &serde_json::Value| {
            let (found, expect) = (found.as_f64().unwrap(), expect.as_f64().unwrap());
            assert!((found - expect).abs() <= 5e-7 * expect.abs(), "{found} is not {expect}");
        };
        assert_eq!(found["design"]["compare"], "never");
        close(&found["overall"]["estimate"], &expect["simple"]["overall_att"]);
        close(&found["overall"]["se"], &expect["simple"]["overall_se"]);
        for (ours, theirs, n) in
            [("by_start", "group", 3), ("by_period", "calendar", 4), ("by_exposure", "dynamic", 7)]
        {
            close(&found[ours]["overall"]["estimate"], &expect[theirs]["overall_att"]);
            let each = found[ours]["each"].as_array().unwrap();
            assert_eq!(each.len(), n);
            for (found, expect) in each.iter().zip(expect[theirs]["by"].as_array().unwrap()) {
                close(&found["estimate"], &expect["att"]);
                close(&found["se"], &expect["se"]);
            }
        }
        world
            .visitor()
            .get(&format!("/evidence/{id}"))
            .await
            .is(200)
            .shows("It seems to harm, with doubts lemp got worse");
    });
}
