//! Reviews: on fixed dimensions, by those who were served, shown together only.

use std::fmt;

use jiff::civil::Date;

use super::{Engagement, Expert};
use crate::id::PersonId;
use crate::refusal::{self, Refusal, TextRefused};

/// Reviews of an engagement are shown in batches of so many: under that nothing is shown, and no later review can be
/// told from how a mean moves when it comes in.
pub const FEWEST_REVIEWS: usize = 5;

/// What a review speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Understood our problem.
    Understood,
    /// Left us able to do it ourselves.
    LeftUsAble,
    /// Kept promises.
    KeptPromises,
    /// Worth our time.
    WorthOurTime,
}

/// All of them, in the order in which they are asked and shown.
pub const DIMENSIONS: [Dimension; 4] =
    [Dimension::Understood, Dimension::LeftUsAble, Dimension::KeptPromises, Dimension::WorthOurTime];

impl Dimension {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Dimension::Understood => "understood",
            Dimension::LeftUsAble => "left_us_able",
            Dimension::KeptPromises => "kept_promises",
            Dimension::WorthOurTime => "worth_our_time",
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dimension::Understood => "understood our problem",
            Dimension::LeftUsAble => "left us able to do it ourselves",
            Dimension::KeptPromises => "kept promises",
            Dimension::WorthOurTime => "was worth our time",
        })
    }
}

/// A score from 1 (not at all) to 5 (entirely) for each dimension, in the order of [`DIMENSIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores([u8; 4]);

impl Scores {
    /// The scores in the order of [`DIMENSIONS`].
    pub fn each(self) -> [u8; 4] {
        self.0
    }
}

/// A review as it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its scores.
    pub scores: Scores,
    /// What its writer adds.
    pub words: Option<String>,
}

/// Whether somebody was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewer {
    /// He belongs to the unit that was served.
    Served,
    /// He does not.
    NotServed,
}

/// What is known of the wish to review.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The engagement.
    pub engagement: &'a Engagement,
    /// Who writes.
    pub by: PersonId,
    /// Whether he was served.
    pub reviewer: Reviewer,
    /// How many reviews of this engagement he has written.
    pub n_written: usize,
    /// Today.
    pub today: Date,
}

/// Why a review was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefused {
    /// The expert himself.
    #[error("an expert does not review his own work; the people he helped do")]
    TheExpert,
    /// Whoever engaged him.
    #[error("whoever engaged the expert does not review him; the people he helped do")]
    WhoEngaged,
    /// Somebody who was not helped.
    #[error("only members of the unit that was helped review the engagement")]
    NotServed,
    /// Once is enough.
    #[error("you have reviewed this engagement; once is all that counts")]
    Already,
    /// Nothing has happened.
    #[error("the engagement begins on {from}; review it after that")]
    NotBegun {
        /// The first day.
        from: Date,
    },
    /// A score is missing or not on the scale.
    #[error("give \"{dimension}\" a whole number from 1 (not at all) to 5 (entirely)")]
    NotAScore {
        /// Which.
        dimension: Dimension,
    },
    /// The words are too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
}

impl Refusal for ReviewRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            ReviewRefused::NotAScore { dimension } => Some(dimension.word()),
            ReviewRefused::Text(text) => text.field(),
            ReviewRefused::TheExpert
            | ReviewRefused::WhoEngaged
            | ReviewRefused::NotServed
            | ReviewRefused::Already
            | ReviewRefused::NotBegun { .. } => None,
        }
    }
}

/// The scores, each a whole number from 1 to 5, in the order of [`DIMENSIONS`].
pub fn scores(given: [i64; 4]) -> Result<Scores, ReviewRefused> {
    let mut each = [0; 4];
    for ((score, given), dimension) in each.iter_mut().zip(given).zip(DIMENSIONS) {
        *score = u8::try_from(given)
            .ok()
            .filter(|score| (1..=5).contains(score))
            .ok_or(ReviewRefused::NotAScore { dimension })?;
    }
    Ok(Scores(each))
}

/// The review, when its writer was served and has not yet written one.
pub fn review(ground: Ground<'_>, scores: Scores, words: &str) -> Result<Review, ReviewRefused> {
    if ground.engagement.expert == Expert::Known(ground.by) {
        return Err(ReviewRefused::TheExpert);
    }
    if ground.engagement.engaged_by == ground.by {
        return Err(ReviewRefused::WhoEngaged);
    }
    if ground.reviewer == Reviewer::NotServed {
        return Err(ReviewRefused::NotServed);
    }
    if ground.n_written > 0 {
        return Err(ReviewRefused::Already);
    }
    if ground.today < ground.engagement.from {
        return Err(ReviewRefused::NotBegun { from: ground.engagement.from });
    }
    Ok(Review { scores, words: refusal::maybe_text(words, "words", "what you add", 1_000)? })
}

/// A review with the batch of its engagement that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batched {
    /// 0 for the first five reviews of its engagement.
    pub batch: usize,
    /// What it says.
    pub review: Review,
}

/// The batch of the next review of an engagement that has `n_reviews`.
pub fn next_batch(n_reviews: usize) -> usize {
    n_reviews / FEWEST_REVIEWS
}

/// Those of one engagement's reviews whose batch is full.
pub fn shown(reviews: &[Batched]) -> Vec<&Review> {
    let in_batch = |batch| reviews.iter().filter(|review| review.batch == batch).count();
    reviews.iter().filter(|one| in_batch(one.batch) >= FEWEST_REVIEWS).map(|one| &one.review).collect()
}

/// What reviews say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rated {
    /// Too few to be shown without pointing at people.
    Withheld {
        /// How many there are.
        n_reviews: usize,
    },
    /// The mean of each dimension, in the order of [`DIMENSIONS`].
    Shown {
        /// How many it rests on.
        n_reviews: usize,
        /// How many more wait for their batch to fill.
        n_waiting: usize,
        /// Means, 1 to 5.
        means: [f64; 4],
    },
}

impl Rated {
    /// The mean over all dimensions, 1 to 5; `None` while withheld.
    pub fn overall(self) -> Option<f64> {
        match self {
            Rated::Withheld { .. } => None,
            Rated::Shown { means, .. } => Some(means.iter().sum::<f64>() / means.len() as f64),
        }
    }

    /// One plain sentence.
    pub fn says(self) -> String {
        let count = |n: usize| if n == 1 { "1 review".to_owned() } else { format!("{n} reviews") };
        match (self, self.overall()) {
            (Rated::Shown { n_reviews, n_waiting, .. }, Some(overall)) => {
                let more = match n_waiting {
                    0 => String::new(),
                    n => format!(" {n} more wait until five can be shown together."),
                };
                format!("{overall:.1} of 5 in {} by people who were helped.{more}", count(n_reviews))
            }
            (Rated::Withheld { n_reviews: 0 }, _) => "No reviews yet.".to_owned(),
            (Rated::Withheld { n_reviews } | Rated::Shown { n_reviews, .. }, _) => format!(
                "{} so far; shown from {FEWEST_REVIEWS} of one engagement on, so that nobody's is pointed at.",
                count(n_reviews)
            ),
        }
    }
}

/// What reviews of these engagements say together: those of full batches alone, so that no two figures that are shown
/// differ by fewer than five reviews.
pub fn rated<'a>(engagements: impl IntoIterator<Item = &'a [Batched]>) -> Rated {
    let mut n_all = 0;
    let mut together: Vec<Scores> = Vec::new();
    for reviews in engagements {
        n_all += reviews.len();
        together.extend(shown(reviews).into_iter().map(|review| review.scores));
    }
    let n_reviews = together.len();
    if n_reviews == 0 {
        return Rated::Withheld { n_reviews: n_all };
    }
    let mean =
        |at: usize| together.iter().map(|scores| f64::from(scores.0[at])).sum::<f64>() / n_reviews as f64;
    let means = [mean(0), mean(1), mean(2), mean(3)];
    Rated::Shown { n_reviews, n_waiting: n_all - n_reviews, means }
}
