//! Queries on draws: commitments, public sources, frozen lists, records, and places given past them.

mod list;
mod past;
mod source;
mod written;

use std::collections::BTreeMap;

use traction_domain::contend::draw::{Digest, Record, Secret};
use traction_domain::id::{PersonId, WaveId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

pub use list::{
    Frozen, OffList, freeze, frozen, is_frozen, layers, leave_out, left_out, listed, to_freeze,
    withdrawn_units,
};
pub use past::{Answer, Request, answer, ask, open_request, override_place, requests};
pub use source::{
    Correction, Due, Entered, Failure, Named, answer_failure, correct_value, due, enter_value, fail,
    name_source, named, sources,
};
pub use written::{Written, written};

/// What was committed to.
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// Secret until the draw.
    pub secret: Secret,
    /// What is published of it before.
    pub commitment: Digest,
}

/// The commitment of a wave.
pub async fn commitment(sql: &Sql, wave: WaveId) -> Result<Option<Commitment>, Broken> {
    let row = sql
        .one(
            "SELECT d.secret AS secret, d.commitment AS commitment FROM draw_commitment d WHERE d.wave_id = $1",
            bind![wave],
        )
        .await?;
    row.map(|row| {
        let secret = Secret::from_hex(&row.text("secret")?);
        let secret = secret.map_err(|_| row.impossible("secret", "no secret"))?;
        Ok(Commitment { secret, commitment: row.parsed("commitment")? })
    })
    .transpose()
}

/// What a wave promised of its draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promised {
    /// SHA-256 of the secret.
    pub commitment: Digest,
    /// When it was published.
    pub made_at: Moment,
    /// The hash of the frozen list, and when it was frozen, once it is.
    pub list_hash: Option<(Digest, Moment)>,
}

/// What each wave promised of its draw.
pub async fn promised(sql: &Sql) -> Result<BTreeMap<WaveId, Promised>, Broken> {
    sql.all(
        "SELECT d.wave_id AS wave_id, d.commitment AS commitment, d.made_at AS made_at,
           f.list_hash AS list_hash, f.frozen_at AS frozen_at
         FROM draw_commitment d LEFT JOIN frozen_list f ON f.wave_id = d.wave_id",
        vec![],
    )
    .await?
    .iter()
    .map(|row| {
        let list_hash = row.maybe_parsed::<Digest>("list_hash")?.zip(row.maybe_moment("frozen_at")?);
        let (commitment, made_at) = (row.parsed("commitment")?, row.moment("made_at")?);
        Ok((row.parsed("wave_id")?, Promised { commitment, made_at, list_hash }))
    })
    .collect()
}

/// Keeps a commitment; of two the first counts.
pub async fn commit(sql: &Sql, wave: WaveId, secret: &Secret, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO draw_commitment (wave_id, secret, commitment, made_at) VALUES ($1, $2, $3, $4)",
        bind![wave, secret.reveal(), secret.commitment().to_string(), at],
    )
    .await?;
    Ok(())
}

/// A wave that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The record, with the places given past the draw since.
    pub record: Record,
    /// When it was drawn.
    pub drawn_at: Moment,
}

/// The draw of a wave.
pub async fn drawn(sql: &Sql, wave: WaveId) -> Result<Option<Drawn>, Broken> {
    let row = sql
        .one(
            "SELECT d.record AS record, d.drawn_at AS drawn_at FROM draw d WHERE d.wave_id = $1",
            bind![wave],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut record =
        Record::parse(&row.text("record")?).map_err(|unreadable| row.impossible("record", unreadable))?;
    record.overrides = past::overrides(sql, wave).await?;
    Ok(Some(Drawn { record, drawn_at: row.moment("drawn_at")? }))
}

/// Keeps a draw.
pub async fn record(
    sql: &Sql,
    wave: WaveId,
    record: &Record,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO draw (wave_id, record, drawn_by, drawn_at) VALUES ($1, $2, $3, $4)",
        bind![wave, record.to_json(), by, at],
    )
    .await?;
    Ok(())
}

/// The waves that were drawn.
pub async fn drawn_waves(sql: &Sql) -> Result<Vec<WaveId>, Broken> {
    let rows = sql.all("SELECT d.wave_id AS wave_id FROM draw d", vec![]).await?;
    rows.iter().map(|row| row.parsed("wave_id")).collect()
}
