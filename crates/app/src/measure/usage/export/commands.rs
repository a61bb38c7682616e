//! Writing usage to a file, or to where the command's output goes.

use std::fs;
use std::io::{self, BufWriter};
use std::path::PathBuf;

use traction_domain::org::who::Who;

use crate::commands::{Operator, Stop};
use crate::measure::usage::commands::say;
use crate::measure::usage::export::{self, Format};
use crate::measure::usage::subject;
use crate::trouble::Broken;
use crate::web::counted;

/// What a file is to hold.
#[derive(Clone, Copy, Debug)]
pub enum Written {
    /// Events.
    Events(Format),
    /// What else is kept of one person.
    Further,
}

/// Writes it: of all, or of one person.
pub async fn write(
    operator: &Operator,
    person: Option<String>,
    what: Written,
    out: Option<PathBuf>,
) -> Result<(), Stop> {
    let sql = operator.world.store().read();
    let of = match &person {
        Some(person) => Some(subject::verbs::take_out(&operator.world, &Who::operator(), person).await?),
        None => None,
    };
    if let (Some(person), Some(true)) = (&person, of.as_ref().map(|of| of.subjects.is_empty())) {
        return Err(Stop::Input(format!("nothing is linked to `{person}`")));
    }
    let write = async |to: &mut (dyn io::Write + Send)| match (what, &of) {
        (Written::Events(format), Some(of)) => export::write_of(sql, &of.subjects, format, to).await,
        (Written::Events(format), None) => export::write(sql, format, to).await,
        (Written::Further, of) => {
            let subjects = of.as_ref().map(|of| of.subjects.as_slice()).unwrap_or_default();
            let lines = export::further_of(sql, subjects).await?;
            let written = to.write_all(lines.as_bytes()).and_then(|()| to.flush());
            written.map_err(|error| Broken::accident("writing usage to a file", error))?;
            Ok(lines.lines().count())
        }
    };
    let Some(path) = out else {
        write(&mut BufWriter::new(io::stdout())).await?;
        return Ok(());
    };
    let file = fs::File::create(&path).map_err(|error| {
        Stop::Input(format!("{} cannot be written ({error}); choose another place", path.display()))
    })?;
    let n_written = write(&mut BufWriter::new(file)).await?;
    let (one, many, key) = match what {
        Written::Events(_) => ("event", "events", "events"),
        Written::Further => ("line", "lines", "lines"),
    };
    let mut words = format!("{} written to {}", counted(n_written, one, many), path.display());
    let mut json = serde_json::json!({ key: n_written });
    if let Some(of) = of {
        words.push_str(&format!(", of what came under {}", of.by()));
        json["names"] = of.names.into();
    }
    say(operator, &words, json);
    Ok(())
}
