//! The stories in a real browser: headless Chromium, used as a person uses it, by labels and words.
//!
//! Without Chromium and chromedriver they print SKIPPED; `./check` brings both. With `TRACTION_SCREENSHOTS` set,
//! every page that somebody looks at is kept as pictures in `target/screenshots`. They run on SQLite alone: what
//! differs between the databases is told by the other stories.

mod ceremony;
mod driver;
mod eyes;
mod gallery;
mod person;
mod walk;

use traction_domain::org::role::RoleWord;

use crate::world::{TestWorld, on_sqlite};
use driver::at_a_browser;

#[test]
fn a_member_signs_in_reports_a_friction_and_sees_it() {
    on_sqlite(async |world: TestWorld| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let link = world.link_of(jo).await;
        at_a_browser(&world.serve().await, async move |jo| {
            jo.goes_to(&link).await;
            jo.looks("sign-in-link").await;
            jo.presses("Sign in").await;
            jo.goes_to("/frictions").await;
            jo.sees("0 open").await;
            jo.looks("frictions-empty").await;

            jo.presses("What got in the way?").await;
            jo.fills_in("What got in the way?", "Blood results come late").await;
            jo.fills_in("How often a week?", "often").await;
            jo.fills_in("How many minutes each time?", "30").await;
            jo.presses("Report").await;
            jo.sees("write it like 12 or 2.5").await;
            jo.looks("friction-refused").await;

            jo.fills_in("How often a week?", "10").await;
            jo.presses("Report").await;
            jo.sees("It costs ward-7 about 5.0 hours a week").await;
            jo.looks("friction").await;
            jo.goes_to("/frictions").await;
            jo.sees("1 open, together about 5.0 hours a week.").await;
            jo.sees("Blood results come late").await;
            jo.looks("frictions").await;
        })
        .await;
    });
}
