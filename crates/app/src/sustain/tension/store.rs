//! Queries on tensions, their poles, rocks, and the metrics of poles.

use traction_domain::id::{MetricId, PersonId, RockId, TensionId, UnitId};
use traction_domain::sustain::tension::{PoleProposed, Rocked, Side};
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use crate::bind;
use crate::store::{Row, Sql};
use crate::sustain::watch::store::improve;
use crate::trouble::Broken;

/// A tension as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Tension {
    /// Its id.
    pub id: TensionId,
    /// The unit it is drawn up for; `None` for the whole organisation.
    pub unit: Option<UnitId>,
    /// That unit's name.
    pub unit_name: Option<String>,
    /// Where the attention was when it was drawn up.
    pub attention: Side,
    /// The left pole and the right one.
    pub poles: [Pole; 2],
}

/// A pole with its metric's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Pole {
    /// The pole.
    pub pole: PoleProposed,
    /// Its metric's name.
    pub metric_name: String,
    /// What one of it is.
    pub unit_of_measure: String,
}

/// A recorded decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Rock {
    /// When, and to which pole.
    pub rocked: Rocked,
    /// The reason given.
    pub why: String,
    /// Who decided; `None` when that was a program.
    pub by: Option<String>,
}

/// The word a side is kept under.
pub fn word(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

fn side(row: &Row, column: &str) -> Result<Side, Broken> {
    match row.text(column)?.as_str() {
        "left" => Ok(Side::Left),
        "right" => Ok(Side::Right),
        other => Err(row.impossible(column, other)),
    }
}

const SELECT: &str = "SELECT t.id AS id, t.unit_id AS unit_id, u.name AS unit_name, t.attention AS attention,
    l.name AS l_name, l.upside AS l_upside, l.early_warning AS l_early_warning, l.metric_id AS l_metric_id,
    l.healthy AS l_healthy, l.floor AS l_floor, lm.name AS l_metric, lm.unit_of_measure AS l_measure, lm.better AS l_better,
    r.name AS r_name, r.upside AS r_upside, r.early_warning AS r_early_warning, r.metric_id AS r_metric_id,
    r.healthy AS r_healthy, r.floor AS r_floor, rm.name AS r_metric, rm.unit_of_measure AS r_measure, rm.better AS r_better
  FROM tension t LEFT JOIN unit u ON u.id = t.unit_id
  JOIN pole l ON l.tension_id = t.id AND l.side = 'left' JOIN metric lm ON lm.id = l.metric_id
  JOIN pole r ON r.tension_id = t.id AND r.side = 'right' JOIN metric rm ON rm.id = r.metric_id";

fn tension(row: &Row) -> Result<Tension, Broken> {
    Ok(Tension {
        id: row.parsed("id")?,
        unit: row.maybe_parsed("unit_id")?,
        unit_name: row.maybe_text("unit_name")?,
        attention: side(row, "attention")?,
        poles: [pole(row, "l")?, pole(row, "r")?],
    })
}

fn pole(row: &Row, side: &str) -> Result<Pole, Broken> {
    let column = |name: &str| format!("{side}_{name}");
    Ok(Pole {
        pole: PoleProposed {
            name: row.text(&column("name"))?,
            upside: row.text(&column("upside"))?,
            early_warning: row.text(&column("early_warning"))?,
            metric: row.parsed(&column("metric_id"))?,
            improve: improve(row, &column("better"))?,
            healthy: row.number(&column("healthy"))?,
            floor: row.number(&column("floor"))?,
        },
        metric_name: row.text(&column("metric"))?,
        unit_of_measure: row.text(&column("measure"))?,
    })
}

/// All tensions, the oldest first.
pub async fn all(sql: &Sql) -> Result<Vec<Tension>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY t.named_at, t.id"), vec![]).await?.iter().map(tension).collect()
}

/// One tension.
pub async fn one(sql: &Sql, id: TensionId) -> Result<Option<Tension>, Broken> {
    sql.one(&format!("{SELECT} WHERE t.id = $1"), bind![id]).await?.as_ref().map(tension).transpose()
}

/// Keeps a tension with its poles.
pub async fn add(
    sql: &Sql,
    id: TensionId,
    unit: Option<UnitId>,
    attention: Side,
    poles: &[PoleProposed; 2],
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO tension (id, unit_id, attention, named_by, named_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, unit, word(attention), by, at],
    )
    .await?;
    for (side, pole) in [Side::Left, Side::Right].into_iter().zip(poles) {
        let PoleProposed { name, upside, early_warning, metric, healthy, floor, .. } = pole;
        sql.run(
            "INSERT INTO pole (tension_id, side, name, upside, early_warning, metric_id, healthy, floor)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            bind![id, word(side), name, upside, early_warning, metric, *healthy, *floor],
        )
        .await?;
    }
    Ok(())
}

/// The rocks of a tension, the oldest first.
pub async fn rocks(sql: &Sql, id: TensionId) -> Result<Vec<Rock>, Broken> {
    let text = "SELECT k.id AS id, k.to_side AS to_side, k.why AS why, k.at AS at, p.name AS name
      FROM rock k LEFT JOIN person p ON p.id = k.decided_by WHERE k.tension_id = $1 ORDER BY k.at, k.id";
    let rock = |row: &Row| {
        Ok(Rock {
            rocked: Rocked { at: row.moment("at")?, to: side(row, "to_side")? },
            why: row.text("why")?,
            by: row.maybe_text("name")?,
        })
    };
    sql.all(text, bind![id]).await?.iter().map(rock).collect()
}

/// Keeps a rock.
pub async fn add_rock(
    sql: &Sql,
    id: RockId,
    tension: TensionId,
    to: Side,
    why: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO rock (id, tension_id, to_side, why, decided_by, at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, tension, word(to), why, by, at],
    )
    .await?;
    Ok(())
}

/// The last outcome of each unit and period of a metric.
pub async fn outcomes(sql: &Sql, metric: MetricId) -> Result<Vec<(UnitId, Period, f64)>, Broken> {
    let text = "SELECT r.unit_id AS unit_id, r.period AS period, r.value AS value FROM outcome r
      WHERE r.metric_id = $1 AND r.value IS NOT NULL AND r.n = (SELECT MAX(l.n) FROM outcome l
        WHERE l.metric_id = r.metric_id AND l.unit_id = r.unit_id AND l.period = r.period)";
    let outcome = |row: &Row| Ok((row.parsed("unit_id")?, row.parsed("period")?, row.number("value")?));
    sql.all(text, bind![metric]).await?.iter().map(outcome).collect()
}
