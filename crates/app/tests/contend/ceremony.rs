//! The ceremony: what is published when, whom one has to trust, the ranking as it falls, and the page that recomputes it.

use traction_domain::contend::draw::verify;
use traction_domain::org::role::RoleWord;

use super::draws::{FIVE, published};
use super::ground::{WAVE, contenders, wave};
use crate::world::{Browser, TestWorld, on_both};

#[test]
fn a_public_source_is_named_before_anybody_applies_and_its_value_entered_once_it_exists() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let sources = format!("{WAVE}/sources");
        let link = ("link", "https://lottery.example/6of45");
        let source = [("name", "national lottery"), link, ("due", "2026-03-06T19:00")];
        world
            .visitor()
            .get(&format!("{WAVE}/draw"))
            .await
            .shows("You have to trust whoever runs this server")
            .hides("Name a public source");
        let early = [("name", "national lottery"), link, ("due", "2026-03-05T19:00")];
        cleo.post(&sources, &early).await.is(422).shows("nobody can apply knowing it");
        let at_closing = [("name", "national lottery"), link, ("due", "2026-03-06T09:00")];
        cleo.post(&sources, &at_closing).await.is(422).shows("Applications close on 6 March 2026, 09:00 UTC");
        cleo.post(&sources, &[("name", "national lottery")]).await.is(422).shows("write it like");
        let nowhere = [("name", "a number Cleo thinks of"), ("due", "2026-03-06T19:00")];
        cleo.post(&sources, &nowhere).await.is(422).shows("Say where its value is published");
        cleo.submit(&sources, &source).await;
        let page = world.visitor().get(&format!("{WAVE}/draw")).await;
        page.shows("Nobody needs to be trusted").shows("Fri 6 Mar 2026, 19:00 UTC").hides("trust whoever");
        let call = world.visitor().get(WAVE).await;
        call.shows("national lottery (Fri 6 Mar 2026, 19:00 UTC): its value does not exist yet");

        contenders(&world, FIVE).await;
        cleo.post(&sources, &source).await.is(422).shows("Units have applied already");
        let enter = format!("{WAVE}/sources/1");
        cleo.post(&enter, &[("value", "3 9")])
            .await
            .is(422)
            .shows("The list is frozen on 6 March 2026, 09:00 UTC");
        world.days_go_by(4.2).await;
        cleo.post(&sources, &source).await.is(422);
        cleo.post(&enter, &[("value", "3 9")]).await.is(422).shows("comes to be on 6 March 2026, 19:00 UTC");
        let draw = format!("{WAVE}/draw");
        cleo.get(&draw)
            .await
            .hides("Enter it")
            .hides("Run the draw")
            .shows("the draw waits for the value of national lottery");
        cleo.get(WAVE).await.hides("Run the draw");
        cleo.post(&format!("{WAVE}/draw"), &[]).await.is(422).shows("`national lottery` has no value yet");
        world.days_go_by(0.4).await;
        cleo.get(&draw)
            .await
            .shows("Enter the value of national lottery")
            .hides("Run the draw")
            .shows("Enter it");
        cleo.get(WAVE)
            .await
            .shows("Enter the value of national lottery")
            .shows("its value is not entered yet");
        cleo.submit(&enter, &[("value", "3 9 14 27 33 41")]).await;
        cleo.post(&enter, &[("value", "1")]).await.is(422).shows("was entered before");
        let told = world.visitor().get(&draw).await;
        told.shows("Entered by cleo, just now . This server compared it with nothing: compare it with https://lottery.example/6of45");
        cleo.get(&draw).await.shows("Run the draw");
        cleo.submit(&draw, &[]).await;
        let record = published(&world).await;
        assert_eq!(record.public[0].value.as_deref(), Some("3 9 14 27 33 41"));
        assert_eq!(record.public[0].when.as_deref(), Some("2026-03-06T19:00:00Z"));
        assert!(verify(&record).is_ok());
        world.visitor().get(&format!("{WAVE}/draw")).await.shows("Nobody needs to be trusted");
    });
}

#[test]
fn the_ranking_falls_in_the_first_hour_and_whenever_it_is_asked_for_and_is_whole_without_falling() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let draw = format!("{WAVE}/draw");
        let falls = |body: &str| body.contains("--beat: 0.400s") && body.contains("/assets/draw.css");
        let fresh = world.visitor().get(&draw).await;
        assert!(falls(&fresh.body));
        fresh.shows("5 units contended for 2 slots: who got one stands below, in the order of the draw.");
        let (page, result) = (fresh.text(), "2 of 5 units got a slot");
        assert!(
            page.find("Who got what").unwrap() < page.find(result).unwrap(),
            "it is told too early: {page}"
        );
        world.days_go_by(0.1).await;
        let later = world.visitor().get(&draw).await;
        assert!(!falls(&later.body));
        later.shows("2 of 5 units got a slot; for 5 of them the lottery decided. ");
        assert!(falls(&world.visitor().get(&format!("{draw}?again=1")).await.body));
        for page in [fresh.text(), later.text()] {
            let places: Vec<_> =
                record.order.iter().map(|ranked| page.find(&format!(" {} ", ranked.unit))).collect();
            assert!(places.iter().all(Option::is_some), "{page}");
        }
    });
}

#[test]
fn the_page_that_recomputes_brings_its_module_and_no_other_page_does() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        let path = format!("{WAVE}/verify");
        let before = world.visitor().get(&path).await;
        before.is(200).shows("traction draw verify draw.json");
        assert!(!before.body.contains("data-record"), "there is none yet");
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let page = world.visitor().get(&path).await;
        assert!(page.body.contains(&format!("data-record=\"{WAVE}/draw.json\"")));
        assert!(page.body.contains("<script type=\"module\" src=\"/assets/verify.js\">"));
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
        let module = world.visitor().get("/assets/verify.js").await;
        assert_eq!(module.headers["content-type"], "text/javascript; charset=utf-8");
        let counts = world.visitor().get("/assets/count.js").await;
        assert_eq!(counts.headers["content-type"], "text/javascript; charset=utf-8");
        let draw = world.visitor().get(&format!("{WAVE}/draw")).await;
        draw.shows("Recompute it in this browser").shows("Download the record");
        assert!(!draw.body.contains("verify.js"));
    });
}

/// A closed wave whose source should have its value by now, and two who run the change.
async fn with_source(world: &TestWorld) -> (Browser<'_>, Browser<'_>) {
    let cleo = wave(world, "2", "2026-03-02T08:00").await;
    let source = [
        ("name", "national lottery"),
        ("link", "https://lottery.example/6of45"),
        ("due", "2026-03-06T10:00"),
    ];
    cleo.submit(&format!("{WAVE}/sources"), &source).await;
    contenders(world, FIVE).await;
    world.days_go_by(4.2).await;
    let dana = world.person("dana", RoleWord::ChangeLead, None).await;
    (cleo, world.browser_of(dana).await)
}

#[test]
fn a_value_mistyped_is_put_right_before_the_draw_with_both_to_be_seen_and_never_after_it() {
    on_both(async |world| {
        let (cleo, dana) = with_source(&world).await;
        let (draw, source) = (format!("{WAVE}/draw"), format!("{WAVE}/sources/1"));
        cleo.submit(&source, &[("value", "3 9 14")]).await;
        let right = format!("{source}/correction");
        dana.post(&right, &[("value", "3 9 15"), ("why", "")]).await.is(422).shows("Say in a sentence why");
        dana.post(&right, &[("value", "3 9 14"), ("why", "typo")])
            .await
            .is(422)
            .shows("stands there already");
        dana.submit(&right, &[("value", "3 9 15"), ("why", "a digit was wrong")]).await;
        let page = world.visitor().get(&draw).await;
        page.shows(
            "Entered by cleo, just now , as 3 9 14 . Put right to 3 9 15 by dana, just now : a digit was wrong.",
        );
        cleo.submit(&draw, &[]).await;
        let record = published(&world).await;
        assert_eq!(record.public[0].value.as_deref(), Some("3 9 15"));
        dana.post(&right, &[("value", "3 9 16"), ("why", "later")])
            .await
            .is(422)
            .shows("a draw is never repeated");
        world.visitor().get(&draw).await.shows("Put right to 3 9 15 by dana");
    });
}

#[test]
fn a_source_that_publishes_nothing_is_given_up_by_two_people_and_the_record_says_so() {
    on_both(async |world| {
        let (cleo, dana) = with_source(&world).await;
        let (draw, failure) = (format!("{WAVE}/draw"), format!("{WAVE}/sources/1/failure"));
        let answer = format!("{failure}/answer");
        cleo.post(&failure, &[("why", " ")]).await.is(422).shows("Say in a sentence why");
        cleo.submit(&failure, &[("why", "the lottery closed down")]).await;
        cleo.post(&failure, &[("why", "again")]).await.is(422).shows("was said already");
        cleo.post(&answer, &[("answer", "confirmed")]).await.is(422).shows("You asked for this yourself");
        cleo.post(&draw, &[]).await.is(422).shows("has no value yet");
        dana.get(&draw).await.shows("cleo asks to draw without it").shows("Confirm it");
        dana.submit(&answer, &[("answer", "confirmed")]).await;
        cleo.post(&format!("{WAVE}/sources/1"), &[("value", "3")]).await.is(422);
        cleo.submit(&draw, &[]).await;
        let record = published(&world).await;
        assert_eq!(record.public[0].value.as_deref(), Some(""));
        assert!(verify(&record).is_ok());
        world
            .visitor()
            .get(&draw)
            .await
            .shows("the lottery closed down (cleo, confirmed by dana)")
            .shows("You have to trust whoever runs this server: the public source that was named published nothing")
            .hides("Nobody needs to be trusted");
    });
}
