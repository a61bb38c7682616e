//! Evidence records as pages: all current ones, those of a change, and one with everything it rests on.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use traction_domain::id::EvidenceId;
use traction_domain::prove::{Doubted, Kind};
use traction_domain::refusal::Refusal;

use super::arguments::draw_file;
use super::record::{EvidenceJson, kind_class};
use super::report::{self, kind_title};
use super::store::{self, Evidence};
use super::{files, further, pictures, verbs};
use crate::offer::change::store::Change;
use crate::offer::{change, metric};
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::charts::Downloads;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};
use crate::world::Simulation;

/// `GET /evidence`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let changes = change::store::all(sql).await?;
    let current = store::current(sql).await?;
    let works = |evidence: &&Evidence| evidence.verdict_kind == Kind::Works;
    let n_works = current.iter().filter(works).count();
    let n_doubted = current.iter().filter(works).filter(|evidence| evidence.doubted != Doubted::No).count();
    let unasked: Vec<&Change> =
        changes.iter().filter(|change| current.iter().all(|evidence| evidence.change != change.id)).collect();
    let mut cards = Vec::new();
    for evidence in &current {
        let change = changes.iter().find(|change| change.id == evidence.change);
        let change = change.ok_or(Trouble::NotFound { what: "change" })?;
        cards.push(card(&view, evidence, &verbs::read(evidence)?, change));
    }
    Ok(Page::new(Stage::Prove, "What did it do?", html! {
        @match current.len() {
            0 => { "No change has been asked what it did." }
            1 => { "One change has an answer; it " @if n_doubted == 1 { "seems to work, with doubts." } @else if n_works == 1 { "works." } @else { "does not say that it works." } }
            n => { (n) " changes have an answer; " (n_works) " of them " @if n_works == 1 { "works" } @else { "work" }
                @if n_doubted > 0 { ", " (n_doubted) " with doubts" } "." }
        }
    })
    .body(html! {
        @if current.is_empty() {
            p.empty { "Evidence compares units that have a change with units that do not have it yet, before and since. It needs outcomes of both, from before the start on; then the data are asked, and every answer says what it rests on." }
        }
        @for card in &cards { (card) }
        p { a href="/methods" { "How it is computed, method by method" } }
        @if !unasked.is_empty() { section {
            h2 { "Not asked yet" }
            ul { @for change in unasked { li { a href={ "/changes/" (change.slug) "/evidence" } { (change.name) } } } }
        } }
    })
    .show(&view))
}

fn card(view: &View, evidence: &Evidence, record: &EvidenceJson, change: &Change) -> Markup {
    html! {
        article.card {
            h2 { a href={ "/evidence/" (evidence.id) } { (change.name) } }
            p class={ "verdict " (kind_class(evidence.verdict_kind, evidence.doubted)) } {
                strong { (kind_title(evidence.verdict_kind, evidence.doubted)) } " " (evidence.verdict_says)
            }
            @if let Some(picture) = pictures::interval(record) { (picture.figure(&Downloads::None)) }
            p.meta { "Asked " (when::relative(view, evidence.made_at)) }
        }
    }
}

/// `GET /changes/{change}/evidence`
pub async fn of_change(view: View, Path(slug): Path<String>) -> Answer {
    let change = change::verbs::find(view.world.store().read(), &slug).await?;
    change_page(&view, &change, None).await
}

async fn change_page(view: &View, change: &Change, refused: Option<&dyn Refusal>) -> Answer {
    let records = store::of_change(view.world.store().read(), change.id).await?;
    let filled = Filled::default();
    let form = Form::new(&filled, refused);
    let mut page = Page::new(Stage::Prove, format!("What {} did", change.name), html! {
        @match records.first() {
            Some(last) => { (kind_title(last.verdict_kind, last.doubted)) ", as far as the data of " (when::date(view, last.made_at)) " say." }
            None => { "The data have not been asked yet." }
        }
    })
    .crumb("/evidence", "Evidence")
    .crumb(format!("/changes/{}", change.slug), change.name.clone())
    .body(html! {
        (form.notice())
        @if records.is_empty() {
            p.empty { "It needs outcomes of units that have it and of units that do not have it yet, from before the start on. Nothing can be broken by asking: what the data cannot carry is said, and nothing is claimed." }
        } @else { (records_list(view, &records, None)) }
        @if view.who.as_ref().is_some_and(|who| change::verbs::runs(who, change)) {
            p { a href={ "/changes/" (change.slug) "/plan" } { "What could this roll-out show?" } }
        }
    });
    page.action = ask(view, change, "Ask the data");
    Ok(page.show(view))
}

/// The button that asks, for who may.
fn ask(view: &View, change: &Change, words: &str) -> Option<Markup> {
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, change));
    runs.then(|| {
        html! { form method="post" action={ "/changes/" (change.slug) "/evidence" } { button.button { (words) } } }
    })
}

fn records_list(view: &View, records: &[Evidence], shown: Option<EvidenceId>) -> Markup {
    html! {
        ol.story { @for (place, record) in records.iter().enumerate() { li {
            p {
                @if shown == Some(record.id) { (when::date(view, record.made_at)) } @else {
                    a href={ "/evidence/" (record.id) } { (when::date(view, record.made_at)) }
                }
                " " span.pill { @if place == 0 { "current" } @else { "superseded" } }
                " " strong { (kind_title(record.verdict_kind, record.doubted)) }
            }
            p { (record.verdict_says) }
        } } }
    }
}

/// `POST /changes/{change}/evidence`
pub async fn prove(view: View, Path(slug): Path<String>) -> Answer {
    let change = change::verbs::find(view.world.store().read(), &slug).await?;
    let made = verbs::prove(&view.world, view.signed_in()?, &change).await;
    match lead_on(made, |id| format!("/evidence/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(change_page(&view, &change, Some(refused.as_ref())).await),
    }
}

/// `GET /evidence/{evidence}`
pub async fn show(view: View, Path(id): Path<EvidenceId>) -> Answer {
    let sql = view.world.store().read();
    let (evidence, record) = verbs::find(&view.world, id).await?;
    let change = change::store::one(sql, evidence.change).await?;
    let change = change.ok_or(Trouble::NotFound { what: "change" })?;
    let metric = metric::store::one(sql, evidence.metric).await?;
    let metric = metric.ok_or(Trouble::NotFound { what: "metric" })?;
    let records = store::of_change(sql, change.id).await?;
    let later = records.first().filter(|last| last.id != id);
    let truth = match view.world.settings().simulation {
        Simulation::Simulated => store::truth(sql, change.slug.as_str()).await?,
        Simulation::Real => None,
    };
    let files = format!("/evidence/{id}/files");
    let pictures = |name: &'static str| Downloads::At {
        svg: format!("{files}/{name}.svg"),
        csv: format!("{files}/{name}.csv"),
    };
    let draws = store::draws(sql, id).await?;
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let can_be_shown = runs && later.is_none() && evidence.verdict_kind != Kind::Refused;
    let title = format!("What {} did to {}", change.name, metric.name);
    let mut page = Page::new(Stage::Prove, title, html! {
        (kind_title(evidence.verdict_kind, evidence.doubted)) ", as far as the data of " (when::date(&view, evidence.made_at)) " say."
    })
    .crumb("/evidence", "Evidence")
    .crumb(format!("/changes/{}/evidence", change.slug), change.name.clone())
    .body(html! {
        @if let Some(later) = later {
            p.notice { "The data were asked again since: " a href={ "/evidence/" (later.id) } { "the current record" } ". This one stays as it was." }
        }
        (report::body(&record, truth, &pictures))
        h2 { "To keep, and to check" }
        p { a href={ (files) "/evidence.json" } { "The record" } " · "
            @if runs { a href={ (files) "/panel.csv" } { "The panel it rests on" } " · " }
            @for (n, _) in &draws {
                @let file = draw_file(*n);
                a href={ (files) "/" (file) } { "The draw of wave " (n) } " · "
            }
            a href={ (files) "/report.html" } { "The report in one file" } }
        @if !runs { p.meta { "The panel holds every unit's figures, so only those who run the change can have it." } }
        (further::reproduce(&record))
        p.meta { "Made with Traction " (evidence.version) "." }
        @if records.len() > 1 { section.on-screen { h2 { "All answers so far" } (records_list(&view, &records, Some(id))) } }
        @if can_be_shown { @if let Some(ask) = ask(&view, &change, "Ask the data again") { (ask) } }
    });
    page.action = if can_be_shown {
        Some(html! { a.button href={ "/evidence/" (id) "/publish" } { "Make a showcase of it" } })
    } else {
        ask(&view, &change, "Ask the data again")
    };
    Ok(page.show(&view))
}

/// `GET /evidence/{evidence}/files/{file}`
pub async fn file(view: View, Path((id, file)): Path<(EvidenceId, String)>) -> Answer {
    let (evidence, record) = verbs::find(&view.world, id).await?;
    let no_file = || Trouble::NotFound { what: "file of this record" };
    let picture = |name: &str| {
        let all = pictures::all(&record, None);
        all.into_iter().find(|(picture, _)| *picture == name).map(|(_, chart)| chart)
    };
    let (kind, content) = match file.as_str() {
        files::RECORD => ("application/json", files::record(&evidence.record)),
        files::PANEL => {
            let change = change::store::one(view.world.store().read(), evidence.change).await?;
            let change = change.ok_or(Trouble::NotFound { what: "change" })?;
            change::verbs::must_run(
                view.signed_in()?,
                &change,
                "have the panel: it holds every unit's figures",
            )?;
            let csv = store::panel_csv(view.world.store().read(), id).await?.ok_or_else(no_file)?;
            ("text/csv; charset=utf-8", csv)
        }
        files::REPORT => ("text/html; charset=utf-8", report::alone(&record)),
        name => match name.rsplit_once('.').ok_or_else(no_file)? {
            (name, "svg") => {
                ("image/svg+xml", picture(name).and_then(|chart| chart.svg()).ok_or_else(no_file)?)
            }
            (name, "csv") => {
                ("text/csv; charset=utf-8", picture(name).map(|chart| chart.csv()).ok_or_else(no_file)?)
            }
            _ => {
                let draws = store::draws(view.world.store().read(), id).await?;
                let draw = draws.into_iter().find(|(n, _)| draw_file(*n) == name);
                ("application/json", draw.map(|(_, record)| record).ok_or_else(no_file)?)
            }
        },
    };
    Ok(download(kind, &file, content))
}

fn download(kind: &'static str, name: &str, content: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], content).into_response()
}
