//! A table of outcomes on its way in: its columns and units matched, what it would change seen, then taken whole or not
//! at all; nothing of it lost on the way.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use futures_util::stream;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::json;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::world::{Client, Response, TestWorld, on_both};

async fn falls(world: &TestWorld) {
    for ward in ["ward-1", "ward-2", "er"] {
        world.unit(ward, None).await;
    }
    let proposed = metric_rules::propose("Falls", "per bed day", Better::Down).unwrap();
    metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
}

/// What a page's hidden entry holds.
fn hidden(page: &Response, name: &str) -> String {
    let inside = |before: String, after: &str| {
        let rest = page.body.split_once(&before)?.1;
        Some(rest.split_once(after)?.0.replace("&quot;", "\"").replace("&amp;", "&"))
    };
    inside(format!("name=\"{name}\" value=\""), "\"")
        .or_else(|| inside(format!("name=\"{name}\" hidden>"), "</textarea>"))
        .unwrap_or_else(|| panic!("no `{name}` in {}", page.body))
}

#[test]
fn other_columns_and_names_are_matched_by_hand_and_nothing_is_lost_on_the_way() {
    on_both(async |world| {
        falls(&world).await;
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        let rows = "Monat;Station;Stürze;Belegtage\n2026-01;Ward-1;2;80\n2026-01;Ward 2;;\n2026-01;Emergency;1;40\n2026-01;Garage;7;7\n";
        let seen = lead.post("/outcomes/falls", &[("step", "try"), ("rows", rows)]).await;
        // Unit and month are told by what is in them; of two columns of numbers the first is only a guess.
        seen.is(422).shows("2 rows cannot be taken").shows("there is no unit `Garage`").hides("Take them in");
        assert!(seen.body.contains("2026-01;Garage;7;7"), "the table is still there");
        let header = hidden(&seen, "header");
        assert_eq!(header, "Monat\nStation\nStürze\nBelegtage");
        let matched = [
            ("rows", rows),
            ("header", &header),
            ("column-unit", "1"),
            ("column-period", "0"),
            ("column-value", ""),
            ("column-numerator", "2"),
            ("column-denominator", "3"),
            ("calendar", "month"),
            ("label", "Emergency"),
            ("means", "er"),
            ("label", "Garage"),
            ("means", "leave out"),
        ];
        let with = |step| [&[("step", step)][..], &matched[..]].concat();
        let seen = lead.post("/outcomes/falls", &with("try")).await;
        seen.is(200).shows("4 rows: 2 new, 0 corrected, 0 known already. 1 without a value: missing, not zero. 1 left out.").shows("Take them in");
        lead.get("/outcomes/falls").await.shows("Nothing is known yet");
        lead.submit("/outcomes/falls", &with("take")).await;
        lead.get("/outcomes/falls").await.shows("2 units from 2026-01 to 2026-01").shows("Kept by month.");
        let client = world.client(&[Scope::Read]).await;
        let items = client.get("/api/v1/metrics/falls/outcomes").await.json();
        assert_eq!(
            items["items"],
            json!([
                {"unit": "er", "period": "2026-01", "value": 0.025, "numerator": 1.0, "denominator": 40.0}, {"unit": "ward-1", "period": "2026-01", "value": 0.025, "numerator": 2.0, "denominator": 80.0},
            ])
        );

        // A correction is shown before it is made, and what stood there stays readable.
        let corrected = "unit,period,numerator,denominator\nward-1,2026-01,3,80\ner,2026-01,1,40\n";
        let seen = lead.post("/outcomes/falls", &[("step", "try"), ("rows", corrected)]).await;
        seen.is(200).shows("2 rows: 0 new, 1 corrected, 1 known already").shows("2 of 80").shows("3 of 80");
        lead.submit("/outcomes/falls", &[("step", "take"), ("rows", corrected)]).await;
        lead.get("/outcomes/falls").await.shows("What was corrected").shows("2 of 80").shows("by lea");
        let file = lead.get("/outcomes/falls/corrections.csv").await;
        assert!(file.body.starts_with("unit,period,correction,before,before_numerator,before_denominator,before_at,since,since_numerator,since_denominator,since_at,by\nward-1,2026-01,1,0.025,2,80,2026-03-02T08:00:00Z,0.0375,"), "{}", file.body);
        world.visitor().get("/outcomes/falls/corrections.csv").await.is(303);
        let lou =
            world.person("lou", RoleWord::Member, None.or(Some(world.unit("ward-9", None).await))).await;
        let lou = world.browser_of(lou).await;
        lou.get("/outcomes/falls").await.hides("2 of 80");
        assert!(!lou.get("/outcomes/falls/corrections.csv").await.body.contains("ward-1"));

        // Kept by month now: a day is refused with what would be right; a first of a month is one.
        let days = "unit,period,value\nward-1,2026-02-01,0.1\nward-2,2026-02-14,0.2\n";
        let seen = lead.post("/outcomes/falls", &[("step", "take"), ("rows", days)]).await;
        seen.is(422).shows(
            "line 3, column `period`: `2026-02-14` is a day, and this metric is kept by month; write 2026-02",
        );
        let items = client.get("/api/v1/metrics/falls/outcomes").await.json();
        assert_eq!(items["items"].as_array().unwrap().len(), 2, "nothing is half taken");
    });
}

/// Sends a form with a file, as a browser does.
async fn sends(
    world: &TestWorld,
    person: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Response {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let request = Request::post("/outcomes/falls")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header("cookie", person);
    world.send(request.body(Body::from(body)).unwrap()).await
}

/// Two wards, two weeks; one value is null.
fn parquet_file() -> Vec<u8> {
    let schema =
        "message rows { REQUIRED BYTE_ARRAY ward (UTF8); REQUIRED INT32 week (DATE); OPTIONAL DOUBLE rate; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut file, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let wards: Vec<ByteArray> = ["ward-1", "ward-2", "ward-1", "ward-2"].map(ByteArray::from).to_vec();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&wards, None, None).unwrap();
    column.close().unwrap();
    // 5 January 2026 is a Monday, 20,458 days after 1970 began.
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[20_458, 20_458, 20_465, 20_465], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&[0.1, 0.2, 0.3], Some(&[1, 1, 1, 0]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn a_parquet_file_goes_the_same_way_and_comes_along_to_the_next_step() {
    on_both(async |world| {
        falls(&world).await;
        let lea = world.person("lea", RoleWord::ChangeLead, None).await;
        let link = world.link_of(lea).await;
        let entered = world.visitor().follow(&link).await;
        let cookie = entered.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let file = parquet_file();
        let seen =
            sends(&world, &cookie, &[("step", "try"), ("rows", "")], Some(("rates.parquet", &file))).await;
        seen.is(200)
            .shows("rates.parquet: 4 rows")
            .shows("4 rows: 3 new, 0 corrected, 0 known already. 1 without a value");
        let carried: Vec<(String, String)> =
            ["header", "kept", "kept_name"].map(|name| (name.to_owned(), hidden(&seen, name))).to_vec();
        let mut fields: Vec<(&str, &str)> =
            carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([
            ("step", "take"),
            ("column-unit", "0"),
            ("column-period", "1"),
            ("column-value", "2"),
            ("calendar", "week"),
        ]);
        let taken = sends(&world, &cookie, &fields, None).await;
        taken.is(303);
        world
            .visitor()
            .get("/outcomes/falls")
            .await
            .shows("2 units from 2026-01-05 to 2026-01-12")
            .shows("Kept by week.")
            .shows("1 value is missing");
        // What is no table, in every way, is refused in words.
        let cut = &file[..file.len() / 2];
        let text = |bytes: &'static [u8]| bytes;
        for (name, bytes, says) in [
            ("a.parquet", cut, "this Parquet file cannot be read"),
            ("a.xlsx", text(b"PK\x03\x04xxxx"), "this is no text but a packed file"),
            ("a.csv", text(b"unit,period,value\nward-1,2026-01-05,\xff\n"), "is not UTF-8 text"),
            ("a.csv", text(b"unit,period,value\n"), "there are no rows below the header"),
            (
                "a.csv",
                text(b"unit,period,value\nward-1,2026-01-05\n"),
                "line 2 has 2 fields where the header has 3",
            ),
            ("a.csv", text(b"unit,unit,value\nward-1,2026,1\n"), "two columns are named `unit`"),
            ("a.csv", text(b"unit,period,value\nward-1,\"2026\n"), "a quote opened on line 2"),
            ("a.csv", text(b"{\"unit\": \n"), "is not a JSON object"),
            ("a.csv", text(b"a,b\nx,y\n"), "No column is said to hold the units"),
            (
                "a.csv",
                text(b"unit,period,value\nward-1,2026-01-06,1\n"),
                "`2026-01-06` is a Tuesday, and this metric is kept by week",
            ),
            ("a.csv", text(b"unit,period,value\nward-1,2025-12-29,\n"), "It cannot be taken as it is"),
            ("a.csv", text(b"unit,period,value\nward-1,2026-01-05,1e999\n"), "`1e999` is not a number"),
        ] {
            let before = world.world.store().read().last_entry().await.unwrap();
            for step in ["try", "take"] {
                let refused = sends(&world, &cookie, &[("step", step)], Some((name, bytes))).await;
                assert_eq!(refused.status.as_u16(), 422, "{says}: {}", refused.text());
                assert!(
                    refused.text().to_lowercase().contains(&says.to_lowercase()),
                    "{} is not {says}",
                    refused.text()
                );
            }
            assert_eq!(world.world.store().read().last_entry().await.unwrap(), before, "{says}");
        }
        let mangled =
            sends(&world, &cookie, &[("step", "take"), ("kept", "%%"), ("kept_name", "a.csv")], None).await;
        mangled.is(422).shows("The file did not come back whole");
        sends(&world, &cookie, &[("step", "try")], None)
            .await
            .is(422)
            .shows("Choose a file, or paste a table");
    });
}

async fn table(world: &TestWorld, client: &Client<'_>, query: &str, kind: &str, body: Vec<u8>) -> Response {
    let request = Request::post(format!("/api/v1/metrics/falls/outcomes{query}"))
        .header(AUTHORIZATION, format!("Bearer {}", client.token()))
        .header(CONTENT_TYPE, kind);
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[test]
fn programs_send_tables_try_them_and_read_corrections() {
    on_both(async |world| {
        falls(&world).await;
        let writer = world.client(&[Scope::Write]).await;
        let csv = "ward,month,rate\nward-1,2026-01,0.1\nward-2,2026-01,NA\n";
        let columns = "?unit=ward&period=month&value=rate";
        let tried = table(&world, &writer, &format!("{columns}&dry_run=true"), "text/csv", csv.into()).await;
        assert_eq!(
            tried.is(200).json(),
            json!({"rows": 2, "new": 1, "corrected": 0, "unchanged": 0, "missing": 1, "dry_run": true})
        );
        assert_eq!(writer.get("/api/v1/metrics/falls/outcomes").await.json()["items"], json!([]));
        table(&world, &writer, columns, "text/csv", csv.into()).await.is(200);
        let again = table(&world, &writer, columns, "text/csv", csv.replace("0.1", "0.2").into()).await;
        assert_eq!(again.json()["corrected"], 1);
        let corrections = writer.get("/api/v1/metrics/falls/corrections").await.json();
        assert_eq!(corrections["items"][0]["before"]["value"], 0.1);
        assert_eq!(
            (&corrections["items"][0]["since"]["value"], &corrections["items"][0]["by"]),
            (&json!(0.2), &json!("test"))
        );
        let request = Request::get("/api/v1/metrics/falls/outcomes")
            .header(AUTHORIZATION, format!("Bearer {}", writer.token()))
            .header(ACCEPT, "text/csv");
        let file = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(file.body, "unit,period,value,numerator,denominator\nward-1,2026-01,0.2,,\n");
        let weeks = metric_rules::propose("Falls by week", "per bed day", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), weeks).await.unwrap();
        let in_weeks = async |metric: &str| {
            let path = format!("/api/v1/metrics/{metric}/outcomes?unit=ward&period=week&value=rate");
            let request = Request::post(path)
                .header(AUTHORIZATION, format!("Bearer {}", writer.token()))
                .header(CONTENT_TYPE, "application/vnd.apache.parquet");
            world.send(request.body(Body::from(parquet_file())).unwrap()).await
        };
        in_weeks("falls").await.is(422).shows("is not of one kind with what is known of this metric");
        assert_eq!(in_weeks("falls-by-week").await.json()["new"], 3);

        for (query, kind, body, status, says) in [
            ("", "text/csv", csv, 422, "no column is said to hold the units"),
            ("?unit=bed", "text/csv", csv, 422, "there is no column `bed` to hold the unit"),
            (columns, "text/csv", "", 422, "the table is empty"),
            (
                columns,
                "text/csv",
                "ward,month,rate\nward-1,spring,1\nward-7,2026-01,1\n",
                422,
                "line 2, column `month`: `spring` cannot be read",
            ),
            ("", "application/json", "{}", 400, "the body is not the JSON asked for"),
            ("", "application/json", "[", 400, "the body is not the JSON asked for"),
            ("", "application/json", "[]", 422, "there are no rows"),
            (
                "",
                "application/json",
                r#"[{"unit": "ward-1", "period": "2026-01", "value": "1"}]"#,
                400,
                "invalid type",
            ),
            (
                "",
                "application/json",
                r#"[{"unit": "ward-1", "period": "2025-12"}]"#,
                422,
                "no row gives a value",
            ),
            (
                "",
                "application/json",
                r#"[{"unit": "ward-1", "period": "2026-01", "numerator": 1}]"#,
                422,
                "row 1 (ward-1, 2026-01): there is a numerator and no denominator",
            ),
            ("?dry_run=perhaps", "text/csv", csv, 422, "`dry_run` is `perhaps`; write true or false"),
            (
                columns,
                "text/csv",
                "ward,month,rate\nward-1,2026-01,\"1,234\"\n",
                422,
                "`1,234` may mean 1234 or 1.234; write 1234, or 1.2340",
            ),
            (
                columns,
                "text/csv",
                "ward;month;rate\nward-1;2026-01;1.234\n",
                422,
                "`1.234` may mean 1234 or 1.234; write 1234, or 1.2340",
            ),
            (
                columns,
                "text/csv",
                "ward,month,rate\nward-1,202601,1\n",
                422,
                "`202601` may be 2026-01 as one number; write 2026-01",
            ),
        ] {
            let before = world.world.store().read().last_entry().await.unwrap();
            let refused = table(&world, &writer, query, kind, body.into()).await;
            assert_eq!(refused.status.as_u16(), status, "{says}: {}", refused.body);
            let detail = refused.json()["detail"].as_str().unwrap().to_lowercase();
            assert!(detail.contains(&says.to_lowercase()), "{detail} is not {says}");
            assert_eq!(world.world.store().read().last_entry().await.unwrap(), before, "{says}");
        }
        let reader = world.client(&[Scope::Read]).await;
        table(&world, &reader, columns, "text/csv", csv.into())
            .await
            .is(403)
            .shows("this token reads, and changes nothing; make one with the scope `write`");
        let usage = world.client(&[Scope::Usage]).await;
        let letters = usage.get("/api/v1/dead-letters?limit=many").await;
        letters.is(422).shows("`limit` is `many`; write a whole number from 0 on");
    });
}

/// Spreadsheets say how they part columns, and leave the rows that were emptied; three decimals between commas are just that.
#[test]
fn a_table_as_spreadsheets_and_programs_write_it_is_taken_as_it_is_meant() {
    on_both(async |world| {
        falls(&world).await;
        let writer = world.client(&[Scope::Write]).await;
        let sent = async |kind: &str, body: &str| {
            table(&world, &writer, "?dry_run=true", kind, body.as_bytes().to_vec()).await.is(200).json()
        };
        let two = json!({"rows": 2, "new": 2, "corrected": 0, "unchanged": 0, "dry_run": true});
        let lines =
            "sep=;\r\nunit;period;value\r\nward-1;2026-01;1.5\r\n;;\r\nward-2;2026-01;1.234\r\n;;\r\n";
        assert_eq!(sent("text/csv", lines).await, two);
        let plain = "unit,period,value\nward-1,2026-01,1.234\n,,\nward-2,2026-01,12.345\n";
        assert_eq!(sent("text/csv", plain).await, two);
        let truths = "unit,period,value\nward-1,2026-01,TRUE\nward-2,2026-01,false\n";
        assert_eq!(sent("text/csv", truths).await, two);
        let rows = json!([
            {"unit": "ward-1", "period": "2026-01", "value": true},
            {"unit": "ward-2", "period": "2026-01", "value": false},
        ]);
        writer.post("/api/v1/metrics/falls/outcomes", &rows).await.is(200);
        let items = writer.get("/api/v1/metrics/falls/outcomes").await.json();
        assert_eq!((&items["items"][0]["value"], &items["items"][1]["value"]), (&json!(1.0), &json!(0.0)));
    });
}

/// Nobody makes this server read, and unpack, a table that is refused whatever it holds.
#[test]
fn a_table_that_is_refused_anyhow_is_not_read() {
    on_both(async |world| {
        falls(&world).await;
        let reader = world.client(&[Scope::Read]).await;
        let writer = world.client(&[Scope::Write]).await;
        for (client, address, status) in [
            (&reader, "falls/outcomes", 403),
            (&writer, "none/outcomes", 404),
            (&writer, "falls/outcomes?calendar=moon", 422),
            (&writer, "falls/outcomes?dry_run=maybe", 422),
        ] {
            let never = stream::pending::<Result<Bytes, std::io::Error>>();
            let request = Request::post(format!("/api/v1/metrics/{address}"))
                .header(AUTHORIZATION, format!("Bearer {}", client.token()))
                .header(CONTENT_TYPE, "application/vnd.apache.parquet");
            let answered = world.open(request.body(Body::from_stream(never)).unwrap());
            let answered = tokio::time::timeout(Duration::from_secs(20), answered).await;
            assert_eq!(answered.expect("its body is not waited for").status().as_u16(), status, "{address}");
        }
    });
}

/// What is known of a unit is its own people's: an empty row of another unit tells its lead nothing and takes nothing back.
#[test]
fn a_unit_lead_neither_reads_nor_takes_back_what_is_known_of_other_units() {
    on_both(async |world| {
        falls(&world).await;
        let known = "unit,period,value\nward-1,2026-01,4.25\nward-2,2026-01,7.75\n";
        let lea = world.person("lea", RoleWord::ChangeLead, None).await;
        world.browser_of(lea).await.submit("/outcomes/falls", &[("step", "take"), ("rows", known)]).await;
        let sql = world.world.store().read();
        let ward = traction::org::unit::verbs::find(sql, "ward-1").await.unwrap().id;
        let lou = world.person("lou", RoleWord::Lead, Some(ward)).await;
        let lou = world.browser_of(lou).await;
        let rows = "unit,period,value\nward-1,2026-01,5\nward-2,2026-01,\ner,2026-01,\n";
        let seen = lou.post("/outcomes/falls", &[("step", "try"), ("rows", rows)]).await;
        seen.is(200).shows("4.25").hides("7.75").hides("no value");
        seen.shows(
            "0 new, 1 corrected, 0 known already. 2 without a value are of units that you do not lead",
        );
        lou.submit("/outcomes/falls", &[("step", "take"), ("rows", rows)]).await;
        let client = world.client(&[Scope::Read]).await;
        let items = client.get("/api/v1/metrics/falls/outcomes").await.json();
        assert_eq!((&items["items"][0]["value"], &items["items"][1]["value"]), (&json!(5.0), &json!(7.75)));
        // With a value, another unit's row is refused before anything is compared.
        let foreign = "unit,period,value\nward-1,2026-01,5\nward-2,2026-01,8\n";
        for step in ["try", "take"] {
            lou.post("/outcomes/falls", &[("step", step), ("rows", foreign)]).await.is(403).hides("7.75");
        }
        let only_empty = "unit,period,value\nward-2,2026-01,\n";
        let seen = lou.post("/outcomes/falls", &[("step", "try"), ("rows", only_empty)]).await;
        seen.hides("7.75").hides("Take them in");
    });
}
