//! Reports and cases by the hundred thousand, for measuring.
//!
//! The same verbs as always, many in one change: only the flushes to disk are shared. Titles and
//! texts are drawn from small lists, so that searches find few and many.

use jiff::SignedDuration;
use store::Id;

use crate::access::{Person, Role, Who};
use crate::reports::NewReport;
use crate::{App, Result, cases, reports};

const SUBJECTS: [&str; 12] = [
    "SYN flood from customer routers",
    "Phishing page for a bank",
    "Open database answers to everybody",
    "Brute force against SSH",
    "Web shell on a shop",
    "Mailbox taken over",
    "Parcel SMS asks for card numbers",
    "Ransom note on a file server",
    "Leaked password list",
    "Amplifier on port 123",
    "Fake job offer by mail",
    "Scanner on the member network",
];
const CLASSES: [(&str, &str); 6] = [
    ("availability", "ddos"),
    ("fraud", "phishing"),
    ("vulnerable", "information-disclosure"),
    ("intrusion-attempts", "brute-force"),
    ("intrusions", "application-compromise"),
    ("information-gathering", "scanner"),
];
/// How many are made in one change.
const BATCH: usize = 200;

/// Makes `cases` cases, each from one report, spread over two years before now; says how far it is after each batch.
pub async fn fill(app: &App, owners: &[Id], cases: usize, mut progress: impl FnMut(usize)) -> Result<()> {
    let now = app.now();
    let start = now.checked_sub(SignedDuration::from_hours(24 * 730)).unwrap_or(now);
    let span = now.as_microsecond() - start.as_microsecond();
    let mut dice = fastrand::Rng::with_seed(2350);
    let mut made = 0;
    while made < cases {
        let batch = BATCH.min(cases - made);
        // The clock walks through the two years, so that ids and instants are in order.
        let share = i64::try_from(made).unwrap_or(0) * (span / i64::try_from(cases.max(1)).unwrap_or(1));
        app.db.clock().set(store::instant(start.as_microsecond() + share));
        let who = analyst(owners, &mut dice);
        app.db
            .change(&who.to_string(), async |tx| {
                for place in made..made + batch {
                    one(tx, app, &who, place, &mut dice).await?;
                }
                Ok::<_, crate::Error>(())
            })
            .await?;
        made += batch;
        progress(made);
    }
    app.db.clock().set(now);
    for place in 0..(cases / 10).min(WAITING) {
        let title = format!("{} at 203.0.113.{}", dice.choice(SUBJECTS).unwrap_or("Something odd"), place % 250);
        let kept = app.blobs.seal(title.as_bytes())?;
        reports::receive(
            app,
            &Who::Public,
            NewReport { title: title.clone(), body: title, language: app.languages.first().to_owned(), ..NewReport::of("api", kept, "text/plain") },
        )
        .await?;
    }
    crowd(app, &analyst(owners, &mut dice)).await
}

/// How many reports wait for somebody at the end.
const WAITING: usize = 200;

/// One case with a hundred parties, each spoken to and every other one answering: the widest that a
/// page must show quickly.
async fn crowd(app: &App, who: &Who) -> Result<()> {
    let case = cases::NewCase { kind: "incident".into(), title: "A flood from a hundred networks".into(), ..cases::NewCase::default() };
    let parties: Vec<Id> = app
        .db
        .change(&who.to_string(), async |tx| {
            let case = cases::open_in(tx, app, who, case).await?;
            let mut parties = Vec::new();
            for place in 0..100 {
                let party = cases::parties::NewParty {
                    name: format!("Network {place}"),
                    role: "source".into(),
                    mail: Some(format!("abuse@network-{place}.example")),
                    reach: "mail".into(),
                    checked: true,
                    ..cases::parties::NewParty::default()
                };
                parties.push(cases::parties::add_in(tx, app, who, case.id, party).await?);
            }
            Ok::<_, crate::Error>(parties)
        })
        .await?;
    for (place, party) in parties.into_iter().enumerate() {
        call(app, who, party, true, "We told them of the flood and asked them to stop it.").await?;
        if place % 2 == 0 {
            call(app, who, party, false, "They found the machine and cleaned it.").await?;
        }
    }
    Ok(())
}

async fn call(app: &App, who: &Who, party: store::Id, outgoing: bool, words: &str) -> Result<()> {
    let call = cases::messages::Call {
        outgoing,
        words: words.into(),
        label: app.profile.labels.default,
        substantive: outgoing,
        excuse: crate::release::Excuse::default(),
    };
    cases::messages::record_call(app, who, party, &call).await.map(drop)
}

fn analyst(owners: &[Id], dice: &mut fastrand::Rng) -> Who {
    match owners.get(dice.usize(0..owners.len().max(1))) {
        Some(id) => Who::Person(Person { id: *id, name: String::new(), role: Role::Lead, organisation: None, groups: Vec::new(), form: None }),
        None => Who::Operator,
    }
}

async fn one(tx: &mut store::Tx, app: &App, who: &Who, place: usize, dice: &mut fastrand::Rng) -> Result<()> {
    let subject = dice.choice(SUBJECTS).unwrap_or("Something odd");
    let address = format!("{}.{}.{}.{}", dice.u8(1..=223), dice.u8(..), dice.u8(..), dice.u8(1..=254));
    let host = format!("host-{}.customer-{}.example", dice.u32(0..100_000), dice.u32(0..2_000));
    let title = format!("{subject} at {address}");
    let body = format!(
        "We see {} since {} days.\nSource {address}, name {host}.\nLog line {place}: code {:08x}.\n",
        subject.to_lowercase(),
        dice.u8(1..9),
        dice.u32(..)
    );
    let kept = app.blobs.seal(body.as_bytes())?;
    let new = NewReport {
        title: title.clone(),
        body,
        language: app.languages.first().to_owned(),
        reporter_mail: format!("reporter{}@reporters.example", dice.u32(0..5_000)),
        ..NewReport::of("api", kept, "text/plain")
    };
    let receipt = reports::receive_in(tx, app, new).await?;
    let (class, kind) = dice.choice(CLASSES).unwrap_or(("other", "other"));
    let case = cases::NewCase {
        kind: "incident".into(),
        title,
        rsit_class: class.into(),
        rsit_type: kind.into(),
        reports: vec![receipt.id],
        ..cases::NewCase::default()
    };
    let case = cases::open_in(tx, app, who, case).await?;
    // Most of an archive is closed.
    if place % 10 < 8 {
        let closing = cases::Closing { outcome: "resolved".into(), reason: String::new(), waiver: "the network's owner had acted already".into() };
        cases::close_in(tx, app, who, case.id, &closing).await?;
    }
    Ok(())
}
