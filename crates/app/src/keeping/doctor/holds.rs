//! What draws and slots must hold: every record can be recomputed, and nobody has what was not given.

use std::collections::BTreeMap;

use traction_domain::contend::draw::verify;
use traction_domain::grant::slot::Asked;

use super::{Finding, Look, repeated};
use crate::contend::draw::store as draws;
use crate::grant::slot::store::{self as slots, Slot};
use crate::offer::change::store as changes;
use crate::offer::wave::store as waves;
use crate::store::Sql;
use crate::trouble::Broken;

/// Every draw, recomputed from its record as anybody may, and held against what the journal says was published before it.
pub async fn draws(sql: &Sql, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    found.extend(against_journal(sql).await?);
    let drawn = draws::drawn_waves(sql).await?;
    for wave in &drawn {
        let Some(kept) = draws::drawn(sql, *wave).await? else { continue };
        let Err(flaw) = verify(&kept.record) else { continue };
        let Some(wave) = waves::one(sql, *wave).await? else { continue };
        if let Some(change) = changes::one(sql, wave.change).await? {
            found.push(Finding {
                what: format!("the draw of wave {} of {} does not verify: {flaw}", wave.n, change.slug),
                todo: "compare the record with the one that was downloaded on the day; restore a backup if it differs",
            });
        }
    }
    Ok(Look { name: "draws", n: drawn.len(), findings: vec![], says: None, left_out: None })
}

/// Commitments, list hashes and records that are not those which the journal says were published.
async fn against_journal(sql: &Sql) -> Result<Vec<Finding>, Broken> {
    let mut findings = Vec::new();
    let promised = draws::promised(sql).await?;
    for (id, written) in draws::written(sql).await? {
        let Some(wave) = waves::one(sql, id).await? else { continue };
        let Some(change) = changes::one(sql, wave.change).await? else { continue };
        let mut found = Vec::new();
        match promised.get(&id) {
            Some(here) => found.extend(
                written
                    .agrees(here.commitment, here.list_hash.map(|(hash, _)| hash))
                    .err()
                    .map(|no| no.to_string()),
            ),
            None => found.push("the commitment that the journal says was published is gone".into()),
        }
        let secret = draws::commitment(sql, id).await?.map(|made| made.secret.commitment());
        if let Some(no) =
            secret.and_then(|secret| written.agrees(secret, None).err()).filter(|_| found.is_empty())
        {
            found.push(no.to_string());
        }
        if let Ok(Some(kept)) = draws::drawn(sql, id).await {
            let record = written.agrees(kept.record.commitment, Some(kept.record.list_hash));
            found.extend(record.err().filter(|_| found.is_empty()).map(|no| no.to_string()));
        }
        findings.extend(found.into_iter().map(|what| Finding {
            what: format!("the draw of wave {} of {}: {what}", wave.n, change.slug),
            todo: "compare with the line, the calendar or the opening record that somebody kept; whatever was drawn with another commitment is no draw",
        }));
    }
    Ok(findings)
}

/// No unit has a change twice at the same moment, no draw gave a unit two slots, and what is said to be drawn was drawn,
/// with the chance that the record says.
pub async fn slots(sql: &Sql, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    let all = slots::all(sql).await?;
    let mut of_unit: BTreeMap<_, Vec<&Slot>> = BTreeMap::new();
    for slot in &all {
        of_unit.entry((slot.change, slot.unit)).or_default().push(slot);
    }
    for held in of_unit.values() {
        let mut spans: Vec<_> = held.iter().flat_map(|slot| slot.access()).collect();
        spans.sort_by_key(|span| span.from);
        let overlap = spans.windows(2).find(|two| two[0].until.is_none_or(|until| until > two[1].from));
        if let Some(two) = overlap {
            let (slot, from) = (held[0], two[1].from);
            found.push(Finding {
                what: format!("{} has {} twice from {from}", slot.unit_slug, slot.change_slug),
                todo: "end one of the two slots on the page of slots, with this as the reason",
            });
        }
    }
    let drawn = all.iter().filter_map(|slot| Some((slot.wave?, slot.unit)));
    for ((wave, unit), n) in repeated(drawn) {
        let n_wave = waves::one(sql, wave).await?.map_or(0, |wave| wave.n);
        found.push(Finding {
            what: format!("wave {n_wave} gave the unit {unit} {n} slots"),
            todo: "end all but one of them on the page of slots, with this as the reason",
        });
    }
    found.extend(against_records(sql, &all).await?);
    Ok(Look { name: "slots", n: all.len(), findings: vec![], says: None, left_out: None })
}

/// Slots of drawn waves that their draw did not give.
async fn against_records(sql: &Sql, all: &[Slot]) -> Result<Vec<Finding>, Broken> {
    let mut records = BTreeMap::new();
    for wave in draws::drawn_waves(sql).await? {
        // A record that cannot be read is found where draws are looked at.
        if let Ok(Some(kept)) = draws::drawn(sql, wave).await {
            records.insert(wave, kept.record);
        }
    }
    let mut findings = Vec::new();
    for slot in all.iter().filter(|slot| slot.asked == Asked::Pull) {
        let Some(record) = slot.wave.and_then(|wave| records.get(&wave)) else { continue };
        let slug = slot.unit_slug.as_str();
        let is_listed = record.granted.iter().chain(&record.waiting).any(|listed| listed == slug);
        if !is_listed {
            findings.push(Finding {
                what: format!("{slug} has a slot of {} by a draw in which it was not drawn and does not wait", slot.change_slug),
                todo: "compare with the draw's page and the last backup; end the slot there with this as the reason",
            });
        } else if slot.probability != record.probability.get(slug).copied() {
            findings.push(Finding {
                what: format!(
                    "the slot of {slug} for {} has another chance than the draw's record",
                    slot.change_slug
                ),
                todo: "take it from the last backup: evidence rests on it",
            });
        }
    }
    Ok(findings)
}
