//! The command that makes a record again from its panel: what `traction prove panel.csv` is given.

use traction_domain::prove::{Choice, Further, Good, Question, Wish};
use traction_stats::effect::{Beta, Seen};
use traction_stats::panel::Period;

use super::choices::baseline_word;
use super::panel_csv::{Headings, Units};
use super::record::SettingsJson;

const BASELINE: &str = "baseline";
const EFFICIENT_BETA: &str = "efficient-beta";

/// What a record is made from, beside its panel.
pub struct Made<'a> {
    /// The panel's columns.
    pub headings: &'a Headings,
    /// What was settled beforehand.
    pub wish: &'a Wish,
    /// What was asked.
    pub question: &'a Question,
    /// The draws' files, with the first period with their slots.
    pub draws: &'a [(Period, String)],
    /// In which periods others could see it.
    pub shown: Option<&'a [Period]>,
}

/// Whether a record is from before there was a choice of what winners and losers of its draws are held against.
pub fn is_from_before_baselines(settings: &SettingsJson) -> bool {
    let says = |word: &String| word.starts_with(&format!("--{BASELINE}="));
    !settings.draws.is_empty() && !settings.arguments.iter().any(says)
}

/// What today's command takes to give a record's numbers.
pub fn of_today(settings: &SettingsJson) -> Vec<String> {
    let mut arguments = settings.arguments.clone();
    if is_from_before_baselines(settings) {
        arguments.retain(|word| !word.starts_with(&format!("--{EFFICIENT_BETA}=")));
        arguments.extend([format!("--{BASELINE}=1"), format!("--{EFFICIENT_BETA}={}", Beta::One.word())]);
    }
    arguments
}

/// The name of a draw's file.
pub fn draw_file(n: usize) -> String {
    format!("draw-{n}.json")
}

impl Made<'_> {
    /// The arguments; what is as usual is not among them.
    pub fn arguments(&self) -> Vec<String> {
        let mut words = Words(Vec::new());
        self.columns(&mut words);
        for (at, file) in self.draws {
            words.option("draw", format!("{at}={file}"));
        }
        self.wish(&mut words);
        self.question(&mut words);
        match self.shown {
            None => {}
            Some([]) => words.option("shown", "none"),
            Some(shown) => shown.iter().for_each(|period| words.option("shown", period)),
        }
        words.0
    }

    fn columns(&self, words: &mut Words) {
        let Headings { unit, units, period, outcome, start, weight, cluster, used, covariates, also, by } =
            self.headings;
        // Rows of different people belong to no unit.
        if self.wish.seen == Seen::InBoth || *units == Units::Recur {
            words.option("unit", unit);
        }
        words.option("period", period);
        words.option("outcome", outcome);
        words.option("start", start);
        for (name, column) in [("weight", weight), ("cluster", cluster), ("used", used)] {
            column.iter().for_each(|column| words.option(name, column));
        }
        for (name, columns) in [("covariate", covariates), ("also", also), ("by", by)] {
            columns.iter().for_each(|column| words.option(name, column));
        }
    }

    fn wish(&self, words: &mut Words) {
        let (wish, usual) = (self.wish, Wish::default());
        wish.method.iter().for_each(|method| words.option("method", method.word()));
        words.choice("assignment", wish.assignment, usual.assignment);
        if wish.second == Further::Asked {
            words.flag("second");
        }
        match wish.sensitivity {
            Further::Asked => words.flag("sensitivity"),
            other => words.choice("sensitivity", other, usual.sensitivity),
        }
        wish.compare.iter().for_each(|compare| words.option("compare", compare.word()));
        words.choice("adjust", wish.adjust, usual.adjust);
        words.choice("base", wish.base, usual.base);
        words.number("anticipation", wish.anticipation, usual.anticipation);
        if wish.seen == Seen::InEither {
            words.flag("repeated-cross-sections");
        }
        // Always, where draws are: a record that says nothing of it is from before there was a choice.
        if !self.draws.is_empty() {
            baseline_word(wish.baseline).iter().for_each(|word| words.option(BASELINE, word));
        }
        words.choice(EFFICIENT_BETA, wish.efficient_beta, usual.efficient_beta);
        words.choice("inference", wish.inference, usual.inference);
        wish.band.iter().for_each(|band| words.option("band", band.word()));
        words.number("draws", wish.n_draws, usual.n_draws);
        words.number("seed", wish.seed, usual.seed);
        words.number("level", wish.level.share(), usual.level.share());
    }

    fn question(&self, words: &mut Words) {
        let Question { outcome, measure, good, worth } = self.question;
        if *outcome != self.headings.outcome {
            words.option("name", outcome);
        }
        measure.iter().for_each(|measure| words.option("measure", measure));
        words.number("worth", *worth, 0.0);
        words.choice("direction", *good, Good::Up);
    }
}

struct Words(Vec<String>);

impl Words {
    /// One word, so that a value may begin with a hyphen.
    fn option(&mut self, name: &str, value: impl ToString) {
        self.0.push(format!("--{name}={}", value.to_string()));
    }

    fn flag(&mut self, name: &str) {
        self.0.push(format!("--{name}"));
    }

    /// Nothing where it is as usual.
    fn choice<C: Choice>(&mut self, name: &str, choice: C, usual: C) {
        if choice != usual {
            self.option(name, choice.word());
        }
    }

    /// Nothing where it is as usual.
    fn number<N: PartialEq + ToString>(&mut self, name: &str, number: N, usual: N) {
        if number != usual {
            self.option(name, number);
        }
    }
}

/// The words of the command, each as a shell takes it.
pub fn command(arguments: &[String]) -> impl Iterator<Item = String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:".contains(c);
    let quoted = arguments.iter().map(move |argument| {
        if argument.chars().all(plain) {
            argument.clone()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    ["traction prove panel.csv".to_owned()].into_iter().chain(quoted)
}
