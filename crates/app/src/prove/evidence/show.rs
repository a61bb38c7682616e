//! An evidence record on the terminal: the verdict first, then what it rests on.

use comfy_table::{CellAlignment, Table, presets};
use traction_domain::prove::Figures;

use super::record::{CheckJson, EstimateJson, EvidenceJson};

/// What is said before further looks.
pub const EXPLORATORY: &str = "Further looks, exploratory: they were not what was settled beforehand, and take no part in \
                               the verdict.";

/// The record as text.
pub fn text(record: &EvidenceJson) -> String {
    let mut parts = vec![record.verdict.says.clone()];
    let mut rows: Vec<(String, &EstimateJson)> = Vec::new();
    rows.extend(record.overall.iter().map(|overall| ("overall".to_owned(), overall)));
    rows.extend(by_exposure(record));
    rows.extend(by_start(record).map(|(start, effect)| (format!("started {start}"), effect)));
    rows.extend(by_period(record).map(|(period, effect)| (format!("in {period}"), effect)));
    if !rows.is_empty() {
        parts.push(table(&format!("effect on {}", record.question.outcome), &rows));
    }
    parts.push(format!("Method: {}", record.design.why));
    parts.extend(record.on_users.iter().map(|users| users.says.clone()));
    parts.extend(record.second.iter().map(|second| second.says.clone()));
    if !record.exploratory.is_empty() {
        let looks = record.exploratory.iter().map(|look| format!("- {}", look.says));
        parts.push([EXPLORATORY.to_owned()].into_iter().chain(looks).collect::<Vec<_>>().join("\n"));
    }
    for check in &record.checks {
        let mark = match check.holds {
            Some(true) => "holds",
            Some(false) => "does not hold",
            None => "open",
        };
        parts.push(format!("Check, {mark}: {}{}", check.says, test(check).unwrap_or_default()));
    }
    let data = &record.data;
    parts.push(format!(
        "Data: {} rows, {} units, {} periods, {} never started; SHA-256 {}.",
        data.rows, data.units, data.periods, data.never, data.sha256
    ));
    parts.extend(
        data.left_out.iter().map(|left| format!("Left out: {} {}; {}.", left.count, left.what, left.why)),
    );
    parts.join("\n\n")
}

/// The effects by time since the start, each with its name.
pub fn by_exposure(record: &EvidenceJson) -> impl Iterator<Item = (String, &EstimateJson)> {
    let each = record.by_exposure.iter().flat_map(|summary| &summary.each);
    each.map(|part| (distance(part.exposure), &part.effect))
}

/// The effects by start, each with its name.
pub fn by_start(record: &EvidenceJson) -> impl Iterator<Item = (String, &EstimateJson)> {
    let each = record.by_start.iter().flat_map(|summary| &summary.each);
    each.map(|part| (part.start.clone(), &part.effect))
}

/// The effects by period, each with its name.
pub fn by_period(record: &EvidenceJson) -> impl Iterator<Item = (String, &EstimateJson)> {
    let each = record.by_period.iter().flat_map(|summary| &summary.each);
    each.map(|part| (part.period.clone(), &part.effect))
}

/// The test behind a check, in brackets, where there was one.
pub fn test(check: &CheckJson) -> Option<String> {
    // Where an effect was found, the sentence tells it with its p-value.
    let p = check.p.filter(|_| check.estimate.is_none())?;
    Some(match check.statistic.zip(check.df) {
        Some((statistic, df)) => format!(" (W = {statistic:.2}, {df} numbers, p = {p:.3})"),
        None => format!(" (p = {p:.3})"),
    })
}

/// Time since the start in words.
fn distance(exposure: i64) -> String {
    match exposure {
        0 => "at the start".to_owned(),
        e if e < 0 => format!("{} before", -e),
        e => format!("{e} after"),
    }
}

fn table(effect: &str, rows: &[(String, &EstimateJson)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["", effect, "error", "low", "high", "p"]);
    for (name, estimate) in rows {
        table.add_row([vec![name.clone()], numbers(estimate)].concat());
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.trim_fmt()
}

/// Estimate, error, interval and p, each to the digits it can bear.
pub fn numbers(effect: &EstimateJson) -> Vec<String> {
    let known = effect.se.zip(effect.low.zip(effect.high)).zip(effect.p);
    let Some(((se, (low, high)), p)) = known else {
        let nothing = String::new;
        return vec![
            format!("{:.4}", effect.estimate),
            "not known".to_owned(),
            nothing(),
            nothing(),
            nothing(),
        ];
    };
    // One digit more than a sentence bears: a table is for comparing.
    let figures = Figures::of(effect.se_used.unwrap_or(se) / 10.0);
    vec![figures.say(effect.estimate), figures.say(se), figures.say(low), figures.say(high), self::p(p)]
}

/// A p-value in a table.
pub fn p(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}
