use super::*;

#[track_caller]
fn check(query: &str, says: Result<&str, &str>) {
    let found = one_that_asks(query).map_err(|refused| refused.to_string());
    match (found, says) {
        (Ok(found), Ok(wanted)) => assert_eq!(found, wanted),
        (Err(why), Err(wanted)) => assert!(why.contains(wanted), "{query}: {why}"),
        (found, _) => panic!("{query}: {found:?}"),
    }
}

#[test]
fn only_one_statement_that_asks_is_carried_out() {
    check(" SELECT 1; \n", Ok("SELECT 1"));
    check("with t AS (SELECT 1) SELECT * FROM t", Ok("with t AS (SELECT 1) SELECT * FROM t"));
    check("(select 1)", Ok("(select 1)"));
    check("SELECT 1 -- ;\n", Ok("SELECT 1 --"));
    let commented = "-- who falls\n/* and\n when */ SELECT 1";
    check(commented, Ok(commented));
    for query in [
        "DELETE FROM falls",
        "INSERT INTO falls SELECT 1",
        "COMMIT",
        "PRAGMA query_only = OFF",
        "SELECTED",
        "-- SELECT",
        "/* SELECT",
        "/* SELECT */ DROP TABLE falls",
        "",
    ] {
        check(query, Err("begin with SELECT or WITH"));
    }
    for query in ["SELECT 1; DELETE FROM falls", "SELECT ';'", "COMMIT; SELECT 1"] {
        check(query, Err("one statement at a time"));
    }
}
