use super::*;

#[track_caller]
fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut table = Table::open(bytes).unwrap();
    let columns: Vec<Column> =
        table.header().to_vec().iter().map(|name| table.column(name).unwrap()).collect();
    let mut rows = vec![table.header().to_vec()];
    while let Some(row) = table.next_row().unwrap() {
        rows.push(columns.iter().map(|column| row.text(column).to_owned()).collect());
    }
    rows
}

#[track_caller]
fn refused(bytes: &[u8]) -> String {
    let mut table = match Table::open(bytes) {
        Ok(table) => table,
        Err(refused) => return refused.to_string(),
    };
    loop {
        match table.next_row() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the whole table was read"),
            Err(refused) => return refused.to_string(),
        }
    }
}

#[test]
fn comma_semicolon_and_tab_are_told_from_the_header() {
    for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\r\n1\t2\r\n", "\u{feff}a,b\n1,2", "\"a\",\"b\"\n\n1, 2 \n"]
    {
        assert_eq!(read(text.as_bytes()), [["a", "b"], ["1", "2"]], "{text:?}");
    }
}

/// Spreadsheets write such a line so that others part the columns as they do; it is no header, and still a line.
#[test]
fn a_first_line_that_says_the_delimiter_is_obeyed() {
    for text in ["sep=;\na;b,c\n1;2\n", "\u{feff}SEP=;\r\na;b,c\r\n1;2\r\n"] {
        assert_eq!(read(text.as_bytes()), [["a", "b,c"], ["1", "2"]], "{text:?}");
    }
    assert_eq!(read(b"sep=\t\na\tb\n1\t2\n"), [["a", "b"], ["1", "2"]]);
    assert_eq!(read(b"sep=|\na|b\n1|2\n"), [["a", "b"], ["1", "2"]]);
    assert_eq!(refused(b"sep=;\na;b\n1;2\n3\n"), refused(b"a;b\n\n1;2\n3\n"), "the same line");
    assert_eq!(refused(b"sep=;\r\na;b\r\n1;2\r\n3\r\n"), refused(b"a;b\r\n\r\n1;2\r\n3\r\n"));
    assert_eq!(refused(b"sep=;\na;b\n1;2\n\"3;4\n"), refused(b"a;b\n\n1;2\n\"3;4\n"));
    for header in ["sep=a,b\n1,2\n", "sep=\n1\n", "sep=;", "sep=\"\n1\n"] {
        let table = Table::open(header.as_bytes());
        assert!(table.is_err() || table.unwrap().header()[0].starts_with("sep="), "{header:?}");
    }
}

#[test]
fn delimiters_inside_quotes_do_not_count() {
    assert_eq!(read(b"\"a,b,c\";d\n\"x;y\";2\n"), [["a,b,c", "d"], ["x;y", "2"]]);
}

#[test]
fn a_row_after_a_quoted_line_break_still_knows_its_line() {
    let mut table = Table::open("a,b\n\"two\nlines\",1\nx,oops\n".as_bytes()).unwrap();
    let b = table.column("b").unwrap();
    table.next_row().unwrap();
    let row = table.next_row().unwrap().unwrap();
    let refused = row.number(&b, "give a number such as 3.2").unwrap_err();
    assert_eq!(refused.to_string(), "line 4, column `b`: `oops` cannot be read; give a number such as 3.2");
}

/// Files from Windows end their lines with two bytes.
#[test]
fn a_row_knows_its_line_however_lines_end() {
    for end in ["\n", "\r\n"] {
        let lines = ["a,\"b\nb\"", "1,2", "\"x\ny\",4", "", "", "5,many"].map(|line| format!("{line}{end}"));
        let text = lines.concat();
        let mut table = Table::open(text.as_bytes()).unwrap();
        let mut found = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            found.push(row.line);
        }
        assert_eq!(found, [3, 4, 8], "{end:?}");
        let short = format!("a,b{end}1,2{end}3{end}");
        assert!(
            refused(short.as_bytes()).starts_with("line 3 has 1 field"),
            "{end:?}: {}",
            refused(short.as_bytes())
        );
    }
}

#[test]
fn faults_name_the_line_and_what_would_be_right() {
    assert_eq!(refused(b""), "the table is empty; its first line should name the columns");
    assert_eq!(
        refused(b"a,b\n1,2\n3\n"),
        "line 3 has 1 field where the header has 2; check for a missing or unquoted delimiter, and whether the file was cut \
         off there"
    );
    assert_eq!(refused(b"a,b\n1,\xff\n"), "line 2 is not UTF-8 text; save the table as CSV in UTF-8");
    assert_eq!(refused(b"\xff\xfea\0"), "line 1 is not UTF-8 text; save the table as CSV in UTF-8");
}

#[test]
fn a_name_that_two_columns_bear_is_refused_when_it_is_asked_for() {
    let table = Table::open("a,b,a\n".as_bytes()).unwrap();
    assert_eq!(table.column("a").unwrap_err().to_string(), "two columns are named `a`; rename one of them");
    assert_eq!(table.column("b").unwrap().name, "b");
}

#[test]
fn an_absent_column_is_answered_with_those_that_are_there() {
    let table = Table::open("unit,year\n".as_bytes()).unwrap();
    let refused = table.column("period").unwrap_err();
    assert_eq!(refused.to_string(), "there is no column `period`; the columns are `unit`, `year`");
}

#[test]
fn numbers_are_finite_and_have_a_decimal_point() {
    let mut table = Table::open("a;b\nx;2,5\nx;inf\nx;\n".as_bytes()).unwrap();
    let b = table.column("b").unwrap();
    let mut said = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        said.push(row.number(&b, "give a number").unwrap_err().to_string());
    }
    assert_eq!(
        said,
        [
            "line 2, column `b`: `2,5` has a decimal comma; write 2.5; give a number",
            "line 3, column `b`: `inf` cannot be read; give a number",
            "line 4, column `b`: nothing is there; give a number",
        ]
    );
}

#[test]
fn a_wide_table_and_a_long_cell_are_refused_in_one_short_sentence() {
    let wide: String = (0..1_000_000).map(|column| format!("c{column},")).collect();
    let table = Table::open(wide.as_bytes()).unwrap();
    let said = table.column("unit").unwrap_err().to_string();
    assert!(said.len() < 500 && said.ends_with("`c29` and 999971 more"), "{said}");
    let long = format!("a,b\n1,\"{}\"", "word, ".repeat(100_000));
    let mut table = Table::open(long.as_bytes()).unwrap();
    let b = table.column("b").unwrap();
    let row = table.next_row().unwrap().unwrap();
    let said = row.number(&b, "give a number").unwrap_err().to_string();
    assert!(said.len() < 200 && said.starts_with("line 2, column `b`: `word, word, "), "{said}");
}

#[test]
fn letters_beyond_ascii_are_read_and_halves_of_them_refused() {
    assert_eq!(read("a,b\n Zürich ,ß\n".as_bytes()), [["a", "b"], ["Zürich", "ß"]]);
    // Two halves that a delimiter parts make no letter together.
    assert_eq!(refused(b"a,b\n\xc3,\xbc\n"), "line 2 is not UTF-8 text; save the table as CSV in UTF-8");
}

#[test]
fn a_table_that_ends_inside_quotes_is_refused_whatever_it_looks_like() {
    let long = format!("unit,name\n{}b,\"Zed{}", "a,A\n".repeat(30_000), ",x\n".repeat(30_000));
    for (text, line) in [
        ("unit,name\nz,\"Zed", 2),
        ("unit,name\na,A\n\"z,Zed\nb,B\n", 3),
        ("unit,name\na,\"two\nlines\"\nb,\"Zed \"\"the\"\"\n", 4),
        ("unit,\"name\na,A\n", 1),
        ("unit;name\na;\"Z", 2),
        (&long, 30_002),
    ] {
        let said = format!(
            "a quote opened on line {line} is not closed before the end; the file may be cut off: send all of it, or close the quote"
        );
        assert_eq!(refused(text.as_bytes()), said);
    }
}

#[test]
fn a_quote_inside_a_field_opens_nothing() {
    assert_eq!(
        read(b"unit,name\na,5\" pipe\nb,\"5\"\"\"\nc,\"\"\n"),
        [["unit", "name"], ["a", "5\" pipe"], ["b", "5\""], ["c", ""]]
    );
}

#[test]
fn what_is_no_table_of_text_or_is_parted_otherwise_is_told_so() {
    let refused = |bytes: &[u8]| Table::open(bytes).map(drop).unwrap_err().to_string();
    for packed in [&b"PK\x03\x04\x14\x00"[..], b"\xd0\xcf\x11\xe0\xa1", b"\x1f\x8b\x08"] {
        assert_eq!(
            refused(packed),
            "this is no text but a packed file, as spreadsheets are; save the table as CSV in UTF-8"
        );
    }
    let table = Table::open(&b"unit|when\na|1\n"[..]).unwrap();
    assert_eq!(
        table.column("unit").unwrap_err().to_string(),
        "there is no column `unit`; there is one column only, `unit|when`; columns are told by comma, semicolon or tab"
    );
}

/// A refusal names the line that an editor shows, whatever went before it and however the last line ends.
#[test]
fn the_last_row_after_blank_lines_is_named_by_its_own_line() {
    for (text, line) in [
        ("unit,n\na,1\nb,x", 3),
        ("unit,n\na,1\n\nb,x", 4),
        ("unit,n\na,1\n\n\nb,x\n", 5),
        ("unit,n\na,1\n\n\nb,x", 5),
        ("unit,n\n\n\n\"b\nc\",x", 4),
        ("unit,n\r\na,1\r\n\r\nb,x", 4),
    ] {
        let mut table = Table::open(text.as_bytes()).unwrap();
        let n = table.column("n").unwrap();
        let mut lines = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            if let Err(TableRefused::BadCell { at: Place::Line(line), .. }) = row.number(&n, "a number") {
                lines.push(line);
            }
        }
        assert_eq!(lines, [line], "{text:?}");
    }
}
