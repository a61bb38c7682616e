//! `/feed.atom`: every result that is seen, for feed readers (RFC 4287). Held back and taken down ones are not in it.

use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;
use traction_domain::publish::showcase::in_short;
use traction_domain::time::Moment;

use crate::prove::evidence::record::kind_word;
use crate::publish::showcase::store::{self, Showcase};
use crate::trouble::Broken;
use crate::web::Failure;
use crate::world::{Settings, World};

/// `GET /feed.atom`
pub async fn show(State(world): State<World>) -> Result<Response, Failure> {
    let all = store::all(world.store().read()).await?;
    let text = feed(&all, world.settings(), world.now())?.to_string();
    let headers =
        [(CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, text).into_response())
}

/// The feed of the showcases that are seen at `now`, the latest first.
fn feed(all: &[Showcase], settings: &Settings, now: Moment) -> Result<Feed, Broken> {
    let url = &settings.public_url;
    let shown: Vec<(&Showcase, Moment)> =
        all.iter().filter_map(|one| one.shown_since(now).map(|since| (one, since))).collect();
    // What was taken down leaves the feed, which changes it too.
    let gone = all.iter().filter_map(|one| one.down.as_ref().map(|(at, _)| *at));
    let updated = shown.iter().map(|(_, since)| *since).chain(gone).max();
    let entries =
        shown.iter().map(|(one, since)| entry(one, *since, url)).collect::<Result<Vec<Entry>, Broken>>()?;
    Ok(Feed {
        title: Text::plain(format!("What came of it: {}", settings.organisation)),
        id: format!("{url}/feed.atom"),
        updated: updated.map_or_else(|| Ok(FixedDateTime::default()), date)?,
        authors: vec![Person { name: settings.organisation.clone(), ..Person::default() }],
        generator: Some(Generator {
            value: "Traction".into(),
            version: Some(env!("CARGO_PKG_VERSION").into()),
            ..Generator::default()
        }),
        links: vec![
            link("self", format!("{url}/feed.atom"), "application/atom+xml"),
            link("alternate", format!("{url}/showcases"), "text/html"),
        ],
        entries,
        ..Feed::default()
    })
}

fn entry(one: &Showcase, since: Moment, url: &str) -> Result<Entry, Broken> {
    let told_by = one.unit.as_ref().map_or(&one.change_name, |(_, _, name)| name);
    let body = html! {
        p { strong { (one.says) } }
        @for paragraph in one.story.split("\n\n") { p { (paragraph) } }
        @for quote in &one.quotes { blockquote { p { (quote) } } }
        p { a href={ (url) "/changes/" (one.change_slug) } { "Contend for the next slot" } }
    };
    Ok(Entry {
        title: Text::plain(one.title.clone()),
        id: format!("urn:uuid:{}", one.id),
        updated: date(since)?,
        published: Some(date(since)?),
        authors: vec![Person { name: told_by.clone(), ..Person::default() }],
        categories: vec![Category {
            term: kind_word(one.kind).into(),
            scheme: None,
            label: Some(in_short(one.kind).into()),
        }],
        links: vec![link("alternate", format!("{url}/showcases/{}", one.id), "text/html")],
        summary: Some(Text::plain(one.says.clone())),
        content: Some(Content {
            value: Some(body.into_string()),
            content_type: Some("html".into()),
            ..Content::default()
        }),
        ..Entry::default()
    })
}

fn link(rel: &str, href: String, kind: &str) -> Link {
    Link { rel: rel.into(), href, mime_type: Some(kind.into()), ..Link::default() }
}

fn date(at: Moment) -> Result<FixedDateTime, Broken> {
    at.to_string().parse().map_err(|error| Broken::accident("writing a date for the feed", error))
}
