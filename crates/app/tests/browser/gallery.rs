//! Every kind of page, once the journey is told, before the eyes of those who can open it: no accessibility violation,
//! nothing wider than a phone.

use std::collections::BTreeMap;

use super::driver::at_a_browser;
use crate::crawl::{follow_every_link, kind};
use crate::journey;
use crate::world::{TestWorld, on_sqlite};

#[test]
fn every_page_can_be_used_by_everybody_on_every_screen() {
    on_sqlite(async |world: TestWorld| {
        let hospital = journey::told(&world).await;
        let mut rounds = Vec::new();
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (who, person) in hospital.crowd().await {
            let found = follow_every_link(who, &hospital.at(person).await).await;
            let pages: Vec<String> = found.into_iter().filter(|page| is_new(&mut seen, page)).collect();
            rounds.push((world.link_of(person).await, pages));
        }
        at_a_browser(&world.serve().await, async move |person| {
            let mut troubles = Vec::new();
            for (link, pages) in rounds {
                person.enters(&link).await;
                for page in pages {
                    person.goes_to(&page).await;
                    troubles.extend(person.glances(&name(&page)).await);
                }
            }
            assert!(troubles.is_empty(), "{}", troubles.join("\n"));
        })
        .await;
    });
}

/// Whether this is the first page of its kind; files are no pages.
fn is_new(seen: &mut BTreeMap<String, String>, page: &str) -> bool {
    let is_file = page.rsplit('/').next().is_some_and(|last| last.contains('.'));
    !is_file && seen.insert(kind(page), page.to_owned()).is_none()
}

/// A page's name as a file's.
fn name(page: &str) -> String {
    let words = page.replace(|c: char| !c.is_alphanumeric(), "-");
    let name = words.trim_matches('-');
    if name.is_empty() { "home-full".to_owned() } else { format!("page-{name}") }
}
