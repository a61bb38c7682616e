//! A page on which the reader's own browser recomputes a draw: this wave's, or any record dropped on it.
//!
//! The server adds nothing to the answer but the page and the record; the module does the rest, and sends nothing back.

use maud::html;

use crate::contend::draw::store;
use crate::contend::wave::pages::href;
use crate::offer::wave;
use crate::overview::figures::Stage;
use crate::web::{Answer, Page, Path, View};

/// `GET /changes/{change}/waves/{n}/verify`
pub async fn show(view: View, Path((change, n)): Path<(String, usize)>) -> Answer {
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, &change, n).await?;
    let href = href(&change, n);
    let record = store::drawn(sql, wave.id).await?.map(|_| format!("{href}/draw.json"));
    let title = format!("Verify the draw of {}, wave {n}", change.name);
    Ok(Page::new(Stage::Contend, title, html! {
        "Your browser recomputes the whole draw here, from list to last probability; nothing you check is sent anywhere."
    })
    .crumb("/waves", "Waves")
    .crumb(href.clone(), format!("{}, wave {n}", change.name))
    .crumb(format!("{href}/draw"), "The draw")
    .brings("draw.css")
    .brings("verify.js")
    .body(html! {
        section #recompute data-record=[record.as_deref()] {
            h2 { "What was recomputed" }
            noscript { p.notice { "Recomputing it here needs JavaScript. The command below does the same without a browser." } }
            p #verdict role="status" {}
            progress #bar max="1" value="0" hidden aria-label="Draws repeated for the probabilities" {}
            ol.checked #lines {}
            div.drop hidden {
                div.field {
                    label for="file" { "Compare with what you kept, or check another draw.json" }
                    input #file type="file" accept=".json,application/json" aria-describedby="file-about";
                    p.help #file-about { "Choose a file, or drop it here: the opening or closing record that you kept, an older copy, or the record of any other draw. What differs from the record published here is named." }
                }
            }
        }
        section {
            h2 { "Without this page" }
            p { "This page comes from the server that ran the draw. Whoever does not trust it takes a program from elsewhere:" }
            ul {
                @if let Some(record) = &record { li { a href=(record) download="draw.json" { "Download draw.json" } } }
                li { code { "traction draw verify draw.json --published opening.json" } " compares with what you kept of the opening; a closing record does as well." }
                li { code { "traction draw verify draw.json" } " says " em { "verified" } ", or names the first thing that does not hold." }
                li { "The rules take a page, and a second program of 80 lines in Python comes with the source: " code { "docs/methods/draw.md" } " and " code { "draw_check.py" } "." }
            }
        }
    })
    .show(&view))
}
