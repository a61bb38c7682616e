//! Stage 1: a pain is named, shared, answered.

use axum::body::Body;
use axum::http::Request;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::world::on_both;

const LATE: [(&str, &str); 3] =
    [("title", "Blood results come late"), ("times_per_week", "10"), ("minutes", "30")];

#[test]
fn a_friction_is_reported_in_three_fields_shared_and_ranked_by_its_cost() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let kim = world.browser_of(kim).await;
        let unit = ward.to_string();

        jo.submit(
            "/frictions",
            &[("title", "No beds"), ("times_per_week", "1"), ("minutes", "15"), ("unit", &unit)],
        )
        .await;
        let late = jo.submit("/frictions", &[&LATE[..], &[("unit", &unit)]].concat()).await;
        jo.get(&late).await.shows("It costs ward-7 about 5.0 hours a week; it is new.");

        kim.get("/frictions/similar?title=late+blood+result")
            .await
            .shows("Blood results come late")
            .hides("No beds");
        kim.submit(&format!("{late}/shares"), &[("times_per_week", "2"), ("minutes", "30")]).await;
        kim.get(&late).await.shows("about 6.0 hours a week, and others have it too");
        let again = kim.post(&format!("{late}/shares"), &[("times_per_week", "2"), ("minutes", "30")]).await;
        again.is(422).shows("once is enough");

        let backlog = kim.get("/frictions").await;
        backlog.shows("2 open, together about 6.2 hours a week.");
        let text = backlog.text();
        assert!(text.find("Blood results").unwrap() < text.find("No beds").unwrap(), "dearest first");
    });
}

#[test]
fn a_report_that_is_sent_twice_is_kept_once() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let (jo, kim) = (world.browser_of(jo).await, world.browser_of(kim).await);
        let unit = ward.to_string();
        let late = [&LATE[..], &[("unit", &unit)]].concat();
        let first = jo.submit("/frictions", &late).await;
        assert_eq!(jo.submit("/frictions", &late).await, first, "the second leads to what the first made");
        jo.get("/frictions").await.shows("1 open, together about 5.0 hours a week.");
        let mut dearer = late.clone();
        dearer[1] = ("times_per_week", "11");
        assert_ne!(jo.submit("/frictions", &dearer).await, first, "another burden is another report");
        assert_ne!(kim.submit("/frictions", &late).await, first, "so is another person's");
        world.days_go_by(0.1).await;
        assert_ne!(jo.submit("/frictions", &late).await, first, "and one hours later");
    });
}

#[test]
fn a_report_that_is_refused_loses_nothing_of_what_was_written() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let entries = [
            ("title", "Late <results>"),
            ("times_per_week", "often"),
            ("minutes", "30"),
            ("unit", &*ward.to_string()),
        ];
        let page = jo.post("/frictions", &entries).await;
        page.is(422).shows("`often` is not a number; write it like 12 or 2.5");
        assert!(page.body.contains("value=\"Late &lt;results&gt;\""), "{}", page.body);
        assert!(page.body.contains("value=\"often\""));
        let empty =
            [("title", "Late"), ("times_per_week", ""), ("minutes", "30"), ("unit", &*ward.to_string())];
        jo.post("/frictions", &empty).await.is(422).shows("This is empty; write it like 12 or 2.5");
        jo.get("/frictions").await.shows("0 open");
    });
}

#[test]
fn the_lead_answers_in_words_and_the_clock_stops_for_all_to_see() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let lea = world.browser_of(lea).await;
        let late = jo.submit("/frictions", &[&LATE[..], &[("unit", &*ward.to_string())]].concat()).await;
        world.days_go_by(3.0).await;
        jo.get("/frictions").await.shows("waiting for 3 days");

        let answers = format!("{late}/answers");
        jo.post(&answers, &[("answer", "done"), ("state", "gone")]).await.is(403);
        lea.post(&answers, &[("answer", " "), ("state", "gone")]).await.is(422).shows("Say in a sentence");
        lea.submit(&answers, &[("answer", "The lab sends them by wire now"), ("state", "gone")]).await;
        world
            .visitor()
            .get(&late)
            .await
            .shows("it is gone")
            .shows("The lab sends them by wire now")
            .shows("after 3 days");
        lea.post(&answers, &[("answer", "again"), ("state", "answered")])
            .await
            .is(422)
            .shows("is closed (gone)");
        jo.get("/frictions/mine").await.shows("You named or shared 1; 1 has an answer.");
    });
}

#[test]
fn a_program_reports_and_reads_with_a_token_of_the_right_scope() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let writer = world.client(&[Scope::Write]).await;
        let wish = serde_json::json!({"unit": "ward-7", "title": "Lifts stand still", "times_per_week": 5, "minutes": 12});
        writer.post("/api/v1/frictions", &wish).await.is(201);
        let reader = world.client(&[Scope::Read]).await;
        let list = reader.get("/api/v1/frictions").await.json();
        assert_eq!(list["items"][0]["title"], "Lifts stand still");
        assert_eq!(list["items"][0]["hours_per_week"], 1.0);
        reader.post("/api/v1/frictions", &wish).await.is(403);
        let bad = serde_json::json!({"unit": "ward-7", "title": "", "times_per_week": 5, "minutes": 12});
        let problem = writer.post("/api/v1/frictions", &bad).await;
        problem.is(422);
        assert_eq!(problem.json()["field"], "title");
        assert_eq!(problem.headers["content-type"], "application/problem+json");
        world.client(&[Scope::Access]).await.get("/api/v1/frictions").await.is(403);
        world.visitor().get("/api/v1/frictions").await.is(401);
        let keyed = Request::get("/api/v1/frictions").header("x-api-key", reader.token()).body(Body::empty());
        world.send(keyed.unwrap()).await.is(200);
    });
}
