//! The methods' pages, as they stand in `docs/methods`: whoever runs the program has them at hand, in the version that
//! computed the numbers.
//!
//! It renders; what is written stands in the documents.

use base64::Engine as _;
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Page, Path, View};

/// Every document by its name.
const METHODS: [(&str, &str); 24] = [
    ("before-the-start", include_str!("../../../../docs/methods/before-the-start.md")),
    ("diagnosis", include_str!("../../../../docs/methods/diagnosis.md")),
    ("draw", include_str!("../../../../docs/methods/draw.md")),
    ("efficient", include_str!("../../../../docs/methods/efficient.md")),
    ("experts", include_str!("../../../../docs/methods/experts.md")),
    ("few-units", include_str!("../../../../docs/methods/few-units.md")),
    ("friction-cost", include_str!("../../../../docs/methods/friction-cost.md")),
    ("further-looks", include_str!("../../../../docs/methods/further-looks.md")),
    ("gap-to-goal", include_str!("../../../../docs/methods/gap-to-goal.md")),
    ("group-time", include_str!("../../../../docs/methods/group-time.md")),
    ("half-way-watch", include_str!("../../../../docs/methods/half-way-watch.md")),
    ("imputation", include_str!("../../../../docs/methods/imputation.md")),
    ("interaction-weighted", include_str!("../../../../docs/methods/interaction-weighted.md")),
    ("interrupted", include_str!("../../../../docs/methods/interrupted.md")),
    ("momentum-and-rocking", include_str!("../../../../docs/methods/momentum-and-rocking.md")),
    ("permutation", include_str!("../../../../docs/methods/permutation.md")),
    ("planning", include_str!("../../../../docs/methods/planning.md")),
    ("readiness", include_str!("../../../../docs/methods/readiness.md")),
    ("risk-set", include_str!("../../../../docs/methods/risk-set.md")),
    ("sensitivity", include_str!("../../../../docs/methods/sensitivity.md")),
    ("speed", include_str!("../../../../docs/methods/speed.md")),
    ("synthetic", include_str!("../../../../docs/methods/synthetic.md")),
    ("two-way-and-bacon", include_str!("../../../../docs/methods/two-way-and-bacon.md")),
    ("uptake", include_str!("../../../../docs/methods/uptake.md")),
];

/// Every picture of a document by its name.
const PICTURES: [(&str, &str); 1] =
    [("reliability.svg", include_str!("../../../../docs/methods/reliability.svg"))];

/// A picture as an address that holds all of it.
fn data_address(svg: &str) -> String {
    format!("data:image/svg+xml;base64,{}", base64::engine::general_purpose::STANDARD.encode(svg))
}

/// `GET /methods`
pub async fn list(view: View) -> Answer {
    Ok(Page::new(Stage::Prove, "How it is computed", html! {
        "A page a method: what it asks, what must be believed, the formula, where it is from, what can mislead, and who should not use it."
    })
    .body(html! {
        ul { @for (name, text) in METHODS { li { a href={ "/methods/" (name) } { (title(text)) } } } }
    })
    .show(&view))
}

/// `GET /methods/{name}`
pub async fn show(view: View, Path(name): Path<String>) -> Answer {
    let found = METHODS.iter().find(|(method, _)| *method == name);
    let (_, text) = found.ok_or(Trouble::NotFound { what: "method" })?;
    Ok(Page::new(Stage::Prove, title(text), html! {})
        .crumb("/methods", "How it is computed")
        .body(html! { div.prose { (rendered(text)) } })
        .show(&view))
}

/// The document's heading.
fn title(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_start_matches("# ")
}

/// The document below its heading; links between documents lead to their pages.
fn rendered(text: &str) -> Markup {
    let mut within_title = false;
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
            within_title = true;
            None
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
            within_title = false;
            None
        }
        _ if within_title => None,
        // A document's angle brackets are text: nothing of it is markup by itself.
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = match dest_url.strip_suffix(".md") {
                Some(name) if !name.contains('/') => CowStr::from(format!("/methods/{name}")),
                _ => dest_url,
            };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        // A picture beside the document is written into the page.
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let picture = PICTURES.iter().find(|(name, _)| *name == &*dest_url);
            let inside = picture.map(|(_, svg)| CowStr::from(data_address(svg)));
            Some(Event::Start(Tag::Image { link_type, dest_url: inside.unwrap_or(dest_url), title, id }))
        }
        other => Some(other),
    });
    let mut page = String::new();
    pulldown_cmark::html::push_html(&mut page, events);
    // The corner above names of rows heads nothing.
    // Wide tables and formulas scroll by keyboard, too.
    let page = page
        .replace("<table>", "<table class=\"list\" tabindex=\"0\">")
        .replace("<th></th>", "<td></td>")
        .replace("<pre>", "<pre tabindex=\"0\">");
    PreEscaped(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_has_its_page() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/methods");
        let files =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut there: Vec<String> =
            files.filter_map(|file| file.strip_suffix(".md").map(str::to_owned)).collect();
        there.sort();
        assert_eq!(there, METHODS.map(|(name, _)| name));
    }

    #[test]
    fn tables_links_and_brackets_become_what_they_mean() {
        let page = rendered(
            "# Title\n\nSee [few](few-units.md), a < b <i>c</i>.\n\n| n | p |\n|---|---|\n| 1 | 2 |\n",
        )
        .into_string();
        assert!(
            page.starts_with("<p>See <a href=\"/methods/few-units\">few</a>, a &lt; b &lt;i&gt;c"),
            "{page}"
        );
        assert!(page.contains("<table class=\"list\" tabindex=\"0\"><thead><tr><th>n</th>"), "{page}");
        assert!(!page.contains("Title"));
        let pictured = rendered("# T\n\n![said](reliability.svg)\n").into_string();
        assert!(pictured.contains("<img src=\"data:image/svg+xml;base64,"), "{pictured}");
    }
}
