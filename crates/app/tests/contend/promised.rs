//! What a draw promises is handed to others before it, and whoever kept it finds a draw that was run with something else.

use traction::keeping::doctor::examine;
use traction_domain::contend::draw::{Digest, Flaw, Published, Secret, verify};

use super::draws::{FIVE, published};
use super::ground::{CHANGE, WAVE, contenders, ward, wave};
use crate::world::{TestWorld, on_both};

async fn kept(world: &TestWorld, which: &str) -> Published {
    let response = world.visitor().get(&format!("{WAVE}/{which}.json")).await;
    response.is(200);
    assert_eq!(response.headers["content-type"], "application/json");
    Published::parse(&response.body).unwrap()
}

fn commitment(kept: &Published) -> Digest {
    match kept {
        Published::Prior(prior) => prior.commitment,
        Published::Record(record) => record.commitment,
    }
}

/// What an operator can do with one statement: another secret, with a commitment that fits it.
async fn swap_secret(world: &TestWorld) {
    let secret = Secret::from_bytes([7; 32]);
    let text = "UPDATE draw_commitment SET secret = $1, commitment = $2";
    let values = traction::bind![secret.reveal(), secret.commitment().to_string()];
    world.world.store().read().run(text, values).await.unwrap();
}

#[test]
fn the_opening_and_the_closing_are_records_to_keep_and_the_draw_agrees_with_them() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-03T08:00").await;
        let visitor = world.visitor();
        visitor.get(&format!("{WAVE}/opening.json")).await.is(404);
        world.days_go_by(1.1).await;
        let opening = kept(&world, "opening").await;
        visitor.get(&format!("{WAVE}/closing.json")).await.is(404);
        contenders(&world, FIVE).await;
        world.days_go_by(3.2).await;
        let closing = kept(&world, "closing").await;
        let Published::Prior(prior) = &closing else { panic!("no closing record") };
        assert_eq!(prior.closing.as_ref().unwrap().list, None, "the policy shows only how many contend");
        assert_eq!(commitment(&opening), commitment(&closing));
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        for kept in [opening, closing] {
            assert_eq!(kept.agrees_with(&record), Ok(()));
        }
        let page = visitor.get(&format!("{WAVE}/draw")).await;
        page.shows("The opening record").shows("--published opening.json");
    });
}

#[test]
fn a_promise_stands_wherever_people_keep_things() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, ["ash", "elm"]).await;
        let hash = commitment(&kept(&world, "opening").await).to_string();
        let line = format!("Draw of bedside-tests, wave 1: commitment {hash}");
        let visitor = world.visitor();
        let page = wards[0].lead.get(WAVE).await;
        page.shows("Keep this line").shows(&line);
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        wards[0].lead.get(&format!("/applications/{id}")).await.shows(&line);
        for calendar in ["/calendar.ics", &format!("{CHANGE}/calendar.ics"), &format!("{WAVE}/calendar.ics")]
        {
            let unfolded = visitor.get(calendar).await.body.replace("\r\n ", "");
            assert_eq!(unfolded.matches(&format!("commitment {hash}")).count(), 3, "{calendar}: {unfolded}");
        }
        let feed = visitor.get("/feed.atom").await.body;
        assert!(feed.contains(&line) && feed.contains("/waves/1/opening.json"), "{feed}");

        world.days_go_by(4.2).await;
        let Published::Prior(closing) = kept(&world, "closing").await else { panic!("no closing record") };
        let listed = format!("{line}, list hash {}", closing.closing.unwrap().list_hash);
        wards[1].lead.get(WAVE).await.shows(&listed);
        assert!(visitor.get("/feed.atom").await.body.contains(&listed));
        let calendar = visitor.get("/calendar.ics").await.body.replace("\r\n ", "");
        assert!(calendar.contains("list hash"), "{calendar}");
    });
}

#[test]
fn another_secret_than_the_one_promised_is_not_drawn_with_and_is_told() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        let findings = async || -> Vec<String> {
            let looks = examine(&world.world).await.unwrap();
            looks.into_iter().flat_map(|look| look.findings).map(|finding| finding.what).collect()
        };
        assert_eq!(findings().await, Vec::<String>::new());
        swap_secret(&world).await;
        let draw = format!("{WAVE}/draw");
        let words = "is not the one that the journal says was published";
        cleo.post(&draw, &[]).await.is(422).shows(words);
        world.visitor().get(&draw).await.shows(words);
        let found = findings().await;
        assert!(found.len() == 1 && found[0].contains("the draw of wave 1 of bedside-tests"), "{found:?}");
        world.visitor().get(&format!("{WAVE}/draw.json")).await.is(404);
    });
}

#[test]
fn whoever_kept_the_opening_finds_what_an_operator_did_to_database_and_journal() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        let opening = kept(&world, "opening").await;
        world.days_go_by(4.2).await;
        swap_secret(&world).await;
        // The journal as well, as one written before facts held hashes.
        let wave = traction::offer::wave::verbs::find(world.world.store().read(), "bedside-tests", 1).await;
        let fact = format!("{{\"fact\":\"draw_committed\",\"wave\":\"{}\"}}", wave.unwrap().1.id);
        let text = "UPDATE journal SET fact = $1 WHERE kind = 'draw_committed'";
        world.world.store().read().run(text, traction::bind![fact]).await.unwrap();
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        assert!(verify(&record).is_ok(), "the record alone says nothing of it");
        assert_eq!(opening.agrees_with(&record), Err(Flaw::NotAsPublished { key: "commitment" }));
    });
}

#[test]
fn who_contends_reads_where_it_stands_before_the_draw() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, ["ash", "elm", "fir"]).await;
        let oak = ward(&world, "oak").await;
        let call = oak.lead.get(WAVE).await;
        call.shows("Where oak would stand").shows("with 3 other units that stand equal").shows("is 50 %");
        wards[0].lead.get(WAVE).await.shows("with 2 other units that stand equal").shows("is 66.7 %");
        world.visitor().get(WAVE).await.hides("its chance of a slot");
        world.days_go_by(4.2).await;
        let call = wards[2].lead.get(WAVE).await;
        call.shows("It is number 3 on the list: band").shows("is 66.7 %");
        let id = call.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        wards[2].lead.get(&format!("/applications/{id}")).await.shows("It is number 3 on the list");
        wards[0].lead.get(&format!("/applications/{id}")).await.is(403);
    });
}
