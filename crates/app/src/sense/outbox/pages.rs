//! The letters that did not leave, for administrators: to whom, about what, and why. Not what a letter says, nor what
//! somebody tries.

use maud::html;
use traction_domain::time::Moment;

use crate::overview::figures::Stage;
use crate::sense::outbox::store::{self, About, Posted};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::{Answer, Page, View, counted, layout, when};

/// Days for which a letter that was given up is shown.
const N_DAYS: i64 = 30;

/// Days for which it waits for an administrator on his first page.
const N_DAYS_PRESSING: i64 = 7;

/// How many letters were given up lately.
pub async fn n_pressing(sql: &Sql, now: Moment) -> Result<usize, Broken> {
    Ok(store::given_up(sql, now.after_days(-N_DAYS_PRESSING)).await?.len())
}

/// `GET /letters`
pub async fn list(view: View) -> Answer {
    view.signed_in()?.must_administer("see which letters did not leave")?;
    let given_up = store::given_up(view.world.store().read(), view.now.after_days(-N_DAYS)).await?;
    Ok(Page::new(Stage::Sense, "Letters that did not leave", html! {
        @if given_up.is_empty() { "Every letter of the last " (N_DAYS) " days has left, or is still to leave." }
        @else { (counted(given_up.len(), "letter was", "letters were")) " given up in the last " (N_DAYS) " days. Whom they were to reach is told on his own pages, and nowhere else." }
    })
    .body(html! {
        @if given_up.is_empty() { p.empty { "A letter is tried for less than a day. One that has no address, that a mail server refuses, or that finds no mail server until then, is given up and stands here." } }
        @else {
            table.list.folds tabindex="0" {
                thead { tr { th scope="col" { "To" } th scope="col" { "About" } th scope="col" { "Why it did not leave" } th scope="col" { "Wished for" } } }
                tbody { @for letter in &given_up { tr {
                    td { (letter.name) }
                    td data-th="About" { (about(letter)) }
                    td data-th="Why" { (layout::sentence(letter.reason.as_deref().unwrap_or("nothing is known of it"))) }
                    td data-th="Wished for" { (when::relative(&view, letter.wished.wished_at)) }
                } } }
            }
            p { "Put the address right under " a href="/people" { "People" } "; the next letter uses it. Those given up do not leave any more." }
        }
    })
    .show(&view))
}

fn about(letter: &Posted) -> &'static str {
    match letter.wished.about {
        About::Pulse(_) => "How ready a unit is: the link to its pulse",
        About::Trial(_) => "Is it gone? The question to whoever tries a remedy",
    }
}
