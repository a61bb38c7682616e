//! Taking a table in: chosen or pasted, looked at with its columns and units matched, then taken whole or not at all.

mod parts;

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use traction_domain::id::UnitId;
use traction_domain::measure::outcome::columns::{Matching, Part};
use traction_domain::measure::outcome::reading::Choice;
use traction_domain::measure::outcome::units::Units;
use traction_domain::org::who::Who;
use traction_domain::refusal::{Refusal, RefusalKind};

use super::{corrected, page};
use crate::measure::import::sheet::{File, Sheet};
use crate::measure::outcome::brought;
use crate::measure::outcome::intake::{self, Looked, Wish};
use crate::measure::outcome::store;
use crate::measure::outcome::verbs::{self, Mode};
use crate::measure::source;
use crate::offer::metric;
use crate::offer::metric::store::Metric;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Page, Path, View, again, counted, failure};

/// So many corrections and refused rows are listed.
const N_LISTED: usize = 50;
/// Columns are guessed from so many rows.
const N_ROWS_GUESSED_FROM: usize = 50;

pub use parts::form;

/// A table on its way in.
struct Upload {
    file: File,
    sheet: Sheet,
    wish: Wish,
    matching: Matching,
    units: Units,
    unit_names: BTreeMap<UnitId, String>,
    may_set_calendar: bool,
}

/// `POST /outcomes/{metric}`: a table, to be looked at first (`step` is `try`) or taken in (`take`).
pub async fn take(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let metric = metric::verbs::find(view.world.store().read(), &slug).await?;
    let who = view.signed_in()?;
    // Nobody's table is unpacked who could not record any of it.
    if !metric::verbs::may_offer(who) {
        verbs::must_record(who, std::iter::empty())?;
    }
    let upload = match upload(&view, who, &metric, &filled).await {
        Ok(upload) => upload,
        Err(Trouble::Refused(refused)) if refused.kind() == RefusalKind::Wish => {
            return again(page(&view, &metric, &filled, Some(refused.as_ref())).await);
        }
        Err(other) => return Err(other.into()),
    };
    if filled.text("step") != "take" {
        return preview(&view, who, &metric, &upload, &filled, None).await;
    }
    let sent = (&upload.sheet, upload.file.sha256());
    let taken = intake::take(&view.world, who, &metric, (sent.0, &sent.1), &upload.wish, Mode::Take).await;
    match taken {
        Ok(_) => Ok(Redirect::to(&format!("/outcomes/{slug}")).into_response()),
        Err(Trouble::Refused(refused)) if refused.kind() == RefusalKind::Wish => {
            preview(&view, who, &metric, &upload, &filled, Some(refused.as_ref())).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The table that was brought, with how it is to be read: as filled in, else as guessed.
async fn upload(view: &View, who: &Who, metric: &Metric, filled: &Filled) -> Result<Upload, Trouble> {
    let sql = view.world.store().read();
    let file = brought::table(filled)?;
    let sheet = Sheet::read_sent(&file, &view.world.settings().zone)?;
    let units = intake::units(sql).await?;
    let known = crate::measure::import::store::units(sql).await?;
    let unit_names = known.into_values().map(|unit| (unit.id, unit.name)).collect();
    let table = sheet.table();
    let rows: Vec<&[String]> =
        table.rows.iter().take(N_ROWS_GUESSED_FROM).map(|(_, cells)| cells.as_slice()).collect();
    let guessed = Matching::guessed(table.header, &rows, |label| units.named(label).is_ok());
    let mut matching = guessed;
    // A choice made for another table means nothing for this one.
    let is_matched = filled.text("header") == table.header.join("\n");
    if is_matched {
        for part in Part::ALL {
            let chosen = filled.text(&column_entry(part)).parse().ok().filter(|at| *at < table.header.len());
            matching.set(part, chosen);
        }
    }
    let may_set_calendar = who.is_change_lead() || who.is_administrator();
    let mut wish = Wish { matching: Some(matching), choices: choices(filled, &units), calendar: None };
    if may_set_calendar && store::calendar(sql, metric.id).await?.is_none() {
        wish.calendar = match filled.text("calendar") {
            "" if is_matched => None,
            "" => intake::columns(&sheet, &wish).ok().and_then(|columns| intake::guessed(&sheet, columns)),
            word => Some(word.parse()?),
        };
    }
    Ok(Upload { file, sheet, wish, matching, units, unit_names, may_set_calendar })
}

fn column_entry(part: Part) -> String {
    format!("column-{part}")
}

/// What was decided of labels that name no unit.
fn choices(filled: &Filled, units: &Units) -> BTreeMap<String, Choice> {
    let decided = filled.texts("label").iter().zip(filled.texts("means"));
    let choice = |(label, means): (&String, &String)| match means.as_str() {
        "" => None,
        "leave out" => Some((label.clone(), Choice::LeaveOut)),
        slug => units.named(slug).ok().map(|unit| (label.clone(), Choice::Is(unit))),
    };
    decided.filter_map(choice).collect()
}

/// What would happen: the page between the table and its being taken.
async fn preview(
    view: &View,
    who: &Who,
    metric: &Metric,
    upload: &Upload,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let columns = intake::columns(&upload.sheet, &upload.wish);
    let looked = match &columns {
        Ok(columns) => {
            Some(intake::look(&view.world, who, metric, &upload.sheet, *columns, &upload.wish).await?)
        }
        Err(_) => None,
    };
    let sources = source::store::of_metric(view.world.store().read(), metric.id).await?;
    let filled_by: Vec<String> = sources.into_iter().map(|source| source.name).collect();
    let refused = refused.or(columns.as_ref().err().map(|refused| refused as &dyn Refusal));
    let form = Form::new(filled, refused);
    let says_something = |looked: &Looked| !looked.read.rows.is_empty() || !looked.compared.words.is_empty();
    let is_fit = refused.is_none()
        && looked.as_ref().is_some_and(|looked| looked.read.bad.is_empty() && says_something(looked));
    let page = Page::new(Stage::Measure, metric.name.clone(), html! {
        (upload.file.name) ": " (counted(upload.sheet.n_rows(), "row", "rows"))
        @if is_fit { ". Nothing is taken yet." } @else { ". It cannot be taken as it is; nothing of it was." }
    })
    .crumb("/outcomes", "Outcomes")
    .crumb(format!("/outcomes/{}", metric.slug), metric.name.clone())
    .body(html! {
        form.stack #upload method="post" action={ "/outcomes/" (metric.slug) } enctype="multipart/form-data" style="max-width: none" {
            @if let Some(refused) = refused.filter(|refused| !is_about_a_column(*refused)) {
                p.notice.refused role="alert" { (failure::sentence(refused)) }
            }
            @if let Some(looked) = &looked { (consequences(metric, upload, looked, refused)) }
            @if !filled_by.is_empty() {
                p.meta { "It is filled by itself, too: what " (filled_by.join(", ")) " gives next counts again." }
            }
            @if let Some(looked) = &looked { (parts::unknown(upload, looked)) }
            (parts::matched(upload, &form))
            (parts::calendar(upload, looked.as_ref()))
            (parts::carried(upload, filled))
            p { button.button.quiet name="step" value="try" { "Look again" } " " a href={ "/outcomes/" (metric.slug) } { "Leave it" } }
        }
    })
    .show(view);
    if is_fit { Ok(page) } else { again(Ok(page)) }
}

fn is_about_a_column(refused: &dyn Refusal) -> bool {
    refused.field().is_some_and(|field| Part::ALL.iter().any(|part| part.word() == field))
}

/// What would change, and the button that does it; else what cannot be taken, and why. Where it is refused, nothing would.
fn consequences(metric: &Metric, upload: &Upload, looked: &Looked, refused: Option<&dyn Refusal>) -> Markup {
    let compared = &looked.compared;
    let name = |unit: &UnitId| upload.unit_names.get(unit).cloned().unwrap_or_default();
    let (n_corrected, n_taken_back) = (compared.corrected().count(), compared.n_taken_back());
    html! {
        @if !looked.read.bad.is_empty() {
            section.notice.refused {
                h2 { (counted(looked.read.bad.len(), "row", "rows")) " cannot be taken" }
                p { "Correct the table, or decide below what an unknown name means. All of it is taken, or nothing." }
                ul { @for bad in looked.read.bad.iter().take(N_LISTED) { li { (bad) } } }
                @if looked.read.bad.len() > N_LISTED { p.meta { "and " (looked.read.bad.len() - N_LISTED) " more" } }
            }
        }
        @if looked.read.bad.is_empty() && refused.is_none() { section.notice {
            h2 { "This would happen" }
            p { (counted(upload.sheet.n_rows(), "row", "rows")) ": " (compared.n_new()) " new, " (n_corrected - n_taken_back) " corrected, " (compared.n_same) " known already."
                @if n_taken_back > 0 { " " (counted(n_taken_back, "value is", "values are")) " taken back: the table has none where one is known." }
                @if compared.n_missing > 0 { " " (compared.n_missing) " without a value: missing, not zero." }
                @if looked.n_of_others > 0 {
                    " " (looked.n_of_others) " without a value " (if looked.n_of_others == 1 { "is of a unit that you do not lead, and says nothing." } else { "are of units that you do not lead, and say nothing." })
                }
                @if looked.read.n_left_out > 0 { " " (looked.read.n_left_out) " left out." }
            }
            @if n_corrected > 0 {
                table.list.folds {
                    thead { tr { th { "Unit" } th { "Period" } th { "Now" } th { "Then" } } }
                    tbody { @for word in compared.corrected().take(N_LISTED) { tr {
                        td { (name(&word.unit)) }
                        td data-th="Period" { (word.period) }
                        td data-th="Now" { @if let Some(before) = word.corrects { (corrected::told(before)) } }
                        td data-th="Then" { (corrected::told(word.measured)) " " span.meta { (metric.unit_of_measure) } }
                    } } }
                }
                p.meta { "What stands there now stays readable, with who corrected it and when." }
            }
            @if !compared.words.is_empty() { button.button name="step" value="take" { "Take them in" } }
        } }
    }
}
