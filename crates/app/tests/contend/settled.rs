//! What is settled about a wave from the command line, as on its pages.

use std::num::NonZeroU32;

use traction::commands::{Operator, Output, Stop};
use traction::contend::wave::commands::{SettleCommand, Shown, run};

use super::ground::{WAVE, contenders, ward, wave};
use crate::world::{TestWorld, on_both};

fn change() -> String {
    "bedside-tests".into()
}

async fn does(world: &TestWorld, command: SettleCommand) -> Result<(), String> {
    let operator = Operator { world: world.world.clone(), output: Output::Json };
    run(command, &operator).await.map(|_| ()).map_err(|stop| match stop {
        Stop::Input(says) => says,
        other => format!("{other:?}"),
    })
}

fn policy(cap: u32) -> SettleCommand {
    SettleCommand::Policy {
        change: change(),
        n: 1,
        threshold: None,
        cuts: vec![4.5, 2.5],
        unshown: Some(2),
        near: Some("people".parse().unwrap()),
        cap: NonZeroU32::new(cap),
        shown: Some(Shown::Named),
    }
}

#[test]
fn policy_places_sources_and_values_are_settled_by_command_and_stand_on_the_pages() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-03T08:00").await;
        ward(&world, "yew").await;
        does(&world, policy(3)).await.unwrap();
        let why = Some("the pilot ward".into());
        let place =
            |why, open| SettleCommand::Place { change: change(), n: 1, unit: "yew".into(), why, open };
        does(&world, place(why.clone(), false)).await.unwrap();
        let link = "https://lottery.example/6of45".to_owned();
        let due = "2026-03-06T10:00:00Z".parse().unwrap();
        let source = SettleCommand::Source { change: change(), n: 1, name: "lottery".into(), link, due };
        does(&world, source).await.unwrap();
        let call = world.visitor().get(WAVE).await;
        call.shows("the bands part at 4.5 and 2.5 of 5")
            .shows("No more than 3 under one parent")
            .shows("yew has a protected place if it applies")
            .shows("lottery (Fri 6 Mar 2026, 10:00 UTC)");
        does(&world, place(None, true)).await.unwrap();
        world.visitor().get(WAVE).await.hides("yew has a protected place");

        world.days_go_by(1.1).await;
        contenders(&world, ["ash", "elm"]).await;
        let late = does(&world, policy(2)).await.unwrap_err();
        assert!(late.contains("opened"), "{late}");
        assert!(does(&world, place(why, false)).await.is_err());
        world.days_go_by(3.2).await;
        let value = |text: &str, why: Option<&str>| SettleCommand::Value {
            change: change(),
            n: 1,
            source: 1,
            value: text.into(),
            why: why.map(String::from),
        };
        does(&world, value("3 9 14", None)).await.unwrap();
        does(&world, value("3 9 15", Some("a digit was wrong"))).await.unwrap();
        let page = world.visitor().get(&format!("{WAVE}/draw")).await;
        page.shows("Entered by whoever runs the server, just now , as 3 9 14")
            .shows("Put right to 3 9 15")
            .shows("a digit was wrong");
    });
}
