//! Why a unit would want the slot: what others got, each with its interval, and how far it is from the goal itself.

use maud::{Markup, html};
use traction_domain::offer::metric::Better;

use crate::offer::change::store::Change;
use crate::offer::metric;
use crate::org::unit::store::Unit;
use crate::prove::evidence;
use crate::publish::showcase::store::Showcase;
use crate::publish::{board, gap, showcase};
use crate::trouble::Trouble;
use crate::web::charts::{Axis, Downloads, Estimate, Forest, Interval, UnitEffect};
use crate::web::{View, counted};

/// Stories that stand on a call, the latest first; the board has all.
const MOST_STORIES: usize = 4;

/// The section of a change's call.
pub async fn section(view: &View, change: &Change) -> Result<Markup, Trouble> {
    let all = showcase::store::all(view.world.store().read()).await?;
    let shown: Vec<&Showcase> =
        all.iter().filter(|one| one.change == change.id && one.shown_since(view.now).is_some()).collect();
    // Proofs of one change at two dates rest on the same units: the newest is what others got, the others are how it was
    // known before. Ids ascend with time.
    let newest = shown.iter().map(|one| one.evidence).max();
    let (newest, before): (Vec<&Showcase>, Vec<&Showcase>) =
        shown.iter().partition(|one| Some(one.evidence) == newest);
    let picture = picture(view, change, newest.first().copied()).await?;
    let gaps = gap::pages::beside(view, change).await?;
    Ok(html! {
        // Beside each other where the picture keeps its size, so that it can be read; else one below the other.
        div style="display:flex;flex-wrap:wrap;gap:0 var(--gap)" {
            section style="flex:1 1 44rem;min-width:0" {
                h2 { "What others got" }
                @if shown.is_empty() {
                    p.empty { "No result of this change is published yet: who gets one of these slots writes the first. What is measured afterwards is shown here, good or bad, each with its interval." }
                } @else {
                    @if let Some(picture) = picture { (picture) }
                    (stories(&newest))
                    @if !before.is_empty() {
                        details {
                            summary { "Published before" }
                            (stories(&before))
                        }
                    }
                    @if newest.len().max(before.len()) > MOST_STORIES { p { a href="/showcases" { "All " (counted(shown.len(), "result", "results")) } } }
                }
            }
            @if !gaps.is_empty() { (own(change, &gaps)) }
        }
    })
}

/// What was told of results, the latest first.
fn stories(told: &[&Showcase]) -> Markup {
    html! {
        ul { @for one in told.iter().take(MOST_STORIES) { li {
            (board::pages::pill(one.kind, one.doubted)) " " a href={ "/showcases/" (one.id) } { (one.title) }
            @if let Some((_, _, name)) = &one.unit { ", told by " (name) }
            ": " (one.says)
        } } }
    }
}

/// The effect with its interval, and the smallest that would be worth it.
async fn picture(view: &View, change: &Change, newest: Option<&Showcase>) -> Result<Option<Markup>, Trouble> {
    let sql = view.world.store().read();
    let Some(newest) = newest else { return Ok(None) };
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let Some(evidence) = evidence::store::one(sql, newest.evidence).await? else { return Ok(None) };
    let Some(value) = evidence.estimate else { return Ok(None) };
    let interval = evidence.low.zip(evidence.high).map(|(low, high)| Interval { low, high });
    let effects = vec![UnitEffect { unit: newest.title.clone(), effect: Estimate { value, interval } }];
    let worth = match metric.better {
        Better::Up => change.worth,
        Better::Down => -change.worth,
    };
    let better = match metric.better {
        Better::Up => "more is better",
        Better::Down => "less is better",
    };
    let picture = Forest {
        what: ("Effect", "effects"),
        x: Axis::number(format!("Effect on {}, {}; {better}", metric.name, metric.unit_of_measure)),
        effects,
        overall: None,
        worth: Some(worth),
    };
    Ok(Some(picture.chart("The newest published effect, with its interval").figure(&Downloads::Inside)))
}

/// How far the reader's own units are, for their people alone.
fn own(change: &Change, gaps: &[(Unit, String)]) -> Markup {
    html! {
        section style="flex:1 1 18rem;min-width:0" {
            h2 { @if gaps.len() == 1 { "Your unit" } @else { "Your units" } }
            @for (unit, words) in gaps {
                p { (words) " " a href={ "/units/" (unit.slug) "/gap" } { "See the whole way" } }
            }
            p.meta { "Only the unit's own people, coaches and change leads see its figures. " a href={ "/changes/" (change.slug) "/gap" } { "What units gained" } }
        }
    }
}
