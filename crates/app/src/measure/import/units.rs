//! Units from a file: `unit` (the short name), and if there `name`, `parent`, `members`; other columns are kept.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::org::slug::Slug;
use traction_domain::org::unit as rules;
use traction_domain::org::who::Who;

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Line, Sheet, SheetRefused};
use crate::measure::import::store::{self, KnownUnit};
use crate::measure::outcome::verbs::Mode;
use crate::org::unit;
use crate::trouble::Trouble;
use crate::world::World;

const KNOWN: [&str; 4] = ["unit", "name", "parent", "members"];

/// A row, read.
struct Wanted<'a> {
    line: Line<'a>,
    slug: Slug,
    name: Option<&'a str>,
    parent: Option<Option<Slug>>,
    n_members: Option<u32>,
    attributes: String,
}

/// Takes the file in: new units are added, known ones brought up to date where the file says something else.
pub async fn run(world: &World, who: &Who, file: &File, mode: Mode) -> Result<Report, Trouble> {
    who.must_administer("import units")?;
    let sheet = Sheet::read(file, &["unit"])?;
    let wanted = sheet.lines().map(|line| read(&sheet, line)).collect::<Result<Vec<_>, _>>()?;
    refuse_repeats(&wanted)?;
    let mut tx = world.store().begin().await?;
    let known = store::units(&tx).await?;
    let order = parents_first(&wanted, &known)?;
    let mut ids: BTreeMap<String, UnitId> =
        known.iter().map(|(slug, unit)| (slug.clone(), unit.id)).collect();
    let (mut n_added, mut n_changed, mut n_unchanged) = (0, 0, 0);
    for place in order {
        let row = &wanted[place];
        let parent_slug = row.parent.clone().flatten().map(|slug| slug.to_string());
        let parent = parent_slug.as_ref().and_then(|slug| ids.get(slug)).copied();
        match known.get(row.slug.as_str()) {
            None => {
                let name = row.name.unwrap_or(row.slug.as_str());
                let proposed = rules::propose(row.slug.clone(), name, parent, row.n_members)
                    .map_err(|refused| row.line.refused("unit", &refused))?;
                let id = unit::verbs::record(world, &mut tx, who, &proposed, &row.attributes).await?;
                ids.insert(row.slug.to_string(), id);
                n_added += 1;
            }
            Some(before) => {
                let after = KnownUnit {
                    id: before.id,
                    name: row.name.map_or_else(|| before.name.clone(), str::to_owned),
                    parent: if row.parent.is_some() { parent_slug } else { before.parent.clone() },
                    n_members: row.n_members.map(i64::from).or(before.n_members),
                    attributes: if row.attributes == "{}" {
                        before.attributes.clone()
                    } else {
                        row.attributes.clone()
                    },
                };
                if after == *before {
                    n_unchanged += 1;
                } else {
                    rules::propose(row.slug.clone(), &after.name, None, None)
                        .map_err(|refused| row.line.refused("unit", &refused))?;
                    let parent = after.parent.as_ref().and_then(|slug| ids.get(slug)).copied();
                    store::change_unit(&tx, &after, parent).await?;
                    n_changed += 1;
                }
            }
        }
    }
    let changed = vec![("added", n_added), ("brought up to date", n_changed)];
    let report =
        Report { kind: "units", n_rows: sheet.n_rows(), changed, n_unchanged, passed_over: vec![], mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}

fn read<'a>(sheet: &Sheet, line: Line<'a>) -> Result<Wanted<'a>, SheetRefused> {
    let parent: Option<Slug> = line.maybe_parsed("parent")?;
    let n_members = match line.maybe_text("members") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| {
            line.bad("members", format!("`{text}` is not a count of people; write a whole number like 24"))
        })?),
    };
    Ok(Wanted {
        line,
        slug: line.parsed("unit", "give the unit's short name, like ward-7")?,
        name: line.maybe_text("name"),
        parent: sheet.has("parent").then_some(parent),
        n_members,
        attributes: line.attributes(&KNOWN),
    })
}

fn refuse_repeats(wanted: &[Wanted<'_>]) -> Result<(), SheetRefused> {
    let mut lines = BTreeMap::new();
    for row in wanted {
        if let Some(first) = lines.insert(&row.slug, row.line.place()) {
            return Err(row
                .line
                .bad("unit", format!("`{}` stands on line {first} already; keep one of them", row.slug)));
        }
    }
    Ok(())
}

/// The rows in an order in which every unit comes after the one it belongs to.
fn parents_first(
    wanted: &[Wanted<'_>],
    known: &BTreeMap<String, KnownUnit>,
) -> Result<Vec<usize>, SheetRefused> {
    let places: BTreeMap<&str, usize> =
        wanted.iter().enumerate().map(|(place, row)| (row.slug.as_str(), place)).collect();
    // Where a unit hangs once the file is taken in.
    let parent_of = |slug: &str| -> Option<String> {
        let stays = || known.get(slug).and_then(|unit| unit.parent.clone());
        match places.get(slug) {
            Some(place) => match &wanted[*place].parent {
                Some(parent) => parent.as_ref().map(Slug::to_string),
                None => stays(),
            },
            None => stays(),
        }
    };
    let mut depths = Vec::new();
    for (place, row) in wanted.iter().enumerate() {
        let (mut depth, mut above) = (0, parent_of(row.slug.as_str()));
        while let Some(slug) = above {
            let is_there = places.contains_key(slug.as_str()) || known.contains_key(&slug);
            if !is_there && depth == 0 {
                return Err(row.line.bad(
                    "parent",
                    format!("there is no unit `{slug}`; add a row for it, or correct the name"),
                ));
            }
            depth += 1;
            if depth > wanted.len() + known.len() {
                return Err(row
                    .line
                    .bad("parent", format!("`{}` would belong to itself; choose another parent", row.slug)));
            }
            above = parent_of(&slug);
        }
        depths.push((depth, place));
    }
    depths.sort_unstable();
    Ok(depths.into_iter().map(|(_, place)| place).collect())
}
