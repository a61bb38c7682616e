//! What is told of a week beyond its table of units, as it is kept: numbers of the whole that may be shown as they are.

use serde::{Deserialize, Serialize};
use traction_domain::measure::suppression::{Part, Shown};
use traction_domain::measure::uptake::Month;

/// The numbers of one week.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The week from which periods are counted.
    pub origin: i64,
    /// How many people were counted in any week by then, which decides whether all may be counted anew; it is not told.
    /// `None` where an earlier version closed the week.
    #[serde(default)]
    pub n_ever: Option<u32>,
    /// How many of the weeks that the last 28 days touch were counted with everybody in one unit, this one the last of
    /// them; 0 where an earlier version closed it. It is not told.
    #[serde(default)]
    pub n_weeks_of_homes: u32,
    /// Whether, since the last period was told, people who had been counted turned out to be fewer, known under several
    /// names. It is not told.
    #[serde(default)]
    pub has_joined: bool,
    /// Days of use among 28, of the median active person.
    pub frequency: Option<u32>,
    /// Events per active person.
    pub depth: Option<Depth>,
    /// Kinds of events per active person.
    pub breadth: Option<Breadth>,
    /// What is told every fourth week, as it was told last.
    pub fourth: Option<Fourth>,
}

/// Events per active person in 28 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Depth {
    /// Of the median person.
    pub median: u32,
    /// As few as nine in ten do not exceed; `None` where fewer than fifty are active.
    pub p90: Option<u32>,
}

/// Kinds of events per active person in 28 days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breadth {
    /// The mean, to a tenth.
    pub mean: f64,
    /// Of so many that were seen by then.
    pub n_kinds: usize,
}

/// What is told every fourth week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fourth {
    /// The week at whose end it was told.
    pub week: i64,
    /// The periods of 28 days that were over.
    pub months: Vec<ToldMonth>,
    /// How many used it at least once.
    pub reached: Option<Reached>,
    /// How soon they began.
    pub adopted: Option<Adopted>,
    /// The curve of Bass, or why there is none.
    pub course: Course,
    /// By period, what is known beside. For the periods to come; it is not told.
    pub beside: Vec<ToldBeside>,
}

/// How many were activated by the end of a period, whether the table of units held, and whether few left in it (which an
/// earlier version did not look at).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldBeside(pub u32, pub bool, #[serde(default)] pub bool);

/// One period of 28 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldMonth {
    /// New, returning, resurrecting, dormant; `None` where one of them is about fewer than five.
    pub lifecycle: Option<[u32; 4]>,
    /// Of those who began in each earlier period, how many were active.
    pub retained: Vec<ToldShare>,
}

/// A share as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToldShare {
    /// The count, of how many.
    Exact(u32, u32),
    /// Fewer than five of so many.
    Few(u32),
    /// All but fewer than five of so many.
    NearlyAll(u32),
    /// Nothing.
    Withheld,
}

/// How many used it at least once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// So many.
    pub count: u32,
    /// Of so many.
    pub of: u32,
    /// By the end of this period.
    pub month: u32,
}

/// How soon people began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adopted {
    /// Shares that were reached, and the days by which they were.
    pub steps: Vec<(f64, f64)>,
    /// Days until half had begun, and the range that holds 95 %.
    pub half: (Option<f64>, Option<f64>, Option<f64>),
    /// Days until 80 % had, and the range.
    pub most: (Option<f64>, Option<f64>, Option<f64>),
}

/// The curve of Bass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// It was fitted: innovation and imitation per week to three digits, and the week of the peak, where it has one.
    Fitted {
        /// Share of those without that begins by itself, per week.
        innovation: f64,
        /// What it gains when all others have begun.
        imitation: f64,
        /// Weeks since access.
        peak: Option<f64>,
    },
    /// It was not, and why.
    Refused(String),
}

impl From<Month> for ToldMonth {
    fn from(month: Month) -> ToldMonth {
        ToldMonth {
            lifecycle: month
                .lifecycle
                .map(|cycle| [cycle.new, cycle.returning, cycle.resurrecting, cycle.dormant]),
            retained: month.retained.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Shown> for ToldShare {
    fn from(shown: Shown) -> ToldShare {
        match shown {
            Shown::Exact(Part { count, of }) => ToldShare::Exact(count, of),
            Shown::Few { of } => ToldShare::Few(of),
            Shown::NearlyAll { of } => ToldShare::NearlyAll(of),
            Shown::Withheld => ToldShare::Withheld,
        }
    }
}

impl From<ToldShare> for Shown {
    fn from(told: ToldShare) -> Shown {
        match told {
            ToldShare::Exact(count, of) => Shown::Exact(Part { count, of }),
            ToldShare::Few(of) => Shown::Few { of },
            ToldShare::NearlyAll(of) => Shown::NearlyAll { of },
            ToldShare::Withheld => Shown::Withheld,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A week as the first version that closed weeks kept it. One that could not be read would stop every later one.
    #[test]
    fn what_earlier_versions_told_can_be_read() {
        let kept = r#"{"origin":2930,"frequency":3,"depth":{"median":4,"p90":null},"breadth":{"mean":1.5,"n_kinds":2},
          "fourth":{"week":2933,"months":[{"lifecycle":[12,0,0,0],"retained":[{"exact":[7,12]},{"few":12},{"nearly-all":12},"withheld"]}],
          "reached":{"count":12,"of":60,"month":0},"adopted":{"steps":[[0.1,3.0]],"half":[null,null,null],"most":[null,9.0,null]},
          "course":{"refused":"too few"},"beside":[[12,true]]}}"#;
        let told: Told = serde_json::from_str(kept).unwrap();
        assert_eq!((told.n_ever, told.fourth.unwrap().beside), (None, vec![ToldBeside(12, true, false)]));
        let course = r#"{"fitted":{"innovation":0.01,"imitation":0.2,"peak":null}}"#;
        assert!(serde_json::from_str::<Course>(course).is_ok());
    }
}
