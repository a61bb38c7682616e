//! Taking the senders' ids out of events and showings whose people are let go: an id is the sender's own text, which may
//! say who it was. Numbers made by chance stand in their place; nothing else of a row changes.

use crate::bind;
use crate::store::{Sql, Store};
use crate::trouble::Broken;

/// So many events are looked over at once.
const N_AT_ONCE: u32 = 5_000;

/// A number made by chance, in each database's words.
fn chance(store: &Store) -> &'static str {
    if store.is_embedded() {
        "LOWER(HEX(RANDOMBLOB(16)))"
    } else {
        "REPLACE(CAST(GEN_RANDOM_UUID() AS TEXT), '-', '')"
    }
}

/// Takes them out of what is kept under a subject.
pub async fn take_out_of(store: &Store, sql: &Sql, subject: &str) -> Result<(), Broken> {
    let chance = chance(store);
    sql.run(&format!("UPDATE usage_event SET id = {chance} WHERE subject = $1"), bind![subject]).await?;
    sql.run(&format!("UPDATE showing SET id = {chance} WHERE subject = $1"), bind![subject]).await?;
    Ok(())
}

/// A table whose rows have ids of their senders.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Events.
    Events,
    /// Showings.
    Showings,
}

/// The arrival (milliseconds) by which the next few have arrived, after another one; `None` where fewer are left.
pub async fn next(sql: &Sql, of: Of, after: i64) -> Result<Option<i64>, Broken> {
    let text = match of {
        Of::Events => {
            "SELECT received_at AS at FROM usage_event WHERE received_at > $1 ORDER BY received_at LIMIT 1 OFFSET $2"
        }
        Of::Showings => {
            "SELECT received_at AS at FROM showing WHERE received_at > $1 ORDER BY received_at LIMIT 1 OFFSET $2"
        }
    };
    sql.one(text, bind![after, N_AT_ONCE]).await?.map(|row| row.whole("at")).transpose()
}

/// Takes them out of what arrived after one moment and until another (milliseconds) and is nobody's: what is linked
/// arrived after all links were destroyed, and keeps the id by which it is known when it comes again.
pub async fn take_out(store: &Store, sql: &Sql, of: Of, after: i64, until: i64) -> Result<(), Broken> {
    let chance = chance(store);
    let text = match of {
        Of::Events => {
            format!(
                "UPDATE usage_event SET id = {chance} WHERE received_at > $1 AND received_at <= $2
                   AND NOT EXISTS (SELECT 1 FROM subject_link WHERE subject_link.subject = usage_event.subject)"
            )
        }
        Of::Showings => {
            format!(
                "UPDATE showing SET id = {chance} WHERE received_at > $1 AND received_at <= $2
                   AND NOT EXISTS (SELECT 1 FROM subject_link WHERE subject_link.subject = showing.subject)"
            )
        }
    };
    sql.run(&text, bind![after, until]).await?;
    Ok(())
}
