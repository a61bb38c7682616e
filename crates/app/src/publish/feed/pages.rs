//! `/feed.atom`: every result that is seen, for feed readers (RFC 4287), and what each draw promises before it: a feed is kept
//! by many, outside this server. Held back and taken down results are not in it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;
use traction_domain::publish::showcase::in_short;
use traction_domain::time::Moment;

use crate::contend::draw::pages::keep;
use crate::contend::draw::store as draws;
use crate::offer::change::store::Change;
use crate::offer::{change, wave};
use crate::prove::evidence::record::kind_word;
use crate::publish::showcase::store::{self, Showcase};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::Failure;
use crate::world::{Settings, World};

/// `GET /feed.atom`
pub async fn show(State(world): State<World>) -> Result<Response, Failure> {
    let sql = world.store().read();
    let all = store::all(sql).await?;
    let promises = promises(sql, world.now()).await?;
    let text = feed(&all, &promises, world.settings(), world.now())?.to_string();
    let headers =
        [(CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, text).into_response())
}

/// What a draw promises, at opening or at closing.
struct Promise {
    /// "opening" or "closing".
    word: &'static str,
    at: Moment,
    change: Change,
    n: usize,
    line: String,
}

/// What draws promised until `now`.
async fn promises(sql: &Sql, now: Moment) -> Result<Vec<Promise>, Broken> {
    let changes: BTreeMap<_, _> =
        change::store::all(sql).await?.into_iter().map(|change| (change.id, change)).collect();
    let promised = draws::promised(sql).await?;
    let mut promises = Vec::new();
    for wave in wave::store::all(sql).await? {
        let known = promised.get(&wave.id).zip(changes.get(&wave.change));
        let Some((promised, change)) = known.filter(|_| wave.opens_at <= now) else { continue };
        let mut add = |word, at, list_hash| {
            let line = keep::line(change.slug.as_str(), wave.n, promised.commitment, list_hash);
            promises.push(Promise { word, at, change: change.clone(), n: wave.n, line });
        };
        add("opening", wave.opens_at.max(promised.made_at), None);
        if let Some((list_hash, frozen_at)) = promised.list_hash {
            add("closing", frozen_at, Some(list_hash));
        }
    }
    Ok(promises)
}

fn promise(one: &Promise, settings: &Settings) -> Result<Entry, Broken> {
    let url = format!("{}/changes/{}/waves/{}", settings.public_url, one.change.slug, one.n);
    let file = format!("{url}/{}.json", one.word);
    let what = if one.word == "opening" { "Applications open" } else { "Applications closed" };
    Ok(Entry {
        title: Text::plain(format!("{what}: {}, wave {}", one.change.name, one.n)),
        id: file.clone(),
        updated: date(one.at)?,
        published: Some(date(one.at)?),
        authors: vec![Person { name: settings.organisation.clone(), ..Person::default() }],
        links: vec![link("alternate", url, "text/html"), link("related", file, "application/json")],
        summary: Some(Text::plain(format!("{}. Keep it: it is what the draw is held against.", one.line))),
        ..Entry::default()
    })
}

/// The feed of the showcases that are seen at `now`, and of what draws promise, the latest first.
fn feed(all: &[Showcase], promises: &[Promise], settings: &Settings, now: Moment) -> Result<Feed, Broken> {
    let url = &settings.public_url;
    let shown: Vec<(&Showcase, Moment)> =
        all.iter().filter_map(|one| one.shown_since(now).map(|since| (one, since))).collect();
    // What was taken down leaves the feed, which changes it too.
    let gone = all.iter().filter_map(|one| one.down.as_ref().map(|(at, _)| *at));
    let promised = promises.iter().map(|one| one.at);
    let updated = shown.iter().map(|(_, since)| *since).chain(gone).chain(promised).max();
    let results = shown.iter().map(|(one, since)| entry(one, *since, url));
    let promises = promises.iter().map(|one| promise(one, settings));
    let mut entries = results.chain(promises).collect::<Result<Vec<Entry>, Broken>>()?;
    entries.sort_by_key(|entry| Reverse(entry.updated));
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
            label: Some(in_short(one.kind, one.doubted)),
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
