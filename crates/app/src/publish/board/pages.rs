//! The board as a page, and the line that points readers to the next slot.

use maud::{Markup, html};
use traction_domain::id::ChangeId;
use traction_domain::prove::{Doubted, Kind};
use traction_domain::publish::board::{self as rules, Contest, Doable};
use traction_domain::publish::showcase::{Standing, in_short};

use crate::offer::change;
use crate::overview::figures::Stage;
use crate::prove::evidence::record::kind_class;
use crate::publish::board::store::{self, Where};
use crate::publish::consent;
use crate::publish::consent::store::LastWord;
use crate::publish::showcase;
use crate::publish::showcase::store::Showcase;
use crate::trouble::Broken;
use crate::web::{Answer, Page, View, when};

/// Letters of a story that stand on its card.
const STORY_ON_CARD: usize = 280;

/// `GET /showcases`
pub async fn show(view: View) -> Answer {
    let sql = view.world.store().read();
    let all = showcase::store::all(sql).await?;
    let contests = store::contests(sql, view.now).await?;
    let asked = asked(&view).await?;
    let held = held(&view, &all).await?;
    let shown: Vec<&Showcase> = all.iter().filter(|one| one.shown_since(view.now).is_some()).collect();
    let next = rules::next(contests.clone(), view.now);
    let mut page = Page::new(Stage::Publish, "What came of it", answer(&shown));
    if let Some((contest, place)) = &next {
        page = page.action(contend(&view, contest, place, "button"));
    }
    Ok(page
        .body(html! {
            @for word in &asked { p.notice { "Your unit is asked: may its own result of " (word.change_name) " be shown? "
                a href={ "/evidence/" (word.evidence) "/consents/" (word.unit_slug) } { "Answer for " (word.unit_name) } } }
            @if shown.is_empty() {
                p.empty { "Here stands what a change did, once it is proven: the verdict, the picture, the story. Results without effect and bad ones too, for they spare others the way. Publish one from its evidence record." }
                p { a href="/evidence" { "The evidence so far" } }
            }
            div.cards { @for one in &shown { (card(&view, one, &contests)) } }
            @if !held.is_empty() { section {
                h2 { "Held back until the wave ends" }
                ul { @for (one, words) in &held { li { a href={ "/showcases/" (one.id) } { (one.title) } span.meta { " " (words) } } } }
            } }
            p.meta { "Follow the results: " a href="/feed.atom" { "Atom feed" } "." }
        })
        .show(&view))
}

fn answer(shown: &[&Showcase]) -> Markup {
    let n_good = shown.iter().filter(|one| one.kind == Kind::Works && one.doubted == Doubted::No).count();
    let n_other = shown.len() - n_good;
    html! {
        @match (n_good, n_other) {
            (0, 0) => { "Nothing is published yet." }
            (1, 0) => { "One result is published, and it works." }
            (good, 0) => { (good) " results are published, and all of them work." }
            (good, other) => { (good + other) @if good + other == 1 { " result is published: " } @else { " results are published: " }
                (good) @if good == 1 { " works, " } @else { " work, " } (other) @if other == 1 { " does not, or cannot be told." } @else { " do not, or cannot be told." } }
        }
    }
}

fn card(view: &View, one: &Showcase, contests: &[(Contest, Where)]) -> Markup {
    html! {
        article.card {
            p.meta { (pill(one.kind, one.doubted)) " " a href={ "/changes/" (one.change_slug) } { (one.change_name) }
                @if let Some((_, slug, name)) = &one.unit { ", " a href={ "/units/" (slug) } { (name) } } }
            h2 { a href={ "/showcases/" (one.id) } { (one.title) } }
            p class={ "verdict " (kind_class(one.kind, one.doubted)) } { (one.says) }
            p { (beginning(&one.story)) }
            @if let Some(since) = one.shown_since(view.now) { p.meta { "Published " (when::relative(view, since)) } }
            (next_slot_as(view, one.change, contests, "button quiet"))
        }
    }
}

/// A verdict's kind as a pill: in words, and in colour beside them.
pub fn pill(kind: Kind, doubted: Doubted) -> Markup {
    let class = match (kind, doubted) {
        (Kind::Works, Doubted::No) => "pill pull",
        (Kind::Harms, Doubted::No) => "pill harm",
        _ => "pill",
    };
    html! { span class=(class) { (in_short(kind, doubted)) } }
}

fn beginning(story: &str) -> String {
    let start: String = story.chars().take(STORY_ON_CARD).collect();
    if start.len() == story.len() {
        return start;
    }
    let whole_words = start.rsplit_once(' ').map_or(start.as_str(), |(words, _)| words);
    format!("{whole_words} …")
}

/// The next slot of a change: the button, the countdown, the contenders; or that none is announced.
pub fn next_slot(view: &View, change: ChangeId, contests: &[(Contest, Where)]) -> Markup {
    next_slot_as(view, change, contests, "button")
}

fn next_slot_as(view: &View, change: ChangeId, contests: &[(Contest, Where)], class: &str) -> Markup {
    let of_change = contests.iter().filter(|(_, place)| place.change == change).cloned().collect();
    match rules::next(of_change, view.now) {
        Some((contest, place)) => html! { div.act { (contend(view, &contest, &place, class)) } },
        None => html! { p.meta { "No further slot is announced yet." } },
    }
}

/// The one button, with the countdown and the contenders per slot.
fn contend(view: &View, contest: &Contest, place: &Where, class: &str) -> Markup {
    html! {
        @match contest.doable(view.now) {
            Doable::Apply { closes } => {
                a class=(class) href=(place.href()) { "Contend for the next slot" }
                span.meta { " " (place.change_name) ": applications close " (when::relative(view, closes)) "; " (contest.in_words()) "." }
            }
            Doable::Wait { opens } => {
                a class=(class) href=(place.href()) { "See the next slots" }
                span.meta { " " (place.change_name) ": applications open " (when::relative(view, opens)) "; " (contest.in_words()) "." }
            }
            Doable::Nothing => {}
        }
    }
}

/// What the units of the one who looks are asked.
async fn asked(view: &View) -> Result<Vec<LastWord>, Broken> {
    let Some(who) = view.who.as_ref().filter(|who| !who.led().is_empty()) else { return Ok(vec![]) };
    let mut asked = consent::store::unanswered(view.world.store().read()).await?;
    asked.retain(|word| who.leads(word.unit));
    Ok(asked)
}

/// The showcases that are held back and that the one who looks may see, with until when.
async fn held<'a>(view: &View, all: &'a [Showcase]) -> Result<Vec<(&'a Showcase, Markup)>, Broken> {
    let Some(who) = &view.who else { return Ok(vec![]) };
    let changes = change::store::all(view.world.store().read()).await?;
    let mut held = Vec::new();
    for one in all {
        let change = changes.iter().find(|change| change.id == one.change);
        if let Standing::Held { until } = one.standing(view.now)
            && change.is_some_and(|change| showcase::verbs::may_manage(who, change, one))
        {
            held.push((one, html! { "to be seen " (when::relative(view, until)) }));
        }
    }
    Ok(held)
}
