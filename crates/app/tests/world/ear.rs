//! Somebody who listens to a stream of the server, event by event.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;

use crate::world::TestWorld;

/// Longer than anything here takes: a story that waits for what never comes fails instead of hanging.
pub const LONG: Duration = Duration::from_secs(20);

/// Somebody who listens.
pub struct Ear {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Body,
    heard: String,
}

/// An event, as it was sent.
#[derive(Debug, PartialEq)]
pub struct Told {
    pub event: String,
    pub id: Option<String>,
    pub data: String,
}

impl Ear {
    /// Opens the stream at `path`; `last` is the id that was heard last.
    pub async fn at(world: &TestWorld, path: &str, last: Option<&str>) -> Ear {
        let mut request = Request::get(path).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = world.open(request.body(Body::empty()).unwrap()).await;
        let (parts, body) = response.into_parts();
        Ear { status: parts.status, headers: parts.headers, body, heard: String::new() }
    }

    /// The next event; `None` at the end of the stream.
    pub async fn hears(&mut self) -> Option<Told> {
        while !self.heard.contains("\n\n") {
            let frame = tokio::time::timeout(LONG, self.body.frame()).await.expect("an event, or the end")?;
            let bytes = frame.unwrap().into_data().unwrap();
            self.heard.push_str(std::str::from_utf8(&bytes).unwrap());
        }
        let (event, rest) = self.heard.split_once("\n\n").unwrap();
        let of = |name: &str| event.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let told = Told {
            event: of("event").unwrap_or_default().to_owned(),
            id: of("id").map(str::to_owned),
            data: of("data").unwrap_or_default().to_owned(),
        };
        self.heard = rest.to_owned();
        Some(told)
    }
}
