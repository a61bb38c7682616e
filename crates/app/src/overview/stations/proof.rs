//! What evidence says in a figure and a line, on the station that looks at it.

use traction_domain::prove::Doubted;
use traction_domain::time::Moment;

/// What evidence says in short, and when it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Its verdict's kind, by its word.
    pub kind: String,
    /// How firmly that stands.
    pub doubted: Doubted,
    /// When it was made.
    pub made_at: Moment,
}

impl Proof {
    /// Whether it decides anything that could be shown.
    pub fn decides(&self) -> bool {
        self.kind != "refused" && self.kind != "cannot_tell"
    }

    /// The verdict as a figure, and in a line.
    pub fn says(&self) -> (&'static str, &'static str) {
        match (self.kind.as_str(), self.doubted) {
            ("works", Doubted::No) => ("works", "Its effect is shown, beyond what was hoped for."),
            ("works", Doubted::Somewhat) => {
                ("seems to work", "An effect is seen; the record says what is doubtful.")
            }
            ("harms", Doubted::No) => ("harms", "It does harm: think again."),
            ("harms", Doubted::Somewhat) => {
                ("seems to harm", "Harm is seen; the record says what is doubtful.")
            }
            ("works" | "harms", Doubted::Strongly) => {
                ("doubtful", "The checks speak against what was found; the record says which.")
            }
            ("no_worthwhile_effect", _) => ("no worthwhile effect", "It does not do enough to be worth it."),
            ("cannot_tell", _) => ("cannot tell yet", "The data do not decide yet."),
            _ => ("refused", "The data cannot carry a claim; the record says what would be needed."),
        }
    }
}
