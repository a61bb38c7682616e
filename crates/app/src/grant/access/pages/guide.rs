//! How the real system asks: a page to copy from, with this installation's own address and a flag of its own.
//!
//! The examples stand in files of their own, which the long tests run as they are.

use axum::extract::RawQuery;
use maud::{Markup, html};

use crate::overview::figures::Stage;
use crate::web::{Answer, Filled, Form, Page, View};

/// The address that stands in the examples' files.
pub const ADDRESS: &str = "https://traction.example.org";
/// The flag that stands there.
pub const FLAG: &str = "bedside-tests";

/// An example in one language.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The language, and what for.
    pub title: &'static str,
    /// The example.
    pub text: &'static str,
    /// Whether `./check --long` runs it.
    pub tried: Tried,
}

/// Whether an example was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// In the long tests, as it stands.
    Yes,
    /// Written from its package's own documents.
    No,
}

/// All of them.
pub const EXAMPLES: [Example; 9] = [
    Example { title: "Node", text: include_str!("examples/node.mjs"), tried: Tried::Yes },
    Example { title: "A web page or app", text: include_str!("examples/web.mjs"), tried: Tried::Yes },
    Example { title: "Python", text: include_str!("examples/python.py"), tried: Tried::Yes },
    Example { title: "Rust", text: include_str!("examples/rust.rs"), tried: Tried::Yes },
    Example { title: "Java", text: include_str!("examples/java.java"), tried: Tried::No },
    Example {
        title: "Java, without a package",
        text: include_str!("examples/plain.java"),
        tried: Tried::Yes,
    },
    Example { title: ".NET", text: include_str!("examples/dotnet.cs"), tried: Tried::No },
    Example { title: "Go", text: include_str!("examples/go.go"), tried: Tried::No },
    Example { title: "From a shell", text: include_str!("examples/curl.sh"), tried: Tried::Yes },
];

impl Example {
    /// The example for an installation and one of its flags.
    pub fn filled_in(&self, address: &str, flag: &str) -> String {
        self.text.replace(ADDRESS, address).replace(FLAG, flag)
    }
}

/// `GET /access/guide?flag=…`
pub async fn show(view: View, RawQuery(query): RawQuery) -> Answer {
    let filled = Filled::read(query.unwrap_or_default().as_bytes());
    let face = view.world.access().face();
    let keys: Vec<&str> = face.snapshot.flags().iter().map(|flag| &*flag.key).collect();
    let asked = filled.text("flag");
    let flag = keys.iter().find(|key| **key == asked).or(keys.first()).copied().unwrap_or(FLAG);
    let options: Vec<(String, String)> =
        keys.iter().map(|key| ((*key).to_owned(), (*key).to_owned())).collect();
    let chosen = Filled::with([("flag", flag.to_owned())]);
    let is_administrator = view.who.as_ref().is_some_and(|who| who.is_administrator());
    Ok(Page::new(Stage::Grant, "Switch it on in your own system", html! {
        "Ask Traction in the moment whether somebody has the solution. Any OpenFeature client can."
    })
    .crumb("/slots", "Slots")
    .action(html! {
        @if options.len() > 1 {
            form.row method="get" action="/access/guide" {
                (Form::new(&chosen, None).choice("flag", "Which flag?", "", &options))
                button.button.quiet { "Fill it in" }
            }
        }
    })
    .body(html! {
        section {
            h2 { "Three steps" }
            ol {
                li { "Get a token with the scope " code { "access" } ": "
                    @if is_administrator { a href="/tokens" { "make one for this system" } "." } @else { "an administrator makes one for your system." }
                    " Keep it where your system keeps its secrets; the examples read it from " code { "TRACTION_TOKEN" } "." }
                li { "Copy one of the examples. The address is this installation’s; the flag is " code { (flag) } @if keys.is_empty() { ", until a change is opened" } "." }
                li { "Put the external id of whoever uses your system in the place of " code { "jo" } ", and the solution behind the answer." }
            }
        }
        @for example in &EXAMPLES { (shown(&view, example, flag)) }
        (rules())
    })
    .show(&view))
}

fn shown(view: &View, example: &Example, flag: &str) -> Markup {
    html! {
        details open[example.title == EXAMPLES[0].title] {
            summary { (example.title) }
            pre tabindex="0" aria-label={ "Example: " (example.title) } { code { (example.filled_in(&view.world.settings().public_url, flag)) } }
            @if example.tried == Tried::No {
                p.meta { "Written from the package’s own documents and not run by this project’s tests; the protocol is the same for all." }
            }
        }
    }
}

fn rules() -> Markup {
    html! {
        section {
            h2 { "When Traction cannot be reached" }
            p { "Every client then gives the default that stands in your own code. Let it be " code { "false" } ": nobody gets what there is no slot for, and your system waits for nothing. Give the client a time limit of a second." }
        }
        section {
            h2 { "How fast a change is seen" }
            p { "Servers ask for each decision, and so see a slot that starts, pauses or is given back at once. A page or an app holds all flags of one person: it is told by a stream when to ask again, within a second, also when a slot begins or ends by the clock. Where no stream can stand, it asks every " code { "pollInterval" } "; an answer that did not change costs next to nothing." }
        }
        section {
            h2 { "Who is asked about" }
            p { code { "targetingKey" } " is a person’s external id, or a unit’s short name. Where somebody belongs to several units and the system knows in which he works, it sends the attribute " code { "unit" } " with that unit’s short name." }
        }
        section {
            h2 { "What the answer says" }
            p { "on or off, and why: " code { "TARGETING_MATCH" } " (a slot is held), " code { "DEFAULT" } " (none is), " code { "DISABLED" } " (the change is paused for everybody). Its metadata tell the " code { "change" } ", the " code { "slot" } " and the " code { "wave" } ", " code { "until" } " when, and the " code { "version" } " of all switches." }
        }
    }
}
