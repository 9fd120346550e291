//! What the pages of a case show, put together from the room's reads: one file for what is read,
//! one for what is written, one for what is decided, one for the list.

mod case;
mod decide;
mod edit;
mod list;

use formats::label::Tlp;
use formats::rsit;
use store::Id;

pub use case::CasePage;
pub use decide::{ChangePage, ClosePage, ExtentPage, JoinPage, NotePage};
pub use edit::{EditPage, NewPage, as_facts};
pub use list::{BulkPage, ListPage};

use crate::App;

/// Value and words of one choice.
pub type Choice = (String, String);

/// What is wrong with a form: the field, and one plain line.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Id of the field.
    pub field: &'static str,
    /// The line; empty when all is well.
    pub text: String,
}

/// A group of RSIT types with the team's own below them.
#[derive(Clone, Debug)]
pub struct Class {
    /// Title of the class.
    pub title: &'static str,
    /// `class/type/subtype` and words.
    pub options: Vec<Choice>,
}

/// RSIT as one list, with the team's sub-types.
pub fn classes(app: &App) -> Vec<Class> {
    rsit::CLASSES
        .iter()
        .map(|(class, title)| {
            let mut options = vec![(format!("{class}//"), format!("{title}, type not known yet"))];
            for known in rsit::types_of(class) {
                options.push((format!("{class}/{}/", known.name), known.title.to_owned()));
                let own = app.profile.subtypes.iter().filter(|own| own.class == *class && own.rsit_type == known.name);
                options.extend(own.map(|own| (format!("{class}/{}/{}", known.name, own.id), format!("{} · {}", known.title, own.title.text("en")))));
            }
            Class { title, options }
        })
        .collect()
}

/// The same list as it is chosen: class, type, sub-type.
pub fn class_of(value: &str) -> [String; 3] {
    let mut parts = value.splitn(3, '/').map(str::to_owned);
    [parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default()]
}

/// Words of a fixed list as choices.
pub fn choices(list: &[(&str, &str)]) -> Vec<Choice> {
    list.iter().map(|(value, title)| ((*value).to_owned(), (*title).to_owned())).collect()
}

/// Labels as choices.
pub fn labels() -> Vec<Choice> {
    Tlp::ALL.into_iter().map(|label| (label.as_str().to_owned(), label.marking().to_owned())).collect()
}

fn people_of(list: Vec<(Id, String)>) -> Vec<Choice> {
    list.into_iter().map(|(id, name)| (id.to_string(), name)).collect()
}
