//! The link on the wall: anybody reports without an account, nobody is known by it, and nobody floods it.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;
use traction_domain::sense::friction::kiosk;

use crate::world::{Browser, TestWorld, on_both};

const LATE: [(&str, &str); 3] =
    [("title", "Blood results come late"), ("times_per_week", "10"), ("minutes", "30")];

/// The unit's lead at a browser, and where the unit's open link leads.
async fn open_link(world: &TestWorld) -> (Browser<'_>, String) {
    let ward = world.unit("ward-7", None).await;
    let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
    let lea = world.browser_of(lea).await;
    lea.submit("/units/ward-7/kiosk", &[("do", "open")]).await;
    let link = link(&lea).await;
    (lea, link)
}

/// The link on the page to print.
async fn link(lead: &Browser<'_>) -> String {
    let poster = lead.get("/units/ward-7/kiosk").await;
    poster.is(200).shows("point your phone here");
    assert!(
        poster.body.contains("<svg viewBox") && poster.body.contains("http://traction.test/kiosk/"),
        "{}",
        poster.body
    );
    let at = poster.body.split("href=\"/kiosk/").nth(1).unwrap();
    format!("/kiosk/{}", at.split('"').next().unwrap())
}

#[test]
fn anybody_reports_by_the_link_and_it_is_seen_after_a_look() {
    on_both(async |world| {
        let (lea, link) = open_link(&world).await;
        let visitor = world.visitor();
        visitor.get(&link).await.is(200).shows("What got in the way?").shows("ward-7. Three answers");
        let on = visitor.submit(&link, &LATE).await;
        visitor.get(&on).await.shows("Thank you").shows("waits for a look");
        visitor.get("/frictions").await.shows("0 open").hides("Blood");
        visitor.submit(&link, &LATE).await;
        let page = lea.get("/frictions?unit=ward-7").await;
        page.shows("1 report waits for your look");
        let looks = page
            .body
            .split("action=\"")
            .find(|part| part.starts_with("/frictions/") && part.contains("/looks\""))
            .unwrap();
        let looks = looks.split('"').next().unwrap().to_owned();
        lea.submit(&looks, &[("shown", "shown")]).await;
        visitor.get("/frictions").await.shows("1 open").shows("Blood results come late");
    });
}

/// A phone on which somebody is signed in is like any other: neither the row nor the journal knows him.
#[test]
fn nothing_that_is_kept_says_who_reported() {
    on_both(async |world| {
        let (lea, link) = open_link(&world).await;
        let jo = world.person("jonah", RoleWord::Member, Some(world.unit("ward-8", None).await)).await;
        let jo = world.browser_of(jo).await;
        let request = Request::post(&link)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-forwarded-for", "203.0.113.77")
            .header("user-agent", "phone-of-jonah");
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(LATE).finish();
        world.send(request.body(Body::from(body)).unwrap()).await.is(303);
        world.days_go_by(0.1).await;
        let other = [("title", "Keys are lost"), ("times_per_week", "1"), ("minutes", "5")];
        jo.submit(&link, &other).await;
        jo.get("/frictions/mine").await.shows("You named or shared nothing yet.");
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let journal = world.browser_of(ada).await.get("/journal").await;
        for row in journal.body.split("<tr").filter(|row| row.contains("friction reported")) {
            assert!(!row.contains("jonah") && row.contains("undisclosed"), "{row}");
        }
        let rows = world.world.store().read();
        let kept = rows
            .all("SELECT f.title AS title, f.reported_by AS reported_by, f.attributes AS attributes, f.import_key AS import_key FROM friction f", vec![])
            .await
            .unwrap();
        assert_eq!(kept.len(), 2);
        for row in &kept {
            assert_eq!(row.maybe_text("reported_by").unwrap(), None);
            assert_eq!(row.text("attributes").unwrap(), "{}");
            assert_eq!(row.maybe_text("import_key").unwrap(), None);
        }
        lea.get("/frictions?unit=ward-7").await.shows("2 reports wait").hides("jonah");
    });
}

#[test]
fn the_link_is_slowed_down_and_loses_nothing_of_what_was_written() {
    on_both(async |world| {
        let (lea, link) = open_link(&world).await;
        let visitor = world.visitor();
        for n in 0..kiosk::N_LATELY {
            let title = format!("Friction number {n}");
            visitor.submit(&link, &[("title", &title), ("times_per_week", "1"), ("minutes", "5")]).await;
        }
        let refused = visitor.post(&link, &LATE).await;
        refused.is(429).shows("send it again in 10 minutes");
        assert_eq!(refused.headers["retry-after"], "600");
        assert!(refused.body.contains("value=\"Blood results come late\""), "{}", refused.body);
        lea.get("/frictions?unit=ward-7").await.shows("10 reports wait").hides("Blood");
        lea.get("/").await.shows("10 reports wait for your look in ward-7").hides("for an answer in ward-7");
        world.days_go_by(1.0 / 1_440.0).await;
        lea.submit("/units/ward-7/kiosk", &[("do", "renew")]).await;
        let renewed = self::link(&lea).await;
        world.days_go_by(1.0 / 1_440.0).await;
        let title = [("title", "The new link is open"), ("times_per_week", "1"), ("minutes", "5")];
        visitor.submit(&renewed, &title).await;
        world.days_go_by(11.0 / 1_440.0).await;
        visitor.submit(&renewed, &LATE).await;
    });
}

#[test]
fn what_floods_the_link_is_held_back_together_with_the_reason() {
    on_both(async |world| {
        let (lea, link) = open_link(&world).await;
        let visitor = world.visitor();
        for n in 0..3 {
            let title = format!("Rubbish number {n}");
            visitor.submit(&link, &[("title", &title), ("times_per_week", "1"), ("minutes", "5")]).await;
        }
        let list = "/frictions?unit=ward-7";
        lea.get(list).await.shows("Hold all 3 back");
        let other = world.unit("ward-8", None).await;
        let kim = world.person("kim", RoleWord::Lead, Some(other)).await;
        world.browser_of(kim).await.submit("/units/ward-7/looks", &[("words", "mine")]).await;
        lea.get(list).await.shows("3 reports wait");
        lea.post("/units/ward-7/looks", &[("words", " ")]).await.is(422).shows("Say why it is held back");
        lea.submit("/units/ward-7/looks", &[("words", "Somebody flooded the link")]).await;
        lea.get(list).await.hides("wait for your look").shows("0 open");
        let row = world.world.store().read();
        let held = "SELECT COUNT(*) AS n FROM friction_look WHERE shown = 'held-back' AND words = 'Somebody flooded the link'";
        assert_eq!(row.one(held, vec![]).await.unwrap().unwrap().count("n").unwrap(), 3);
    });
}

#[test]
fn scripts_links_and_texts_without_end_are_refused_and_nothing_runs() {
    on_both(async |world| {
        let (lea, link) = open_link(&world).await;
        let visitor = world.visitor();
        let send = async |title: &str| {
            visitor.post(&link, &[("title", title), ("times_per_week", "1"), ("minutes", "5")]).await
        };
        for title in [
            "<script>alert(1)</script>",
            "late <img src=x onerror=alert(1)>",
            "win at https://casino.example",
        ] {
            let refused = send(title).await;
            refused.is(422).shows("say it in plain words");
            assert!(
                !refused.body.contains("<script>alert") && !refused.body.contains("<img src=x"),
                "{}",
                refused.body
            );
        }
        send(&"x".repeat(141)).await.is(422).shows("shorten it to 140 at most");
        send("Late\0").await.is(422).shows("U+0000");
        send(&"x".repeat(9_000)).await.is(413).shows("more than 8 KB");
        visitor.post(&link, &[("title", "x"), ("times_per_week", "1e9"), ("minutes", "5")]).await.is(422);
        lea.get("/frictions?unit=ward-7").await.hides("for your look");
        let shown = send("5 < 6 & \"quoted\" 'words'").await;
        shown.is(303);
        let page = lea.get("/frictions?unit=ward-7").await;
        assert!(page.body.contains("5 &lt; 6 &amp; &quot;quoted&quot;"), "{}", page.body);
        let policy = visitor.get(&link).await.headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'self'") && !policy.contains("script-src"), "{policy}");
    });
}

#[test]
fn the_link_is_renewed_and_closed_by_the_lead_alone() {
    on_both(async |world| {
        let (lea, first) = open_link(&world).await;
        let visitor = world.visitor();
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let jo = world.browser_of(jo).await;
        for what in ["renew", "close"] {
            jo.post("/units/ward-7/kiosk", &[("do", what)]).await.is(403);
        }
        jo.get("/units/ward-7/kiosk").await.is(403);
        lea.post("/units/ward-7/kiosk", &[("do", "open")]).await.is(422).shows("has a link already");
        lea.submit("/units/ward-7/kiosk", &[("do", "renew")]).await;
        let second = link(&lea).await;
        assert_ne!(first, second);
        visitor.get(&first).await.is(404);
        visitor.post(&first, &LATE).await.is(404);
        visitor.submit(&second, &LATE).await;
        lea.submit("/units/ward-7/kiosk", &[("do", "close")]).await;
        visitor.get(&second).await.is(404);
        visitor.post(&second, &LATE).await.is(404);
        lea.get("/units/ward-7/kiosk").await.shows("ward-7 has no link");

        let client = world.client(&[Scope::Write]).await;
        let opened = client.post("/api/v1/units/ward-7/kiosk", &serde_json::json!({"do": "open"})).await;
        opened.is(200);
        let third = opened.json()["link"].as_str().unwrap().replace("http://traction.test", "");
        visitor.get(&third).await.is(200);
        visitor.get("/kiosk/zzz").await.is(404);
    });
}
