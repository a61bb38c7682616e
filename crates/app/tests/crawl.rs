//! Following every link, as a curious person would: each must lead to a page that answers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::world::{Browser, Response, on_both};

/// Of pages that differ only by the thing they are about, so many are opened.
const N_OF_A_KIND: usize = 2;

/// Opens every page that can be reached from the first one by links, a few of each kind; each must be there, and none
/// may be broken. The addresses, in the order they were found.
pub async fn follow_every_link(who: &str, browser: &Browser<'_>) -> Vec<String> {
    let mut troubles = Vec::new();
    let visited = look_at_every_page(browser, &["/"], |address, response| {
        troubles.extend(trouble(response).map(|trouble| format!("{address}: {trouble}")));
    });
    let visited = visited.await;
    assert!(troubles.is_empty(), "links that {who} can follow:\n{}", troubles.join("\n"));
    visited
}

/// Looks at the pages of `first` and at every page that can be reached from them by links, a few of each kind. The
/// addresses, in the order they were found.
pub async fn look_at_every_page(
    browser: &Browser<'_>,
    first: &[&str],
    mut look: impl FnMut(&str, &Response),
) -> Vec<String> {
    let mut to_visit: VecDeque<String> = first.iter().map(|address| (*address).to_owned()).collect();
    let mut known: BTreeSet<String> = to_visit.iter().cloned().collect();
    let mut n_of_kind: BTreeMap<String, usize> = BTreeMap::new();
    let mut visited = Vec::new();
    while let Some(address) = to_visit.pop_front() {
        let n_before = n_of_kind.entry(kind(&address)).or_default();
        if *n_before == N_OF_A_KIND {
            continue;
        }
        *n_before += 1;
        let response = browser.get(&address).await;
        look(&address, &response);
        for link in links(&response) {
            if known.insert(link.clone()) {
                to_visit.push_back(link);
            }
        }
        visited.push(address);
    }
    visited
}

/// The address with what it is about left out: ids, numbers, and names with a number in them.
pub fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.contains(|c: char| c.is_ascii_digit()) { "_" } else { part })
        .collect();
    let keys: Vec<&str> = query.split('&').map(|entry| entry.split('=').next().unwrap_or_default()).collect();
    format!("{}?{}", parts.join("/"), keys.join("&"))
}

fn trouble(response: &Response) -> Option<String> {
    if led_on(response).is_some() {
        return None;
    }
    if response.status != 200 {
        return Some(format!("answers {}: {}", response.status, response.text()));
    }
    let is_page =
        response.headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap().contains("html"));
    let n_headings = response.body.matches("<h1").count();
    (is_page && n_headings != 1).then(|| format!("has {n_headings} main headings"))
}

/// Where on this server a page sends its reader on to, as to the sign-in.
fn led_on(response: &Response) -> Option<&str> {
    let location = response.headers.get("location").filter(|_| response.status == 303)?;
    location.to_str().ok().filter(|address| address.starts_with('/'))
}

/// The addresses on this server that a page links to or sends on to, without the part within a page.
fn links(response: &Response) -> Vec<String> {
    let parts = response.body.split("<a ").skip(1).filter_map(|rest| rest.split_once("href=\""));
    let targets =
        parts.filter(|(before, _)| !before.contains('>')).filter_map(|(_, rest)| rest.split('"').next());
    let targets = targets.chain(led_on(response));
    let own = targets.filter(|target| target.starts_with('/') && !target.starts_with("//"));
    own.map(|target| target.split('#').next().unwrap_or_default().replace("&amp;", "&")).collect()
}

#[test]
fn pages_of_a_kind_are_known_by_what_stays_the_same() {
    assert_eq!(kind("/changes/bedside-tests/waves/1"), kind("/changes/bedside-tests/waves/2"));
    assert_eq!(kind("/cycles?unit=ward-01"), kind("/cycles?unit=ward-02"));
    assert_ne!(kind("/changes"), kind("/changes/new"));
}

#[test]
fn an_address_that_leads_nowhere_is_answered_in_the_askers_way() {
    on_both(async |world| {
        let visitor = world.visitor();
        visitor.get("/nowhere").await.is(404).shows("There is no page here");
        let problem = visitor.get("/api/v1/nowhere").await;
        problem.is(404);
        assert_eq!(problem.headers["content-type"], "application/problem+json");
        let told = visitor.get("/ofrep/v1/nowhere").await;
        told.is(404);
        assert_eq!(told.json()["errorCode"], "GENERAL");
    });
}
