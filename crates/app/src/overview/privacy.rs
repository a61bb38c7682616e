//! What is kept about a person, in plain words.

use maud::html;

use crate::web::{Answer, Page, View};

/// `GET /privacy`
pub async fn show(view: View) -> Answer {
    Ok(Page::new(None, "What is kept about you", html! {
        "Your name, how you sign in, your roles, and what you wrote yourself; how you use a solution only under a number that one link ties to you."
    })
    .body(html! {
        ul {
            li { "Name, e-mail address and the name the real system knows you by: seen by administrators." }
            li { "A password, if you set one, as an Argon2 hash; sessions and sign-in links as hashes." }
            li { "Your roles in units, with the days they were given and ended." }
            li { "Ideas and answers you wrote, and what you said remedies did, with your name." }
            li { "Frictions you reported and those you have too, with your hours: your name is shown to nobody; others see sums, and counts of five or more. Of what you report by a link on a wall nothing is kept that leads to you: no name, no address of your device." }
            li { "A remedy that you try on a case, and when you are asked what became of it: seen by you, and by sellers where a customer is concerned; what became of it counts without your name." }
            li { "That you answered a pulse, not what or when: each answer only adds one to a count; means are shown of five or more who agree." }
            li { "Cases you opened, with your name: seen by you alone. What you answered on one by a link, without name, time and link; told with four others' or more, or as it is if you said so." }
            li { "What you set yourself, with its check-ins: seen by you alone; your unit's by its people." }
            li { "What you used of a solution and when, and when it was switched on for you, under a number made by chance, also summed up by day: shown in counts of five or more. One link ties the number to you, found by a keyed hash of your name in the real system; " a href="/me/usage" { "see all of it, take it with you, or destroy the link" } "." }
            li { "Of which waves you asked to be reminded: seen by you alone." }
            li { "Consents you gave for your unit, and showcases you published, with your name." }
            li { "What was handed over to you or by you, and whom you engaged or helped as an expert, with your name." }
            li { "That you reviewed an expert, not what you said: reviews are kept without name and time, and shown in fives." }
            li { "Every act that changes something, in the journal: who and when." }
        }
    })
    .show(&view))
}
