//! Accounts as pages: the pipeline of demand by friction, and by organisation; `one` has the page of one of them.

pub mod one;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{Markup, html};
use traction_domain::refusal::Refusal;
use traction_domain::sense::account::{self as rules, Stand};

use crate::overview::figures::Stage;
use crate::sense::account::demand::{self, Next, Standing};
use crate::sense::account::store::{self, Account};
use crate::sense::account::{offer, sheet, verbs};
use crate::web::charts::{Axis, Downloads, Ranked, Ranking, Tone};
use crate::web::{Answer, Filled, Form, Led, Page, View, again, counted, lead_on};

/// `GET /accounts`
pub async fn list(view: View) -> Answer {
    list_page(&view, &Filled::default(), None).await
}

/// `POST /accounts`
pub async fn open(view: View, filled: Filled) -> Answer {
    let opened = verbs::open(&view.world, view.signed_in()?, filled.text("name")).await;
    match lead_on(opened, |account| format!("/accounts/{}", account.slug))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(list_page(&view, &filled, Some(refused.as_ref())).await),
    }
}

/// `POST /accounts/import`
pub async fn import(view: View, filled: Filled) -> Answer {
    let taken = sheet::take_text(&view.world, view.signed_in()?, filled.text("rows")).await;
    match lead_on(taken, |_| "/accounts".to_owned())? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(list_page(&view, &filled, Some(refused.as_ref())).await),
    }
}

/// `GET /accounts.csv`
pub async fn file(view: View) -> Answer {
    rules::must_see(view.signed_in()?, "take the accounts along")?;
    let text = sheet::written(view.world.store().read()).await?;
    let head = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"accounts.csv\""),
    ];
    Ok((head, text).into_response())
}

async fn list_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    rules::must_see(view.signed_in()?, "see the accounts")?;
    let sql = view.world.store().read();
    let accounts = store::all(sql).await?;
    let demand = demand::all(sql).await?;
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sense, "Accounts", answer(accounts.len(), &demand))
        .crumb("/diagnosis", "What holds it up?")
        .body(html! {
            @if accounts.is_empty() {
                p.empty { "A customer that could well use what you have, and does not decide, is stuck on something. Enter it, say on what, try the smallest thing that removes it: what helps becomes known for the next one." }
            } @else {
                (pipeline(&demand))
                (by_account(view, &accounts, &demand))
            }
            section {
                h2 { "Another account" }
                form.stack method="post" action="/accounts" {
                    (form.notice())
                    (form.line("name", "The organisation's name", ""))
                    button.button { "Enter it" }
                }
            }
            details open[refused.is_some_and(|refused| refused.field() == Some("rows"))] {
                summary { "Bring a list in, or take it along" }
                p { a href="/accounts.csv" download { "All of it as a table (CSV)" } }
                form.stack method="post" action="/accounts/import" {
                    (form.area("rows", "Rows", "With the columns account, playbook, friction, and if there words, remedy, tried_on, ask_on, outcome. The same rows twice change nothing."))
                    button.button.quiet { "Bring it in" }
                }
            }
        })
        .show(view))
}

fn answer(n_accounts: usize, demand: &[Standing]) -> Markup {
    let of = |is: fn(Stand) -> bool| {
        let mut accounts: Vec<_> = demand
            .iter()
            .filter(|standing| is(standing.stand))
            .map(|standing| standing.hold.account)
            .collect();
        accounts.sort();
        accounts.dedup();
        accounts.len() as u64
    };
    let n_stuck = of(|stand| stand == Stand::Stuck);
    let n_trying = of(|stand| matches!(stand, Stand::Trying { .. }));
    html! {
        (counted(n_accounts as u64, "organisation", "organisations")) ": " (counted(n_stuck, "is", "are")) " stuck with nothing under way, in "
        (n_trying) " something is being tried."
    }
}

/// One friction, over all accounts.
struct Row<'a> {
    friction: &'a str,
    n_stuck: usize,
    n_trying: usize,
    n_gone: usize,
    next: Option<&'a Next>,
}

/// The frictions, those that hold up most accounts first.
fn rows(demand: &[Standing]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row> = Vec::new();
    for standing in demand {
        let at = rows.iter().position(|row| row.friction == standing.friction);
        let at = at.unwrap_or_else(|| {
            rows.push(Row { friction: &standing.friction, n_stuck: 0, n_trying: 0, n_gone: 0, next: None });
            rows.len() - 1
        });
        match standing.stand {
            Stand::Stuck => rows[at].n_stuck += 1,
            Stand::Trying { .. } => rows[at].n_trying += 1,
            Stand::Gone => rows[at].n_gone += 1,
        }
        rows[at].next = rows[at].next.or(standing.next.as_ref());
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.n_stuck + row.n_trying), row.friction.to_owned()));
    rows
}

/// The pipeline of demand, by friction: no calls are counted, nor visits.
fn pipeline(demand: &[Standing]) -> Markup {
    let rows = rows(demand);
    let Some(first) = rows.first() else {
        return html! { p.empty { "Nothing is written down yet of what they are stuck on. Open one of them below." } };
    };
    let n_held = first.n_stuck + first.n_trying;
    let title = format!("Most often: {} ({n_held})", first.friction);
    let bar = |row: &Row| Ranked {
        name: row.friction.to_owned(),
        value: (row.n_stuck + row.n_trying) as f64,
        tone: if row.n_trying > 0 { Tone::Pull } else { Tone::Quiet },
    };
    let ranked = rows.iter().filter(|row| row.n_stuck + row.n_trying > 0).map(bar).collect();
    let picture = Ranking { x: Axis::number("Accounts held up by it"), ranked };
    html! {
        (picture.chart(title).figure(&Downloads::Inside))
        table.list.folds {
            thead { tr { th scope="col" { "They are stuck on" } th.figure scope="col" { "Stuck" } th.figure scope="col" { "Being tried" }
                th.figure scope="col" { "Gone" } th scope="col" { "What is next" } th scope="col" { "Our change for it" } } }
            tbody { @for row in &rows { tr {
                td { (row.friction) }
                td.figure data-th="Stuck" { (row.n_stuck) }
                td.figure data-th="Being tried" { (row.n_trying) }
                td.figure data-th="Gone" { (row.n_gone) }
                td data-th="What is next" { @if let Some(next) = row.next { (next.name) } @else { "–" } }
                td data-th="Our change for it" { @if let Some(next) = row.next.filter(|next| !next.offers.is_empty()) { (offer::links(&next.offers)) } @else { "–" } }
            } } }
        }
    }
}

fn by_account(view: &View, accounts: &[Account], demand: &[Standing]) -> Markup {
    html! {
        section {
            h2 { "By organisation" }
            table.list.folds {
                thead { tr { th scope="col" { "Organisation" } th scope="col" { "Stuck on" } th scope="col" { "What is next" } } }
                tbody { @for account in accounts {
                    @let of_it: Vec<&Standing> = demand.iter().filter(|standing| standing.hold.account == account.id && standing.stand != Stand::Gone).collect();
                    tr {
                        td { a href={ "/accounts/" (account.slug) } { (account.name) } }
                        td data-th="Stuck on" { @for (place, standing) in of_it.iter().enumerate() { @if place > 0 { "; " } (standing.friction) } @if of_it.is_empty() { "–" } }
                        td data-th="What is next" { @if let Some(standing) = of_it.first() { (one::what_next(view, standing)) } @else { "–" } }
                    }
                } }
            }
        }
    }
}
