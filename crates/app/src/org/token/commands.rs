//! `traction token …`

use clap::Subcommand;
use traction_domain::id::TokenId;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::org::token::store::{self, Listed, Scope};
use crate::org::token::verbs;

/// API tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// List live tokens, and when each was last used, to within a minute.
    #[command(after_help = "Example: traction token list")]
    List,
    /// Make a token; its secret is shown this once.
    #[command(after_help = "Example: traction token add \"ward computers\" --scope access --scope usage")]
    Add {
        /// What it is for, in your words.
        name: String,
        /// access, usage, read or write (all that an administrator may); may be repeated.
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
    },
    /// Revoke a token.
    #[command(after_help = "Example: traction token revoke 0198c0de-0000-7000-8000-000000000000")]
    Revoke {
        /// Its id, as `traction token list` prints it.
        id: TokenId,
    },
}

/// Runs it.
pub async fn run(command: TokenCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    match command {
        TokenCommand::List => {
            let tokens = store::listed(world.store().read()).await?;
            let rows = tokens.iter().map(|Listed { token, used_at }| {
                let scopes: Vec<String> = token.scopes.iter().map(Scope::to_string).collect();
                let used_at = used_at.map_or_else(|| "never".into(), |at| at.to_string());
                vec![token.id.to_string(), token.name.clone(), scopes.join(" "), used_at]
            });
            print_table(operator.output, &["token", "name", "scopes", "last_used"], rows.collect());
        }
        TokenCommand::Add { name, scopes } => {
            let secret = verbs::add(world, &Who::operator(), &name, scopes).await?;
            print_table(operator.output, &["secret"], vec![vec![secret]]);
        }
        TokenCommand::Revoke { id } => {
            verbs::revoke(world, &Who::operator(), id).await?;
            print_table(operator.output, &["revoked"], vec![vec![id.to_string()]]);
        }
    }
    Ok(Done)
}
