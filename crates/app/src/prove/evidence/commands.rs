//! `traction prove FILE`: evidence from any table, without a server. `traction prove change SLUG`: of a change.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use traction_domain::contend::draw::Record;
use traction_domain::org::who::Who;
use traction_domain::prove::{self as rules, DrawnWave, Kind, Material};
use traction_stats::panel::Period;

pub use super::options::ProveOptions;
use super::record::EvidenceJson;
use super::{files, show, store, verbs};
use crate::commands::{Common, Done, Opening, Operator, Output, Stop, print_text};
use crate::offer::change;
use crate::trouble::{Broken, Trouble};

/// Runs it: for a table without a database, for a change with it.
pub async fn run(options: &ProveOptions, common: &Common) -> Result<Done, Stop> {
    match options.change()? {
        Some(slug) => of_change(options, slug, &common.operator(Opening::There).await?).await,
        None => of_table(options, common.output()),
    }
}

/// Makes the record of a table, prints it, and writes it where asked. A refusal to claim is printed, and the answer
/// is "no".
pub fn of_table(options: &ProveOptions, output: Output) -> Result<Done, Stop> {
    let (wish, question) = (options.wish(), options.question());
    let bytes = bytes(&options.file)?;
    let panel = options
        .panel(&bytes)
        .map_err(|refused| Stop::Input(format!("in `{}`: {refused}", options.file.display())))?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let records = records(options)?;
    let draws: Vec<DrawnWave<'_>> =
        records.iter().map(|(at, record)| DrawnWave { at: *at, record }).collect();
    let evidence =
        rules::prove(&Material { panel: &panel, draws: &draws, shown: None }, &sha256, &wish, &question);
    let record = EvidenceJson::of(&evidence, &question);
    let json = serde_json::to_string_pretty(&record)
        .map_err(|why| Broken::accident("writing an evidence record as JSON", why))?;
    options.hand_out(&record, &json, output, || files::panel_csv(&panel))
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
    options.hand_out(&record, &evidence.record, operator.output, || panel_csv)
}

impl ProveOptions {
    fn hand_out(
        &self,
        record: &EvidenceJson,
        json: &str,
        output: Output,
        panel_csv: impl FnOnce() -> String,
    ) -> Result<Done, Stop> {
        if let Some(folder) = &self.out {
            files::write(folder, &files::of(panel_csv(), record, json))
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

/// The draws' records that were named.
fn records(options: &ProveOptions) -> Result<Vec<(Period, Record)>, Stop> {
    let read = |(at, file): &(Period, PathBuf)| {
        let bytes = bytes(file)?;
        let named = |why: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {why}", file.display()));
        let text =
            std::str::from_utf8(&bytes).map_err(|_| named(&"it is not UTF-8, so it is no draw's record"))?;
        Ok((*at, Record::parse(text).map_err(|why| named(&why))?))
    };
    options.draw.iter().map(read).collect()
}

/// The file's bytes, whole: the record names their hash.
fn bytes(file: &Path) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let read = match file.to_str() {
        Some("-") => io::stdin().lock().read_to_end(&mut bytes).map(drop),
        _ => std::fs::read(file).map(|read| bytes = read),
    };
    read.map_err(|why| {
        Stop::Input(format!(
            "`{}` cannot be read ({why}); check its name and that you may read it",
            file.display()
        ))
    })?;
    Ok(bytes)
}
