//! The backlog as a file.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

use traction_domain::sense::friction::intake::Audience;

use super::Asked;
use crate::org::unit;
use crate::sense::friction::{file, verbs};
use crate::web::{Answer, Query, View};

/// `GET /frictions/export.csv?with=narrower`: what everybody sees, of one unit or of all; and only if it is asked for, what
/// whoever asks sees besides. A file is soon in other hands.
pub async fn file(view: View, Query(asked): Query<Asked>) -> Answer {
    let sql = view.world.store().read();
    let unit = match &asked.unit {
        Some(slug) => Some(unit::verbs::find(sql, slug).await?.id),
        None => None,
    };
    let mut backlog = verbs::backlog(sql, view.who.as_ref(), unit).await?;
    if asked.with.as_deref() != Some("narrower") {
        backlog.retain(|friction| friction.audience == Audience::All);
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"frictions.csv\""),
    ];
    Ok((headers, file::csv(&backlog)).into_response())
}
