//! Which engine reads a connection: by its address, a database of the PostgreSQL protocol, one behind an ADBC driver, or
//! a folder of files.

use jiff::tz::TimeZone;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::{Limits, RunRefused};
use traction_warehouse::{Asked, Driver, Place, Read};

use crate::measure::source::connections::Connections;
use crate::measure::source::store::reader;

/// Asks a connection within limits.
pub async fn ask(
    connections: &Connections,
    name: &ConnectionName,
    query: &str,
    zone: &TimeZone,
    limits: Limits,
) -> Result<Read, RunRefused> {
    let address = connections.address(name).ok_or_else(|| RunRefused::NoConnection(name.clone()))?;
    if address.starts_with(Driver::SCHEME) {
        let driver = address.parse::<Driver>().map_err(|_| RunRefused::OtherKind(name.clone()))?;
        let asked = Asked { connection: name, place: &driver, query, zone, limits };
        return traction_warehouse::read_by_driver(asked).await;
    }
    if !address.starts_with(Place::SCHEME) {
        let answer = reader::read(name, address, query, zone, limits).await?;
        return Ok(Read { answer, remark: None });
    }
    let place = address.parse::<Place>().map_err(|_| RunRefused::OtherKind(name.clone()))?;
    let engine = connections.engine().map_err(|error| RunRefused::Engine { why: error.to_string() })?;
    let asked = Asked { connection: name, place: &place, query, zone, limits };
    traction_warehouse::read(&engine, asked).await
}
