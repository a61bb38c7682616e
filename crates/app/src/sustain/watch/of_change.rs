//! `traction watch change SLUG`: the verdicts on a change's units.

use traction_domain::sustain::watch::Kind;

use super::judged::{self, JudgedWatch};
use crate::commands::{Done, Operator, Stop, print_table};
use crate::offer::change;

/// Prints every watch of the change, or the one of `unit`.
pub async fn run(slug: &str, unit: Option<&str>, operator: &Operator) -> Result<Done, Stop> {
    let sql = operator.world.store().read();
    let change = change::verbs::find(sql, slug).await?;
    let watches: Vec<JudgedWatch> = judged::all(sql)
        .await?
        .into_iter()
        .filter(|one| one.watch.change == change.id)
        .filter(|one| unit.is_none_or(|unit| one.watch.unit_slug.as_str() == unit))
        .collect();
    if watches.is_empty() {
        let of = unit.map_or(String::new(), |unit| format!(" in `{unit}`"));
        return Err(Stop::Input(format!(
            "nothing of `{slug}` is watched{of}; a watch begins when an owner accepts a hand-over"
        )));
    }
    let rows = watches.iter().flat_map(|one| {
        one.each().map(|(series, seen)| {
            vec![
                one.watch.unit_slug.to_string(),
                series.to_owned(),
                seen.judged.kind.word().to_owned(),
                seen.judged.says.clone(),
            ]
        })
    });
    print_table(operator.output, &["unit", "series", "verdict", "says"], rows.collect());
    let is_no = watches.iter().flat_map(JudgedWatch::each).all(|(_, seen)| seen.judged.kind == Kind::Nothing);
    if is_no { Err(Stop::No) } else { Ok(Done) }
}
