//! A plan in words and small tables: on the terminal, and the same rows on a page.

use comfy_table::{CellAlignment, Table, presets};
use traction_domain::prove::Figures;
use traction_domain::prove::plan::{self as rules, Both, Detects, Played, PlayedShape, PlayedWith, ReadWith};
use traction_stats::uncertainty::{Law, MANY_UNITS};

use traction_domain::words::counted;

use super::verbs::{ASSUMED_ICC, Planned, VarianceOf};

/// One line of figures: what, for a constant effect, for one that grows.
pub struct Line {
    /// What it is.
    pub what: String,
    /// For an effect that is there at once and stays.
    pub constant: String,
    /// For one that grows, or may grow or fade.
    pub growing: String,
}

/// The plan as text.
pub fn text(planned: &Planned) -> String {
    let mut parts = vec![rules::says(&planned.plan, &planned.measure)];
    parts.push(table(&lines(planned)));
    parts.extend(notes(planned));
    parts.join("\n\n")
}

fn table(lines: &[Line]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["", "there at once", "growing"]);
    for line in lines {
        table.add_row([&line.what, &line.constant, &line.growing]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// The figures of the plan.
pub fn lines(planned: &Planned) -> Vec<Line> {
    let plan = &planned.plan;
    let figures = Figures::of(plan.formula.constant.se);
    let asked = percent(plan.power.share());
    let smallest = |found: &Both<Detects>| Both {
        constant: figures.say(found.constant.smallest),
        growing: found.growing.map(|growing| figures.say(growing.smallest)),
    };
    let mut lines = Vec::new();
    if let Some(played) = &plan.played {
        let of = |shape: &PlayedShape| match shape.smallest {
            Some((effect, error)) => {
                let figures = rules::figures_of_played(error, figures);
                format!("{} ± {}", figures.say(effect), figures.say(error))
            }
            None => "none of those tried".to_owned(),
        };
        lines.push(Line {
            what: format!("Smallest effect found {asked} of the time, played"),
            constant: of(&played.constant),
            growing: of(&played.growing),
        });
    }
    lines.push(line(
        format!("Smallest effect found {asked} of the time, by formula"),
        smallest(&plan.formula),
    ));
    if let (Some(worth), Some(found)) = (plan.worth, plan.for_worth()) {
        let how = if plan.played.is_some() { "played" } else { "by formula" };
        let powers = Both { constant: percent(found.constant), growing: found.growing.map(percent) };
        lines.push(line(format!("An effect of {worth}, worth having, is found, {how}"), powers));
    }
    if let Some(more) = &plan.one_more_slot {
        lines.push(line("Smallest effect with one more slot a wave, by formula".into(), smallest(more)));
    }
    if let Some(more) = &plan.one_more_wave {
        lines.push(line("Smallest effect with one more wave, by formula".into(), smallest(more)));
    }
    lines
}

fn line(what: String, found: Both<String>) -> Line {
    Line {
        what,
        constant: found.constant,
        growing: found.growing.unwrap_or_else(|| "cannot be told".to_owned()),
    }
}

/// What the figures rest on, a sentence or two each.
pub fn notes(planned: &Planned) -> Vec<String> {
    let plan = &planned.plan;
    let mut notes = vec![priority(planned)];
    notes.extend(plan.played.as_ref().map(how_played));
    notes.push(variance(planned));
    let timing = &plan.waves.timing;
    let starts: Vec<String> = timing.starts.iter().map(|start| (start + 1).to_string()).collect();
    let law = match plan.test.law {
        Law::Normal if plan.waves.n_units < MANY_UNITS => {
            "the normal law, as asked, which is too sure of itself with so few units".to_owned()
        }
        Law::Normal => "the normal law".to_owned(),
        Law::Student { df } => format!("Student's law with {df} degrees of freedom, since units are few"),
    };
    notes.push(format!(
        "{}; waves start in period {}. A result counts by {law}, at the {} level.",
        counted(timing.n_periods, "period", "periods"),
        starts.join(", "),
        percent(plan.test.level.share()),
    ));
    notes.extend(planned.notes.iter().cloned());
    notes
}

fn priority(planned: &Planned) -> String {
    let priority = planned.plan.priority;
    match (100.0 * priority.cost()).round() {
        _ if priority.information == 0.0 => {
            "Chance decides nothing in this contest: whoever starts is chosen by the order of priority, so no effect can be proved by the draw.".to_owned()
        }
        cost if cost <= 0.0 => "The order of priority costs nothing: the draws tell as much as a lottery among all would.".to_owned(),
        cost => format!(
            "The order of priority costs {cost:.0} % of what the draws could tell: {:.2} of the {:.2} that a lottery among all would give.",
            priority.information, priority.as_lottery
        ),
    }
}

fn how_played(played: &Played) -> String {
    let with = match played.with {
        PlayedWith::Past => "stretches of the contenders' own past",
        PlayedWith::Variance => "outcomes made by the variance",
    };
    format!(
        "Played {} times through its contest with {with}, and read by {} (seed {}). An effect that grows does so in equal steps over {}. By formula, growing means an effect that may differ with the time since the start, and its mean. The formula promises more than playing finds, because it knows every variance and uses every period: go by what was played, and compare lines by formula with one another.",
        played.n,
        read_by(played.read_with),
        played.seed,
        counted(played.n_grows, "period", "periods")
    )
}

fn read_by(read_with: ReadWith) -> &'static str {
    match read_with {
        ReadWith::RiskSet => "comparing winners and losers of the same draw",
        ReadWith::GroupTime | ReadWith::Auto => "effects by start and period",
    }
}

fn variance(planned: &Planned) -> String {
    let variance = &planned.variance;
    let within = variance.passing + (variance.person + variance.own) / planned.n_people;
    let total = variance.lasting + within;
    let spread = format!(
        "Units differ for good by {} and from period to period by {} (standard deviations){}",
        three(variance.lasting.sqrt()),
        three(within.sqrt()),
        if variance.kept > 0.0 {
            format!(", of which {} is left a period later", percent(variance.kept))
        } else {
            String::new()
        },
    );
    match planned.variance_of {
        VarianceOf::Past { n_units, n_periods } => {
            format!(
                "{spread}, as {} did over {} before the first start.",
                counted(n_units, "unit", "units"),
                counted(n_periods, "period", "periods")
            )
        }
        VarianceOf::Given => {
            format!("{spread}, as given; {} of the spread lasts.", percent(variance.lasting / total))
        }
        VarianceOf::Assumed => format!(
            "Nothing is known of how outcomes vary: effects are in standard deviations of a unit's outcome in one period, and {} of that spread is taken to last.",
            percent(ASSUMED_ICC)
        ),
    }
}

/// Three telling digits.
fn three(number: f64) -> String {
    Figures::of(number.max(f64::MIN_POSITIVE) / 10.0).say(number)
}

/// "87 %"; never quite certain, never quite impossible.
pub fn percent(share: f64) -> String {
    match (100.0 * share).round() {
        n if n >= 100.0 => "over 99 %".to_owned(),
        n => format!("{n:.0} %"),
    }
}
