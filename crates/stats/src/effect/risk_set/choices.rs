//! Ways to choose some of many: how many there are, and each of them.

/// How many ways there are to choose `m` of `n`; `None` if beyond counting.
pub(super) fn n_choices(n: usize, m: usize) -> Option<u64> {
    let m = m.min(n - m) as u64;
    let mut choices = 1_u64;
    for k in 1..=m {
        choices = choices.checked_mul(n as u64 - m + k)? / k;
    }
    Some(choices)
}

/// Shows every choice of `m` of `n` places, ascending.
pub(super) fn each_choice(n: usize, m: usize, visit: &mut impl FnMut(&[usize])) {
    let mut chosen: Vec<usize> = (0..m).collect();
    loop {
        visit(&chosen);
        let Some(last) = (0..m).rfind(|&k| chosen[k] < n - m + k) else { return };
        chosen[last] += 1;
        for k in last + 1..m {
            chosen[k] = chosen[k - 1] + 1;
        }
    }
}
