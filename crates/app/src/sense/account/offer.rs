//! Changes that are remedies: where demand for a remedy leads, whoever it comes from, our own units or a customer.

use maud::{Markup, html};

use crate::offer::change;
use crate::sense::account::demand::{Offered, Offers};
use crate::sense::account::verbs;
use crate::sense::playbook::store::Kept;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Form, Led, Path, View, lead_on};

/// The changes as links.
pub fn links(offers: &[Offered]) -> Markup {
    html! {
        @for (place, offered) in offers.iter().enumerate() {
            @if place > 0 { ", " }
            a href={ "/changes/" (offered.slug) } { (offered.name) }
        }
    }
}

/// The way to the call of the changes that are this remedy.
pub fn called(offers: &[Offered]) -> Markup {
    html! {
        @for offered in offers {
            p { "This is a change of ours: " a.button.quiet href={ "/changes/" (offered.slug) } { (offered.name) ": contend for a slot" } }
        }
    }
}

/// The changes that are remedies of a playbook, and the form that says so of another, for those who may.
pub async fn section(view: &View, kept: &Kept, offers: &Offers) -> Result<Markup, Broken> {
    let playbook = &kept.playbook;
    let may = view.who.as_ref().is_some_and(|who| who.is_change_lead() || who.is_administrator());
    let named = playbook
        .remedies
        .iter()
        .filter_map(|remedy| Some((remedy, offers.get(&(playbook.edition.id.clone(), remedy.key.clone()))?)));
    let named: Vec<_> = named.collect();
    if named.is_empty() && !may {
        return Ok(html! {});
    }
    let remedies: Vec<(String, String)> =
        playbook.remedies.iter().map(|remedy| (remedy.key.clone(), remedy.name.clone())).collect();
    let changes = changes(view.world.store().read()).await?;
    let filled = Filled::default();
    let form = Form::new(&filled, None);
    Ok(html! {
        section {
            h2 { "Remedies that are changes of ours" }
            @if named.is_empty() { p.empty { "None yet. Where a change is the remedy, demand from our own units and from customers leads to the same call." } }
            ul { @for (remedy, offers) in &named { li { (remedy.name) ": " (links(offers)) } } }
            @if may && !changes.is_empty() {
                form.stack method="post" action={ "/playbooks/" (playbook.edition.id) "/offers" } {
                    (form.choice("remedy", "Which remedy?", "", &remedies))
                    (form.choice("change", "Is which change?", "", &changes))
                    button.button.quiet { "Say so" }
                }
            }
        }
    })
}

async fn changes(sql: &Sql) -> Result<Vec<(String, String)>, Broken> {
    let changes = change::store::all(sql).await?;
    Ok(changes.into_iter().map(|change| (change.slug.to_string(), change.name)).collect())
}

/// `POST /playbooks/{playbook}/offers`
pub async fn say(view: View, Path(name): Path<String>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let change = change::verbs::find(view.world.store().read(), filled.text("change")).await?;
    let said = verbs::offer(&view.world, who, &name, filled.text("remedy"), change.id).await;
    match lead_on(said, |()| format!("/playbooks/{name}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => Err(Trouble::Refused(refused).into()),
    }
}
