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
        kim.get(&wait).await.shows("it is merged into another one, and new").hides("Me too");
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
fn what_was_merged_twice_over_counts_and_stands_in_the_last_one() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let first = reported(&lea, &unit, "Blood results come late", "30").await;
        let second = reported(&lea, &unit, "We wait for the lab", "30").await;
        let last = reported(&lea, &unit, "The lab is slow", "60").await;
        let id = |path: &str| path.trim_start_matches("/frictions/").to_owned();
        lea.submit(&format!("{first}/merges"), &[("into", &id(&second))]).await;
        lea.submit(&format!("{second}/merges"), &[("into", &id(&last))]).await;
        let answer = [("answer", "A second courier"), ("state", "being-removed"), ("owner", "")];
        lea.submit(&format!("{last}/answers"), &answer).await;
        let page = world.visitor().get(&first).await;
        page.shows("it is merged into another one, and being removed.").shows("A second courier");
        assert!(page.body.contains(&format!("href=\"{last}\"")), "it leads to the one in which it counts");
        world.visitor().get(&last).await.shows("Blood results come late").shows("We wait for the lab");
    });
}

#[test]
fn whoever_reported_what_was_merged_reads_the_answer_and_says_whether_it_is_gone_too() {
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
        world.days_go_by(2.0).await;
        let wait = reported(&kim, &unit, "We wait for the lab", "12").await;
        let merges = format!("{wait}/merges");
        lea.submit(&merges, &[("into", late.trim_start_matches("/frictions/"))]).await;
        kim.get(&wait).await.shows("first answer waiting for less than a day");
        world.days_go_by(3.0).await;
        let gone = [("answer", "The lab sends them by wire now"), ("state", "gone"), ("owner", "")];
        lea.submit(&format!("{late}/answers"), &gone).await;

        // Her own clock stopped, the answer stands on her page, and she is asked.
        let page = kim.get(&wait).await;
        page.shows("first answer after 3 days").shows("The lab sends them by wire now").shows("Is it gone?");
        page.hides("Nobody has answered yet");
        jo.get(&late).await.shows("first answer after 5 days");
        let mine = kim.get("/frictions/mine").await;
        mine.shows("You named or shared 1; 1 has an answer.").shows("We wait for the lab is said to be gone");

        jo.submit(&format!("{late}/verdicts"), &[("verdict", "gone"), ("words", "")]).await;
        jo.post(&format!("{wait}/verdicts"), &[("verdict", "stays"), ("words", "")]).await.is(403);
        let stays = [("verdict", "stays"), ("words", "At night it is as it was")];
        kim.submit(&format!("{wait}/verdicts"), &stays).await;
        kim.post(&format!("{wait}/verdicts"), &stays).await.is(422).shows("There is nothing to judge");
        world.days_go_by(1.0).await;
        let page = world.visitor().get(&late).await;
        page.shows("it is back.").shows("first answer waiting for 1 day").shows("At night it is as it was");
        page.shows("says so too").shows("says that it is not gone");
        jo.get("/frictions").await.shows("1 open, together");
        let figure = world.visitor().get("/changes").await.body;
        assert!(figure.contains("1 open"), "the figure of the stage counts it, once: {figure}");
        lea.get("/").await.shows("One friction waits for an answer in ward-7");

        // Said to be gone once more, each is asked once more; taken apart, hers is as it was reported.
        lea.submit(&format!("{late}/answers"), &gone).await;
        kim.submit(&format!("{wait}/verdicts"), &[("verdict", "gone"), ("words", "")]).await;
        jo.get(&late).await.shows("it is gone.").shows("Is it gone?");
        kim.get("/frictions/mine").await.hides("is said to be gone");
        lea.submit(&merges, &[("into", "")]).await;
        kim.get(&wait).await.shows("it is new.").shows("Nobody has answered yet");
        jo.get(&late).await.shows("it is gone.");
    });
}

/// Merged into one that everybody sees, a report that was for the lead alone counts there; what its reporter says of the
/// answer is read by those who see the report, whichever page shows it.
#[test]
fn what_is_said_by_way_of_a_report_for_the_lead_is_read_by_nobody_else_on_the_one_it_was_merged_into() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let kim = world.browser_of(kim).await;
        let open = reported(&jo, &unit, "Hand-overs take long", "30").await;
        let wish = [
            ("unit", &*unit),
            ("title", "She shouts at hand-over"),
            ("times_per_week", "5"),
            ("minutes", "12"),
            ("audience", "lead"),
        ];
        let closed = kim.submit("/frictions", &wish).await;
        world.visitor().get(&closed).await.is(404);
        let into = open.trim_start_matches("/frictions/");
        lea.submit(&format!("{closed}/merges"), &[("into", into)]).await;
        let gone = [("answer", "A shorter sheet"), ("state", "gone"), ("owner", "")];
        lea.submit(&format!("{open}/answers"), &gone).await;
        let (asks_jo, asks_kim) = (jo.get(&open).await, kim.get(&closed).await);
        let words = "She still shouts at me";
        kim.submit(&format!("{closed}/verdicts"), &[("verdict", "stays"), ("words", words)]).await;

        // It counts: the one that everybody sees is back.
        let page = world.visitor().get(&open).await;
        page.shows("it is back.").shows("Somebody who reported it says that it is not gone.").hides(words);
        jo.get(&open).await.shows("says that it is not gone").hides(words);
        lea.get(&open).await.shows(words);
        kim.get(&open).await.shows(words);
        kim.get(&closed).await.shows(words);
        let api = world.client(&[Scope::Read]).await;
        let told = api.get(&format!("/api/v1{open}")).await;
        told.is(200).hides(words).shows("stays");

        // Taken apart, it is no more open than before.
        lea.submit(&format!("{closed}/merges"), &[("into", "")]).await;
        world.visitor().get(&open).await.hides(words);
        let export = world.visitor().get("/frictions/export.csv").await;
        export.is(200).hides(words);
        asks_jo.shows("Whoever may see this friction reads it, without your name.");
        asks_kim.shows("Only the unit's lead reads it, without your name.");
    });
}

#[test]
fn me_too_counts_in_ones_own_unit_and_what_is_alike_there_stands_first() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let third = world.unit("ward-9", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        let kim = world.person("kim", RoleWord::Member, Some(other)).await;
        let kim = world.browser_of(kim).await;

        let late = reported(&jo, &ward.to_string(), "Blood results reach the round too late", "30").await;
        let lab = reported(&jo, &ward.to_string(), "Waiting for lab values", "6").await;
        let too = [("times_per_week", "2"), ("minutes", "30")];
        kim.get(&late).await.hides("You too?").shows("In your unit, too? Report it there");
        kim.post(&format!("{late}/shares"), &too).await.is(422).shows("This is another unit's");
        world.visitor().get(&late).await.shows("about 5.0 hours a week").hides("others have it too");
        kim.get("/frictions/new?title=Blood+results+reach+the+round+too+late")
            .await
            .shows("Others have it too; report yours all the same:")
            .hides("Known already?");

        // The same line in two other units, and one's own: one's own first, the others once, with how many they are.
        for unit in [other, third] {
            reported(&kim, &unit.to_string(), "Blood results come late", "120").await;
        }
        let page = jo.get("/frictions/similar?title=blood+results+come+late").await;
        page.shows(
            "Known already? Say “me too” there instead: Blood results reach the round too late ward-7",
        );
        page.shows("report yours all the same: Blood results come late ward-8 and 1 other unit");
        // What was merged is found by its own line.
        lea.submit(&format!("{lab}/merges"), &[("into", late.trim_start_matches("/frictions/"))]).await;
        jo.get("/frictions/similar?title=waiting+for+lab+values")
            .await
            .shows("Blood results reach the round too late ward-7 (said as “Waiting for lab values”, too)");
    });
}

#[test]
fn what_one_unit_merged_is_found_in_another_in_either_of_its_words() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Member, Some(other)).await;
        let (lea, kim) = (world.browser_of(lea).await, world.browser_of(kim).await);
        let one = reported(&lea, &ward.to_string(), "The grey lady is not at her desk", "30").await;
        let same = reported(&lea, &ward.to_string(), "Nobody hands out parking tokens", "30").await;
        reported(&kim, &other.to_string(), "Parking tokens are handed out by nobody", "10").await;
        let typed = "/frictions/similar?title=the%20grey%20lady%20is%20not%20at%20her%20desk";
        kim.get(typed).await.hides("Parking tokens are handed out by nobody");
        let into = same.trim_start_matches("/frictions/");
        lea.submit(&format!("{one}/merges"), &[("into", into)]).await;
        kim.get(typed)
            .await
            .shows("Parking tokens are handed out by nobody")
            .shows("Say “me too” there instead");
    });
}

#[test]
fn the_title_of_a_report_for_the_lead_stays_hidden_where_it_was_merged_into_one_for_everybody() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let (lea, jo, kim) =
            (world.browser_of(lea).await, world.browser_of(jo).await, world.browser_of(kim).await);
        let public = reported(&kim, &ward.to_string(), "Bells ring unanswered", "30").await;
        let own = [
            ("title", "Otto sleeps through the bell"),
            ("times_per_week", "10"),
            ("minutes", "30"),
            ("unit", &*ward.to_string()),
            ("audience", "lead"),
        ];
        let for_the_lead = jo.submit("/frictions", &own).await;
        let into = public.trim_start_matches("/frictions/");
        lea.submit(&format!("{for_the_lead}/merges"), &[("into", into)]).await;
        lea.get(&public).await.shows("Otto sleeps through the bell");
        let typed = "/frictions/similar?title=otto%20sleeps%20through%20the%20bell";
        lea.get(typed).await.shows("Bells ring unanswered").shows("said as “Otto sleeps");
        for other in [&kim, &world.visitor()] {
            other.get(&public).await.shows("Bells ring unanswered").hides("Otto");
            other.get(typed).await.hides("Otto").hides("Bells ring unanswered");
            other.get("/frictions").await.hides("Otto");
        }
    });
}

#[test]
fn what_several_units_call_the_same_is_one_line_over_all_units_with_each_units_own_within() {
    on_both(async |world| {
        let mut units = Vec::new();
        for name in ["ward-7", "ward-8", "ward-9"] {
            units.push(world.unit(name, None).await);
        }
        let jo = world.person("jo", RoleWord::Member, Some(units[0])).await;
        let jo = world.browser_of(jo).await;
        reported(&jo, &units[0].to_string(), "Keys are lost", "70").await;
        reported(&jo, &units[1].to_string(), "keys are lost ", "60").await;
        reported(&jo, &units[2].to_string(), "The lift stands still", "90").await;
        let list = world.visitor().get("/frictions").await;
        list.shows("3 open").shows("in 2 units").shows("ward-8 : 10 hours").shows("2 wait, the longest for");
        let (keys, lift) =
            (list.body.find("Keys are lost</summary>"), list.body.find("The lift stands still</a>"));
        assert!(keys.unwrap() < lift.unwrap(), "together they cost more");
        world.visitor().get("/frictions?unit=ward-8").await.shows("keys are lost").hides("in 2 units");
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
        assert!(!about.contains("jonah") && about.contains("undisclosed"), "{about}");
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
        lea.get("/").await.shows("for an answer in ward-7: new, or back");
        lea.submit(&answers, &[("answer", "At night, too"), ("state", "gone")]).await;
        jo.submit(&verdicts, &[("verdict", "gone")]).await;
        visitor.get(&late).await.shows("it is gone").shows("Somebody who reported it says so too");
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

#[test]
fn a_file_keeps_who_sees_what_and_holds_by_itself_only_what_everybody_sees() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let unit = ward.to_string();
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lea = world.browser_of(lea).await;
        reported(&lea, &unit, "No beds", "6").await;
        let rota = [
            ("title", "The rota is unfair"),
            ("times_per_week", "5"),
            ("minutes", "10"),
            ("unit", &*unit),
            ("audience", "lead"),
        ];
        lea.submit("/frictions", &rota).await;
        let file = lea.get("/frictions/export.csv").await.body;
        assert!(file.contains("No beds") && !file.contains("rota"), "{file}");
        lea.get("/frictions").await.shows("with what only some may see");
        let file = lea.get("/frictions/export.csv?with=narrower").await.body;
        assert!(file.contains("The rota is unfair"), "{file}");
        assert!(take(&world, &file).await.contains("2 unchanged"));

        // Elsewhere it is for the lead alone, too; where nobody leads, nothing of the file is taken.
        let elsewhere = world.unit("ward-8", None).await;
        let moved = file.replace("ward-7", "ward-8");
        let sheet = sheet::File { name: "frictions.csv".into(), bytes: moved.clone().into_bytes() };
        let refused = frictions::run(&world.world, &Who::operator(), &sheet, Mode::Take).await;
        let refused = refused.map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("`audience`: this unit has no lead"), "{refused}");
        let max = world.person("max", RoleWord::Lead, Some(elsewhere)).await;
        assert!(take(&world, &moved).await.contains("2 added"));
        world.visitor().get("/frictions?unit=ward-8").await.shows("No beds").hides("rota");
        world.browser_of(max).await.get("/frictions?unit=ward-8").await.shows("The rota is unfair");
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
