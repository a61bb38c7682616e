//! A person has two names in the real system, his external id and his address: what came under either is his.

use axum::http::Request;
use serde_json::json;
use traction::measure::import::sheet::File;
use traction::measure::import::{people, usage as file_of_usage};
use traction::measure::outcome::verbs::Mode;
use traction::measure::usage::subject::store::ids::Of;
use traction::measure::usage::subject::{joined, keys, store, verbs};
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::measure::usage::{counts, send, track};
use crate::world::{TestWorld, on_both};

async fn uses(world: &TestWorld, key: &str, id: &str, person: &str) {
    send(world, "/v1/track", key, &track(id, person)).await.is(200);
}

/// What the organisation's directory says.
async fn directory(world: &TestWorld, csv: &str) -> String {
    let file = File { name: "people.csv".into(), bytes: csv.into() };
    people::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap().to_string()
}

async fn column(world: &TestWorld, text: &str) -> Vec<String> {
    let rows = world.world.store().read().all(text, vec![]).await.unwrap();
    rows.iter().map(|row| row.maybe_text("found").unwrap().unwrap_or_default()).collect()
}

/// Has the address lead to a subject of its own, as before it was known that both are one person.
async fn apart(world: &TestWorld, key: &str, id: &str, address: &str) {
    uses(world, key, id, address).await;
    let sql = world.world.store().read();
    assert_eq!(verbs::linked(sql, &[address.to_owned()]).await.unwrap().subjects.len(), 1);
}

#[test]
fn what_came_under_the_address_is_seen_taken_and_erased_like_what_came_under_the_external_id() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        // Both came before anybody knew whose they are.
        apart(&world, &key, "1", "jo@x.org").await;
        apart(&world, &key, "2", "p5").await;
        send(&world, "/v1/track", &key, &json!({"messageId": "d", "userId": "jo@x.org"})).await.is(200);
        directory(&world, "person,name,email\np5,Jo,jo@x.org\n").await;
        let person = traction::org::person::store::by_external_id(world.world.store().read(), "p5").await;
        let jo = world.browser_of(person.unwrap().unwrap().id).await;
        jo.get("/me/usage")
            .await
            .shows("2 events are linked to you.")
            .shows("what came under p5 or jo@x.org");
        assert_eq!(jo.get("/me/usage/usage.ndjson").await.body.lines().count(), 2);
        assert_eq!(jo.get("/me/usage/further.ndjson").await.json()["kind"], "dead letter");
        for name in ["p5", "jo@x.org", "Jo@X.org"] {
            let of = verbs::take_out(&world.world, &Who::operator(), name).await.unwrap();
            assert_eq!((of.subjects.len(), of.by().as_str()), (2, "p5 and jo@x.org"), "{name}");
        }
        jo.submit("/me/usage/erase", &[]).await;
        jo.get("/me/usage").await.shows("Nothing is kept that is linked to you.");
        assert_eq!(counts(&world).await, (2, 0));
        assert_eq!(column(&world, "SELECT name AS found FROM subject_link").await, [""; 0]);
    });
}

#[test]
fn whoever_is_let_go_before_anybody_counted_him_stays_one() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        apart(&world, &key, "1", "jo@x.org").await;
        apart(&world, &key, "2", "p5").await;
        directory(&world, "person,name,email\np5,Jo,jo@x.org\n").await;
        verbs::erase(&world.world, &Who::operator(), "jo@x.org").await.unwrap();
        world.settles().await;
        joined::join_all(&world.world).await.unwrap();
        let all = store::aliases::all(world.world.store().read()).await.unwrap();
        assert_eq!(all.len(), 1, "what is nobody's was one person's");
    });
}

#[test]
fn an_event_under_the_address_is_of_the_same_person_and_unit_as_one_under_the_external_id() {
    on_both(async |world| {
        world.unit("ward-1", None).await;
        world.unit("ward-2", None).await;
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        directory(
            &world,
            "person,name,email,unit\np5,Jo,jo@x.org,ward-1\np6,Kim,kim@x.org,ward-1\nlou@x.org,Lou,,ward-1\np8,Mix,lou@x.org,ward-2\n",
        )
        .await;
        let both = json!({"batch": [track("1", "Jo@X.org"), track("2", "p5"), track("3", "jo@x.org")]});
        send(&world, "/v1/batch", &key, &both).await.is(200);
        for (id, person) in [("4", "kim@x.org"), ("5", "p6"), ("6", "KIM@x.org")] {
            uses(&world, &key, id, person).await;
        }
        // An address that is somebody's external id names him.
        uses(&world, &key, "7", "lou@x.org").await;
        uses(&world, &key, "8", "p8").await;
        let by_subject =
            "SELECT CAST(COUNT(*) AS TEXT) AS found FROM usage_event GROUP BY subject ORDER BY COUNT(*) DESC";
        assert_eq!(column(&world, by_subject).await, ["3", "3", "1", "1"]);
        let units = "SELECT u.slug AS found FROM usage_event e JOIN unit u ON u.id = e.unit_id ORDER BY e.id";
        assert_eq!(column(&world, units).await, [["ward-1"; 7].as_slice(), &["ward-2"]].concat());
        let of = verbs::take_out(&world.world, &Who::operator(), "p8").await.unwrap();
        assert_eq!(of.by(), "p8", "the other's name is not his");
    });
}

#[test]
fn what_came_under_a_former_address_stays_in_its_persons_reach_and_not_in_that_of_the_next() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        apart(&world, &key, "1", "p5").await;
        let mut subjects = 1;
        for (n, address) in ["a@x.org", "b@x.org", "c@x.org"].into_iter().enumerate() {
            apart(&world, &key, &format!("a{n}"), address).await;
            let said = directory(&world, &format!("person,name,email\np5,Jo,{address}\n")).await;
            assert_eq!(said.contains("1 link moved to a new address"), n > 0, "{said}");
            subjects += 1;
            assert_eq!(verbs::of(&world.world, "p5").await.unwrap().len(), subjects);
        }
        directory(&world, "person,name,email\np6,Kim,a@x.org\n").await;
        assert_eq!(
            verbs::of(&world.world, "p6").await.unwrap(),
            [""; 0],
            "the address is hers, its past is not"
        );
        keys::rotate(&world.world, &Who::operator()).await.unwrap();
        keys::retire(&world.world, &Who::operator()).await.unwrap();
        joined::join_all(&world.world).await.unwrap();
        let all = store::aliases::all(world.world.store().read()).await.unwrap();
        assert!(all.len() == 3 && all.values().all(|own| !all.contains_key(own)), "he is one: {all:?}");
        let of = verbs::take_out(&world.world, &Who::operator(), "p5").await.unwrap();
        assert_eq!((of.subjects.len(), of.by().as_str()), (4, "p5 and c@x.org"));
        verbs::erase(&world.world, &Who::operator(), "p5").await.unwrap();
        assert_eq!(column(&world, "SELECT name AS found FROM subject_link").await, [""; 0]);
    });
}

/// Whom the real system knows by his address alone has it as his one name; with a new one, the same number goes on.
#[test]
fn a_new_address_leads_to_what_came_under_the_former_one() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let sql = world.world.store().read();
        sql.run("UPDATE person SET external_id = NULL, email = 'a@x.org'", vec![]).await.unwrap();
        uses(&world, &key, "1", "A@x.org").await;
        uses(&world, &key, "2", "a@x.org").await;
        sql.run("UPDATE person SET email = 'b@x.org'", vec![]).await.unwrap();
        let tx = world.world.store().begin().await.unwrap();
        assert!(verbs::readdress(&tx, jo, "a@x.org").await.unwrap());
        world.world.commit(tx).await.unwrap();
        uses(&world, &key, "3", "b@x.org").await;
        let subjects = "SELECT DISTINCT subject AS found FROM usage_event";
        assert_eq!(column(&world, subjects).await, verbs::of(&world.world, "b@x.org").await.unwrap());
        let names = store::names::of(sql, jo).await.unwrap();
        assert_eq!(names, ["b@x.org"]);
    });
}

/// An id is the sender's own text, and may say who it was: whoever is let go is not found by it.
#[test]
fn with_its_person_let_go_an_event_loses_the_id_that_its_sender_gave_it_and_nothing_else() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        for (id, person) in [("jo-2026-03-02", "jo"), ("jo-again", "jo"), ("kim-2026-03-02", "kim")] {
            uses(&world, &key, id, person).await;
        }
        let ids = "SELECT id AS found FROM usage_event ORDER BY id DESC";
        let rest = "SELECT CAST(occurred_at AS TEXT) || event || subject || source AS found FROM usage_event ORDER BY 1";
        let before = column(&world, rest).await;
        verbs::erase(&world.world, &Who::operator(), "jo").await.unwrap();
        let left = column(&world, ids).await;
        assert_eq!(left[0], "kim-2026-03-02");
        assert!(left.len() == 3 && left[1..].iter().all(|id| id.len() == 32), "{left:?}");
        keys::forget(&world.world, &Who::operator()).await.unwrap();
        let left = column(&world, ids).await;
        assert!(left.len() == 3 && left.iter().all(|id| id.len() == 32), "{left:?}");
        assert_eq!(column(&world, rest).await, before);
        // One that arrives from now on is kept under its id, and counts once; also while ids are still taken out of others.
        for _ in 0..2 {
            uses(&world, &key, "kim-2026-03-02", "kim").await;
            let tx = world.world.store().begin().await.unwrap();
            store::ids::take_out(world.world.store(), &tx, Of::Events, i64::MIN, i64::MAX).await.unwrap();
            world.world.commit(tx).await.unwrap();
        }
        assert_eq!(counts(&world).await, (4, 0));
    });
}

const BY_SUBJECT: &str =
    "SELECT CAST(COUNT(*) AS TEXT) AS found FROM usage_event GROUP BY subject ORDER BY COUNT(*) DESC";

/// Nobody is known here yet, so nothing but the writing itself can say that it is one person.
#[test]
fn capital_letters_of_an_address_make_no_second_subject_and_those_of_other_names_do() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        let batch = json!({"batch": [track("1", "Anna@Example.org"), track("2", "ANNA@example.org"), track("3", "Jo")]});
        send(&world, "/v1/batch", &key, &batch).await.is(200);
        for (id, person) in [("4", "anna@example.org"), ("5", " Anna@Example.ORG"), ("6", "jo")] {
            uses(&world, &key, id, person).await;
        }
        let event = json!({"specversion": "1.0", "id": "7", "source": "/w", "type": "opened", "data": {"userId": "aNNa@example.org"}});
        let request = Request::post("/events")
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/cloudevents+json");
        world.send(request.body(event.to_string().into()).unwrap()).await.is(200);
        let flag = |id: &str| json!({"anonymousId": id, "event": "opened", "messageId": format!("of {id}")});
        for id in ["X@1", "x@1"] {
            send(&world, "/v1/track", &key, &flag(id)).await.is(200);
        }
        let csv = "person,at,event\nAnna@example.org,2026-02-03,opened\nanna@example.org,2026-02-03,opened\n";
        let file = File { name: "usage.csv".into(), bytes: csv.into() };
        file_of_usage::run(&world.world, &Who::operator(), &file, None, Mode::Take).await.unwrap();
        assert_eq!(column(&world, BY_SUBJECT).await, ["7", "1", "1", "1", "1"]);
        directory(&world, "person,name,email\np5,Anna,Anna@Example.org\n").await;
        let of = verbs::take_out(&world.world, &Who::operator(), "p5").await.unwrap();
        assert_eq!((of.subjects.len(), of.by().as_str()), (1, "anna@example.org"));
        assert_eq!(verbs::erase(&world.world, &Who::operator(), "p5").await.unwrap().n_links, 1);
        assert_eq!(verbs::of(&world.world, "Anna@Example.org").await.unwrap(), [""; 0]);
    });
}

/// Links that an earlier version made of the writing as it was sent.
async fn linked_as_sent(world: &TestWorld, name: &str, subject: &str) {
    let sql = world.world.store().read();
    let key = store::keys(sql).await.unwrap().remove(0);
    let link = store::Link { name: key.key.hash(name), key: key.n, subject: subject.into() };
    store::add_links(sql, vec![link]).await.unwrap();
}

#[test]
fn what_an_earlier_version_linked_to_a_writing_of_an_address_is_found_by_it_and_goes_on() {
    on_both(async |world| {
        let key = world.client(&[Scope::Usage]).await.token().to_owned();
        uses(&world, &key, "0", "somebody").await;
        linked_as_sent(&world, "Anna@Example.org", "feedfacefeedface").await;
        linked_as_sent(&world, "Kim@X.org", "cafecafecafecafe").await;
        // An external id that is an address in capitals.
        directory(&world, "person,name,email\nKim@X.org,Kim,\n").await;
        assert_eq!(verbs::of(&world.world, "Kim@X.org").await.unwrap(), ["cafecafecafecafe"]);
        assert_eq!(verbs::of(&world.world, "Anna@Example.org").await.unwrap(), ["feedfacefeedface"]);
        assert_eq!(keys::rotate(&world.world, &Who::operator()).await.unwrap(), 1);
        uses(&world, &key, "1", "Anna@Example.org").await;
        uses(&world, &key, "2", "anna@example.org").await;
        uses(&world, &key, "3", "kim@x.org").await;
        for (name, subject) in [("anna@example.org", "feedfacefeedface"), ("Kim@X.org", "cafecafecafecafe")] {
            assert_eq!(verbs::of(&world.world, name).await.unwrap(), [subject]);
        }
        assert_eq!(column(&world, BY_SUBJECT).await, ["2", "1", "1"]);
        for name in ["anna@example.org", "kim@x.org"] {
            verbs::erase(&world.world, &Who::operator(), name).await.unwrap();
        }
        assert_eq!(column(&world, "SELECT name AS found FROM subject_link WHERE key_n = 2").await.len(), 0);
    });
}
