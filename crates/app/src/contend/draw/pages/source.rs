//! Public sources of randomness on the page of a draw: named before anybody applies, their values entered, put right or
//! given up before the draw.

use maud::{Markup, html};
use traction_domain::contend::draw::PublicSource;

use super::back;
use crate::contend::draw::sources::{self, SourceWish};
use crate::contend::draw::store::{Answer as Decision, Entered, Failure, Named};
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::Called;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Path, View, when};

/// What whoever runs a change does next for a wave that closed: draw it, where every source has its value; else enter the
/// value that can be there by now; else nothing but wait.
pub fn action(view: &View, href: &str, sources: &[PublicSource]) -> Option<Markup> {
    let Some((index, source)) = sources.iter().enumerate().find(|(_, source)| source.value.is_none()) else {
        return Some(html! {
            form method="post" action={ (href) "/draw" } { button.button { "Run the draw" } }
        });
    };
    let is_there = source.due().is_none_or(|due| due <= view.now);
    is_there.then(|| {
        html! {
            a.button href={ (href) "/draw#source-" (index + 1) } { "Enter the value of " (source.name) }
        }
    })
}

/// What whoever looks may do with the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Look.
    Look,
    /// Enter values, put them right, and decide about a source that failed.
    Enter,
    /// Name sources besides.
    Name,
}

/// The sources with their values, and the forms for whoever runs the change.
pub fn section(
    view: &View,
    change: &Change,
    called: &Called,
    sources: &[Named],
    may: May,
    form: &Form<'_>,
) -> Markup {
    let href = href(change, called.wave.n);
    html! {
        @for (index, named) in sources.iter().enumerate() {
            @let action = format!("{href}/sources/{}", index + 1);
            @let source = &named.source;
            @let is_due = source.due().is_none_or(|due| due <= view.now);
            section #{ "source-" (index + 1) } {
                h2 { (source.name) }
                (published(view, named))
                @if named.entered.is_some() { (entered(view, named)) }
                @else if let Some(failure) = named.given_up() { (given_up(named, failure)) }
                @else if !is_due { p { "Its value does not exist yet; the draw waits for it." } }
                @else { p { "Its value is not entered yet; the draw waits for it." } }
                @if may != May::Look && called.drawn.is_none() && called.frozen.is_some() && is_due && named.given_up().is_none() {
                    @if named.entered.is_some() { (put_right(&action, form)) } @else { (enter(view, &action, named, form)) }
                }
            }
        }
        @if may == May::Name {
            section {
                h2 { "Name a public source of randomness" }
                p { "Then whoever kept the commitment needs to trust nobody: say, the numbers of a lottery drawn after applications close. It can be named until the first unit applies." }
                form.stack method="post" action={ (href) "/sources" } {
                    (form.line("name", "Which?", "So that anybody can look its value up: “national lottery, main numbers”."))
                    (form.line("link", "Where is its value published?", "An address that anybody can open, not one of yours: https://…"))
                    (form.input("datetime-local", "due", "When does its value come to be?", &format!("After applications close ({}).", when::exact(called.wave.closes_at, view.zone())), None))
                    button.button { "Name it" }
                }
            }
        }
    }
}

/// When and where its value is published.
fn published(view: &View, named: &Named) -> Markup {
    let source = &named.source;
    html! {
        p.meta {
            @match (source.due(), &source.when) {
                (Some(due), _) => {
                    @if due <= view.now { "Its value came to be " } @else { "Its value comes to be " }
                    (when::relative(view, due)) ", " (when::exact(due, view.zone()))
                }
                (None, Some(due)) => { (due) }
                (None, None) => "Nobody said when its value comes to be"
            }
            @if let Some(link) = &named.link { ", and is published at " a href=(link) rel="noreferrer" { (link) } }
            "."
        }
    }
}

/// A value with who entered it, what was put right since, and that nobody here compared it.
fn entered(view: &View, named: &Named) -> Markup {
    let by = |entered: &Entered| entered.by.clone().unwrap_or("whoever runs the server".into());
    html! {
        p { code { (named.source.value.as_deref().unwrap_or_default()) } }
        @if let Some(first) = &named.entered {
            p {
                "Entered by " (by(first)) ", " (when::relative(view, first.at))
                @if !named.corrections.is_empty() { ", as " code { (first.value) } }
                "."
                @for right in &named.corrections {
                    " Put right to " code { (right.entered.value) } " by " (by(&right.entered)) ", " (when::relative(view, right.entered.at)) ": " (right.why) "."
                }
                " This server compared it with nothing: "
                @match &named.link {
                    Some(link) => { "compare it with " a href=(link) rel="noreferrer" { (link) } "." }
                    None => "compare it with what the source published."
                }
            }
        }
    }
}

/// How it was decided that nothing comes of a source.
fn given_up(named: &Named, failure: &Failure) -> Markup {
    let by = failure.answer.as_ref().map(|(_, by)| by.as_str()).unwrap_or_default();
    html! {
        p.notice.trusts {
            (named.source.name) " published no value: " (failure.why) " (" (failure.asked_by_name) ", confirmed by " (by) "). "
            "It stands in the record with an empty value, and the draw goes by the server's secret and the other sources."
        }
    }
}

/// The form for a value, and the way out where none comes.
fn enter(view: &View, action: &str, named: &Named, form: &Form<'_>) -> Markup {
    html! {
        form.stack method="post" action=(action) {
            (form.line("value", "Its value", "Exactly as it is published; everybody can compare."))
            button.button { "Enter it" }
        }
        @match named.waiting() {
            Some(failure) => { (confirm(view, action, failure)) }
            None => details {
                summary { "The source published nothing?" }
                p { "Two people can decide that the wave is drawn without it. The reason and both names are published, and whoever runs the server has to be trusted where no other source is left." }
                form.stack method="post" action={ (action) "/failure" } {
                    (form.line("why", "What happened?", "Published with the draw. Somebody else who runs the change has to confirm it."))
                    button.button.quiet { "Ask to draw without it" }
                }
            }
        }
    }
}

fn confirm(view: &View, action: &str, failure: &Failure) -> Markup {
    let is_first = view.who.as_ref().and_then(|who| who.person()) == Some(failure.asked_by);
    html! {
        div.card {
            p { (failure.asked_by_name) " asks to draw without it, " (when::relative(view, failure.asked_at)) ": “" (failure.why) "”" }
            @if is_first { p.meta { "It takes two: somebody else who runs the change has to confirm it." } }
            @else { p.meta { "If you confirm it, both your names and the reason are published with the draw. Look first whether its value is there." } }
            form.act method="post" action={ (action) "/failure/answer" } {
                @if !is_first { button.button name="answer" value="confirmed" { "Confirm it" } " " }
                button.button.quiet name="answer" value="declined" { @if is_first { "Take it back" } @else { "Decline it" } }
            }
        }
    }
}

fn put_right(action: &str, form: &Form<'_>) -> Markup {
    html! {
        details {
            summary { "Mistyped?" }
            form.stack method="post" action={ (action) "/correction" } {
                (form.line("value", "Its value", "Exactly as it is published. What was entered before stays to be seen."))
                (form.line("why", "What was wrong?", "Published beside it. After the draw nothing can be put right."))
                button.button.quiet { "Put it right" }
            }
        }
    }
}

/// `POST /changes/{change}/waves/{n}/sources`
pub async fn name(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = name_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn name_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let due = filled.moment("due", view.zone())?;
    let wish = SourceWish { name: filled.text("name"), link: filled.text("link"), due };
    sources::name(&view.world, view.signed_in()?, &change, &wave, wish).await
}

/// `POST /changes/{change}/waves/{n}/sources/{source}`
pub async fn enter_value(view: View, Path(path): Path<(String, usize, usize)>, filled: Filled) -> Answer {
    step(&view, path, &filled, Step::Enter).await
}

/// `POST /changes/{change}/waves/{n}/sources/{source}/correction`
pub async fn correct(view: View, Path(path): Path<(String, usize, usize)>, filled: Filled) -> Answer {
    step(&view, path, &filled, Step::Correct).await
}

/// `POST /changes/{change}/waves/{n}/sources/{source}/failure`
pub async fn fail(view: View, Path(path): Path<(String, usize, usize)>, filled: Filled) -> Answer {
    step(&view, path, &filled, Step::Fail).await
}

/// `POST /changes/{change}/waves/{n}/sources/{source}/failure/answer`
pub async fn answer(view: View, Path(path): Path<(String, usize, usize)>, filled: Filled) -> Answer {
    step(&view, path, &filled, Step::Answer).await
}

/// What is done about one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Enter,
    Correct,
    Fail,
    Answer,
}

async fn step(
    view: &View,
    (change, n, source): (String, usize, usize),
    filled: &Filled,
    step: Step,
) -> Answer {
    let done = step_filled(view, &change, n, source, filled, step).await;
    back(view, &change, n, filled, done).await
}

async fn step_filled(
    view: &View,
    change: &str,
    n: usize,
    source: usize,
    filled: &Filled,
    step: Step,
) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let (world, who) = (&view.world, view.signed_in()?);
    let (value, why) = (filled.text("value"), filled.text("why"));
    match step {
        Step::Enter => sources::enter(world, who, &change, &wave, source, value).await,
        Step::Correct => sources::correct(world, who, &change, &wave, source, value, why).await,
        Step::Fail => sources::fail(world, who, &change, &wave, source, why).await,
        Step::Answer => {
            let decision = match filled.text("answer") {
                "confirmed" => Decision::Confirmed,
                "declined" => Decision::Declined,
                _ => {
                    return Err(filled
                        .refused("answer", "confirmed or declined; press one of the two")
                        .into());
                }
            };
            sources::answer(world, who, &change, &wave, source, decision).await
        }
    }
}
