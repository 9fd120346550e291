//! The words of a publication in one language.

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use press::{State, Words};

use super::{read, refused};
use crate::publications::item::{self, Publication};
use crate::publications::write::Part;
use crate::publications::{self, forms};
use crate::text::own_name;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "publications/pages/words.html")]
struct WordsPage {
    shell: Shell,
    one: Publication,
    tag: String,
    name: String,
    words: Words,
    /// The original beside a translation.
    original: Option<(String, Words)>,
    state: State,
    seen: String,
    refused: String,
    /// What was saved meanwhile, beside what is typed.
    theirs: Option<Words>,
    /// What of the text will not be shown as it stands.
    problems: Vec<String>,
}

impl WordsPage {
    async fn of(ctx: &Ctx, id: Id, tag: &str, typed: Option<(Words, String, String)>) -> Result<Self> {
        let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
        if !ctx.app.languages.offered().iter().any(|offered| offered == tag) && !one.content.words.contains_key(tag) {
            return Err(Error::NotFound);
        }
        let saved = one.content.words.get(tag).cloned().unwrap_or_default();
        let now = forms::seen(&one, tag)?;
        let (words, refused, stale) = match typed {
            Some((words, refused, seen)) => (words, refused, seen != now),
            None => (saved.clone(), String::new(), false),
        };
        let original = (tag != one.content.original).then(|| (own_name(&one.content.original).to_owned(), one.content.own()));
        let problems = formats::markdown::problems(&words.body).into_iter().map(|problem| format!("Line {}: {}", problem.line, problem.text)).collect();
        Ok(Self {
            shell: Shell::new(ctx, &format!("{}: {}", one.called(), own_name(tag)), Room::Publishing).await?,
            tag: tag.to_owned(),
            name: own_name(tag).to_owned(),
            state: one.content.state(tag),
            seen: now,
            theirs: stale.then_some(saved),
            original,
            words,
            refused,
            problems,
            one,
        })
    }
}

impl WordsPage {
    /// The texts of a language besides its title.
    fn parts(&self, words: &Words) -> Vec<String> {
        [&words.summary, &words.affected, &words.act, &words.place, &words.body].into_iter().filter(|text| !text.is_empty()).cloned().collect()
    }
}

/// `GET /publishing/{id}/words/{tag}`
pub async fn words(ctx: Ctx, Path((id, tag)): Path<(String, String)>) -> Result<Response> {
    page(&WordsPage::of(&ctx, read(&id)?, &tag, None).await?)
}

/// `POST /publishing/{id}/words/{tag}`
pub async fn save_words(ctx: Ctx, Path((id, tag)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (id, words, seen) = (read(&id)?, forms::words(&fields), fields.get("seen").to_owned());
    let part = Part::Words { language: tag.clone(), words: words.clone(), translated: fields.has("translated") };
    let Some((status, text)) = refused(publications::save(&ctx.app, &ctx.who, id, &seen, part).await)? else {
        return Ok(go(&format!("/publishing/{id}"), Some("Saved.")));
    };
    page_as(status, &WordsPage::of(&ctx, id, &tag, Some((words, text, seen))).await?)
}
