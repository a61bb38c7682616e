//! What is arriving now, for whoever connects the real system: names of events and counts, never people.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::measure::suppression::N_FEWEST;
use traction_domain::org::who::{Who, allow};
use traction_domain::time::Moment;

use crate::measure::usage::store::arriving::{self, Arrivals, Arriving};
use crate::measure::usage::store::{self, Seen};
use crate::measure::usage::{letters, parts, retention};
use crate::overview::figures::Stage;
use crate::web::charts::in_thousands;
use crate::web::layout::sentence;
use crate::web::{Answer, Page, Query, View, when};

/// Minutes that are shown one by one.
const N_MINUTES: i64 = 15;

/// Events in all are counted up to so many.
const N_COUNTED: u32 = 1_000_000;

/// So many shapes of events are listed.
const N_SHAPES: u32 = 30;

/// Whether the page is for him: others are not pointed to it.
pub fn may_see(who: &Who) -> bool {
    who.is_change_lead() || who.is_administrator() || !who.led().is_empty()
}

/// Whether the page shows itself anew.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    live: Option<String>,
}

/// `GET /usage?live=1`
pub async fn show(view: View, Query(asked): Query<Asked>) -> Answer {
    let mut answer = page(&view).await?;
    if asked.live.is_some() {
        answer.headers_mut().insert(REFRESH, HeaderValue::from_static("5"));
    }
    Ok(answer)
}

async fn page(view: &View) -> Answer {
    allow(
        may_see(view.signed_in()?),
        "a change lead, a unit's lead or an administrator",
        "see what usage arrives",
    )?;
    let sql = view.world.store().read();
    let n_events = store::some(sql, N_COUNTED).await?;
    let n_dead = letters::store::n_open(sql).await?;
    let a_day_ago = view.now.after_days(-1);
    let latest = arriving::looked_at_since(sql, Arrivals::Events, a_day_ago).await?;
    let arriving = by_name(arriving::arriving(sql, latest.unwrap_or(a_day_ago)).await?);
    let since = view.now.after(jiff::SignedDuration::from_mins(-N_MINUTES));
    let minutes = arriving::by_minute(sql, since).await?;
    let mut reasons = BTreeMap::new();
    for (why, n) in letters::store::reasons(sql, a_day_ago).await? {
        *reasons.entry(without_value(&why)).or_insert(0) += n;
    }
    let shapes = store::shapes(sql, N_SHAPES).await?;
    let kept = retention::pages::section(view).await?;
    let latest_shown = arriving::looked_at_since(sql, Arrivals::Showings, a_day_ago).await?;
    let shown = store::shown(sql, latest_shown.unwrap_or(a_day_ago)).await?;
    let n_now: usize = minutes.iter().map(|each| each.n_events).sum();
    // Of several minutes together at least the people of one.
    let n_people_now = minutes.iter().map(|each| each.n_people).max().unwrap_or(0);
    Ok(Page::new(Stage::Measure, "What is arriving now", html! {
        @if n_events == 0 { "Nothing has arrived yet." }
        @else if n_now >= 10 && is_few(n_people_now) { "Events are arriving; " (in_all(n_events)) "." }
        @else { (sentence(&how_many(n_now)).trim_end_matches('.')) " events in the last " (N_MINUTES) " minutes; " (in_all(n_events)) "." }
    })
    .crumb("/uptake", "Uptake")
    .body(html! {
        @if n_events == 0 { (how_to_connect(view)) }
        @if !minutes.is_empty() {
            section {
                h2 { "By minute" }
                table.list {
                    thead { tr { th { "Minute" } th.figure { "Events" } } }
                    tbody { @for each in minutes.iter().rev() { tr {
                        td { (when::relative(view, each.minute)) } td.figure { (how_many_of(each.n_events, each.n_people)) }
                    } } }
                }
            }
        }
        @if !arriving.is_empty() {
            section {
                h2 { "By event, " (of_latest(latest)) }
                (by_event(&arriving))
                p.help { "Counts of events by fewer than five people are not shown, others in tens and hundreds. In names, “#” stands for figures: they may be somebody's." }
            }
        }
        @if !shown.is_empty() {
            section {
                h2 { "Switched on or off, " (of_latest(latest_shown)) }
                table.list.folds {
                    thead { tr { th { "Change" } th { "Answer" } th.figure { "How often" } } }
                    tbody { @for shown in &shown { tr {
                        td { a href={ "/changes/" (shown.change) } { (shown.change) } }
                        td data-th="Answer" { (shown.variant) }
                        td.figure data-th="How often" { (how_many_of(shown.n_showings, shown.n_asked)) }
                    } } }
                }
                p.help { "What the real system offered. It is kept apart from use." }
            }
        }
        @if !shapes.is_empty() { (what_it_looks_like(&shapes)) }
        section {
            h2 { "Set aside" }
            @if n_dead == 0 { p { "Nothing: everything that arrived could be counted." } }
            @else {
                p {
                    (n_dead) " in all could not be counted. "
                    @if view.signed_in()?.is_administrator() { a href="/dead-letters" { "Read, mend and count them." } }
                    @else { "An administrator can mend and count them." }
                }
                @if !reasons.is_empty() {
                    table.list {
                        thead { tr { th { "Why, in the last 24 hours" } th.figure { "How many" } } }
                        tbody { @for (why, n) in &reasons { tr { td { (why) } td.figure { (how_many(*n)) } } } }
                    }
                }
            }
        }
        (kept)
        @if n_events > 0 { details { summary { "How to connect a system" } (how_to_connect(view)) } }
    })
    .show(view))
}

/// Of which arrivals a table tells.
fn of_latest(cut: Option<Moment>) -> String {
    cut.map_or_else(
        || "in the last 24 hours".into(),
        |_| format!("the last {} that arrived", in_thousands(arriving::N_LOOKED_AT as usize)),
    )
}

/// The kinds of events that were new last, by the names of their parts.
fn what_it_looks_like(shapes: &[Seen]) -> Markup {
    html! {
        section {
            h2 { "What it looks like" }
            table.list.folds {
                thead { tr { th { "Event" } th { "What becomes of it" } th { "Its parts" } th { "Source" } th { "Language" } } }
                tbody { @for seen in shapes { tr {
                    td { (seen.event) }
                    td data-th="What becomes of it" { (seen.fate.word().replace('-', " ")) }
                    td data-th="Its parts" { (seen.parts) }
                    td data-th="Source" { (seen.source) }
                    td data-th="Language" { (seen.form.to_string()) }
                } } }
            }
            p.help { "Each kind of event once, the newest kind first: names, never values. " a href="/usage?live=1" { "Watch it live" } ": the page shows itself anew every five seconds." }
        }
    }
}

/// What arrives by its names as they are told, without figures. Those of few people stand last, by name: their order tells
/// nothing.
fn by_name(arriving: Vec<Arriving>) -> Vec<Arriving> {
    let mut named = BTreeMap::<String, Arriving>::new();
    for each in arriving {
        let event = parts::without_figures(&each.event);
        let together =
            named.entry(event.clone()).or_insert(Arriving { event, n_events: 0, n_people: 0, n_untied: 0 });
        together.n_events += each.n_events;
        together.n_untied += each.n_untied;
        // At least those of one of them: others may be the same people.
        together.n_people = together.n_people.max(each.n_people);
    }
    let mut named: Vec<Arriving> = named.into_values().collect();
    named.sort_by_key(|each| Reverse(if is_few(each.n_people) { 0 } else { each.n_events }));
    named
}

fn by_event(arriving: &[Arriving]) -> Markup {
    html! {
        table.list.folds {
            thead { tr { th { "Event" } th.figure { "How often" } th { "Belongs to a change" } } }
            tbody { @for each in arriving { tr {
                td { (each.event) }
                td.figure data-th="How often" { (how_many_of(each.n_events, each.n_people)) }
                td data-th="Belongs to a change" {
                    @match each.n_untied {
                        0 => { "yes" }
                        n if n == each.n_events => { span.pill { "no" } " Name it in " code { "properties.change" } ", or give the person's unit a slot." }
                        _ => { "some" }
                    }
                }
            } } }
        }
    }
}

/// A reason without what was written in the event: that may be somebody's name, in the wrong place.
fn without_value(why: &str) -> String {
    let heads = ["there is no unit `", "there is no change with the short name or the flag `", "`"];
    let written = heads.iter().find_map(|head| {
        let rest = why.strip_prefix(head)?;
        let tail = rest.rfind("` here").or_else(|| rest.rfind("` is not a time"))?;
        Some(format!("{head}…{}", &rest[tail..]))
    });
    written.unwrap_or_else(|| why.to_owned())
}

fn is_few(n_people: usize) -> bool {
    n_people < N_FEWEST as usize
}

/// A count of events, where it is of enough people.
fn how_many_of(n_events: usize, n_people: usize) -> String {
    if is_few(n_people) { "arriving".into() } else { how_many(n_events) }
}

/// A count of events, in whole tens, from a hundred on in whole hundreds: told to the last one, whoever looks twice would
/// see what a single person just did.
pub fn how_many(n: usize) -> String {
    match n {
        0..10 => "fewer than 10".into(),
        10..100 => format!("at least {}", n / 10 * 10),
        _ => format!("at least {}", n / 100 * 100),
    }
}

/// All events, in whole hundreds: told to the last one, it would count out the few that just came.
fn in_all(n: usize) -> String {
    match n / 100 * 100 {
        0 => "fewer than 100 in all".into(),
        hundreds => format!("at least {} in all", in_thousands(hundreds)),
    }
}

fn how_to_connect(view: &View) -> Markup {
    let url = &view.world.settings().public_url;
    html! {
        div.empty {
            p { "The real system sends an event whenever somebody uses the solution. Any client of Segment or RudderStack works: point it to " code { (url) } " with a write key, made by " code { "traction token add NAME --scope usage" } "." }
            p { "Give " code { "userId" } " as the external id people have here, and the change's flag in " code { "properties.change" } ". People are kept only under numbers made by chance, and each may cut the link from his name to his." }
            p { "CloudEvents go to " code { "/events" } ", OpenTelemetry's logs to " code { "/v1/logs" } ", each with the same key as Bearer. " code { "identify" } ", " code { "group" } ", " code { "page" } ", " code { "screen" } " and " code { "alias" } " calls are taken and passed over: they say nothing about use." }
            pre { code {
                "curl " (url) "/v1/track -u WRITE_KEY: -H 'content-type: application/json' \\\n  -d '{\"userId\": \"jo\", \"event\": \"rounds opened\", \"messageId\": \"1\", \"properties\": {\"change\": \"early-rounds\"}}'"
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use traction_domain::measure::usage::EventRefused;

    use super::without_value;

    #[test]
    fn what_was_written_in_the_wrong_place_is_not_told() {
        for why in [
            EventRefused::no_such_unit("staff-0003"),
            EventRefused::no_such_change("staff-`0003` here"),
            EventRefused::not_a_time("staff-0003 was here"),
        ] {
            let told = without_value(&why.to_string());
            assert!(!told.contains("0003") && told.contains("`…`"), "{told}");
        }
        assert_eq!(without_value(&EventRefused::NoName.to_string()), EventRefused::NoName.to_string());
    }
}
