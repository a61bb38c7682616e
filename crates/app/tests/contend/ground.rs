//! What most stories of contending begin with: a change, its wave of few slots, and wards with their leads.

use traction::offer::change;
use traction::offer::change::store::Change;
use traction::offer::change::verbs::{ChangeWish, GoalWish, MetricWish};
use traction::world::World;
use traction_domain::id::UnitId;
use traction_domain::offer::change::ChangeWords;
use traction_domain::offer::metric;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::fixture::BEDSIDE_TESTS;
use crate::world::{Browser, TestWorld};

/// The change's page.
pub const CHANGE: &str = "/changes/bedside-tests";
/// The call of its first wave.
pub const WAVE: &str = "/changes/bedside-tests/waves/1";

/// A ward whose lead sits at a browser.
pub struct Ward<'a> {
    /// Its id.
    pub id: UnitId,
    /// Its lead.
    pub lead: Browser<'a>,
}

/// The change lead, who has announced a wave of `n_slots`: applications from `opens` until 6 March, 09:00, slots from
/// 8 March, 06:00: less than a week in all, so that nobody is signed out.
pub async fn wave<'a>(world: &'a TestWorld, n_slots: &str, opens: &str) -> Browser<'a> {
    let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
    let cleo = world.browser_of(cleo).await;
    cleo.submit("/changes", &BEDSIDE_TESTS).await;
    cleo.submit(&format!("{CHANGE}/prediction"), &[("prediction", "An hour less"), ("effect", "-60")]).await;
    announce(&cleo, n_slots, opens, "2026-03-06T09:00", "2026-03-08T06:00").await;
    cleo
}

/// Announces a wave of the change.
pub async fn announce(cleo: &Browser<'_>, n_slots: &str, opens: &str, closes: &str, starts: &str) -> String {
    let wave = [
        ("n_slots", n_slots),
        ("opens_at", opens),
        ("closes_at", closes),
        ("starts_at", starts),
        ("pledge", "An hour a week"),
    ];
    cleo.submit(&format!("{CHANGE}/waves"), &wave).await
}

/// A ward with a lead.
pub async fn ward<'a>(world: &'a TestWorld, slug: &str) -> Ward<'a> {
    let id = world.unit(slug, None).await;
    let lead = world.person(&format!("lead-{slug}"), RoleWord::Lead, Some(id)).await;
    Ward { id, lead: world.browser_of(lead).await }
}

/// Wards of these names, all of which applied to the wave.
pub async fn contenders<'a, const N: usize>(world: &'a TestWorld, slugs: [&str; N]) -> Vec<Ward<'a>> {
    let mut wards = Vec::new();
    for slug in slugs {
        let ward = ward(world, slug).await;
        apply(&ward).await;
        wards.push(ward);
    }
    wards
}

/// The ward applies to the wave.
pub async fn apply(ward: &Ward<'_>) {
    let unit = ward.id.to_string();
    ward.lead.submit(&format!("{WAVE}/applications"), &application(&unit)).await;
}

/// What a ward writes.
pub fn application(unit: &str) -> [(&'static str, &str); 5] {
    [
        ("unit", unit),
        ("pain", "Results come late"),
        ("aim", "Before nine"),
        ("owner", "Jo"),
        ("pledge", "An hour a week"),
    ]
}

/// A change with its prediction locked, without a browser.
pub async fn change_by_verbs(world: &World, name: &str) -> Change {
    let (who, sql) = (Who::operator(), world.store().read());
    let measured = metric::propose(&format!("Waiting in {name}"), "minutes", metric::Better::Down).unwrap();
    let goal = GoalWish::New { title: "Sooner", target: 60.0, metric: MetricWish::New(measured) };
    let words = ChangeWords { name, promise: "Results in ten minutes", flag_key: "" };
    let wish = ChangeWish { words, unit: None, worth: 10.0, goal };
    let slug = change::verbs::open(world, &who, wish).await.unwrap();
    let change = change::verbs::find(sql, slug.as_str()).await.unwrap();
    change::verbs::lock_prediction(world, &who, &change, "An hour less", -60.0).await.unwrap();
    change
}
