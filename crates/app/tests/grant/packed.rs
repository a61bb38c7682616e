//! Answers to all flags for clients that take them packed.

use std::io::Read;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use traction::org::token::store::Scope;

use crate::contend::ground::change_by_verbs;
use crate::grant::ofrep::{ALL, about, granted};
use crate::world::{Client, TestWorld, on_both};

struct Sent {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn is_packed(&self) -> bool {
        self.header("content-encoding") == "gzip"
    }

    /// What a client makes of it.
    fn text(&self) -> String {
        let mut text = String::new();
        if self.is_packed() {
            GzDecoder::new(&self.bytes[..]).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(self.bytes.clone()).unwrap();
        }
        text
    }
}

async fn asks(world: &TestWorld, client: &Client<'_>, context: &Value, coding: &str, known: &str) -> Sent {
    let request = Request::post(ALL)
        .header("x-api-key", client.token())
        .header("accept-encoding", coding)
        .header("if-none-match", known);
    let answer = world.open(request.body(Body::from(context.to_string())).unwrap()).await;
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Sent { status: parts.status.as_u16(), headers: parts.headers, bytes }
}

/// So many changes beside the one of [`granted`] that an answer is worth packing.
async fn many_flags(world: &TestWorld) {
    for n in 0..14 {
        change_by_verbs(&world.world, &format!("Change {n}")).await;
    }
    world.world.turn_clock("2026-03-08T06:00:00Z".parse().unwrap());
    world.settles().await;
}

#[test]
fn an_answer_says_the_same_packed_and_plain_whoever_is_asked_about() {
    on_both(async |world| {
        let client = granted(&world).await;
        many_flags(&world).await;
        let unit = |unit: &str| json!({"context": {"targetingKey": "jo", "unit": unit}});
        // Of some the flag is on and of others off; and each of them twice, of which the second was packed before.
        let contexts = [about("jo"), about("kim"), about("nobody"), unit("elm"), unit("ash")];
        for context in contexts.iter().chain(&contexts) {
            let plain = asks(&world, &client, context, "identity", "").await;
            let packed = asks(&world, &client, context, "br;q=1.0, gzip, deflate", "").await;
            assert_eq!((plain.status, packed.status), (200, 200));
            assert_eq!((plain.is_packed(), packed.is_packed()), (false, true));
            assert_eq!(packed.text(), plain.text(), "{context}");
            assert!(packed.bytes.len() * 3 < plain.bytes.len(), "{} bytes", packed.bytes.len());
            for header in ["content-type", "vary", "cache-control", "access-control-allow-origin"] {
                assert_eq!(packed.header(header), plain.header(header));
                assert!(!plain.header(header).is_empty(), "{header}");
            }
            assert_eq!(packed.header("etag"), format!("W/{}", plain.header("etag")));
        }
        let is_on = |sent: &Sent| sent.text().contains(r#""value":true"#);
        let jo = asks(&world, &client, &about("jo"), "gzip", "").await;
        assert!(is_on(&jo) && !is_on(&asks(&world, &client, &about("kim"), "gzip", "").await));

        for tag in [jo.header("etag").to_owned(), jo.header("etag").trim_start_matches("W/").to_owned()] {
            for coding in ["gzip", "identity"] {
                let same = asks(&world, &client, &about("jo"), coding, &tag).await;
                assert_eq!(
                    (same.status, same.bytes.len(), same.is_packed()),
                    (304, 0, false),
                    "{coding}, {tag}"
                );
            }
        }
        let writer = world.client(&[Scope::Write]).await;
        let id = writer.get("/api/v1/slots").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        writer
            .post(&format!("/api/v1/slots/{id}/steps"), &json!({"step": "paused", "why": "it moves"}))
            .await
            .is(200);
        let after = asks(&world, &client, &about("jo"), "gzip", jo.header("etag")).await;
        assert!(after.status == 200 && after.is_packed() && !is_on(&after), "what was packed before is over");
    });
}

#[test]
fn nobody_gets_it_packed_who_does_not_take_it_so_and_nothing_short_is() {
    on_both(async |world| {
        let client = granted(&world).await;
        let short = asks(&world, &client, &about("jo"), "gzip", "").await;
        assert!(!short.is_packed() && short.header("etag").starts_with('"'), "one flag");
        many_flags(&world).await;
        for (coding, takes) in [
            ("", false),
            ("br", false),
            ("gzip;q=0", false),
            ("GZIP; q=0.000, *", false),
            ("*;q=0", false),
            ("gzip;x=1;Q=0", false),
            ("gzip;level=0", true),
            ("xgzip, gzip2", false),
            ("*", true),
            ("deflate;q=0.5,\tgzip;q=0.1", true),
            ("GZip", true),
        ] {
            let sent = asks(&world, &client, &about("jo"), coding, "").await;
            assert_eq!(sent.is_packed(), takes, "{coding}");
            assert_eq!(sent.header("etag").starts_with("W/"), takes, "{coding}");
        }
    });
}
