//! Mail as it leaves: by a server that the environment names, or not at all. A test keeps what would have left.
//!
//! It queues nothing and tries nothing again: `sense/outbox` does.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// The variable that names the server, with its user and password.
const SERVER: &str = "TRACTION_MAIL";

/// The variable that names who sends.
const FROM: &str = "TRACTION_MAIL_FROM";

/// How long a server may take for one letter, from the first word to the last.
const PATIENCE: Duration = Duration::from_secs(10);

/// A letter to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The address it goes to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
}

/// Where letters leave. It never shows the server's address, which may hold a password.
#[derive(Clone, Default)]
pub struct Mail(Way);

#[derive(Clone, Default)]
enum Way {
    #[default]
    None,
    Server {
        from: Box<Mailbox>,
        server: AsyncSmtpTransport<Tokio1Executor>,
        patience: Duration,
    },
    Kept(Arc<Mutex<Kept>>),
}

/// What a story keeps.
#[derive(Default)]
struct Kept {
    letters: Vec<Letter>,
    is_silent: bool,
}

/// Why no mail can leave as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailRefused {
    /// The server's address is none.
    #[error(
        "{SERVER} is no mail server's address; write it like smtps://user:password@mail.example.org, or smtp://mail.example.org:587?tls=required"
    )]
    Server,
    /// Who sends is missing, or no address.
    #[error("{FROM} is no address to send from; write it like Traction <traction@example.org>")]
    From,
}

/// Why one letter did not leave.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// None is set.
    #[error("this server sends no mail")]
    NoServer,
    /// It goes to no address.
    #[error("`{to}` is no address")]
    NoAddress {
        /// What was given.
        to: String,
    },
    /// The server does not answer.
    #[error("the mail server does not answer")]
    NoAnswer,
    /// The server did not take it.
    #[error("the mail server did not take it ({0})")]
    NotTaken(#[from] lettre::transport::smtp::Error),
    /// It cannot be written as a mail.
    #[error("it cannot be written as a mail ({0})")]
    NotWritten(#[from] lettre::error::Error),
}

impl NotSent {
    /// Whether the same letter would fail again at another time.
    pub fn is_final(&self) -> bool {
        match self {
            NotSent::NoServer | NotSent::NoAnswer => false,
            NotSent::NoAddress { .. } | NotSent::NotWritten(_) => true,
            NotSent::NotTaken(error) => error.is_permanent(),
        }
    }
}

impl Mail {
    /// What the environment says.
    pub fn of_environment() -> Result<Mail, MailRefused> {
        let said = |name| std::env::var(name).ok().filter(|text| !text.trim().is_empty());
        Mail::of(said(SERVER).as_deref(), said(FROM).as_deref())
    }

    /// By a server at this address, from this one; without a server, not at all.
    pub fn of(server: Option<&str>, from: Option<&str>) -> Result<Mail, MailRefused> {
        Mail::with(server, from, PATIENCE)
    }

    fn with(server: Option<&str>, from: Option<&str>, patience: Duration) -> Result<Mail, MailRefused> {
        let Some(server) = server else { return Ok(Mail::default()) };
        let from = from.and_then(|from| from.trim().parse().ok()).ok_or(MailRefused::From)?;
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.trim());
        let server = server.map_err(|_| MailRefused::Server)?.timeout(Some(patience)).build();
        Ok(Mail(Way::Server { from: Box::new(from), server, patience }))
    }

    /// One that keeps its letters, for stories.
    pub fn kept() -> Mail {
        Mail(Way::Kept(Arc::default()))
    }

    /// The letters that were kept so far, which are given away.
    pub fn letters(&self) -> Vec<Letter> {
        match &self.0 {
            Way::Kept(letters) => {
                std::mem::take(&mut letters.lock().unwrap_or_else(PoisonError::into_inner).letters)
            }
            Way::None | Way::Server { .. } => vec![],
        }
    }

    /// Takes no letter from now on, for stories.
    pub fn falls_silent(&self) {
        self.answers(|kept| kept.is_silent = true);
    }

    /// Takes letters again, for stories.
    pub fn is_back(&self) {
        self.answers(|kept| kept.is_silent = false);
    }

    fn answers(&self, how: impl FnOnce(&mut Kept)) {
        if let Way::Kept(kept) = &self.0 {
            how(&mut kept.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Whether letters leave at all.
    pub fn leaves(&self) -> bool {
        !matches!(self.0, Way::None)
    }

    /// Sends a letter; once it returns, the server has it.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        let to: Mailbox =
            letter.to.trim().parse().map_err(|_| NotSent::NoAddress { to: letter.to.clone() })?;
        match &self.0 {
            Way::None => Err(NotSent::NoServer),
            Way::Kept(letters) => {
                let mut kept = letters.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.is_silent {
                    return Err(NotSent::NoAnswer);
                }
                kept.letters.push(letter.clone());
                Ok(())
            }
            Way::Server { from, server, patience } => {
                let message = Message::builder()
                    .from((**from).clone())
                    .to(to)
                    .subject(&letter.subject)
                    .header(ContentType::TEXT_PLAIN)
                    .body(letter.text.clone())?;
                // The server's own limit is one for each connection; a server that goes silent later has to be left, too.
                let sent = tokio::time::timeout(*patience, server.send(message)).await;
                sent.map_err(|_| NotSent::NoAnswer)??;
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Way::None => "Mail(none)",
            Way::Server { .. } => "Mail(by a server)",
            Way::Kept(_) => "Mail(kept)",
        })
    }
}

#[cfg(test)]
mod tests;
