//! Frictions as a file that can be taken in again: the columns of the import, and what else is told of them.

use traction_domain::sense::friction::FrictionState;

use crate::sense::friction::store::Friction;

/// The columns: the first eight are those of the import.
const COLUMNS: [&str; 13] = [
    "unit",
    "title",
    "times_per_week",
    "minutes",
    "people",
    "reported_at",
    "state",
    "audience",
    "friction",
    "hours_per_week",
    "hours_low",
    "hours_high",
    "owner",
];

/// The file. Frictions that count in another one are left out; their hours are in its. So are "me toos", the words of
/// answers, and who reported what: a file does not carry them.
pub fn csv(frictions: &[Friction]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for one in frictions {
        // Whoever takes the file in cannot ask whoever reported it: what came back waits for an answer.
        let state = if one.state == FrictionState::Back { FrictionState::New } else { one.state };
        let _ = writer.write_record([
            one.unit_slug.to_string(),
            defused(&one.title),
            one.burden.times_per_week.to_string(),
            one.burden.minutes.to_string(),
            one.burden.n_people.to_string(),
            one.reported_at.to_string(),
            state.word().to_owned(),
            one.audience.word().to_owned(),
            one.id.to_string(),
            one.cost.hours_per_week.to_string(),
            one.cost.low.to_string(),
            one.cost.high.to_string(),
            defused(one.owner.as_deref().unwrap_or_default()),
        ]);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Signs by which a spreadsheet takes a cell for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that no spreadsheet takes for a formula: what was typed at a kiosk is opened at a desk.
fn defused(text: &str) -> String {
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before `csv` wrote it.
pub fn as_written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text_and_comes_back_as_it_was() {
        for typed in ["=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "'=quoted", "Late results", "'t is late"] {
            let cell = defused(typed);
            assert!(!cell.starts_with(FORMULA), "{cell}");
            if !typed.starts_with("'=") {
                assert_eq!(as_written(&cell), typed);
            }
        }
    }
}
