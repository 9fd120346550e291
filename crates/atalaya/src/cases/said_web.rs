//! What is written down of a party from its page: calls, answers that somebody made sure of, recommendations.

use axum::extract::Path;
use axum::response::Response;

use super::compose_web::tail;
use super::messages::{self, Call, Recorded};
use super::party_web::{Back, back, id_of, party_page};
use super::{drafts, recommendations, see};
use crate::release::Excuse;
use crate::web::{Ctx, Fields, go};
use crate::{Error, Result};

/// `POST /cases/{number}/parties/{party}/calls`
pub async fn call(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let said = call_of(&ctx, &fields)?;
    let again = match messages::record_call(&ctx.app, &ctx.sends(&fields), id_of(&id)?, &said).await {
        Ok(Recorded::Kept(_)) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "call", id_of(&id)?).await?;
            return Ok(go(&format!("/cases/{number}/parties/{id}"), Some("The call is in the thread.")));
        }
        Ok(Recorded::Asks(against)) => Back { against, call: Some(fields), ..Back::default() },
        Err(Error::Invalid(text)) => Back { error: Some(text), call: Some(fields), ..Back::default() },
        Err(error) => return Err(error),
    };
    party_page(&ctx, &number, &id, again).await
}

fn call_of(ctx: &Ctx, fields: &Fields) -> Result<Call> {
    Ok(Call {
        outgoing: fields.get("direction") == "out",
        words: fields.exact("words").to_owned(),
        label: fields.parsed("label", "a label")?.unwrap_or(ctx.app.profile.labels.default),
        substantive: fields.has("substantive"),
        excuse: Excuse { words: fields.get("excuse").to_owned(), of: fields.get("against").to_owned() },
    })
}

/// `POST /cases/{number}/messages/{message}/acceptance`: somebody made sure that the party wrote it.
pub async fn accept(ctx: Ctx, Path((number, message)): Path<(String, String)>) -> Result<Response> {
    let case = see::find(&mut ctx.app.db.read().await?, &ctx.who, &number).await?;
    let id = id_of(&message)?;
    let (party, held) = messages::accept(&ctx.app, &ctx.who, &case, id).await?;
    let said = held
        .map_or("It counts as theirs now, and stands on their page.".to_owned(), |why| format!("It counts as theirs now. Their page does not show it: {why}"));
    Ok(go(&format!("/cases/{number}/parties/{party}#m-{id}"), Some(&said)))
}

/// `POST /cases/{number}/messages/{message}/refusal`: somebody made sure that the party did not write it.
pub async fn refuse(ctx: Ctx, Path((number, message)): Path<(String, String)>) -> Result<Response> {
    let case = see::find(&mut ctx.app.db.read().await?, &ctx.who, &number).await?;
    let id = id_of(&message)?;
    let party = messages::refuse(&ctx.app, &ctx.who, &case, id).await?;
    Ok(go(&format!("/cases/{number}/parties/{party}#m-{id}"), Some("It counts as a stranger's. It stays here, on no page but ours.")))
}

/// `POST /cases/{number}/parties/{party}/recommendations`
pub async fn recommend(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let wish = fields.parsed("wish", "a day")?.and_then(|day| ctx.app.profile.calendar().close_of(day));
    let done = recommendations::add(&ctx.app, &ctx.sends(&fields), id_of(&id)?, fields.get("kind"), fields.get("text"), wish).await;
    if done.is_ok() {
        drafts::drop_draft(&ctx.app, ctx.person()?.id, "recommendation", id_of(&id)?).await?;
    }
    match done {
        Ok(_) if fields.has("compose") => Ok(go(&format!("/cases/{number}/parties/{id}/message{}", tail(&fields)), Some("The next message carries it."))),
        done => back(&ctx, &number, &id, done, "The next message to this party carries it.").await,
    }
}

/// `POST /cases/{number}/recommendations/{id}`: withdrawn, or something was heard of it.
pub async fn recommendation(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let said = if fields.get("do") == "withdraw" {
        recommendations::withdraw(&ctx.app, &ctx.who, id).await?;
        "The recommendation is withdrawn."
    } else if fields.get("do") == "revoke" {
        recommendations::revoke_link(&ctx.app, &ctx.who, id).await?;
        "The link in the mail leads nowhere from now on."
    } else {
        recommendations::hear(&ctx.app, &ctx.who, id, fields.get("said")).await?;
        "Noted as hearsay. Only the addressee marks it done."
    };
    Ok(go(&where_it_stood(&number, &fields), Some(said)))
}

/// The page on which a recommendation was looked at.
fn where_it_stood(number: &str, fields: &Fields) -> String {
    match (fields.get("party"), fields.has("compose")) {
        ("", _) => format!("/cases/{number}"),
        (party, true) => format!("/cases/{number}/parties/{party}/message{}", tail(fields)),
        (party, false) => format!("/cases/{number}/parties/{party}"),
    }
}
