//! Units as pages: the tree, adding one, and a unit with what concerns it.

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use traction_domain::id::UnitId;
use traction_domain::org::slug::Slug;
use traction_domain::org::unit as rules;
use traction_domain::refusal::Refusal;

use crate::org::person;
use crate::org::unit::store::{self, Unit};
use crate::org::unit::verbs;
use crate::publish::gap;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on};

/// `GET /units`
pub async fn list(view: View) -> Answer {
    page(&view, &Filled::default(), None).await
}

/// `POST /units`
pub async fn add(view: View, filled: Filled) -> Answer {
    match lead_on(add_filled(&view, &filled).await, |slug| format!("/units/{slug}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn add_filled(view: &View, filled: &Filled) -> Result<Slug, Trouble> {
    let name = filled.text("name");
    let slug = match filled.text("slug").trim() {
        "" => Slug::suggested(name).map_or_else(|| "".parse(), Ok)?,
        written => written.parse()?,
    };
    let parent = filled.maybe_parsed("parent", "a unit; choose one from the list")?;
    let proposed = rules::propose(slug.clone(), name, parent, None)?;
    verbs::add(&view.world, view.signed_in()?, proposed).await?;
    Ok(slug)
}

async fn page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let units = store::all(view.world.store().read()).await?;
    let form = Form::new(filled, refused);
    let may_add = view.who.as_ref().is_some_and(|who| who.is_administrator());
    Ok(Page::new(None, "Units", html! { (counted(units.len(), "unit", "units")) ", the smallest groups that adopt together." })
        .body(html! {
            @if units.is_empty() {
                p.empty { "Units are your wards, branches or teams. Add the first below, or import a list with `traction import units FILE`." }
            }
            (tree(&units, None))
            @if may_add {
                section {
                    h2 { "Add a unit" }
                    form.stack method="post" action="/units" {
                        (form.notice())
                        (form.line("name", "Name", ""))
                        (form.line("slug", "Short name", "Stands in addresses and draws, like ward-7; made from the name if left empty."))
                        (form.choice("parent", "Belongs to", "", &choices(&units)))
                        button.button { "Add" }
                    }
                }
            }
        })
        .show(view))
}

fn tree(units: &[Unit], parent: Option<UnitId>) -> Markup {
    let children: Vec<&Unit> = units.iter().filter(|unit| unit.parent == parent).collect();
    html! {
        @if !children.is_empty() {
            ul.tree { @for unit in children { li {
                a href={ "/units/" (unit.slug) } { (unit.name) }
                @if unit.n_members > 0 { span.meta { " " (counted(unit.n_members, "person", "people")) } }
                (tree(units, Some(unit.id)))
            } } }
        }
    }
}

/// Units as the options of a choice, an empty one first.
pub fn choices(units: &[Unit]) -> Vec<(String, String)> {
    let none = (String::new(), "–".to_owned());
    std::iter::once(none).chain(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone()))).collect()
}

/// `GET /units/by-id/{unit}`: from an id to the unit's own address.
pub async fn by_id(view: View, Path(id): Path<UnitId>) -> Answer {
    let unit = store::one(view.world.store().read(), id).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    Ok(Redirect::to(&format!("/units/{}", unit.slug)).into_response())
}

/// `GET /units/{unit}`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let unit = verbs::find(sql, &slug).await?;
    let parent = match unit.parent {
        Some(parent) => store::one(sql, parent).await?,
        None => None,
    };
    let people = person::store::of_unit(sql, unit.id).await?;
    let leads: Vec<&str> = people
        .iter()
        .filter(|(_, word)| *word == traction_domain::org::role::RoleWord::Lead)
        .map(|(p, _)| p.name.as_str())
        .collect();
    let mut page = Page::new(
        None,
        unit.name.clone(),
        html! {
            (counted(unit.n_members, "person", "people")) @if !leads.is_empty() { ", led by " (leads.join(" and ")) } "."
        },
    )
    .crumb("/units", "Units");
    if let Some(parent) = parent {
        page = page.crumb(format!("/units/{}", parent.slug), parent.name);
    }
    Ok(page
        .action(html! { a.button href={ "/frictions/new?unit=" (unit.slug) } { "What got in the way?" } })
        .body(html! {
            section { h2 { "What gets in the way here" } p { a href={ "/frictions?unit=" (unit.slug) } { "The backlog of this unit" } } }
            section { h2 { "What it tests" } p { a href={ "/cycles?unit=" (unit.slug) } { "The cycles of this unit" } } }
            @if view.who.as_ref().is_some_and(|who| gap::verbs::may_see(who, unit.id)) {
                section { h2 { "How far it is from the goal" } p { a href={ "/units/" (unit.slug) "/gap" } { "What is missing, and what units like it gained" } } }
            }
        })
        .show(&view))
}
