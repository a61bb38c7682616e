//! A showcase as a page; it prints on one or two sheets, for a notice board.

mod form;

use maud::{Markup, html};
use traction_domain::id::ShowcaseId;
use traction_domain::publish::demand::{Around, Demand, demand};
use traction_domain::publish::showcase::Standing;
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::offer::{change, wave};
use crate::overview::figures::Stage;
use crate::prove::evidence;
use crate::prove::evidence::pictures;
use crate::publish::board;
use crate::publish::showcase::store::Showcase;
use crate::publish::showcase::verbs;
use crate::trouble::{Broken, Trouble};
use crate::web::charts::Downloads;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};
use crate::world::Simulation;

pub use form::{new, publish};

/// `GET /showcases/{showcase}`
pub async fn show(view: View, Path(id): Path<ShowcaseId>) -> Answer {
    page(&view, id, &Filled::default(), None).await
}

async fn page(view: &View, id: ShowcaseId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let one = verbs::find(sql, id).await?;
    let change = change::store::one(sql, one.change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    let may_manage = view.who.as_ref().is_some_and(|who| verbs::may_manage(who, &change, &one));
    let held_until = match one.standing(view.now) {
        Standing::Down { at } => return Ok(taken_down(view, &one, at)),
        Standing::Held { .. } if !may_manage => return Err(Trouble::NotFound { what: "showcase" }.into()),
        Standing::Held { until } => Some(until),
        Standing::Shown { .. } => None,
    };
    let (_, record) = evidence::verbs::find(&view.world, one.evidence).await?;
    let truth = match view.world.settings().simulation {
        Simulation::Simulated => evidence::store::truth(sql, one.change_slug.as_str()).await?,
        Simulation::Real => None,
    };
    let contests = board::store::contests(sql, view.now).await?;
    let counted = match one.shown_since(view.now) {
        Some(since) => counted(view, &one, since).await?,
        None => None,
    };
    Ok(framed(&one, html! { (one.says) })
        .body(html! {
            @if let Some(until) = held_until { p.notice { "Held back: others see it " (when::relative(view, until)) ", when the wave has ended." } }
            @if let Some(later) = one.later { p.notice { "There is a later evidence record: " a href={ "/evidence/" (later) } { "see what it says" } ". This page stays as it was published." } }
            p.meta { (board::pages::pill(one.kind, one.doubted)) " " a href={ "/changes/" (one.change_slug) } { (one.change_name) }
                @if let Some((_, slug, name)) = &one.unit { ", told by " a href={ "/units/" (slug) } { (name) } } }
            @if let Some(chart) = pictures::event_study(&record, truth) { (chart.figure(&Downloads::Inside)) }
            section { h2 { "The story" } @for paragraph in one.story.split("\n\n") { p { (paragraph) } } }
            @for quote in &one.quotes { blockquote { p { (quote) } } }
            section { h2 { "Your unit, too?" } (board::pages::next_slot(view, one.change, &contests))
                p { a href={ "/changes/" (one.change_slug) "/gap" } { "How far your unit is from the goal" } } }
            (behind(view, &one, counted.as_ref()))
            @if may_manage { (end_form(&one, filled, refused)) }
        })
        .show(view))
}

fn framed(one: &Showcase, answer: Markup) -> Page {
    Page::new(Stage::Publish, one.title.clone(), answer).crumb("/showcases", "What came of it")
}

fn taken_down(view: &View, one: &Showcase, at: Moment) -> axum::response::Response {
    Page::new(
        Stage::Publish,
        "Taken down",
        html! { "What was shown here was taken down " (when::relative(view, at)) "." },
    )
    .crumb("/showcases", "What came of it")
    .body(html! { @if let Some((_, why)) = &one.down { p { "The reason given: " (why) } } })
    .show(view)
}

fn behind(view: &View, one: &Showcase, counted: Option<&Demand>) -> Markup {
    html! {
        section {
            h2 { "What stands behind it" }
            dl.facts {
                dt { "Evidence" } dd { a href={ "/evidence/" (one.evidence) } { "the whole record" } ", made by Traction " (one.version) }
                dt { "Published" } dd { (when::date(view, one.published_at)) @if let Some(by) = &one.by { " by " (by) } }
                @if let Some(counted) = counted {
                    dt { "Demand since" } dd { (counted.in_words()) " "
                        span.meta { "Applications were open on " (format!("{:.0}", counted.after.days_open)) " of the days after and " (format!("{:.0}", counted.before.days_open)) " of those before; frictions reported anywhere: " (counted.after.n_frictions) " after, " (counted.before.n_frictions) " before. A count, not a proof." } }
                }
            }
        }
    }
}

async fn counted(view: &View, one: &Showcase, since: Moment) -> Result<Option<Demand>, Broken> {
    let sql = view.world.store().read();
    let applied = board::store::applied(sql, one.change).await?;
    let reported = board::store::reported(sql, since.after_days(-60)).await?;
    let waves = wave::store::of_change(sql, one.change).await?;
    let open: Vec<(Moment, Moment)> = waves.iter().map(|wave| (wave.opens_at, wave.closes_at)).collect();
    Ok(demand(&Around { applied: &applied, reported: &reported, open: &open }, since, view.now))
}

fn end_form(one: &Showcase, filled: &Filled, refused: Option<&dyn Refusal>) -> Markup {
    let form = Form::new(filled, refused);
    html! {
        details open[refused.is_some()] {
            summary { "Take it down" }
            form.stack method="post" action={ "/showcases/" (one.id) "/end" } {
                (form.notice())
                (form.line("why", "Why?", "Readers who come by the old address are told."))
                button.button.quiet { "Take it down" }
            }
        }
    }
}

/// `POST /showcases/{showcase}/end`
pub async fn take_down(view: View, Path(id): Path<ShowcaseId>, filled: Filled) -> Answer {
    let ended = verbs::take_down(&view.world, view.signed_in()?, id, filled.text("why")).await;
    match lead_on(ended, |()| "/showcases".to_owned())? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, id, &filled, Some(refused.as_ref())).await),
    }
}
