//! Form fields: label above, help below, the error in words beside the field, nothing lost.

use maud::{Markup, html};
use traction_domain::refusal::Refusal;

use crate::web::Filled;

/// A form as it is shown: what was filled in, and what was refused.
pub struct Form<'a> {
    filled: &'a Filled,
    refused: Option<&'a dyn Refusal>,
}

impl<'a> Form<'a> {
    /// A form with what was filled in, and the refusal it met.
    pub fn new(filled: &'a Filled, refused: Option<&'a dyn Refusal>) -> Form<'a> {
        Form { filled, refused }
    }

    /// The refusal that belongs to no field; stands above the form.
    pub fn notice(&self) -> Markup {
        html! {
            @if let Some(refused) = self.refused {
                @if refused.field().is_none() { p.notice.refused role="alert" { (self.filled.sentence(refused)) } }
            }
        }
    }

    /// The refusal, whichever field it belongs to: above several small forms, of which none says it itself.
    pub fn notice_of_any(&self) -> Markup {
        html! {
            @if let Some(refused) = self.refused { p.notice.refused role="alert" { (self.filled.sentence(refused)) } }
        }
    }

    /// A line of text.
    pub fn line(&self, name: &str, label: &str, help: &str) -> Markup {
        self.input("text", name, label, help, None)
    }

    /// An input of any type; `list` names a `<datalist>`.
    pub fn input(&self, kind: &str, name: &str, label: &str, help: &str, list: Option<&str>) -> Markup {
        let step = (kind == "number").then_some("any");
        self.field(
            name,
            label,
            help,
            html! {
                input id=(name) name=(name) type=(kind) value=(self.filled.text(name)) list=[list] step=[step]
                    aria-describedby=(about(name)) aria-invalid=[self.error(name).map(|_| "true")];
            },
        )
    }

    /// A number.
    pub fn number(&self, name: &str, label: &str, help: &str) -> Markup {
        self.field(
            name,
            label,
            help,
            html! {
                input id=(name) name=(name) type="text" inputmode="decimal" value=(self.filled.text(name))
                    aria-describedby=(about(name)) aria-invalid=[self.error(name).map(|_| "true")];
            },
        )
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: &str, help: &str) -> Markup {
        self.field(
            name,
            label,
            help,
            html! {
                textarea id=(name) name=(name) rows="3"
                    aria-describedby=(about(name)) aria-invalid=[self.error(name).map(|_| "true")] {
                    (self.filled.text(name))
                }
            },
        )
    }

    /// A choice of one: values and their words.
    pub fn choice(&self, name: &str, label: &str, help: &str, options: &[(String, String)]) -> Markup {
        let chosen = self.filled.text(name);
        self.field(
            name,
            label,
            help,
            html! {
                select id=(name) name=(name) aria-describedby=(about(name)) {
                    @for (value, words) in options {
                        option value=(value) selected[value == chosen] { (words) }
                    }
                }
            },
        )
    }

    /// A field around any control, with its label, help and error.
    pub fn field(&self, name: &str, label: &str, help: &str, control: Markup) -> Markup {
        html! {
            div.field {
                label for=(name) { (label) }
                (control)
                div #(about(name)) {
                    @if let Some(error) = self.error(name) { p.error role="alert" { (error) } }
                    @if !help.is_empty() { p.help { (help) } }
                }
            }
        }
    }

    fn error(&self, name: &str) -> Option<String> {
        self.refused
            .filter(|refused| refused.field() == Some(name))
            .map(|refused| self.filled.sentence(refused))
    }
}

fn about(name: &str) -> String {
    format!("{name}-about")
}
