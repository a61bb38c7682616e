//! Outcomes for programs, as JSON, CSV or Parquet; owns their JSON shape.

mod rows;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use rows::OutcomeWish;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use traction_domain::measure::outcome::Measured;
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::outcome::columns::{Matching, Part};
use traction_domain::measure::outcome::reading::Bad;
use traction_domain::refusal::Refusal;
use traction_domain::words::counted;

use crate::measure::import::sheet::{File, Sheet};
use crate::measure::outcome::intake::{self, Wish};
use crate::measure::outcome::store::{self, course};
use crate::measure::outcome::verbs::{self, Mode};
use crate::offer::metric;
use crate::trouble::{Broken, Trouble};
use crate::web::failure::{Problem, problem};
use crate::web::token::{Body, Program};
use crate::web::{Path, Query};
use crate::world::World;

/// How many corrections are listed at most.
const N_CORRECTIONS: usize = 10_000;

/// What may stand in the address: the columns of a table that are called otherwise, and whether it is only tried.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    unit: Option<String>,
    period: Option<String>,
    value: Option<String>,
    numerator: Option<String>,
    denominator: Option<String>,
    dry_run: Option<bool>,
    calendar: Option<String>,
}

/// Why a row of a program's was not taken.
#[derive(Debug, thiserror::Error)]
#[error("row {row} ({unit}, {period}): {why}{more}")]
struct RowRefused {
    row: u64,
    unit: String,
    period: String,
    why: String,
    more: String,
}

impl Refusal for RowRefused {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

/// `POST /api/v1/metrics/{metric}/outcomes`: a list of rows in JSON, or a table in CSV or Parquet; all of it or nothing.
pub async fn take(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Json<Value>, Response> {
    let sql = world.store().read();
    let refused = |trouble: Trouble| Problem(trouble).into_response();
    // What can be refused without the table is refused before it is read.
    let metric = metric::verbs::find(sql, &slug).await.map_err(refused)?;
    verbs::must_record(&program.who, std::iter::empty()).map_err(refused)?;
    let calendar = asked.calendar.as_deref().map(str::parse::<Calendar>).transpose();
    let calendar = calendar.map_err(|unknown| refused(unknown.into()))?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, &world).await.map_err(IntoResponse::into_response)?;
    let mode = if asked.dry_run == Some(true) { Mode::Try } else { Mode::Take };
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.is_empty() || kind.contains("json");
    let sheet = if is_json { of_json(&body) } else { of_file(body.to_vec(), &world.settings().zone) };
    let sheet = sheet.map_err(|refused| *refused)?;
    let mut wish =
        wish(&sheet, &asked).map_err(|detail| problem(StatusCode::UNPROCESSABLE_ENTITY, &detail, None))?;
    wish.calendar = calendar;
    let sha256 = hex::encode(Sha256::digest(&body));
    let taken = intake::take(&world, &program.who, &metric, (&sheet, &sha256), &wish, mode).await;
    let report = match taken {
        Err(Trouble::Refused(why)) if is_json => return Err(of_row(&sheet, why)),
        other => other.map_err(refused)?,
    };
    let mut json = json!({ "rows": report.n_rows, "unchanged": report.n_unchanged });
    for (what, n) in &report.changed {
        json[what.replace(' ', "_")] = (*n).into();
    }
    let n_missing: usize = report.passed_over.iter().map(|(_, n)| n).sum();
    if n_missing > 0 {
        json["missing"] = n_missing.into();
    }
    if mode == Mode::Try {
        json["dry_run"] = true.into();
    }
    Ok(Json(json))
}

fn of_json(body: &[u8]) -> Result<Sheet, Box<Response>> {
    let wishes: Vec<OutcomeWish> = serde_json::from_slice(body).map_err(|error| {
        let detail = format!(
            "the body is not the JSON asked for: {error}; send a list of objects with unit, period, and value or numerator and denominator, or a table as text/csv"
        );
        Box::new(problem(StatusCode::BAD_REQUEST, &detail, None))
    })?;
    let rows = (1..).zip(wishes.into_iter().map(OutcomeWish::cells)).collect();
    Sheet::of_rows("the list", OutcomeWish::header(), rows)
        .map_err(|refused| Box::new(Problem(refused.into()).into_response()))
}

fn of_file(bytes: Vec<u8>, zone: &TimeZone) -> Result<Sheet, Box<Response>> {
    let file = File { name: "the table".into(), bytes };
    Sheet::read_sent(&file, zone).map_err(|refused| Box::new(Problem(refused.into()).into_response()))
}

/// How a table is to be read: by the names in the address, else by the parts' own words.
fn wish(sheet: &Sheet, asked: &Asked) -> Result<Wish, String> {
    let header = sheet.table().header;
    let mut matching = Matching::by_word(header);
    let Asked { unit, period, value, numerator, denominator, .. } = asked;
    for (part, name) in Part::ALL.into_iter().zip([unit, period, value, numerator, denominator]) {
        let Some(name) = name else { continue };
        let at = header.iter().position(|other| other == name);
        let at = at.ok_or_else(|| {
            format!("there is no column `{name}` to hold the {part}; the columns are {}", header.join(", "))
        })?;
        matching.set(part, Some(at));
    }
    Ok(Wish { matching: Some(matching), ..Wish::default() })
}

/// The refusal of a list, by the row it is about.
fn of_row(sheet: &Sheet, refused: Box<dyn Refusal>) -> Response {
    let any: &dyn std::error::Error = refused.as_ref();
    let Some(rows) = any.downcast_ref::<intake::RowsRefused>() else {
        return Problem(Trouble::Refused(refused)).into_response();
    };
    let Some(Bad { line, why, .. }) = rows.bad.first() else {
        return Problem(Trouble::Refused(refused)).into_response();
    };
    let found = sheet.table().rows.iter().find(|(row, _)| row == line);
    let cell = |at: usize| found.and_then(|(_, cells)| cells.get(at)).cloned().unwrap_or_default();
    let more = match rows.bad.len() - 1 {
        0 => String::new(),
        n => format!("; and {}", counted(n, "further row", "further rows")),
    };
    let row = RowRefused { row: *line, unit: cell(0), period: cell(1), why: why.clone(), more };
    Problem(row.into()).into_response()
}

/// `GET /api/v1/metrics/{metric}/outcomes`: the last word on each unit and period, as JSON, or as CSV where that is asked
/// for by `Accept`.
pub async fn list(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let metric = metric::verbs::find(sql, &slug).await?;
    let outcomes = store::panel(sql, metric.id, None).await?;
    let wants_csv = headers
        .get(ACCEPT)
        .and_then(|kinds| kinds.to_str().ok())
        .is_some_and(|kinds| kinds.contains("text/csv"));
    if wants_csv {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let wrong = |error: csv::Error| Broken::accident("writing outcomes", error);
        csv.write_record(Part::ALL.map(Part::word)).map_err(wrong)?;
        for outcome in &outcomes {
            let [value, numerator, denominator] = outcome.cells();
            csv.write_record([
                outcome.slug.to_string(),
                outcome.period.to_string(),
                value,
                numerator,
                denominator,
            ])
            .map_err(wrong)?;
        }
        let bytes = csv.into_inner().map_err(|error| Broken::accident("writing outcomes", error))?;
        return Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], bytes).into_response());
    }
    let shown = |outcome: &store::Outcome| {
        let mut shown = json!({ "unit": outcome.slug.as_str(), "period": outcome.period.to_string(), "value": outcome.value });
        if let Some((numerator, denominator)) = outcome.parts {
            shown["numerator"] = numerator.into();
            shown["denominator"] = denominator.into();
        }
        shown
    };
    let items: Vec<Value> = outcomes.iter().map(shown).collect();
    Ok(Json(json!({ "items": items, "next": null })).into_response())
}

/// By which calendar a metric is kept, as programs send it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSent {
    calendar: String,
}

/// `GET /api/v1/metrics/{metric}/calendar`: null where none is set.
pub async fn calendar(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let metric = metric::verbs::find(sql, &slug).await?;
    let calendar = store::calendar(sql, metric.id).await?;
    Ok(Json(json!({ "metric": slug, "calendar": calendar.map(|calendar| calendar.to_string()) })))
}

/// `POST /api/v1/metrics/{metric}/calendar`: by which it is kept from now on.
pub async fn set_calendar(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(sent): Body<CalendarSent>,
) -> Result<Json<Value>, Problem> {
    let metric = metric::verbs::find(world.store().read(), &slug).await?;
    let calendar: Calendar = sent.calendar.parse().map_err(Trouble::from)?;
    verbs::set_calendar(&world, &program.who, metric.id, calendar).await?;
    Ok(Json(json!({ "metric": slug, "calendar": calendar.to_string() })))
}

/// `GET /api/v1/metrics/{metric}/corrections`: the value before and since, when, and who sent it, the newest first.
pub async fn corrections(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let metric = metric::verbs::find(sql, &slug).await?;
    let said = |(measured, at): (Measured, traction_domain::time::Moment)| match measured {
        Measured::Value(value) => json!({ "value": value, "at": at.to_string() }),
        Measured::Ratio { numerator, denominator } => json!({
            "value": measured.value(), "numerator": numerator, "denominator": denominator, "at": at.to_string(),
        }),
        Measured::Nothing => json!({ "value": null, "at": at.to_string() }),
    };
    let items: Vec<Value> = course::corrections(sql, metric.id, N_CORRECTIONS)
        .await?
        .into_iter()
        .map(|one| {
            json!({
                "unit": one.slug.as_str(), "period": one.period.to_string(), "correction": one.n,
                "before": said(one.before), "since": said(one.after), "by": one.by, "came_as": one.kind,
            })
        })
        .collect();
    Ok(Json(json!({ "items": items })))
}
