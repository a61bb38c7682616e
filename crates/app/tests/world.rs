//! A world that a story can edit: a database of its own, a clock it turns, people who click.
//!
//! `on_both(story)` tells the same story on SQLite and, where `TRACTION_TEST_POSTGRES` names a server, on PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::tz::TimeZone;
use sea_orm::ConnectionTrait;
use tower::ServiceExt;
use traction::org::session::store::Uses;
use traction::org::token::store::Scope;
use traction::store::{Place, Store};
use traction::world::mail::Mail;
use traction::world::{Settings, Simulation, World};
use traction::{org, routes};
use traction_domain::id::{PersonId, UnitId};
use traction_domain::org::person;
use traction_domain::org::role::{Role, RoleWord};
use traction_domain::org::unit as unit_rules;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::contract::Asked;

pub mod ear;
pub mod warehouse;

/// Databases made on the server so far, so that each has a name of its own.
static N_DATABASES: AtomicU32 = AtomicU32::new(0);

/// A world of a test.
pub struct TestWorld {
    /// The world.
    pub world: World,
    router: Router,
    place: Place,
    _folder: tempfile::TempDir,
}

/// Somebody at a browser.
pub struct Browser<'a> {
    world: &'a TestWorld,
    cookie: Option<String>,
}

/// A program with a token.
pub struct Client<'a> {
    world: &'a TestWorld,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
}

/// The moment every story begins.
pub fn monday() -> Moment {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// Tells the story on SQLite, then on PostgreSQL.
pub fn on_both<F: Future<Output = ()>>(story: impl Fn(TestWorld) -> F) {
    on_sqlite(&story);
    match std::env::var("TRACTION_TEST_POSTGRES") {
        Ok(server) => on_postgres(&server, &story),
        Err(_) => eprintln!("SKIPPED on PostgreSQL: TRACTION_TEST_POSTGRES is not set (./check sets it)"),
    }
}

/// Tells the story on SQLite alone.
pub fn on_sqlite<F: Future<Output = ()>>(story: impl Fn(TestWorld) -> F) {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Throwaway(folder.path().to_owned());
        let store = Store::open(&place).await.unwrap();
        story(TestWorld::around(store, place, folder, monday())).await;
    });
}

fn on_postgres<F: Future<Output = ()>>(server: &str, story: &impl Fn(TestWorld) -> F) {
    let name = format!("story_{}_{}", std::process::id(), N_DATABASES.fetch_add(1, Ordering::Relaxed));
    let (base, _) = server.rsplit_once('/').unwrap();
    run(async {
        let control = sea_orm::Database::connect(server).await.unwrap();
        control.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let place = Place::Url(format!("{base}/{name}"));
        let store = Store::open(&place).await.unwrap();
        story(TestWorld::around(store, place, tempfile::tempdir().unwrap(), monday())).await;
        control.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    });
}

/// Tells the story on `N` servers that share one PostgreSQL database, each with its own clock and dice.
pub fn on_nodes<const N: usize, F: Future<Output = ()>>(story: impl Fn([TestWorld; N]) -> F) {
    let Ok(server) = std::env::var("TRACTION_TEST_POSTGRES") else {
        return eprintln!("SKIPPED: TRACTION_TEST_POSTGRES is not set (./check sets it)");
    };
    let (base, _) = server.rsplit_once('/').unwrap();
    let name = format!("nodes_{}_{}", std::process::id(), N_DATABASES.fetch_add(1, Ordering::Relaxed));
    run(async {
        let control = sea_orm::Database::connect(&server).await.unwrap();
        control.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let node = async |seed| {
            let place = Place::Url(format!("{base}/{name}"));
            let store = Store::open(&place).await.unwrap();
            TestWorld::seeded(store, place, tempfile::tempdir().unwrap(), monday(), seed)
        };
        let mut nodes = Vec::new();
        for seed in 0..N {
            nodes.push(node(7 + u64::try_from(seed).unwrap()).await);
        }
        let Ok(nodes) = nodes.try_into() else { unreachable!("there are N of them") };
        story(nodes).await;
        control.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    });
}

fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(story);
}

impl TestWorld {
    /// A world that another process can open later, as it was left.
    pub async fn kept_in(folder: &std::path::Path) -> TestWorld {
        let place = Place::Folder(folder.to_owned());
        let store = Store::open(&place).await.unwrap();
        TestWorld::around(store, place, tempfile::tempdir().unwrap(), monday())
    }

    /// Where its database is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Another server on the same database, at the same moment; from then on each has its own clock.
    pub async fn another(&self) -> TestWorld {
        let store = Store::open(&self.place).await.unwrap();
        TestWorld::around(store, self.place.clone(), tempfile::tempdir().unwrap(), self.world.now())
    }

    fn around(store: Store, place: Place, folder: tempfile::TempDir, now: Moment) -> TestWorld {
        TestWorld::seeded(store, place, folder, now, 7)
    }

    fn seeded(store: Store, place: Place, folder: tempfile::TempDir, now: Moment, seed: u64) -> TestWorld {
        let settings = Settings {
            organisation: "St. Test".into(),
            public_url: "http://traction.test".into(),
            zone: TimeZone::UTC,
            simulation: Simulation::Real,
            connections: warehouse::connections(),
            mail: Mail::kept(),
        };
        let world = World::simulated(store, now, seed, settings);
        let router = routes::all(world.clone());
        TestWorld { world, router, place, _folder: folder }
    }

    /// Lets `days` go by (fractions are parts of a day), and closes the loops.
    pub async fn days_go_by(&self, days: f64) {
        let span = jiff::SignedDuration::try_from_secs_f64(days * 86_400.0).unwrap();
        self.world.turn_clock(self.world.now().after(span));
        traction::jobs::freeze_closed(&self.world).await.unwrap();
        traction::measure::uptake::verbs::close_weeks(&self.world).await.unwrap();
        self.settles().await;
    }

    /// Does what a server does by itself within a second: closes the loops, and looks who has access.
    pub async fn settles(&self) {
        traction::loops::settle(&self.world).await.unwrap();
        traction::grant::access::board::refresh(&self.world).await.unwrap();
    }

    /// Adds a unit; `parent` by its short name.
    pub async fn unit(&self, slug: &str, parent: Option<&str>) -> UnitId {
        let sql = self.world.store().read();
        let parent = match parent {
            Some(parent) => Some(org::unit::verbs::find(sql, parent).await.unwrap().id),
            None => None,
        };
        let proposed = unit_rules::propose(slug.parse().unwrap(), slug, parent, None).unwrap();
        org::unit::verbs::add(&self.world, &Who::operator(), proposed).await.unwrap()
    }

    /// Adds a person with a role (in `unit`, for member and lead). His external id is his name.
    pub async fn person(&self, name: &str, word: RoleWord, unit: Option<UnitId>) -> PersonId {
        let proposed = person::propose(name, &format!("{name}@test.org"), name).unwrap();
        let id = org::person::verbs::add(&self.world, &Who::operator(), proposed).await.unwrap();
        let role: Role = word.role(unit).unwrap();
        org::person::verbs::give_role(&self.world, &Who::operator(), id, role).await.unwrap();
        id
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Browser<'_> {
        Browser { world: self, cookie: None }
    }

    /// A browser in which `person` is signed in, by a link.
    pub async fn browser_of(&self, person: PersonId) -> Browser<'_> {
        let link = self.link_of(person).await;
        let mut browser = self.visitor();
        browser.follow(&link).await;
        assert!(browser.cookie.is_some(), "the link signs in");
        browser
    }

    /// Where a link leads that signs `person` in.
    pub async fn link_of(&self, person: PersonId) -> String {
        let link = org::session::verbs::make_link(&self.world, &Who::operator(), person, Uses::Once).await;
        format!("/enter/{}", link.unwrap())
    }

    /// Serves the world on a free port, for browsers and other programs; its address, without a slash at the end.
    pub async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(traction::serve::connections::serve(listener, self.world.clone()));
        format!("http://{address}")
    }

    /// A program with a token of these scopes.
    pub async fn client(&self, scopes: &[Scope]) -> Client<'_> {
        let n_before = org::token::store::live(self.world.store().read()).await.unwrap().len();
        let name = if n_before == 0 { "test".to_owned() } else { format!("test {n_before}") };
        let made = org::token::verbs::add(&self.world, &Who::operator(), &name, scopes.to_vec()).await;
        self.settles().await;
        Client { world: self, token: made.unwrap() }
    }

    /// Sends any request; what comes back, with a body that may go on.
    pub async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends any request. Programs get what the contract says, or the story fails.
    pub async fn send(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        let sent = body.collect().await.unwrap().to_bytes();
        let request = Request::from_parts(parts, Body::from(sent.clone()));
        let asked = Asked::of(&request, &sent);
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let response = Response { status: parts.status, headers: parts.headers, body };
        asked.was_answered(&response);
        response
    }
}

impl Browser<'_> {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Response {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, entries: &[(&str, &str)]) -> Response {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(entries).finish();
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Sends a form that must be taken; the address it leads to.
    pub async fn submit(&self, path: &str, entries: &[(&str, &str)]) -> String {
        let response = self.post(path, entries).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{path}: {}", response.text());
        response.headers[LOCATION].to_str().unwrap().to_owned()
    }

    /// Sends an empty form as a page of another site would.
    pub async fn post_from_elsewhere(&self, path: &str) -> Response {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("origin", "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site");
        self.send(request, Body::empty()).await
    }

    /// Presses the button of a link's page, and keeps the cookie.
    pub async fn follow(&mut self, path: &str) -> Response {
        let response = self.post(path, &[]).await;
        self.keep_cookie(&response);
        response
    }

    /// Keeps the session cookie that a response sets.
    pub fn keep_cookie(&mut self, response: &Response) {
        if let Some(cookie) = response.headers.get(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.cookie =
                (!cookie.contains("Max-Age=0")).then(|| cookie.split(';').next().unwrap().to_owned());
        }
    }

    async fn send(&self, mut request: axum::http::request::Builder, body: Body) -> Response {
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        self.world.send(request.body(body).unwrap()).await
    }
}

impl Client<'_> {
    /// The token itself, for doors that take it elsewhere than in `Authorization: Bearer`.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Response {
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {}", self.token));
        self.world.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends JSON.
    pub async fn post(&self, path: &str, json: &serde_json::Value) -> Response {
        let request = Request::post(path)
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json");
        self.world.send(request.body(Body::from(json.to_string())).unwrap()).await
    }
}

impl Response {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// What a reader sees of the page's main part: its text without tags, blanks folded.
    pub fn text(&self) -> String {
        let main = self.body.split_once("<main").map_or(self.body.as_str(), |(_, rest)| rest);
        let main = main.split_once("</main>").map_or(main, |(inside, _)| inside);
        let mut text = String::new();
        let mut is_tag = false;
        for letter in main.chars() {
            match letter {
                '<' => is_tag = true,
                '>' if is_tag => {
                    is_tag = false;
                    text.push(' ');
                }
                letter if !is_tag => text.push(letter),
                _ => {}
            }
        }
        let text =
            text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        folded.trim_start_matches("id=\"main\">").trim().to_owned()
    }

    /// Fails unless the reader sees `words`.
    #[track_caller]
    pub fn shows(&self, words: &str) -> &Response {
        assert!(self.text().contains(words), "expected `{words}` in: {}", self.text());
        self
    }

    /// Fails if the reader sees `words`.
    #[track_caller]
    pub fn hides(&self, words: &str) -> &Response {
        assert!(!self.text().contains(words), "did not expect `{words}` in: {}", self.text());
        self
    }

    /// Fails unless the status is `status`.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Response {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}
