//! How a picture is drawn: tones, shapes and strokes as class names, so that the page's stylesheet gives the
//! colours in light, dark, high contrast and print, and a downloaded picture carries its own.
//!
//! Colour never speaks alone: every tone comes with a shape, a stroke or a word.

use maud::{Markup, PreEscaped, html};

/// What a mark means, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The plain colour of text.
    Ink,
    /// Context: axes, earlier periods, what is only compared with.
    Quiet,
    /// The colour of pull: what was asked for, what works.
    Pull,
    /// The colour of push, and of attention.
    Push,
    /// Harm, and slipping back.
    Harm,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Ink => "ink",
            Self::Quiet => "quiet",
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Harm => "harm",
        }
    }
}

/// The shape of one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A filled circle.
    Dot,
    /// A hollow circle: before, or not started.
    Ring,
    /// A filled diamond.
    Diamond,
    /// A filled triangle that points up.
    Up,
    /// A filled triangle that points down.
    Down,
}

/// How a line is stroked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    Whole,
    Thin,
    Dashed,
    Dotted,
}

impl Stroke {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Whole => "line",
            Self::Thin => "line thin",
            Self::Dashed => "line thin dash",
            Self::Dotted => "line thin dots",
        }
    }
}

/// A coordinate with one decimal, which is finer than a screen.
pub(super) fn at(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// One point; `says` is its exact value, shown when the pointer rests on it.
pub(super) fn point(x: f64, y: f64, shape: Shape, tone: Tone, says: &str) -> Markup {
    let class = format!("{} {}", if shape == Shape::Ring { "open" } else { "fill" }, tone.class());
    let title = html! { @if !says.is_empty() { title { (says) } } };
    match shape {
        Shape::Dot | Shape::Ring => html! {
            circle class=(class) cx=(at(x)) cy=(at(y)) r="4.5" { (title) }
        },
        Shape::Diamond => corners(&class, &[(x, y - 7.0), (x + 6.0, y), (x, y + 7.0), (x - 6.0, y)], &title),
        Shape::Up => corners(&class, &[(x, y - 7.0), (x + 6.5, y + 5.0), (x - 6.5, y + 5.0)], &title),
        Shape::Down => corners(&class, &[(x, y + 7.0), (x + 6.5, y - 5.0), (x - 6.5, y - 5.0)], &title),
    }
}

fn corners(class: &str, corners: &[(f64, f64)], title: &Markup) -> Markup {
    html! { path class=(class) d=(format!("{}Z", path(corners))) { (title) } }
}

/// A straight line.
pub(super) fn line(from: (f64, f64), to: (f64, f64), class: &str) -> Markup {
    html! { path class=(class) d=(path(&[from, to])) {} }
}

/// The path through `points`, as an SVG path's `d`.
pub(super) fn path(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (place, (x, y)) in points.iter().enumerate() {
        d.push(if place == 0 { 'M' } else { 'L' });
        d.push_str(&at(*x));
        d.push(' ');
        d.push_str(&at(*y));
    }
    d
}

/// How large a picture is drawn: once for wide columns, once for phones, both in screen pixels so that words keep
/// their size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub width: f64,
    pub font: f64,
}

pub(super) const WIDE: Size = Size { width: 720.0, font: 13.0 };
pub(super) const NARROW: Size = Size { width: 340.0, font: 12.0 };

/// A drawn picture: what stands inside the `<svg>`, and how high it came out.
pub(super) struct Drawn {
    pub height: f64,
    pub inside: Markup,
}

/// Shapes' rules, the same in the page's stylesheet and in a downloaded picture. They name no colour but the current
/// one, and no paper.
pub(super) const RULES: &str = "\
.plot text{fill:currentColor;font-size:13px;font-variant-numeric:tabular-nums}
.plot.narrow text{font-size:12px}
.plot .mid{text-anchor:middle}
.plot .end{text-anchor:end}
.plot .strong{font-weight:600}
.plot .gone{text-decoration:line-through}
.plot .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.plot .thin{stroke-width:1.25}
.plot .dash{stroke-dasharray:6 4}
.plot .dots{stroke-dasharray:2 3}
.plot .fill{fill:currentColor}
.plot .soft{fill:currentColor;fill-opacity:.12}
.plot .open{stroke:currentColor;stroke-width:1.75}
.plot .label{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}
";

// Plain colours, because programs that draw a downloaded picture rarely know variables.
pub(super) const LIGHT: &str = ".paper{fill:#fdfcf9}.ink{color:#1c2326}.quiet{color:#566066}.grid{color:#dedbd2}\
.pull{color:#0b5e60}.push{color:#8a5200}.harm{color:#a3231c}.plot .on{fill:#fdfcf9}.open{fill:#fdfcf9}.label{stroke:#fdfcf9}";
pub(super) const DARK: &str = ".paper{fill:#14191b}.ink{color:#e8e6df}.quiet{color:#a6afb2}.grid{color:#343c40}\
.pull{color:#66cbc6}.push{color:#e5b04e}.harm{color:#ff9184}.plot .on{fill:#14191b}.open{fill:#14191b}.label{stroke:#14191b}";

/// A picture as it stands in a page.
pub(super) fn in_page(drawn: &Drawn, size: Size, title: &str, description: &str) -> Markup {
    let class = if size == NARROW { "plot narrow" } else { "plot wide" };
    html! {
        svg class=(class) viewBox=(format!("0 0 {} {}", at(size.width), at(drawn.height))) role="img"
            aria-label=(title) xmlns="http://www.w3.org/2000/svg" {
            desc { (description) }
            (drawn.inside)
        }
    }
}

/// A picture as a file of its own, with its title, its description and its colours.
pub(super) fn alone(drawn: &Drawn, size: Size, title: &str, description: &str) -> String {
    let top = size.font * 2.2;
    let (width, height) = (size.width + 32.0, drawn.height + top + 32.0);
    let style = format!("{RULES}{LIGHT}\n@media (prefers-color-scheme:dark){{{DARK}}}");
    html! {
        svg class="plot" xmlns="http://www.w3.org/2000/svg" width=(at(width)) height=(at(height))
            viewBox=(format!("0 0 {} {}", at(width), at(height))) role="img"
            font-family="system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" {
            title { (title) }
            desc { (description) }
            style { (PreEscaped(style)) }
            rect class="paper" width="100%" height="100%" {}
            text class="ink strong" x="16" y=(at(16.0 + size.font)) {
                (super::labels::clip(title, size.font * 1.05, size.width))
            }
            g transform=(format!("translate(16 {})", at(16.0 + top))) { (drawn.inside) }
        }
    }
    .into_string()
}
