//! Accounts as a table: `account`, `playbook`, `friction`, and if there `words`, `remedy`, `tried_on`, `ask_on`,
//! `outcome`. What it writes it reads; the same rows twice change nothing.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use traction_domain::org::who::Who;
use traction_domain::sense::account as rules;
use traction_domain::sense::diagnosis::trial::Known;
use traction_domain::sense::diagnosis::{Outcome, tried};
use traction_domain::sense::playbook::Playbook;
use traction_domain::time::Moment;

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Line, Sheet, SheetRefused};
use crate::measure::outcome::verbs::Mode;
use crate::sense::account::demand;
use crate::sense::account::store::{self, Account, Hold};
use crate::sense::account::verbs::{self, HoldWish};
use crate::sense::trial::store::Trial;
use crate::sense::{playbook, trial};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

const COLUMNS: [&str; 9] =
    ["account", "playbook", "friction", "words", "state", "remedy", "tried_on", "ask_on", "outcome"];

/// All of it as a table: one row a hold, or one a trial where something was tried.
pub async fn written(sql: &Sql) -> Result<String, Broken> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| Broken::accident("writing a table", error);
    rows.write_record(COLUMNS).map_err(broken)?;
    for standing in demand::all(sql).await? {
        let hold = &standing.hold;
        let head =
            [&*hold.account_name, &*hold.playbook, &*hold.friction, &*hold.words, standing.stand.word()];
        let mut write = |tail: [String; 4]| {
            let tail = tail.iter().map(String::as_str);
            rows.write_record(head.iter().copied().chain(tail)).map_err(broken)
        };
        if standing.trials.is_empty() {
            write([const { String::new() }; 4])?;
        }
        for trial in standing.trials.iter().rev() {
            let outcome = trial.ended.map_or(String::new(), |(outcome, _)| outcome.word().to_owned());
            let (begun, due) = (trial.begun_at.date().to_string(), trial.due_at.date().to_string());
            write([trial.remedy.clone(), begun, due, outcome])?;
        }
    }
    let bytes = rows.into_inner().map_err(|error| Broken::accident("writing a table", error.error()))?;
    String::from_utf8(bytes).map_err(|error| Broken::accident("writing a table", error))
}

/// Takes in what somebody pasted or dropped.
pub async fn take_text(world: &World, who: &Who, rows: &str) -> Result<Report, Trouble> {
    let file = File { name: "the rows".into(), bytes: rows.as_bytes().to_vec() };
    take(world, who, &file, Mode::Take).await
}

/// Takes a table in, all of it or nothing.
pub async fn take(world: &World, who: &Who, file: &File, mode: Mode) -> Result<Report, Trouble> {
    rules::must_see(who, "bring accounts in")?;
    let sheet = Sheet::read(file, &["account", "playbook", "friction"])?;
    let mut tx = world.store().begin().await?;
    let (mut n_accounts, mut n_holds, mut n_trials, mut n_unchanged) = (0, 0, 0, 0);
    for line in sheet.lines() {
        let (account, is_new) = account(world, &mut tx, who, line).await?;
        let kept = playbook(&tx, line).await?;
        let (hold, is_said) = hold(world, &mut tx, who, line, &account, &kept).await?;
        let is_tried = match line.maybe_text("remedy") {
            Some(remedy) => trial(world, &mut tx, who, line, &kept, &hold, remedy).await?,
            None => false,
        };
        n_accounts += usize::from(is_new);
        n_holds += usize::from(is_said);
        n_trials += usize::from(is_tried);
        n_unchanged += usize::from(!is_new && !is_said && !is_tried);
    }
    let changed = vec![("accounts entered", n_accounts), ("holds said", n_holds), ("trials added", n_trials)];
    let report =
        Report { kind: "accounts", n_rows: sheet.n_rows(), changed, n_unchanged, passed_over: vec![], mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}

/// The account of a row, entered if it is new; and whether it is.
async fn account(world: &World, tx: &mut Tx, who: &Who, line: Line<'_>) -> Result<(Account, bool), Trouble> {
    let name = line.some_text("account", "write the organisation's name")?;
    let proposed = rules::propose(name).map_err(|refused| line.refused("account", &refused))?;
    if let Some(account) = store::by_slug(tx, proposed.slug.as_str()).await? {
        return Ok((account, false));
    }
    Ok((verbs::record(world, tx, who, name).await?, true))
}

async fn playbook(sql: &Sql, line: Line<'_>) -> Result<Playbook, Trouble> {
    let name = line.some_text("playbook", "write its name, like buying")?;
    let kept = playbook::store::find(sql, name).await?;
    let kept = kept
        .ok_or_else(|| line.bad("playbook", format!("there is no playbook `{name}`; bring it in first")))?;
    Ok(kept.playbook)
}

/// What the account of a row is stuck on, said if it is new; and whether it is.
async fn hold(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    line: Line<'_>,
    account: &Account,
    playbook: &Playbook,
) -> Result<(Hold, bool), Trouble> {
    let friction = line.some_text("friction", "write its name in the playbook, like status-quo")?;
    let same = |hold: &Hold| {
        hold.account == account.id && (&*hold.playbook, &*hold.friction) == (&*playbook.edition.id, friction)
    };
    if let Some(hold) = store::holds(tx).await?.into_iter().find(same) {
        return Ok((hold, false));
    }
    let wish = HoldWish { playbook: &playbook.edition.id, friction, words: line.text("words") };
    match verbs::record_hold(world, tx, who, account, playbook, &wish).await {
        Err(Trouble::Refused(refused)) => Err(line.refused("friction", refused.as_ref()).into()),
        Err(other) => Err(other),
        Ok(id) => {
            let hold = store::holds(tx).await?.into_iter().find(|hold| hold.id == id);
            Ok((hold.ok_or(Trouble::NotFound { what: "account that is stuck on this" })?, true))
        }
    }
}

/// What a row says was tried, kept if it is new; whether it was.
async fn trial(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    line: Line<'_>,
    playbook: &Playbook,
    hold: &Hold,
    remedy: &str,
) -> Result<bool, Trouble> {
    let begun_at = day(line, "tried_on")?
        .ok_or_else(|| line.bad("tried_on", "nothing is there; write the day, like 2026-11-22"))?;
    let outcome: Option<Outcome> = line.maybe_parsed("outcome")?;
    tried(playbook, remedy, &hold.friction, outcome.unwrap_or(Outcome::Gone))
        .map_err(|refused| line.refused("remedy", &refused))?;
    let is_known = |trial: &Trial| {
        trial.hold == Some(hold.id) && trial.remedy == remedy && trial.begun_at.date() == begun_at.date()
    };
    let known = trial::store::of_holds(tx).await?.into_iter().find(is_known);
    let (kept, is_new) = match known {
        Some(trial) => (trial, false),
        None => {
            let due_at =
                day(line, "ask_on")?.filter(|due| *due > begun_at).unwrap_or(begun_at.after_days(14));
            let trial = Trial {
                id: world.id(),
                playbook: playbook.edition.id.clone(),
                remedy: remedy.to_owned(),
                friction: hold.friction.clone(),
                case: None,
                hold: Some(hold.id),
                on: None,
                begun_by: who.person(),
                begun_at,
                due_at,
                ended: None,
                read: None,
                known: Known::Said,
            };
            trial::store::add(tx, &trial).await?;
            (trial, true)
        }
    };
    let Some(outcome) = outcome.filter(|_| kept.ended.is_none()) else { return Ok(is_new) };
    trial::verbs::record_end(world, tx, who, playbook, &kept, outcome).await?;
    Ok(true)
}

fn day(line: Line<'_>, column: &str) -> Result<Option<Moment>, SheetRefused> {
    let Some(text) = line.maybe_text(column) else { return Ok(None) };
    let at = text.parse::<Date>().ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    let at =
        at.ok_or_else(|| line.bad(column, format!("`{text}` is not a day; write it like 2026-11-22")))?;
    Ok(Some(Moment::from_timestamp(at.timestamp())))
}
