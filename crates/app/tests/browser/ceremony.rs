//! The ceremony of a draw in a real browser: the ranking falls, a stranger recomputes the record on the page, and an honest
//! record is told from a tampered one.

use std::path::Path;

use serde_json::{Value, json};
use traction_domain::contend::draw::{Cap, Entrants, Entry, Heading, Place, Record, Secret, Slots, Terms};
use traction_domain::org::role::RoleWord;

use super::driver::at_a_browser;
use crate::contend::ground::{CHANGE, WAVE, contenders, wave};
use crate::world::{TestWorld, on_sqlite};

const FIVE: [&str; 5] = ["ash", "birch", "cedar", "elm", "fir"];

/// A record of another draw, with a cap: its probabilities take 10,000 draws in the browser.
fn capped() -> Record {
    let entry = |(n, unit): (usize, &str)| Entry {
        unit: unit.into(),
        band: 1,
        layer: 0,
        place: Place::Open,
        parent: Some(if n % 2 == 0 { "north" } else { "south" }.into()),
    };
    let entrants = Entrants::new(FIVE.into_iter().enumerate().map(entry).collect()).unwrap();
    let terms = Terms { slots: Slots(3), cap: std::num::NonZeroU32::new(2).map(Cap) };
    let secret = Secret::from_bytes([7; 32]);
    Record::new(Heading::default(), secret, vec![], &entrants, &Default::default(), terms).unwrap()
}

fn put(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_stranger_recomputes_a_draw_in_his_browser() {
    on_sqlite(async |world: TestWorld| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let published = world.visitor().get(&format!("{WAVE}/draw.json")).await.body;
        let folder = tempfile::tempdir().unwrap();
        let tampered = |change: &dyn Fn(&mut Value)| {
            let mut json: Value = serde_json::from_str(&published).unwrap();
            change(&mut json);
            json.to_string()
        };
        let swapped = tampered(&|json| {
            let (granted, waiting) = (json["granted"][0].clone(), json["waiting"][0].clone());
            json["granted"][0] = waiting;
            json["waiting"][0] = granted;
        });
        let swapped = put(folder.path(), "swapped.json", &swapped);
        let renamed = put(folder.path(), "renamed.json", &tampered(&|json| json["wave"] = json!("2")));
        let twice = published.replacen("\"slots\": 2", "\"slots\": 2, \"slots\": 2", 1);
        let twice = put(folder.path(), "twice.json", &twice);
        let honest = put(folder.path(), "honest.json", &published);
        let lead = wards[0].id;
        let lead = world.person("second-lead", RoleWord::Lead, Some(lead)).await;
        let link = world.link_of(lead).await;
        at_a_browser(&world.serve().await, async move |person| {
            person.goes_to(&format!("{WAVE}/draw")).await;
            person.sees("Who got what").await;
            person.looks("draw-falls").await;
            person.goes_to(&format!("{WAVE}/verify")).await;
            person.sees("Verified: the record published here holds.").await;
            person.sees("whoever ran the server is trusted").await;
            person.sees("Every score is HMAC-SHA-256 of the unit under the seed").await;
            person.looks("verify").await;
            person.attaches("Compare with what you kept, or check another draw.json", &swapped).await;
            person.sees("Not verified: “granted”: place 1 has").await;
            person.looks("verify-tampered").await;
            person.attaches("Compare with what you kept, or check another draw.json", &renamed).await;
            person.sees("Not verified: “wave” is not what the record published here says.").await;
            person.attaches("Compare with what you kept, or check another draw.json", &twice).await;
            person.sees("Cannot be read: The key “slots” stands there twice").await;
            person.attaches("Compare with what you kept, or check another draw.json", &honest).await;
            person.sees("Verified: honest.json holds.").await;
            drop(folder);

            person.enters(&link).await;
            person.goes_to(&format!("{WAVE}/draw")).await;
            person.looks("draw-own").await;
            person.goes_to(&format!("{CHANGE}/lapse")).await;
            person.looks("lapse").await;
        })
        .await;
    });
}

/// On the page of a wave that is not drawn yet any record can be checked: there is none to compare it with.
#[test]
fn a_record_with_a_cap_is_recomputed_too() {
    on_sqlite(async |world: TestWorld| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let folder = tempfile::tempdir().unwrap();
        let record = put(folder.path(), "capped.json", &capped().to_json());
        let cleo = world.person("another", RoleWord::ChangeLead, None).await;
        let link = world.link_of(cleo).await;
        at_a_browser(&world.serve().await, async move |person| {
            person.goes_to(&format!("{WAVE}/verify")).await;
            person.sees("This wave is not drawn yet.").await;
            person.attaches("Compare with what you kept, or check another draw.json", &record).await;
            person.sees("Verified: capped.json holds.").await;
            person.sees("counted over 10,000 draws").await;
            drop(folder);
            person.enters(&link).await;
            person.goes_to(&format!("{WAVE}/draw")).await;
            person.looks("draw-before").await;
        })
        .await;
    });
}

/// Two people at two browsers: one looks, the other leads a ward and then draws. The form that somebody types into stays.
#[test]
fn who_watches_sees_what_others_do() {
    on_sqlite(async |world: TestWorld| {
        wave(&world, "1", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "birch"]).await;
        let cedar = world.unit("cedar", None).await;
        let elm = world.unit("elm", None).await;
        let link = async |name, word, unit| world.link_of(world.person(name, word, unit).await).await;
        let of_cedar = link("of-cedar", RoleWord::Lead, Some(cedar)).await;
        let of_elm = link("of-elm", RoleWord::Lead, Some(elm)).await;
        let of_cleo = link("cleo-too", RoleWord::ChangeLead, None).await;
        let address = world.serve().await;
        let (there, clock) = (address.clone(), world.world.clone());
        at_a_browser(&address, async move |elm| {
            elm.enters(&of_elm).await;
            elm.goes_to(WAVE).await;
            elm.sees("2 units contend for 1 slot").await;
            elm.fills_in("What hurts today?", "Results come late").await;
            at_a_browser(&there, async move |other| {
                other.enters(&of_cedar).await;
                other.goes_to(WAVE).await;
                other.fills_in("What hurts today?", "Waiting").await;
                other.fills_in("What do you want to reach?", "Less of it").await;
                other.fills_in("Who in the unit answers for it?", "Jo").await;
                other.presses("Apply").await;
                other.sees("3 units contend for 1 slot").await;
                elm.sees("3 units contend for 1 slot").await;
                // Nothing is written: the clock passes the closing. Whoever types keeps what he typed, in a form that others
                // no longer have.
                clock.turn_clock("2026-03-06T09:00:00Z".parse().unwrap());
                elm.sees("applications are closed, and the draw is next").await;
                assert_eq!(elm.value("What hurts today?").await, "Results come late");

                elm.goes_to(&format!("{WAVE}/draw")).await;
                elm.sees("The list is frozen when applications close").await;
                traction::jobs::freeze_closed(&clock).await.unwrap();
                traction::grant::access::board::refresh(&clock).await.unwrap();
                elm.sees("3 units on the list, frozen").await;
                other.enters(&of_cleo).await;
                other.goes_to(&format!("{WAVE}/draw")).await;
                other.presses("Run the draw").await;
                other.sees("Who got what").await;
                elm.sees("Who got what").await;
                elm.sees("1 of 3 units got a slot").await;
                assert_eq!(elm.place().await, format!("{WAVE}/draw"));
            })
            .await;
        })
        .await;
    });
}
