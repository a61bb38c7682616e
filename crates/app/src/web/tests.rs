//! The stylesheet's promise: what is written can be read in both schemes.

const SHEET: &str = include_str!("../../assets/traction.css");

/// A token's colours in the light and in the dark scheme.
fn token(name: &str) -> [[f64; 3]; 2] {
    let value = SHEET
        .split(&format!("--{name}: light-dark("))
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .unwrap_or_else(|| panic!("no token --{name}"));
    let mut both = value.split(',').map(|hex| {
        let number = u32::from_str_radix(hex.trim().trim_start_matches('#'), 16).unwrap();
        [16, 8, 0].map(|shift| f64::from((number >> shift) & 0xff) / 255.0)
    });
    [both.next().unwrap(), both.next().unwrap()]
}

/// Relative luminance and contrast as WCAG 2.2 defines them.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [red, green, blue] = colour
            .map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[track_caller]
fn readable(front: &str, ground: &str, least: f64) {
    for (scheme, (front_colour, ground_colour)) in
        ["light", "dark"].into_iter().zip(token(front).into_iter().zip(token(ground)))
    {
        let ratio = contrast(front_colour, ground_colour);
        assert!(ratio >= least, "{front} on {ground} in {scheme}: {ratio:.2}, needs {least}");
    }
}

/// WCAG 2.2, 1.4.3 (text, 4.5 to 1).
#[test]
fn text_can_be_read_on_every_ground_in_light_and_dark() {
    for ground in ["paper", "sheet", "tint", "pull-tint", "push-tint", "harm-tint"] {
        for front in ["ink", "quiet", "pull"] {
            readable(front, ground, 4.5);
        }
    }
    for ground in ["paper", "sheet", "tint"] {
        readable("push", ground, 4.5);
        readable("harm", ground, 4.5);
    }
    readable("push", "push-tint", 4.5);
    readable("harm", "harm-tint", 4.5);
    readable("on-pull", "pull", 4.5);
}

/// WCAG 2.2, 1.4.11 (edges of what can be used, 3 to 1).
#[test]
fn the_edges_of_fields_and_buttons_can_be_seen() {
    for ground in ["paper", "sheet", "tint"] {
        readable("edge", ground, 3.0);
    }
}

/// A brace too many or too few silently drops the rest of the sheet.
#[test]
fn the_stylesheet_is_closed() {
    assert_eq!(SHEET.matches('{').count(), SHEET.matches('}').count());
}

#[test]
fn a_sentence_begins_large_and_ends_unless_it_begins_with_a_file() {
    assert_eq!(super::layout::sentence("there is no slot"), "There is no slot.");
    assert_eq!(super::layout::sentence("wards.csv: line 2 is empty"), "wards.csv: line 2 is empty.");
    assert_eq!(super::layout::sentence("data/a: no"), "data/a: no.");
    assert_eq!(super::layout::sentence("is it there?"), "Is it there?");
}
