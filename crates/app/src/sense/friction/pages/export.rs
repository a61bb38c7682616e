//! The backlog as a file.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

use super::Asked;
use crate::org::unit;
use crate::sense::friction::{file, verbs};
use crate::web::{Answer, Query, View};

/// `GET /frictions/export.csv`: what whoever asks sees, of one unit or of all.
pub async fn file(view: View, Query(asked): Query<Asked>) -> Answer {
    let sql = view.world.store().read();
    let unit = match &asked.unit {
        Some(slug) => Some(unit::verbs::find(sql, slug).await?.id),
        None => None,
    };
    let backlog = verbs::backlog(sql, view.who.as_ref(), unit).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"frictions.csv\""),
    ];
    Ok((headers, file::csv(&backlog)).into_response())
}
