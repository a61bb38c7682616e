use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

fn letter(to: &str) -> Letter {
    Letter { to: to.into(), subject: "Wie bereit ist Süd?".into(), text: "Guten Tag,\n.\nein Link".into() }
}

/// A mail server that takes one letter, or refuses whom it goes to; all that it was told.
async fn served(takes: bool) -> (Mail, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    let told = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reads, mut writes) = stream.into_split();
        let mut lines = BufReader::new(reads).lines();
        let mut told = String::new();
        writes.write_all(b"220 here\r\n").await.unwrap();
        let mut is_text = false;
        while let Ok(Some(line)) = lines.next_line().await {
            told.push_str(&line);
            told.push('\n');
            let says: &[u8] = match line.as_str() {
                "." if is_text => {
                    is_text = false;
                    b"250 taken\r\n"
                }
                _ if is_text => continue,
                "DATA" => {
                    is_text = true;
                    b"354 go on\r\n"
                }
                line if line.starts_with("RCPT") && !takes => b"550 nobody here\r\n",
                line if line.starts_with("QUIT") => b"221 bye\r\n",
                _ => b"250 well\r\n",
            };
            writes.write_all(says).await.unwrap();
            if line.starts_with("QUIT") {
                break;
            }
        }
        told
    });
    (Mail::of(Some(&address), Some("Traction <traction@example.org>")).unwrap(), told)
}

#[tokio::test]
async fn a_letter_reaches_a_server_as_it_was_written() {
    let (mail, told) = served(true).await;
    mail.send(&letter("jo@example.org")).await.unwrap();
    drop(mail);
    let told = told.await.unwrap();
    assert!(
        told.contains("MAIL FROM:<traction@example.org>") && told.contains("RCPT TO:<jo@example.org>"),
        "{told}"
    );
    assert!(told.contains("From: Traction <traction@example.org>"), "{told}");
    // Letters of other languages, and a line with a lone full stop, arrive whole.
    assert!(told.contains("Subject: Wie bereit ist =?utf-8?") && told.contains("\n..\nein Link"), "{told}");
}

#[tokio::test]
async fn what_a_server_does_not_take_is_said() {
    let (mail, told) = served(false).await;
    let refused = mail.send(&letter("jo@example.org")).await.unwrap_err();
    assert!(refused.is_final(), "a server that knows nobody of that name will not know him tomorrow");
    let refused = refused.to_string();
    assert!(refused.contains("did not take it") && refused.contains("550"), "{refused}");
    told.abort();
    let refused = mail.send(&letter("jo")).await.unwrap_err();
    assert!(refused.is_final());
    assert_eq!(refused.to_string(), "`jo` is no address");
    let refused = Mail::default().send(&letter("jo@example.org")).await.unwrap_err().to_string();
    assert_eq!(refused, "this server sends no mail");
}

/// It greets, and says nothing more: neither a refusal nor a lost connection ends that.
#[tokio::test]
async fn a_server_that_goes_silent_is_left_after_a_while() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    let silent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 here\r\n").await.unwrap();
        std::future::pending::<()>().await;
    });
    let from = Some("Traction <traction@example.org>");
    let mail = Mail::with(Some(&address), from, Duration::from_millis(200)).unwrap();
    let not_sent = mail.send(&letter("jo@example.org")).await.unwrap_err();
    assert_eq!(not_sent.to_string(), "the mail server does not answer");
    assert!(!not_sent.is_final(), "another time it may");
    silent.abort();
}

#[test]
fn what_is_set_wrongly_is_said_and_no_password_is_shown() {
    assert!(!Mail::of(None, None).unwrap().leaves());
    assert_eq!(Mail::of(Some("mail.example.org"), Some("a@b.org")).unwrap_err(), MailRefused::Server);
    assert_eq!(Mail::of(Some("smtps://mail.example.org"), None).unwrap_err(), MailRefused::From);
    assert_eq!(Mail::of(Some("smtps://mail.example.org"), Some("nobody")).unwrap_err(), MailRefused::From);
    let set = Mail::of(Some("smtps://u:secret@mail.example.org"), Some("a@b.org")).unwrap();
    assert!(set.leaves() && !format!("{set:?}").contains("secret"));
}
