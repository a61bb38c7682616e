//! What changed between two versions of a playbook, in words. It compares what they say, not how they are laid out.

use std::collections::BTreeMap;
use std::fmt;

use super::Playbook;

/// One thing in which two versions differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is about: "friction `no-owner`".
    pub subject: String,
    /// What became of it.
    pub turned: Turned,
}

/// What became of something.
#[derive(Clone, Debug, PartialEq)]
pub enum Turned {
    /// It is new.
    Added,
    /// It is no longer there.
    Removed,
    /// Other words.
    Reworded {
        /// The entry, as it is called in the file.
        entry: &'static str,
        /// Before.
        from: String,
        /// Now.
        to: String,
    },
    /// Another number.
    Moved {
        /// The entry, as it is called in the file.
        entry: &'static str,
        /// Before.
        from: f64,
        /// Now.
        to: f64,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match &self.turned {
            Turned::Added => write!(f, "{subject} is new"),
            Turned::Removed => write!(f, "{subject} is gone"),
            Turned::Reworded { entry, from, to } => {
                write!(f, "{subject}: `{entry}` was \"{from}\" and is \"{to}\"")
            }
            Turned::Moved { entry, from, to } => {
                let way = if to > from { "rises" } else { "falls" };
                write!(f, "{subject}: `{entry}` {way} from {} to {}", plain(*from), plain(*to))
            }
        }
    }
}

/// A number without the noise of its last digits.
fn plain(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}

/// All differences, in the order of the old version, then what is new in the order of the new one.
pub fn diff(old: &Playbook, new: &Playbook) -> Vec<Difference> {
    let (before, after) = (told(old), told(new));
    let by_subject: BTreeMap<&str, &Told> = after.iter().map(|told| (told.subject.as_str(), told)).collect();
    let known: BTreeMap<&str, &Told> = before.iter().map(|told| (told.subject.as_str(), told)).collect();
    let mut differences = Vec::new();
    for told in &before {
        match by_subject.get(told.subject.as_str()) {
            Some(now) => differences.extend(told.turned_into(now)),
            // What hangs on something that is gone is gone with it.
            None if told.parents.iter().all(|parent| by_subject.contains_key(parent.as_str())) => {
                differences.push(told.turned(Turned::Removed));
            }
            None => {}
        }
    }
    for told in after.iter().filter(|told| !known.contains_key(told.subject.as_str())) {
        if told.parents.iter().all(|parent| known.contains_key(parent.as_str())) {
            differences.push(told.turned(Turned::Added));
        }
    }
    differences
}

/// One subject, with all that is said of it.
struct Told {
    subject: String,
    /// The subjects it hangs on.
    parents: Vec<String>,
    words: Vec<(&'static str, String)>,
    numbers: Vec<(&'static str, f64)>,
}

impl Told {
    fn turned(&self, turned: Turned) -> Difference {
        Difference { subject: self.subject.clone(), turned }
    }

    fn turned_into(&self, now: &Told) -> Vec<Difference> {
        let words = self.words.iter().zip(&now.words).filter(|(was, is)| was.1 != is.1);
        let reworded =
            words.map(|(was, is)| Turned::Reworded { entry: was.0, from: was.1.clone(), to: is.1.clone() });
        let numbers = self.numbers.iter().zip(&now.numbers).filter(|(was, is)| was.1 != is.1);
        let moved = numbers.map(|(was, is)| Turned::Moved { entry: was.0, from: was.1, to: is.1 });
        reworded.chain(moved).map(|turned| self.turned(turned)).collect()
    }
}

/// A playbook, subject by subject.
fn told(playbook: &Playbook) -> Vec<Told> {
    let mut all = vec![Told {
        subject: "the playbook".to_owned(),
        parents: vec![],
        words: vec![("name", playbook.name.clone()), ("about", playbook.about.clone())],
        numbers: vec![("something_else", playbook.something_else), ("n_cases", playbook.n_cases)],
    }];
    let friction = |at: super::FrictionNo| format!("friction `{}`", playbook.friction(at).key);
    let source = |reason: &super::Reason| playbook.source(reason.source).key.clone();
    all.extend(playbook.sources.iter().map(|source| Told {
        subject: format!("source `{}`", source.key),
        parents: vec![],
        words: vec![("cite", source.cite.clone())],
        numbers: vec![],
    }));
    all.extend(playbook.frictions.iter().map(|friction| Told {
        subject: format!("friction `{}`", friction.key),
        parents: vec![],
        words: vec![("name", friction.name.clone()), ("means", friction.means.clone())],
        numbers: vec![("common", friction.common)],
    }));
    for sign in &playbook.signs {
        let subject = format!("sign `{}`", sign.key);
        all.push(Told {
            subject: subject.clone(),
            parents: vec![],
            words: vec![("ask", sign.ask.clone())],
            numbers: vec![],
        });
        let named = |key: &str| format!("answer `{key}` of {subject}");
        all.extend(sign.answers.iter().map(|answer| Told {
            subject: named(&answer.key),
            parents: vec![subject.clone()],
            words: vec![("says", answer.says.clone())],
            numbers: vec![("usual", answer.usual)],
        }));
        all.extend(sign.speaks.iter().map(|link| {
            let answer = named(&sign.answer(link.answer).key);
            Told {
                subject: format!("link from {answer} to {}", friction(link.friction)),
                parents: vec![subject.clone(), answer, friction(link.friction)],
                words: vec![("why", link.reason.why.clone()), ("source", source(&link.reason))],
                numbers: vec![("strength", link.strength)],
            }
        }));
    }
    for remedy in &playbook.remedies {
        let subject = format!("remedy `{}`", remedy.key);
        all.extend(remedy.removes.iter().map(|link| Told {
            subject: format!("link from {subject} to {}", friction(link.friction)),
            parents: vec![subject.clone(), friction(link.friction)],
            words: vec![("why", link.reason.why.clone()), ("source", source(&link.reason))],
            numbers: vec![("strength", link.strength)],
        }));
        all.push(Told {
            subject,
            parents: vec![],
            words: vec![
                ("name", remedy.name.clone()),
                ("do", remedy.action.clone()),
                ("plan", remedy.test.plan.clone()),
                ("prediction", remedy.test.prediction.clone()),
            ],
            numbers: vec![
                ("hours", remedy.footprint.hours),
                ("people", remedy.footprint.n_people),
                ("relief_days", remedy.relief_days),
                ("days", remedy.test.days),
            ],
        });
    }
    all
}
