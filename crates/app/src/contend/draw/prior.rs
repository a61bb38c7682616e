//! The opening and the closing record of a wave: what is published of its draw before it, for whoever keeps it.

use traction_domain::contend::draw::{Closing, Heading, Line, NamedSource, PriorRecord, Slots, Terms};
use traction_domain::contend::policy::Contenders;
use traction_domain::time::Moment;

use crate::contend::draw::store;
use crate::contend::policy;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::store::Sql;
use crate::trouble::Trouble;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prior {
    /// Commitment, sources and terms; from opening on.
    Opening,
    /// The same with the list's hash, and with the list where the policy shows who contends; once it is frozen.
    Closing,
}

/// One of the two records of a wave, as it stands at `now`.
///
/// # Errors
/// [`Trouble::NotFound`] before its time.
pub async fn record(
    sql: &Sql,
    change: &Change,
    wave: &Wave,
    which: Prior,
    now: Moment,
) -> Result<PriorRecord, Trouble> {
    let missing = || Trouble::NotFound {
        what: match which {
            Prior::Opening => "opening record yet",
            Prior::Closing => "closing record yet",
        },
    };
    let commitment = store::commitment(sql, wave.id).await?.filter(|_| wave.opens_at <= now);
    let commitment = commitment.ok_or_else(missing)?.commitment;
    let policy = policy::store::of_wave(sql, wave.id).await?;
    let closing = match which {
        Prior::Opening => None,
        Prior::Closing => {
            let frozen = store::frozen(sql, wave.id).await?.ok_or_else(missing)?;
            let lines = (1..).zip(frozen.entrants.entries().iter().cloned());
            let list = match policy.contenders {
                Contenders::Counted => None,
                Contenders::Named | Contenders::Told => {
                    Some(lines.map(|(number, entry)| Line { number, entry }).collect())
                }
            };
            Some(Closing { list_hash: frozen.list_hash, list })
        }
    };
    let public = store::named(sql, wave.id).await?.into_iter();
    let slots = Slots(u32::try_from(wave.n_slots).unwrap_or(u32::MAX));
    Ok(PriorRecord {
        heading: Heading {
            change: Some(change.slug.to_string()),
            wave: Some(wave.n.to_string()),
            opened: Some(wave.opens_at),
            closed: Some(wave.closes_at),
            drawn: None,
        },
        commitment,
        public: public
            .map(|named| NamedSource { name: named.source.name, when: named.source.when, link: named.link })
            .collect(),
        terms: Terms { slots, cap: policy.cap },
        closing,
    })
}
