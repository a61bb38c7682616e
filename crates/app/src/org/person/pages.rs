//! People as pages: the list, adding one, his roles and a link for him; and one's own page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::{PersonId, RoleId, UnitId};
use traction_domain::org::person as rules;
use traction_domain::org::role::RoleWord;
use traction_domain::refusal::Refusal;

use crate::org::person::store::Person;
use crate::org::person::{store, verbs};
use crate::org::session::store::Uses;
use crate::org::{session, unit};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, lead_on};

/// How many people one page lists; whoever is not among them is found by his name.
const N_LISTED: usize = 100;

/// Who is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Sought {
    /// A part of a name, of an address or of an external id.
    #[serde(default)]
    sought: String,
}

impl Sought {
    fn is(&self, person: &Person) -> bool {
        let sought = self.sought.trim().to_lowercase();
        [Some(&person.name), person.email.as_ref(), person.external_id.as_ref()]
            .into_iter()
            .flatten()
            .any(|known| known.to_lowercase().contains(&sought))
    }
}

/// `GET /people?sought=…`
pub async fn list(view: View, Query(sought): Query<Sought>) -> Answer {
    view.signed_in()?.must_administer("see the list of people")?;
    page(&view, &sought, &Filled::default(), None).await
}

/// `POST /people`
pub async fn add(view: View, filled: Filled) -> Answer {
    let proposed = rules::propose(filled.text("name"), filled.text("email"), filled.text("person"));
    let added = match proposed {
        Ok(proposed) => verbs::add(&view.world, view.signed_in()?, proposed).await,
        Err(refused) => Err(refused.into()),
    };
    match lead_on(added, |id| format!("/people/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &Sought::default(), &filled, Some(refused.as_ref())).await),
    }
}

async fn page(view: &View, sought: &Sought, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let people = store::all(view.world.store().read()).await?;
    let found: Vec<&Person> = people.iter().filter(|person| sought.is(person)).collect();
    let form = Form::new(filled, refused);
    Ok(Page::new(None, "People", html! { @if people.len() == 1 { "1 person is known here." } @else { (people.len()) " people are known here." } })
        .body(html! {
            form.row method="get" action="/people" {
                div.field {
                    label for="sought" { "Find somebody" }
                    input #sought name="sought" type="search" value=(sought.sought) placeholder="Name, address or external id";
                }
                button.button.quiet { "Find" }
            }
            details open[refused.is_some()] {
                summary { "Add a person" }
                form.stack method="post" action="/people" {
                    (form.notice())
                    (form.line("name", "Name", ""))
                    (form.input("email", "email", "E-mail address", "To sign in with; may stay empty.", None))
                    (form.line("person", "External id", "The name the real system knows this person by; may stay empty."))
                    button.button { "Add" }
                }
            }
            section {
                h2 { @if sought.sought.trim().is_empty() { "Everybody" } @else { (found.len()) " found" } }
                table.list {
                    thead { tr { th { "Name" } th { "E-mail address" } th { "External id" } } }
                    tbody { @for person in found.iter().take(N_LISTED) { tr {
                        td { a href={ "/people/" (person.id) } { (person.name) } }
                        td { (person.email.as_deref().unwrap_or("–")) }
                        td { (person.external_id.as_deref().unwrap_or("–")) }
                    } } }
                }
                @if found.len() > N_LISTED { p.meta { "The first " (N_LISTED) " by name are shown: find the others by name. " code { "traction user list" } " prints all." } }
            }
        })
        .show(view))
}

/// `GET /people/{person}`
pub async fn show(view: View, Path(id): Path<PersonId>) -> Answer {
    view.signed_in()?.must_administer("see a person's roles")?;
    person_page(&view, id, None, None).await
}

async fn person_page(
    view: &View,
    id: PersonId,
    link: Option<String>,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let person = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "person" })?;
    let held = store::roles(sql, id).await?;
    let units = unit::store::all(sql).await?;
    let filled = Filled::default();
    let form = Form::new(&filled, refused);
    let n_roles = held.len();
    Ok(Page::new(None, person.name.clone(), html! { (person.name) " holds " (n_roles) @if n_roles == 1 { " role." } @else { " roles." } })
        .crumb("/people", "People")
        .body(html! {
            @if let Some(link) = link {
                p.notice { "Give this link to " (person.name) "; it works once, for seven days: " code { (link) } }
            }
            section {
                h2 { "Roles" }
                ul { @for held in &held { li {
                    (held.role.word()) @if let Some(unit) = &held.unit_name { " of " (unit) }
                    form.inline method="post" action={ "/people/" (id) "/roles/" (held.id) "/end" } { button.quiet { "Take back" } }
                } } }
                form.stack method="post" action={ "/people/" (id) "/roles" } {
                    (form.notice())
                    (form.choice("role", "Role", "", &role_words()))
                    (form.choice("unit", "Unit", "For member and lead.", &unit::pages::choices(&units)))
                    button.button { "Give" }
                }
            }
            section {
                h2 { "A way in" }
                form method="post" action={ "/people/" (id) "/link" } { button.button.quiet { "Make a link to sign in" } }
            }
        })
        .show(view))
}

fn role_words() -> Vec<(String, String)> {
    [
        RoleWord::Member,
        RoleWord::Lead,
        RoleWord::Coach,
        RoleWord::Seller,
        RoleWord::ChangeLead,
        RoleWord::Administrator,
    ]
    .map(|word| (word.to_string(), word.to_string()))
    .to_vec()
}

/// `POST /people/{person}/roles`
pub async fn give_role(view: View, Path(id): Path<PersonId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let word: RoleWord = filled.parsed("role", "a role; choose one from the list")?;
    let unit: Option<UnitId> = filled.maybe_parsed("unit", "a unit; choose one from the list")?;
    let unit = if matches!(word, RoleWord::Member | RoleWord::Lead) { unit } else { None };
    let Some(role) = word.role(unit) else {
        let refused = rules::PersonRefused::from(traction_domain::refusal::TextRefused::Missing {
            field: "unit",
            what: "the unit in which the role is held",
        });
        let page = person_page(&view, id, None, Some(&refused)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    verbs::give_role(&view.world, who, id, role).await?;
    Ok(Redirect::to(&format!("/people/{id}")).into_response())
}

/// `POST /people/{person}/roles/{role}/end`
pub async fn end_role(view: View, Path((id, role)): Path<(PersonId, RoleId)>) -> Answer {
    verbs::end_role(&view.world, view.signed_in()?, id, role).await?;
    Ok(Redirect::to(&format!("/people/{id}")).into_response())
}

/// `POST /people/{person}/link`
pub async fn make_link(view: View, Path(id): Path<PersonId>) -> Answer {
    let secret = session::verbs::make_link(&view.world, view.signed_in()?, id, Uses::Once).await?;
    let link = format!("{}/enter/{secret}", view.world.settings().public_url);
    person_page(&view, id, Some(link), None).await
}

/// `GET /me`
pub async fn me(view: View) -> Answer {
    me_page(&view, None).await
}

/// `POST /me/password`
pub async fn set_password(view: View, filled: Filled) -> Answer {
    let set = session::verbs::set_password(&view.world, view.signed_in()?, filled.text("password")).await;
    match lead_on(set, |()| "/me".to_owned())? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(me_page(&view, Some(refused.as_ref())).await),
    }
}

async fn me_page(view: &View, refused: Option<&dyn Refusal>) -> Answer {
    let who = view.signed_in()?;
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let held = store::roles(view.world.store().read(), person).await?;
    let filled = Filled::default();
    let form = Form::new(&filled, refused);
    let password: Markup = form.field("password", "New password", "At least 10 characters.", html! {
        input #password name="password" type="password" autocomplete="new-password" aria-describedby="password-about";
    });
    Ok(Page::new(None, who.name.clone(), html! { "This is what you may do here, and what is kept about you." })
        .body(html! {
            section {
                h2 { "Your roles" }
                ul { @for held in &held { li {
                    (held.role.word())
                    @if let (Some(name), Some(unit)) = (&held.unit_name, held.role.unit()) {
                        " of " a href={ "/units/by-id/" (unit) } { (name) }
                    }
                } } }
                @if held.is_empty() { p.empty { "You hold no role yet; an administrator or the lead of your unit gives them." } }
            }
            section {
                h2 { "Your password" }
                form.stack method="post" action="/me/password" { (password) button.button { "Set" } }
            }
            p { a href="/me/usage" { "What you used" } " · " a href="/privacy" { "What is kept about you" } }
        })
        .show(view))
}
