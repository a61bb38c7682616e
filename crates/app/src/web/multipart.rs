//! Forms that carry files: reads `multipart/form-data` (RFC 7578) from a body that is in memory.
//!
//! It streams nothing, and knows no encodings of names but UTF-8.

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The entry's name.
    pub name: String,
    /// What the file is called at the sender's, where it is one.
    pub file_name: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A form's parts, in their order; `None` where the content type names no boundary.
pub fn read(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = after(body, delimiter.as_bytes())?;
    while let Some(inside) = rest.strip_prefix(b"\r\n") {
        let end = find(inside, format!("\r\n{delimiter}").as_bytes())?;
        let (head, content) = inside[..end].split_at(find(&inside[..end], b"\r\n\r\n")?);
        let head = String::from_utf8_lossy(head);
        let disposition =
            head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"));
        if let Some(name) = disposition.and_then(|line| parameter(line, "name")) {
            let file_name = disposition.and_then(|line| parameter(line, "filename"));
            parts.push(Part { name, file_name, bytes: content[4..].to_vec() });
        }
        rest = &inside[end + 2 + delimiter.len()..];
    }
    Some(parts)
}

/// The value of `name=value` or `name="value"` after a semicolon.
fn parameter(text: &str, name: &str) -> Option<String> {
    text.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn after<'a>(bytes: &'a [u8], what: &[u8]) -> Option<&'a [u8]> {
    find(bytes, what).map(|place| &bytes[place + what.len()..])
}

#[cfg(test)]
mod tests {
    use super::{Part, read};

    #[test]
    fn parts_come_with_their_names_and_files_as_they_are() {
        let body = "preamble\r\n--x1\r\nContent-Disposition: form-data; name=\"step\"\r\n\r\npreview\r\n--x1\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
            unit,period\r\na,2026\r\n\r\n--x1--\r\n";
        let parts = read("multipart/form-data; boundary=\"x1\"", body.as_bytes()).unwrap();
        assert_eq!(
            parts,
            [
                Part { name: "step".into(), file_name: None, bytes: b"preview".to_vec() },
                Part {
                    name: "file".into(),
                    file_name: Some("a.csv".into()),
                    bytes: b"unit,period\r\na,2026\r\n".to_vec()
                }
            ]
        );
    }

    #[test]
    fn what_is_no_such_form_is_not_read() {
        assert_eq!(read("application/x-www-form-urlencoded", b"a=b"), None);
        assert_eq!(read("multipart/form-data", b"--x"), None);
        assert_eq!(read("multipart/form-data; boundary=x", b"--x\r\nhalf"), None);
        assert_eq!(read("multipart/form-data; boundary=x", b"--x--"), Some(vec![]));
    }
}
