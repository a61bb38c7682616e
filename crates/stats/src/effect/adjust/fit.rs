//! From a pair of periods to a comparison: who was seen, and the models they share with the pair before.

use super::linear::{Logit, NoLogit, logit};
use super::rows::Rows;
use super::{in_both, in_either};
use crate::effect::cell::{Comparison, Covariates, Span, probability};
use crate::effect::plan::Pair;
use crate::effect::sample::{Sample, WhyNoCell};
use crate::effect::scatter::{Value, has_no_gaps};
use crate::effect::{Adjust, Seen, Settings};
use crate::panel::Panel;
use crate::uncertainty::WhyUnknown;

/// Fits one pair after the other, and keeps what the next may share.
pub struct Fitter<'a> {
    panel: &'a Panel,
    sample: &'a Sample,
    covariates: &'a Covariates<'a>,
    settings: &'a Settings,
    has_no_gaps: bool,
    last: Option<(Key, Sides)>,
}

/// Pairs of one key compare the same units by the same covariates.
type Key = (usize, Vec<usize>, Option<usize>);

/// The two sides with the models of who starts, and what is needed for that of the outcome.
pub struct Sides {
    /// By span.
    pub treated: Vec<Rows>,
    /// By span.
    pub compared: Vec<Rows>,
    /// By span, the compared units counting by their odds; empty without a logit.
    pub by_odds: Vec<Rows>,
    /// By span, of the compared units' covariates; empty without a regression.
    pub inverses: Vec<Vec<f64>>,
    pub logit: Option<Logit>,
    /// Units of the sample: influences are scaled by it.
    pub n_units: f64,
}

impl<'a> Fitter<'a> {
    pub fn new(
        panel: &'a Panel,
        sample: &'a Sample,
        covariates: &'a Covariates<'a>,
        settings: &'a Settings,
    ) -> Self {
        Fitter { panel, sample, covariates, settings, has_no_gaps: has_no_gaps(panel, sample), last: None }
    }

    /// The comparison of a pair whose periods differ.
    pub fn fit(&mut self, pair: &Pair) -> Result<(Value, Comparison), WhyNoCell> {
        let spans = Span::of(pair, self.settings.seen);
        let key = (pair.cohort, pair.compared.clone(), self.covariates.vary().then_some(pair.base));
        let is_shared = self.has_no_gaps && self.settings.seen == Seen::InBoth;
        let sides = match self.last.take() {
            Some((last, sides)) if is_shared && last == key => sides,
            _ => self.sides(pair, &spans)?,
        };
        let fitted = match self.settings.seen {
            Seen::InBoth => in_both::fit(self.panel, &sides, &spans, self.settings.adjust),
            Seen::InEither => in_either::fit(self.panel, &sides, &spans, self.settings.adjust),
        };
        let unknown = self.unknown(&sides);
        self.last = Some((key, sides));
        fitted.map(|(value, comparison)| (value, Comparison { unknown, ..comparison }))
    }

    /// How many units a base rests on, whose effect is 0 by definition.
    pub fn n_at_base(&self, pair: &Pair) -> Result<Value, WhyNoCell> {
        let spans = Span::of(pair, self.settings.seen);
        let groups: Vec<&Vec<usize>> = self.sample.groups().collect();
        let n = |among: &[usize]| {
            let units = among.iter().flat_map(|&group| groups[group]);
            units.filter(|&&unit| !spans[0].value(self.panel, unit).is_nan()).count()
        };
        match (n(&[pair.cohort]), n(&pair.compared)) {
            (0, _) => Err(WhyNoCell::NoTreated),
            (_, 0) => Err(WhyNoCell::NoComparison),
            (n_treated, n_compared) => Ok(Value { value: 0.0, n_treated, n_compared }),
        }
    }

    /// Why the spread of a comparison cannot be told: some side is one unit or cluster, and cannot borrow from others.
    fn unknown(&self, sides: &Sides) -> Option<WhyUnknown> {
        let is_alone = sides.treated.iter().chain(&sides.compared).any(|rows| rows.are_one(self.panel));
        match (self.panel.clusters(), self.settings.seen) {
            (_, Seen::InBoth) => None,
            _ if !is_alone => None,
            (Some(_), Seen::InEither) => Some(WhyUnknown::OneClusterEach),
            (None, Seen::InEither) => Some(WhyUnknown::OneUnitEach),
        }
    }

    fn sides(&self, pair: &Pair, spans: &[Span]) -> Result<Sides, WhyNoCell> {
        let groups: Vec<&Vec<usize>> = self.sample.groups().collect();
        let context = (self.panel, self.sample, self.covariates);
        let rows = |span: &Span, among: &[usize]| {
            Rows::of(context, among.iter().flat_map(|&group| groups[group]), span)
        };
        let treated: Vec<Rows> = spans.iter().map(|span| rows(span, &[pair.cohort])).collect();
        if treated.iter().any(|rows| rows.units.is_empty()) {
            return Err(WhyNoCell::NoTreated);
        }
        let compared: Vec<Rows> = spans.iter().map(|span| rows(span, &pair.compared)).collect();
        if compared.iter().any(|rows| rows.units.is_empty()) {
            return Err(WhyNoCell::NoComparison);
        }
        let n_units = self.sample.n_units() as f64;
        let (logit, by_odds, inverses) = (None, Vec::new(), Vec::new());
        let mut sides = Sides { treated, compared, by_odds, inverses, logit, n_units };
        if self.covariates.n() > 0 {
            sides.add_models(self.settings.adjust)?;
        }
        Ok(sides)
    }
}

impl Sides {
    fn add_models(&mut self, adjust: Adjust) -> Result<(), WhyNoCell> {
        let n = self.treated[0].n;
        if adjust != Adjust::Ipw {
            let inverses = self.compared.iter().map(|rows| rows.inverse().ok_or(WhyNoCell::CovariatesRepeat));
            self.inverses = inverses.collect::<Result<_, _>>()?;
        }
        if adjust != Adjust::Reg {
            let treated = self.treated.iter().map(|rows| (1.0, rows));
            let rows: Vec<_> = treated
                .chain(self.compared.iter().map(|rows| (0.0, rows)))
                .map(|(is_treated, rows)| (is_treated, &rows.weights[..], &rows.x[..]))
                .collect();
            let logit = logit(&rows, n).map_err(|why| match why {
                NoLogit::Repeat => WhyNoCell::CovariatesRepeat,
                NoLogit::Apart => WhyNoCell::NoOverlap,
            })?;
            let odds = |rows: &Rows| -> Vec<f64> {
                rows.each().map(|(_, x)| probability(&logit.coefficients, x)).map(|p| p / (1.0 - p)).collect()
            };
            self.by_odds = self.compared.iter().map(|rows| rows.by_odds(&odds(rows))).collect();
            self.logit = Some(logit);
        }
        Ok(())
    }
}
