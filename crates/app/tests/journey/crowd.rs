//! Everybody looks around once the story is told.

use traction_domain::id::PersonId;
use traction_domain::org::role::RoleWord;

use super::hospital::Hospital;
use crate::crawl::follow_every_link;

impl Hospital<'_> {
    /// One of each role: a nurse, a ward's lead, a coach, the change lead and an administrator.
    pub async fn crowd(&self) -> [(&'static str, PersonId); 5] {
        let ward = &self.wards[0];
        let coach = self.world.person("cora", RoleWord::Coach, None).await;
        let administrator = self.world.person("ada", RoleWord::Administrator, None).await;
        [
            ("the change lead", self.cleo),
            ("a ward's lead", ward.lead),
            ("a nurse", ward.nurses[0]),
            ("a coach", coach),
            ("an administrator", administrator),
        ]
    }
}

/// A visitor and one of each role follow every link.
pub async fn everybody_follows_every_link(hospital: &Hospital<'_>) {
    let n_public = follow_every_link("a visitor", &hospital.world.visitor()).await.len();
    assert!(n_public > 15, "a visitor finds {n_public} pages");
    for (who, person) in hospital.crowd().await {
        let n_pages = follow_every_link(who, &hospital.at(person).await).await.len();
        assert!(n_pages >= n_public, "{who} finds {n_pages} pages, a visitor {n_public}");
    }
}
