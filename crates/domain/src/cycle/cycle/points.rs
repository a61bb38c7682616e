//! Data of a cycle: a value for each of several days, typed or pasted from a spreadsheet.

use jiff::civil::Date;

use crate::cycle::cycle::CycleRefused;

/// The most values taken at once.
const MOST: usize = 400;

/// A value of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The day.
    pub date: Date,
    /// The value, in the unit of measure that the writer uses.
    pub value: f64,
}

/// Reads one `date value` a line, parted by blanks, a tab, a semicolon or a comma; a comma for the decimals is
/// understood where something else parts. Empty lines are left out. `today` is the reader's date.
pub fn points(written: &str, today: Date) -> Result<Vec<Point>, CycleRefused> {
    let mut points = Vec::new();
    for (n, raw) in written.lines().enumerate() {
        let line = n + 1;
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            continue;
        }
        let point =
            point(trimmed).ok_or_else(|| CycleRefused::NotAPoint { line, written: trimmed.to_owned() })?;
        if point.date > today {
            return Err(CycleRefused::ToCome { line, date: point.date });
        }
        points.push(point);
    }
    match points.len() {
        0 => Err(CycleRefused::NoPoints),
        n_points if n_points > MOST => Err(CycleRefused::TooMany { n_points, most: MOST }),
        _ => Ok(points),
    }
}

fn point(line: &str) -> Option<Point> {
    let (date, rest) = line.split_at(line.find([' ', '\t', ';', ','])?);
    let value = rest.trim_matches([' ', '\t', ';', ',']);
    let value: f64 = value.replace(',', ".").parse().ok()?;
    value.is_finite().then_some(())?;
    Some(Point { date: date.parse().ok()?, value })
}
