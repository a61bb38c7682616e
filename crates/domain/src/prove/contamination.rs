//! The check whether units that waited could learn from what others showed.

use traction_stats::panel::{Panel, Period};

use super::check::{Check, CheckName, Held};

/// Whether those who wait could see what others got: `None` where nobody keeps a journal of that.
pub(super) fn contamination(panel: &Panel, shown: Option<&[Period]>) -> Option<Check> {
    panel.cohorts().first()?;
    shown?;
    let (held, says) = match shown_within(panel, shown) {
        None => (Held::Yes, "No showcase of it was published within the periods looked at.".to_owned()),
        Some(at) => {
            let says = format!(
                "A showcase of it was published in {at}, within the periods looked at: units still waiting may have \
                 learnt from it, which makes the effect look smaller than it is."
            );
            (Held::No, says)
        }
    };
    Some(Check { name: CheckName::Contamination, held, test: None, says })
}

/// The first period from the first start on in which others could see what it did.
pub(super) fn shown_within(panel: &Panel, shown: Option<&[Period]>) -> Option<Period> {
    let (first, last) = (panel.cohorts().first()?.start, *panel.periods().last()?);
    shown?.iter().copied().filter(|at| (first..=last).contains(at)).min()
}

#[cfg(test)]
mod tests {
    use traction_stats::panel::{PanelBuilder, Row, Unbalanced};

    use super::*;

    #[test]
    fn what_was_shown_counts_from_the_first_start_to_the_last_period() {
        let mut builder = PanelBuilder::new();
        for (line, (unit, period)) in
            (1..).zip(["a", "b"].into_iter().flat_map(|unit| (1..=6).map(move |at| (unit, at))))
        {
            let start = (unit == "a").then_some(Period::Number(3));
            builder
                .push(Row { line, unit, period: Period::Number(period), outcome: line as f64, start })
                .unwrap();
        }
        let panel = builder.finish(Unbalanced::Keep).unwrap();
        for (at, expect) in [(2, Held::Yes), (3, Held::No), (6, Held::No), (7, Held::Yes)] {
            let check = contamination(&panel, Some(&[Period::Number(at)])).unwrap();
            assert_eq!(check.held, expect, "shown in {at}");
        }
        assert_eq!(contamination(&panel, None), None, "nobody keeps a journal of it");
    }
}
