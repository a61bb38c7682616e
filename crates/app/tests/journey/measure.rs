//! Is it used, does it help.

use serde_json::{Value, json};
use traction::org::token::store::Scope;

use super::contend::Drawn;
use super::hospital::Hospital;

/// The Monday of the first reading: twelve weeks before the slots start.
const FIRST: &str = "2025-12-29";
/// Weeks before the slots start.
pub const N_WEEKS_BEFORE: usize = 12;
/// What the solution truly takes away, in minutes per test.
pub const TRUE_EFFECT: f64 = -30.0;

/// Twelve weeks have gone by. The ward's own system sends who used the solution, twice, since networks do.
pub async fn use_comes_in(hospital: &Hospital<'_>, drawn: &Drawn) {
    let ward = &drawn.granted[0];
    let ward_system = hospital.world.client(&[Scope::Usage]).await;
    let events: Vec<Value> = (0..12)
        .flat_map(|week| (1..=6).map(move |nurse| (week, nurse)))
        .map(|(week, nurse)| {
            json!({
                "type": "track", "messageId": format!("{week}-{nurse}"), "event": "test done",
                "userId": format!("nurse-{nurse}-of-{ward}"), "timestamp": format!("{}T09:00:00Z", monday(12 + week)),
                "properties": {"change": "bedside-tests"},
            })
        })
        .collect();
    for _ in 0..2 {
        let answer = ward_system.post("/v1/batch", &json!({"batch": events})).await;
        answer.is(200);
        assert_eq!(answer.json(), json!({"success": true}));
    }
    let counted = traction::measure::usage::store::counts(hospital.world.world.store().read(), None).await;
    assert_eq!(counted.unwrap(), (72, 0), "each event once, none set aside");
}

/// The laboratory sends how long people waited in those weeks and in twelve before.
pub async fn outcomes_come_in(hospital: &Hospital<'_>, drawn: &Drawn) {
    let waited = outcomes(hospital, 0..24, |ward, week| {
        let is_on = drawn.granted.iter().any(|slug| slug == ward) && week >= N_WEEKS_BEFORE;
        if is_on { TRUE_EFFECT } else { 0.0 }
    });
    record(hospital, &waited).await;
    let visitor = hospital.world.visitor();
    visitor.get("/outcomes/waiting-time").await.shows("16 units from 2025-12-29 to 2026-06-08");
    visitor.get("/changes/bedside-tests/uptake").await.is(200);
}

/// Records outcomes as a program of the laboratory does.
pub async fn record(hospital: &Hospital<'_>, rows: &[Value]) {
    let laboratory = hospital.world.client(&[Scope::Write]).await;
    laboratory.post("/api/v1/metrics/waiting-time/outcomes", &json!(rows)).await.is(200);
}

/// A reading of each ward and week: 90 minutes, something of the ward's own and of the week's, `effect`, and noise of
/// a few minutes that looks like chance and is the same every time.
pub fn outcomes(
    hospital: &Hospital<'_>,
    weeks: std::ops::Range<usize>,
    effect: impl Fn(&str, usize) -> f64,
) -> Vec<Value> {
    let mut rows = Vec::new();
    for (n, ward) in hospital.wards.iter().enumerate() {
        for week in weeks.clone() {
            let own = (n % 5) as f64 + (week % 4) as f64;
            let value = 90.0 + own + noise(n, week) + effect(&ward.slug, week);
            rows.push(json!({"unit": ward.slug, "period": monday(week), "value": value}));
        }
    }
    rows
}

/// From -3 to 3.
fn noise(n: usize, week: usize) -> f64 {
    let mixed = (n as u64 * 1_000 + week as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64 * 6.0 - 3.0
}

/// The Monday of a week, from the first reading on.
pub fn monday(week: usize) -> String {
    let first: jiff::civil::Date = FIRST.parse().unwrap();
    first.saturating_add(jiff::Span::new().weeks(week as i64)).to_string()
}
