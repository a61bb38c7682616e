//! The tables that a query names, opened for the engine: files and their columns.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::catalog::TableProvider;
use datafusion::common::{DataFusionError, TableReference};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::csv::CsvFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement;
use jiff::tz::TimeZone;
use traction_domain::measure::source::answer::RunRefused;
use url::Url;

use crate::csv_columns::{self, LineBreaks, Values, Written};
use crate::folder::{Folder, Kind, Table};
use crate::{said, session};

/// Opens what a statement names.
pub async fn open(
    context: &SessionContext,
    folder: &Folder,
    statement: &Statement,
    zone: &TimeZone,
) -> Result<(), RunRefused> {
    let state = context.state();
    let named = state.resolve_table_references(statement).map_err(|error| said::planned(&error))?;
    for reference in named {
        // Of a name with dots before it there is nothing; the planner says so.
        let TableReference::Bare { table: name } = &reference else { continue };
        if state.table_functions().contains_key(name.as_ref()) {
            continue;
        }
        let refused = |why: String| RunRefused::Table { table: name.to_string(), why };
        let table = folder.table(name).map_err(refused)?;
        let opened = match table.kind {
            Kind::Csv => csv(table.clone()).await,
            Kind::Parquet => parquet(context, table, zone).await,
        };
        let opened = opened.map_err(refused)?;
        context.register_table(reference.clone(), opened).map_err(|error| said::planned(&error))?;
    }
    Ok(())
}

async fn csv(table: Table) -> Result<Arc<dyn TableProvider>, String> {
    let files = table.files.clone();
    // Every value is looked at, which takes as long as the disk does.
    let looked = tokio::task::spawn_blocking(move || all_written(&files)).await;
    let written = looked.map_err(|_| "it could not be read".to_owned())??;
    let format = CsvFormat::default()
        .with_has_header(true)
        .with_delimiter(written.delimiter)
        .with_newlines_in_values(written.breaks_lines == LineBreaks::InCells);
    let fields: Vec<Field> =
        written.columns.iter().map(|(name, values)| Field::new(name, of(*values), true)).collect();
    listed(&table, Arc::new(format), Schema::new(fields))
}

fn all_written(files: &[PathBuf]) -> Result<Written, String> {
    let mut of_all: Option<Written> = None;
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let written = csv_columns::written(file).map_err(|why| format!("{name}: {why}"))?;
        of_all = Some(match of_all {
            None => written,
            Some(before) => before.and(&written).map_err(|why| format!("{name}: {why}"))?,
        });
    }
    of_all.ok_or_else(|| "there is no file".to_owned())
}

fn of(values: Values) -> DataType {
    match values {
        Values::Whole => DataType::Int64,
        Values::Number => DataType::Float64,
        Values::Day => DataType::Date32,
        Values::Text => DataType::Utf8,
    }
}

async fn parquet(
    context: &SessionContext,
    table: &Table,
    zone: &TimeZone,
) -> Result<Arc<dyn TableProvider>, String> {
    let format: Arc<dyn FileFormat> = Arc::new(ParquetFormat::default());
    let options = ListingOptions::new(Arc::clone(&format)).with_file_extension("");
    let mut schemas = Vec::new();
    for file in &table.files {
        let schema = options.infer_schema(&context.state(), &address(file)?).await;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let schema = schema.map_err(|_| format!("{name}: it is no Parquet file that can be read"))?;
        schemas.push(Schema::clone(&schema));
    }
    let schema = Schema::try_merge(schemas)
        .map_err(|_| "its files have columns of one name and different kinds".to_owned())?;
    let fields: Vec<Field> = schema.fields().iter().map(|field| by_zone(field, zone)).collect();
    listed(table, format, Schema::new(fields))
}

/// A moment is read as one of the zone's, so that its day is the day that people had there.
fn by_zone(field: &Field, zone: &TimeZone) -> Field {
    match field.data_type() {
        DataType::Timestamp(unit, Some(_)) => {
            let zone = Some(session::zone_name(zone).into());
            let unit: TimeUnit = *unit;
            field.clone().with_data_type(DataType::Timestamp(unit, zone))
        }
        _ => field.clone(),
    }
}

fn listed(
    table: &Table,
    format: Arc<dyn FileFormat>,
    schema: Schema,
) -> Result<Arc<dyn TableProvider>, String> {
    let addresses = table.files.iter().map(address).collect::<Result<Vec<_>, _>>()?;
    let config = ListingTableConfig::new_with_multi_paths(addresses)
        .with_listing_options(ListingOptions::new(format).with_file_extension(""))
        .with_schema(Arc::new(schema));
    let listed = ListingTable::try_new(config);
    Ok(Arc::new(listed.map_err(|_| "it could not be opened".to_owned())?))
}

/// A path as the engine names it; as a URL, in which no sign stands for others.
fn address(file: &PathBuf) -> Result<ListingTableUrl, String> {
    let url = Url::from_file_path(file).map_err(|()| "its path has no address".to_owned())?;
    ListingTableUrl::try_new(url, None).map_err(|_: DataFusionError| "its path has no address".to_owned())
}
