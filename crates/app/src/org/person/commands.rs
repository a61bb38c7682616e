//! `traction user …`

use clap::Subcommand;
use traction_domain::org::person as rules;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::org::person::{store, verbs};
use crate::org::session::store::Uses;
use crate::org::{session, unit};

/// People and their ways in.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List people.
    #[command(after_help = "Example: traction user list --json")]
    List,
    /// Add a person.
    #[command(
        after_help = "Example: traction user add \"Jo Baker\" --email jo@example.org --role lead --unit ward-7"
    )]
    Add {
        /// The name others see.
        name: String,
        /// To sign in with.
        #[arg(long, default_value = "")]
        email: String,
        /// The name the real system knows the person by.
        #[arg(long, default_value = "")]
        external_id: String,
        /// member, lead, coach, seller, change-lead or administrator.
        #[arg(long)]
        role: Option<RoleWord>,
        /// The unit, for member and lead.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Make a link that signs a person in once.
    #[command(after_help = "Example: traction user link jo@example.org")]
    Link {
        /// The person's address.
        email: String,
    },
}

/// Runs it.
pub async fn run(command: UserCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    let sql = world.store().read();
    match command {
        UserCommand::List => {
            let people = store::all(sql).await?;
            let rows = people.iter().map(|person| {
                vec![
                    person.name.clone(),
                    person.email.clone().unwrap_or_default(),
                    person.external_id.clone().unwrap_or_default(),
                ]
            });
            print_table(operator.output, &["name", "email", "external_id"], rows.collect());
        }
        UserCommand::Add { name, email, external_id, role, unit: slug } => {
            let proposed = rules::propose(&name, &email, &external_id)?;
            let role = match role {
                Some(word) => {
                    let unit = match &slug {
                        Some(slug) => Some(unit::verbs::find(sql, slug).await?.id),
                        None => None,
                    };
                    let missing = || {
                        Stop::Input(format!(
                            "the role {word} and --unit do not fit; member and lead need one, the others have none"
                        ))
                    };
                    Some(word.role(unit).ok_or_else(missing)?)
                }
                None => None,
            };
            let person = verbs::add(world, &Who::operator(), proposed).await?;
            if let Some(role) = role {
                verbs::give_role(world, &Who::operator(), person, role).await?;
            }
            print_table(operator.output, &["person"], vec![vec![person.to_string()]]);
        }
        UserCommand::Link { email } => {
            let found = store::by_email(sql, &rules::address(&email)?).await?;
            let person = found.ok_or_else(|| {
                Stop::Input(format!("nobody has the address {email}; see `traction user list`"))
            })?;
            let secret = session::verbs::make_link(world, &Who::operator(), person.id, Uses::Once).await?;
            let link = format!("{}/enter/{secret}", world.settings().public_url);
            print_table(operator.output, &["link"], vec![vec![link]]);
        }
    }
    Ok(Done)
}
