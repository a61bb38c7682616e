//! What each column of a table serves as: one that is needed can serve as nothing else.

use super::options::ProveOptions;
use crate::commands::Stop;

/// A column with what it serves as, as the command line names it.
type Role<'a> = (&'static str, &'a str);

impl ProveOptions {
    /// Refused: a column that is asked to serve as two things of which one excludes the other, or as the same thing twice.
    pub(super) fn roles_fit(&self) -> Result<(), Stop> {
        let unit = one("unit", &self.unit).filter(|_| !self.repeated_cross_sections);
        let needed: Vec<Role<'_>> = [
            unit,
            one("period", &self.period),
            one("outcome", &self.outcome),
            one("start", &self.start),
            one("treated", &self.treated),
        ]
        .into_iter()
        .flatten()
        .collect();
        for (place, role) in needed.iter().enumerate() {
            taken_already(&needed[..place], *role)?;
        }
        for (role, columns) in [("covariate", &self.covariate), ("also", &self.also), ("by", &self.by)] {
            for (place, column) in columns.iter().enumerate() {
                if columns[..place].contains(column) {
                    return Err(Stop::Input(format!("`--{role} {column}` is given twice; give it once")));
                }
            }
        }
        let numbers = [("covariate", &self.covariate), ("also", &self.also)]
            .into_iter()
            .flat_map(|(role, columns)| columns.iter().map(move |column| (role, column.as_str())));
        // Units may be told apart, or parted, by their own names; by what changes in time they cannot.
        let of_units = [("by", &self.by)]
            .into_iter()
            .flat_map(|(role, columns)| columns.iter().map(move |column| (role, column.as_str())))
            .chain(one("cluster", &self.cluster))
            .filter(|(_, column)| self.unit.as_deref() != Some(*column));
        let used = one("used", &self.used).filter(|(_, used)| self.treated.as_deref() != Some(*used));
        numbers
            .chain(one("weight", &self.weight))
            .chain(used)
            .chain(of_units)
            .try_for_each(|role| taken_already(&needed, role))
    }
}

fn one<'a>(role: &'static str, column: &'a Option<String>) -> Option<Role<'a>> {
    column.as_deref().map(|column| (role, column))
}

fn taken_already(needed: &[Role<'_>], (role, column): Role<'_>) -> Result<(), Stop> {
    match needed.iter().find(|(_, other)| *other == column) {
        Some((serves, _)) => Err(Stop::Input(format!(
            "`{column}` is the column of `--{serves}` and cannot serve as `--{role}` too; name another column"
        ))),
        None => Ok(()),
    }
}
