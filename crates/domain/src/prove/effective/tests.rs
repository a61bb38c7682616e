//! Effective numbers, by hand.

use traction_stats::panel::{self, Columns, Unbalanced};

use super::*;

/// Six units over two periods: three start, one of which counts for nine; three never do, two of them in one cluster.
fn panel() -> Panel {
    let mut file = "unit,period,y,start,w,cl\n".to_owned();
    for (unit, start, weight, cluster) in [
        ("a", "2", 9, "1"),
        ("b", "2", 1, "2"),
        ("c", "2", 1, "3"),
        ("d", "", 1, "4"),
        ("e", "", 1, "4"),
        ("f", "", 1, "5"),
    ] {
        for period in 1..=2 {
            file.push_str(&format!("{unit},{period},{period},{start},{weight},{cluster}\n"));
        }
    }
    let columns = Columns {
        unit: "unit",
        period: "period",
        outcome: "y",
        start: "start",
        weight: Some("w"),
        cluster: Some("cl"),
        ..Columns::default()
    };
    panel::read(file.as_bytes(), &columns, Unbalanced::Keep).unwrap()
}

#[test]
fn unequal_weights_are_worth_fewer_units() {
    let found = Effective::of(&panel(), Method::GroupTime);
    // (9 + 1 + 1)² / (81 + 1 + 1), and clusters of 2 and 1.
    assert!((found.cohorts[0].1 - 121.0 / 83.0).abs() < 1e-12, "{found:?}");
    assert!((found.never.unwrap() - 9.0 / 5.0).abs() < 1e-12, "{found:?}");
    assert!((found.all - 196.0 / 88.0).abs() < 1e-12, "{found:?}");
}

#[test]
fn those_that_count_alike_are_as_many_as_they_are() {
    assert_eq!([worth(vec![0.3; 7]), worth(vec![1.0; 40])], [7.0, 40.0]);
}
