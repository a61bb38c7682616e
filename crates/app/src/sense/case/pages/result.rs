//! What several people say together: where they see it differently, as a picture; what that makes of the case; what to try.

use maud::{Markup, html};
use traction_domain::sense::diagnosis::{
    Concord, Heard, Hearing, Model, OnFriction, OnSign, Suspect, ranked,
};
use traction_domain::sense::playbook::{Playbook, RemedyNo};

use crate::sense::account::demand;
use crate::sense::account::store::Account;
use crate::sense::case::store::Case;
use crate::sense::diagnosis::{self, pages as conversation, says, together};
use crate::sense::trial;
use crate::sense::trial::store::Trial;
use crate::trouble::Trouble;
use crate::web::charts::{Axis, Downloads, Ranked, Ranking, Tone};
use crate::web::{View, counted};

/// Suspects in the picture.
const N_BARS: usize = 8;
/// Questions in the picture.
const N_SIGNS: usize = 12;

/// What a result is about.
pub struct About<'a> {
    /// The case.
    pub case: &'a Case,
    /// What was asked by.
    pub playbook: &'a Playbook,
    /// What was tried.
    pub trials: &'a [Trial],
    /// The customer it is about.
    pub account: Option<&'a Account>,
}

/// The result of a case.
pub async fn shown(view: &View, about: &About<'_>, heard: &Heard) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let playbook = about.playbook;
    let learnt = diagnosis::store::learnt(sql, playbook).await?;
    let offers = demand::offers(sql).await?;
    let model = Model::new(playbook, &learnt);
    let pooled = together::pooled(heard);
    let tried: Vec<RemedyNo> =
        about.trials.iter().filter_map(|trial| playbook.remedy_named(&trial.remedy)).collect();
    let advice = ranked(&model, &pooled, &tried);
    Ok(html! {
        section {
            h2 { "Where they see it differently" }
            (by_sign(playbook, heard))
            (by_friction(playbook, heard))
        }
        @if let Some(account) = about.account { (stuck_on(playbook, account, heard)) }
        @if let Some(first) = advice.first() {
            (conversation::do_first(playbook, &advice, first, &offers))
            @if let Some(helps) = first.helps.first() {
                (trial::pages::begin(playbook, first.remedy, helps.friction, &format!("/cases/{}/trials", about.case.id), ""))
            }
        }
        @if heard.n_left_out > 0 { p.meta { (heard.n_left_out) " are not counted: they would stand out." } }
    })
}

/// The questions by how differently they were answered. Of closed voices nothing is drawn but whether they differ.
fn by_sign(playbook: &Playbook, heard: &Heard) -> Markup {
    let divided: Vec<&OnSign> = heard.signs.iter().filter(|on| on.concord == Concord::Divided).collect();
    html! {
        @if divided.is_empty() { p.empty { "Nowhere, as far as can be told." } }
        @else {
            p { "Talk about these first; the disagreement is often the obstacle itself." }
            ul { @for on in &divided { li {
                (playbook.sign(on.sign).ask)
                @if let Some(said) = together::said(playbook, on) { " " b { (said) } }
            } } }
        }
        @if heard.hearing == Hearing::Open { (apart(playbook, heard)) }
    }
}

fn apart(playbook: &Playbook, heard: &Heard) -> Markup {
    let exact = |on: &OnSign| on.exact.as_ref().map(|(agreement, _)| (on.sign, on.concord, 1.0 - agreement));
    let mut signs: Vec<_> = heard.signs.iter().filter_map(exact).collect();
    signs.sort_by(|one, other| other.2.total_cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
    let n_divided = signs.iter().filter(|(_, concord, _)| *concord == Concord::Divided).count();
    let title = format!(
        "They are divided over {n_divided} of {}",
        counted(signs.len() as u64, "question", "questions")
    );
    let ranked = signs.into_iter().take(N_SIGNS).map(|(sign, concord, apart)| Ranked {
        name: playbook.sign(sign).ask.clone(),
        value: apart * 100.0,
        tone: tone(concord),
    });
    let x = Axis::number("Pairs of people who answered otherwise, %");
    Ranking { x, ranked: ranked.collect() }.chart(title).figure(&Downloads::Inside)
}

/// The frictions by their probability; a bar's name says whether they see it alike.
fn by_friction(playbook: &Playbook, heard: &Heard) -> Markup {
    let name = |on: &OnFriction| match on.concord {
        Concord::Divided => format!("{} (divided)", says::suspect(playbook, on.suspect)),
        Concord::Agree | Concord::TooFew => says::suspect(playbook, on.suspect).to_owned(),
    };
    let bar = |on: &OnFriction| Ranked { name: name(on), value: on.share * 100.0, tone: tone(on.concord) };
    let title = match heard.suspects.first() {
        Some(first) => format!("{}: {}", says::suspect(playbook, first.suspect), says::percent(first.share)),
        None => "Nothing is told".to_owned(),
    };
    let ranked = heard.suspects.iter().take(N_BARS).map(bar).collect();
    let picture = Ranking { x: Axis::number("Probability that it holds the case up, %"), ranked };
    html! {
        (picture.chart(title).figure(&Downloads::Inside))
        table.list tabindex="0" {
            thead { tr { th scope="col" { "What holds it up" } th.figure scope="col" { "Probability" } th scope="col" { "How they see it" }
                @if heard.hearing == Hearing::Open { th.figure scope="col" { "Two of them apart, points" } } } }
            tbody { @for on in &heard.suspects { tr {
                td { (says::suspect(playbook, on.suspect)) }
                td.figure { (says::percent(on.share)) }
                td { (together::concord(on.concord)) }
                @if heard.hearing == Hearing::Open { td.figure { @if let Some(apart) = on.apart { (format!("{:.0}", apart * 100.0)) } } }
            } } }
        }
    }
}

fn tone(concord: Concord) -> Tone {
    match concord {
        Concord::Divided => Tone::Push,
        Concord::Agree => Tone::Pull,
        Concord::TooFew => Tone::Quiet,
    }
}

/// The way to write down for the account what its people say holds them up.
fn stuck_on(playbook: &Playbook, account: &Account, heard: &Heard) -> Markup {
    let first = heard.suspects.iter().find_map(|on| match on.suspect {
        Suspect::Friction(friction) => Some(playbook.friction(friction)),
        Suspect::SomethingElse => None,
    });
    html! {
        @if let Some(friction) = first {
            form.row method="post" action={ "/accounts/" (account.slug) "/holds" } {
                input type="hidden" name="friction" value={ (playbook.edition.id) "/" (friction.key) };
                button.button.quiet { "Write down that " (account.name) " is stuck on: " (friction.name) }
            }
        }
    }
}
