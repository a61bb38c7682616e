//! The stream that tells whoever keeps all flags when to ask again.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use futures_util::future;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use traction::grant::access::api::{Pace, doors};
use traction::jobs;
use traction::org::token;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::contend::ground::{CHANGE, WAVE, apply, ward, wave};
use crate::grant::ofrep::{ALL, ONE, about, granted, send};
use crate::world::ear::{self, LONG};
use crate::world::{Client, Response, TestWorld, on_both, on_sqlite};

/// Somebody who keeps all flags, and listens when to ask again.
struct Ear(ear::Ear);

/// An event, as a client reads it.
#[derive(Debug, PartialEq)]
struct Heard {
    id: Option<String>,
    data: Value,
}

impl Ear {
    async fn at(world: &TestWorld, url: &str, last: Option<&str>) -> Ear {
        let ear = ear::Ear::at(world, url.strip_prefix("http://traction.test").unwrap(), last).await;
        assert_eq!(ear.status, 200);
        Ear(ear)
    }

    /// The next event; `None` at the end of the stream.
    async fn hears(&mut self) -> Option<Heard> {
        let told = self.0.hears().await?;
        assert_eq!(told.event, "message");
        let heard = Heard { id: told.id, data: serde_json::from_str(&told.data).unwrap() };
        assert_eq!(heard.data["type"], "refetchEvaluation");
        Some(heard)
    }
}

fn url_in(bulk: &Response) -> String {
    let streams = bulk.json()["eventStreams"].clone();
    assert_eq!(streams[0]["type"], "sse", "{streams}");
    streams[0]["url"].as_str().unwrap().to_owned()
}

fn tag_of(bulk: &Response) -> String {
    bulk.headers["etag"].to_str().unwrap().to_owned()
}

async fn slot(world: &TestWorld) -> (Client<'_>, String) {
    let writer = world.client(&[Scope::Write]).await;
    let id = writer.get("/api/v1/slots").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    (writer, format!("/api/v1/slots/{id}/steps"))
}

#[test]
fn the_address_of_a_stream_comes_with_all_flags_and_only_where_it_can_be_used() {
    on_both(async |world| {
        let client = granted(&world).await;
        let all = client.post(ALL, &about("jo")).await;
        let url = url_in(&all);
        assert!(url.starts_with("http://traction.test/ofrep/v1/streams?ticket="), "{url}");
        let named = url_in(&client.post(ALL, &about("somebody-with-a-name")).await);
        for open in [client.token(), "somebody", &hex::encode("somebody")] {
            assert!(!named.contains(open), "{open} stands in {named}");
        }
        let again = client.post(ALL, &about("jo")).await;
        assert_eq!(url_in(&again), url, "it stays the same, so that clients stay connected");
        assert_ne!(url_in(&client.post(ALL, &about("kim")).await), url);
        assert!(client.post(ONE, &about("jo")).await.json().get("eventStreams").is_none());
        let writer = world.client(&[Scope::Write]).await;
        let preview = writer.post(&format!("{ALL}?at=2026-04-01T00:00:00Z"), &about("jo")).await;
        preview.is(200);
        assert!(preview.json().get("eventStreams").is_none(), "another moment has no news");
        let ear = Ear::at(&world, &url, None).await;
        assert_eq!(ear.0.headers["content-type"], "text/event-stream");
        assert_eq!(ear.0.headers["access-control-allow-origin"], "*");
    });
}

#[test]
fn a_stream_tells_of_a_grant_and_of_all_that_happens_to_it_also_by_the_clock_alone() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let ash = ward(&world, "ash").await;
        apply(&ash).await;
        world.person("jo", RoleWord::Member, Some(ash.id)).await;
        let client = world.client(&[Scope::Access]).await;
        world.days_go_by(4.2).await;
        let bulk = async || client.post(ALL, &about("jo")).await;
        let mut ear = Ear::at(&world, &url_in(&bulk().await), None).await;
        let mut ids = Vec::new();
        // What comes first is about what was just done: nothing else was said before.
        let mut told = async |ear: &mut Ear, is_on: bool| {
            let heard = ear.hears().await.unwrap();
            let now = bulk().await;
            assert_eq!(heard.data["etag"].as_str(), Some(&*tag_of(&now)), "{ids:?}");
            assert_eq!(now.json()["flags"][0]["value"], json!(is_on), "{ids:?}");
            ids.push(heard.id.unwrap());
        };
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        told(&mut ear, false).await;

        // From here on tickets of the 6th are over; one of the 8th listens.
        world.world.turn_clock("2026-03-08T05:59:00Z".parse().unwrap());
        assert_eq!(ear.hears().await.unwrap().data.get("etag"), None);
        assert_eq!(ear.hears().await, None);
        let mut ear = Ear::at(&world, &url_in(&bulk().await), None).await;
        // It listens already, so that nothing but the clock can tell it.
        assert!(future::poll_immediate(pin!(ear.hears())).await.is_none());
        world.world.turn_clock("2026-03-08T06:00:00Z".parse().unwrap());
        told(&mut ear, true).await;

        let cleo = world.person("cleo-2", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "paused"), ("why", "a leak")]).await;
        told(&mut ear, false).await;
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "running"), ("why", "mended")]).await;
        told(&mut ear, true).await;
        let (writer, steps) = slot(&world).await;
        for (step, is_on) in [("paused", false), ("resumed", true), ("ended", false)] {
            writer.post(&steps, &json!({"step": step, "why": "it moves"})).await.is(200);
            told(&mut ear, is_on).await;
        }
        let n_events = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), n_events, "each answer has an id of its own");
    });
}

#[test]
fn a_slot_that_is_given_back_or_is_at_its_end_is_told() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let wave = [
            ("n_slots", "2"),
            ("opens_at", "2026-03-02T08:00"),
            ("closes_at", "2026-03-02T09:00"),
            ("starts_at", "2026-03-02T10:00"),
            ("ends_at", "2026-03-02T10:10"),
            ("pledge", "An hour a week"),
        ];
        let second = cleo.submit(&format!("{CHANGE}/waves"), &wave).await;
        let (ash, elm) = (ward(&world, "ash").await, ward(&world, "elm").await);
        for each in [&ash, &elm] {
            let unit = each.id.to_string();
            let wish = crate::contend::ground::application(&unit);
            each.lead.submit(&format!("{second}/applications"), &wish).await;
        }
        let client = world.client(&[Scope::Access]).await;
        world.days_go_by(61.0 / 1_440.0).await;
        cleo.submit(&format!("{second}/draw"), &[]).await;
        world.days_go_by(59.0 / 1_440.0).await;
        let value =
            async |unit: &str| client.post(ALL, &about(unit)).await.json()["flags"][0]["value"].clone();
        assert_eq!((value("ash").await, value("elm").await), (json!(true), json!(true)));
        let mut of_ash = Ear::at(&world, &url_in(&client.post(ALL, &about("ash")).await), None).await;
        let (writer, steps) = slot(&world).await;
        let listed = writer.get("/api/v1/slots").await.json();
        let of_first = listed["items"][0]["unit"].as_str().unwrap().to_owned();
        assert_eq!(of_first, "ash");
        ash.lead.submit(&steps.replace("/api/v1", ""), &[("step", "given-back"), ("why", "no time")]).await;
        of_ash.hears().await.unwrap();
        assert_eq!(value("ash").await, json!(false));
        let mut of_elm = Ear::at(&world, &url_in(&client.post(ALL, &about("elm")).await), None).await;
        let _ = writer;
        // Nothing is written: the clock passes the end of the slot.
        world.world.turn_clock("2026-03-02T10:10:00Z".parse().unwrap());
        of_elm.hears().await.unwrap();
        assert_eq!(value("elm").await, json!(false));
    });
}

#[test]
fn who_comes_back_is_told_at_once_what_he_missed_and_otherwise_nothing() {
    on_both(async |world| {
        let client = granted(&world).await;
        world.world.turn_clock("2026-03-08T05:59:00Z".parse().unwrap());
        let before = client.post(ALL, &about("jo")).await;
        let url = url_in(&before);
        world.world.turn_clock("2026-03-08T06:00:00Z".parse().unwrap());
        let heard = Ear::at(&world, &url, None).await.hears().await.unwrap();
        assert_eq!(heard.data["etag"].as_str(), Some(&*tag_of(&client.post(ALL, &about("jo")).await)));
        // The id that he heard last counts more than what he had when the address was given to him.
        let mut ear = Ear::at(&world, &url, heard.id.as_deref()).await;
        let (writer, steps) = slot(&world).await;
        writer.post(&steps, &json!({"step": "paused"})).await.is(200);
        let next = ear.hears().await.unwrap();
        assert_ne!(next.id, heard.id, "the first that is heard is news");
        let missed = Ear::at(&world, &url, heard.id.as_deref()).await.hears().await.unwrap();
        assert_eq!(missed, next);
    });
}

#[test]
fn a_ticket_that_opens_nothing_is_answered_by_one_word_to_ask_again_and_the_end() {
    on_both(async |world| {
        let client = granted(&world).await;
        let url = url_in(&client.post(ALL, &about("jo")).await);
        let touched = format!("{}0", &url[..url.len() - 1]);
        let other = format!("{}1", &url[..url.len() - 1]);
        let touched = if touched == url { other } else { touched };
        world.days_go_by(31.0 / 1_440.0).await;
        let nothing = "http://traction.test/ofrep/v1/streams".to_owned();
        for url in [&url, &touched, &format!("{nothing}?ticket=none"), &nothing] {
            let mut ear = Ear::at(&world, url, None).await;
            assert_eq!(
                ear.hears().await,
                Some(Heard { id: None, data: json!({"type": "refetchEvaluation"}) })
            );
            assert_eq!(ear.hears().await, None, "{url}");
        }
        let fresh = url_in(&client.post(ALL, &about("jo")).await);
        assert_ne!(fresh, url, "whoever asks again gets another address");
    });
}

#[test]
fn a_revoked_token_hears_once_more_and_no_further() {
    on_both(async |world| {
        let client = granted(&world).await;
        let mut ear = Ear::at(&world, &url_in(&client.post(ALL, &about("jo")).await), None).await;
        let live = token::store::live(world.world.store().read()).await.unwrap();
        token::verbs::revoke(&world.world, &Who::operator(), live[0].id).await.unwrap();
        world.settles().await;
        assert_eq!(ear.hears().await.unwrap().id, None);
        assert_eq!(ear.hears().await, None);
    });
}

#[test]
fn a_stream_shows_now_and_then_that_it_lives_and_ends_when_the_server_stops() {
    on_sqlite(async |world: TestWorld| {
        let client = granted(&world).await;
        let url = url_in(&client.post(ALL, &about("jo")).await);
        let path = url.strip_prefix("http://traction.test").unwrap();
        let pace = Pace { keep_alive: Duration::from_millis(20), ..Pace::default() };
        let door: Router = doors(world.world.clone(), pace);
        let response = door.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let mut body = response.into_body();
        for _ in 0..2 {
            let frame = tokio::time::timeout(LONG, body.frame()).await.unwrap().unwrap().unwrap();
            assert_eq!(&frame.into_data().unwrap()[..], b":\n\n");
        }
        world.world.end();
        let rest = tokio::time::timeout(LONG, body.collect()).await.expect("the stream ends");
        assert!(!String::from_utf8_lossy(&rest.unwrap().to_bytes()).contains("data"));
    });
}

/// Two servers on one database. Of all stories this one looks at a real clock, since that is what it is about.
#[test]
fn what_is_granted_on_one_server_is_heard_on_another_within_a_second() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let ash = ward(&world, "ash").await;
        apply(&ash).await;
        let client = world.client(&[Scope::Access]).await;
        world.days_go_by(4.2).await;
        let other = world.another().await;
        let keeps = tokio::spawn(jobs::keep_access(other.world.clone()));
        other.settles().await;
        let bulk = send(&other, &client, ALL, about("ash").to_string(), &[]).await;
        let mut ear = Ear::at(&other, &url_in(&bulk), None).await;
        let begun = tokio::time::Instant::now();
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let heard = tokio::time::timeout(Duration::from_secs(1), ear.hears()).await;
        println!("heard on the other server {} ms after the draw was begun", begun.elapsed().as_millis());
        let tag = heard.expect("within a second").unwrap().data["etag"].as_str().unwrap().to_owned();
        let told = send(&other, &client, ALL, about("ash").to_string(), &[("if-none-match", &tag)]).await;
        told.is(304);
        keeps.abort();
    });
}
