//! Stage 1, beyond the first report: merging, who sees what, a look before others see it, whether it is gone, the course
//! of a metric, files. The kiosk has a file of its own.

use traction::measure::import::{frictions, sheet};
use traction::measure::outcome::verbs::Mode;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::world::{Browser, TestWorld, on_both};

/// What a person fills in.
pub async fn reported(browser: &Browser<'_>, unit: &str, title: &str, minutes: &str) -> String {
    let entries = [("title", title), ("times_per_week", "10"), ("minutes", minutes), ("unit", unit)];
    browser.submit("/frictions", &entries).await
}

#[test]
fn merged_frictions_count_together_everybody_once_and_come_apart_again() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let kim = world.browser_of(kim).await;

        let late = reported(&jo, &unit, "Blood results come late", "30").await;
        let wait = reported(&kim, &unit, "We wait for the lab", "12").await;
        // Kim has the first one too, with less: merged, she counts once, with her own report.
        kim.submit(&format!("{late}/shares"), &[("times_per_week", "2"), ("minutes", "30")]).await;
        jo.get(&late).await.shows("about 6.0 hours a week");

        let into = late.trim_start_matches("/frictions/");
        let merges = format!("{wait}/merges");
        kim.post(&merges, &[("into", into)]).await.is(403);
        lea.get(&wait).await.shows("Is it one with another?").shows("Blood results come late");
        lea.submit(&merges, &[("into", into)]).await;
        jo.get(&late).await.shows("about 7.0 hours a week").shows("Reported as well We wait for the lab");
        kim.get(&wait).await.shows("it is merged into another one").hides("Me too");
        jo.get("/frictions").await.shows("1 open, together about 7.0 hours a week.");
        world.visitor().get("/").await.is(200);
        lea.post(&merges, &[("into", into)]).await.is(422).shows("is merged already");
        lea.post(&format!("{late}/merges"), &[("into", wait.trim_start_matches("/frictions/"))])
            .await
            .is(422)
            .shows("merged into this one already");
        let answer = [("answer", "On Monday"), ("state", "gone"), ("owner", "")];
        lea.post(&format!("{wait}/answers"), &answer).await.is(422).shows("go on there");
        kim.get("/frictions/mine").await.shows("We wait for the lab").shows("merged");

        lea.submit(&merges, &[("into", "")]).await;
        jo.get(&late).await.shows("about 6.0 hours a week").hides("Reported as well");
        jo.get("/frictions").await.shows("2 open, together about 8.0 hours a week.");
        lea.post(&merges, &[("into", "")]).await.is(422).shows("is not merged into another one");

        let other = world.unit("ward-8", None).await;
        let far = reported(&jo, &other.to_string(), "Blood results come late", "30").await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.post(&format!("{far}/merges"), &[("into", into)]).await.is(422).shows("merge within one unit");
    });
}

#[test]
fn what_is_for_the_lead_alone_is_seen_by_nobody_else_anywhere_and_names_nobody() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let jo = world.person("jonah", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let entries = [
            ("title", "The rota is unfair"),
            ("times_per_week", "5"),
            ("minutes", "60"),
            ("unit", &*unit),
            ("audience", "lead"),
        ];
        let alone = jo.submit("/frictions", &entries).await;
        let id = alone.trim_start_matches("/frictions/");
        jo.get(&alone).await.shows("Only the unit's lead sees this");
        lea.get(&alone).await.shows("Only the unit's lead sees this").shows("Your answer").hides("jonah,");
        lea.get("/frictions").await.shows("The rota is unfair");
        jo.get("/frictions/mine").await.shows("The rota is unfair");

        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let others = [
            world.browser_of(kim).await,
            world.browser_of(ada).await,
            world.browser_of(cleo).await,
            world.visitor(),
        ];
        for other in &others {
            other.get(&alone).await.is(404);
            for page in [
                "/frictions",
                "/frictions?unit=ward-7",
                "/frictions/similar?title=rota+unfair",
                "/frictions/export.csv",
            ] {
                assert!(!other.get(page).await.body.contains("unfair"), "{page}");
            }
            other.get("/frictions").await.shows("0 open");
        }
        for other in &others[..3] {
            other
                .post(&format!("{alone}/shares"), &[("times_per_week", "1"), ("minutes", "1")])
                .await
                .is(404);
            other.post(&format!("{alone}/answers"), &[("answer", "x"), ("state", "gone")]).await.is(404);
            let idea = [("title", "x"), ("hope", "y"), ("unit", &*unit), ("friction", id)];
            let tied = other.post("/ideas", &idea).await;
            tied.is(404);
            assert!(!tied.body.contains("unfair"), "{}", tied.body);
            assert!(!other.get(&format!("/cycles/new?friction={id}")).await.body.contains("unfair"));
        }
        let journal = others[1].get("/journal").await;
        let about =
            journal.body.split("<tr").find(|row| row.contains("friction reported")).unwrap().to_owned();
        assert!(!about.contains("jonah"), "{about}");
        let reader = world.client(&[Scope::Read]).await;
        assert_eq!(reader.get("/api/v1/frictions").await.json()["items"].as_array().unwrap().len(), 0);
        reader.get(&format!("/api/v1/frictions/{id}")).await.is(404);

        // The lead tests something against it: its words stay where they are.
        let cycle = [
            ("aim", "A fair rota"),
            ("prediction", "Nobody asks"),
            ("plan", "Draw lots"),
            ("unit", &*unit),
            ("friction", id),
        ];
        let cycle = lea.submit("/cycles", &cycle).await;
        world.visitor().get(&cycle).await.is(200).hides("unfair");

        // Opening the list later opens nothing of what was told before.
        lea.submit(&format!("{alone}/answers"), &[("answer", "Let us talk"), ("state", "answered")]).await;
        lea.submit("/units/ward-7/intake", &[("audience", "all"), ("look", "at-once")]).await;
        others[0].get(&alone).await.is(404);
    });
}

#[test]
fn the_journal_never_says_who_reported_something_that_everybody_sees() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jonah", RoleWord::Member, Some(ward)).await;
        let friction = reported(&world.browser_of(jo).await, &ward.to_string(), "No printer", "10").await;
        world.visitor().get(&friction).await.shows("No printer");
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let journal = world.browser_of(ada).await.get("/journal").await;
        let about = journal.body.split("<tr").find(|row| row.contains("friction reported")).unwrap();
        assert!(!about.contains("jonah") && about.contains("somebody"), "{about}");
    });
}

#[test]
fn a_unit_says_who_sees_its_reports_and_nobody_chooses_more() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let narrow = [("audience", "lead"), ("look", "at-once")];
        ada.post("/units/ward-7/intake", &narrow).await.is(422).shows("has no lead");
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let kim = world.browser_of(kim).await;
        jo.post("/units/ward-7/intake", &narrow).await.is(403);

        let before = reported(&jo, &unit, "Keys are lost", "5").await;
        lea.submit("/units/ward-7/intake", &[("audience", "unit"), ("look", "at-once")]).await;
        let ours = [
            &[("audience", "all")][..],
            &[("title", "The lift sticks"), ("times_per_week", "5"), ("minutes", "6"), ("unit", &*unit)],
        ]
        .concat();
        let ours = jo.submit("/frictions", &ours).await;
        kim.get(&ours).await.is(200).shows("Only the unit's own people see this");
        ada.get(&ours).await.is(404);
        world.visitor().get(&ours).await.is(404);
        world.visitor().get("/frictions?unit=ward-7").await.shows("Keys are lost").hides("lift");
        world.visitor().get(&before).await.is(200);
        jo.get("/units/ward-7/intake")
            .await
            .shows("Only the unit's own people see what is reported here, at once.");
    });
}

#[test]
fn where_somebody_looks_first_a_report_is_seen_after_that_or_held_back_with_the_reason() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        lea.submit("/units/ward-7/intake", &[("audience", "all"), ("look", "first")]).await;
        let late = reported(&jo, &unit, "Blood results come late", "30").await;
        let rude = reported(&jo, &unit, "Kim is slow", "6").await;
        jo.get(&late).await.shows("It waits for a look");
        let visitor = world.visitor();
        visitor.get(&late).await.is(404);
        visitor.get("/frictions").await.shows("0 open").hides("for your look");
        visitor.get("/").await.hides("Blood");
        lea.get("/frictions?unit=ward-7").await.shows("2 reports wait for your look").shows("Kim is slow");
        jo.post(&format!("{late}/looks"), &[("shown", "shown")]).await.is(403);
        lea.submit(&format!("{late}/looks"), &[("shown", "shown")]).await;
        lea.post(&format!("{rude}/looks"), &[("shown", "held-back"), ("words", " ")])
            .await
            .is(422)
            .shows("Say why it is held back");
        lea.submit(&format!("{rude}/looks"), &[("shown", "held-back"), ("words", "It names a colleague")])
            .await;
        visitor.get("/frictions").await.shows("1 open").shows("Blood results").hides("Kim is slow");
        visitor.get(&rude).await.is(404);
        jo.get(&rude).await.shows("It is held back: nobody else sees it. It names a colleague");
        lea.get("/frictions?unit=ward-7").await.hides("for your look");
    });
}

#[test]
fn whoever_reported_it_says_whether_it_is_gone_and_it_comes_back_if_not() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let jo = world.person("jonah", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let kim_id = kim.to_string();
        let kim = world.browser_of(kim).await;
        let elsewhere = world.person("eve", RoleWord::ChangeLead, None).await.to_string();
        let late = reported(&jo, &unit, "Blood results come late", "30").await;
        let verdicts = format!("{late}/verdicts");
        jo.post(&verdicts, &[("verdict", "gone")]).await.is(422).shows("nothing to judge");
        let answers = format!("{late}/answers");
        lea.post(&answers, &[("answer", "Kim sees to it"), ("state", "answered"), ("owner", &elsewhere)])
            .await
            .is(422)
            .shows("belongs to the unit");
        lea.submit(&answers, &[("answer", "Sent by wire"), ("state", "gone"), ("owner", &kim_id)]).await;
        kim.get(&late).await.shows("kim takes care of it").hides("It is not gone");
        kim.post(&verdicts, &[("verdict", "gone")]).await.is(403);
        jo.get("/frictions/mine").await.shows("is said to be gone; you say whether it is");

        world.days_go_by(4.0).await;
        jo.submit(&verdicts, &[("verdict", "stays"), ("words", "At night it is as before")]).await;
        jo.post(&verdicts, &[("verdict", "gone")]).await.is(422).shows("nothing to judge");
        world.days_go_by(2.0).await;
        let visitor = world.visitor();
        visitor
            .get(&late)
            .await
            .shows("it is back")
            .shows("says that it is not gone. At night it is as before")
            .shows("first answer waiting for 2 days")
            .hides("jonah");
        visitor.get("/frictions").await.shows("1 open").shows("waiting for 2 days");
        lea.get("/").await.shows("wait for a first answer");
        lea.submit(&answers, &[("answer", "At night, too"), ("state", "gone")]).await;
        jo.submit(&verdicts, &[("verdict", "gone")]).await;
        visitor.get(&late).await.shows("it is gone").shows("Whoever reported it says so too");
        visitor.get("/frictions").await.shows("0 open");
    });
}

#[test]
fn a_friction_points_at_a_metric_of_its_unit_and_its_course_stands_beside_it() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let late = reported(&lea, &unit, "Blood results come late", "30").await;
        let proposed = metric_rules::propose("Open calls", "calls", Better::Down).unwrap();
        let metric = metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        let client = world.client(&[Scope::Write]).await;
        lea.get(&late).await.shows("Point it at a metric");
        lea.submit(&format!("{late}/metric"), &[("metric", &metric.to_string())]).await;
        lea.get(&late).await.shows("of which nothing is known in this unit yet");
        let seen = serde_json::json!([
            {"unit": "ward-7", "period": "2026-01", "value": 40.0},
            {"unit": "ward-7", "period": "2026-02", "value": 31.0},
        ]);
        client.post("/api/v1/metrics/open-calls/outcomes", &seen).await.is(200);
        let page = world.visitor().get(&late).await;
        page.shows("Open calls: 31 in 2026-02").hides("Point it at a metric");
        let id = late.trim_start_matches("/frictions/");
        let none = serde_json::json!({"metric": null});
        client.post(&format!("/api/v1/frictions/{id}/metric"), &none).await.is(200);
        world.visitor().get(&late).await.hides("Open calls");
    });
}

#[test]
fn what_is_exported_changes_nothing_when_it_comes_back_and_fills_another_place() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let late = reported(&lea, &unit, "=Late, \"blood\" results", "30").await;
        reported(&lea, &unit, "No beds", "6").await;
        lea.submit(&format!("{late}/answers"), &[("answer", "We look"), ("state", "being-removed")]).await;
        let file = world.visitor().get("/frictions/export.csv").await;
        assert!(
            file.body.starts_with("unit,title,times_per_week,minutes,people,reported_at,state,"),
            "{}",
            file.body
        );
        assert!(file.body.contains("\"'=Late, \"\"blood\"\" results\""), "{}", file.body);
        let taken = take(&world, &file.body).await;
        assert!(taken.contains("2 unchanged") && !taken.contains("added"), "{taken}");

        let elsewhere = world.unit("ward-8", None).await;
        let _ = elsewhere;
        let moved = file.body.replace("ward-7", "ward-8");
        let taken = take(&world, &moved).await;
        assert!(taken.contains("2 added"), "{taken}");
        let taken = take(&world, &moved).await;
        assert!(taken.contains("2 unchanged") && !taken.contains("added"), "{taken}");
        world
            .visitor()
            .get("/frictions?unit=ward-8")
            .await
            .shows("=Late, \"blood\" results")
            .shows("being removed");
    });
}

async fn take(world: &TestWorld, text: &str) -> String {
    let file = sheet::File { name: "frictions.csv".into(), bytes: text.as_bytes().to_vec() };
    let report = frictions::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap();
    report.to_string().lines().next().unwrap().to_owned()
}

#[test]
fn a_program_answers_merges_and_says_how_reports_are_taken_in() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let client = world.client(&[Scope::Write]).await;
        let wish = |title: &str| serde_json::json!({"unit": "ward-7", "title": title, "times_per_week": 5, "minutes": 12});
        let made = async |title: &str| {
            let made = client.post("/api/v1/frictions", &wish(title)).await;
            made.is(201);
            made.json()["id"].as_str().unwrap().to_owned()
        };
        let (one, other) = (made("Lifts stand still").await, made("The lift is stuck").await);
        let merges = format!("/api/v1/frictions/{other}/merges");
        client.post(&merges, &serde_json::json!({"into": one})).await.is(200);
        let shown = client.get(&format!("/api/v1/frictions/{one}")).await.json();
        assert_eq!(shown["friction"]["hours_per_week"], 2.0);
        assert!(shown["friction"]["hours_low"].as_f64().unwrap() < 1.5, "{shown}");
        assert_eq!(shown["friction"]["merged"][0], *other);
        client.post(&merges, &serde_json::json!({"into": null})).await.is(200);
        let answer = serde_json::json!({"state": "kept", "words": "It is being rebuilt in May"});
        client.post(&format!("/api/v1/frictions/{one}/answers"), &answer).await.is(200);
        let shown = client.get(&format!("/api/v1/frictions/{one}")).await.json();
        assert_eq!(
            (&shown["friction"]["state"], &shown["answers"][0]["words"]),
            (&"kept".into(), &"It is being rebuilt in May".into())
        );
        let intake = serde_json::json!({"audience": "all", "look": "first"});
        client.post("/api/v1/units/ward-7/intake", &intake).await.is(200);
        assert_eq!(client.get("/api/v1/units/ward-7/intake").await.json()["look"], "first");
        let held = made("Kim is slow").await;
        let look = serde_json::json!({"shown": "held-back", "words": "a name"});
        client.post(&format!("/api/v1/frictions/{held}/looks"), &look).await.is(200);
        let list = client.get("/api/v1/frictions").await.json();
        assert!(
            list["items"].as_array().unwrap().iter().all(|item| item["title"] != "Kim is slow"),
            "{list}"
        );
    });
}
