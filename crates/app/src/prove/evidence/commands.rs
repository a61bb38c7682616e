//! `traction prove FILE`: evidence from any table, without a server. `traction prove change SLUG`: of a change.
//! `traction prove again FOLDER`: a record made once more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use traction_domain::contend::draw::Record;
use traction_domain::org::who::Who;
use traction_domain::prove::{self as rules, Came, DrawnWave, Evidence, Kind, Look, Looked, Material};
use traction_domain::words::listed;
use traction_stats::panel::{Panel, Period};

use super::arguments::{Made, draw_file};
use super::files::Files;
pub use super::options::ProveOptions;
use super::panel_csv::{self, Beside, Headings};
use super::record::{CameJson, DrawJson, EvidenceJson, SettingsJson};
use super::table::{Hashed, Labels};
use super::{again, show, store, verbs};
use crate::commands::{Common, Done, Opening, Operator, Output, Stop, print_text};
use crate::offer::change;
use crate::trouble::{Broken, Trouble};

/// Units are parted by a column with at most so many different values.
const N_PARTS_MOST: usize = 20;

/// Runs it: for a table without a database, for a change with it.
pub async fn run(options: &ProveOptions, common: &Common) -> Result<Done, Stop> {
    if let Some(folder) = options.again() {
        return again::run(folder, common.output());
    }
    match options.change()? {
        Some(slug) => of_change(options, slug, &common.operator(Opening::There).await?).await,
        None => of_table(options, common.output()),
    }
}

/// Makes the record of a table, prints it, and writes it where asked. A refusal to claim is printed, and the answer
/// is "no".
pub fn of_table(options: &ProveOptions, output: Output) -> Result<Done, Stop> {
    options.roles_fit()?;
    let (wish, question) = (options.wish()?, options.question());
    let mut table = Hashed::open(&options.file)?;
    let named =
        |refused: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {refused}", options.file.display()));
    let bytes = if options.looks_once() { Vec::new() } else { table.rest()? };
    let panels = if options.looks_once() { options.panels(&mut table) } else { options.panels(&bytes[..]) };
    let (panel, also) = panels.map_err(|refused| named(&refused))?;
    let labels = options.labels(&bytes).map_err(|refused| named(&refused))?;
    let parts = parts(&panel, &labels).map_err(|refused| named(&refused))?;
    let sha256 = table.sha256()?;
    let (uses, shown) = (options.uses(&bytes)?, options.shown()?);
    let records = records(options)?;
    starts_are_there(&panel, &records)?;
    are_periods(&panel, shown.as_deref().unwrap_or_default())?;
    let draws: Vec<DrawnWave<'_>> =
        records.iter().map(|(at, drawn)| DrawnWave { at: *at, record: &drawn.record }).collect();
    let material =
        |panel, used| Material { draws: &draws, shown: shown.as_deref(), used, ..Material::of(panel) };
    let mut evidence = rules::prove(&material(&panel, uses.as_ref()), &sha256, &wish, &question);
    explore(&mut evidence, &also, &parts, |panel| material(panel, None));
    let mut record = EvidenceJson::of(&evidence, &question);
    let files: Vec<(Period, String)> = (1..).zip(&records).map(|(n, (at, _))| (*at, draw_file(n))).collect();
    let beside = Beside { used: uses.as_ref(), also: &also, labels: &labels, seen: wish.seen };
    let made = Made {
        headings: &Headings::of(&panel, &beside),
        wish: &wish,
        question: &question,
        draws: &files,
        shown: shown.as_deref(),
    };
    let panel_csv = options.out.as_ref().map(|_| panel_csv::text(&panel, &beside));
    let draws: Vec<(String, String)> = files
        .iter()
        .zip(&records)
        .map(|((_, file), (_, drawn))| (file.clone(), drawn.text.clone()))
        .collect();
    record.settings = Some(SettingsJson {
        arguments: made.arguments(),
        panel_sha256: panel_csv.as_ref().map(|csv| hex::encode(Sha256::digest(csv.as_bytes()))),
        draws: draws.iter().map(|(file, text)| DrawJson::of(file, text)).collect(),
        came: CameJson::of(Came::of(&panel)),
        starts: None,
        left_out: Vec::new(),
        blocks: None,
        order: options.order,
    });
    options.hand_out(&record, &written(&record)?, output, (panel_csv.unwrap_or_default(), draws))
}

/// Looks further, as the record's own outcome was looked at, and adds what that shows to it.
pub(super) fn explore<'a>(
    evidence: &mut Evidence,
    also: &'a [(String, Panel)],
    parts: &'a [(Looked, Panel)],
    material: impl Fn(&'a Panel) -> Material<'a>,
) {
    let outcomes = also.iter().map(|(name, panel)| Look {
        at: Looked::Outcome { name: name.clone(), measure: None },
        material: material(panel),
    });
    let groups = parts.iter().map(|(at, panel)| Look { at: at.clone(), material: material(panel) });
    rules::explore(evidence, &outcomes.chain(groups).collect::<Vec<_>>(), None);
}

/// A record as text.
pub(super) fn written(record: &EvidenceJson) -> Result<String, Stop> {
    serde_json::to_string_pretty(record)
        .map_err(|why| Broken::accident("writing an evidence record as JSON", why).into())
}

/// Makes the record of a change, keeps it, prints it, and writes it where asked.
async fn of_change(options: &ProveOptions, slug: &str, operator: &Operator) -> Result<Done, Stop> {
    let (world, sql) = (&operator.world, operator.world.store().read());
    let change = match change::verbs::find(sql, slug).await {
        Err(Trouble::NotFound { .. }) => {
            let why = format!("there is no change `{slug}`; `traction change list` shows those there are");
            return Err(Stop::Input(why));
        }
        found => found?,
    };
    let id = verbs::prove(world, &Who::operator(), &change).await?;
    let (evidence, record) = verbs::find(world, id).await?;
    let panel_csv = store::panel_csv(sql, id).await?.unwrap_or_default();
    let draws = store::draws(sql, id).await?;
    let draws = draws.into_iter().map(|(n, record)| (draw_file(n), record)).collect();
    options.hand_out(&record, &evidence.record, operator.output, (panel_csv, draws))
}

impl ProveOptions {
    fn hand_out(
        &self,
        record: &EvidenceJson,
        json: &str,
        output: Output,
        (panel_csv, draws): (String, Vec<(String, String)>),
    ) -> Result<Done, Stop> {
        if let Some(folder) = &self.out {
            Files::of(panel_csv, draws, json)?
                .write(folder)
                .map_err(|refused| Stop::Input(refused.to_string()))?;
        }
        match output {
            Output::Json => print_text(json),
            Output::Table => print_text(&show::text(record)),
        }
        match record.verdict.kind {
            Kind::Refused => Err(Stop::No),
            _ => Ok(Done),
        }
    }
}

/// Why units were not parted.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotParted {
    /// Nearly every unit would be alone.
    #[error("`{column}` has {n} different values; part the units by a column of at most {N_PARTS_MOST}")]
    TooMany { column: String, n: usize },
    /// Nothing is there.
    #[error("`{column}` is empty on all rows; name a column that says something of the units")]
    Empty { column: String },
}

/// The parts of the units that were asked for.
pub(super) fn parts(panel: &Panel, labels: &[(String, Labels)]) -> Result<Vec<(Looked, Panel)>, NotParted> {
    let mut parts = Vec::new();
    for (column, of_unit) in labels {
        let n = of_unit.values().collect::<BTreeSet<_>>().len();
        match n {
            0 => return Err(NotParted::Empty { column: column.clone() }),
            n if n > N_PARTS_MOST => return Err(NotParted::TooMany { column: column.clone(), n }),
            _ => {}
        }
        parts.extend(rules::groups(panel, of_unit).into_iter().map(|(value, part)| {
            let n_units = part.units().len();
            (Looked::Group { by: column.clone(), value, n_units }, part)
        }));
    }
    Ok(parts)
}

/// A draw's record, with the text it was read from.
pub(super) struct DrawnText {
    pub record: Record,
    pub text: String,
}

/// The draws' records that were named.
pub(super) fn records(options: &ProveOptions) -> Result<Vec<(Period, DrawnText)>, Stop> {
    let read = |(at, file): &(Period, PathBuf)| {
        let bytes = bytes(file)?;
        let named = |why: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {why}", file.display()));
        let text =
            String::from_utf8(bytes).map_err(|_| named(&"it is not UTF-8, so it is no draw's record"))?;
        let record = Record::parse(&text).map_err(|why| named(&why))?;
        Ok((*at, DrawnText { record, text }))
    };
    options.draw.iter().map(read).collect()
}

/// Refused: a draw for a period in which no unit starts. One whose slots start after the last period is left out with a word.
fn starts_are_there(panel: &Panel, records: &[(Period, DrawnText)]) -> Result<(), Stop> {
    let place = |at: Period| panel.periods().partition_point(|period| *period < at);
    let starts = panel.starts();
    let to_come = |at: Period| panel.periods().last().is_some_and(|last| at > *last);
    for (at, _) in records.iter().filter(|(at, _)| !to_come(*at)) {
        // Starts between the same two observed periods are one for all that can be seen.
        if starts.iter().all(|start| start != at && place(*start) != place(*at)) {
            let starts: Vec<String> = starts.iter().map(ToString::to_string).collect();
            return Err(Stop::Input(format!(
                "`--draw {at}=…`: no unit starts in {at} by the table; give the period in which the draw's slots started{}",
                if starts.is_empty() { String::new() } else { format!(" (there are {})", listed(&starts)) }
            )));
        }
    }
    Ok(())
}

/// Refused: a showcase in a period that the table does not have.
fn are_periods(panel: &Panel, shown: &[Period]) -> Result<(), Stop> {
    let periods = panel.periods();
    let Some(strange) = shown.iter().find(|at| !periods.contains(at)) else { return Ok(()) };
    let ends = match periods {
        [first, .., last] => format!(" (from {first} to {last})"),
        _ => String::new(),
    };
    Err(Stop::Input(format!(
        "`--shown {strange}`: the table has no period {strange}; give one that it has{ends}, or `--shown none`"
    )))
}

/// A file's bytes, whole.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Stop> {
    Hashed::open(file)?.rest()
}
