//! Slots as a calendar and on the organisation's tree: who has it from when, by layer, over waves.

use traction::grant::slot;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::org::role::RoleWord;
use traction_domain::org::unit as unit_rules;
use traction_domain::org::who::Who;

use crate::contend::ground::{CHANGE, WAVE, Ward, announce, wave};
use crate::world::{TestWorld, on_both, on_sqlite};

const SLOTS: &str = "/changes/bedside-tests/slots";

async fn ward<'a>(world: &'a TestWorld, slug: &str, parent: &str) -> Ward<'a> {
    let id = world.unit(slug, Some(parent)).await;
    let lead = world.person(&format!("lead-{slug}"), RoleWord::Lead, Some(id)).await;
    Ward { id, lead: world.browser_of(lead).await }
}

async fn applies(ward: &Ward<'_>, wave: &str) {
    let unit = ward.id.to_string();
    let wish = [("unit", &*unit), ("pain", "Late"), ("aim", "Early"), ("owner", "Jo")];
    ward.lead.submit(&format!("{wave}/applications"), &wish).await;
}

#[test]
fn who_has_it_from_when_is_drawn_by_layer_over_waves() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        world.visitor().get(SLOTS).await.is(200).shows("Nobody has a slot yet");
        world.unit("north", None).await;
        world.unit("south", None).await;
        let ash = ward(&world, "ash", "north").await;
        applies(&ash, WAVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        world.visitor().get(SLOTS).await.shows("0 units have it now, 1 will, of 2 units at the front");
        world.days_go_by(2.0).await;

        let second = announce(&cleo, "2", "2026-03-08T20:00", "2026-03-10T08:00", "2026-03-11T06:00").await;
        let birch = ward(&world, "birch", "north").await;
        let elm = ward(&world, "elm", "south").await;
        ward(&world, "yew", "south").await;
        world.days_go_by(0.6).await;
        for one in [&birch, &elm] {
            applies(one, &second).await;
        }
        world.days_go_by(1.6).await;
        let cleo = world.person("cleo2", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        cleo.submit(&format!("{second}/draw"), &[]).await;
        world.days_go_by(2.0).await;

        let page = world.visitor().get(SLOTS).await;
        page.shows("3 units have it now, of 4 units at the front.")
            .shows("3 slots so far, over 2 waves")
            .shows("Where it began")
            .shows("Layer 1: beside a unit that has it, under the same parent")
            .shows("Layer 2: elsewhere")
            .shows("3 of 4 units have it")
            .shows("elm Layer 2: elsewhere 2 11 Mar 2026 – has it")
            .shows("yew south without");
        world.visitor().get(CHANGE).await.shows("Who has it from when, and how it spreads");

        let slots = slot::store::of_unit(world.world.store().read(), birch.id).await.unwrap();
        let steps = format!("/slots/{}/steps", slots[0].id);
        birch.lead.submit(&steps, &[("step", "paused"), ("why", "holidays")]).await;
        world.visitor().get(SLOTS).await.shows("2 units have it now, 1 is paused").shows("paused");
        cleo.submit(&steps, &[("step", "lapsed"), ("why", "not used")]).await;
        let page = world.visitor().get(SLOTS).await;
        page.shows("lapsed").shows("birch Layer 1: beside a unit that has it, under the same parent 2 11 Mar 2026 12 Mar 2026 lapsed");
        let svg = world.visitor().get(&format!("{SLOTS}/calendar.svg")).await;
        svg.is(200);
        assert!(svg.body.starts_with("<svg") && svg.body.contains("lapsed"));
        let csv = world.visitor().get(&format!("{SLOTS}/spread.csv")).await.body;
        assert!(csv.starts_with("Unit,Belongs to,Slot\r\n") && csv.contains("yew,south,without"), "{csv}");
        for nothing in ["nothing.svg", "calendar.png", "calendar"] {
            world.visitor().get(&format!("{SLOTS}/{nothing}")).await.is(404);
        }
    });
}

/// Five hundred units of twenty parents: one row a parent, and the way into each.
#[test]
fn with_many_units_those_of_one_parent_share_a_row() {
    on_sqlite(async |world: TestWorld| {
        wave(&world, "1", "2026-03-02T08:00").await;
        let (who, world_) = (Who::operator(), &world.world);
        let sql = world_.store().read();
        let change = traction::offer::change::verbs::find(sql, "bedside-tests").await.unwrap();
        let mut tx = world_.store().begin().await.unwrap();
        for parent in 0..20 {
            let slug = format!("hospital-{parent:02}");
            let proposed = unit_rules::propose(slug.parse().unwrap(), &slug, None, None).unwrap();
            let above =
                traction::org::unit::verbs::record(world_, &mut tx, &who, &proposed, "{}").await.unwrap();
            for n in 0..25 {
                let slug = format!("ward-{parent:02}-{n:02}");
                let proposed = unit_rules::propose(slug.parse().unwrap(), &slug, Some(above), None).unwrap();
                let unit =
                    traction::org::unit::verbs::record(world_, &mut tx, &who, &proposed, "{}").await.unwrap();
                if n < 10 {
                    let time =
                        Span { from: world_.now().after_days(-30 * i64::from(parent % 4) - 5), until: None };
                    let granting = slot::store::Granting {
                        change: change.id,
                        wave: None,
                        unit,
                        asked: Asked::Unknown,
                        probability: None,
                        time,
                    };
                    slot::verbs::record(world_, &mut tx, &who, granting).await.unwrap();
                }
            }
        }
        world_.commit(tx).await.unwrap();
        let visitor = world.visitor();
        let page = visitor.get(SLOTS).await;
        page.shows("200 units have it now, of 500 units at the front")
            .shows("hospital-07 (10 of 10)")
            .shows("Look into one")
            .shows("10 of 25 have it");
        let calendar = page.body.split("</figure>").next().unwrap();
        assert!(!calendar.contains("ward-07-03"), "units of one parent share a row");
        let inside = visitor.get(&format!("{SLOTS}?open=hospital-07")).await;
        let calendar = inside.body.split("</figure>").next().unwrap();
        assert!(calendar.contains("ward-07-03") && !calendar.contains("ward-08-03"));
        inside.shows("close");
        let n_bytes = page.body.len();
        assert!(n_bytes < 400_000, "{n_bytes} bytes");
    });
}
