//! Applying on the call of a wave: three fields, kept as a draft as long as one likes, sent when they are ready.

use maud::{Markup, html};
use traction_domain::contend::application as rules;
use traction_domain::contend::application::draft::Draft;
use traction_domain::id::UnitId;
use traction_domain::offer::wave::WavePhase;
use traction_domain::refusal::Refusal;

use crate::contend::application::store::Application;
use crate::contend::application::{pages, run};
use crate::contend::draft;
use crate::contend::draft::store::Kept;
use crate::contend::policy::own;
use crate::contend::wave::pages::{call, href};
use crate::contend::wave::standing::Called;
use crate::grant::slot;
use crate::grant::slot::store::Slot;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::org::unit;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Path, View, again, lead_on, when};

/// Of how many of one's own units it is told where they would stand.
const MOST_TOLD: usize = 4;

/// What a call says of the reader's own units.
pub struct Own {
    /// What they have applied with or begun, and the form for those that have not applied.
    pub form: Markup,
    /// Where those that have not applied would stand.
    pub would_stand: Markup,
}

/// Reads what a call says of the reader's own units.
pub async fn section(
    view: &View,
    change: &Change,
    called: &Called,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Result<Own, Trouble> {
    let sql = view.world.store().read();
    let speaks_for = |unit: UnitId| view.who.as_ref().is_some_and(|who| who.speaks_for(unit));
    let leads = |unit: UnitId| view.who.as_ref().is_some_and(|who| who.leads(unit));
    let all = || called.contenders.iter().chain(&called.beside);
    let mut mine: Vec<(&Application, Markup)> = Vec::new();
    for application in called.contenders.iter().filter(|one| leads(one.unit)) {
        let stands = match called.drawn {
            None if called.promised.is_some() => own::sentence(view, &called.wave, application.unit).await?,
            _ => html! {},
        };
        mine.push((application, stands));
    }
    for application in called.beside.iter().filter(|one| leads(one.unit)) {
        mine.push((application, pages::beside(view, &called.wave, application).await?));
    }
    let slots = match mine.is_empty() || called.drawn.is_none() {
        true => vec![],
        false => slot::store::of_wave(sql, called.wave.id).await?,
    };
    let phase = called.wave.phase(view.now);
    let is_open = phase == WavePhase::Open;
    let is_over = matches!(phase, WavePhase::Closed | WavePhase::Cancelled);
    let mut open: Vec<(UnitId, String)> = Vec::new();
    let mut holding: Vec<Slot> = Vec::new();
    let mut kept: Vec<Kept> = Vec::new();
    if !is_over && view.who.is_some() {
        let contends = |unit: UnitId| all().any(|one| one.unit == unit);
        for unit in view.who.as_ref().map(|who| who.led()).unwrap_or_default() {
            holding.extend(slot::store::held(sql, change.id, unit, view.now).await?);
        }
        let holds = |unit: UnitId| holding.iter().any(|slot| slot.unit == unit);
        let units = unit::store::all(sql).await?;
        open = units
            .into_iter()
            .filter(|unit| speaks_for(unit.id) && !contends(unit.id) && !holds(unit.id))
            .map(|unit| (unit.id, unit.name))
            .collect();
        // One's own first: an administrator may speak for any, and rarely does.
        open.sort_by_key(|(unit, _)| !leads(*unit));
        kept = draft::store::of_wave(sql, called.wave.id).await?;
        kept.retain(|kept| leads(kept.unit) && !contends(kept.unit) && !holds(kept.unit));
    }
    // Of one's own units: where each would stand, before one applies.
    let mut would_stand: Vec<(UnitId, &str, Markup)> = Vec::new();
    for (unit, name) in open.iter().filter(|(unit, _)| leads(*unit)).take(MOST_TOLD) {
        would_stand.push((*unit, name, own::sentence(view, &called.wave, *unit).await?));
    }
    let without: Vec<&Slot> =
        holding.iter().filter(|slot| mine.iter().all(|(one, _)| one.unit != slot.unit)).collect();
    let is_one = would_stand.len() == 1;
    let would_stand = html! {
        @for (unit, name, stands) in would_stand.iter().filter(|(_, _, stands)| !stands.0.is_empty()) {
            details id={ "stands-" (unit) } open[is_one] { summary { "Where " (name) " would stand" } (stands) }
        }
    };
    let form = html! {
        @for (application, beside) in &mine { (pages::own(view, application, beside, called, &slots, is_open)) }
        @if !is_over && (mine.is_empty() || !open.is_empty()) {
            section #apply {
                h2 { "Contend for a slot" }
                @if view.who.is_none() {
                    p { "The lead of a unit applies for it. " a href="/sign-in" { "Sign in" } " to do so." }
                } @else if open.is_empty() && !without.is_empty() {
                    @for slot in &without {
                        p { (slot.unit_name) " has it already: " a href={ "/slots/" (slot.id) } { "its slot" } ". There is nothing left to contend for." }
                    }
                } @else if open.is_empty() {
                    p { "The lead of a unit applies for it; ask yours to." }
                } @else {
                    (form(view, change, called, &open, &kept, filled, refused))
                }
            }
        }
    };
    Ok(Own { form, would_stand })
}

fn form(
    view: &View,
    change: &Change,
    called: &Called,
    open: &[(UnitId, String)],
    kept: &[Kept],
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Markup {
    let is_open = called.wave.phase(view.now) == WavePhase::Open;
    let begun =
        if filled.text("pain").is_empty() && refused.is_none() { draft_to_show(kept, filled) } else { None };
    let from_draft = begun.map(|kept| as_filled(kept, &called.wave.pledge));
    let fresh =
        Filled::with([("pledge", called.wave.pledge.clone()), ("unit", filled.text("unit").to_owned())]);
    let is_fresh = filled.text("pain").is_empty() && refused.is_none();
    let shown = from_draft.as_ref().unwrap_or(if is_fresh { &fresh } else { filled });
    let form = Form::new(shown, refused);
    let choices: Vec<(String, String)> =
        open.iter().map(|(unit, name)| (unit.to_string(), name.clone())).collect();
    let own_pledge = !["", called.wave.pledge.as_str()].contains(&shown.text("pledge").trim());
    html! {
        @for kept in kept {
            p.notice {
                (name(open, kept.unit)) " began to write " (when::relative(view, kept.kept_at)) ". That contends for nothing until it is sent."
                @if begun.is_none_or(|begun| begun.unit != kept.unit) {
                    " " a href={ (href(change, called.wave.n)) "?unit=" (kept.unit) "#apply" } { "Go on with it" }
                }
            }
        }
        form.stack method="post" action={ (href(change, called.wave.n)) "/applications" } {
            @match choices.as_slice() {
                [(unit, name)] => { p { "For " strong { (name) } input type="hidden" name="unit" value=(unit); } }
                _ => (form.choice("unit", "For which unit?", "", &choices)),
            }
            (form.area("pain", "What hurts today?", "What the change would take away."))
            (form.area("aim", "What do you want to reach?", ""))
            (form.line("owner", "Who in the unit answers for it?", "A name."))
            p { "By applying, the unit pledges: " (called.wave.pledge) }
            details #own-pledge open[own_pledge] {
                summary { "Pledge it in your own words" }
                (form.area("pledge", "What does the unit pledge?", "Empty: what is asked."))
            }
            div.act {
                @if is_open { button.button name="then" value="send" { "Apply" } }
                button.button.quiet name="then" value="keep" { "Save for later" }
                @if begun.is_some() { button.button.quiet name="then" value="drop" { "Throw the draft away" } }
            }
            @if !is_open { p.meta { "Applications open " (when::relative(view, called.wave.opens_at)) "; what you save waits here until you send it." } }
        }
    }
}

fn name(open: &[(UnitId, String)], unit: UnitId) -> &str {
    open.iter().find(|(other, _)| *other == unit).map_or("Your unit", |(_, name)| name)
}

/// The draft that the form begins with: that of the unit asked for, else the one kept last.
fn draft_to_show<'a>(kept: &'a [Kept], filled: &Filled) -> Option<&'a Kept> {
    match filled.text("unit") {
        "" => kept.last(),
        asked => kept.iter().find(|kept| kept.unit.to_string() == asked),
    }
}

fn as_filled(kept: &Kept, asked_pledge: &str) -> Filled {
    let Draft { pain, aim, owner, pledge } = kept.draft.clone();
    let pledge = if pledge.is_empty() { asked_pledge.to_owned() } else { pledge };
    let unit = kept.unit.to_string();
    Filled::with([("unit", unit), ("pain", pain), ("aim", aim), ("owner", owner), ("pledge", pledge)])
}

/// `POST /changes/{change}/waves/{n}/applications`: sends it, keeps it for later, or throws a draft away.
pub async fn apply(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    match lead_on(apply_filled(&view, &change, n, &filled).await, |onward| onward)? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(call(&view, &change, n, &filled, Some(refused.as_ref())).await),
    }
}

async fn apply_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<String, Trouble> {
    let who = view.signed_in()?;
    let (world, sql) = (&view.world, view.world.store().read());
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let unit: UnitId = filled.parsed("unit", "a unit; choose one from the list")?;
    let text = |field| filled.text(field);
    let pledge = pages::pledge(text("pledge"), &wave);
    let onward = href(&change, n);
    match text("then") {
        "keep" => {
            let draft = Draft::written(text("pain"), text("aim"), text("owner"), pledge)?;
            run::keep(world, who, &wave, unit, &draft).await?;
            Ok(format!("{onward}?unit={unit}#apply"))
        }
        "drop" => {
            draft::verbs::drop(world, who, &wave, unit).await?;
            Ok(onward)
        }
        _ => {
            let written = rules::Application::written(text("pain"), text("aim"), text("owner"), pledge)?;
            run::apply(world, who, &wave, unit, &written).await?;
            Ok(onward)
        }
    }
}
