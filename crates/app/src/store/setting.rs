//! What an installation settles once and keeps: a key that is made at first use, the truth of a simulation.

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

impl Sql {
    /// The value of a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, Broken> {
        let row = self.one("SELECT value FROM setting WHERE name = $1", bind![name]).await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// Gives a setting its value, unless it has one: what was settled stays.
    pub async fn settle(&self, name: &str, value: &str) -> Result<(), Broken> {
        self.run(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            bind![name, value],
        )
        .await?;
        Ok(())
    }

    /// Takes a setting away, which only what replaced it does.
    pub async fn unsettle(&self, name: &str) -> Result<(), Broken> {
        self.run("DELETE FROM setting WHERE name = $1", bind![name]).await?;
        Ok(())
    }
}
