//! The walk from proof to habit: handed over, helped, slipping, seen, rocked.

use serde_json::{Value, json};
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::offer::metric::{Better, propose};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::Walk;
use super::proving::takes_in;
use crate::journey::contend::Drawn;
use crate::journey::measure::{N_WEEKS_BEFORE, TRUE_EFFECT, monday, outcomes};

/// A coach offers the ward's lead to own it; the lead finds the question on the first page, and accepts.
pub async fn hands_over(walk: &Walk<'_>, drawn: &Drawn) {
    let slug = &drawn.granted[0];
    let coach = walk.hospital.world.person("carl", RoleWord::Coach, None).await;
    let person = walk.turn_of(coach).await;
    person.goes_to("/hand-overs").await;
    person.presses(&format!("{slug}: Bedside tests")).await;
    person.chooses("Who will own it?", &format!("lead-of-{slug}")).await;
    person.fills_in("What was transferred?", "the weekly look at the figures").await;
    person.sets("Support ends on", "2026-07-01").await;
    person.looks("hand-over-new").await;
    person.presses("Propose").await;
    person.sees("has been asked to own it").await;

    walk.turn_of(walk.hospital.ward(slug).lead).await;
    person.sees("a hand-over of Bedside tests waits for your answer").await;
    person.presses("Answer").await;
    person.looks("hand-over").await;
    person.presses("Accept").await;
    person.sees("accepted and owns it").await;
}

/// The lead engages an expert; a nurse whom he helped reviews him.
pub async fn engages_an_expert(walk: &Walk<'_>, drawn: &Drawn) {
    let ward = walk.hospital.ward(&drawn.granted[0]);
    let person = walk.turn_of(ward.lead).await;
    person.goes_to("/experts").await;
    person.fills_in("Name, if without an account", "Eve Example").await;
    person.fills_in("Comes as", "improvement nurse").await;
    person.chooses("Which unit?", &ward.slug).await;
    person.presses("Engage").await;
    person.sees("Eve Example for").await;

    walk.turn_of(ward.nurses[1]).await;
    person.goes_to("/experts").await;
    person.presses(&ward.slug).await;
    for (question, score) in [
        ("Understood our problem", "5"),
        ("Left us able to do it ourselves", "4"),
        ("Kept promises", "3"),
        ("Was worth our time", "4"),
    ] {
        person.chooses(question, score).await;
    }
    person.looks("expert-review").await;
    person.presses("Send").await;
    person.sees("1 review so far").await;
}

/// Seven more weeks are taken in, in which the ward falls back: its lead is told, and a cycle is open for it.
pub async fn slips(walk: &Walk<'_>, drawn: &Drawn) {
    let ward = walk.hospital.ward(&drawn.granted[0]);
    let waited = outcomes(walk.hospital, 24..31, |slug, week| {
        let is_on = drawn.granted.iter().any(|granted| granted == slug) && week >= N_WEEKS_BEFORE;
        if is_on && slug != ward.slug { TRUE_EFFECT } else { 0.0 }
    });
    let person = walk.turn_of(walk.hospital.cleo).await;
    takes_in(walk, &waited).await;
    walk.hospital.world.settles().await;

    walk.turn_of(ward.lead).await;
    person.sees(&format!("Bedside tests slips in {}, and it is yours.", ward.slug)).await;
    person.looks("home-slipping").await;
    person.goes_to("/watches").await;
    person.sees("1 of 1 slipping").await;
    person.looks("watches").await;
    person.presses(&ward.slug).await;
    person.sees("Alarms").await;
    person.looks("watch-slipping").await;
    person.goes_to("/").await;
    person.presses("Win it back").await;
    person.sees("Win back what slips: outcome of Bedside tests").await;
    person.looks("cycle-opened-by-an-alarm").await;
    person.goes_to("/balance").await;
    person.looks("balance").await;
}

/// The lead names a tension between quick and careful, and rocks to the pole that lacks attention.
pub async fn rocks(walk: &Walk<'_>, drawn: &Drawn) {
    second_readings(walk).await;
    let ward = walk.hospital.ward(&drawn.granted[0]);
    let person = walk.turn_of(ward.lead).await;
    person.goes_to("/tensions").await;
    person.looks("tensions-empty").await;
    person.presses("Name a tension").await;
    let poles = [
        ("The first pole", "Quick", "people are seen at once", "Waiting time, minutes per test", "60", "90"),
        ("The second pole", "Careful", "nothing is missed", "Repeated tests, share", "2", "6"),
    ];
    for (pole, name, upside, measure, healthy, floor) in poles {
        person.fills_in_under(pole, "Name", name).await;
        person.fills_in_under(pole, "What is good about it?", upside).await;
        person.fills_in_under(pole, "How do you notice that it is neglected?", "people come back").await;
        person.chooses_under(pole, "What measures it?", measure).await;
        person.fills_in_under(pole, "A healthy level", healthy).await;
        person.fills_in_under(pole, "The level at which the warnings begin", floor).await;
    }
    person.chooses("Where?", &ward.slug).await;
    person.looks("tension-new").await;
    person.presses("Name it").await;
    person.sees("Rock to Careful").await;
    person.fills_in("Why now?", "People come back for a second test").await;
    person.presses("Rock").await;
    person.sees("To Careful: People come back for a second test").await;
    person.looks("tension").await;
}

/// What measures the other pole: defined on the command line, sent by a program.
async fn second_readings(walk: &Walk<'_>) {
    let world = walk.hospital.world;
    let repeated = propose("Repeated tests", "share", Better::Down).expect("a metric");
    metric::verbs::define(&world.world, &Who::operator(), repeated).await.expect("a defined metric");
    let rows: Vec<Value> = walk
        .hospital
        .wards
        .iter()
        .flat_map(|ward| (0..31).map(|week| (ward.slug.clone(), week)))
        .map(|(unit, week)| json!({"unit": unit, "period": monday(week), "value": 3.0 + (week % 3) as f64}))
        .collect();
    let laboratory = world.client(&[Scope::Write]).await;
    laboratory.post("/api/v1/metrics/repeated-tests/outcomes", &json!(rows)).await.is(200);
}
