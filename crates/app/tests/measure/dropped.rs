//! Old events on their way out: told with what goes, however it breaks off; still his whose they are; counted once for good.

use serde_json::json;
use traction::keeping::doctor::examine;
use traction::measure::import::sheet::File;
use traction::measure::import::usage as import;
use traction::measure::outcome::verbs::Mode;
use traction::measure::uptake;
use traction::measure::usage::letters::verbs::try_all_again;
use traction::measure::usage::retention::{store, verbs};
use traction::org::token::store::Scope;
use traction_domain::id::ChangeId;
use traction_domain::measure::usage::retention::UsageRetention;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::retention::{source_name, weeks_of_use};
use super::uptake::roll_out;
use super::usage::{counts, send};
use crate::world::{Client, TestWorld, on_both, on_nodes};

/// So many events of a week are dropped; one, of the unit by itself, stays.
const N_A_WEEK: usize = 22;

/// So many weeks of use, long ago, whose events need not be kept any more.
async fn old_weeks(world: &TestWorld, client: &Client<'_>, n_weeks: usize) -> (ChangeId, String) {
    let change = roll_out(world).await;
    weeks_of_use(world, client, n_weeks).await;
    let source = source_name(world).await;
    world.days_go_by(300.0).await;
    uptake::verbs::close_weeks(&world.world).await.unwrap();
    let retention = UsageRetention::days(220).unwrap();
    verbs::set(&world.world, &Who::operator(), &source, retention).await.unwrap();
    (change, source)
}

async fn n_dropped(world: &TestWorld, source: &str) -> u64 {
    let dropped = store::dropped(world.world.store().read()).await.unwrap();
    dropped.get(source).map_or(0, |(_, dropped)| dropped.n_events)
}

/// From now on the database refuses to drop one event of the fourth week.
async fn hold(world: &TestWorld) {
    let store = world.world.store();
    let steps: &[&str] = if store.is_embedded() {
        &[
            "CREATE TRIGGER held BEFORE DELETE ON usage_event WHEN OLD.id = 'ward-1-3-0' BEGIN SELECT RAISE(ABORT, 'held'); END",
        ]
    } else {
        &[
            "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF OLD.id = ''ward-1-3-0'' THEN RAISE EXCEPTION ''held''; END IF; RETURN OLD; END'",
            "CREATE TRIGGER held BEFORE DELETE ON usage_event FOR EACH ROW EXECUTE FUNCTION held()",
        ]
    };
    for step in steps {
        store.read().run(step, vec![]).await.unwrap();
    }
}

async fn let_go(world: &TestWorld) {
    let store = world.world.store();
    let text = if store.is_embedded() { "DROP TRIGGER held" } else { "DROP TRIGGER held ON usage_event" };
    store.read().run(text, vec![]).await.unwrap();
}

#[test]
fn what_goes_is_told_with_it_however_the_dropping_breaks_off() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let (change, source) = old_weeks(&world, &client, 6).await;
        let sql = world.world.store().read();
        hold(&world).await;
        assert!(verbs::drop_old(&world.world).await.is_err());
        let n_gone = 6 * (N_A_WEEK + 1) - counts(&world).await.0;
        assert_eq!((n_gone, n_dropped(&world, &source).await), (3 * N_A_WEEK, 3 * N_A_WEEK as u64));
        assert!(store::may_lack_events(sql, change).await.unwrap());
        let looks = examine(&world.world).await.unwrap();
        let findings: Vec<String> =
            looks.iter().flat_map(|look| &look.findings).map(|found| found.what.clone()).collect();
        assert_eq!(findings, Vec::<String>::new(), "the doctor knows that events may be gone");

        // Nothing more goes while it is held; then the rest does, and is told once.
        assert!(verbs::drop_old(&world.world).await.is_err());
        assert_eq!(n_dropped(&world, &source).await, 3 * N_A_WEEK as u64);
        let_go(&world).await;
        for _ in 0..2 {
            verbs::drop_old(&world.world).await.unwrap();
            assert_eq!((counts(&world).await.0, n_dropped(&world, &source).await), (6, 6 * N_A_WEEK as u64));
        }
    });
}

#[test]
fn servers_that_drop_at_once_tell_all_that_went() {
    on_nodes(async |[one, other]: [TestWorld; 2]| {
        let client = one.client(&[Scope::Usage]).await;
        let (_, source) = old_weeks(&one, &client, 6).await;
        other.world.turn_clock(one.world.now());
        let (a, b) = tokio::join!(verbs::drop_old(&one.world), verbs::drop_old(&other.world));
        a.and(b).unwrap();
        assert_eq!((counts(&one).await.0, n_dropped(&one, &source).await), (6, 6 * N_A_WEEK as u64));
    });
}

#[test]
fn whose_events_were_dropped_still_sees_takes_and_erases_the_days() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let person = world.person("ward-1-0", RoleWord::Coach, None).await;
        old_weeks(&world, &client, 6).await;
        let person = world.browser_of(person).await;
        person.get("/me/usage").await.shows("6 events are linked to you. Of 6 days it is kept how often");
        verbs::drop_old(&world.world).await.unwrap();
        person
            .get("/me/usage")
            .await
            .shows("No event is linked to you. Of 6 days it is kept how often you did what.")
            .shows("opened early-rounds 6 2026-03-")
            .hides("Nothing is kept");
        let further = person.get("/me/usage/further.ndjson").await.body;
        let lines: Vec<serde_json::Value> =
            further.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 6, "{further}");
        let first = &lines[0];
        assert_eq!(
            (&first["kind"], &first["unit"], &first["change"], &first["event"], &first["n_events"]),
            (&json!("day of use"), &json!("ward-1"), &json!("early-rounds"), &json!("opened"), &json!(1))
        );
        let other = world.person("ada", RoleWord::Administrator, None).await;
        world.browser_of(other).await.get("/me/usage").await.shows("Nothing is kept that is linked to you.");
        person.submit("/me/usage/erase", &[]).await;
        person.get("/me/usage").await.shows("Nothing is kept that is linked to you.");
    });
}

#[test]
fn what_was_dropped_counts_no_second_time_by_whichever_way_it_comes_back() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let change = roll_out(&world).await;
        let at = world.world.now();
        let rows = format!("at,event,person,unit\n{at},opened,kim,ward-1\n");
        let file = File { name: "usage.csv".into(), bytes: rows.into_bytes() };
        let taken =
            async || import::run(&world.world, &Who::operator(), &file, None, Mode::Take).await.unwrap();
        assert!(taken().await.changes_something());
        assert!(!taken().await.changes_something());
        weeks_of_use(&world, &client, 1).await;
        world.days_go_by(300.0).await;
        uptake::verbs::close_weeks(&world.world).await.unwrap();
        let sql = world.world.store().read();
        let text = "SELECT source FROM usage_event WHERE source <> 'import' LIMIT 1";
        let source = sql.one(text, vec![]).await.unwrap().unwrap().text("source").unwrap();
        for source in [source.as_str(), "import"] {
            let retention = UsageRetention::days(220).unwrap();
            verbs::set(&world.world, &Who::operator(), source, retention).await.unwrap();
        }
        verbs::drop_old(&world.world).await.unwrap();
        assert_eq!(counts(&world).await, (1, 0));
        assert!(store::may_lack_events(sql, change).await.unwrap());

        // A body that somebody stored, sent as it was: by its own clock the event happened just before it was sent.
        let stored = json!({"sentAt": at.to_string(), "batch": [{
            "type": "track", "messageId": "ward-1-0-0", "userId": "ward-1-0", "event": "opened",
            "timestamp": at.to_string(), "properties": {"unit": "ward-1"},
        }]});
        send(&world, "/v1/batch", client.token(), &stored).await.is(200);
        assert_eq!(counts(&world).await, (1, 1), "set aside");
        let again = try_all_again(&world.world, &Who::operator(), None).await.unwrap();
        assert_eq!((again.n_counted, again.n_refused), (0, 1), "and it stays there");
        let report = taken().await;
        assert!(!report.changes_something(), "{report}");
        assert!(
            report.to_string().contains("passed over: 1 row of days whose events were dropped"),
            "{report}"
        );
        assert_eq!(counts(&world).await.0, 1);
        // What is of these days counts, whatever a clock says of the hour.
        let now = world.world.now().to_string();
        let fresh = json!({"sentAt": now, "batch": [{"type": "track", "messageId": "f", "userId": "ward-1-0",
            "event": "opened", "timestamp": now, "properties": {"unit": "ward-1"}}]});
        send(&world, "/v1/batch", client.token(), &fresh).await.is(200);
        assert_eq!(counts(&world).await.0, 2);
    });
}
