//! A journal that was altered, facts that were taken out, and counts that events do not bear: found, with what to do.

use std::cell::RefCell;
use std::process::Command;

use serde_json::{Value, json};
use traction::keeping::doctor::{Depth, Finding, NoSeal, Noted, examine, examine_against, examine_as};
use traction::org::token::store::Scope;
use traction::org::unit::verbs as units;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::demo::PROGRAM;
use crate::fixture::BEDSIDE_TESTS;
use crate::measure::uptake::roll_out;
use crate::world::{TestWorld, on_both, on_nodes};

async fn findings(world: &TestWorld) -> Vec<Finding> {
    examine(&world.world).await.unwrap().into_iter().flat_map(|look| look.findings).collect()
}

/// Damages the database, reads the one sentence, and that it says what to do.
async fn finds(world: &TestWorld, damage: &str, words: &str) {
    world.world.store().read().run(damage, vec![]).await.unwrap();
    let found = findings(world).await;
    assert!(found.len() == 1 && found[0].what.contains(words), "{words}: {found:?}");
    assert!(found[0].todo.contains("backup"), "{found:?}");
}

async fn mends(world: &TestWorld, how: &str) {
    world.world.store().read().run(how, vec![]).await.unwrap();
    assert_eq!(findings(world).await, vec![]);
}

async fn last_seal(world: &TestWorld) -> Noted {
    let looks = examine(&world.world).await.unwrap();
    let journal = looks.iter().find(|look| look.name == "journal").unwrap();
    journal.says.as_ref().unwrap().strip_prefix("sealed ").unwrap().parse().unwrap()
}

async fn add_units(world: &TestWorld, slugs: &[&str]) {
    for slug in slugs {
        world.unit(slug, None).await;
    }
}

#[test]
fn an_entry_of_the_journal_that_is_altered_or_taken_out_is_found() {
    on_both(async |world| {
        add_units(&world, &["north", "south", "east", "west"]).await;
        assert_eq!(findings(&world).await, vec![]);
        finds(
            &world,
            "UPDATE journal SET at = at + 1 WHERE seq = 2",
            "entry 2 of the journal is not what was written",
        )
        .await;
        mends(&world, "UPDATE journal SET at = at - 1 WHERE seq = 2").await;
        finds(&world, "UPDATE journal SET actor = 'person' WHERE seq = 3", "entry 3 of the journal is not")
            .await;
        mends(&world, "UPDATE journal SET actor = 'operator' WHERE seq = 3").await;
        finds(
            &world,
            "UPDATE journal SET seal = NULL WHERE seq = 1",
            "1 entry of the journal before entry 2 lost the seal",
        )
        .await;
        // An entry that was taken out is one finding: those after it are what was written.
        let out = "DELETE FROM journal WHERE seq IN (1, 2)";
        world.world.store().read().run(out, vec![]).await.unwrap();
        let found = findings(&world).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].what.contains("the journal goes from entry 0 to entry 3: some are missing"),
            "{found:?}"
        );
    });
}

/// No seal can tell that by itself; one that was noted elsewhere does.
#[test]
fn a_journal_that_was_cut_off_or_sealed_anew_is_found_by_a_seal_that_was_noted() {
    on_both(async |world| {
        add_units(&world, &["north", "south"]).await;
        let noted = last_seal(&world).await;
        add_units(&world, &["east"]).await;
        let against = async |noted: &Noted| {
            let looks = examine_against(&world.world, Some(noted)).await.unwrap();
            looks.into_iter().flat_map(|look| look.findings).map(|finding| finding.what).collect::<Vec<_>>()
        };
        assert_eq!(against(&noted).await, Vec::<String>::new());
        let ahead = Noted { seq: 9, seal: noted.seal.clone() };
        assert!(against(&ahead).await[0].contains("entries at its end are gone"));

        // Somebody changes an entry and leaves the sealing to the program.
        let sql = world.world.store().read();
        sql.run("UPDATE journal SET at = at + 1, seal = NULL WHERE seq = 1", vec![]).await.unwrap();
        sql.run("UPDATE journal SET seal = NULL", vec![]).await.unwrap();
        add_units(&world, &["west"]).await;
        assert_eq!(findings(&world).await, vec![], "by itself the journal is whole");
        let found = against(&noted).await;
        assert!(
            found.len() == 1 && found[0].contains("has another seal than the one that was noted"),
            "{found:?}"
        );
    });
}

#[test]
fn a_journal_from_before_there_were_seals_is_sealed_with_the_next_entry() {
    on_both(async |world| {
        add_units(&world, &["north", "south"]).await;
        let sql = world.world.store().read();
        sql.run("UPDATE journal SET seal = NULL", vec![]).await.unwrap();
        assert_eq!(findings(&world).await, vec![], "nothing was sealed, and nothing is missing");
        add_units(&world, &["east"]).await;
        assert_eq!(last_seal(&world).await.seq, 3);
        let unsealed = "SELECT COUNT(*) AS n FROM journal WHERE seal IS NULL";
        assert_eq!(sql.one(unsealed, vec![]).await.unwrap().unwrap().count("n").unwrap(), 0);
        // A server of the former version beside this one writes entries without.
        sql.run("UPDATE journal SET seal = NULL WHERE seq = 3", vec![]).await.unwrap();
        let found = findings(&world).await;
        assert!(
            found[0].what.contains("1 entry stands at the end of the journal without a seal"),
            "{found:?}"
        );
        add_units(&world, &["west"]).await;
        assert_eq!(findings(&world).await, vec![]);
    });
}

#[test]
fn servers_that_write_at_once_seal_one_journal() {
    on_nodes(async |[one, other]: [TestWorld; 2]| {
        let adds = async |world: &TestWorld, word: &str| {
            for n in 0..20 {
                world.unit(&format!("{word}-{n}"), None).await;
            }
        };
        tokio::join!(adds(&one, "a"), adds(&other, "b"));
        assert_eq!(findings(&one).await, vec![]);
        assert_eq!(last_seal(&other).await.seq, 40);
    });
}

#[test]
fn what_the_journal_tells_of_and_is_gone_is_found() {
    on_both(async |world| {
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lea = world.browser_of(lead).await;
        let change = lea.submit("/changes", &BEDSIDE_TESTS).await;
        lea.submit(&format!("{change}/prediction"), &[("prediction", "An hour less"), ("effect", "-60")])
            .await;
        assert_eq!(findings(&world).await, vec![]);
        finds(&world, "DELETE FROM prediction", "the locked prediction of the change").await;
        let said = findings(&world).await;
        assert!(said[0].what.contains("of the journal tells, is not there any more"), "{said:?}");
    });
}

#[test]
fn a_row_that_others_refer_to_and_is_gone_is_found() {
    on_both(async |world| {
        world.unit("north", None).await;
        world.unit("ward-7", Some("north")).await;
        let store = world.world.store();
        let out = "DELETE FROM unit WHERE slug = 'north'";
        if store.is_embedded() {
            // Each statement goes to a connection of its own; so the references are let go of on the one that deletes.
            let file = world.place().shown();
            let url = format!("sqlite://{file}");
            let mut options = sea_orm::ConnectOptions::new(url);
            options.max_connections(1).map_sqlx_sqlite_opts(|options| options.foreign_keys(false));
            let behind = sea_orm::Database::connect(options).await.unwrap();
            sea_orm::ConnectionTrait::execute_unprepared(&behind, out).await.unwrap();
        } else {
            store.read().run("ALTER TABLE unit DROP CONSTRAINT unit_parent_id_fkey", vec![]).await.unwrap();
            store.read().run(out, vec![]).await.unwrap();
        }
        let found: Vec<String> = findings(&world).await.into_iter().map(|finding| finding.what).collect();
        assert!(found.iter().any(|what| what.contains("1 rows of unit refer by parent_id to something that is not there")), "{found:?}");
        assert!(
            found
                .iter()
                .any(|what| what.contains("the unit ") && what.contains("entry 1 of the journal tells")),
            "{found:?}"
        );
    });
}

#[test]
fn days_that_are_rolled_up_of_more_events_than_there_are_are_found() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let unit = units::find(world.world.store().read(), "ward-1").await.unwrap().id;
        // Elsewhere there are events that are not rolled up yet: the sum would bear it, the day does not.
        let event = |n: usize| {
            format!("INSERT INTO usage_event (source, id, received_at, occurred_at, subject, unit_id, change_id, event)
            VALUES ('s', 'e-{n}', 1772600000000, 1772600000000, 'x', '{unit}', '{change}', 'opened')")
        };
        for n in 0..9 {
            world.world.store().read().run(&event(n), vec![]).await.unwrap();
        }
        assert_eq!(findings(&world).await, vec![]);
        let day = format!(
            "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
            VALUES ('{change}', '{unit}', 'x', 20515, 'opened', 20515, 5)"
        );
        finds(&world, &day, "5 uses of early-rounds on 2026-03-03 are rolled up, of 0 events").await;
        mends(&world, "UPDATE use_day SET occurred_day = 20516, day = 20516").await;
    });
}

#[tokio::test]
async fn the_seal_is_said_and_compared_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let world = TestWorld::kept_in(folder.path()).await;
    let mut tx = world.world.store().begin().await.unwrap();
    let at = world.world.now();
    tx.journal(at, &Who::operator(), traction_domain::fact::Fact::SubjectKeyChanged {}).await.unwrap();
    world.world.commit(tx).await.unwrap();
    let doctor = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.arg("doctor").arg("--data").arg(folder.path()).args(more).output().unwrap()
    };
    let said = String::from_utf8(doctor(&[]).stdout).unwrap();
    let (_, seal) = said.split_once("well; sealed ").expect(&said);
    let seal = seal.lines().next().unwrap();
    assert!(doctor(&["--sealed", seal]).status.success());
    let other = doctor(&["--sealed", &format!("1:{}", "0".repeat(64))]);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stdout).contains("What to do: restore the last backup"));
    assert_eq!(doctor(&["--sealed", "soon"]).status.code(), Some(2));
    for written in ["1", "0:00112233445566778899", "1:short", "1:0011223344556677zz"] {
        assert_eq!(written.parse::<Noted>(), Err(NoSeal), "{written}");
    }
}

/// What a quick look leaves out it names, and a damage there is found by the whole one only.
#[test]
fn a_quick_look_says_what_it_leaves_out() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let event =
            json!({"messageId": "m", "userId": "jo", "event": "opened", "properties": {"unit": "ward-1"}});
        client.post("/v1/track", &event).await.is(200);
        let damage = "UPDATE usage_event SET received_at = occurred_at - 1";
        world.world.store().read().run(damage, vec![]).await.unwrap();
        let seen = async |depth: Depth| {
            let told = RefCell::new(Vec::new());
            let looks =
                examine_as(&world.world, None, depth, |name| told.borrow_mut().push(name)).await.unwrap();
            let names: Vec<&str> = looks.iter().map(|look| look.name).collect();
            assert_eq!(told.into_inner(), names, "each is told before it is looked at");
            let left_out: Vec<&str> =
                looks.iter().filter(|look| look.left_out.is_some()).map(|look| look.name).collect();
            let is_embedded = names.contains(&"file");
            (left_out, is_embedded, looks.iter().map(|look| look.findings.len()).sum::<usize>())
        };
        let (left_out, is_embedded, n_wrong) = seen(Depth::Quick).await;
        let expected: &[&str] =
            if is_embedded { &["file", "rows", "outcomes", "usage"] } else { &["rows", "outcomes", "usage"] };
        assert_eq!((&left_out[..], n_wrong), (expected, 0));
        let (left_out, _, n_wrong) = seen(Depth::Whole).await;
        assert_eq!((left_out.len(), n_wrong), (0, 1));
    });
}

#[tokio::test]
async fn a_quick_look_is_no_whole_one_on_the_command_line_either() {
    let folder = tempfile::tempdir().unwrap();
    drop(TestWorld::kept_in(folder.path()).await);
    let doctor = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        let done = command.arg("doctor").arg("--data").arg(folder.path()).args(more).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let said = doctor(&["--quick"]);
    assert!(said.contains("not looked at: its pages"), "{said}");
    assert!(said.contains("Not everything was looked at"), "{said}");
    let said: Value = serde_json::from_str(&doctor(&["--quick", "--json"])).unwrap();
    assert_eq!((&said["well"], &said["whole"]), (&json!(true), &json!(false)));
    let said: Value = serde_json::from_str(&doctor(&["--json"])).unwrap();
    assert_eq!((&said["well"], &said["whole"]), (&json!(true), &json!(true)));
    assert!(said["looks"].as_array().unwrap().iter().all(|look| look["left_out"].is_null()), "{said}");
}
