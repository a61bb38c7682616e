//! `traction prove FILE`: evidence from any table, without a server. `traction prove change SLUG`: of a change.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};
use traction_domain::org::who::Who;
use traction_domain::prove::{self as rules, Good, Kind, Question, Wish};
use traction_stats::effect::{Base, Compare};
use traction_stats::panel::{self, Columns, Panel, Unbalanced};
use traction_stats::uncertainty::Level;

use super::later::LaterOptions;
use super::record::EvidenceJson;
use super::{files, show, store, verbs};
use crate::commands::{Common, Done, Opening, Operator, Output, Stop, print_text};
use crate::offer::change;
use crate::trouble::{Broken, Trouble};

/// Evidence from a table.
#[derive(Debug, Args)]
pub struct ProveOptions {
    /// The table: CSV with a header, one row per unit and period; `-` reads standard input. Or the word `change`.
    file: PathBuf,
    /// After `change`: the short name of a change in the database; its metric and worth are the question.
    #[arg(value_name = "SLUG")]
    change: Option<String>,
    /// The column that names the unit.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    unit: Option<String>,
    /// The column with the period: whole numbers, year-months or dates.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    period: Option<String>,
    /// The column with the outcome.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    outcome: Option<String>,
    /// The column with the unit's first period with the solution; empty, 0, inf, NA or never for none.
    #[arg(long, value_name = "C", required_unless_present_any = ["treated", "change"], conflicts_with = "change")]
    start: Option<String>,
    /// How the answer is found; `auto` says why it chose what it chose.
    #[arg(long, value_enum, default_value_t = MethodOption::Auto, conflicts_with = "change")]
    method: MethodOption,
    /// Which units to compare with; default: those that never start if there are ten, else not-yet as well.
    #[arg(long, value_enum, conflicts_with = "change")]
    compare: Option<CompareOption>,
    /// Periods before the start in which an effect is allowed for.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "change")]
    anticipation: u32,
    /// What periods before the start are measured from: the one before each, or the last before the start.
    #[arg(long, value_enum, default_value_t = BaseOption::Varying, conflicts_with = "change")]
    base: BaseOption,
    /// What to do with units that lack some periods.
    #[arg(long, value_enum, default_value_t = UnbalancedOption::Keep, conflicts_with = "change")]
    unbalanced: UnbalancedOption,
    /// How much of the truth intervals are to hold.
    #[arg(long, value_name = "L", default_value = "0.95", value_parser = level, conflicts_with = "change")]
    level: Level,
    /// The smallest effect worth having, in the outcome's unit.
    #[arg(long, value_name = "X", default_value = "0", value_parser = worth, allow_negative_numbers = true, conflicts_with = "change")]
    worth: f64,
    /// Which way is good.
    #[arg(long, value_enum, default_value_t = DirectionOption::Up, conflicts_with = "change")]
    direction: DirectionOption,
    /// A folder for report.html, the picture as SVG, evidence.json and panel.csv.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    later: LaterOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MethodOption {
    Auto,
    GroupTime,
    Imputation,
    Efficient,
    Interaction,
    TwoWay,
    Synthetic,
    SyntheticControl,
    Interrupted,
    #[value(name = "risk_set")]
    RiskSet,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CompareOption {
    Never,
    NotYet,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum BaseOption {
    Varying,
    Universal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum UnbalancedOption {
    Keep,
    Drop,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DirectionOption {
    Up,
    Down,
}

fn level(text: &str) -> Result<Level, String> {
    let share = text.parse().ok().and_then(Level::new);
    share.ok_or_else(|| "give a share between 0 and 1, say 0.95".to_owned())
}

fn worth(text: &str) -> Result<f64, String> {
    let worth = text.parse::<f64>().ok().filter(|worth| worth.is_finite() && *worth >= 0.0);
    worth.ok_or_else(|| "give a number of at least 0; --direction says which way is good".to_owned())
}

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
    let (wish, question) = options.asked()?;
    let bytes = bytes(&options.file)?;
    let panel = options.panel(&bytes)?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let evidence = rules::prove(&panel, &sha256, &wish, &question);
    let record = EvidenceJson::of(&evidence, &question);
    let json = serde_json::to_string_pretty(&record)
        .map_err(|why| Broken::accident("writing an evidence record as JSON", why))?;
    options.hand_out(&record, &json, output, || files::panel_csv(&panel))
}

/// Makes the record of a change, keeps it, prints it, and writes it where asked.
async fn of_change(options: &ProveOptions, slug: &str, operator: &Operator) -> Result<Done, Stop> {
    if let Some(refusal) = options.later.refusal() {
        return Err(Stop::Input(refusal));
    }
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
    /// The change whose record is asked for; `None` where it is a table's.
    pub fn change(&self) -> Result<Option<&str>, Stop> {
        match &self.change {
            Some(slug) if self.file.as_os_str() == "change" => Ok(Some(slug)),
            Some(more) => Err(Stop::Input(format!(
                "`{more}` follows the file; write `traction prove change {more}` for a change, or one file alone"
            ))),
            None => Ok(None),
        }
    }

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

    /// What is asked; refused where it needs a method that is not there yet.
    fn asked(&self) -> Result<(Wish, Question), Stop> {
        if let Some(refusal) = self.later.refusal() {
            return Err(Stop::Input(refusal));
        }
        if !matches!(self.method, MethodOption::Auto | MethodOption::GroupTime) {
            let name =
                self.method.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            return Err(Stop::Input(format!(
                "`--method {name}` is not there yet; use group-time, or auto, which chooses among what is there"
            )));
        }
        let wish = Wish {
            compare: self.compare.map(|compare| match compare {
                CompareOption::Never => Compare::Never,
                CompareOption::NotYet => Compare::NotYet,
            }),
            base: match self.base {
                BaseOption::Varying => Base::Varying,
                BaseOption::Universal => Base::Universal,
            },
            anticipation: self.anticipation,
            level: self.level,
        };
        let good = match self.direction {
            DirectionOption::Up => Good::Up,
            DirectionOption::Down => Good::Down,
        };
        Ok((
            wish,
            Question { outcome: column(&self.outcome).to_owned(), measure: None, good, worth: self.worth },
        ))
    }

    fn panel(&self, bytes: &[u8]) -> Result<Panel, Stop> {
        let named = |why: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {why}", self.file.display()));
        if bytes.starts_with(b"PAR1") {
            return Err(named(&"Parquet cannot be read yet; save the table as CSV"));
        }
        let columns = Columns {
            unit: column(&self.unit),
            period: column(&self.period),
            outcome: column(&self.outcome),
            start: column(&self.start),
            ..Columns::default()
        };
        let unbalanced = match self.unbalanced {
            UnbalancedOption::Keep => Unbalanced::Keep,
            UnbalancedOption::Drop => Unbalanced::Drop,
        };
        panel::read(bytes, &columns, unbalanced).map_err(|refused| named(&refused))
    }
}

/// A column's name; the command line asks for those that are needed.
fn column(option: &Option<String>) -> &str {
    option.as_deref().unwrap_or_default()
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
