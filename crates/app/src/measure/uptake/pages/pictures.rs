//! Uptake as pictures: the weekly share, those who have it against those who use it, and how soon people began.

use traction_domain::measure::suppression::{N_FEWEST, Part, Shown};
use traction_stats::diffusion::Bass;

use crate::measure::uptake::read::ChangeUptake;
use crate::measure::uptake::store::Week;
use crate::measure::uptake::told::{Adopted, Course};
use crate::web::charts::{self, Axis, Cell, Chart, Series};

/// The share of all who have it, week by week; weeks in which it is not shown exactly are left open.
pub fn active(uptake: &ChangeUptake) -> Chart {
    let names = uptake.totals.iter().map(|week| name(week.week)).collect();
    let shares = uptake.totals.iter().map(|week| week.total.share()).collect();
    let chart = charts::Uptake {
        x: Axis::periods("Week from", names),
        y: Axis::share("Members active in the week"),
        series: vec![Series { name: "All units with access".into(), shares }],
        start: None,
        n_counted: None,
        beside: beside(uptake),
    };
    chart.chart(match uptake.totals.last().map(|week| week.total) {
        Some(Shown::Exact(part)) => {
            format!("{} of {} people used it in the last week", part.count, part.of)
        }
        _ => "How many of those who have it use it".to_owned(),
    })
}

/// What the share of each week is of: the counts where they are shown, else the words in their place.
fn beside(uptake: &ChangeUptake) -> Vec<(String, Vec<Cell>)> {
    let cells = uptake.totals.iter().map(|week| {
        let number = |n: u32| Cell::Number(f64::from(n));
        match week.total {
            Shown::Exact(Part { count, of }) => (number(count), number(of)),
            Shown::Few { of } => (Cell::words(format!("fewer than {N_FEWEST}")), number(of)),
            Shown::NearlyAll { of } => (Cell::words(format!("all but fewer than {N_FEWEST}")), number(of)),
            Shown::Withheld => (Cell::words("not shown"), Cell::words("not shown")),
        }
    });
    let (used, eligible) = cells.unzip();
    vec![("Used it".to_owned(), used), ("Eligible".to_owned(), eligible)]
}

/// How many people have it, as the slots are granted, and how many used it in the week.
pub fn plan(uptake: &ChangeUptake) -> Chart {
    let count = |week: Week| {
        let closed = uptake.totals.iter().find(|closed| closed.week == week)?;
        match closed.total {
            Shown::Exact(Part { count, .. }) => Some(f64::from(count)),
            _ => None,
        }
    };
    let last = uptake.plan.last().map_or(0, |(_, n)| *n);
    let most = uptake.plan.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let now = uptake.totals.last().map(|week| week.week);
    let has_it = uptake.plan.iter().rev().find(|(week, _)| Some(*week) <= now).map_or(0, |(_, n)| *n);
    let chart = charts::Uptake {
        x: Axis::periods("Week from", uptake.plan.iter().map(|(week, _)| name(*week)).collect()),
        y: Axis::number("People"),
        series: vec![
            Series {
                name: "Used it in the week".into(),
                shares: uptake.plan.iter().map(|(week, _)| count(*week)).collect(),
            },
            Series {
                name: "Have access, as planned".into(),
                shares: uptake.plan.iter().map(|(_, n)| Some(f64::from(*n))).collect(),
            },
        ],
        start: None,
        n_counted: Some(uptake.plan.iter().filter(|(week, _)| Some(*week) <= now).count()),
        beside: vec![],
    };
    chart.chart(if has_it < last {
        format!("{has_it} people have access by now; {last} will by the slots that are granted")
    } else if has_it == last && last == most {
        format!("All {last} people whose units were granted a slot have access")
    } else {
        format!("{has_it} people have access by now; of those who had it, some no longer do")
    })
}

/// The share that had begun by week since access, and the curve of Bass where it is told.
pub fn begun(adopted: &Adopted, course: &Course) -> Chart {
    let last = adopted.steps.last().map_or(0.0, |(_, days)| *days);
    let n_weeks = (last / 7.0).ceil().max(4.0) as u32;
    let share_by = |week: u32| {
        let reached = adopted.steps.iter().rev().find(|(_, days)| *days < f64::from(7 * week));
        reached.map_or(0.0, |(share, _)| *share)
    };
    let weeks = 0..=n_weeks;
    let mut series = vec![Series {
        name: "Had begun, at least".into(),
        shares: weeks.clone().map(|week| Some(share_by(week))).collect(),
    }];
    if let Course::Fitted { innovation, imitation, .. } = course {
        let curve = Bass { market: 1.0, innovation: *innovation, imitation: *imitation };
        series.push(Series {
            name: "Curve of Bass".into(),
            shares: weeks.clone().map(|week| Some(curve.share(f64::from(week)))).collect(),
        });
    }
    let chart = charts::Uptake {
        x: Axis::periods("Weeks since access", weeks.map(|week| week.to_string()).collect()),
        y: Axis::share("Eligible people who had begun, at least"),
        series,
        start: None,
        n_counted: None,
        beside: vec![],
    };
    chart.chart(match adopted.half.0 {
        Some(days) => format!("Half of the eligible had begun by day {days:.0}"),
        None => "Half of the eligible have not begun yet".to_owned(),
    })
}

fn name(week: Week) -> String {
    week.begins().date().to_string()
}
