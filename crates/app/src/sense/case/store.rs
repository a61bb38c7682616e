//! Queries on cases, their links and their voices.

use traction_domain::id::{CaseId, PersonId, TokenId, VoiceId};
use traction_domain::sense::case::LinkState;
use traction_domain::sense::diagnosis::{Openness, Voice};
use traction_domain::sense::playbook::Playbook;
use traction_domain::time::Moment;

use crate::bind;
use crate::sense::diagnosis::trail;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The name of its playbook.
    pub playbook: String,
    /// What it is about.
    pub title: String,
    /// Who opened it; he alone sees it.
    pub opened_by: Option<PersonId>,
    /// The program that opened it, where no person did; it alone sees it then.
    pub opened_for: Option<TokenId>,
    /// When.
    pub opened_at: Moment,
    /// When it was closed, if it was.
    pub closed_at: Option<Moment>,
    /// How many links were made.
    pub n_links: usize,
    /// How many of them were used.
    pub n_used: usize,
}

const SELECT: &str = "SELECT c.id AS id, c.playbook AS playbook, c.title AS title, c.opened_by AS opened_by,
    (SELECT MIN(k.token_id) FROM case_token k WHERE k.case_id = c.id) AS token_id,
    c.opened_at AS opened_at, (SELECT MIN(e.closed_at) FROM sense_case_end e WHERE e.case_id = c.id) AS closed_at,
    (SELECT COUNT(*) FROM voice_link l WHERE l.case_id = c.id) AS n_links,
    (SELECT COUNT(*) FROM voice_link l JOIN voice_link_used u ON u.hash = l.hash WHERE l.case_id = c.id) AS n_used
  FROM sense_case c";

fn case(row: &Row) -> Result<Case, Broken> {
    Ok(Case {
        id: row.parsed("id")?,
        playbook: row.text("playbook")?,
        title: row.text("title")?,
        opened_by: row.maybe_parsed("opened_by")?,
        opened_for: row.maybe_parsed("token_id")?,
        opened_at: row.moment("opened_at")?,
        closed_at: row.maybe_moment("closed_at")?,
        n_links: row.count("n_links")?,
        n_used: row.count("n_used")?,
    })
}

/// One case.
pub async fn one(sql: &Sql, id: CaseId) -> Result<Option<Case>, Broken> {
    sql.one(&format!("{SELECT} WHERE c.id = $1"), bind![id]).await?.as_ref().map(case).transpose()
}

/// The cases that a person opened, newest first.
pub async fn of_person(sql: &Sql, person: PersonId) -> Result<Vec<Case>, Broken> {
    let text = format!("{SELECT} WHERE c.opened_by = $1 ORDER BY c.opened_at DESC, c.id DESC");
    sql.all(&text, bind![person]).await?.iter().map(case).collect()
}

/// The cases that a program opened, newest first.
pub async fn of_token(sql: &Sql, token: TokenId) -> Result<Vec<Case>, Broken> {
    let text = format!(
        "{SELECT} JOIN case_token t ON t.case_id = c.id WHERE t.token_id = $1 ORDER BY c.opened_at DESC, c.id DESC"
    );
    sql.all(&text, bind![token]).await?.iter().map(case).collect()
}

/// Keeps which program opened a case.
pub async fn add_token(sql: &Sql, id: CaseId, token: TokenId) -> Result<(), Broken> {
    sql.run("INSERT INTO case_token (case_id, token_id) VALUES ($1, $2)", bind![id, token]).await?;
    Ok(())
}

/// Keeps a case.
pub async fn add(
    sql: &Sql,
    id: CaseId,
    playbook: &str,
    title: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO sense_case (id, playbook, title, opened_by, opened_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, playbook, title, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps that a case was closed.
pub async fn close(sql: &Sql, id: CaseId, at: Moment) -> Result<(), Broken> {
    sql.run("INSERT INTO sense_case_end (case_id, closed_at) VALUES ($1, $2)", bind![id, at]).await?;
    Ok(())
}

/// Keeps a link, by the hash of its secret.
pub async fn add_link(sql: &Sql, hash: &str, case: CaseId) -> Result<(), Broken> {
    sql.run("INSERT INTO voice_link (hash, case_id) VALUES ($1, $2)", bind![hash, case]).await?;
    Ok(())
}

/// The case of a link, and whether the link has been used.
pub async fn link(sql: &Sql, hash: &str) -> Result<Option<(CaseId, LinkState)>, Broken> {
    let row = sql
        .one(
            "SELECT l.case_id AS case_id, (SELECT COUNT(*) FROM voice_link_used u WHERE u.hash = l.hash) AS n_used
             FROM voice_link l WHERE l.hash = $1",
            bind![hash],
        )
        .await?;
    row.map(|row| {
        let state = if row.count("n_used")? == 0 { LinkState::Waits } else { LinkState::Used };
        Ok((row.parsed("case_id")?, state))
    })
    .transpose()
}

/// Keeps that a link was used; not when, and not for what.
pub async fn use_link(sql: &Sql, hash: &str) -> Result<(), Broken> {
    sql.run("INSERT INTO voice_link_used (hash) VALUES ($1)", bind![hash]).await?;
    Ok(())
}

/// Keeps a voice. All voices of its case are written anew in the order of their random ids, so that their order on disk
/// does not say who spoke when.
pub async fn add_voice(
    sql: &Sql,
    case: CaseId,
    id: VoiceId,
    playbook: &Playbook,
    voice: &Voice,
) -> Result<(), Broken> {
    let kept = sql.all(VOICES, bind![case]).await?;
    let mut all: Vec<(VoiceId, String, String)> = kept
        .iter()
        .map(|row| Ok((row.parsed("id")?, row.text("openness")?, row.text("answers")?)))
        .collect::<Result<_, Broken>>()?;
    all.push((id, word(voice.openness).to_owned(), trail::written(playbook, &voice.answers)));
    all.sort();
    sql.run("DELETE FROM voice WHERE case_id = $1", bind![case]).await?;
    let rows = all.iter().map(|(id, openness, answers)| bind![id, case, openness, answers]);
    sql.insert_many("INSERT INTO voice (id, case_id, openness, answers) VALUES", rows.collect(), "").await?;
    Ok(())
}

const VOICES: &str = "SELECT v.id AS id, v.openness AS openness, v.answers AS answers FROM voice v WHERE v.case_id = $1 ORDER BY v.id";

/// The voices of a case, in an order that says nothing; for what they say together.
pub async fn voices(sql: &Sql, playbook: &Playbook, case: CaseId) -> Result<Vec<Voice>, Broken> {
    let rows = sql.all(VOICES, bind![case]).await?;
    rows.iter()
        .map(|row| {
            let written = row.text("answers")?;
            let openness = match row.text("openness")?.as_str() {
                "open" => Openness::Open,
                _ => Openness::Closed,
            };
            // Answers that a later version of the playbook does not know are nobody's voice.
            let answers = trail::read(playbook, &written).unwrap_or_default();
            Ok(Voice { answers, openness })
        })
        .collect()
}

fn word(openness: Openness) -> &'static str {
    match openness {
        Openness::Open => "open",
        Openness::Closed => "closed",
    }
}
