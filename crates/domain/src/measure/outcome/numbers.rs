//! How a table writes its numbers: with a point before decimals, or with marks that a reader may take for one.
//!
//! `1,234` has two readings, and so has `1.234` where columns are parted by semicolons, as spreadsheets do it where the comma
//! is the mark of decimals. What else stands in the column decides; where nothing does, both are named, and neither is taken.

/// What stands in a cell where nothing was observed, in small letters; an empty cell says the same.
const MISSING: [&str; 7] = ["na", "n/a", "nan", "null", "none", ".", "-"];

/// What marks decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
}

/// What a point before three digits is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Point {
    /// The mark of decimals, as programs write it.
    #[default]
    OfDecimals,
    /// That, or a mark between thousands.
    OfEither,
}

/// How a column writes its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    point: Point,
    decimals: Option<Mark>,
}

/// Why a text is not taken for a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberRefused {
    /// It is none.
    #[error("`{text}` is not a number; write it like 12 or 2.5")]
    None {
        /// What was written.
        text: String,
    },
    /// Its decimals come after a comma.
    #[error("`{text}` has a decimal comma; write {plain}")]
    DecimalComma {
        /// What was written.
        text: String,
        /// What would be right.
        plain: String,
    },
    /// It has marks between thousands.
    #[error("`{text}` has marks between thousands; write {plain}")]
    Thousands {
        /// What was written.
        text: String,
        /// What would be right.
        plain: String,
    },
    /// It has two readings.
    #[error("`{text}` may mean {thousands} or {decimal}; write {thousands}, or {decimal}0")]
    TwoReadings {
        /// What was written.
        text: String,
        /// With its mark between thousands.
        thousands: String,
        /// With its mark before decimals.
        decimal: String,
    },
}

/// A number, or nothing where nothing was observed; else what is wrong, and what would be right. Yes is 1, and no is 0, where
/// they are written as `true` and `false`.
pub fn number(text: &str, written: Written) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() || MISSING.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    if let Some(truth) = truth(text) {
        return Ok(Some(f64::from(u8::from(truth))));
    }
    written.read(text).map(Some).map_err(|refused| match refused {
        NumberRefused::None { .. } => format!("{refused}, or leave it empty if nothing was observed"),
        _ => refused.to_string(),
    })
}

/// What `true` and `false` say, in whatever letters.
pub fn truth(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    is("true").then_some(true).or_else(|| is("false").then_some(false))
}

impl Written {
    /// How a column of these cells writes its numbers.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>, point: Point) -> Written {
        let (mut has_points, mut has_commas) = (false, false);
        for cell in cells.filter(|cell| cell.contains(['.', ','])) {
            match tells(cell) {
                Some(Mark::Point) => has_points = true,
                Some(Mark::Comma) => has_commas = true,
                None => {}
            }
        }
        let decimals = match (has_points, has_commas) {
            (true, false) => Some(Mark::Point),
            (false, true) => Some(Mark::Comma),
            _ => None,
        };
        Written { point, decimals }
    }

    /// The number that a text is, in a column that is written so.
    pub fn read(self, text: &str) -> Result<f64, NumberRefused> {
        let none = || NumberRefused::None { text: text.to_owned() };
        let finite = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let (text, sound) = (text.to_owned(), |plain: &str| finite(plain).ok_or_else(none));
        match shape(&text) {
            Shape::Plain => sound(&text),
            Shape::Decimals { mark: Mark::Point, plain } if plain == text => sound(&text),
            Shape::Decimals { mark: Mark::Comma, plain } if !text.contains('.') => {
                sound(&plain)?;
                Err(NumberRefused::DecimalComma { text, plain })
            }
            Shape::Decimals { plain, .. } | Shape::Thousands { plain, .. } => {
                sound(&plain)?;
                Err(NumberRefused::Thousands { text, plain })
            }
            Shape::Either { mark, thousands, decimal } => match (mark, self.decimals, self.point) {
                (Mark::Point, Some(Mark::Point), _) | (Mark::Point, None, Point::OfDecimals) => {
                    sound(&decimal)
                }
                (Mark::Comma, Some(Mark::Comma), _) => {
                    Err(NumberRefused::DecimalComma { text, plain: decimal })
                }
                (_, Some(_), _) => Err(NumberRefused::Thousands { text, plain: thousands }),
                (_, None, _) => Err(NumberRefused::TwoReadings { text, thousands, decimal }),
            },
        }
    }
}

/// How a text looks.
enum Shape {
    /// It has no mark, or is no plain number.
    Plain,
    /// A mark of decimals, perhaps behind others between thousands.
    Decimals { mark: Mark, plain: String },
    /// Several marks between thousands; `decimals` is the one they leave.
    Thousands { decimals: Mark, plain: String },
    /// One mark, which may be of either kind.
    Either { mark: Mark, thousands: String, decimal: String },
}

/// What a cell tells of its column's mark of decimals.
fn tells(cell: &str) -> Option<Mark> {
    match shape(cell.trim()) {
        Shape::Decimals { mark, .. } | Shape::Thousands { decimals: mark, .. } => Some(mark),
        Shape::Plain if cell.contains('.') && cell.trim().parse::<f64>().is_ok() => Some(Mark::Point),
        Shape::Plain | Shape::Either { .. } => None,
    }
}

fn shape(text: &str) -> Shape {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = &text[..text.len() - digits.len()];
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let Some(at) = digits.rfind(['.', ',']) else { return Shape::Plain };
    if !digits.bytes().all(|byte| is_digit(byte) || matches!(byte, b'.' | b',')) {
        return Shape::Plain;
    }
    let (own, other, mark, left) = match digits.as_bytes()[at] {
        b'.' => ('.', ',', Mark::Point, Mark::Comma),
        _ => (',', '.', Mark::Comma, Mark::Point),
    };
    let (head, tail) = (&digits[..at], &digits[at + 1..]);
    let without = |text: &str, mark: char| text.replace(mark, "");
    if head.contains(other) {
        let is_sound = !head.contains(own) && are_groups(head, other) && !tail.is_empty();
        let plain = format!("{sign}{}.{tail}", without(head, other));
        return if is_sound { Shape::Decimals { mark, plain } } else { Shape::Plain };
    }
    if head.contains(own) {
        let plain = format!("{sign}{}", without(digits, own));
        return if are_groups(digits, own) {
            Shape::Thousands { decimals: left, plain }
        } else {
            Shape::Plain
        };
    }
    let decimal = format!("{sign}{head}.{tail}");
    if are_groups(digits, own) {
        Shape::Either { mark, thousands: format!("{sign}{head}{tail}"), decimal }
    } else {
        Shape::Decimals { mark, plain: decimal }
    }
}

/// Whether digits are parted into thousands: at most three and no leading zero first, then three each.
fn are_groups(digits: &str, mark: char) -> bool {
    let mut groups = digits.split(mark);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3)
}
