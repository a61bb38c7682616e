//! Answers as JSON, written beforehand as far as they are the same for everybody.

use std::fmt::Write as _;

use serde_json::json;
use traction_domain::grant::access::{Answer, Running, Snapshot};

/// The answers of one snapshot.
#[derive(Clone, Debug)]
pub struct Written {
    flags: Vec<Flagged>,
    all_off: String,
}

#[derive(Clone, Debug)]
struct Flagged {
    /// The whole answer where the flag is off.
    off: String,
    /// The answer where it is on, up to what depends on the slot.
    on: String,
}

impl Written {
    /// Writes what can be written of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Written {
        let version = snapshot.version();
        let flags: Vec<Flagged> = snapshot
            .flags()
            .iter()
            .map(|flag| {
                let (key, change) = (json!(flag.key), json!(flag.change));
                let reason = match flag.running {
                    Running::Yes => "DEFAULT",
                    Running::Paused => "DISABLED",
                };
                let said = format!(r#""metadata":{{"version":{version},"change":{change}"#);
                Flagged {
                    off: format!(
                        r#"{{"key":{key},"value":false,"variant":"off","reason":"{reason}",{said}}}}}"#
                    ),
                    on: format!(
                        r#"{{"key":{key},"value":true,"variant":"on","reason":"TARGETING_MATCH",{said}"#
                    ),
                }
            })
            .collect();
        let all_off = flags.iter().map(|flag| flag.off.as_str()).collect::<Vec<_>>().join(",");
        Written { flags, all_off: format!(r#"{{"flags":[{all_off}]}}"#) }
    }

    /// One answer.
    pub fn one(&self, answer: &Answer<'_>) -> String {
        let mut text = String::new();
        self.write(&mut text, answer);
        text
    }

    /// All answers, in the order of the snapshot's flags.
    pub fn all<'a>(&self, answers: impl Iterator<Item = Answer<'a>> + Clone) -> String {
        if !answers.clone().any(|answer| answer.is_on()) {
            return self.all_off.clone();
        }
        let mut text = String::with_capacity(self.all_off.len() + 512);
        text.push_str(r#"{"flags":["#);
        for answer in answers {
            if answer.number > 0 {
                text.push(',');
            }
            self.write(&mut text, &answer);
        }
        text.push_str("]}");
        text
    }

    fn write(&self, text: &mut String, answer: &Answer<'_>) {
        let flag = &self.flags[answer.number];
        let Some(grant) = answer.grant else { return text.push_str(&flag.off) };
        text.push_str(&flag.on);
        // Writing to a text cannot fail.
        let _ = write!(text, r#","slot":"{}""#, grant.slot);
        if let Some(wave) = grant.wave {
            let _ = write!(text, r#","wave":"{wave}""#);
        }
        if let Some(until) = grant.span.until {
            let _ = write!(text, r#","until":"{until}""#);
        }
        text.push_str("}}");
    }
}
