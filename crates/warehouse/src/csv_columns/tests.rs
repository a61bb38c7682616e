use super::*;
use Values::{Day, Number, Text, Whole};

fn of(bytes: &[u8]) -> Result<Written, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.csv");
    std::fs::write(&file, bytes).unwrap();
    written(&file)
}

#[track_caller]
fn check(text: &str, values: &[Values]) {
    let found = of(text.as_bytes()).unwrap();
    assert_eq!(found.columns.iter().map(|(_, values)| *values).collect::<Vec<_>>(), values, "{text}");
}

#[test]
fn a_column_is_a_number_or_a_day_only_where_every_value_is_and_nothing_is_lost() {
    check("ward,falls,rate,day\nA,3,0.5,2026-02-16\nB,0,12,2026-02-17\n", &[Text, Whole, Number, Day]);
    check("ward,n\n007,1\n012,2\n", &[Text, Whole]);
    check("n\n-3\n0\n-0\n", &[Whole]);
    check("n\n1e3\n-2.5E-7\n", &[Number]);
    check("n\n1\n\n2\n", &[Whole]);
    check("a,b\n1,\n,\n", &[Whole, Text]);
    check("n\n1\nNA\n", &[Text]);
    check("day\n2026-02-28\n2026-02-30\n", &[Text]);
    check("day\n2026-02-28\n5\n", &[Text]);
    check("id\n123456789012345678\n1234567890123456789\n", &[Text]);
    check("n\n 1\n", &[Text]);
    check("n\n+1\n", &[Text]);
    check("n\n1.\n", &[Text]);
    check("n\n.5\n", &[Text]);
    check("n\n1e999\n", &[Text]);
    check("n\ninf\n", &[Text]);
    check("n;m\n1,5;1\n", &[Text, Whole]);
    check("\u{feff}n\n1\n", &[Whole]);
    check("n\n", &[Text]);
    // The five thousandth value counts like the first.
    check(&format!("n\n{}x\n", "1\n".repeat(5_000)), &[Text]);
}

#[test]
fn commas_semicolons_tabs_and_line_breaks_in_cells_are_seen() {
    let found = of(b"a;b\n1;\"x\ny\"\n").unwrap();
    assert_eq!((found.delimiter, found.breaks_lines), (b';', LineBreaks::InCells));
    let found = of(b"a\tb\n1\t2\n").unwrap();
    assert_eq!((found.delimiter, found.breaks_lines), (b'\t', LineBreaks::BetweenRows));
    assert_eq!(of(b"a\n1\n").unwrap().delimiter, b',');
}

#[test]
fn a_flaw_is_told_by_its_line_and_never_by_its_words() {
    for (bytes, says) in [
        (&b"ward,n\nJo Smith,1\nKim Hill\n"[..], "line 3 has 1 cells, and the first line names 2 columns"),
        (b"ward\nJo\xff\n", "line 2 is not UTF-8"),
        (b"ward,ward\nJo,Jo\n", "two columns are called `ward`"),
        (b"ward,\nJo,Jo\n", "a column has no name"),
        (b"", "it is empty"),
    ] {
        let why = of(bytes).unwrap_err();
        assert!(why.contains(says), "{why}");
        assert!(!why.contains("Jo") && !why.contains("Kim"), "{why}");
    }
}

#[test]
fn files_of_one_table_have_the_same_columns_and_what_fits_all_of_them() {
    let one = of(b"ward,n\nA,1\n").unwrap();
    let both = one.clone().and(&of(b"ward,n\n1,0.5\n").unwrap()).unwrap();
    assert_eq!(both.columns, [("ward".to_owned(), Text), ("n".to_owned(), Number)]);
    assert!(one.clone().and(&of(b"n,ward\n1,A\n").unwrap()).unwrap_err().contains("different columns"));
    assert!(one.and(&of(b"ward;n\nA;1\n").unwrap()).unwrap_err().contains("different signs"));
}
