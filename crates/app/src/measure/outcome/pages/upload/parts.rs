//! The parts of the page between a table and its being taken: its columns, its unknown names, the calendar, the table
//! itself for the next step.

use maud::{Markup, html};
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::outcome::columns::Part;
use traction_domain::measure::outcome::reading::Choice;
use traction_domain::measure::outcome::units::UnitUnknown;
use traction_domain::refusal::Refusal;

use super::{Upload, column_entry};
use crate::measure::outcome::brought;
use crate::measure::outcome::intake::Looked;
use crate::offer::metric::store::Metric;
use crate::web::{Filled, Form, counted};

/// So many rows of the table are shown.
const N_ROWS_SHOWN: usize = 5;
/// So many unknown labels can be decided on.
const N_DECIDED: usize = 40;

/// Names that no unit has, each with what it may mean.
pub fn unknown(upload: &Upload, looked: &Looked) -> Markup {
    let all: Vec<&str> = upload.units.slugs().collect();
    let decided = upload.wish.choices.iter().map(|(label, choice)| (label.as_str(), *choice));
    let open = looked.read.unknown.iter().take(N_DECIDED).map(|unknown| match unknown {
        UnitUnknown::Nobody { label, nearest } => (label.as_str(), nearest.as_slice()),
        UnitUnknown::Several { label, names } => (label.as_str(), names.as_slice()),
    });
    html! {
        @for (label, choice) in decided {
            input type="hidden" name="label" value=(label);
            input type="hidden" name="means" value=(written(upload, choice));
        }
        @if !looked.read.unknown.is_empty() {
            section {
                h2 { "Names that no unit has" }
                @for (nth, (label, nearest)) in open.enumerate() {
                    div.field {
                        input type="hidden" name="label" value=(label);
                        label for={ "means-" (nth) } { "“" (label) "” means" }
                        select id={ "means-" (nth) } name="means" {
                            option value="" { "not decided" }
                            @for slug in nearest { option value=(slug) { (slug) " (called alike)" } }
                            option value="leave out" { "nothing here: leave its rows out" }
                            @for slug in all.iter().filter(|slug| !nearest.iter().any(|near| near == *slug)) { option value=(slug) { (slug) } }
                        }
                    }
                }
                @if looked.read.unknown.len() > N_DECIDED { p.meta { "and " (looked.read.unknown.len() - N_DECIDED) " more; look at the column of the units" } }
            }
        }
    }
}

fn written(upload: &Upload, choice: Choice) -> String {
    match choice {
        Choice::LeaveOut => "leave out".into(),
        Choice::Is(unit) => {
            let is_it = |slug: &&str| upload.units.find(slug).is_ok_and(|found| found == unit);
            upload.units.slugs().find(is_it).unwrap_or_default().to_owned()
        }
    }
}

/// The first rows, and which column is what.
pub fn matched(upload: &Upload, form: &Form<'_>) -> Markup {
    let table = upload.sheet.table();
    let is_used = |at: usize| Part::ALL.into_iter().find(|part| upload.matching.of(*part) == Some(at));
    html! {
        section {
            h2 { "Which column is what?" }
            div.cards {
                @for part in Part::ALL {
                    (form.field(part.word(), label_of(part), "", html! {
                        select id=(part) name=(column_entry(part)) {
                            option value="" { "none" }
                            @for (at, name) in table.header.iter().enumerate() {
                                option value=(at) selected[upload.matching.of(part) == Some(at)] { (name) }
                            }
                        }
                    }))
                }
            }
            div.scrolls role="region" tabindex="0" aria-label="The first rows of the table" {
                table.list {
                    thead { tr { @for (at, name) in table.header.iter().enumerate() {
                        th { (name) @if let Some(part) = is_used(at) { " " span.pill { (part) } } }
                    } } }
                    tbody { @for (_, cells) in table.rows.iter().take(N_ROWS_SHOWN) { tr {
                        @for cell in cells { td { @if cell.is_empty() { "–" } @else { (cell) } } }
                    } } }
                }
            }
            p.meta { "The first " (table.rows.len().min(N_ROWS_SHOWN)) " of " (counted(table.rows.len(), "row", "rows")) ". Columns that are none of these are not kept." }
        }
    }
}

fn label_of(part: Part) -> &'static str {
    match part {
        Part::Unit => "The units",
        Part::Period => "The periods",
        Part::Value => "The values",
        Part::Numerator => "Or: how many",
        Part::Denominator => "Of how many",
    }
}

/// By which calendar the metric is kept, while that is open.
pub fn calendar(upload: &Upload, looked: Option<&Looked>) -> Markup {
    let set = looked.and_then(|looked| looked.set);
    html! {
        @if let Some(calendar) = set {
            p.meta { "This metric is kept by " (calendar) ": periods of another kind are refused." }
        } @else if upload.may_set_calendar {
            div.field {
                label for="calendar" { "How often is it measured?" }
                select #calendar name="calendar" aria-describedby="calendar-about" {
                    option value="" selected[upload.wish.calendar.is_none()] { "I do not say" }
                    @for calendar in Calendar::ALL { option value=(calendar) selected[upload.wish.calendar == Some(calendar)] { "each " (calendar) } }
                }
                div #calendar-about { p.help { "From then on a period of another kind is refused, and gaps are seen. It is set when the table is taken." } }
            }
        }
    }
}

/// The table itself, for the next step.
pub fn carried(upload: &Upload, filled: &Filled) -> Markup {
    html! {
        input type="hidden" name="header" value=(upload.sheet.table().header.join("\n"));
        @if brought::is_pasted(filled) {
            div.field {
                label for="rows" { "The table" }
                textarea #rows name="rows" rows="8" { "\n" (filled.text("rows")) }
            }
        } @else {
            input type="hidden" name="kept_name" value=(upload.file.name);
            textarea name="kept" hidden { (brought::packed(&upload.file)) }
            div.field {
                label for="file" { "Another file instead" }
                input #file name="file" type="file" accept=".csv,.tsv,.parquet,text/csv" aria-describedby="file-about";
                div #file-about { p.help { (upload.file.name) " is still here; choose one only to replace it." } }
            }
        }
    }
}

/// Where a table is brought in.
pub fn form(metric: &Metric, filled: &Filled, refused: Option<&dyn Refusal>) -> Markup {
    let form = Form::new(filled, refused);
    html! {
        section {
            h2 { "Take outcomes in" }
            form.stack method="post" action={ "/outcomes/" (metric.slug) } enctype="multipart/form-data" {
                (form.notice())
                input type="hidden" name="step" value="try";
                (form.field("rows", "Paste a table", "First line: the names of the columns; unit, period and value, or numerator and denominator. Other names can be matched in the next step. A correction is simply sent again.", html! {
                    textarea #rows name="rows" rows="8" placeholder="unit,period,value" aria-describedby="rows-about" {
                        "\n" (filled.text("rows"))
                    }
                }))
                (form.field("file", "Or choose a file", "Drop it here: CSV in UTF-8 (comma, semicolon or tab), or Parquet; up to 32 MB.", html! {
                    input #file name="file" type="file" accept=".csv,.tsv,.parquet,text/csv" aria-describedby="file-about"
                        style="border: 2px dashed var(--edge); padding: 1.25rem";
                }))
                button.button { "See what would happen" }
            }
        }
    }
}
