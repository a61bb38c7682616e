//! The first page: the loop, and where one's own attention is needed.

use maud::html;

use crate::web::{Answer, Page, View};

/// `GET /`
pub async fn show(view: View) -> Answer {
    let organisation = view.world.settings().organisation.clone();
    Ok(Page::new(
        None,
        organisation,
        html! { "Teams contend for few slots; their own data proves what it did." },
    )
    .action(html! { a.button href="/frictions/new" { "What got in the way?" } })
    .show(&view))
}
