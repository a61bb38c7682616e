//! What the page of uptake costs: it reads what was counted when the weeks were closed, and no event.

use std::time::Duration;

use traction::grant::slot;
use traction::grant::slot::store::Granting;
use traction::measure::import::sheet::File;
use traction::measure::import::units;
use traction::measure::outcome::verbs::Mode;
use traction::measure::uptake;
use traction::offer::change;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use tokio::time::Instant;

use super::uptake::CHANGE;
use crate::world::{TestWorld, on_sqlite};

const N_WARDS: usize = 60;
const N_USERS: usize = 18 * N_WARDS;

/// The most that a page may take.
const MOST: Duration = Duration::from_millis(50);

/// Sixty wards of thirty people, eighteen of whom use it on every day of a year: so many events.
async fn a_year_of_use(world: &TestWorld, n_events: usize) {
    let rows: String = (0..N_WARDS).map(|ward| format!("ward-{ward:02},30\n")).collect();
    let file = File { name: "wards.csv".into(), bytes: format!("unit,members\n{rows}").into_bytes() };
    units::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap();
    let lead = world.person("lea", RoleWord::ChangeLead, None).await;
    world.browser_of(lead).await.submit("/changes", &CHANGE).await;
    let begins: Moment = "2026-03-02T00:00:00Z".parse().unwrap();
    let mut tx = world.world.store().begin().await.unwrap();
    let change = change::verbs::find(&tx, "early-rounds").await.unwrap().id;
    for unit in traction::org::unit::store::all(&tx).await.unwrap() {
        let time = Span { from: begins, until: None };
        let granting =
            Granting { change, wave: None, unit: unit.id, asked: Asked::Unknown, probability: None, time };
        slot::verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
    }
    world.world.commit(tx).await.unwrap();
    let step = 364 * 86_400_000 / (n_events / N_USERS).max(1);
    let text = format!(
        "INSERT INTO usage_event (source, id, received_at, occurred_at, subject, unit_id, change_id, event, value)
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n_events}),
           u AS (SELECT id, ROW_NUMBER() OVER (ORDER BY slug) - 1 AS place FROM unit)
         SELECT 'bulk', CAST(i AS TEXT), {begins} + i / {N_USERS} * {step}, {begins} + i / {N_USERS} * {step},
           'subject-' || (i % {N_USERS}), u.id, '{change}', 'opened', NULL
         FROM n JOIN u ON u.place = i % {N_WARDS}",
        begins = begins.milliseconds()
    );
    let tx = world.world.store().begin().await.unwrap();
    assert_eq!(tx.run(&text, vec![]).await.unwrap(), n_events as u64);
    world.world.commit(tx).await.unwrap();
}

/// `TRACTION_LONG=1 cargo test -p traction --test stories a_year_of_events -- --nocapture` prints it for ten million
/// events; without the variable it is a hundred thousand.
#[test]
fn a_year_of_events_is_a_page_that_reads_none_of_them() {
    let n_events = if std::env::var_os("TRACTION_LONG").is_some() { 10_000_000 } else { 100_000 };
    on_sqlite(async |world| {
        a_year_of_use(&world, n_events).await;
        let begun = Instant::now();
        world.world.turn_clock(world.world.now().after_days(364));
        uptake::verbs::close_weeks(&world.world).await.unwrap();
        let closing = begun.elapsed();
        let visitor = world.visitor();
        let page = visitor.get("/changes/early-rounds/uptake").await;
        page.is(200).shows("1080 of 1800 people (60 %) used it");
        let mut took: Vec<Duration> = Vec::new();
        for _ in 0..21 {
            let begun = Instant::now();
            visitor.get("/changes/early-rounds/uptake").await.is(200);
            took.push(begun.elapsed());
        }
        took.sort();
        println!(
            "{n_events} events: 52 weeks closed in {closing:?}; the page took {:?} (median of 21)",
            took[10]
        );
        assert!(took[10] < MOST, "{took:?}");
        // The other pages that look at use, for whoever runs the change: none counts a year's events one by one.
        let lead = world.person("kim", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        for path in ["/usage", "/changes/early-rounds", "/uptake", "/"] {
            let begun = Instant::now();
            lead.get(path).await.is(200);
            println!("{path} took {:?}", begun.elapsed());
            assert!(begun.elapsed() < 10 * MOST, "{path} took {:?}", begun.elapsed());
        }
        // Were an event read, it would be missed now.
        let tx = world.world.store().begin().await.unwrap();
        tx.run("DELETE FROM usage_event", vec![]).await.unwrap();
        world.world.commit(tx).await.unwrap();
        let again = visitor.get("/changes/early-rounds/uptake").await;
        assert_eq!(page.text(), again.text());
    });
}
