//! Who is which subject: the key changes, the link can be destroyed, what is his a person takes with him.

use serde_json::json;
use traction::measure::import::sheet::File;
use traction::measure::import::usage as import;
use traction::measure::outcome::verbs::Mode;
use traction::measure::usage::export::{self, Format};
use traction::measure::usage::subject::{keys, store, verbs};
use traction::org::token::store::Scope;
use traction_domain::org::role::{Role, RoleWord};
use traction_domain::org::who::Who;

use crate::measure::usage::{counts, send, track};
use crate::world::{TestWorld, on_both};

/// How many events each subject has, the most first.
async fn by_subject(world: &TestWorld) -> Vec<usize> {
    let text =
        "SELECT COUNT(*) AS n FROM usage_event WHERE subject IS NOT NULL GROUP BY subject ORDER BY n DESC";
    let rows = world.world.store().read().all(text, vec![]).await.unwrap();
    rows.iter().map(|row| row.count("n").unwrap()).collect()
}

async fn uses(world: &TestWorld, key: &str, id: &str, person: &str) {
    send(world, "/v1/track", key, &track(id, person)).await.is(200);
}

#[test]
fn a_new_key_finds_whom_the_former_one_found_until_that_is_retired() {
    on_both(async |world| {
        let operator = Who::operator();
        assert!(keys::rotate(&world.world, &operator).await.is_err(), "there is no key yet");
        world.person("jo", RoleWord::Coach, None).await;
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        // Jo is known here; the others only to the real system.
        for (id, person) in [("1", "jo"), ("2", "seen"), ("3", "unseen")] {
            uses(&world, &key, id, person).await;
        }
        assert!(keys::retire(&world.world, &operator).await.is_err(), "there is no former key");
        assert_eq!(keys::rotate(&world.world, &operator).await.unwrap(), 1);
        uses(&world, &key, "4", "seen").await;
        assert_eq!(by_subject(&world).await, [2, 1, 1]);
        keys::retire(&world.world, &operator).await.unwrap();
        for (id, person) in [("5", "jo"), ("6", "seen"), ("7", "unseen")] {
            uses(&world, &key, id, person).await;
        }
        // Who was not seen in between is somebody new.
        assert_eq!(by_subject(&world).await, [3, 2, 1, 1]);
    });
}

#[test]
fn without_keys_the_past_is_nobodys() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        for (id, person) in [("1", "jo"), ("2", "jo"), ("3", "kim")] {
            uses(&world, &key, id, person).await;
        }
        send(&world, "/v1/track", &key, &json!({"messageId": "d", "userId": "jo"})).await.is(200);
        assert_eq!(keys::forget(&world.world, &Who::operator()).await.unwrap(), 2);
        assert_eq!(verbs::of(&world.world, "jo").await.unwrap(), Vec::<String>::new());
        assert_eq!(counts(&world).await, (3, 0), "what was done stays, what could not be counted goes");
        uses(&world, &key, "4", "jo").await;
        assert_eq!(by_subject(&world).await, [2, 1, 1]);
    });
}

#[test]
fn a_person_sees_takes_and_erases_what_is_his_and_nobody_elses() {
    on_both(async |world| {
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let kim = world.person("kim", RoleWord::Coach, None).await;
        let (jo, kim) = (world.browser_of(jo).await, world.browser_of(kim).await);
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        jo.get("/me/usage").await.is(200).shows("Nothing is kept that is linked to you.");
        for id in ["1", "2"] {
            uses(&world, &key, id, "jo").await;
        }
        uses(&world, &key, "3", "kim").await;
        jo.get("/me").await.shows("What you used");
        jo.get("/me/usage").await.shows("2 events are linked to you.").shows("rounds opened – 2");
        kim.get("/me/usage").await.shows("1 event is linked to you.");
        let csv = jo.get("/me/usage/usage.csv").await;
        assert_eq!(csv.headers["content-disposition"], "attachment; filename=\"usage.csv\"");
        assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
        assert_eq!(jo.get("/me/usage/usage.ndjson").await.body.lines().count(), 2);
        jo.get("/me/usage/usage.exe").await.is(404);
        send(&world, "/v1/track", &key, &json!({"messageId": "d", "userId": "jo"})).await.is(200);
        let further = jo.get("/me/usage/further.ndjson").await;
        assert_eq!(further.json()["kind"], "dead letter", "{}", further.body);
        assert_eq!(kim.get("/me/usage/further.ndjson").await.body, "");
        world.visitor().get("/me/usage").await.is(303);

        let before = world.world.store().read().last_entry().await.unwrap();
        jo.submit("/me/usage/erase", &[]).await;
        jo.get("/me/usage").await.shows("Nothing is kept that is linked to you.");
        kim.get("/me/usage").await.shows("1 event is linked to you.");
        assert_eq!(counts(&world).await, (3, 0), "facts stay, what could not be counted goes");
        let text = format!("SELECT actor, kind, fact FROM journal WHERE seq > {before}");
        let rows = world.world.store().read().all(&text, vec![]).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.text("kind").unwrap()).collect::<Vec<_>>(), ["usage_erased"]);
        assert!(!rows[0].text("actor").unwrap().contains("person"), "the journal does not say of whom");
        uses(&world, &key, "4", "jo").await;
        jo.get("/me/usage").await.shows("1 event is linked to you.");
        assert_eq!(by_subject(&world).await, [2, 1, 1]);

        // An administrator may, somebody else may not.
        let ward = Who { roles: vec![], ..Who::the_loop() };
        assert!(verbs::erase(&world.world, &ward, "jo").await.is_err());
        let erased = verbs::erase(&world.world, &Who::operator(), "jo").await.unwrap();
        assert_eq!((erased.n_links, erased.n_dead, erased.of.names), (1, 0, vec!["jo".to_owned()]));
        assert_eq!(verbs::erase(&world.world, &Who::operator(), "jo").await.unwrap().n_links, 0);
    });
}

/// Between a new key and the end of the former one, somebody lets go of his past while a system sends: the link that he
/// destroyed does not come back.
#[test]
fn a_link_that_is_destroyed_while_its_person_is_seen_stays_destroyed() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        uses(&world, &key, "1", "jo").await;
        let subject = verbs::of(&world.world, "jo").await.unwrap().remove(0);
        keys::rotate(&world.world, &Who::operator()).await.unwrap();
        let tx = world.world.store().begin().await.unwrap();
        assert_eq!(store::destroy_links(&tx, &subject).await.unwrap(), 1);
        let erasing = async {
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
            }
            world.world.commit(tx).await.unwrap();
        };
        tokio::join!(uses(&world, &key, "2", "jo"), erasing);
        assert_eq!(store::links_to(world.world.store().read(), &[subject]).await.unwrap(), []);
        assert_eq!(by_subject(&world).await, [1, 1]);
    });
}

/// An earlier version could link somebody to a second subject around a change of keys: all that is his is his.
#[test]
fn whoever_has_two_subjects_takes_and_erases_both() {
    on_both(async |world| {
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let jo = world.browser_of(jo).await;
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        uses(&world, &key, "1", "jo").await;
        keys::rotate(&world.world, &Who::operator()).await.unwrap();
        let split = "UPDATE subject_link SET subject = 'feedfacefeedface' WHERE key_n = 2";
        assert_eq!(world.world.store().read().run(split, vec![]).await.unwrap(), 1);
        uses(&world, &key, "2", "jo").await;
        assert_eq!(by_subject(&world).await, [1, 1]);
        jo.get("/me/usage").await.shows("2 events are linked to you.");
        assert_eq!(jo.get("/me/usage/usage.ndjson").await.body.lines().count(), 2);
        jo.submit("/me/usage/erase", &[]).await;
        assert_eq!(verbs::of(&world.world, "jo").await.unwrap(), Vec::<String>::new());
    });
}

/// An installation of before: subjects made of names and one key, which is a setting.
#[test]
fn the_subjects_of_an_earlier_version_stay_those_of_the_people_who_are_known() {
    on_both(async |world| {
        world.person("jo", RoleWord::Coach, None).await;
        let former = [7; 32];
        let tx = world.world.store().begin().await.unwrap();
        tx.settle("subject_key", &hex::encode(former)).await.unwrap();
        world.world.commit(tx).await.unwrap();
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        uses(&world, &key, "1", "jo").await;
        let subject = traction_domain::measure::usage::SubjectKey::new(former).hash("jo");
        assert_eq!(verbs::of(&world.world, "jo").await.unwrap()[0], subject);
        let left = world.world.store().read().setting("subject_key").await.unwrap();
        assert_eq!(left, None, "nobody can make subjects from names any more");
    });
}

async fn exported(world: &TestWorld, format: Format) -> String {
    let mut text = Vec::new();
    export::write(world.world.store().read(), format, &mut text).await.unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn what_is_exported_can_be_taken_in_again_and_changes_nothing_where_it_is_known() {
    let texts = std::sync::Mutex::new(Vec::new());
    on_both(async |world| {
        world.unit("ward-1", None).await;
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        for (id, person) in [("1", "jo"), ("2,\"x\"", "jo"), ("3", "kim")] {
            uses(&world, &key, id, person).await;
        }
        let of_ward = json!({"messageId": "4", "event": "opened", "properties": {"unit": "ward-1"}});
        send(&world, "/v1/track", &key, &of_ward).await.is(200);
        for (format, name) in [(Format::Csv, "usage.csv"), (Format::Ndjson, "usage.ndjson")] {
            let text = exported(&world, format).await;
            assert!(!text.contains("jo") && !text.contains("kim"), "{text}");
            let file = File { name: name.into(), bytes: text.clone().into_bytes() };
            let report = import::run(&world.world, &Who::operator(), &file, None, Mode::Take).await.unwrap();
            assert!(!report.changes_something() && report.n_rows == 4, "{report}");
            texts.lock().unwrap().push(file);
        }
    });
    // Elsewhere it is all new, once; and only for whoever may say where events come from.
    on_both(async |world| {
        world.unit("ward-1", None).await;
        let files = texts.lock().unwrap().clone();
        let lead = Who { roles: vec![Role::ChangeLead], ..Who::operator() };
        let refused = import::run(&world.world, &lead, &files[0], None, Mode::Take).await.unwrap_err();
        assert!(refused.to_string().contains("the column `source`"), "{refused}");
        for file in &files {
            import::run(&world.world, &Who::operator(), file, None, Mode::Take).await.unwrap();
        }
        assert_eq!(counts(&world).await, (4, 0));
        assert_eq!(by_subject(&world).await, [2, 1]);
    });
}
