//! JSON as some clients write it, made into JSON that can be held: Python's `NaN` and infinities, numbers that no double
//! holds, halves of a surrogate pair, which a text that was cut in the midst of an emoji holds in Python and Node, and what
//! is nested deeper than anything that an event says of use.
//!
//! Without it, one such value would cost the whole batch that it came in. It looks at nothing else: what is broken in
//! another way stays so.

/// Numbers that JSON does not have.
const NO_NUMBERS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];

/// So deep a value may lie; the parser refuses a body at 128.
const N_DEEP_MOST: usize = 100;

/// The text with `null` in place of numbers that JSON or a double does not have, and of values that lie too deep, and U+FFFD
/// in place of half a surrogate pair.
pub fn mended(json: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(json.len());
    let mut rest = json;
    let (mut is_text, mut n_deep) = (false, 0_usize);
    while let Some(&byte) = rest.first() {
        let (n_read, written): (usize, &[u8]) = match byte {
            b'\\' if is_text => escape(rest),
            b'N' | b'I' if !is_text => no_number(rest),
            b'-' | b'0'..=b'9' if !is_text => number(rest),
            _ => (1, &rest[..1]),
        };
        let (opens, closes) =
            (matches!(byte, b'{' | b'[') && !is_text, matches!(byte, b'}' | b']') && !is_text);
        n_deep += usize::from(opens);
        if opens && n_deep == N_DEEP_MOST + 1 {
            mended.extend_from_slice(b"null");
        }
        if n_deep <= N_DEEP_MOST {
            mended.extend_from_slice(written);
        }
        n_deep = n_deep.saturating_sub(usize::from(closes));
        is_text ^= byte == b'"';
        rest = &rest[n_read..];
    }
    mended
}

/// How long a number is, and what takes its place: itself, or `null` where no double holds it.
fn number(rest: &[u8]) -> (usize, &[u8]) {
    let is_of_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let n_read = rest.iter().take_while(is_of_number).count();
    let written = std::str::from_utf8(&rest[..n_read]).unwrap_or_default();
    match written.parse::<f64>() {
        Ok(number) if number.is_infinite() => (n_read, b"null"),
        Err(_) if written == "-" => no_number(rest),
        _ => (n_read, &rest[..n_read]),
    }
}

/// How much of the text an escape is, and what takes its place.
fn escape(rest: &[u8]) -> (usize, &[u8]) {
    let Some(first) = code_unit(rest) else {
        let n_read = rest.len().min(2);
        return (n_read, &rest[..n_read]);
    };
    let is_followed_by_low =
        || code_unit(&rest[6..]).is_some_and(|second| (0xDC00..=0xDFFF).contains(&second));
    match first {
        0xD800..=0xDBFF if is_followed_by_low() => (12, &rest[..12]),
        0xD800..=0xDFFF => (6, b"\\ufffd"),
        _ => (6, &rest[..6]),
    }
}

/// The code unit of an escape such as `\ud83d`.
fn code_unit(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn no_number(rest: &[u8]) -> (usize, &[u8]) {
    match NO_NUMBERS.iter().find(|written| rest.starts_with(written)) {
        Some(written) => (written.len(), b"null"),
        None => (1, &rest[..1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expect: &str) {
        assert_eq!(String::from_utf8_lossy(&mended(written.as_bytes())), expect);
    }

    #[test]
    fn numbers_that_json_does_not_have_are_null_but_not_in_a_text() {
        check(r#"{"a":NaN,"b":[-Infinity, Infinity,-1]}"#, r#"{"a":null,"b":[null, null,-1]}"#);
        check(r#"{"NaN":"say \"NaN\", -Infinity"}"#, r#"{"NaN":"say \"NaN\", -Infinity"}"#);
        check(r#"["\\",NaN]"#, r#"["\\",null]"#);
    }

    #[test]
    fn numbers_that_no_double_holds_are_null() {
        let long = "9".repeat(400);
        check(
            &format!(r#"[1e400,-1e400,{long},12,-0.5e-3,1e308,"1e400"]"#),
            r#"[null,null,null,12,-0.5e-3,1e308,"1e400"]"#,
        );
        check("[1-2,--,1e,-]", "[1-2,--,1e,-]");
    }

    #[test]
    fn what_lies_too_deep_is_null_and_what_is_beside_it_stays() {
        let deep = |n: usize, within: &str| format!("{}{within}{}", "[".repeat(n), "]".repeat(n));
        check(&deep(100, "7"), &deep(100, "7"));
        let expect = format!("{{\"a\":{},\"b\":[1,\"]\"]}}", deep(99, "null"));
        check(&format!("{{\"a\":{},\"b\":[1,\"]\"]}}", deep(4000, "\"[]\",7")), &expect);
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_a_whole_one_stays() {
        check(r#""\ud83d\ude00 \u00e9""#, r#""\ud83d\ude00 \u00e9""#);
        check(r#""\ud83d""#, r#""\ufffd""#);
        check(r#""\ude00\ud83dx\ud83d\ud83d\ude00""#, r#""\ufffd\ufffdx\ufffd\ud83d\ude00""#);
    }

    #[test]
    fn what_is_broken_otherwise_stays_as_it_is() {
        for broken in
            ["", "{\"a", "\"\\", "\"\\u", "\"\\uD8", "\"\\uD83D\\", "{a:Na}", "\"\\uzzzz\"", "\"é\\"]
        {
            let fixed = mended(broken.as_bytes());
            assert!(serde_json::from_slice::<serde_json::Value>(&fixed).is_err(), "{broken}");
        }
        check("\"\\ud83d\\", "\"\\ufffd\\");
    }
}
