//! Watches as pages: what slips, what holds, and each unit's readings since before the change.

use jiff::civil::Date;
use maud::{Markup, html};
use traction_domain::sustain::watch::Kind;

use super::chart;
use super::judged::{self, JudgedWatch, Seen};
use super::store::{self, Alarm};
use super::verbs::must_see;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::charts::{Axis, Downloads};
use crate::web::{Answer, Page, Path, View, when};
use crate::world::Simulation;

/// `GET /watches`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let watches = judged::all(sql).await?;
    let alarms = store::alarms(sql).await?;
    let n = |kind: Kind| watches.iter().filter(|one| worst(one) == kind).count();
    Ok(Page::new(Stage::Sustain, "Is it kept?", html! {
        @match watches.len() {
            0 => { "Nothing has been handed over yet." }
            all => { (n(Kind::Slipping)) " of " (all) " slipping, " (n(Kind::Holding)) " holding, " (all - n(Kind::Slipping) - n(Kind::Holding)) " too early to say or without a proven gain." }
        }
    })
    .body(html! {
        @if watches.is_empty() {
            p.empty { "A gain is watched from the day somebody in the unit owns it. Propose a hand-over on a slot's page; when the owner accepts, its level is frozen and every new reading is held against it." }
        } @else {
            table.list {
                thead { tr { th { "Unit" } th { "Change" } th { "Owner" } th { "Handed over" } th { "Outcome" } th { "Uptake" } } }
                tbody { @for one in in_need(&watches) { tr {
                    td { @if may_see(&view, one) { a href=(address(one)) { (one.watch.unit_name) } } @else { (one.watch.unit_name) } }
                    td { a href={ "/changes/" (one.watch.change_slug) } { (one.watch.change_name) } }
                    td { (one.watch.owner_name) }
                    td { (when::date(&view, one.watch.handed_over)) }
                    td { (pill(one.outcome.judged.kind)) }
                    td { @match &one.uptake { Some(seen) => { (pill(seen.judged.kind)) } None => { "–" } } }
                } } }
            }
            (alarm_list(&view, &watches, &alarms))
        }
        (elsewhere())
    })
    .show(&view))
}

/// Whether the one who looks may see the figures of a watch.
fn may_see(view: &View, one: &JudgedWatch) -> bool {
    view.who.as_ref().is_some_and(|who| must_see(who, &one.watch).is_ok())
}

/// What else belongs to keeping a gain.
fn elsewhere() -> Markup {
    html! {
        nav aria-label="Keep it" { ul {
            li { a href="/hand-overs" { "Hand-overs" } " – who has it now" }
            li { a href="/balance" { "Push and pull" } " – how much was asked for" }
            li { a href="/tensions" { "Tensions" } " – what needs its counterpart" }
            li { a href="/experts" { "Experts" } " – who helped, and how it was" }
        } }
    }
}

/// The page of one watch.
pub fn address(one: &JudgedWatch) -> String {
    format!("/watches/{}/{}", one.watch.unit_slug, one.watch.change_slug)
}

/// Those that slip first, then those that hold, then the rest; each group as it comes.
fn in_need(watches: &[JudgedWatch]) -> Vec<&JudgedWatch> {
    let mut in_need: Vec<&JudgedWatch> = watches.iter().collect();
    in_need.sort_by_key(|one| match worst(one) {
        Kind::Slipping => 0,
        Kind::TooEarly | Kind::Nothing => 1,
        Kind::Holding => 2,
        Kind::NoGain => 3,
    });
    in_need
}

/// The verdict of a watch as a whole: slipping when either series slips, else that of the outcome.
fn worst(one: &JudgedWatch) -> Kind {
    if one.each().any(|(_, seen)| seen.judged.kind == Kind::Slipping) {
        Kind::Slipping
    } else {
        one.outcome.judged.kind
    }
}

fn pill(kind: Kind) -> Markup {
    let class = match kind {
        Kind::Holding => "pill pull",
        Kind::Slipping => "pill harm",
        Kind::TooEarly | Kind::NoGain | Kind::Nothing => "pill",
    };
    html! { span class=(class) data-kind=(kind.word()) { (chart::words(kind)) } }
}

fn alarm_list(view: &View, watches: &[JudgedWatch], alarms: &[Alarm]) -> Markup {
    let of = |alarm: &Alarm| watches.iter().find(|one| one.watch.hand_over == alarm.hand_over);
    html! {
        @if !alarms.is_empty() {
            section {
                h2 { "Alarms" }
                ol.story { @for alarm in alarms { @if let Some(one) = of(alarm) { li {
                    @if may_see(view, one) {
                        a href=(address(one)) { (one.watch.unit_name) } ", " (alarm.series) ": " (alarm.says)
                    } @else { (one.watch.unit_name) ", " (alarm.series) ": slipping" }
                    p.meta { (when::relative(view, alarm.at)) "; the owner is " (one.watch.owner_name) (cycle_of(alarm)) }
                } } } }
            }
        }
    }
}

fn cycle_of(alarm: &Alarm) -> Markup {
    html! { @if let Some(cycle) = alarm.cycle { "; " a href={ "/cycles/" (cycle) } { "the cycle that wins it back" } } }
}

/// `GET /watches/{unit}/{change}`
pub async fn show(view: View, Path((unit, change)): Path<(String, String)>) -> Answer {
    let sql = view.world.store().read();
    let one = judged::one(sql, view.now, &unit, &change).await?.ok_or(Trouble::NotFound { what: "watch" })?;
    let watch = &one.watch;
    must_see(view.signed_in()?, watch)?;
    let alarms: Vec<Alarm> =
        store::alarms(sql).await?.into_iter().filter(|alarm| alarm.hand_over == watch.hand_over).collect();
    let truth = match view.world.settings().simulation {
        Simulation::Simulated => Some(store::let_go(sql, &watch.unit_slug, &watch.change_slug).await?),
        Simulation::Real => None,
    };
    Ok(Page::new(Stage::Sustain, format!("{} in {}", watch.change_name, watch.unit_name), html! {
        (one.outcome.judged.says)
    })
    .crumb("/watches", "Is it kept?")
    .body(html! {
        p.meta {
            (watch.owner_name) " has owned it since " (when::date(&view, watch.handed_over)) "; support ends on " (when::of_day(watch.support_ends)) ". "
            a href={ "/hand-overs/" (watch.hand_over) } { "What was handed over" }
        }
        @if let Some(truth) = truth { (beside_the_truth(&one, truth)) }
        (series(&watch.metric_name, Axis::number(format!("{}, {}", watch.metric_name, watch.unit_of_measure)), &one.outcome, watch))
        @match &one.uptake {
            Some(seen) => { (series("Uptake", Axis::share("Share of the unit's people who used it in a week"), seen, watch)) }
            None => { section { h2 { "Uptake" } p.empty { "No use was recorded, or the unit has fewer than five people, of whom nothing is shown." } } }
        }
        @if !alarms.is_empty() {
            section {
                h2 { "Alarms" }
                ol.story { @for alarm in &alarms { li { (alarm.says) p.meta { (alarm.series) ", " (when::relative(&view, alarm.at)) (cycle_of(alarm)) } } } }
            }
        }
    })
    .show(&view))
}

/// What a simulation put in, beside what the watch says.
fn beside_the_truth(one: &JudgedWatch, let_go: Option<Date>) -> Markup {
    html! {
        p.notice {
            "This is simulated, so the truth is known: "
            @match let_go {
                Some(day) => { "the unit let go on " (day) "." }
                None if worst(one) == Kind::Slipping => { "the unit never let go; the alarm is a false one, as the rule raises now and then." }
                None => { "the unit never let go." }
            }
        }
    }
}

/// One series: its verdict, the picture, what weakens it and what the rule promises.
fn series(name: &str, axis: Axis, seen: &Seen, watch: &store::Watch) -> Markup {
    let judged = &seen.judged;
    html! {
        section {
            h2 { (name) " " (pill(judged.kind)) }
            p { (judged.says) }
            (chart::chart(name, axis, seen, watch).figure(&Downloads::Inside))
            @if !seen.levels_shown() { p.meta { "Weeks that would tell of fewer than five people are withheld, and with them the levels." } }
            @for caution in &judged.cautions { p.notice { (caution) } }
            @if let Some(promises) = &judged.promises { p.meta { (promises) } }
        }
    }
}
