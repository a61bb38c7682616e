//! Members of unlike sizes, against their matrices written out.

use faer::Mat;

use super::*;
use crate::uncertainty::{Independent, Side, WhyUnknown, carried};

fn shares(of: &[(usize, usize, f64, f64)]) -> Vec<Counts> {
    of.iter().map(|&(member, group, size, pull)| Counts { member, group, size, pull }).collect()
}

#[test]
fn equals_are_as_many_as_they_are() {
    for n in [2, 5, 40] {
        let even = Members::of_units(0, std::iter::repeat_n(2.5, n));
        let n = n as f64;
        assert!(even.are_even());
        assert_eq!(
            (even.effective(), even.df(&[1.0]), even.raised(1.0, &[1.0])),
            (n, n - 1.0, n / (n - 1.0))
        );
    }
}

/// What sizes that differ by next to nothing give is next to what equals give.
#[test]
fn nearly_equals_are_nearly_as_many() {
    let near = Members::of_units(0, (0..9).map(|i| 1.0 + 1e-7 * f64::from(i)));
    assert!(!near.are_even());
    assert!((near.df(&[3.0]) - 8.0).abs() < 1e-5 && (near.raised(1.0, &[3.0]) - 9.0 / 8.0).abs() < 1e-5);
}

/// Brute force: the matrices written out, of members that hold one group or two.
#[test]
fn what_is_left_and_its_degrees_are_those_of_the_matrix() {
    let all = shares(&[
        (0, 0, 3.0, 9.0),
        (1, 0, 1.0, 1.0),
        (2, 0, 2.0, 5.0),
        (0, 1, 2.0, 2.0),
        (2, 1, 4.0, 3.0),
        (3, 0, 0.5, 1.0),
        (3, 1, 1.0, 1.0),
    ]);
    let of_one = [0.7, 0.2];
    let matrix = |members: &[usize]| {
        let mut sum = Mat::<f64>::zeros(4, 4);
        for (group, scale) in of_one.iter().enumerate() {
            let own: Vec<&Counts> = all.iter().filter(|share| share.group == group).collect();
            let pulls: f64 = own.iter().map(|share| share.pull).sum();
            let squares: f64 = own.iter().map(|share| (share.pull / pulls).powi(2)).sum();
            for a in own.iter().filter(|share| members.contains(&share.member)) {
                for b in own.iter().filter(|share| members.contains(&share.member)) {
                    let same = f64::from(u8::from(a.member == b.member));
                    let about = same - a.pull / pulls - b.pull / pulls + squares;
                    sum[(a.member, b.member)] += scale * a.size * b.size * about;
                }
            }
        }
        let trace: f64 = (0..4).map(|k| sum[(k, k)]).sum();
        let square = &sum * &sum;
        (trace, trace * trace / (0..4).map(|k| square[(k, k)]).sum::<f64>())
    };
    let kinds = Members::by_kind(&all);
    assert_eq!(kinds.iter().map(|kind| kind.n).collect::<Vec<_>>(), [3, 1]);
    let (left, df) = matrix(&[0, 2, 3]);
    assert!((kinds[0].left(&of_one) - left).abs() < 1e-12, "{} {left}", kinds[0].left(&of_one));
    assert!((kinds[0].df(&of_one) - df).abs() < 1e-12, "{} {df}", kinds[0].df(&of_one));
    assert!((kinds[1].left(&of_one) - matrix(&[1]).0).abs() < 1e-12);
}

/// One that counts for nearly all leaves hardly more than one degree of freedom, and is named where it matters.
#[test]
fn one_that_counts_for_nearly_all_is_as_good_as_alone() {
    let weights = || std::iter::once(1000.0).chain(std::iter::repeat_n(1.0, 9));
    let heavy = Members::of_units(0, weights());
    assert!(heavy.effective() < 1.1 && heavy.df(&[1.0]) < 1.5);
    let why = |of_one: [f64; 2]| {
        let parts = heavy.carriers(&of_one).map(|(_, part, largest)| (Side::Started, part, largest));
        let others = std::iter::once((Side::Compared, of_one[1], 0.1));
        carried(parts.chain(others), Independent::Units)
    };
    assert_eq!(why([1.0, 1.0]), Some(WhyUnknown::OneUnitCarries { side: Side::Started, percent: 99 }));
    assert_eq!(why([1e-9, 1.0]), None);
}
