//! The command that makes a record again from its panel: what `traction prove panel.csv` is given.

use clap::ValueEnum;
use traction_domain::prove::{Assignment, Further, Good, Inference, Question, Wish};
use traction_stats::effect::{Adjust, Base, Beta, Compare, Seen};
use traction_stats::panel::Period;
use traction_stats::uncertainty::Level;

use super::choices::{
    AdjustOption, AssignmentOption, BaseOption, BetaOption, CompareOption, DirectionOption, InferenceOption,
};
use super::panel_csv::Headings;

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
        let Headings { unit, period, outcome, start, weight, cluster, used, covariates, also, by } =
            self.headings;
        // Rows of different people belong to no unit.
        if self.wish.seen == Seen::InBoth {
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
        if wish.assignment == Assignment::Random {
            words.choice("assignment", AssignmentOption::Random);
        }
        if wish.second == Further::Asked {
            words.flag("second");
        }
        if wish.sensitivity == Further::Asked {
            words.flag("sensitivity");
        }
        if let Some(compare) = wish.compare {
            let compare = match compare {
                Compare::Never => CompareOption::Never,
                Compare::NotYet => CompareOption::NotYet,
            };
            words.choice("compare", compare);
        }
        match wish.adjust {
            Adjust::Dr => {}
            Adjust::Ipw => words.choice("adjust", AdjustOption::Ipw),
            Adjust::Reg => words.choice("adjust", AdjustOption::Reg),
        }
        if wish.base == Base::Universal {
            words.choice("base", BaseOption::Universal);
        }
        if wish.anticipation != usual.anticipation {
            words.option("anticipation", wish.anticipation);
        }
        if wish.seen == Seen::InEither {
            words.flag("repeated-cross-sections");
        }
        match wish.efficient_beta {
            Beta::Best => {}
            Beta::Zero => words.choice("efficient-beta", BetaOption::Zero),
            Beta::One => words.choice("efficient-beta", BetaOption::One),
        }
        match wish.inference {
            Inference::Analytic => {}
            Inference::Bootstrap => words.choice("inference", InferenceOption::Bootstrap),
            Inference::Permutation => words.choice("inference", InferenceOption::Permutation),
        }
        if wish.n_draws != usual.n_draws {
            words.option("draws", wish.n_draws);
        }
        if wish.seed != usual.seed {
            words.option("seed", wish.seed);
        }
        if wish.level != Level::default() {
            words.option("level", wish.level.share());
        }
    }

    fn question(&self, words: &mut Words) {
        let Question { outcome, measure, good, worth } = self.question;
        if *outcome != self.headings.outcome {
            words.option("name", outcome);
        }
        measure.iter().for_each(|measure| words.option("measure", measure));
        if *worth != 0.0 {
            words.option("worth", worth);
        }
        if *good == Good::Down {
            words.choice("direction", DirectionOption::Down);
        }
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

    fn choice(&mut self, name: &str, choice: impl ValueEnum) {
        if let Some(value) = choice.to_possible_value() {
            self.option(name, value.get_name());
        }
    }
}

/// Arguments as a shell takes them.
pub fn command(arguments: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:".contains(c);
    let quoted = arguments.iter().map(|argument| {
        if argument.chars().all(plain) {
            argument.clone()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    ["traction prove panel.csv".to_owned()].into_iter().chain(quoted).collect::<Vec<_>>().join(" ")
}
