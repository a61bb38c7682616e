//! The rows of a list of outcomes in JSON.

use serde::{Deserialize, Deserializer};
use traction_domain::measure::outcome::columns::Part;

/// An outcome as programs send it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeWish {
    unit: String,
    period: String,
    #[serde(default, deserialize_with = "number")]
    value: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    numerator: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    denominator: Option<f64>,
}

/// A number, or a truth value as one: tables say `true` as well.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    struct Number;

    impl serde::de::Visitor<'_> for Number {
        type Value = Option<f64>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a number")
        }

        fn visit_f64<E>(self, number: f64) -> Result<Option<f64>, E> {
            Ok(Some(number))
        }

        fn visit_i64<E>(self, number: i64) -> Result<Option<f64>, E> {
            Ok(Some(number as f64))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Option<f64>, E> {
            Ok(Some(number as f64))
        }

        fn visit_bool<E>(self, truth: bool) -> Result<Option<f64>, E> {
            Ok(Some(f64::from(u8::from(truth))))
        }

        fn visit_unit<E>(self) -> Result<Option<f64>, E> {
            Ok(None)
        }
    }

    from.deserialize_any(Number)
}

impl OutcomeWish {
    /// As a table has it, in the order of [`Part::ALL`].
    pub fn cells(self) -> Vec<String> {
        let text = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        vec![self.unit, self.period, text(self.value), text(self.numerator), text(self.denominator)]
    }

    /// The names of these columns.
    pub fn header() -> Vec<String> {
        Part::ALL.map(|part| part.word().to_owned()).to_vec()
    }
}
