//! Queries on what is arriving now. Each looks at so many arrivals at most.

use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// So many arrivals are looked at for what is arriving: where a day brings hundreds of thousands, the last ones tell it.
pub const N_LOOKED_AT: u32 = 20_000;

/// What arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Events.
    Events,
    /// Showings.
    Showings,
}

/// Since when the last [`N_LOOKED_AT`] arrived, where more than that arrived since `since`.
pub async fn looked_at_since(sql: &Sql, what: Arrivals, since: Moment) -> Result<Option<Moment>, Broken> {
    let text = match what {
        Arrivals::Events => {
            "SELECT received_at AS at FROM usage_event WHERE received_at > $1 ORDER BY received_at DESC LIMIT 1 OFFSET $2"
        }
        Arrivals::Showings => {
            "SELECT received_at AS at FROM showing WHERE received_at > $1 ORDER BY received_at DESC LIMIT 1 OFFSET $2"
        }
    };
    sql.one(text, bind![since, N_LOOKED_AT]).await?.map(|row| row.moment("at")).transpose()
}

/// What arrives under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// The event's name.
    pub event: String,
    /// How many since.
    pub n_events: usize,
    /// Of how many people.
    pub n_people: usize,
    /// How many of them belong to no change.
    pub n_untied: usize,
}

/// What arrived since a moment, by the events' names, the most frequent first.
pub async fn arriving(sql: &Sql, since: Moment) -> Result<Vec<Arriving>, Broken> {
    sql.all(
        "SELECT e.event AS event, COUNT(*) AS n_events, COUNT(DISTINCT COALESCE(a.own, e.subject)) AS n_people,
                SUM(CASE WHEN e.change_id IS NULL THEN 1 ELSE 0 END) AS n_untied
         FROM usage_event e LEFT JOIN subject_alias a ON a.subject = e.subject
         WHERE e.received_at > $1 GROUP BY e.event ORDER BY n_events DESC, e.event LIMIT 50",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Arriving {
            event: row.text("event")?,
            n_events: row.count("n_events")?,
            n_people: row.count("n_people")?,
            n_untied: row.count("n_untied")?,
        })
    })
    .collect()
}

/// What arrived in a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InMinute {
    /// When it began.
    pub minute: Moment,
    /// How many events.
    pub n_events: usize,
    /// Of how many people.
    pub n_people: usize,
}

/// What arrived in each minute since a moment, oldest first; minutes without any are absent.
pub async fn by_minute(sql: &Sql, since: Moment) -> Result<Vec<InMinute>, Broken> {
    sql.all(
        "SELECT e.received_at / 60000 * 60000 AS minute, COUNT(*) AS n_events,
                COUNT(DISTINCT COALESCE(a.own, e.subject)) AS n_people
         FROM usage_event e LEFT JOIN subject_alias a ON a.subject = e.subject
         WHERE e.received_at > $1 GROUP BY e.received_at / 60000 * 60000 ORDER BY minute",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(InMinute {
            minute: row.moment("minute")?,
            n_events: row.count("n_events")?,
            n_people: row.count("n_people")?,
        })
    })
    .collect()
}
