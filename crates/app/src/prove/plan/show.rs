//! A plan in words and small tables: on the terminal, and the same rows on a page.

use comfy_table::{CellAlignment, Table, presets};
use traction_domain::prove::Figures;
use traction_domain::prove::plan::{self as rules, Both, Detects, Instead, Played, PlayedWith, ReadWith};
use traction_stats::power::simulation::{Point, Smallest};
use traction_stats::uncertainty::{Law, MANY_UNITS};

use traction_domain::words::counted;

use super::verbs::{ASSUMED_ICC, Planned, VarianceOf};

/// One line of figures, a cell for each way in which effects unfold.
pub struct Line<const N: usize> {
    /// What it is.
    pub what: String,
    /// The figures.
    pub cells: [String; N],
}

/// The plan as text.
pub fn text(planned: &Planned) -> String {
    let mut parts = vec![rules::says(&planned.plan, &planned.measure)];
    parts.extend(rules::buys(&planned.plan, &planned.measure));
    parts
        .extend(played(planned).map(|lines| table(["played", "there at once", "growing", "fading"], &lines)));
    parts.push(table(["by formula, at best", "there at once", "may grow or fade"], &by_formula(planned)));
    parts.extend(notes(planned));
    parts.join("\n\n")
}

fn table<const N: usize, const M: usize>(headings: [&str; M], lines: &[Line<N>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(headings);
    for line in lines {
        table.add_row(std::iter::once(&line.what).chain(&line.cells));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// What was played, each figure with its error from having played so often and no more; all effects to the same digits.
pub fn played(planned: &Planned) -> Option<Vec<Line<3>>> {
    let plan = &planned.plan;
    let played = plan.played.as_ref()?;
    let found = played.as_planned.each();
    let errors = found.iter().filter_map(|shape| shape.smallest.as_ref()).map(|smallest| smallest.error);
    let least = errors.fold(f64::INFINITY, f64::min);
    let figures = Figures::of(if least.is_finite() { least } else { plan.formula.constant.se });
    let effect = |smallest: &Option<Smallest>| match smallest {
        Some(smallest) => format!("{} ± {}", figures.say(smallest.effect), figures.say(smallest.error)),
        None => "none of those tried".to_owned(),
    };
    let asked = percent(plan.power.share());
    let mut lines = vec![Line {
        what: format!("Smallest effect found {asked} of the time"),
        cells: found.map(|shape| effect(&shape.smallest)),
    }];
    let others = [
        ("one more slot a wave", &played.one_more_slot),
        ("one more wave", &played.one_more_wave),
        ("a lottery among all", &played.as_lottery),
    ];
    for (with, instead) in others {
        let Some(instead) = instead else { continue };
        lines.push(Line {
            what: format!("The same with {with}"),
            cells: instead.each().map(|instead| effect(&instead.smallest)),
        });
        let gain = |instead: &Instead| match instead.gain {
            Some((gain, error)) if gain < 0.0 => {
                format!("{} ± {} more", figures.say(-gain), figures.say(error))
            }
            Some((gain, error)) => format!("{} ± {} less", figures.say(gain), figures.say(error)),
            None => "\u{2013}".to_owned(),
        };
        lines.push(Line { what: "Which differs by".to_owned(), cells: instead.each().map(gain) });
    }
    let share = |point: Option<&Point>| {
        point.map_or_else(|| "\u{2013}".to_owned(), |point| share_with_error(point.power, point.error))
    };
    if let Some(worth) = plan.worth {
        lines.push(Line {
            what: format!("An effect of {worth}, worth having, is found"),
            cells: found.map(|shape| share(shape.for_worth.as_ref())),
        });
    }
    lines.push(Line {
        what: "No effect at all is taken for one".to_owned(),
        cells: found.map(|shape| share(shape.points.first())),
    });
    Some(lines)
}

/// "63 ± 5 %".
fn share_with_error(share: f64, error: f64) -> String {
    format!("{:.0} ± {:.0} %", 100.0 * share, (100.0 * error).ceil())
}

/// The figures by formula, all effects to the same digits.
pub fn by_formula(planned: &Planned) -> Vec<Line<2>> {
    let plan = &planned.plan;
    let figures = Figures::of(plan.formula.constant.se);
    let asked = percent(plan.power.share());
    let smallest = |what: String, found: &Both<Detects>| {
        let say = |detects: Detects| figures.say(detects.smallest);
        let growing = found.growing.map_or_else(|| "cannot be told".to_owned(), say);
        Line { what, cells: [say(found.constant), growing] }
    };
    let mut lines = vec![smallest(format!("Smallest effect found {asked} of the time"), &plan.formula)];
    let with = |with: &str| format!("The same with {with}");
    lines.extend(plan.one_more_slot.as_ref().map(|more| smallest(with("one more slot a wave"), more)));
    lines.extend(plan.one_more_wave.as_ref().map(|more| smallest(with("one more wave"), more)));
    if let (Some(worth), Some(constant)) = (plan.worth, plan.formula.constant.for_worth) {
        let growing = plan.formula.growing.and_then(|growing| growing.for_worth);
        let growing = growing.map_or_else(|| "cannot be told".to_owned(), percent);
        let what = format!("An effect of {worth}, worth having, is found");
        lines.push(Line { what, cells: [percent(constant), growing] });
    }
    lines
}

/// What the figures rest on, a sentence or two each.
pub fn notes(planned: &Planned) -> Vec<String> {
    let plan = &planned.plan;
    let mut notes = vec![priority(planned)];
    notes.extend(cap(planned));
    notes.extend(plan.played.as_ref().map(|played| how_played(planned, played)));
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

/// What the cap costs, where there is one.
fn cap(planned: &Planned) -> Option<String> {
    let priority = planned.plan.priority;
    let without = priority.without_cap?;
    let Some(cost) = priority.cost_of_cap() else {
        return Some(
            "The most slots under one parent costs nothing: without it, too, the draws would tell nothing."
                .to_owned(),
        );
    };
    let numbers = format!("{:.2} beside {without:.2} without it", priority.information);
    Some(match (100.0 * cost).round() {
        cost if cost > 0.0 => {
            format!(
                "The most slots under one parent costs {cost:.0} % of what the draws could tell: {numbers}."
            )
        }
        cost if cost < 0.0 => {
            format!("The most slots under one parent lets the draws tell {:.0} % more: {numbers}.", -cost)
        }
        _ => format!("The most slots under one parent costs nothing of what the draws tell: {numbers}."),
    })
}

fn priority(planned: &Planned) -> String {
    let priority = planned.plan.priority;
    match (100.0 * priority.cost()).round() {
        _ if priority.information == 0.0 => {
            "Chance decides nothing in this contest: whoever starts is chosen by the order of priority, so no effect can be proved by the draw.".to_owned()
        }
        cost if cost <= 0.0 => "The order of priority costs nothing: the draws tell as much as a lottery among all would.".to_owned(),
        cost => {
            let by_formula = format!(
                "The order of priority costs {cost:.0} % of what the draws could tell: {:.2} of the {:.2} that a lottery among all would give.",
                priority.information, priority.as_lottery
            );
            let played = planned.plan.played.as_ref();
            let lost = played.and_then(|played| played.as_lottery.as_ref()?.share_of_information_lost(&played.as_planned));
            match lost {
                Some(lost) => format!(
                    "{by_formula} Played, it costs {:.0} % (by the squares of the two smallest effects that are there at once).",
                    100.0 * lost
                ),
                None => by_formula,
            }
        }
    }
}

fn how_played(planned: &Planned, played: &Played) -> String {
    let with = match played.with {
        PlayedWith::Past => "stretches of the contenders' own past",
        PlayedWith::Variance => "outcomes made by the variance",
    };
    format!(
        "Played {} times through its contest with {with}, and read by {} (seed {}); \u{b1} is the error from having played so often and no more. All schedules and all effects meet the same outcomes and the same luck. An effect that grows does so in equal steps over {}; one that fades begins whole and is gone after as many. By formula, where it may grow or fade, it is its mean that is found. The formula promises more than playing finds, because it knows every variance and uses every period: go by what was played.{}",
        played.n,
        read_by(played.read_with),
        played.seed,
        counted(played.n_changes, "period", "periods"),
        too_short_for_a_wave(planned, played),
    )
}

/// A wave more that the formula knows and that was not played.
fn too_short_for_a_wave(planned: &Planned, played: &Played) -> &'static str {
    let is_missing = planned.plan.one_more_wave.is_some() && played.one_more_wave.is_none();
    match played.with {
        PlayedWith::Past if is_missing => " One more wave was not played: the past is too short for it.",
        _ => "",
    }
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
