//! The door for OpenTelemetry's logs: OTLP over HTTP, as protobuf or as JSON, answered in the same encoding.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use prost::Message;
use serde_json::json;
use traction_domain::time::Moment;

use crate::measure::usage::api::door::{self, Bounds, Places, Refused};
use crate::measure::usage::letter::Letter;
use crate::measure::usage::otlp::wire::{Answer, PartialSuccess, Status};
use crate::measure::usage::otlp::{self, wire};
use crate::measure::usage::told;
use crate::measure::usage::verbs::{self, TakenIn};
use crate::world::World;

/// An exporter sends 512 records at once; a record that says nothing costs two bytes, and much more in memory.
const BOUNDS: Bounds = Bounds { n_bytes: 1024 * 1024, n_places: 8 };

const LANGUAGE: &str = "this is neither protobuf nor JSON; send application/x-protobuf or application/json, as OTLP over HTTP has them";

/// How a request is written, and so its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Protobuf,
    Json,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Option<Encoding> {
        match door::media_type(headers)?.as_str() {
            "application/x-protobuf" | "application/protobuf" => Some(Encoding::Protobuf),
            "application/json" => Some(Encoding::Json),
            _ => None,
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Encoding::Protobuf => "application/x-protobuf",
            Encoding::Json => "application/json",
        }
    }

    fn answer(self, status: StatusCode, protobuf: Vec<u8>, json: &serde_json::Value) -> Response {
        let body = match self {
            Encoding::Protobuf => Body::from(protobuf),
            Encoding::Json => Body::from(json.to_string()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, self.media_type().parse().expect("a media type is a header's value"));
        response
    }
}

/// `POST /v1/logs`
pub async fn take(State(world): State<World>, request: Request) -> Response {
    let encoding = Encoding::of(request.headers());
    let told = encoding.unwrap_or(Encoding::Json);
    match taken(&world, encoding, request).await {
        Ok(taken) => success(told, &taken),
        Err(refused) => refused.answer(|status, says| failure(told, status, says)),
    }
}

/// All of it, or all but what cannot be counted: it is told of, and must not be sent again as it is.
fn success(encoding: Encoding, taken: &TakenIn) -> Response {
    let n_refused = taken.n_set_aside + taken.n_refused;
    if n_refused == 0 {
        return encoding.answer(StatusCode::OK, Answer::default().encode_to_vec(), &json!({}));
    }
    let n_rejected = i64::try_from(n_refused).unwrap_or(i64::MAX);
    let says = told::in_one(&taken.reasons, n_refused);
    let json =
        json!({ "partialSuccess": { "rejectedLogRecords": n_rejected.to_string(), "errorMessage": says } });
    let partial = PartialSuccess { rejected_log_records: n_rejected, error_message: says };
    encoding.answer(StatusCode::OK, Answer { partial_success: Some(partial) }.encode_to_vec(), &json)
}

/// A refusal in the encoding of the request.
pub fn refusal(headers: &HeaderMap, status: StatusCode, says: &str) -> Response {
    failure(Encoding::of(headers).unwrap_or(Encoding::Json), status, says)
}

fn failure(encoding: Encoding, status: StatusCode, says: &str) -> Response {
    // As gRPC names what HTTP says.
    let code = match status {
        StatusCode::UNAUTHORIZED => 16,
        StatusCode::FORBIDDEN => 7,
        StatusCode::TOO_MANY_REQUESTS => 8,
        StatusCode::REQUEST_TIMEOUT => 4,
        StatusCode::INTERNAL_SERVER_ERROR => 13,
        _ => 3,
    };
    let protobuf = Status { code, message: says.to_owned() }.encode_to_vec();
    encoding.answer(status, protobuf, &json!({ "code": code, "message": says }))
}

async fn taken(world: &World, encoding: Option<Encoding>, request: Request) -> Result<TakenIn, Refused> {
    let (mut parts, body) = request.into_parts();
    let places = Places::of(&mut parts)?;
    let (token, _places) = door::let_in(world, &places, &parts.headers, BOUNDS).await?;
    let encoding = encoding.ok_or(Refused::Language(LANGUAGE))?;
    let bytes = door::unpacked(&parts.headers, body, BOUNDS).await?;
    let received = world.now();
    let letter = read(encoding, &bytes, received).map_err(Refused::NotRead)?;
    Ok(verbs::take_in(world, &token.name, letter, received).await?)
}

fn read(encoding: Encoding, bytes: &[u8], received: Moment) -> Result<Letter, String> {
    let (origins, language) = match encoding {
        Encoding::Protobuf => (wire::read(bytes), "protobuf"),
        Encoding::Json => (otlp::json::read(bytes), "JSON"),
    };
    let origins = origins.map_err(|why| {
        format!("the body is not an export of logs in {language} ({why}); send what OTLP over HTTP has")
    })?;
    Ok(otlp::letter_of(origins, received))
}
