//! What a client asks, read from its JSON: the two entries of the context that matter, whatever else it carries.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use traction_domain::grant::access::Context;

/// The context of an evaluation.
#[derive(Debug, PartialEq)]
pub struct Asked<'a> {
    targeting_key: Cow<'a, str>,
    unit: Option<Cow<'a, str>>,
}

/// Why a body cannot be answered.
#[derive(Debug, PartialEq, Eq)]
pub enum BadBody {
    /// Not JSON, or not an object.
    Parse(String),
    /// A context that is none.
    InvalidContext(&'static str),
    /// Nobody is asked about.
    TargetingKeyMissing,
}

impl Asked<'_> {
    /// As the evaluation takes it.
    pub fn context(&self) -> Context<'_> {
        Context { targeting_key: &self.targeting_key, unit: self.unit.as_deref() }
    }
}

impl BadBody {
    /// The error code of the protocol.
    pub fn code(&self) -> &'static str {
        match self {
            BadBody::Parse(_) => "PARSE_ERROR",
            BadBody::InvalidContext(_) => "INVALID_CONTEXT",
            BadBody::TargetingKeyMissing => "TARGETING_KEY_MISSING",
        }
    }

    /// What is wrong, and what would be right.
    pub fn says(&self) -> String {
        match self {
            BadBody::Parse(why) => format!("the body is not a JSON object with a context: {why}"),
            BadBody::InvalidContext(why) => (*why).to_owned(),
            BadBody::TargetingKeyMissing => {
                "the context has no targetingKey; send a person's external id or a unit's short name".into()
            }
        }
    }
}

/// Reads a body.
pub fn read(body: &[u8]) -> Result<Asked<'_>, BadBody> {
    let part = serde_json::from_slice::<Body<'_>>(body).map_err(|error| BadBody::Parse(error.to_string()))?.0;
    let (key, unit) = match part {
        Part::Missing => return Err(BadBody::TargetingKeyMissing),
        Part::Other => return Err(BadBody::InvalidContext("the context is not a JSON object; send one")),
        Part::Object { key, unit } => (key, unit),
    };
    let (unit, is_named) = match unit {
        Word::Text(unit) => (Some(unit), true),
        // Some systems number their wards.
        Word::Whole(n) => (Some(Cow::Owned(n.to_string())), true),
        // It was said that a unit is meant, and not which: that is no unit's slot, and the person's own least of all.
        Word::Other => (Some(Cow::Borrowed("")), false),
        Word::Missing => (None, false),
    };
    match key {
        Word::Text(key) if !key.is_empty() => Ok(Asked { targeting_key: key, unit }),
        Word::Whole(_) | Word::Other => {
            Err(BadBody::InvalidContext("the targetingKey is not a text; send it as a JSON string"))
        }
        _ if is_named => Ok(Asked { targeting_key: Cow::Borrowed(""), unit }),
        _ => Err(BadBody::TargetingKeyMissing),
    }
}

struct Body<'a>(Part<'a>);

/// The context, as far as it can be one.
enum Part<'a> {
    Missing,
    Other,
    Object { key: Word<'a>, unit: Word<'a> },
}

/// An entry of the context, as far as it is a text or a whole number.
enum Word<'a> {
    Missing,
    Text(Cow<'a, str>),
    Whole(u64),
    Other,
}

impl<'de> Deserialize<'de> for Body<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Top;
        impl<'de> Visitor<'de> for Top {
            type Value = Body<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Body<'de>, A::Error> {
                let mut context = Part::Missing;
                while let Some(name) = entries.next_key::<Word<'de>>()? {
                    if name.is("context") {
                        context = entries.next_value()?;
                    } else {
                        entries.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Body(context))
            }
        }
        from.deserialize_map(Top)
    }
}

impl Word<'_> {
    fn is(&self, name: &str) -> bool {
        matches!(self, Word::Text(text) if text == name)
    }
}

/// Values of every kind: a text is kept, an object handed on, the rest is only noted.
macro_rules! anything {
    ($value:ty, $missing:expr, $whole:expr, $other:expr) => {
        type Value = $value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
            Ok($whole(n))
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($missing)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            Ok($other)
        }
    };
}

impl<'de> Deserialize<'de> for Part<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Whole;
        impl<'de> Visitor<'de> for Whole {
            anything!(Part<'de>, Part::Missing, |_| Part::Other, Part::Other);

            fn visit_str<E>(self, _: &str) -> Result<Part<'de>, E> {
                Ok(Part::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Part<'de>, A::Error> {
                let (mut key, mut unit) = (Word::Missing, Word::Missing);
                while let Some(name) = entries.next_key::<Word<'de>>()? {
                    if name.is("targetingKey") {
                        key = entries.next_value()?;
                    } else if name.is("unit") {
                        unit = entries.next_value()?;
                    } else {
                        entries.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Part::Object { key, unit })
            }
        }
        from.deserialize_any(Whole)
    }
}

impl<'de> Deserialize<'de> for Word<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            anything!(Word<'de>, Word::Missing, Word::Whole, Word::Other);

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Word<'de>, E> {
                Ok(Word::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Word<'de>, E> {
                Ok(Word::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Word<'de>, A::Error> {
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Word::Other)
            }
        }
        from.deserialize_any(Entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expect: Result<(&str, Option<&str>), &str>) {
        let asked = read(body.as_bytes());
        let short = asked.as_ref().map(|asked| (asked.context().targeting_key, asked.context().unit));
        assert_eq!(short.map_err(BadBody::code), expect, "{body}");
    }

    #[test]
    fn the_key_is_found_among_attributes_of_every_kind() {
        check(r#"{"context":{"targetingKey":"jo"}}"#, Ok(("jo", None)));
        check(
            r#" {"n":1,"context":{"a":null,"b":[1,{"x":[]}],"c":{"targetingKey":7},"d":1e9,"e":-1,"f":true,"targetingKey":"j\u006f","unit":"w"}} "#,
            Ok(("jo", Some("w"))),
        );
        check(r#"{"context":{"targetingKey":"jo","unit":null}}"#, Ok(("jo", None)));
        check(r#"{"context":{"unit":"ward-7"}}"#, Ok(("", Some("ward-7"))));
    }

    #[test]
    fn a_unit_given_as_a_whole_number_is_meant_by_its_digits_and_any_other_type_is_no_unit() {
        check(r#"{"context":{"targetingKey":"jo","unit":7}}"#, Ok(("jo", Some("7"))));
        check(r#"{"context":{"unit":7}}"#, Ok(("", Some("7"))));
        for unit in ["-7", "7.5", "true", "[7]", "{\"id\":7}"] {
            check(
                &format!("{{\"context\":{{\"targetingKey\":\"jo\",\"unit\":{unit}}}}}"),
                Ok(("jo", Some(""))),
            );
            check(&format!("{{\"context\":{{\"unit\":{unit}}}}}"), Err("TARGETING_KEY_MISSING"));
        }
    }

    #[test]
    fn what_cannot_be_answered_has_its_code() {
        for body in
            ["", "{", "[]", "7", "\"x\"", "[{\"targetingKey\":\"jo\"}]", "{\"context\":{}} x", "\u{0}"]
        {
            check(body, Err("PARSE_ERROR"));
        }
        for body in [r#"{"context":7}"#, r#"{"context":"jo"}"#, r#"{"context":[]}"#] {
            check(body, Err("INVALID_CONTEXT"));
        }
        for key in ["7", "true", "[]", "{\"x\":1}", "1.5", "-1"] {
            check(&format!("{{\"context\":{{\"targetingKey\":{key}}}}}"), Err("INVALID_CONTEXT"));
        }
        for body in ["{}", r#"{"context":null}"#, r#"{"context":{}}"#, r#"{"context":{"targetingKey":""}}"#] {
            check(body, Err("TARGETING_KEY_MISSING"));
        }
    }
}
