//! Experts as pages: who helps, what those who were helped say, and what was measured in their units.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use traction_domain::id::EngagementId;
use traction_domain::refusal::Refusal;
use traction_domain::sustain::expert::{Batched, DIMENSIONS, Expert, Rated, rated, scores, shown};

use crate::org::{person, unit};
use crate::overview::figures::Stage;
use crate::sustain::expert::effects::{self, Shown};
use crate::sustain::expert::store::{self, Kept};
use crate::sustain::expert::verbs::{self, Wish};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on};

/// `GET /experts`
pub async fn list(view: View) -> Answer {
    let filled = Filled::with([("first_day", view.now.date().to_string())]);
    list_page(&view, &filled, None).await
}

/// `POST /experts`
pub async fn engage(view: View, filled: Filled) -> Answer {
    match lead_on(engage_filled(&view, &filled).await, |id| format!("/experts/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(list_page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn engage_filled(view: &View, filled: &Filled) -> Result<EngagementId, Trouble> {
    let who = view.signed_in()?;
    let wish = Wish {
        expert: filled.maybe_parsed("expert", "a person; choose one from the list")?,
        name: filled.text("name").to_owned(),
        comes_as: filled.text("comes_as").to_owned(),
        unit: filled.parsed("unit", "a unit; choose one from the list")?,
        from: filled.parsed("first_day", A_DAY)?,
    };
    verbs::engage(&view.world, who, wish).await
}

const A_DAY: &str = "a day; write it like 2026-11-22";

/// One expert's engagements belong together: by his account, or by his name.
fn key(kept: &Kept) -> String {
    match &kept.engagement.expert {
        Expert::Known(person) => person.to_string(),
        Expert::Named(name) => format!("name:{name}"),
    }
}

async fn list_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let engagements = store::all(sql).await?;
    let keyed: Vec<(String, &Kept)> = engagements.iter().map(|kept| (key(kept), kept)).collect();
    let effects = effects::of_experts(&keyed, &store::proven(sql).await?, &store::records(sql).await?);
    let reviews = store::reviews(sql).await?;
    let mut experts: BTreeMap<String, Vec<&Kept>> = BTreeMap::new();
    keyed.iter().for_each(|(key, kept)| experts.entry(key.clone()).or_default().push(kept));
    let n_now = engagements.iter().filter(|kept| kept.engagement.to.is_none()).count();
    let may = view
        .who
        .as_ref()
        .is_some_and(|who| !who.led().is_empty() || who.is_change_lead() || who.is_administrator());
    let form = if may { Some(engage_form(view, filled, refused).await?) } else { None };
    Ok(Page::new(Stage::Sustain, "Experts", html! {
        @match experts.len() { 1 => { "One expert, " } n => { (n) " experts, " } }
        @match n_now { 1 => { "one engagement" } n => { (n) " engagements" } } " going on; reviewed by the people they helped, beside what was measured there."
    })
    .crumb("/watches", "Sustain")
    .body(html! {
        @if experts.is_empty() {
            p.empty { "An expert is anybody, from inside or outside, who helps a unit for a while. Name him below; the people he helps review him, and what was measured in their units stands beside it." }
        } @else {
            table.list {
                thead { tr { th { "Expert" } th { "Helped" } th { "Reviews" } th { "Measured in those units" } } }
                tbody { @for (key, engagements) in &experts { (expert_row(engagements, &reviews, effects.get(key))) } }
            }
            p.meta { "Measured effects are drawn towards zero by what chance explains: of many experts with a unit or two each, the best and the worst are mostly luck. Units choose their experts, so this compares; it does not prove." }
        }
        @if let Some(form) = form { section { h2 { "Engage an expert" } (form) } }
    })
    .show(view))
}

fn expert_row(
    engagements: &[&Kept],
    reviews: &BTreeMap<EngagementId, Vec<Batched>>,
    effects: Option<&Vec<Shown>>,
) -> Markup {
    let of_all = rated(engagements.iter().filter_map(|kept| reviews.get(&kept.id)).map(Vec::as_slice));
    let first = engagements.first();
    html! {
        tr {
            td { @if let Some(kept) = first { (kept.expert_name) span.meta { " " (kept.comes_as) } } }
            td { @for (place, kept) in engagements.iter().enumerate() {
                @if place > 0 { ", " } a href={ "/experts/" (kept.id) } { (kept.unit_name) }
            } }
            td { (of_all.says()) }
            td {
                @match effects {
                    None => { span.meta { "nothing measured yet" } }
                    Some(effects) => { @for shown in effects { p { (effect_words(shown)) } } }
                }
            }
        }
    }
}

fn effect_words(shown: &Shown) -> String {
    let (name, unit_of_measure) = &shown.metric;
    let direction = if shown.shrunk.effect < 0.0 { "worse" } else { "better" };
    format!(
        "{name}: {:.2} {unit_of_measure} {direction} (n = {} {}; as measured {:+.2}, drawn towards zero by {:.0} %)",
        shown.shrunk.effect.abs(),
        shown.n_units,
        if shown.n_units == 1 { "unit" } else { "units" },
        shown.measured.effect,
        (1.0 - shown.shrunk.kept) * 100.0
    )
}

async fn engage_form(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let units = unit::store::all(sql).await?;
    let people = person::store::all(sql).await?;
    let form = Form::new(filled, refused);
    let none = (String::new(), "– somebody without an account –".to_owned());
    let people: Vec<(String, String)> = std::iter::once(none)
        .chain(people.into_iter().map(|person| (person.id.to_string(), person.name)))
        .collect();
    Ok(html! {
        form.stack method="post" action="/experts" {
            (form.notice())
            (form.choice("expert", "Who helps?", "", &people))
            (form.line("name", "Name, if without an account", ""))
            (form.line("comes_as", "Comes as", "Say internal improvement nurse, or consultant of Example Ltd."))
            (form.choice("unit", "Which unit?", "", &unit::pages::choices(&units)))
            (form.input("date", "first_day", "First day", "", None))
            button.button { "Engage" }
        }
    })
}

/// `GET /experts/{engagement}`
pub async fn show(view: View, Path(id): Path<EngagementId>) -> Answer {
    let filled = Filled::with([("last_day", view.now.date().to_string())]);
    engagement_page(&view, id, &filled, None).await
}

async fn engagement_page(
    view: &View,
    id: EngagementId,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let kept = verbs::find(sql, id).await?;
    let reviews = store::reviews(sql).await?.remove(&id).unwrap_or_default();
    let rating = rated([reviews.as_slice()]);
    let engagement = &kept.engagement;
    let who = view.who.as_ref();
    let may_end = engagement.to.is_none()
        && who.is_some_and(|who| who.speaks_for(engagement.unit) || who.is_change_lead());
    let may_review = match who.and_then(|who| who.person().map(|person| (who, person))) {
        Some((who, person)) => {
            who.belongs_to(engagement.unit)
                && engagement.expert != Expert::Known(person)
                && engagement.engaged_by != person
                && store::n_written(sql, id, person).await? == 0
        }
        None => false,
    };
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sustain, format!("{} for {}", kept.expert_name, kept.unit_name), html! {
        (kept.comes_as) ", from " (engagement.from)
        @match engagement.to { Some(to) => { " to " (to) } None => { " on" } } ". " (rating.says())
    })
    .crumb("/experts", "Experts")
    .body(html! {
        (form.notice())
        @if let Rated::Shown { means, .. } = rating {
            section {
                h2 { "What the people say" }
                table.list {
                    tbody { @for (dimension, mean) in DIMENSIONS.iter().zip(means) { tr {
                        td { (dimension) } td.figure { (format!("{mean:.1}")) " of 5" }
                    } } }
                }
                ul.story { @for words in shown(&reviews).iter().filter_map(|review| review.words.as_ref()) { li { "“" (words) "”" } } }
            }
        }
        @if may_review {
            section {
                h2 { "Your review" }
                p.help { "Nobody can see that it is yours: it is kept without your name and without the time. It is shown together with others, from five on." }
                form.stack method="post" action={ "/experts/" (id) "/reviews" } {
                    @for dimension in DIMENSIONS { (form.choice(dimension.word(), &sentence_of(&dimension.to_string()), "1 not at all, 5 entirely.", &scale())) }
                    (form.area("words", "Anything to add?", "May be left empty. Write nothing that tells who you are."))
                    button.button { "Send" }
                }
            }
        }
        @if may_end {
            section {
                h2 { "End the engagement" }
                form.stack method="post" action={ "/experts/" (id) "/end" } {
                    (form.input("date", "last_day", "Last day", "", None))
                    button.button.quiet { "End" }
                }
            }
        }
    })
    .show(view))
}

fn sentence_of(dimension: &str) -> String {
    let mut letters = dimension.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn scale() -> Vec<(String, String)> {
    std::iter::once((String::new(), "–".to_owned()))
        .chain((1..=5).map(|score| (score.to_string(), score.to_string())))
        .collect()
}

/// `POST /experts/{engagement}/reviews`
pub async fn review(view: View, Path(id): Path<EngagementId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match scores(given(&filled)) {
        Ok(scores) => verbs::review(&view.world, who, id, scores, filled.text("words")).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, done).await
}

/// The scores as filled in; what is no number is 0, which is on no scale.
fn given(filled: &Filled) -> [i64; 4] {
    DIMENSIONS.map(|dimension| filled.text(dimension.word()).trim().parse().unwrap_or(0))
}

/// `POST /experts/{engagement}/end`
pub async fn end(view: View, Path(id): Path<EngagementId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match filled.parsed::<Date>("last_day", A_DAY) {
        Ok(last_day) => verbs::end(&view.world, who, id, last_day).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, done).await
}

async fn back_to(view: &View, id: EngagementId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/experts/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(engagement_page(view, id, filled, Some(refused.as_ref())).await),
    }
}
