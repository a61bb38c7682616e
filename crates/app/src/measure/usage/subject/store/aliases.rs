//! Queries on people who are known under several subjects: each but one leads to that one, under which he is counted.

use std::collections::HashMap;

use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// By subject, the one under which its person is counted; of subjects alone that lead to another one.
pub type Aliases = HashMap<String, String>;

/// Every subject that leads to another one.
pub async fn all(sql: &Sql) -> Result<Aliases, Broken> {
    let rows = sql.all("SELECT subject AS subject, own AS own FROM subject_alias", vec![]).await?;
    rows.iter().map(|row| Ok((row.text("subject")?, row.text("own")?))).collect()
}

/// The subject under which the person of this one is counted.
async fn own(sql: &Sql, subject: &str) -> Result<String, Broken> {
    let row = sql.one("SELECT own AS own FROM subject_alias WHERE subject = $1", bind![subject]).await?;
    row.map_or(Ok(subject.to_owned()), |row| row.text("own"))
}

/// Has all of a person's subjects lead to the one under which the first of them is counted; how many did not yet.
///
/// `sql` is a verb's transaction, so that nobody joins others meanwhile.
pub async fn join(sql: &Sql, subjects: &[String], at: Moment) -> Result<usize, Broken> {
    let Some((first, further)) = subjects.split_first() else { return Ok(0) };
    let first = own(sql, first).await?;
    let mut n_joined = 0;
    for subject in further {
        let other = own(sql, subject).await?;
        if other == first {
            continue;
        }
        // What led there leads on.
        sql.run("UPDATE subject_alias SET own = $1 WHERE own = $2", bind![first, other]).await?;
        sql.run(
            "INSERT INTO subject_alias (subject, own, joined_at) VALUES ($1, $2, $3)",
            bind![other, first, at],
        )
        .await?;
        n_joined += 1;
    }
    Ok(n_joined)
}
