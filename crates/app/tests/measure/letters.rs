//! Dead letters: read, mended, tried again; by administrators, and by the system that sent them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use traction::measure::usage::letter::Form;
use traction::measure::usage::letters::{store, verbs};
use traction::org::token::store::Scope;
use traction_domain::measure::usage::{EventRefused, Kind};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::measure::uptake::roll_out;
use crate::measure::usage::{counts, send, track};
use crate::world::{TestWorld, monday, on_both};

async fn only(world: &TestWorld) -> store::DeadLetter {
    let mut open = store::open(world.world.store().read(), None, 10).await.unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    open.remove(0)
}

fn of_ward_9(id: &str) -> Value {
    let mut event = track(id, "jo");
    event["properties"] = json!({"unit": "ward-9"});
    event
}

#[test]
fn what_names_an_unknown_unit_counts_once_it_is_there_and_is_still_his() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let batch =
            json!({"batch": [of_ward_9("m-1"), track("m-2", "jo")], "sentAt": "2026-03-02T08:00:00Z"});
        send(&world, "/v1/batch", client.token(), &batch).await.is(200);
        assert_eq!(counts(&world).await, (1, 1));
        let dead = only(&world).await;
        assert!(dead.why.starts_with("there is no unit `ward-9` here"), "{}", dead.why);
        let operator = Who::operator();
        let done = verbs::try_all_again(&world.world, &operator, None).await.unwrap();
        assert_eq!(done, verbs::TriedAgain { n_counted: 0, n_refused: 1 });

        world.unit("ward-9", None).await;
        world.days_go_by(2.0).await;
        let done = verbs::try_all_again(&world.world, &operator, None).await.unwrap();
        assert_eq!(done, verbs::TriedAgain { n_counted: 1, n_refused: 0 });
        assert_eq!(counts(&world).await, (2, 0));
        // The same one, sent again, is neither a new event nor a new dead letter.
        send(&world, "/v1/batch", client.token(), &batch).await.is(200);
        assert_eq!(counts(&world).await, (2, 0));
        let sql = world.world.store().read();
        let rows = sql.all("SELECT subject, occurred_at FROM usage_event ORDER BY id", vec![]).await.unwrap();
        let of = |n: usize| (rows[n].text("subject").unwrap(), rows[n].whole("occurred_at").unwrap());
        assert_eq!(of(0), of(1), "the same person, at the same moment");
    });
}

/// What is kept of it is small; that it was too large stays so.
#[test]
fn what_was_too_large_is_not_counted_by_trying_it_again_as_it_is() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let mut event = track("m-1", "jo");
        event["properties"] = json!({"note": "x".repeat(33 * 1024)});
        send(&world, "/v1/track", client.token(), &event).await.is(200);
        let (operator, dead) = (Who::operator(), only(&world).await);
        let done = verbs::try_all_again(&world.world, &operator, None).await.unwrap();
        assert_eq!(done, verbs::TriedAgain { n_counted: 0, n_refused: 1 });
        let again =
            async |mended| verbs::try_again(&world.world, &operator, &dead.source, &dead.id, mended).await;
        let refused = again(None).await.unwrap_err().to_string();
        assert!(
            refused.contains("bytes long; at most 32768 are taken; only a part of it is kept"),
            "{refused}"
        );
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let page =
            world.browser_of(ada).await.get(&format!("/dead-letters/{}/{}", dead.source, dead.id)).await;
        page.is(200).shows("Only a part of it is kept");
        let told = client.get("/api/v1/dead-letters").await.json();
        assert_eq!(told["items"][0]["kind"], "too-large");
        // It is not known by its sentence.
        let sql = world.world.store().read();
        sql.run("UPDATE dead_letter SET why = 'it is too big'", vec![]).await.unwrap();
        let refused = again(None).await.unwrap_err().to_string();
        assert!(refused.starts_with("it is too big; only a part"), "{refused}");
        let done = verbs::try_all_again(&world.world, &operator, None).await.unwrap();
        assert_eq!(done, verbs::TriedAgain { n_counted: 0, n_refused: 1 });
        again(Some(&track("m-1", "jo").to_string())).await.unwrap();
        assert_eq!(counts(&world).await, (1, 0));
        assert!(
            store::is_source(sql, &dead.source).await.unwrap()
                && !store::is_source(sql, "none").await.unwrap()
        );
    });
}

/// What the step of the schema makes of letters that were kept without a kind, in every language.
#[test]
fn letters_of_earlier_versions_get_their_kind_from_what_they_say() {
    let step = include_str!("../../migrations/0064_measure_letter_kind.sql");
    let (_, mending) = step.split_once("UPDATE ").unwrap();
    let refused = [
        EventRefused::NoId,
        EventRefused::NoName,
        EventRefused::Nobody,
        EventRefused::TooLong { what: "the person", n_characters: 201 },
        EventRefused::Unkeepable { what: "the id" },
        EventRefused::not_a_time("the event has no id; see there"),
        EventRefused::TooLarge { n_bytes: 33_000, most: 32_768 },
        EventRefused::Malformed { what: "the attribute `x` is a list".into(), rules: "https://a.test" },
        EventRefused::LongAgo { n_days: 200 },
        EventRefused::Dropped { before: monday() },
        EventRefused::no_such_unit("a; see b"),
        EventRefused::no_such_change("there is no unit `b` here; add it"),
    ];
    on_both(async |world| {
        let letters = [Form::Segment, Form::CloudEvent, Form::LogRecord].into_iter().flat_map(|form| {
            refused.iter().enumerate().map(move |(n, why)| store::DeadLetter {
                source: "old".into(),
                id: format!("{form}-{n}"),
                received_at: monday(),
                kind: why.kind(),
                why: form.says(why),
                form,
                subject: None,
                body: "{}".into(),
            })
        });
        let sql = world.world.store().read();
        assert_eq!(store::add(sql, letters.collect()).await.unwrap(), 36);
        let before = store::open(sql, None, 50).await.unwrap();
        sql.run("UPDATE dead_letter SET kind = 'other'", vec![]).await.unwrap();
        sql.run(&format!("UPDATE {}", mending.trim_end().trim_end_matches(';')), vec![]).await.unwrap();
        assert_eq!(store::open(sql, None, 50).await.unwrap(), before);
        let kinds: BTreeSet<Kind> = before.iter().map(|letter| letter.kind).collect();
        assert_eq!(kinds.len(), Kind::ALL.len() - 1, "each but the one of which nothing is known");
    });
}

#[test]
fn an_administrator_mends_one_on_its_page_or_leaves_it() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let nameless =
            json!({"type": "track", "messageId": "m-1", "userId": "jo-the-nurse", "properties": {"bed": 4}});
        send(&world, "/v1/track", client.token(), &nameless).await.is(200);
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.get("/usage").await.shows("Read, mend and count them.");
        ada.get("/dead-letters").await.is(200).shows("1 event could not be counted.").shows("has no name");
        let dead = only(&world).await;
        let at = format!("/dead-letters/{}/{}", dead.source, dead.id.replace(':', "%3A"));
        let page = ada.get(&at).await;
        page.is(200).shows("The event has no name").shows("\"bed\": null").hides("jo-the-nurse");
        assert!(!page.body.contains(dead.subject.as_deref().unwrap()), "the subject is shown nowhere");

        ada.post(&at, &[("body", "{")]).await.is(422).shows("This is not JSON");
        let still = json!({"type": "track", "messageId": "m-1"}).to_string();
        ada.post(&at, &[("body", &*still)]).await.is(422).shows("has no name");
        assert_eq!(counts(&world).await, (0, 1));
        send(&world, "/v1/track", client.token(), &track("taken", "kim")).await.is(200);
        let taken = json!({"type": "track", "messageId": "taken", "event": "opened"}).to_string();
        ada.post(&at, &[("body", &*taken)]).await.is(422).shows("is counted already");
        assert_eq!(counts(&world).await, (1, 1));
        let mended = json!({"type": "track", "messageId": "m-1", "event": "opened"}).to_string();
        ada.submit(&at, &[("body", &*mended)]).await;
        assert_eq!(counts(&world).await, (2, 0));
        ada.get(&at).await.is(404);
        let sql = world.world.store().read();
        let left = sql.one("SELECT body FROM dead_letter", vec![]).await.unwrap().unwrap();
        assert_eq!(left.text("body").unwrap(), "{}");
        let row = "SELECT subject FROM usage_event WHERE id = 'm-1'";
        let row = sql.one(row, vec![]).await.unwrap().unwrap();
        assert_eq!(row.maybe_text("subject").unwrap(), dead.subject, "it is still his");

        send(&world, "/v1/track", client.token(), &json!({"event": "x"})).await.is(200);
        let dead = only(&world).await;
        ada.submit(&format!("/dead-letters/{}/{}/leave", dead.source, dead.id), &[]).await;
        assert_eq!(counts(&world).await, (2, 0));
        let who = "SELECT actor FROM journal WHERE kind = 'dead_letter_left'";
        let who = world.world.store().read().one(who, vec![]).await.unwrap().unwrap();
        assert!(who.text("actor").unwrap().contains("person"), "it is kept who decided that");
        ada.get("/dead-letters").await.shows("None: everything that arrived could be counted");

        let kim = world.person("kim", RoleWord::ChangeLead, None).await;
        world.browser_of(kim).await.get("/dead-letters").await.is(403);
    });
}

#[test]
fn a_system_sees_and_mends_its_own_and_no_other() {
    on_both(async |world| {
        roll_out(&world).await;
        let operator = Who::operator();
        let mut keys = Vec::new();
        for name in ["wards", "laboratory"] {
            let made =
                traction::org::token::verbs::add(&world.world, &operator, name, vec![Scope::Usage]).await;
            keys.push(made.unwrap());
        }
        let mut event = track("m-1", "jo");
        event["properties"] = json!({"change": "late-rounds"});
        send(&world, "/v1/track", &keys[0], &event).await.is(200);
        let ask = async |key: &str, method: &str, path: &str, body: String| {
            let request = axum::http::Request::builder().method(method).uri(path).header("x-api-key", key);
            world.send(request.body(axum::body::Body::from(body)).unwrap()).await
        };
        let list = ask(&keys[0], "GET", "/api/v1/dead-letters", String::new()).await;
        list.is(200);
        let letter = list.json()["items"][0].clone();
        assert!(letter["why"].as_str().unwrap().contains("the flag `late-rounds`"), "{letter}");
        assert_eq!(letter["body"].get("userId"), None);
        let others = ask(&keys[1], "GET", "/api/v1/dead-letters", String::new()).await;
        assert_eq!(others.json()["items"], json!([]));
        let at = format!("/api/v1/dead-letters/{}/again", letter["id"].as_str().unwrap());
        ask(&keys[1], "POST", &at, String::new()).await.is(404);
        ask(&keys[0], "POST", &at, String::new()).await.is(422);
        let mut mended = letter["body"].clone();
        mended["properties"]["change"] = "early-rounds".into();
        let answer = ask(&keys[0], "POST", &at, mended.to_string()).await;
        answer.is(200);
        assert_eq!(counts(&world).await, (1, 0));
        ask(&keys[0], "POST", "/api/v1/dead-letters/again", String::new()).await.is(200);
        let reader = world.client(&[Scope::Read, Scope::Write]).await;
        reader.get("/api/v1/dead-letters").await.is(403);
    });
}
