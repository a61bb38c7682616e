//! How a change spreads over the organisation's tree: each unit a token on its branch, shaded and numbered by the wave in
//! which it got its slot.

use maud::{Markup, html};

use super::ink::{self, Drawn, Size, at};
use super::labels;
use super::{Cell, Chart, Picture, Table};

/// Units on the organisation's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct SpreadTree {
    /// The branches from the top down, each before those below it.
    pub branches: Vec<Branch>,
    /// Whether units are named beside their tokens.
    pub names: Names,
}

/// Whether units are named in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Beside their tokens.
    Shown,
    /// There are too many: when the pointer rests on a token, and in the table.
    OnDemand,
}

/// A unit with others below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// How many branches are above it.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// How many of the units below have it: "6 of 10 have it".
    pub says: String,
    /// The units right below it that have none below them.
    pub leaves: Vec<Leaf>,
}

/// A unit at the end of a branch.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub holds: Spread,
    /// The wave and the state in words.
    pub says: String,
}

impl Leaf {
    /// Its name, with what its token would not tell by itself: that it has the change is the rule, and is not said.
    fn label(&self) -> String {
        let word = match self.holds {
            Spread::Without | Spread::Slot { now: Standing::On, .. } => return self.name.clone(),
            Spread::Slot { now: Standing::Ahead, .. } => "will have it",
            Spread::Slot { now: Standing::Paused, .. } => "paused",
            Spread::Slot { now: Standing::Over, .. } => "no longer",
        };
        format!("{}: {word}", self.name)
    }
}

/// How a unit stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Spread {
    /// It has no slot.
    Without,
    /// It has it, or had, or will.
    Slot {
        /// What stands in its token: the number of its wave.
        mark: String,
        /// The wave's place among the waves, from 0: the earlier, the darker.
        place: usize,
        /// How it stands now.
        now: Standing,
    },
}

/// How a slot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The solution is on.
    On,
    /// It will be.
    Ahead,
    /// Interrupted.
    Paused,
    /// Given back, lapsed or ended.
    Over,
}

/// How strong the colour of a wave is, from the first on; words on the strong one are light.
const SHADES: [&str; 5] = ["1", ".42", ".3", ".2", ".12"];

impl SpreadTree {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let rows = self.branches.iter().flat_map(|branch| {
            branch
                .leaves
                .iter()
                .map(|leaf| vec![Cell::words(&leaf.name), Cell::words(&branch.name), Cell::words(&leaf.says)])
        });
        let table = Table::new(["Unit", "Belongs to", "Slot"], rows.collect());
        let mut description = String::from("The organisation's tree, from the top down.");
        for branch in &self.branches {
            description.push_str(&format!(" {}: {}.", branch.name, branch.says));
        }
        let picture = if self.branches.is_empty() {
            Picture::Nothing(
                "There are no units yet. Add them, and see here where a change begins and how it spreads.",
            )
        } else {
            Picture::Tree(self)
        };
        Chart { title: title.into(), description, picture, table }
    }

    pub(super) fn drawn(&self, size: Size) -> Drawn {
        let font = size.font;
        let step = font * if size == ink::NARROW { 0.9 } else { 1.6 };
        let mut y = 0.0;
        let mut parts: Vec<Markup> = Vec::new();
        // Where each depth's last branch stands, to hang the next one on.
        let mut hung: Vec<f64> = Vec::new();
        for branch in &self.branches {
            y += font * 1.9;
            let x = step * branch.depth as f64;
            hung.truncate(branch.depth);
            if let Some(from) = hung.last() {
                let trunk = x - step * 0.6;
                let turn = [(trunk, from + font * 0.5), (trunk, y - font * 0.35), (x - 3.0, y - font * 0.35)];
                parts.push(html! { path class="line thin quiet" d=(ink::path(&turn)) {} });
            }
            hung.push(y);
            let says = labels::width(&branch.says, font) + font;
            let room = size.width - x - says;
            let name = labels::clip(&branch.name, font * 1.16, room.max(font * 6.0));
            let beside = x + labels::width(&name, font * 1.16) + font * 0.7;
            parts.push(html! {
                text class="ink strong" x=(at(x)) y=(at(y)) { (name) }
                text class="quiet" x=(at(beside)) y=(at(y)) { (branch.says) }
            });
            y += font * 0.5;
            self.leaves(branch, x + step * 0.4, size, &mut y, &mut parts);
        }
        Drawn { height: y + font * 0.8, inside: html! { @for part in &parts { (part) } } }
    }

    fn leaves(&self, branch: &Branch, x: f64, size: Size, y: &mut f64, parts: &mut Vec<Markup>) {
        if branch.leaves.is_empty() {
            return;
        }
        let font = size.font;
        let room = size.width - x;
        let is_named = self.names == Names::Shown;
        let widest = branch.leaves.iter().map(|leaf| labels::width(&leaf.label(), font)).fold(0.0, f64::max);
        let cell = if is_named { (widest + font * 3.2).min(room) } else { font * 2.05 };
        let n_columns = ((room / cell) as usize).max(1);
        let tall = font * if is_named { 2.15 } else { 2.0 };
        for row in branch.leaves.chunks(n_columns) {
            let middle = *y + tall / 2.0;
            for (column, leaf) in row.iter().enumerate() {
                let left = x + cell * column as f64;
                parts.push(token(leaf, left + font * 0.95, middle, font));
                if is_named {
                    let class = if matches!(leaf.holds, Spread::Without) { "quiet" } else { "ink" };
                    let name = labels::clip(&leaf.label(), font, cell - font * 2.6);
                    parts.push(html! { text class=(class) x=(at(left + font * 2.3)) y=(at(middle + font * 0.35)) { (name) } });
                }
            }
            *y += tall;
        }
    }
}

fn token(leaf: &Leaf, x: f64, middle: f64, font: f64) -> Markup {
    let reach = font * 0.85;
    let says = if leaf.name.is_empty() { leaf.says.clone() } else { format!("{}: {}", leaf.name, leaf.says) };
    let circle = |class: &str, shade: Option<&str>| {
        html! {
            circle class=(class) cx=(at(x)) cy=(at(middle)) r=(at(reach)) fill-opacity=[shade] { title { (says) } }
        }
    };
    let word = |class: &str, mark: &str| {
        html! {
            text class=(class) x=(at(x)) y=(at(middle + font * 0.35)) { (mark) }
        }
    };
    match &leaf.holds {
        Spread::Without => circle("open quiet", None),
        Spread::Slot { mark, place, now: Standing::On } => {
            let shade = SHADES[(*place).min(SHADES.len() - 1)];
            html! {
                (circle("fill pull", Some(shade)))
                @if *place > 0 { circle class="line thin pull" cx=(at(x)) cy=(at(middle)) r=(at(reach)) {} }
                (word(if *place == 0 { "mid on" } else { "mid ink strong" }, mark))
            }
        }
        Spread::Slot { mark, now: Standing::Ahead, .. } => {
            html! { (circle("open pull dash", None)) (word("mid pull", mark)) }
        }
        Spread::Slot { mark, now: Standing::Paused, .. } => html! {
            rect class="open push" x=(at(x - reach)) y=(at(middle - reach)) width=(at(2.0 * reach)) height=(at(2.0 * reach)) rx="2" { title { (says) } }
            (word("mid push", mark))
        },
        Spread::Slot { mark, now: Standing::Over, .. } => {
            html! { (circle("open quiet", None)) (word("mid quiet gone", mark)) }
        }
    }
}
