//! Killed while a draw's slots are granted: after the next start each winner has one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use traction::org::token::store::Scope;
use traction::store::Store;

use super::{count, free_address, kill, n_rounds, opened, serve};
use crate::contend::ground::{WAVE, apply, ward, wave};
use crate::world::TestWorld;

const N_WARDS: usize = 60;
const N_SLOTS: usize = 30;

/// A wave whose applications closed long ago; the token that may draw it.
async fn undrawn(world: &TestWorld) -> String {
    wave(world, &N_SLOTS.to_string(), "2026-03-02T08:00").await;
    for n in 0..N_WARDS {
        apply(&ward(world, &format!("ward-{n}")).await).await;
    }
    world.days_go_by(4.2).await;
    let token = world.client(&[Scope::Write]).await.token().to_owned();
    assert_eq!(count(world.world.store(), "draw").await, 0);
    token
}

/// The world's database as it is, for a server in `folder`.
async fn copied(world: &TestWorld, folder: &Path) {
    let copy = format!("VACUUM INTO '{}'", folder.join("traction.db").display());
    world.world.store().read().run(&copy, vec![]).await.unwrap();
}

/// Asks for the draw; what comes back does not matter, for the server may be dead by then.
fn ask(address: &str, token: &str) {
    let Ok(mut stream) = TcpStream::connect(address) else { return };
    let request = format!(
        "POST /api/v1{WAVE}/draw HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Looks until it is so; a minute is long enough for a machine that is busy.
async fn until(store: &Store, is_so: impl AsyncFn(&Store) -> bool) {
    let looking = async {
        while !is_so(store).await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), looking).await.expect("it comes about");
}

async fn loops_are_closed(store: &Store) -> bool {
    let sql = store.read();
    sql.cursor("business").await.unwrap() == sql.last_entry().await.unwrap()
}

#[tokio::test]
async fn a_draw_that_is_killed_gives_each_winner_one_slot_after_the_next_start() {
    let prepared = tempfile::tempdir().unwrap();
    let world = TestWorld::kept_in(prepared.path()).await;
    let token = undrawn(&world).await;
    let mut n_in_between = 0;
    for round in 0..n_rounds(4) {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        copied(&world, folder).await;
        let address = free_address();
        let server = serve(folder, &address);
        let store = opened(folder).await;
        let asking = std::thread::spawn({
            let (address, token) = (address.clone(), token.clone());
            move || ask(&address, &token)
        });
        until(&store, async |store| count(store, "draw").await == 1).await;
        for _ in 0..round {
            count(&store, "slot").await;
        }
        kill(server);
        asking.join().unwrap();
        let granted = count(&store, "slot").await;
        assert!([0, N_SLOTS].contains(&granted), "half of them are granted: {granted}");
        n_in_between += usize::from(granted == 0);

        for _ in 0..2 {
            let server = serve(folder, &free_address());
            until(&store, loops_are_closed).await;
            kill(server);
            let units = "(SELECT DISTINCT unit_id FROM slot) u";
            assert_eq!((count(&store, "slot").await, count(&store, units).await), (N_SLOTS, N_SLOTS));
        }
    }
    assert!(n_in_between > 0, "no server was killed between a draw and its slots");
}
