use super::*;

fn error(status: Status, message: &str, sqlstate: &str) -> Error {
    let mut error = Error::with_message_and_status(message, status);
    for (at, sign) in sqlstate.bytes().enumerate() {
        error.sqlstate[at] = sign.cast_signed();
    }
    error
}

/// As the released drivers say it; none of the names may be seen.
#[test]
fn what_drivers_say_is_told_without_values_and_secrets() {
    let connection: ConnectionName = "LAKE".parse().unwrap();
    let libpq = "[libpq] Failed to connect: connection to server at \"10.0.0.9\", port 1 failed: ";
    for (message, status, says) in [
        ("Connection refused\n\tIs the server running?", Status::IO, "does not answer (connection refused)"),
        ("FATAL:  database \"treasury\" does not exist\n", Status::IO, "has no such database"),
        ("FATAL:  role \"jo_smith\" does not exist\n", Status::IO, "does not let this user in"),
        (
            "FATAL:  password authentication failed for user \"jo_smith\"",
            Status::IO,
            "does not let this user in",
        ),
        ("could not translate host name \"treasury\" to address", Status::IO, "its name is not known"),
        ("missing \"=\" after \"jo_smith\"", Status::IO, "its driver could not connect, and calls that IO"),
        ("Unknown database option foo='jo_smith'", Status::NotImplemented, "does not take what it is told"),
    ] {
        let why = not_connected(&error(status, &format!("{libpq}{message}"), ""), &connection).to_string();
        assert!(why.contains(says), "{message}: {why}");
        assert!(!why.contains("smith") && !why.contains("treasury") && !why.contains("10.0"), "{why}");
    }
    let value = error(
        Status::InvalidData,
        "Failed to prepare query: ERROR:  invalid input syntax for type integer: \"Jo Smith\"",
        "22P02",
    );
    assert_eq!(prepared(&value, &connection), RunRefused::Value { code: "22P02".into() });
    let column = error(
        Status::NotFound,
        "Failed to prepare query: ERROR:  column \"nothing\" does not exist\nLINE 1: ...",
        "42703",
    );
    let says = RunRefused::Query { said: "column \"nothing\" does not exist".into() };
    assert_eq!(prepared(&column, &connection), says);
    assert_eq!(executed(&column, &connection), says);
    let table =
        error(Status::InvalidArguments, "[SQLite] Failed to prepare query: no such table: x\nquery: y", "");
    assert_eq!(prepared(&table, &connection), RunRefused::Query { said: "no such table: x".into() });
    let later = error(Status::InvalidArguments, "Could not convert string 'Jo Smith' to INT32", "00000");
    assert_eq!(executed(&later, &connection), RunRefused::Stumbled { status: "INVALID_ARGUMENT" });
    let rows = "[libpq] ERROR:  invalid input syntax for type integer: \"Jo Smith\". SQLSTATE: 22P02";
    assert_eq!(broke_off(rows, &connection), RunRefused::Value { code: "22P02".into() });
    assert_eq!(broke_off("Jo Smith", &connection), RunRefused::Stumbled { status: WHILE_ROWS_CAME });
    let writes = error(Status::IO, "Failed to step query: attempt to write a readonly database", "");
    assert_eq!(executed(&writes, &connection), RunRefused::Writes);
}
