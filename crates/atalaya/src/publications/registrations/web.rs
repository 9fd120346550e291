//! What the public sees of registering: the form on the page of a calendar item, and the page of one's own registration. A link in a
//! mail is opened by programs, too: nothing changes before a button is pressed.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use press::{Admission, Kind, Meeting, Places, Seat};

use super::super::catalogue::{self, Item, catalogue};
use super::super::site;
use super::{Registration, Wish, admission, all, id_of, store};
use crate::web::{Ctx, Fields, Site, go, page, page_as, show, throttle};
use crate::{Error, Result};

/// So many registrations in an hour: of one mailbox for one item and for all of them, from one network, for one item.
const SAME: u32 = 3;
const MAILS: u32 = 10;
const WISHES: u32 = 20;
const CROWD: u32 = 300;
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// What the page of a calendar item says of registering, with its form where it takes any.
#[derive(Clone, Debug)]
pub struct Door {
    /// What it takes now.
    pub admission: Admission,
    /// Its places.
    pub places: Places,
    /// How it stands, a line each, in the reader's words.
    pub lines: Vec<String>,
    /// So many days after it, it is known who came.
    pub days: u16,
    /// What was typed, where that was not taken.
    pub typed: Fields,
    /// Which field, and what to do about it.
    pub error: Option<(&'static str, String)>,
}

impl Door {
    /// That of an item; none of what takes no place in the calendar.
    pub async fn of(ctx: &Ctx, item: &Item) -> Result<Option<Self>> {
        if item.kind != Kind::Calendar {
            return Ok(None);
        }
        let open = admission(item, ctx.app.now()) == Admission::Open;
        let counts = if open { store::counts(&mut ctx.app.db.read().await?, item.id).await? } else { super::Counts::default() };
        Ok(Self::made(ctx, item, counts.places(all(item))))
    }

    /// That of what is not out yet, and that nobody can have registered for.
    pub fn before(ctx: &Ctx, item: &Item) -> Option<Self> {
        Self::made(ctx, item, super::Counts::default().places(all(item))).filter(|_| item.kind == Kind::Calendar)
    }

    fn made(ctx: &Ctx, item: &Item, places: Places) -> Option<Self> {
        let meeting = item.content.meeting.as_ref()?;
        let by_mail = ctx.app.profile.mail.is_some();
        let admission = Some(admission(item, ctx.app.now())).filter(|now| by_mail || *now != Admission::Open).unwrap_or_default();
        let lines = lines(ctx, meeting, admission, places);
        Some(Self { admission, places, lines, days: ctx.app.profile.publications.registrations_kept_days, typed: Fields::default(), error: None })
    }

    /// What of it may change while the item stays the same.
    pub fn counted(&self) -> String {
        format!("{} {}", self.places.coming, self.places.waiting)
    }

    /// Whether there is a form.
    pub fn is_open(&self) -> bool {
        self.admission == Admission::Open
    }

    /// Whether this field was not taken.
    pub fn is_bad(&self, field: &str) -> bool {
        self.error.as_ref().is_some_and(|(bad, _)| *bad == field)
    }

    fn refused(mut self, ctx: &Ctx, typed: Fields, said: &str) -> Self {
        let field = match said {
            "error-said-registration-name" => "name",
            "error-said-registration-organisation" => "organisation",
            "error-said-registration-remark" => "remark",
            "error-said-no-address" => "address",
            _ => "main",
        };
        self.error = Some((field, ctx.text.told(said)));
        self.typed = typed;
        self
    }
}

/// How it stands with registering.
fn lines(ctx: &Ctx, meeting: &Meeting, admission: Admission, places: Places) -> Vec<String> {
    let say = |key: &str| ctx.text.say(key);
    match admission {
        Admission::Open => {
            let zone = TimeZone::get(&meeting.zone).unwrap_or(TimeZone::UTC);
            let until = meeting.closing().map(|at| show::in_full(at, &zone, &ctx.text)).unwrap_or_default();
            let room = match places.left() {
                None => say("registration-no-limit"),
                Some(_) if places.is_full() => say("registration-full"),
                Some(left) => ctx.text.with("registration-left", "count", left - places.waiting),
            };
            let waiting = (places.waiting > 0).then(|| ctx.text.with("registration-waits", "count", places.waiting));
            std::iter::once(room).chain(waiting).chain([ctx.text.with("registration-until", "when", until)]).collect()
        }
        Admission::Closed => vec![say("registration-closed")],
        Admission::Begun => vec![say("registration-begun")],
        Admission::Over => vec![say("registration-over")],
        Admission::Off => vec![say("pub-cancelled")],
        Admission::None => Vec::new(),
    }
}

/// `POST /calendar/{name}/registration`: the answer is the same, whoever asks for whom.
pub async fn register(ctx: Ctx, Path(name): Path<String>, fields: Fields) -> Result<Response> {
    let item = catalogue(&ctx.app).await?.get(Kind::Calendar, &name).cloned().ok_or(Error::NotFound)?;
    let asked = go(&Site::new(&ctx, "").to("/registration/asked"), None);
    // A field that no person sees and robots fill in.
    if fields.has("website") {
        return Ok(asked);
    }
    throttle::allow_all(&ctx.app, &limits(&ctx, &item, &fields), WINDOW).await?;
    let (status, said) = match super::ask(&ctx.app, item.id, wish(&ctx, &fields)).await {
        Ok(()) => return Ok(asked),
        Err(Error::Invalid(said)) => (StatusCode::UNPROCESSABLE_ENTITY, said),
        Err(Error::Conflict(said)) => (StatusCode::CONFLICT, said),
        Err(error) => return Err(error),
    };
    let door = Door::of(&ctx, &item).await?.map(|door| door.refused(&ctx, fields, &said));
    site::refused(&ctx, item, door, status)
}

/// What of the fields is a wish; the language is that of the page.
pub(super) fn wish(ctx: &Ctx, fields: &Fields) -> Wish {
    let text = |name: &str| fields.get(name).to_owned();
    let offered = ctx.app.languages.offered().iter().find(|tag| *tag == fields.get("language")).cloned();
    Wish {
        name: text("name"),
        organisation: text("organisation"),
        remark: text("remark"),
        address: text("address"),
        language: offered.unwrap_or_else(|| ctx.text.wanted().to_owned()),
    }
}

fn limits(ctx: &Ctx, item: &Item, fields: &Fields) -> [(String, u32); 4] {
    let address = fields.get("address").to_lowercase();
    [
        (format!("registration-same:{}:{address}", item.id), SAME),
        (format!("registration-to:{address}"), MAILS),
        (format!("registration-from:{}", throttle::network(ctx.from)), WISHES),
        (format!("registration-of:{}", item.id), CROWD),
    ]
}

#[derive(Template)]
#[template(path = "publications/pages/registration_asked.html")]
struct AskedPage {
    site: Site,
}

/// `GET /registration/asked`
pub async fn asked(ctx: Ctx) -> Result<Response> {
    page(&AskedPage { site: Site::new(&ctx, &ctx.text.say("subscribe-asked-title")) })
}

#[derive(Template)]
#[template(path = "publications/pages/registration.html")]
struct OnePage {
    site: Site,
    one: Registration,
    key: String,
    /// What it is for, and the language of that.
    title: String,
    language: String,
    path: String,
    file: String,
    takes_place: Option<(String, String, String)>,
    /// How it stands.
    stands: String,
    /// Whether its holder may say that they come, and that they do not.
    confirms: bool,
    cancels: bool,
    error: String,
}

impl OnePage {
    async fn of(ctx: &Ctx, key: &str, error: String) -> Result<Self> {
        let id = id_of(&ctx.app, key)?;
        let mut reader = ctx.app.db.read().await?;
        let one = store::get(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let item = catalogue::now(&mut reader, &ctx.app, one.publication).await?.ok_or(Error::NotFound)?;
        let number = store::waiting_up_to(&mut reader, one.publication, one.turn).await?;
        drop(reader);
        let admission = admission(&item, ctx.app.now());
        let (words, language) = item.content.said(ctx.text.wanted()).ok_or(Error::NotFound)?;
        Ok(Self {
            site: Site::new(ctx, &ctx.text.say("registration-yours")),
            title: words.title.clone(),
            language: language.to_owned(),
            path: item.path(),
            file: format!("/feeds/{}.ics?lang={}", item.name, ctx.text.wanted()),
            takes_place: item.content.meeting.as_ref().map(|meeting| site::takes_place(&ctx.text, meeting, &words.place)),
            stands: stands(ctx, &one, admission, number),
            confirms: admission == Admission::Open && !one.seat.is_in(),
            cancels: admission.is_ahead() && one.seat != Seat::Cancelled,
            key: key.to_owned(),
            one,
            error,
        })
    }

    /// The address of a button.
    fn act(&self, act: &str) -> String {
        format!("/registration/{}/{act}", self.key)
    }

    fn is_coming(&self) -> bool {
        self.one.seat == Seat::Coming
    }

    fn is_new(&self) -> bool {
        self.one.seat == Seat::Asked
    }
}

/// How a registration stands, for its holder.
fn stands(ctx: &Ctx, one: &Registration, admission: Admission, number: i64) -> String {
    match (admission, one.seat) {
        (Admission::Off, _) => ctx.text.say("pub-cancelled"),
        (Admission::Over, _) => ctx.text.say("registration-over"),
        (Admission::Open, Seat::Asked) => ctx.text.say("registration-is-asked"),
        (_, Seat::Asked) => ctx.text.say("registration-closed"),
        (_, Seat::Coming) => ctx.text.say("registration-is-coming"),
        (_, Seat::Waiting) => ctx.text.with("registration-is-waiting", "number", number),
        (_, Seat::Cancelled) => ctx.text.say("registration-is-cancelled"),
    }
}

/// `GET /registration/{key}`
pub async fn one(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    page(&OnePage::of(&ctx, &key, String::new()).await?)
}

/// `POST /registration/{key}/confirmation`
pub async fn confirm(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    let done = super::confirm(&ctx.app, &key).await;
    back(&ctx, &key, done).await
}

/// `POST /registration/{key}/cancellation`
pub async fn cancel(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    let done = super::cancel(&ctx.app, &key).await;
    back(&ctx, &key, done).await
}

/// To its page, which says how it stands now.
async fn back(ctx: &Ctx, key: &str, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(go(&Site::new(ctx, "").to(format!("/registration/{key}")), None)),
        Err(Error::Conflict(said)) => page_as(StatusCode::CONFLICT, &OnePage::of(ctx, key, ctx.text.told(&said)).await?),
        Err(error) => Err(error),
    }
}
