//! `traction prove FILE`: evidence from any table, without a server.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};
use traction_domain::prove::{self as rules, Evidence, Good, Kind, Question, Wish};
use traction_stats::effect::{Base, Compare};
use traction_stats::panel::{self, Columns, Panel, Unbalanced};
use traction_stats::uncertainty::Level;

use super::api::EvidenceJson;
use super::later::LaterOptions;
use super::{files, show};
use crate::commands::{Done, Output, Stop, print_text};
use crate::trouble::Broken;

/// Evidence from a table.
#[derive(Debug, Args)]
pub struct ProveOptions {
    /// The table: CSV with a header, one row per unit and period; `-` reads standard input.
    file: PathBuf,
    /// The column that names the unit.
    #[arg(long, value_name = "C")]
    unit: String,
    /// The column with the period: whole numbers, year-months or dates.
    #[arg(long, value_name = "C")]
    period: String,
    /// The column with the outcome.
    #[arg(long, value_name = "C")]
    outcome: String,
    /// The column with the unit's first period with the solution; empty, 0, inf, NA or never for none.
    #[arg(long, value_name = "C", required_unless_present = "treated")]
    start: Option<String>,
    /// How the answer is found; `auto` says why it chose what it chose.
    #[arg(long, value_enum, default_value_t = MethodOption::Auto)]
    method: MethodOption,
    /// Which units to compare with; default: those that never start if there are ten, else not-yet as well.
    #[arg(long, value_enum)]
    compare: Option<CompareOption>,
    /// Periods before the start in which an effect is allowed for.
    #[arg(long, value_name = "N", default_value_t = 0)]
    anticipation: u32,
    /// What periods before the start are measured from: the one before each, or the last before the start.
    #[arg(long, value_enum, default_value_t = BaseOption::Varying)]
    base: BaseOption,
    /// What to do with units that lack some periods.
    #[arg(long, value_enum, default_value_t = UnbalancedOption::Keep)]
    unbalanced: UnbalancedOption,
    /// How much of the truth intervals are to hold.
    #[arg(long, value_name = "L", default_value = "0.95", value_parser = level)]
    level: Level,
    /// The smallest effect worth having, in the outcome's unit.
    #[arg(long, value_name = "X", default_value = "0", value_parser = worth, allow_negative_numbers = true)]
    worth: f64,
    /// Which way is good.
    #[arg(long, value_enum, default_value_t = DirectionOption::Up)]
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

/// Makes the record, prints it, and writes it where asked. A refusal to claim is printed, and the answer is "no".
pub fn run(options: &ProveOptions, output: Output) -> Result<Done, Stop> {
    let (wish, question) = options.asked()?;
    let bytes = bytes(&options.file)?;
    let panel = options.panel(&bytes)?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let evidence = rules::prove(&panel, &sha256, &wish, &question);
    let json = serde_json::to_string_pretty(&EvidenceJson::of(&evidence, &question))
        .map_err(|why| Broken::accident("writing an evidence record as JSON", why))?;
    if let Some(folder) = &options.out {
        files::write(folder, &files::of(&panel, &evidence, &question, &json))
            .map_err(|refused| Stop::Input(refused.to_string()))?;
    }
    print(&evidence, &question, &json, output);
    match evidence.verdict.kind {
        Kind::Refused => Err(Stop::No),
        _ => Ok(Done),
    }
}

fn print(evidence: &Evidence, question: &Question, json: &str, output: Output) {
    match output {
        Output::Json => print_text(json),
        Output::Table => print_text(&show::text(evidence, question)),
    }
}

impl ProveOptions {
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
        Ok((wish, Question { outcome: self.outcome.clone(), measure: None, good, worth: self.worth }))
    }

    fn panel(&self, bytes: &[u8]) -> Result<Panel, Stop> {
        let named = |why: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {why}", self.file.display()));
        if bytes.starts_with(b"PAR1") {
            return Err(named(&"Parquet cannot be read yet; save the table as CSV"));
        }
        let columns = Columns {
            unit: &self.unit,
            period: &self.period,
            outcome: &self.outcome,
            start: self.start.as_deref().unwrap_or_default(),
        };
        let unbalanced = match self.unbalanced {
            UnbalancedOption::Keep => Unbalanced::Keep,
            UnbalancedOption::Drop => Unbalanced::Drop,
        };
        panel::read(bytes, &columns, unbalanced).map_err(|refused| named(&refused))
    }
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
