//! Real messages, mangled: cut, spliced, repeated, with bytes turned. Every parser at a door refuses them or takes them,
//! and none breaks; sent through the doors themselves, none is an accident of ours.

#[path = "../../../fuzz/feeds.rs"]
mod feeds;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::RngSeed;
use serde_json::json;
use traction::org::token::store::Scope;

use crate::measure::bad_input::{DOORS, good};
use crate::measure::uptake::roll_out;
use crate::measure::usage::counts;
use crate::world::on_both;

/// Pieces that mean something to one parser or another.
const PIECES: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"\\",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\ud83d",
    b"\\u0000",
    b"NaN",
    b"1e999",
    b"-0",
    b"null",
    b"\r\n",
    b";",
    b"=",
    b"9999-12-31T23:59:59Z",
    b"\x08\xff\xff\xff\xff\x0f",
    b"\x0a\x00",
    b"99999999999999999999",
];

/// What is done to a message.
#[derive(Clone, Debug)]
enum Change {
    Turn(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index),
    Insert(Index, usize),
    End(Index),
    Splice(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Turn(at, byte)),
        any::<(Index, Index)>().prop_map(|(from, until)| Change::Cut(from, until)),
        any::<(Index, Index)>().prop_map(|(from, until)| Change::Repeat(from, until)),
        (any::<Index>(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        any::<Index>().prop_map(Change::End),
        any::<(Index, Index)>().prop_map(|(other, at)| Change::Splice(other, at)),
    ]
}

/// A message after all that was done to it.
fn mangled(mut message: Vec<u8>, others: &[Vec<u8>], changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let n = message.len() + 1;
        let span = |from: &Index, until: &Index| {
            let (a, b) = (from.index(n), until.index(n));
            // No longer than some hundred bytes, or hardly anything would be left after a few.
            let (from, until) = (a.min(b), a.max(b).min(a.min(b) + 200));
            from..until
        };
        match change {
            Change::Turn(at, byte) => {
                if let Some(turned) = message.get_mut(at.index(n)) {
                    *turned ^= *byte;
                }
            }
            Change::Cut(from, until) => drop(message.drain(span(from, until))),
            Change::Repeat(from, until) => {
                let repeated = message[span(from, until)].to_vec();
                let at = from.index(n);
                message.splice(at..at, repeated);
            }
            Change::Insert(at, piece) => {
                let at = at.index(n);
                message.splice(at..at, PIECES[*piece].iter().copied());
            }
            Change::End(at) => message.truncate(at.index(n)),
            Change::Splice(other, at) => {
                let other = &others[other.index(others.len())];
                message.truncate(at.index(n));
                message.extend_from_slice(&other[at.index(other.len() + 1)..]);
            }
        }
    }
    message
}

/// What released clients send, and what people bring.
static MESSAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(messages);

fn messages() -> Vec<Vec<u8>> {
    let sent = good("m-1");
    let mut messages: Vec<Vec<u8>> = DOORS.iter().map(|door| door.body(&sent)).collect();
    let full = json!({
        "writeKey": "k", "sentAt": "2026-03-02T08:00:00.000Z", "batch": [
            {"type": "track", "messageId": "m-1", "anonymousId": "a-1", "event": "result opened",
             "timestamp": "2026-03-02T07:50:00.000Z", "properties": {"change": "rounds", "unit": "ward-1", "value": 2.5},
             "context": {"library": {"name": "analytics-node", "version": "3.1.0"}}, "integrations": {}},
            {"type": "identify", "messageId": "m-2", "userId": 42, "traits": {"email": "jo@example.org"}},
        ],
    });
    messages.push(full.to_string().into());
    messages.push(br#"{"specversion":"1.0","id":"1","source":"/w","type":"opened","datacontenttype":"application/json","data_base64":"eyJ1c2VySWQiOiJqbyJ9","sentat":"2026-03-02T08:00:00Z"}"#.to_vec());
    messages.push(
        b"unit,period,value,numerator,denominator\nward-1,2026-W10,,2,70.5\n\"ward, 2\",2026-03-09,NA,,\n"
            .to_vec(),
    );
    messages.push(b"ward;month;cases;n\r\nward-1;2026-03;2;10\r\n".to_vec());
    messages.push(b"{\"unit\":\"ward-1\",\"period\":\"2026-03\",\"value\":2.5}\n{\"unit\":\"ward-2\",\"period\":\"2026-03\",\"value\":null}\n".to_vec());
    messages.push(parquet_table());
    for words in
        ["2026-03-02T08:00:00+01:00", "2026-W53", "0 6 * * 1", "WAREHOUSE", "1.234,5", "Ward 7 – Süd"]
    {
        messages.push(words.into());
    }
    messages
}

fn parquet_table() -> Vec<u8> {
    use parquet::data_type::ByteArrayType;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message t { required binary unit (UTF8); required binary period (UTF8); required binary value (UTF8); }";
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut file =
        SerializedFileWriter::new(&mut bytes, schema, WriterProperties::builder().build().into()).unwrap();
    let mut group = file.next_row_group().unwrap();
    for cells in [["ward-1", "ward-2"], ["2026-03", "2026-03"], ["2.5", "3"]] {
        let mut column = group.next_column().unwrap().unwrap();
        let cells: [parquet::data_type::ByteArray; 2] = cells.map(Into::into);
        column.typed::<ByteArrayType>().write_batch(&cells, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("TRACTION_LONG").is_some() { 50_000 } else { 1_500 }, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]
    #[test]
    fn no_parser_breaks_at_a_mangled_message(which in any::<Index>(), changes in proptest::collection::vec(change(), 0..6)) {
        let message = MESSAGES[which.index(MESSAGES.len())].clone();
        let message = mangled(message, &MESSAGES, &changes);
        for (_, feed) in feeds::ALL {
            feed(&message);
        }
    }
}

#[test]
fn no_parser_breaks_at_a_real_message() {
    for (_, feed) in feeds::ALL {
        MESSAGES.iter().for_each(|message| feed(message));
    }
}

#[test]
fn the_parquet_table_that_is_mangled_is_one() {
    let table = traction::measure::import::sheet::File { name: "t.parquet".into(), bytes: parquet_table() };
    let sheet = traction::measure::import::sheet::Sheet::read(&table, &["unit", "period", "value"]).unwrap();
    assert_eq!(sheet.n_rows(), 2);
}

/// Each is answered, in our words, by both databases alike; what is counted or set aside is there once.
#[test]
fn a_mangled_message_at_a_door_is_no_accident() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let messages: Vec<Vec<u8>> = DOORS.iter().map(|door| door.body(&good("m-1"))).collect();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let changes = proptest::collection::vec(change(), 1..5);
        for round in 0..if std::env::var_os("TRACTION_LONG").is_some() { 2_000 } else { 60 } {
            let door = DOORS[round % DOORS.len()];
            let changes = changes.new_tree(&mut runner).unwrap().current();
            let sent = good(&format!("round-{round}"));
            let body = mangled(door.body(&sent), &messages, &changes);
            let status = door.send_raw(&world, &client, &sent, body.clone(), None).await;
            let shown = String::from_utf8_lossy(&body);
            assert!([200, 400, 413].contains(&status), "{door:?} answers {status} to {shown}");
            let before = counts(&world).await;
            assert_eq!(
                door.send_raw(&world, &client, &sent, body.clone(), None).await,
                status,
                "{door:?}: {shown}"
            );
            assert_eq!(counts(&world).await, before, "{door:?} counted twice: {shown}");
        }
    });
}
