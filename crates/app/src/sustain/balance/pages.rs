//! The balance as a page: how many switch-ons were asked for, over all, by change and by month.

use std::collections::BTreeMap;

use maud::{Markup, html};
use traction_domain::id::ChangeId;
use traction_domain::sustain::balance::{Balance, SwitchOn, Tally, balance};

use crate::overview::figures::Stage;
use crate::sustain::balance::store;
use crate::trouble::Broken;
use crate::web::{Answer, Page, View};

/// `GET /balance`
pub async fn show(view: View) -> Answer {
    let all = store::switch_ons(view.world.store().read(), None, view.now).await?;
    let mut changes: BTreeMap<(String, String), Vec<SwitchOn>> = BTreeMap::new();
    for one in &all {
        let change = (one.change_name.clone(), one.change_slug.clone());
        changes.entry(change).or_default().push(one.switch_on);
    }
    let whole = balance(&all.iter().map(|one| one.switch_on).collect::<Vec<_>>());
    Ok(Page::new(Stage::Sustain, "Push and pull", html! { (whole.says()) })
        .crumb("/watches", "Sustain")
        .body(html! {
            @if all.is_empty() {
                p.empty { "Every switch-on is pull, when the unit applied for it, or push, when it was told to. Push gets attention, but what was asked for is what stays. The share shows up here with the first slot." }
            } @else {
                section {
                    h2 { "By change" }
                    table.list tabindex="0" {
                        thead { tr { th { "Change" } th.figure { "Asked for" } th.figure { "Told to" } th.figure { "Not known" } th.figure { "Share asked for" } } }
                        tbody { @for ((name, slug), switch_ons) in &changes { (tally_row(
                            html! { a href={ "/changes/" (slug) } { (name) } },
                            balance(switch_ons).whole,
                        )) } }
                    }
                }
                (by_month(&whole))
            }
        })
        .show(&view))
}

fn by_month(whole: &Balance) -> Markup {
    html! {
        section {
            h2 { "By month" }
            table.list tabindex="0" {
                thead { tr { th { "Month" } th.figure { "Asked for" } th.figure { "Told to" } th.figure { "Not known" } th.figure { "Share asked for" } } }
                tbody { @for month in whole.months.iter().rev() { (tally_row(
                    html! { (month.first_day.strftime("%b %Y")) },
                    month.tally,
                )) } }
            }
        }
    }
}

fn tally_row(first: Markup, tally: Tally) -> Markup {
    html! { tr {
        td { (first) }
        td.figure { (tally.n_pull) }
        td.figure { (tally.n_push) }
        td.figure { (tally.n_unknown) }
        td.figure { @match tally.share_asked_for() { Some(share) => { (format!("{:.0} %", share * 100.0)) } None => { "–" } } }
    } }
}

/// The balance of one change in a sentence, for its own page.
pub async fn of_change(view: &View, change: ChangeId) -> Result<String, Broken> {
    let all = store::switch_ons(view.world.store().read(), Some(change), view.now).await?;
    Ok(balance(&all.iter().map(|one| one.switch_on).collect::<Vec<_>>()).says())
}
