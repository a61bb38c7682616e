//! JSON with an object a line (NDJSON), as the same rows that a table gives: the names of all objects are the columns.

use serde_json::{Map, Value};

use crate::measure::import::sheet::{File, Sheet, SheetRefused};

/// Whether the file is of this kind: by its name, or since it begins like an object.
pub fn is_one(file: &File) -> bool {
    let is_named = [".ndjson", ".jsonl"].iter().any(|ending| file.name.to_lowercase().ends_with(ending));
    is_named || file.bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads a file that must have these names somewhere.
pub fn read(file: &File, required: &[&str]) -> Result<Sheet, SheetRefused> {
    let text = std::str::from_utf8(&file.bytes).map_err(|error| {
        file.refused(format!("byte {} is not UTF-8; save the file as UTF-8", error.valid_up_to() + 1))
    })?;
    let mut header: Vec<String> = Vec::new();
    let mut objects: Vec<(u64, Map<String, Value>)> = Vec::new();
    for (line, number) in text.lines().zip(1_u64..) {
        if line.trim().is_empty() {
            continue;
        }
        let read = serde_json::from_str(line);
        let object: Map<String, Value> = read.map_err(|error| {
            file.refused(format!("line {number} is not a JSON object ({error}); write one object a line"))
        })?;
        for name in object.keys() {
            if !header.contains(name) {
                header.push(name.clone());
            }
        }
        objects.push((number, object));
    }
    if objects.is_empty() {
        return Err(SheetRefused::NoRows { file: file.name.clone() });
    }
    if let Some(missing) = required.iter().find(|name| !header.iter().any(|known| known == *name)) {
        return Err(file.refused(format!("no object has a `{missing}`; every line needs one")));
    }
    let cells = |number: u64, object: &Map<String, Value>| {
        header.iter().map(|name| cell(file, number, name, object.get(name))).collect::<Result<_, _>>()
    };
    let rows = objects
        .iter()
        .map(|(number, object)| Ok((*number, cells(*number, object)?)))
        .collect::<Result<Vec<_>, SheetRefused>>()?;
    Sheet::of_rows(&file.name, header, rows)
}

fn cell(file: &File, line: u64, column: &str, value: Option<&Value>) -> Result<String, SheetRefused> {
    Ok(match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(_) | Value::Object(_)) => {
            let why = "this is a list or an object; write a text or a number".to_owned();
            return Err(SheetRefused::Cell { file: file.name.clone(), line, column: column.to_owned(), why });
        }
    })
}
