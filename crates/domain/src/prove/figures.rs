//! Numbers as sentences may say them: to as many digits as their standard error can bear.
//!
//! It rounds for people only; records keep full precision.

/// Rounds a claim's numbers alike: to two significant digits of its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Digits after the point; negative for tens, hundreds and so on.
    digits: i32,
}

impl Figures {
    /// Figures for an estimate with this standard error, above 0.
    pub fn of(se: f64) -> Self {
        // 0.0996 rounds to 0.10, which is two digits only when it counts as a tenth.
        let tens = se.log10().floor();
        let rounded = (se / 10f64.powf(tens - 1.0)).round() * 10f64.powf(tens - 1.0);
        Figures { digits: 1 - rounded.log10().floor() as i32 }
    }

    /// The number, rounded, with a true minus sign; an end that is open is infinite.
    pub fn say(self, number: f64) -> String {
        if number.is_infinite() {
            return if number < 0.0 { "\u{2212}\u{221e}" } else { "\u{221e}" }.to_owned();
        }
        let step = 10f64.powi(-self.digits);
        let rounded = (number / step).round() * step;
        let plain = format!("{:.*}", self.digits.max(0) as usize, rounded.abs());
        let nothing = plain.chars().all(|c| matches!(c, '0' | '.'));
        if rounded < 0.0 && !nothing { format!("\u{2212}{plain}") } else { plain }
    }
}

/// How much of the truth an interval holds, in percent: with four digits after the point, or as many as it takes that it is
/// neither all nor nothing.
pub fn in_percent(level: f64) -> String {
    let percent = 100.0 * level;
    let rounded = |digits: i32| (percent * 10f64.powi(digits)).round() / 10f64.powi(digits);
    let told = (4..13).map(rounded).find(|rounded| *rounded > 0.0 && *rounded < 100.0);
    told.unwrap_or(percent).to_string()
}

/// A p-value: three decimals below a tenth, where they matter; "below 0.001" when it is.
pub(super) fn p_words(p: f64) -> String {
    match p {
        p if p < 0.001 => "p below 0.001".to_owned(),
        p if p < 0.1 => format!("p = {p:.3}"),
        p => format!("p = {p:.2}"),
    }
}
