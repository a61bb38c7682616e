//! Tensions as pages: all of them with their advice, and one with its poles and rocks.

use maud::{Markup, html};
use traction_domain::id::TensionId;
use traction_domain::refusal::Refusal;
use traction_domain::sustain::tension::{LivePole, PoleProposed, Side, rock_did};

use super::live::{Live, live};
use super::store::{self, Tension};
use super::{chart, verbs};
use crate::overview::figures::Stage;
use crate::web::charts::Downloads;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// What a rock did is told over so many periods before and after it.
const N_PERIODS: usize = 6;

/// `GET /tensions`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let mut tensions = Vec::new();
    for tension in store::all(sql).await? {
        tensions.push(live(sql, tension).await?);
    }
    let may = view
        .who
        .as_ref()
        .is_some_and(|who| who.is_change_lead() || who.is_administrator() || !who.led().is_empty());
    Ok(Page::new(Stage::Sustain, "Tensions", html! {
        @if tensions.len() == 1 { "1 pair of values that need each other." } @else { (tensions.len()) " pairs of values that need each other." }
    })
    .crumb("/watches", "Is it kept?")
    .body(html! {
        @if tensions.is_empty() {
            p.empty { "When more power digs the wheels in, rock: name two things that are both right and pull against each other, say quick and careful, each with a metric. You will see which one suffers, and when to lean to the other." }
        } @else {
            ul.cards { @for one in &tensions { li {
                h2 { a href={ "/tensions/" (one.tension.id) } { (title(&one.tension)) } }
                p { (one.stands.says) }
            } } }
        }
        @if may { p { a.button href="/tensions/new" { "Name a tension" } } }
    })
    .show(&view))
}

fn title(tension: &Tension) -> String {
    let [left, right] = &tension.poles;
    let place = tension.unit_name.as_ref().map_or(String::new(), |name| format!(" in {name}"));
    format!("{} and {}{place}", left.pole.name, right.pole.name)
}

/// `GET /tensions/{tension}`
pub async fn show(view: View, Path(id): Path<TensionId>) -> Answer {
    tension_page(&view, id, &Filled::default(), None).await
}

async fn tension_page(view: &View, id: TensionId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let one = verbs::find_live(view.world.store().read(), id).await?;
    let may = view.who.as_ref().is_some_and(|who| verbs::may_decide(who, one.tension.unit));
    let form = Form::new(filled, refused);
    let to = one.focus.on.other();
    Ok(Page::new(Stage::Sustain, title(&one.tension), html! { (one.stands.says) })
        .crumb("/tensions", "Tensions")
        .body(html! {
            (form.notice())
            (chart::chart(&one).figure(&Downloads::Inside))
            section {
                h2 { "The poles" }
                table.list tabindex="0" {
                    thead { tr { th { "Pole" } th { "Good about it" } th { "Watch for" } th { "Metric" } th.figure { "Healthy" } th.figure { "Floor" } th { "Now" } } }
                    tbody {
                        (pole_row(&one, Side::Left)) (pole_row(&one, Side::Right))
                    }
                }
                @if let Some(opposed) = &one.stands.opposed { p.meta { (opposed.says) } }
            }
            @if may {
                section {
                    h2 { "Rock to " (pole_of(&one, to).name) }
                    form.stack method="post" action={ "/tensions/" (id) "/rocks" } {
                        input type="hidden" name="to" value=(store::word(to));
                        (form.line("why", "Why now?", "One line, for those who come later."))
                        button.button { "Rock" }
                    }
                }
            }
            (rocks(view, &one))
        })
        .show(view))
}

fn pole_of(one: &Live, side: Side) -> &PoleProposed {
    match side {
        Side::Left => &one.tension.poles[0].pole,
        Side::Right => &one.tension.poles[1].pole,
    }
}

fn pole_row(one: &Live, side: Side) -> Markup {
    let (kept, fares) = match side {
        Side::Left => (&one.tension.poles[0], &one.stands.left),
        Side::Right => (&one.tension.poles[1], &one.stands.right),
    };
    html! { tr {
        td { (kept.pole.name) @if one.focus.on == side { " " span.pill { "has the attention" } } }
        td { (kept.pole.upside) }
        td { (kept.pole.early_warning) }
        td { (kept.metric_name) ", " (kept.unit_of_measure) }
        td.figure { (kept.pole.healthy) }
        td.figure { (kept.pole.floor) }
        td { (fares.says) }
    } }
}

fn rocks(view: &View, one: &Live) -> Markup {
    html! {
        section {
            h2 { "What rocking did" }
            @if one.rocks.is_empty() { p.empty { "Nobody has rocked yet. A recorded rock shows here what it did to both poles." } }
            ol.story { @for rock in one.rocks.iter().rev() { li {
                "To " (pole_of(one, rock.rocked.to).name) ": " (rock.why)
                p.meta { (rock.by.as_deref().unwrap_or("Traction")) ", " (when::relative(view, rock.rocked.at)) }
                @for (kept, readings) in one.tension.poles.iter().zip(&one.readings) {
                    @let live = LivePole { pole: &kept.pole, readings };
                    @if let Some(did) = rock_did(live, rock.rocked.at, N_PERIODS, one.period) { p { (did.says) } }
                }
            } } }
        }
    }
}

/// `POST /tensions/{tension}/rocks`
pub async fn rock(view: View, Path(id): Path<TensionId>, filled: Filled) -> Answer {
    let to = if filled.text("to") == "right" { Side::Right } else { Side::Left };
    let done = verbs::rock(&view.world, view.signed_in()?, id, to, filled.text("why")).await;
    match lead_on(done, |_| format!("/tensions/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(tension_page(&view, id, &filled, Some(refused.as_ref())).await),
    }
}
