//! An evidence record on the terminal: the verdict first, then what it rests on.

use comfy_table::{CellAlignment, Table, presets};
use traction_domain::prove::{Band, CheckName, Choice, Figures, in_percent};
use traction_domain::words::counted;
use traction_stats::effect::Base;

use super::further;
use super::record::{CheckJson, EstimateJson, EvidenceJson};

/// What is said before further looks.
pub const EXPLORATORY: &str = "Further looks, exploratory: they were not what was settled beforehand, and take no part in \
                               the verdict.";

/// That starts lie between two observed periods, and which counts: it belongs beside the answer, since where a period stands
/// for the time after it, the answer is of other periods than meant.
pub fn between(record: &EvidenceJson) -> Option<&str> {
    let word = CheckName::StartsBetween.word();
    record.checks.iter().find(|check| check.name == word).map(|check| check.says.as_str())
}

/// The record as text.
pub fn text(record: &EvidenceJson) -> String {
    let mut parts = vec![record.verdict.says.clone()];
    parts.extend(between(record).map(str::to_owned));
    let mut rows: Vec<Row<'_>> = Vec::new();
    rows.extend(record.overall.iter().map(|overall| Row::found("overall".to_owned(), overall)));
    rows.extend(by_exposure(record));
    rows.extend(by_start(record).map(|row| Row { name: format!("started {}", row.name), ..row }));
    rows.extend(by_period(record).map(|row| Row { name: format!("in {}", row.name), ..row }));
    if !rows.is_empty() {
        parts.push(table(&format!("effect on {}", record.question.outcome), &rows));
    }
    parts.extend(together(record));
    parts.extend(wider(rows.iter().map(|row| row.effect)).map(str::to_owned));
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
    parts.extend(sensitivity(record));
    let data = &record.data;
    parts.push(format!(
        "Data: {}, {}{}, {}, {} never started; SHA-256 {}.",
        counted(data.rows, "row", "rows"),
        counted(data.units, "unit", "units"),
        data.worth().map(|worth| format!(" (worth {worth:.1} of like weight)")).unwrap_or_default(),
        counted(data.periods, "period", "periods"),
        data.never,
        data.sha256
    ));
    parts.extend(
        data.left_out.iter().map(|left| format!("Left out: {} {}: {}.", left.count, left.what, left.why)),
    );
    parts.join("\n\n")
}

/// A row of a table of effects.
pub struct Row<'a> {
    /// What it is of.
    pub name: String,
    /// The effect.
    pub effect: &'a EstimateJson,
    /// What the number is.
    is: Number,
}

/// What a number in a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    /// It was found.
    Found,
    /// It is 0, because others are measured from there.
    Base,
}

impl<'a> Row<'a> {
    /// An effect that was found.
    pub fn found(name: String, effect: &'a EstimateJson) -> Self {
        Row { name, effect, is: Number::Found }
    }

    /// An effect at so much time since the start.
    fn at(record: &EvidenceJson, exposure: i64, name: String, effect: &'a EstimateJson) -> Self {
        let has_base = record.design.base == Base::Universal.word() && effect.se.is_none();
        let base = -1 - i64::from(record.design.anticipation);
        let is = if has_base && exposure == base { Number::Base } else { Number::Found };
        Row { name, effect, is }
    }

    /// Estimate, the error that its interval rests on, interval and p.
    pub fn cells(&self) -> Vec<String> {
        match self.is {
            Number::Found => numbers(self.effect),
            Number::Base => ["0", "the base", "", "", ""].map(str::to_owned).to_vec(),
        }
    }
}

/// The effects by time since the start.
pub fn by_exposure(record: &EvidenceJson) -> impl Iterator<Item = Row<'_>> {
    let each = record.by_exposure.iter().flat_map(|summary| &summary.each);
    each.map(|part| Row::at(record, part.exposure, distance(part.exposure), &part.effect))
}

/// The effects by start.
pub fn by_start(record: &EvidenceJson) -> impl Iterator<Item = Row<'_>> {
    let each = record.by_start.iter().flat_map(|summary| &summary.each);
    each.map(|part| Row::found(part.start.clone(), &part.effect))
}

/// The effects by period.
pub fn by_period(record: &EvidenceJson) -> impl Iterator<Item = Row<'_>> {
    let each = record.by_period.iter().flat_map(|summary| &summary.each);
    each.map(|part| Row::found(part.period.clone(), &part.effect))
}

/// The effects by start and period.
pub fn by_cell(record: &EvidenceJson) -> impl Iterator<Item = Row<'_>> {
    let name = |start: &str, period: &str| format!("{start} in {period}");
    let cells = record.group_time.iter().flatten();
    cells.map(move |cell| Row::at(record, cell.exposure, name(&cell.start, &cell.period), &cell.effect))
}

/// The test behind a check, in brackets, where there was one.
pub fn test(check: &CheckJson) -> Option<String> {
    // Some sentences tell the p-value themselves.
    let is_told = |says: &str| says.contains("p = ") || says.contains("p below ");
    let p = check.p.filter(|_| !is_told(&check.says))?;
    Some(match check.statistic.zip(check.df) {
        Some((statistic, df)) => {
            format!(" (W = {statistic:.2}, {}, {})", counted(df, "number", "numbers"), p_said(p))
        }
        None => format!(" ({})", p_said(p)),
    })
}

/// Says that intervals of parts hold all together, where they do: the p-value beside one does not.
pub fn together(record: &EvidenceJson) -> Option<String> {
    let is_together = record.design.band.as_deref() == Some(Band::Simultaneous.word());
    is_together.then(|| {
        let level = in_percent(record.design.level);
        format!(
            "Intervals of starts, periods and times since the start are bands: those of one kind hold all together, {level} % \
             of the time. The interval over all, and every p-value, is of one number by itself; so a p-value below 0.05 \
             may stand beside a band that holds 0."
        )
    })
}

/// Says that errors are longer than the plain ones, where some are.
pub fn wider<'a>(mut effects: impl Iterator<Item = &'a EstimateJson>) -> Option<&'static str> {
    let is_wider =
        |effect: &EstimateJson| effect.se.zip(effect.se_used).is_some_and(|(se, used)| used > se * 1.000_5);
    effects.any(is_wider).then_some(
        "Errors are those that interval and p-value rest on: some are longer than by the plain formula (se in the record), \
         which is too short where few units carry a number.",
    )
}

/// The intervals that hold although trends part, as tables.
fn sensitivity(record: &EvidenceJson) -> Vec<String> {
    let tables = further::PARTINGS.iter().filter_map(|(kind, first)| {
        let rows: Vec<[String; 3]> = further::partings(record, kind).collect();
        (!rows.is_empty()).then(|| {
            let mut table = Table::new();
            table.load_style(presets::NOTHING).set_header(["at most", "low", "high"]);
            rows.iter().for_each(|row| {
                table.add_row(row);
            });
            table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
            format!(
                "{first}; the mean effect by time since the start then lies from low to high:\n{}",
                table.trim_fmt()
            )
        })
    });
    tables.collect()
}

/// Time since the start in words.
fn distance(exposure: i64) -> String {
    match exposure {
        0 => "at the start".to_owned(),
        e if e < 0 => format!("{} before", -e),
        e => format!("{e} after"),
    }
}

fn table(effect: &str, rows: &[Row<'_>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["", effect, "error", "low", "high", "p"]);
    for row in rows {
        table.add_row([vec![row.name.clone()], row.cells()].concat());
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.trim_fmt()
}

/// A number whose error is not known, with a true minus sign.
fn plain(number: f64) -> String {
    let nothing = number.abs() < 0.000_05;
    if nothing { "0".to_owned() } else { format!("{number:.4}").replace('-', "\u{2212}") }
}

/// Estimate, the error that its interval rests on, interval and p, each to the digits it can bear.
pub fn numbers(effect: &EstimateJson) -> Vec<String> {
    let nothing = String::new;
    let Some((se, p)) = effect.se_used.or(effect.se).zip(effect.p) else {
        return vec![plain(effect.estimate), "not known".to_owned(), nothing(), nothing(), nothing()];
    };
    // One digit more than a sentence bears: a table is for comparing.
    let figures = Figures::of(se / 10.0);
    let end = |end: Option<f64>| end.map_or_else(|| "open".to_owned(), |end| figures.say(end));
    vec![figures.say(effect.estimate), figures.say(se), end(effect.low), end(effect.high), self::p(p)]
}

/// A p-value in a sentence.
fn p_said(p: f64) -> String {
    if p < 0.001 { "p below 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// A p-value in a table.
pub fn p(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}
