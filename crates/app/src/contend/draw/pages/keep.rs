//! What is published of a draw before it, for whoever wants to keep it: a line to copy, two files to download. The draw
//! needs somebody who kept one of them, outside this server: only then is a commitment a promise.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use traction_domain::contend::draw::{Digest, PublicSource};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::contend::draw::prior::{self, Prior};
use crate::contend::draw::store::{Promised, Written};
use crate::contend::wave::standing::{Called, units};
use crate::offer::wave;
use crate::web::{Failure, Path, View, failure, when};

/// Said first where the database no longer holds what the journal says was published: then nothing below can be relied on.
pub fn against_journal(called: &Called, promised: Option<&Promised>, written: &Written) -> Markup {
    let record = called.drawn.as_ref().map(|drawn| &drawn.record);
    let here = record.map(|record| (record.commitment, Some(record.list_hash)));
    let here = here.or(promised.map(|made| (made.commitment, made.list_hash.map(|(hash, _)| hash))));
    let differs = here.and_then(|(commitment, list_hash)| written.agrees(commitment, list_hash).err());
    html! {
        @if let Some(differs) = differs { p.notice.refused role="alert" { (failure::sentence(&differs)) } }
    }
}

/// What somebody has to keep before the draw, so that it holds a promise.
pub fn kept(view: &View, slug: &Slug, called: &Called, promised: Option<&Promised>) -> Markup {
    let wave = &called.wave;
    let href = format!("/changes/{slug}/waves/{}", wave.n);
    html! {
        @if let Some(promised) = promised {
            section {
                h2 { "Keep what was promised" }
                (in_words(slug.as_str(), wave.n, promised))
                (files(&href, wave.opens_at <= view.now, called.frozen.is_some()))
            }
        }
    }
}

/// What is published before the draw.
pub fn before(view: &View, called: &Called, promised: Option<&Promised>) -> Markup {
    html! {
        section {
            h2 { "What is settled before anybody knows who wins" }
            ol {
                @if let Some(made) = promised {
                    li { "A secret was made " (when::relative(view, made.made_at)) ", and is committed to by its SHA-256: " code.hash { (made.commitment) } "." }
                }
                @match &called.frozen {
                    Some(frozen) => {
                        li { (units(frozen.entrants.entries().len())) " on the list, frozen " (when::relative(view, frozen.frozen_at)) "; its hash is " code.hash { (frozen.list_hash) } "." }
                    }
                    None if called.is_over(view.now) => { li { "Nobody was left to be on a list; nothing is drawn." } }
                    None => { li { "The list is frozen when applications close, and its hash is published here. Then it can be drawn." } }
                }
                li { "The draw publishes secret and list, so that anyone can recompute it: each must fit the hash that was published of it." }
            }
        }
    }
}

/// The line to keep: which draw, the commitment, and the hash of the list once it is frozen.
pub fn line(change: &str, n: usize, commitment: Digest, list_hash: Option<Digest>) -> String {
    let listed = list_hash.map(|hash| format!(", list hash {hash}")).unwrap_or_default();
    format!("Draw of {change}, wave {n}: commitment {commitment}{listed}")
}

/// The line in words that say what it is good for.
pub fn in_words(change: &str, n: usize, promised: &Promised) -> Markup {
    let list_hash = promised.list_hash.map(|(hash, _)| hash);
    html! {
        p { "Keep this line somewhere of your own. With it you can tell after the draw that it was run with the secret"
            @if list_hash.is_some() { " and the list" } " published before: " code.hash { (line(change, n, promised.commitment, list_hash)) } }
    }
}

/// The two files, as far as there are any by now.
pub fn files(href: &str, is_open: bool, is_frozen: bool) -> Markup {
    html! {
        @if is_open {
            p { a href={ (href) "/opening.json" } download="opening.json" { "The opening record" }
                @if is_frozen { " and " a href={ (href) "/closing.json" } download="closing.json" { "the closing record" } " hold the same as files: " }
                @else { " holds the same as a file: " }
                code { "traction draw verify draw.json --published opening.json" } " compares, and so does the page that recomputes."
            }
        }
    }
}

/// Who must be trusted, and by whom not, said plainly.
pub fn trust(view: &View, sources: &[PublicSource], published: Option<Moment>) -> Markup {
    let kept = html! { "whoever kept the commitment" @if let Some(at) = published { " of " (when::exact(at, view.zone())) } };
    html! {
        @if sources.is_empty() {
            p.notice.trusts { "You have to trust whoever runs this server: no public source of randomness is named, and whoever knows the secret can try, until closing, which list would suit him. Once the list is frozen he can change nothing without being found out, as long as somebody kept commitment and list hash." }
        } @else if sources.iter().all(|source| source.value.as_deref() == Some("")) {
            p.notice.trusts { "You have to trust whoever runs this server: the public source that was named published nothing, two people decided to draw without it, and with the secret alone whoever knew it could tell what that decision would bring." }
        } @else {
            p.notice { "Nobody needs to be trusted by " (kept) " and compares the value of " (spoken(sources)) " with what was published: the secret was fixed before anybody applied, and that value did not exist when the list was frozen. Who kept and compared nothing relies on somebody else having done so." }
        }
    }
}

/// The sources on which it rests, by name.
fn spoken(sources: &[PublicSource]) -> String {
    let is_left = |source: &&PublicSource| source.value.as_deref() != Some("");
    let names: Vec<&str> = sources.iter().filter(is_left).map(|source| source.name.as_str()).collect();
    names.join(" and ")
}

/// `GET /changes/{change}/waves/{n}/opening.json`: from opening on, for anybody.
pub async fn opening(view: View, path: Path<(String, usize)>) -> Result<Response, Failure> {
    file(&view, path, Prior::Opening, "opening.json").await
}

/// `GET /changes/{change}/waves/{n}/closing.json`: once the list is frozen, for anybody.
pub async fn closing(view: View, path: Path<(String, usize)>) -> Result<Response, Failure> {
    file(&view, path, Prior::Closing, "closing.json").await
}

async fn file(
    view: &View,
    Path((change, n)): Path<(String, usize)>,
    which: Prior,
    name: &str,
) -> Result<Response, Failure> {
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, &change, n).await?;
    let record = prior::record(sql, &change, &wave, which, view.now).await?;
    let named = format!("inline; filename=\"{}-wave-{n}-{name}\"", change.slug);
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, record.to_json()).into_response())
}
