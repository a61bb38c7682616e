//! The frame of every page: where in the loop one is, the answer on top, the one action that matters, the evidence.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use traction_domain::org::who::Who;

use crate::overview::figures::Stage;
use crate::web::{View, when};

/// A page: its title, the sentence that says the state, the action, the rest.
pub struct Page {
    /// The stage it belongs to; `None` for the ground (people, settings).
    pub stage: Option<Stage>,
    /// Its heading.
    pub title: String,
    /// Links above the heading, from the whole to the part: address and words.
    pub crumbs: Vec<(String, String)>,
    /// One sentence that says the state.
    pub answer: Markup,
    /// The one action that matters now.
    pub action: Option<Markup>,
    /// The evidence.
    pub body: Markup,
    /// Files of its own beside those that every page has: a stylesheet or a module, by name.
    pub brings: Vec<&'static str>,
    /// How it hears that what it shows is another by now, if it does.
    pub hears: Option<Hears>,
}

/// How a page hears of news while somebody looks at it. Its answer, its action and whatever has `data-part` and an id are then
/// taken from the page as it is by now.
pub struct Hears {
    /// The address of the stream, with what this page has seen.
    pub stream: String,
    /// The address of the page.
    pub page: String,
}

impl Page {
    /// A page of `stage` with a heading and its answer; add the rest with the other methods.
    pub fn new(stage: impl Into<Option<Stage>>, title: impl Into<String>, answer: Markup) -> Page {
        Page {
            stage: stage.into(),
            title: title.into(),
            crumbs: vec![],
            answer,
            action: None,
            body: html! {},
            brings: vec![],
            hears: None,
        }
    }

    /// With a link above the heading.
    pub fn crumb(mut self, href: impl Into<String>, words: impl Into<String>) -> Page {
        self.crumbs.push((href.into(), words.into()));
        self
    }

    /// With the one action.
    pub fn action(mut self, action: Markup) -> Page {
        self.action = Some(action);
        self
    }

    /// With the evidence.
    pub fn body(mut self, body: Markup) -> Page {
        self.body = body;
        self
    }

    /// With a stylesheet (`.css`) or a module (`.js`) that no other page needs.
    pub fn brings(mut self, asset: &'static str) -> Page {
        self.brings.push(asset);
        self
    }

    /// As one that hears of news.
    pub fn hears(mut self, hears: Hears) -> Page {
        self.hears = Some(hears);
        self.brings("live.js")
    }

    /// As an answer to `view`.
    pub fn show(self, view: &View) -> Response {
        frame(
            &self.title,
            self.stage,
            Some(view),
            &self.brings,
            html! {
                @if !self.crumbs.is_empty() {
                    nav.crumbs aria-label="Where you are" {
                        @for (place, (href, words)) in self.crumbs.iter().enumerate() {
                            @if place > 0 { " › " }
                            a href=(href) { (words) }
                        }
                    }
                }
                h1 { (self.title) }
                @if let Some(Hears { stream, page }) = &self.hears {
                    p.answer #answer role="status" data-part data-live=(stream) data-of=(page) { (self.answer) }
                    div #action data-part { @if let Some(action) = &self.action { div.act { (action) } } }
                } @else {
                    p.answer #answer { (self.answer) }
                    div #action { @if let Some(action) = &self.action { div.act { (action) } } }
                }
                (self.body)
            },
        )
        .into_response()
    }
}

/// HTML as a response.
pub struct Html(pub Markup);

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let html = (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        let fresh = (HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
        ([html, fresh], self.0.into_string()).into_response()
    }
}

/// A page without navigation, for when we do not know who looks.
pub fn bare(title: &str, body: Markup) -> Html {
    frame(title, None, None, &[], body)
}

/// A sentence with its first letter large and a full stop at its end.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    // A file's name stays as it is: with a capital it would be another file.
    let is_file =
        words.split([' ', ':']).next().is_some_and(|word| word.trim_end_matches('.').contains(['.', '/']));
    let first = if is_file { words.chars().take(1).collect() } else { first };
    let ends = words.ends_with(['.', '!', '?']);
    format!("{first}{}{}", letters.as_str(), if ends { "" } else { "." })
}

fn frame(title: &str, stage: Option<Stage>, view: Option<&View>, brings: &[&str], body: Markup) -> Html {
    Html(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Traction" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/traction.css";
                link rel="alternate" type="application/atom+xml" title="Results" href="/feed.atom";
                script type="module" src="/assets/traction.js" {}
                @for asset in brings {
                    @if asset.ends_with(".css") { link rel="stylesheet" href={ "/assets/" (asset) }; }
                    @else { script type="module" src={ "/assets/" (asset) } {} }
                }
            }
            body data-stage=[stage.map(Stage::word)] {
                a.skip href="#main" { "To the content" }
                @if let Some(view) = view { (top(view, stage)) }
                main #main { (body) }
                @if let Some(view) = view { (foot(view)) }
            }
        }
    })
}

fn top(view: &View, stage: Option<Stage>) -> Markup {
    html! {
        header.top {
            a.brand href="/" { "Traction" }
            nav.loop aria-label="The loop" {
                ol {
                    @for (each, figure) in view.figures.each() {
                        li {
                            a href=(each.href()) aria-current=[(stage == Some(each)).then_some("true")] {
                                span.word { (each.title()) }
                                span.figure { (figure) }
                            }
                        }
                    }
                }
            }
            div.who {
                @match &view.who {
                    Some(who) => {
                        a href="/me" { (who.name) }
                        form method="post" action="/sign-out" { button.quiet { "Sign out" } }
                    }
                    None => { a.button.quiet href="/sign-in" { "Sign in" } }
                }
            }
        }
    }
}

fn foot(view: &View) -> Markup {
    html! {
        p.on-paper { (view.world.settings().organisation) " · " (view.world.settings().public_url) (view.path) " · as of " (when::exact(view.now, view.zone())) }
        footer {
            p { (view.world.settings().organisation) " · " a href="/privacy" { "What is kept about you" } " · "
                a href="/units" { "Units" } " · " a href="/api" { "API" }
                @if view.who.as_ref().is_some_and(Who::is_administrator) {
                    " · " a href="/people" { "People" } " · " a href="/tokens" { "Tokens" } " · " a href="/access" { "Access" } " · "
                    a href="/usage" { "Usage" } " · " a href="/dead-letters" { "Dead letters" } " · " a href="/letters" { "Letters" } " · " a href="/journal" { "Journal" }
                }
            }
        }
    }
}
