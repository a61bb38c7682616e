//! Queries on draws: commitments, public sources, frozen lists, records, and places given past them.

mod list;
mod past;

use traction_domain::contend::draw::{Digest, PublicSource, Record, Secret};
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

/// Keeps a commitment; of two the first counts.
pub async fn commit(sql: &Sql, wave: WaveId, secret: &Secret, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO draw_commitment (wave_id, secret, commitment, made_at) VALUES ($1, $2, $3, $4)",
        bind![wave, secret.reveal(), secret.commitment().to_string(), at],
    )
    .await?;
    Ok(())
}

/// The public sources of a wave, in the order in which they were named.
pub async fn sources(sql: &Sql, wave: WaveId) -> Result<Vec<PublicSource>, Broken> {
    sql.all(
        "SELECT s.name AS name, s.due AS due, v.value AS value FROM public_source s
         LEFT JOIN public_value v ON v.wave_id = s.wave_id AND v.n = s.n
         WHERE s.wave_id = $1 ORDER BY s.n",
        bind![wave],
    )
    .await?
    .iter()
    .map(|row| {
        PublicSource::new(row.text("name")?, row.maybe_text("due")?, row.maybe_text("value")?)
            .map_err(|refused| row.impossible("name", refused))
    })
    .collect()
}

/// Keeps a public source, last in the order.
pub async fn name_source(sql: &Sql, wave: WaveId, source: &PublicSource, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO public_source (wave_id, n, name, due, named_at)
         SELECT $1, COUNT(*) + 1, $2, $3, CAST($4 AS BIGINT) FROM public_source WHERE wave_id = $1",
        bind![wave, source.name, source.when, at],
    )
    .await?;
    Ok(())
}

/// Keeps the value of the `n`-th public source, from 1.
pub async fn enter_value(
    sql: &Sql,
    wave: WaveId,
    n: usize,
    value: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO public_value (wave_id, n, value, entered_by, entered_at) VALUES ($1, $2, $3, $4, $5)",
        bind![wave, n, value, by, at],
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
