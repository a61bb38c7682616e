//! The files a browser needs, built into the program.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::web::Path;

const CSS: &str = include_str!("../../assets/traction.css");
const JS: &str = include_str!("../../assets/traction.js");
const DRAW_CSS: &str = include_str!("../../assets/draw.css");
const COUNT_JS: &str = include_str!("../../assets/count.js");
const LIVE_JS: &str = include_str!("../../assets/live.js");
const VERIFY_JS: &str = include_str!("../../assets/verify.js");
const ICON: &str = include_str!("../../assets/icon.svg");

/// One of them, by name.
pub async fn one(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "traction.css" => ("text/css; charset=utf-8", CSS),
        "traction.js" => ("text/javascript; charset=utf-8", JS),
        "draw.css" => ("text/css; charset=utf-8", DRAW_CSS),
        "count.js" => ("text/javascript; charset=utf-8", COUNT_JS),
        "live.js" => ("text/javascript; charset=utf-8", LIVE_JS),
        "verify.js" => ("text/javascript; charset=utf-8", VERIFY_JS),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")], text).into_response()
}
