//! The console's pages of parties and their threads.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;
use store::{Id, Reader};

use super::before;
use super::messages::{self, Message};
use super::parties::{self, Changes, NewParty, Party, REACHES, ROLES};
use super::recommendations::{self, KINDS, Recommendation};
use super::suggest::{self, Suggestion};
use super::{Case, drafts, see};
use crate::access::Who;
use crate::outbox::{self, Delivery};
use crate::reports::{File, Report, Said};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as, show};
use crate::{Error, Result, constituency, people, reports};

/// The labels to choose from.
pub(super) fn labels() -> Vec<&'static str> {
    Tlp::ALL.iter().map(|tlp| tlp.as_str()).collect()
}

pub(super) fn id_of(text: &str) -> Result<Id> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Template)]
#[template(path = "cases/pages/party_new.html")]
struct NewPage {
    shell: Shell,
    case: Case,
    suggestions: Vec<Suggestion>,
    organisations: Vec<(Id, String)>,
    fields: Fields,
    error: Option<String>,
    labels: Vec<&'static str>,
    languages: Vec<String>,
}

impl NewPage {
    fn chosen(&self, name: &str, value: &str) -> bool {
        self.fields.get(name) == value
    }
}

async fn new_page(ctx: &Ctx, number: &str, fields: Fields, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Add a party", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, number).await?;
    let suggestions = suggest::suggest(&mut reader, &ctx.app, &case).await?;
    let organisations = constituency::list(&mut reader).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let languages = ctx.app.profile.languages.clone();
    page_as(status, &NewPage { shell, case, suggestions, organisations, fields, error, labels: labels(), languages })
}

/// `GET /cases/{number}/parties`: the form for a new one, and who suggests itself.
pub async fn new(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    new_page(&ctx, &number, asked.0, None).await
}

/// `POST /cases/{number}/parties`
pub async fn add(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, &number).await?;
    drop(reader);
    match parties::add(&ctx.app, &ctx.sends(&fields), case.id, new_party(&fields)?).await {
        Ok(party) => Ok(go(&format!("/cases/{}/parties/{party}", case.number), Some("The party takes part now. Nothing has been told to it yet."))),
        Err(Error::Invalid(text)) => new_page(&ctx, &number, fields, Some(text)).await,
        Err(error) => Err(error),
    }
}

fn new_party(fields: &Fields) -> Result<NewParty> {
    let text = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    Ok(NewParty {
        organisation: fields.parsed("organisation", "an organisation")?,
        contact: fields.parsed("contact", "a contact")?,
        report: fields.parsed("report", "a report")?,
        name: fields.get("name").into(),
        alias: fields.get("alias").into(),
        role: fields.get("role").into(),
        mail: text("mail"),
        phone: fields.get("phone").into(),
        language: text("language"),
        reach: fields.get("reach").into(),
        ceiling: fields.parsed("ceiling", "a label")?,
        checked: fields.has("checked"),
    })
}

/// A message with how its mail fares.
pub struct Shown {
    message: Message,
    by: String,
    delivery: Option<Delivery>,
}

/// A reporter's report, as its thread begins.
pub struct Earlier {
    report: Report,
    /// The beginning of its text.
    text: String,
    cut: bool,
    files: Vec<File>,
    thread: Vec<Said>,
}

/// So many characters of a report stand before the thread; its own page has all of them.
const BEGINNING: usize = 4000;

/// What the party's report says, if it is its report and this viewer may know of it.
async fn earlier(reader: &mut Reader, who: &Who, party: &Party) -> Result<Option<Earlier>> {
    let Some(found) = parties::report_of(reader, party).await? else { return Ok(None) };
    if !see::hidden_reports(reader, who, &[found.id]).await?.is_empty() {
        return Ok(None);
    }
    let Some(report) = reports::get(reader, found.id).await? else { return Ok(None) };
    let text: String = report.body.chars().take(BEGINNING).collect();
    let files = reports::files(reader, report.id).await?;
    let thread = reports::thread(reader, report.id).await?;
    Ok(Some(Earlier { cut: text.len() < report.body.len(), text, files, thread, report }))
}

#[derive(Template)]
#[template(path = "cases/pages/party.html")]
struct PartyPage {
    shell: Shell,
    case: Case,
    lanes: Vec<Party>,
    current: Option<Id>,
    party: Party,
    thread: Vec<Shown>,
    /// What its report says, and what was said on it before the case.
    earlier: Option<Earlier>,
    advice: Vec<Recommendation>,
    contact_why: String,
    /// Its page; none while the link was ended.
    link: Option<String>,
    /// Number of the report whose page it is, if it is a reporter.
    of_report: Option<String>,
    labels: Vec<&'static str>,
    languages: Vec<String>,
    waits: Vec<String>,
    /// What stands in the form for changing it: what is kept, or what somebody typed.
    form: Changes,
    /// What the form was filled from.
    seen: String,
    /// Where somebody else was faster: what it is, what was typed, what stands there now.
    stale: Vec<(&'static str, String, String)>,
    /// What was typed of a call and of a recommendation, and not kept yet.
    call_draft: Fields,
    advice_draft: Fields,
    /// What stands against a call's having been said, for its writer to excuse.
    against: String,
    error: Option<String>,
}

impl PartyPage {
    /// Whether the form for changing it is what this page is about.
    fn changing(&self) -> bool {
        !self.stale.is_empty() || self.form != Changes::of(&self.party)
    }

    /// Whether the form for a call has this label: the chosen one, else the case's.
    fn of_call(&self, label: &str) -> bool {
        let chosen = self.call_draft.get("label");
        label == if chosen.is_empty() { self.case.label.as_str() } else { chosen }
    }
}

/// What comes back to whoever sent a form: what was typed about the party, what somebody else saved meanwhile, what is wrong.
#[derive(Default)]
pub(super) struct Back {
    pub(super) typed: Option<Changes>,
    pub(super) now: Option<Changes>,
    /// What was typed of a call, and what stands against its having been said.
    pub(super) call: Option<Fields>,
    pub(super) against: String,
    pub(super) error: Option<String>,
}

pub(super) async fn party_page(ctx: &Ctx, number: &str, id: &str, back: Back) -> Result<Response> {
    let id = id_of(id)?;
    let shell = Shell::new(ctx, "A party", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let (case, party) = before::of_number(&mut reader, &ctx.who, number, id).await?;
    let lanes = parties::lanes(&mut reader, &case).await?;
    let said = messages::thread(&mut reader, party.id).await?;
    let mut sent = outbox::deliveries(&mut reader, said.iter().filter(|one| one.ours() && one.channel == "mail").map(|one| one.id)).await?;
    let names = people::describe_all(&mut reader, said.iter().map(|one| one.by.as_str())).await?;
    let by = |message: &Message| if message.ours() { names.get(&message.by).cloned().unwrap_or_default() } else { party.name.clone() };
    let thread = said.into_iter().map(|message| Shown { by: by(&message), delivery: sent.remove(&message.id), message }).collect();
    let earlier = earlier(&mut reader, &ctx.who, &party).await?;
    let advice = recommendations::of_party(&mut reader, party.id).await?;
    let organisation: Vec<Id> = party.organisation.into_iter().collect();
    let choice = constituency::choose(&constituency::contacts_of(&mut reader, &organisation).await?, ctx.app.now());
    let contact_why = match (&choice.contact, party.contact) {
        _ if party.organisation.is_none() => String::new(),
        (Some(best), Some(used)) if best.id == used => choice.why,
        (Some(best), _) => format!("Written to by hand. The registry would choose {}: {}", best.mail.as_deref().unwrap_or(&best.name), choice.why),
        (None, _) => choice.why,
    };
    let waits = parties::waits(&mut reader, &ctx.app, &case, &party).await?;
    let known = parties::known_as(&mut reader, &ctx.app, &case, &party).await?;
    let (link, of_report) = (known.page, known.report.then_some(known.number));
    let me = ctx.person()?.id;
    let call_draft = drafts::draft(&mut reader, me, "call", party.id).await?.map(|left| left.fields).unwrap_or_default();
    let advice_draft = drafts::draft(&mut reader, me, "recommendation", party.id).await?.map(|left| left.fields).unwrap_or_default();
    drop(reader);
    if party.unread > 0 {
        parties::mark_read(&ctx.app, &ctx.who, party.id).await?;
    }
    let Back { typed, now, call, against, error } = back;
    let call_draft = call.unwrap_or(call_draft);
    let status = match (&now, &error) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) if !against.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let kept = now.unwrap_or_else(|| Changes::of(&party));
    let form = typed.unwrap_or_else(|| kept.clone());
    let stale = if status == StatusCode::CONFLICT { differing(&form, &kept) } else { Vec::new() };
    let (current, seen) = (Some(party.id), kept.mark());
    let languages = ctx.app.profile.languages.clone();
    let labels = labels();
    page_as(
        status,
        &PartyPage {
            shell,
            case,
            lanes,
            current,
            party,
            thread,
            earlier,
            advice,
            contact_why,
            link,
            of_report,
            labels,
            languages,
            waits,
            form,
            seen,
            stale,
            call_draft,
            advice_draft,
            against,
            error,
        },
    )
}

/// Where what was typed and what somebody else saved are not the same.
fn differing(typed: &Changes, now: &Changes) -> Vec<(&'static str, String, String)> {
    let both = typed.parts().into_iter().zip(now.parts());
    both.filter(|(yours, theirs)| yours != theirs).map(|((name, yours), (_, theirs))| (name, yours, theirs)).collect()
}

/// `GET /cases/{number}/parties/{party}`
pub async fn party(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    party_page(&ctx, &number, &id, Back::default()).await
}

/// What a verb said, as the party's page.
pub(super) async fn back<T>(ctx: &Ctx, number: &str, id: &str, done: Result<T>, said: &str) -> Result<Response> {
    match done {
        Ok(_) => Ok(go(&format!("/cases/{number}/parties/{id}"), Some(said))),
        Err(Error::Invalid(text)) => party_page(ctx, number, id, Back { error: Some(text), ..Back::default() }).await,
        Err(error) => Err(error),
    }
}

/// What the form for changing a party sent.
fn changes(fields: &Fields) -> Result<Changes> {
    Ok(Changes {
        name: fields.get("name").into(),
        alias: fields.get("alias").into(),
        role: fields.get("role").into(),
        mail: Some(fields.get("mail").to_owned()),
        phone: fields.get("phone").into(),
        language: fields.get("language").into(),
        reach: fields.get("reach").into(),
        ceiling: fields.need("ceiling", "Choose the highest label")?.parse().map_err(|_| Error::invalid("Choose a label"))?,
        checked: fields.has("checked"),
    })
}

/// `POST /cases/{number}/parties/{party}`
pub async fn change(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let changes = changes(&fields)?;
    let typed = Some(changes.clone());
    match parties::change(&ctx.app, &ctx.who, id_of(&id)?, fields.get("seen"), changes).await {
        Ok(None) => back(&ctx, &number, &id, Ok(()), "Saved.").await,
        Ok(Some(now)) => {
            let typed = typed.map(|typed| match Changes::marked(fields.get("seen")) {
                Some(base) => typed.on_top_of(&base, &now),
                None => typed,
            });
            party_page(&ctx, &number, &id, Back { typed, now: Some(now), ..Back::default() }).await
        }
        Err(Error::Invalid(text)) => party_page(&ctx, &number, &id, Back { typed, error: Some(text), ..Back::default() }).await,
        Err(error) => Err(error),
    }
}

/// `POST /cases/{number}/parties/{party}/removal`: it was added by mistake.
pub async fn remove(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    match parties::remove(&ctx.app, &ctx.who, id_of(&id)?).await {
        Ok(()) => Ok(go(&format!("/cases/{number}"), Some("It takes part no longer. Nothing had been said to it."))),
        Err(Error::Invalid(text)) => party_page(&ctx, &number, &id, Back { error: Some(text), ..Back::default() }).await,
        Err(error) => Err(error),
    }
}

/// `POST /cases/{number}/parties/{party}/ending`: nothing more goes to it.
pub async fn end(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let done = parties::end(&ctx.app, &ctx.who, id_of(&id)?, fields.get("reason")).await;
    back(&ctx, &number, &id, done, "It takes part no longer: nothing more goes to it. What was said stays here.").await
}

/// `POST /cases/{number}/parties/{party}/ending/removal`: it takes part again.
pub async fn take_up(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let done = parties::take_up(&ctx.app, &ctx.who, id_of(&id)?).await;
    back(&ctx, &number, &id, done, "It takes part again.").await
}

/// `POST /cases/{number}/parties/{party}/consent`
pub async fn consent(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let withdraw = fields.get("do") == "withdraw";
    let until = show::from_local(&format!("{}T23:59", fields.get("until")), &ctx.zone());
    let done = if !withdraw && until.is_none() {
        Err(Error::invalid("Enter until when it may be named"))
    } else {
        parties::set_consent(&ctx.app, &ctx.who, id_of(&id)?, until.filter(|_| !withdraw), fields.get("given_by"), fields.get("note")).await
    };
    let said = if withdraw { "The consent is withdrawn: from now on it is named to nobody." } else { "The consent is recorded." };
    back(&ctx, &number, &id, done, said).await
}

/// `POST /cases/{number}/parties/{party}/link/removal`: the secret link to its page ends.
pub async fn end_link(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let done = parties::end_link(&ctx.app, &ctx.who, id_of(&id)?).await;
    back(&ctx, &number, &id, done, "The link in our messages to it leads nowhere from now on.").await
}

/// `POST /cases/{number}/parties/{party}/link`: the next message carries a link again.
pub async fn issue_link(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let done = parties::issue_link(&ctx.app, &ctx.who, id_of(&id)?).await;
    back(&ctx, &number, &id, done, "The next message to it carries a new link.").await
}
