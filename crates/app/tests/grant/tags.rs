//! The tag of an answer to all flags: another one exactly when the answer is another.

use std::sync::Arc;

use serde_json::{Value, json};
use traction::grant::access::board;
use traction::org::person::verbs::give_role;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::contend::ground::CHANGE;
use crate::grant::ofrep::{ALL, granted, send};
use crate::world::{Client, TestWorld, on_both};

/// An answer: who asked whom, its tag, and what it said.
#[derive(Debug)]
struct Answered {
    credential: usize,
    context: usize,
    tag: String,
    flags: Value,
    stream: Value,
    when: &'static str,
}

fn contexts() -> [Value; 5] {
    [
        json!({"targetingKey": "jo"}),
        json!({"targetingKey": "kim"}),
        json!({"targetingKey": "ash"}),
        json!({"targetingKey": "jo", "unit": "elm"}),
        json!({"targetingKey": "nobody"}),
    ]
}

async fn ask_all(
    world: &TestWorld,
    clients: &[Client<'_>; 2],
    when: &'static str,
    answered: &mut Vec<Answered>,
) {
    for (credential, client) in clients.iter().enumerate() {
        for (context, asked) in contexts().into_iter().enumerate() {
            let said = send(world, client, ALL, json!({ "context": asked }).to_string(), &[]).await;
            let body = said.json();
            answered.push(Answered {
                credential,
                context,
                tag: said.headers["etag"].to_str().unwrap().to_owned(),
                flags: body["flags"].clone(),
                stream: body["eventStreams"].clone(),
                when,
            });
        }
    }
}

#[test]
fn the_tag_of_an_answer_is_another_one_exactly_when_the_answer_is() {
    on_both(async |world| {
        let clients = [granted(&world).await, world.client(&[Scope::Access]).await];
        let mut answered = Vec::new();
        let clock = |text: &str| world.world.turn_clock(text.parse().unwrap());
        ask_all(&world, &clients, "before the start", &mut answered).await;
        ask_all(&world, &clients, "asked again", &mut answered).await;
        clock("2026-03-08T05:55:00Z");
        ask_all(&world, &clients, "later, the address of the stream is another", &mut answered).await;
        clock("2026-03-08T05:59:59Z");
        ask_all(&world, &clients, "just before the start", &mut answered).await;
        clock("2026-03-08T06:00:00Z");
        ask_all(&world, &clients, "at the start", &mut answered).await;

        let yew = world.unit("yew", None).await;
        world.person("new", RoleWord::Member, Some(yew)).await;
        let cleo = world.person("cleo-2", RoleWord::ChangeLead, None).await;
        world.settles().await;
        ask_all(&world, &clients, "people come whom nobody asked about", &mut answered).await;
        world.client(&[Scope::Usage]).await;
        ask_all(&world, &clients, "a token is made", &mut answered).await;

        let cleo = world.browser_of(cleo).await;
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "paused"), ("why", "a leak")]).await;
        ask_all(&world, &clients, "paused", &mut answered).await;
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "running"), ("why", "mended")]).await;
        ask_all(&world, &clients, "going on", &mut answered).await;
        let sql = world.world.store().read();
        for (person, unit) in [("kim", "ash"), ("jo", "yew")] {
            let person = traction::org::person::store::by_external_id(sql, person).await.unwrap().unwrap();
            let unit = traction::org::unit::verbs::find(sql, unit).await.unwrap();
            let role = RoleWord::Member.role(Some(unit.id)).unwrap();
            give_role(&world.world, &Who::operator(), person.id, role).await.unwrap();
            world.settles().await;
            ask_all(&world, &clients, "somebody belongs to one unit more", &mut answered).await;
        }
        let writer = world.client(&[Scope::Write]).await;
        let id = writer.get("/api/v1/slots").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        for step in ["paused", "resumed", "ended"] {
            writer
                .post(&format!("/api/v1/slots/{id}/steps"), &json!({ "step": step, "why": "it moves" }))
                .await
                .is(200);
            ask_all(&world, &clients, step, &mut answered).await;
        }

        let mut n_same = 0;
        for (place, one) in answered.iter().enumerate() {
            for other in &answered[..place] {
                let is_same_asking = (one.credential, one.context) == (other.credential, other.context);
                let is_same_answer = one.flags == other.flags && one.stream == other.stream;
                assert_eq!(
                    one.tag == other.tag,
                    is_same_asking && is_same_answer,
                    "{}, and before {}: {one:#?} {other:#?}",
                    one.when,
                    other.when
                );
                // Its first part is about the flags alone.
                let state = |answered: &Answered| answered.tag.split('-').next().map(str::to_owned);
                if is_same_asking {
                    assert_eq!(
                        state(one) == state(other),
                        one.flags == other.flags,
                        "{}, and before {}: {one:#?} {other:#?}",
                        one.when,
                        other.when
                    );
                    n_same += usize::from(one.tag == other.tag);
                }
            }
        }
        assert!(n_same > 30, "some stayed the same, or nothing was told: {n_same}");
    });
}

#[test]
fn once_something_begins_by_the_clock_the_board_looks_again_at_what_is_in_force_and_tells_nobody() {
    on_both(async |world| {
        granted(&world).await;
        let board = world.world.access();
        world.world.turn_clock("2026-03-08T05:59:59Z".parse().unwrap());
        world.settles().await;
        let (before, faces) = (board.face(), board.faces());
        assert!(before.in_force.is_whole_at(world.world.now()));
        world.world.turn_clock("2026-03-08T06:00:00Z".parse().unwrap());
        assert!(!before.in_force.is_whole_at(world.world.now()));
        board::refresh(&world.world).await.unwrap();
        let after = board.face();
        assert!(after.in_force.is_whole_at(world.world.now()));
        assert!(Arc::ptr_eq(&before.snapshot, &after.snapshot) && !faces.has_changed().unwrap());
    });
}
