//! The tables behind the pictures of uptake, as they are downloaded.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use traction::org::token::store::Scope;

use crate::measure::uptake::roll_out;
use crate::world::{Client, Response, TestWorld, on_both};

/// The tables of a page, in its order.
fn tables(page: &Response) -> Vec<String> {
    let packed = page.body.split("data:text/csv;charset=utf-8;base64,").skip(1);
    let plain = packed.map(|rest| BASE64_STANDARD.decode(rest.split('"').next().unwrap()).unwrap());
    plain.map(|bytes| String::from_utf8(bytes).unwrap()).collect()
}

async fn page(world: &TestWorld) -> Vec<String> {
    tables(world.visitor().get("/changes/early-rounds/uptake").await.is(200))
}

/// People of wards 1 and 3, in turn, use it now.
async fn use_it(client: &Client<'_>, people: std::ops::Range<usize>) {
    let event = |n: usize| {
        let unit = if n.is_multiple_of(2) { "ward-1" } else { "ward-3" };
        json!({"type": "track", "messageId": format!("e-{n}"), "userId": format!("p-{n}"), "event": "opened", "properties": {"unit": unit}})
    };
    let batch: Vec<Value> = people.map(event).collect();
    client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
}

#[test]
fn a_share_stands_beside_what_it_is_of_and_a_week_to_come_is_not_one_that_is_held_back() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it(&client, 0..27).await;
        // The second week is over, and is not counted yet.
        world.days_go_by(13.7).await;
        let [active, plan] = &page(&world).await[..] else { panic!("two pictures") };
        assert_eq!(
            active,
            "Week from,All units with access,Used it,Eligible\r\n2026-03-02,0.293478260869565,27,92\r\n"
        );
        assert!(plan.contains("2026-03-02,27,92\r\n2026-03-09,not counted yet,92\r\n"), "{plan}");
        world.days_go_by(1.0).await;
        let [active, plan] = &page(&world).await[..] else { panic!("two pictures") };
        assert!(active.ends_with("2026-03-09,not shown,fewer than 5,92\r\n"), "{active}");
        assert!(plan.contains("2026-03-09,not shown,92\r\n"), "{plan}");
    });
}

#[test]
fn how_soon_people_begin_is_told_as_at_least_so_many_and_in_plain_numbers() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it(&client, 0..30).await;
        for _ in 0..4 {
            world.days_go_by(7.0).await;
        }
        let tables = page(&world).await;
        let begun =
            tables.iter().find(|table| table.starts_with("Weeks since access,")).expect("the picture");
        assert!(begun.starts_with("Weeks since access,\"Had begun, at least\""), "{begun}");
        assert!(begun.contains(",0.3\r\n") || begun.contains(",0.3,"), "{begun}");
        assert!(!begun.contains("00000"), "{begun}");
    });
}
