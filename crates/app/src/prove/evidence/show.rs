//! An evidence record on the terminal: the verdict first, then what it rests on.

use comfy_table::{CellAlignment, Table, presets};
use traction_domain::prove::{Evidence, Figures, Held, Question};
use traction_stats::uncertainty::Estimate;

/// The record as text.
pub fn text(evidence: &Evidence, question: &Question) -> String {
    let mut parts = vec![evidence.verdict.says.clone()];
    if let Some(effects) = &evidence.effects {
        let mut rows = vec![("overall".to_owned(), &effects.overall)];
        rows.extend(effects.by_exposure.each.iter().map(|part| (distance(part.at), &part.effect)));
        rows.extend(effects.by_start.each.iter().map(|part| (format!("started {}", part.at), &part.effect)));
        rows.extend(effects.by_period.each.iter().map(|part| (format!("in {}", part.at), &part.effect)));
        parts.push(table(&format!("effect on {}", question.outcome), &rows));
    }
    parts.push(format!("Method: {}", evidence.design.why));
    for check in &evidence.checks {
        let mark = match check.held {
            Held::Yes => "holds",
            Held::No => "does not hold",
            Held::Untested => "open",
        };
        let test = check
            .test
            .map(|test| format!(" (W = {:.2}, {} numbers, p = {:.3})", test.statistic, test.df, test.p));
        parts.push(format!("Check, {mark}: {}{}", check.says, test.unwrap_or_default()));
    }
    let source = &evidence.source;
    parts.push(format!(
        "Data: {} rows, {} units, {} periods, {} never started; SHA-256 {}.",
        source.n_rows, source.n_units, source.n_periods, source.n_never, source.sha256
    ));
    parts.extend(
        source.left_out.iter().map(|left| format!("Left out: {} {}; {}.", left.count, left.what, left.why)),
    );
    parts.join("\n\n")
}

/// Time since the start in words.
pub fn distance(exposure: i64) -> String {
    match exposure {
        0 => "at the start".to_owned(),
        e if e < 0 => format!("{} before", -e),
        e => format!("{e} after"),
    }
}

fn table(effect: &str, rows: &[(String, &Estimate)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["", effect, "error", "low", "high", "p"]);
    for (name, estimate) in rows {
        table.add_row([vec![name.clone()], numbers(estimate)].concat());
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.trim_fmt()
}

/// Estimate, error, interval and p, each to the digits it can bear.
pub fn numbers(estimate: &Estimate) -> Vec<String> {
    let Some(interval) = estimate.interval() else {
        return vec![
            format!("{:.4}", estimate.value),
            "not known".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ];
    };
    // One digit more than a sentence bears: a table is for comparing.
    let figures = Figures::of(interval.se_used / 10.0);
    vec![
        figures.say(estimate.value),
        figures.say(interval.se),
        figures.say(interval.low),
        figures.say(interval.high),
        if interval.p < 0.001 { "below 0.001".to_owned() } else { format!("{:.3}", interval.p) },
    ]
}
