//! Tokens as a page for administrators: making one for a system, seeing when each was last used, revoking one.

use maud::{Markup, html};
use traction_domain::id::TokenId;
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::org::token::store::{self, Listed, Scope};
use crate::org::token::verbs;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

/// `GET /tokens`
pub async fn list(view: View) -> Answer {
    view.signed_in()?.must_administer("see the tokens")?;
    page(&view, &Filled::default(), None, None).await
}

/// `POST /tokens`
pub async fn add(view: View, filled: Filled) -> Answer {
    match add_filled(&view, &filled).await {
        Ok(secret) => page(&view, &Filled::default(), Some(&secret), None).await,
        Err(trouble) => match lead_on(Err::<(), _>(trouble), |()| "/tokens".into())? {
            Led::On(response) => Ok(response),
            Led::Again(refused) => again(page(&view, &filled, None, Some(refused.as_ref())).await),
        },
    }
}

async fn add_filled(view: &View, filled: &Filled) -> Result<String, Trouble> {
    let scopes: Result<Vec<Scope>, _> = filled.texts("scope").iter().map(|word| word.parse()).collect();
    verbs::add(&view.world, view.signed_in()?, filled.text("name"), scopes?).await
}

/// `POST /tokens/{token}/end`
pub async fn end(view: View, Path(id): Path<TokenId>) -> Answer {
    let done = verbs::revoke(&view.world, view.signed_in()?, id).await;
    match lead_on(done, |()| "/tokens".into())? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &Filled::default(), None, Some(refused.as_ref())).await),
    }
}

async fn page(view: &View, filled: &Filled, secret: Option<&str>, refused: Option<&dyn Refusal>) -> Answer {
    let tokens = store::listed(view.world.store().read()).await?;
    let n_unused = tokens.iter().filter(|token| last_use(view, token).is_none()).count();
    let form = Form::new(filled, refused);
    let answer = html! {
        (counted(tokens.len(), "token is", "tokens are")) " live" @if n_unused > 0 && !tokens.is_empty() { "; " (n_unused) " of them never used" } "."
    };
    Ok(Page::new(None, "Tokens", answer)
        .action(html! {
            @if let Some(secret) = secret {
                p.notice role="status" { "This is the new token. It is shown this once; put it where its system keeps secrets: " code { (secret) } }
            }
        })
        .body(html! {
            @if tokens.is_empty() {
                p.empty { "A token lets another system in, for what it is made for and nothing else. Make one for each system: then one can be taken back without the others." }
            } @else { (table(view, &tokens)) }
            section {
                h2 { "Make a token" }
                form.stack method="post" action="/tokens" {
                    (form.notice())
                    (form.line("name", "Which system is it for?", "As in “ward computers”. One token for each system, so that one can be taken back without the others."))
                    (scopes(filled))
                    button.button { "Make it" }
                }
            }
            p.meta { "What the real system needs, with examples to copy: " a href="/access/guide" { "switch a solution on in your own system" } "." }
        })
        .show(view))
}

fn table(view: &View, tokens: &[Listed]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "System" } th { "May" } th { "Take back" } } }
            tbody { @for listed in tokens { tr {
                td { (listed.token.name) p.meta {
                    "made " (when::date(view, listed.token.made_at)) ", "
                    @match last_use(view, listed) { Some(at) => { "used " (when::relative(view, at)) } None => "never used" }
                } }
                td { @for scope in &listed.token.scopes { span.pill { (scope) } " " } }
                td { form.inline method="post" action={ "/tokens/" (listed.token.id) "/end" } {
                    button.quiet aria-label={ "Revoke the token of " (listed.token.name) } { "Revoke" }
                } }
            } } }
        }
    }
}

/// The later of what is kept and what this server saw since.
fn last_use(view: &View, listed: &Listed) -> Option<Moment> {
    listed.used_at.max(view.world.access().face().used_at(&listed.token))
}

fn scopes(filled: &Filled) -> Markup {
    html! {
        fieldset.field {
            legend { "What may it do?" }
            @for scope in Scope::ALL {
                @let word = scope.to_string();
                // The sheet makes inputs as wide as their field.
                label style="display: flex; gap: .75rem; align-items: start; padding-block: .4rem" {
                    input style="width: 1.5rem; min-height: 1.5rem; flex: none" type="checkbox" name="scope"
                        value=(word) checked[filled.texts("scope").contains(&word)];
                    span { b { (word) } ": " (explained(scope)) }
                }
            }
        }
    }
}

fn explained(scope: Scope) -> &'static str {
    match scope {
        Scope::Access => {
            "ask who has a solution switched on, and nothing else. For the system in which it is switched on."
        }
        Scope::Usage => {
            "send events of use. For the same system, or whatever collects its events; it can read nothing."
        }
        Scope::Read => "read what is in the API: changes, waves, slots, evidence, showcases. For reports.",
        Scope::Write => {
            "read and write through the API whatever an administrator could: also sources, by which this server asks other databases. It can preview access at another moment. For scripts of those who run Traction."
        }
    }
}
