//! Who looks at a page, when, and from where: what every door for people begins with.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use jiff::tz::TimeZone;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::overview::figures::{self, Figures};
use crate::trouble::Trouble;
use crate::web::{Failure, session};
use crate::world::World;

/// A look at a page.
pub struct View {
    /// The world it is a look at.
    pub world: World,
    /// Who looks; `None` for a visitor.
    pub who: Option<Who>,
    /// When.
    pub now: Moment,
    /// The address's path.
    pub path: String,
    /// The live figure of each stage, for the navigation.
    pub figures: Figures,
    /// The request's headers.
    pub headers: HeaderMap,
}

impl View {
    /// The one who signed in; visitors are asked to.
    pub fn signed_in(&self) -> Result<&Who, Trouble> {
        self.who.as_ref().ok_or(Trouble::NotSignedIn)
    }

    /// The zone in which dates are shown and typed.
    pub fn zone(&self) -> &TimeZone {
        &self.world.settings().zone
    }
}

impl FromRequestParts<World> for View {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<View, Failure> {
        let person = session::person(world, &parts.headers).await?;
        let who = match person {
            Some(person) => crate::org::person::verbs::who(world, person).await?,
            None => None,
        };
        Ok(View {
            world: world.clone(),
            who,
            now: world.now(),
            path: parts.uri.path().to_owned(),
            figures: figures::of(world).await?,
            headers: parts.headers.clone(),
        })
    }
}
