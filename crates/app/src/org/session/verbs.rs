//! Signing in: by password, or by a link that an administrator (or the first start) made.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;
use traction_domain::fact::Fact;
use traction_domain::id::PersonId;
use traction_domain::org::person::{self, PersonRefused};
use traction_domain::org::role::Role;
use traction_domain::org::who::{Actor, Who};
use traction_domain::time::Moment;

use crate::org::person as people;
use crate::org::session::store::{self, Uses};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::web::session::hash;
use crate::world::World;

/// Hashing takes memory and a core by design: only so many at once.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Days a link to sign in works.
pub const N_DAYS_LINK: i64 = 7;

/// Hashes a password with Argon2id, off the threads that answer requests.
async fn hashed(world: &World, password: &str) -> Result<String, Broken> {
    let (password, salt) = (password.to_owned(), world.secret::<16>());
    on_hashing_thread(move || {
        let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hashed.map(|hash| hash.to_string()).map_err(|error| Broken::accident("hashing a password", error))
    })
    .await?
}

async fn matches(password: &str, hash: String) -> Result<bool, Broken> {
    let password = password.to_owned();
    on_hashing_thread(move || {
        let stored =
            PasswordHash::new(&hash).map_err(|error| Broken::accident("reading a password's hash", error))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
    })
    .await?
}

async fn on_hashing_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Broken> {
    let _place = HASHING.acquire().await.map_err(|error| Broken::accident("waiting to hash", error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Broken::accident("hashing", error))
}

/// Lets in the person of this address, if the password is his.
pub async fn sign_in(world: &World, email: &str, password: &str) -> Result<PersonId, Trouble> {
    let email = person::address(email)?;
    let found = store::password(world.store().read(), &email).await?;
    // An unknown address costs as much time as a wrong password, so that nobody can list who is here.
    let (known, stored) = match found {
        Some((person, stored)) => (Some(person), stored),
        None => (None, DUMMY.to_owned()),
    };
    let is_right = matches(password, stored).await?;
    let person = known.filter(|_| is_right).ok_or(PersonRefused::NotLetIn)?;
    record_sign_in(world, person).await?;
    Ok(person)
}

/// The hash of a password that nobody has.
const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm90aGluZ25vdGhpbmc$PZbQ3xtx7ZxCOX5ZtWxaRMJT5mZxTkS0MPFBB9nCgx0";

async fn record_sign_in(world: &World, person: PersonId) -> Result<(), Broken> {
    let who = Who { actor: Actor::Person(person), name: String::new(), roles: vec![] };
    let mut tx = world.store().begin().await?;
    tx.journal(world.now(), &who, Fact::SignedIn { person }).await?;
    world.commit(tx).await
}

/// Writes down that somebody signed out.
pub async fn sign_out(world: &World, who: &Who) -> Result<(), Trouble> {
    if let Some(person) = who.person() {
        let mut tx = world.store().begin().await?;
        tx.journal(world.now(), who, Fact::SignedOut { person }).await?;
        world.commit(tx).await?;
    }
    Ok(())
}

/// Makes a link that signs `person` in; its secret part.
pub async fn make_link(world: &World, who: &Who, person: PersonId, uses: Uses) -> Result<String, Trouble> {
    who.must_administer("make a link to sign in with")?;
    let secret = hex::encode(world.secret::<24>());
    let now = world.now();
    let n_days = if uses == Uses::Many { 3_650 } else { N_DAYS_LINK };
    let mut tx = world.store().begin().await?;
    store::add_link(&tx, &hash(&secret), Some(person), uses, now, now.after_days(n_days)).await?;
    tx.journal(now, who, Fact::SignInLinkMade { person }).await?;
    world.commit(tx).await?;
    Ok(secret)
}

/// Makes a one-time link of the first administrator; `None` when there is an administrator. Those of other servers and of
/// earlier starts work, too, until one of them is followed: nobody can tell which was printed last.
pub async fn make_first_link(world: &World) -> Result<Option<String>, Broken> {
    if people::store::has_administrator(world.store().read()).await? {
        return Ok(None);
    }
    let secret = hex::encode(world.secret::<24>());
    let now = world.now();
    let tx = world.store().begin().await?;
    store::drop_expired_first_links(&tx, now).await?;
    store::add_link(&tx, &hash(&secret), None, Uses::Once, now, now.after_days(N_DAYS_LINK)).await?;
    world.commit(tx).await?;
    Ok(Some(secret))
}

/// The person whom a link signs in, while it works.
pub async fn whose_link(sql: &Sql, secret: &str, now: Moment) -> Result<PersonId, Trouble> {
    let link = store::link(sql, &hash(secret), now).await?;
    Ok(link.and_then(|link| link.person).ok_or(PersonRefused::LinkSpent)?)
}

/// Refuses unless this is the first administrator's link, and works.
pub async fn must_be_first_link(sql: &Sql, secret: &str, now: Moment) -> Result<(), Trouble> {
    if people::store::has_administrator(sql).await? {
        return Err(PersonRefused::LinkSpent.into());
    }
    let link = store::link(sql, &hash(secret), now).await?;
    if link.is_none_or(|link| link.person.is_some()) {
        return Err(PersonRefused::FirstLinkSpent.into());
    }
    Ok(())
}

/// Lets in whoever follows a link made for a person.
pub async fn follow_link(world: &World, secret: &str) -> Result<PersonId, Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let person = whose_link(&tx, secret, now).await?;
    store::spend_link(&tx, &hash(secret), now).await?;
    let who = Who { actor: Actor::Person(person), name: String::new(), roles: vec![] };
    tx.journal(now, &who, Fact::SignedIn { person }).await?;
    world.commit(tx).await?;
    Ok(person)
}

/// Makes the first administrator from the one-time link; nobody else can follow it afterwards.
pub async fn begin_organisation(
    world: &World,
    secret: &str,
    name: &str,
    email: &str,
    password: &str,
) -> Result<PersonId, Trouble> {
    let proposed = person::propose(name, email, "")?;
    if proposed.email.is_none() {
        return Err(PersonRefused::NotAnAddress { email: email.to_owned() }.into());
    }
    person::password(password)?;
    let hashed = hashed(world, password).await?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    must_be_first_link(&tx, secret, now).await?;
    store::spend_link(&tx, &hash(secret), now).await?;
    store::drop_first_links(&tx).await?;
    let operator = Who::operator();
    let person = people::verbs::record(world, &mut tx, &operator, proposed, "{}").await?;
    for role in [Role::Administrator, Role::ChangeLead] {
        people::verbs::record_role(world, &mut tx, &operator, person, role).await?;
    }
    store::set_password(&tx, person, &hashed, now).await?;
    tx.journal(now, &operator, Fact::PasswordSet { person }).await?;
    world.commit(tx).await?;
    Ok(person)
}

/// Sets one's own password.
pub async fn set_password(world: &World, who: &Who, password: &str) -> Result<(), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    person::password(password)?;
    let hashed = hashed(world, password).await?;
    let mut tx = world.store().begin().await?;
    store::set_password(&tx, person, &hashed, world.now()).await?;
    tx.journal(world.now(), who, Fact::PasswordSet { person }).await?;
    world.commit(tx).await?;
    Ok(())
}
