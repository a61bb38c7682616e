//! How results are printed: as a table for people, or as JSON for machines.

use std::io::Write;

use comfy_table::Table;

use crate::commands::Output;

/// Prints a result. A reader who has seen enough and closed the pipe (`| head`) is no accident.
pub fn print_text(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints rows as a table, or as a JSON list of objects.
pub fn print_table(output: Output, columns: &[&str], rows: Vec<Vec<String>>) {
    match output {
        Output::Json => {
            let objects: Vec<serde_json::Map<String, serde_json::Value>> = rows
                .into_iter()
                .map(|row| {
                    columns
                        .iter()
                        .zip(row)
                        .map(|(column, cell)| ((*column).to_owned(), serde_json::Value::from(cell)))
                        .collect()
                })
                .collect();
            print_text(&serde_json::Value::from(objects).to_string());
        }
        Output::Table => {
            let mut table = Table::new();
            table.load_style(comfy_table::presets::NOTHING).set_header(columns.to_vec());
            for row in rows {
                table.add_row(row);
            }
            print_text(&table.to_string());
        }
    }
}
