//! The simulated group offers its laboratory to practices outside: what each of them is stuck on.

use traction_domain::org::who::Who;

use crate::demo::story::Play;
use crate::demo::truth::BEDSIDE;
use crate::offer::change;
use crate::sense::account::{sheet, verbs};
use crate::trouble::Trouble;

/// What was tried: the remedy, how many days ago, and its outcome.
type Tried = (&'static str, i64, &'static str);

/// Account, friction, what they say; and what was tried, where something was.
const HELD: [(&str, &str, &str, Option<Tried>); 7] = [
    ("Practice at the Harbour", "no-proof", "It may work in a hospital, but here?", None),
    ("Practice at the Harbour", "unclear-value", "", Some(("figure-in-twenty-minutes", 40, "gone"))),
    ("Mill Lane Surgery", "no-proof", "Show us somebody like us.", Some(("call-without-us", 12, ""))),
    ("Hill Road Clinic", "status-quo", "The courier comes twice a day, that will do.", None),
    (
        "Northgate Dialysis",
        "too-many-people",
        "Three partners, two opinions.",
        Some(("yes-of-one", 33, "stayed")),
    ),
    ("Riverside Paediatrics", "status-quo", "", Some(("count-staying", 25, "gone"))),
    (
        "Old Town Health Centre",
        "procurement",
        "The county's form has 40 pages.",
        Some(("papers-ahead", 3, "")),
    ),
];

impl Play {
    /// Customers come in with what holds them up, and the change that would remove some of it.
    pub(super) async fn sell(&self) -> Result<(), Trouble> {
        let operator = Who::operator();
        let now = self.world.now();
        let mut rows = String::from("account,playbook,friction,words,remedy,tried_on,ask_on,outcome\n");
        for (account, friction, words, tried) in HELD {
            let tail = match tried {
                Some((remedy, n_days, outcome)) => {
                    let begun = now.after_days(-n_days);
                    format!("{remedy},{},{},{outcome}", begun.date(), begun.after_days(21).date())
                }
                None => ",,,".to_owned(),
            };
            rows.push_str(&format!("{account},buying,{friction},\"{words}\",{tail}\n"));
        }
        sheet::take_text(&self.world, &operator, &rows).await?;
        if let Some(change) = change::store::by_slug(self.world.store().read(), BEDSIDE.slug).await? {
            verbs::offer(&self.world, &operator, "buying", "small-test-with-prediction", change.id).await?;
        }
        Ok(())
    }
}
