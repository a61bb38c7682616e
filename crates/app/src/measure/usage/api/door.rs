//! What all doors for usage share: a place among those that are worked on, the key, the body unpacked within bounds, and
//! why a request is not taken.
//!
//! Nothing waits in line here: whoever finds no place is asked to come again, and clients do.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::MultiGzDecoder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use traction_domain::id::TokenId;

use crate::org::token::store::{Scope, Token};
use crate::trouble::Broken;
use crate::web::{failure, token};
use crate::world::World;

/// How many small requests are worked on at once; a large one takes the place of several.
const N_AT_ONCE: u32 = 64;

/// Seconds after which to come again; whole ones, since dates break clients.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// How long a body may take to arrive: whoever dawdles holds a place.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many of them one token may hold, so that one busy system leaves room for others.
const N_OF_TOKEN: u32 = 48;

/// How many requests of senders who say only in the body who they are may arrive at once.
const N_STRANGERS: u32 = 8;

/// The places of the requests that are worked on, shared by all doors of a server.
#[derive(Clone)]
pub struct Places(Arc<Rooms>);

struct Rooms {
    all: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    of_token: Mutex<HashMap<TokenId, Arc<Semaphore>>>,
}

impl Default for Places {
    fn default() -> Places {
        let room = |n: u32| Arc::new(Semaphore::new(n as usize));
        Places(Arc::new(Rooms {
            all: room(N_AT_ONCE),
            strangers: room(N_STRANGERS),
            of_token: Mutex::new(HashMap::new()),
        }))
    }
}

/// A place; as long as it is held, its request is worked on.
pub struct Place {
    _held: OwnedSemaphorePermit,
}

impl Places {
    /// The places of the request's door.
    pub fn of(parts: &mut Parts) -> Result<Places, Refused> {
        // Without the layer each request would have places of its own, and no bound.
        let places = parts.extensions.remove::<Places>();
        Ok(places.ok_or_else(|| Broken::accident("finding a place", "this door is not among the others"))?)
    }

    /// A place among all.
    pub fn any(&self, bounds: Bounds) -> Result<Place, Refused> {
        taken(&self.0.all, bounds.n_places)
    }

    /// A place for the body of somebody who has not said yet who he is. The others stay free of him.
    pub fn stranger(&self) -> Result<Place, Refused> {
        taken(&self.0.strangers, 1)
    }

    /// A place among those that a token may hold.
    pub fn of_token(&self, token: &Token, bounds: Bounds) -> Result<Place, Refused> {
        let mut rooms = self.0.of_token.lock().unwrap_or_else(PoisonError::into_inner);
        let own = rooms.entry(token.id).or_insert_with(|| Arc::new(Semaphore::new(N_OF_TOKEN as usize)));
        taken(own, bounds.n_places)
    }
}

fn taken(room: &Arc<Semaphore>, n_places: u32) -> Result<Place, Refused> {
    let held = room.clone().try_acquire_many_owned(n_places);
    held.map(|held| Place { _held: held }).map_err(|_| Refused::Busy)
}

/// How large a request may be, and what it costs.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The largest body, as sent and as unpacked.
    pub n_bytes: usize,
    /// How many places it takes.
    pub n_places: u32,
}

/// Why a request was not taken.
pub enum Refused {
    NoKey,
    WrongScope,
    Busy,
    TooSlow,
    TooLarge(usize),
    PackedOtherwise,
    NotUnpacked,
    /// It is in no language that the door reads.
    Language(&'static str),
    /// It cannot be read.
    NotRead(String),
    Broken(Broken),
}

impl From<Broken> for Refused {
    fn from(broken: Broken) -> Refused {
        Refused::Broken(broken)
    }
}

impl Refused {
    /// The status, and the sentence; what broke is logged here.
    pub fn told(&self) -> (StatusCode, String) {
        let (status, says) = match self {
            Refused::NoKey => (
                StatusCode::UNAUTHORIZED,
                "send the write key as user name of Basic authorization, or as Bearer; `traction token add NAME --scope usage` makes one",
            ),
            Refused::WrongScope => {
                (StatusCode::FORBIDDEN, "this token is for something else; make one with the scope `usage`")
            }
            Refused::Busy => (StatusCode::TOO_MANY_REQUESTS, "too many batches at once; send it again"),
            Refused::TooSlow => {
                (StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time; send it again")
            }
            Refused::PackedOtherwise => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body is packed in a way that is not read here; send it plain, or packed by gzip",
            ),
            Refused::NotUnpacked => {
                (StatusCode::BAD_REQUEST, "the body cannot be unpacked; send it plain, or packed by gzip")
            }
            Refused::Language(says) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, *says),
            Refused::TooLarge(most) => {
                let says = format!("the batch is larger than {most} bytes; send smaller ones");
                return (StatusCode::PAYLOAD_TOO_LARGE, says);
            }
            Refused::NotRead(says) => return (StatusCode::BAD_REQUEST, says.clone()),
            Refused::Broken(broken) => return (StatusCode::INTERNAL_SERVER_ERROR, failure::logged(broken)),
        };
        (status, says.to_owned())
    }

    /// The door's own answer with the headers that belong to every refusal of its kind.
    pub fn answer(&self, own: impl FnOnce(StatusCode, &str) -> Response) -> Response {
        let (status, says) = self.told();
        let mut response = own(status, &says);
        let headers = response.headers_mut();
        match status {
            StatusCode::TOO_MANY_REQUESTS => drop(headers.insert(RETRY_AFTER, RETRY_SECONDS)),
            StatusCode::UNAUTHORIZED => {
                drop(headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic")));
            }
            _ => {}
        }
        response
    }
}

/// Lets in whoever carries a key in the headers, with a place; a body is waited for only then.
pub async fn let_in(
    world: &World,
    places: &Places,
    headers: &HeaderMap,
    bounds: Bounds,
) -> Result<(Token, [Place; 2]), Refused> {
    let place = places.any(bounds)?;
    let token = admitted(world, carried(headers)).await?;
    let own = places.of_token(&token, bounds)?;
    Ok((token, [place, own]))
}

/// The live token of a write key, when it is for usage.
pub async fn admitted(world: &World, key: Option<String>) -> Result<Token, Refused> {
    let key = key.ok_or(Refused::NoKey)?;
    let found = token::of_secret(world, &key).await?;
    let token = found.ok_or(Refused::NoKey)?;
    if token.scopes.contains(&Scope::Usage) { Ok(token) } else { Err(Refused::WrongScope) }
}

/// The write key: the user name of Basic authorization, or what other doors take.
pub fn carried(headers: &HeaderMap) -> Option<String> {
    let basic = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, packed) = value.split_once(' ')?;
        let plain =
            BASE64_STANDARD.decode(packed.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let plain = String::from_utf8(plain).ok()?;
        Some(plain.split_once(':').map_or(plain.clone(), |(name, _)| name.to_owned()))
    });
    basic.or_else(|| token::carried(headers))
}

/// The media type of the body, in small letters and without its parameters.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// The body, unpacked where it came packed; never more than it may be, however far it would unpack.
pub async fn unpacked(headers: &HeaderMap, body: Body, bounds: Bounds) -> Result<Vec<u8>, Refused> {
    let packing = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").trim());
    let is_packed = match packing {
        None | Some("") => false,
        Some(packing) if packing.eq_ignore_ascii_case("identity") => false,
        Some(packing) if packing.eq_ignore_ascii_case("gzip") => true,
        Some(_) => return Err(Refused::PackedOtherwise),
    };
    let arriving = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, bounds.n_bytes)).await;
    let raw = arriving.map_err(|_| Refused::TooSlow)?.map_err(|_| Refused::TooLarge(bounds.n_bytes))?;
    if !is_packed {
        return Ok(raw.to_vec());
    }
    let most = u64::try_from(bounds.n_bytes).unwrap_or(u64::MAX);
    let mut plain = Vec::new();
    MultiGzDecoder::new(&*raw).take(most + 1).read_to_end(&mut plain).map_err(|_| Refused::NotUnpacked)?;
    if plain.len() > bounds.n_bytes { Err(Refused::TooLarge(bounds.n_bytes)) } else { Ok(plain) }
}
