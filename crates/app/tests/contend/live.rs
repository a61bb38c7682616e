//! What whoever looks at a wave hears meanwhile: that something is new, and nothing about anybody.

use std::pin::pin;
use std::time::Duration;

use futures_util::future;
use traction::contend::wave::live::N_STREAMS;
use traction::jobs;

use super::ground::{CHANGE, WAVE, apply, contenders, ward, wave};
use crate::world::ear::{Ear, Told};
use crate::world::{Response, TestWorld, on_both, on_sqlite};

/// The address of the stream in a page, if the page hears of news.
fn stream_in(page: &Response) -> Option<String> {
    let (_, rest) = page.body.split_once("data-live=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// Looks at the call and listens to it.
async fn listens(world: &TestWorld) -> Ear {
    let page = world.visitor().get(WAVE).await;
    Ear::at(world, &stream_in(&page).expect("an open wave is live"), None).await
}

/// Nothing is told by now.
async fn is_quiet(ear: &mut Ear) {
    assert!(future::poll_immediate(pin!(ear.hears())).await.is_none());
}

#[test]
fn whoever_looks_at_a_call_hears_of_each_application_of_the_clock_and_of_the_draw() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-03T08:00").await;
        let mut ear = listens(&world).await;
        assert_eq!(ear.headers["content-type"], "text/event-stream");
        is_quiet(&mut ear).await;
        let mut told: Vec<Told> = Vec::new();
        // Nothing is written: the wave opens by the clock.
        world.world.turn_clock("2026-03-03T08:00:00Z".parse().unwrap());
        told.push(ear.hears().await.unwrap());
        world.visitor().get(WAVE).await.shows("Nobody contends yet");
        for slug in ["ash", "birch"] {
            apply(&ward(&world, slug).await).await;
            told.push(ear.hears().await.unwrap());
        }
        world.visitor().get(WAVE).await.shows("2 units contend for 1 slot");
        let closing = "2026-03-06T09:00:00Z".parse().unwrap();
        world.world.turn_clock(closing);
        told.push(ear.hears().await.unwrap());
        jobs::freeze_closed(&world.world).await.unwrap();
        world.settles().await;
        told.push(ear.hears().await.unwrap());
        world.visitor().get(WAVE).await.shows("The list was frozen");
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        told.push(ear.hears().await.unwrap());
        // All that is ever said is how far it has come.
        for one in &told {
            assert_eq!((one.event.as_str(), one.id.as_ref()), ("changed", Some(&one.data)));
            assert!(one.data.chars().all(|c| c.is_ascii_digit() || c == '-'), "{}", one.data);
        }
        let n_told = told.len();
        told.dedup_by_key(|one| one.data.clone());
        assert_eq!(told.len(), n_told, "each is news");
        for page in [WAVE.to_owned(), format!("{WAVE}/draw")] {
            let page = world.visitor().get(&page).await;
            assert_eq!(stream_in(&page), None, "what is drawn has no more news");
        }
        let seen = &told[n_told - 1].data;
        let over = Ear::at(&world, &format!("{WAVE}/live?seen={seen}"), None).await;
        assert_eq!(over.status, 204, "so that a browser does not come back");
    });
}

#[test]
fn what_a_unit_keeps_for_itself_and_what_happens_in_other_waves_is_not_told() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let mut ear = listens(&world).await;
        let lead = &ward(&world, "elm").await;
        let own = lead.id.to_string();
        let draft = [("unit", own.as_str()), ("pain", "P"), ("aim", ""), ("owner", ""), ("then", "keep")];
        lead.lead.submit(&format!("{WAVE}/applications"), &draft).await;
        lead.lead.submit(&format!("{WAVE}/reminder"), &[("state", "asked")]).await;
        world.settles().await;
        is_quiet(&mut ear).await;
        let second = [
            ("n_slots", "2"),
            ("opens_at", "2026-03-02T08:00"),
            ("closes_at", "2026-03-07T09:00"),
            ("starts_at", "2026-03-08T06:00"),
            ("pledge", "An hour a week"),
        ];
        let other = cleo.submit(&format!("{CHANGE}/waves"), &second).await;
        lead.lead.submit(&format!("{other}/applications"), &super::ground::application(&own)).await;
        is_quiet(&mut ear).await;
    });
}

#[test]
fn who_comes_back_hears_at_once_what_he_missed_and_otherwise_nothing() {
    on_both(async |world| {
        wave(&world, "1", "2026-03-02T08:00").await;
        let stream = stream_in(&world.visitor().get(WAVE).await).unwrap();
        apply(&ward(&world, "ash").await).await;
        let missed = Ear::at(&world, &stream, None).await.hears().await.unwrap();
        // What was heard last counts more than what the page had seen.
        is_quiet(&mut Ear::at(&world, &stream, missed.id.as_deref()).await).await;
        let fresh = stream_in(&world.visitor().get(WAVE).await).unwrap();
        assert!(fresh.ends_with(&missed.data), "{fresh}");
        is_quiet(&mut Ear::at(&world, &fresh, None).await).await;
        let nobody = Ear::at(&world, &format!("{CHANGE}/waves/7/live"), None).await;
        assert_eq!(nobody.status, 404);
    });
}

#[test]
fn a_server_has_so_many_streams_and_gets_the_place_back_of_whoever_leaves() {
    on_sqlite(async |world: TestWorld| {
        wave(&world, "1", "2026-03-02T08:00").await;
        let address = format!("{WAVE}/live");
        let mut ears = Vec::new();
        for _ in 0..N_STREAMS {
            ears.push(Ear::at(&world, &address, None).await);
        }
        let one_more = Ear::at(&world, &address, None).await;
        assert_eq!(one_more.status, 503);
        assert_eq!(one_more.headers["retry-after"], "60");
        ears.pop();
        assert_eq!(Ear::at(&world, &address, None).await.status, 200);
        world.world.end();
        assert_eq!(ears[0].hears().await, None, "and it ends with the server");
    });
}

/// Two servers on one database. It looks at a real clock, since that is what it is about.
#[test]
fn a_draw_run_on_one_server_is_heard_on_another_within_a_second() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "birch"]).await;
        world.days_go_by(4.2).await;
        let other = world.another().await;
        other.settles().await;
        let keeps = tokio::spawn(jobs::keep_access(other.world.clone()));
        let stream = stream_in(&other.visitor().get(&format!("{WAVE}/draw")).await).unwrap();
        let mut ear = Ear::at(&other, &stream, None).await;
        is_quiet(&mut ear).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let heard = tokio::time::timeout(Duration::from_secs(1), ear.hears()).await;
        heard.expect("within a second").expect("that it is drawn");
        other.visitor().get(&format!("{WAVE}/draw")).await.shows("Who got what");
        keeps.abort();
    });
}
