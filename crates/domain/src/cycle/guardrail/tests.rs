use super::*;
use crate::id::Id;
use crate::time::Moment;

fn metric(n: u8) -> MetricId {
    MetricId::made(Moment::from_milliseconds(0).unwrap(), [n; 10])
}

#[test]
fn a_guardrail_is_a_number_of_another_metric() {
    assert_eq!(set(metric(1), metric(2), 5.0), Ok(5.0));
    assert_eq!(set(metric(1), metric(1), 5.0), Err(GuardrailRefused::OwnMetric));
    let refused = set(metric(1), metric(2), f64::INFINITY);
    assert_eq!(refused, Err(GuardrailRefused::Limit { given: f64::INFINITY }));
}

#[test]
fn the_limit_itself_is_inside_and_what_is_worse_crosses_it() {
    assert_eq!(side(5.0, 5.0, Better::Down), Side::Inside);
    assert_eq!(side(5.1, 5.0, Better::Down), Side::Crossed);
    assert_eq!(side(4.9, 5.0, Better::Down), Side::Inside);
    assert_eq!(side(4.9, 5.0, Better::Up), Side::Crossed);
}
