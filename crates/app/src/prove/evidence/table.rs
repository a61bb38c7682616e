//! The table that `traction prove` is given, read as a panel.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use traction_stats::panel::{self, Columns, Panel, PanelRefused, Unbalanced};
use traction_stats::table::TableRefused;

use super::options::{ProveOptions, named};
use super::record::UnitOrder;
use crate::commands::Stop;

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

/// By unit, what it has in a column.
pub type Labels = BTreeMap<String, String>;

impl ProveOptions {
    /// Whether the table is looked through once, so that its text need not be kept.
    pub(super) fn looks_once(&self) -> bool {
        self.by.is_empty() && self.used.is_none() && !self.may_follow_units()
    }

    /// Whether rows that are compared by means may be of units that come and go.
    fn may_follow_units(&self) -> bool {
        self.repeated_cross_sections && self.unit.is_some()
    }

    /// The panel that `table` holds, and those of the further outcomes that were asked for.
    pub(super) fn panels(&self, mut table: impl Read) -> Result<(Panel, Vec<(String, Panel)>), PanelRefused> {
        // Further outcomes may be absent where the main one is not: they are read as covariates are.
        let covariates: Vec<&str> = self.covariate.iter().chain(&self.also).map(String::as_str).collect();
        let mut panel = if self.may_follow_units() {
            let mut bytes = Vec::new();
            table.read_to_end(&mut bytes).map_err(|why| TableRefused::Unreadable(why.kind()))?;
            read(bytes.as_slice(), &self.columns(self.unit(&bytes), &covariates), self.unbalanced)?
        } else {
            read(table, &self.columns(self.unit(&[]), &covariates), self.unbalanced)?
        };
        if self.order == UnitOrder::Content {
            panel = panel.in_order_of_content();
        }
        let mut also = Vec::new();
        for _ in &self.also {
            let (rest, further) = panel.split_outcome();
            panel = rest;
            also.extend(further);
        }
        also.reverse();
        // Each was split off with the ones before it among its covariates.
        let n_covariates = self.covariate.len();
        let bare = |(name, mut further): (String, Panel)| {
            while further.covariates().len() > n_covariates {
                further = further.split_outcome().0;
            }
            (name, further)
        };
        Ok((panel, also.into_iter().map(bare).collect()))
    }

    /// For each column that units are to be parted by, what each unit has there.
    pub(super) fn labels(&self, bytes: &[u8]) -> Result<Vec<(String, Labels)>, PanelRefused> {
        let labels = |column: &String| {
            let labels = match bytes.starts_with(PARQUET) {
                true => panel::read_labels_parquet(bytes.to_vec(), self.unit(bytes), column)?,
                false => panel::read_labels(bytes, self.unit(bytes), column)?,
            };
            Ok((column.clone(), labels))
        };
        self.by.iter().map(labels).collect()
    }

    /// The column that names the unit; without units each row stands for itself.
    ///
    /// Where periods are to be compared by their means, and units have gaps, rows are still of units that come and go. Whoever
    /// asks for it although every unit is there in every period says that rows of one name are of different people.
    fn unit(&self, bytes: &[u8]) -> &str {
        let unit = named(&self.unit);
        if !self.repeated_cross_sections {
            return unit;
        }
        let come_and_go = |panel: &Panel| panel.n_with_gaps() > 0 && panel.has_recurring_units();
        let of_units = || read(bytes, &self.columns(unit, &[]), Unbalanced::Keep);
        if self.unit.is_some() && of_units().is_ok_and(|panel| come_and_go(&panel)) { unit } else { "" }
    }

    /// In the place of outcomes, how much of each period the units used it; `None` where that was not asked for.
    pub(super) fn uses(&self, bytes: &[u8]) -> Result<Option<Panel>, Stop> {
        let Some(used) = &self.used else { return Ok(None) };
        let columns =
            Columns { outcome: used, weight: None, cluster: None, ..self.columns(named(&self.unit), &[]) };
        let refused = |why: &dyn Display| Stop::Input(format!("in `{}`: {why}", self.file.display()));
        let uses = read(bytes, &columns, Unbalanced::Keep).map_err(|why| refused(&why))?;
        for (row, unit) in uses.units().iter().enumerate() {
            for (place, period) in uses.periods().iter().enumerate() {
                if let Some(share) = uses.outcome(row, place).filter(|share| !(0.0..=1.0).contains(share)) {
                    return Err(refused(&format_args!(
                        "column `{used}`: {share} of `{unit}` in {period} is no share; give 1 where it was used, 0 where it was \
                         not, or what lies between"
                    )));
                }
            }
        }
        Ok(Some(uses))
    }

    fn columns<'a>(&'a self, unit: &'a str, covariates: &'a [&'a str]) -> Columns<'a> {
        Columns {
            unit,
            period: named(&self.period),
            outcome: named(&self.outcome),
            start: named(&self.start),
            treated: self.treated.as_deref(),
            weight: self.weight.as_deref(),
            cluster: self.cluster.as_deref(),
            covariates,
        }
    }
}

/// Its text is not kept; a Parquet file is, as its columns are found from its end.
fn read(mut table: impl Read, columns: &Columns<'_>, unbalanced: Unbalanced) -> Result<Panel, PanelRefused> {
    let unreadable = |why: io::Error| TableRefused::Unreadable(why.kind());
    let mut front = Vec::new();
    table.by_ref().take(PARQUET.len() as u64).read_to_end(&mut front).map_err(unreadable)?;
    if front == PARQUET {
        table.read_to_end(&mut front).map_err(unreadable)?;
        return panel::read_parquet(front, columns, unbalanced);
    }
    panel::read(front.as_slice().chain(table), columns, unbalanced)
}

/// The file that was named, or standard input, from its beginning on, its bytes hashed on their way.
pub(super) struct Hashed<'a> {
    file: &'a Path,
    inner: Box<dyn Read>,
    hash: Sha256,
}

impl Read for Hashed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.hash.update(&into[..n]);
        Ok(n)
    }
}

impl<'a> Hashed<'a> {
    /// Refused: what is not there, is a folder, or may not be read.
    pub(super) fn open(file: &'a Path) -> Result<Self, Stop> {
        let inner: Box<dyn Read> = if file.to_str() == Some("-") {
            Box::new(io::stdin().lock())
        } else {
            let opened = File::open(file).map_err(|why| unreadable(file, &why))?;
            if opened.metadata().is_ok_and(|found| found.is_dir()) {
                return Err(unreadable(file, &io::ErrorKind::IsADirectory.into()));
            }
            Box::new(opened)
        };
        Ok(Hashed { file, inner, hash: Sha256::new() })
    }

    /// All that has not been read yet.
    pub(super) fn rest(&mut self) -> Result<Vec<u8>, Stop> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).map_err(|why| unreadable(self.file, &why))?;
        Ok(bytes)
    }

    /// The hash of all there is, in hexadecimal.
    pub(super) fn sha256(mut self) -> Result<String, Stop> {
        io::copy(&mut self, &mut io::sink()).map_err(|why| unreadable(self.file, &why))?;
        Ok(hex::encode(self.hash.finalize()))
    }
}

fn unreadable(file: &Path, why: &io::Error) -> Stop {
    let file = file.display();
    Stop::Input(format!("`{file}` cannot be read ({why}); check its name and that you may read it"))
}
