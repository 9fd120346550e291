//! What the demonstration team published: an alert that is open, one that is over, advisories, a training, and the pages
//! that ship with the program. Written by one, approved by another, released by the lead, as any team does it.

use std::path::Path;

use csaf::advisory::{Measure, Note, NoteCategory, Product, Release, Remediation, Score, Statuses, Vulnerability};
use jiff::{SignedDuration, Timestamp};
use post::openpgp::SecretKey;
use post::openpgp::key::NewKey;
use press::{Content, Exploited, Key, Kind, Meeting, Reference, Severity, Words};

use crate::access::Who;
use crate::publications::{self, New, Part, forms, known};
use crate::{App, Error, Result, keys};

/// Something to publish: when, in minutes before now; kind; how bad; what it is about.
struct Piece {
    minutes: i64,
    kind: Kind,
    severity: Severity,
    exploited: &'static str,
    open: bool,
    about: &'static [&'static str],
    /// Title, what it is, who is affected, what to do, the rest: in English, then in Spanish.
    english: [&'static str; 5],
    spanish: [&'static str; 5],
}

const PIECES: [Piece; 5] = [
    Piece {
        minutes: 11 * 24 * 60,
        kind: Kind::Advisory,
        severity: Severity::High,
        exploited: "no",
        open: true,
        about: &["CVE-2026-30011"],
        english: [
            "Example Mail Gateway runs commands sent by attachment",
            "A mail with a crafted archive makes the gateway run a command while it looks for malware.",
            "Example Mail Gateway 7.0 to 7.2.3, whatever its configuration.",
            "Install 7.2.4. Until then, let archives wait for a person.",
            "## How to see whether it was used\n\nThe gateway's log names each archive that it could not open. Look for names that hold `$(` or a backtick.\n\n## If it was\n\nTake the gateway off the net, keep its disk, and [report it](/report).",
        ],
        spanish: [
            "Example Mail Gateway ejecuta órdenes que llegan en un adjunto",
            "Un correo con un archivo comprimido preparado hace que la pasarela ejecute una orden mientras busca código malicioso.",
            "Example Mail Gateway 7.0 a 7.2.3, sea cual sea su configuración.",
            "Instale la versión 7.2.4. Hasta entonces, deje los archivos comprimidos en espera de una persona.",
            "## Cómo saber si fue aprovechada\n\nEl registro de la pasarela nombra cada archivo que no pudo abrir. Busque nombres que contengan `$(` o un acento grave.\n\n## Si lo fue\n\nDesconecte la pasarela de la red, conserve su disco y [repórtelo](/report).",
        ],
    },
    Piece {
        minutes: 9 * 24 * 60,
        kind: Kind::Alert,
        severity: Severity::Medium,
        exploited: "",
        open: false,
        about: &["rsit:fraud/phishing"],
        english: [
            "Messages about a parcel lead to a copy of a payment page",
            "Text messages say that a parcel waits and that a small fee is due. Their link leads to a copy of a payment page.",
            "Whoever gets such a message and pays by card.",
            "Do not open the link. If you typed your card's number, call your bank now.",
            "The copies were taken down by their hosts on the second day; we saw none since.",
        ],
        spanish: [
            "Mensajes sobre un paquete llevan a una copia de una página de pago",
            "Mensajes de texto dicen que un paquete espera y que falta una pequeña tasa. Su enlace lleva a una copia de una página de pago.",
            "Quien reciba un mensaje así y pague con tarjeta.",
            "No abra el enlace. Si escribió el número de su tarjeta, llame ahora a su banco.",
            "Los proveedores retiraron las copias al segundo día; desde entonces no vimos ninguna.",
        ],
    },
    Piece {
        minutes: 5 * 24 * 60,
        kind: Kind::Advisory,
        severity: Severity::Medium,
        exploited: "",
        open: true,
        about: &["CVE-2026-30127"],
        english: [
            "Example Files shows the names of other customers' folders",
            "A search with an empty word lists folders of all customers of the same server. What is in them cannot be read.",
            "Example Files 3.4 on servers that several organisations share.",
            "Install 3.4.1.",
            "Names of folders can tell more than one thinks. Tell those whose folders stood on the same server.",
        ],
        spanish: [
            "Example Files muestra los nombres de carpetas de otros clientes",
            "Una búsqueda con una palabra vacía enumera las carpetas de todos los clientes del mismo servidor. Su contenido no se puede leer.",
            "Example Files 3.4 en servidores que comparten varias organizaciones.",
            "Instale la versión 3.4.1.",
            "Los nombres de las carpetas pueden decir más de lo que se piensa. Avise a quienes tenían carpetas en el mismo servidor.",
        ],
    },
    Piece {
        minutes: 3 * 24 * 60,
        kind: Kind::Calendar,
        severity: Severity::None,
        exploited: "",
        open: true,
        about: &[],
        english: [
            "Incident handling for small providers",
            "One day, with exercises: from the first report to the closed case.",
            "",
            "",
            "Bring a laptop. You need no account anywhere. Lunch is there.",
        ],
        spanish: [
            "Gestión de incidentes para proveedores pequeños",
            "Un día con ejercicios: del primer reporte al caso cerrado.",
            "",
            "",
            "Traiga un portátil. No necesita ninguna cuenta. Hay almuerzo.",
        ],
    },
    Piece {
        minutes: 95,
        kind: Kind::Alert,
        severity: Severity::High,
        exploited: "yes",
        open: true,
        about: &["rsit:vulnerable/potentially-unwanted-accessible", "CVE-2026-30200"],
        english: [
            "Routers with open port 7547 are being taken over",
            "Somebody sends commands to the management port of home routers, and the routers attack others from then on.",
            "Providers, and homes with routers of the Example CPE line with software before 4.1.",
            "Block port 7547 from outside your network, then restart the routers.",
            "## For providers\n\n1. Block TCP port 7547 at your border; your own management network alone needs it.\n2. Restart the routers that you manage: what was put on them does not survive it.\n3. Install 4.1, which asks for a certificate.\n\n## At home\n\n1. Unplug the router, wait a minute, plug it in again.\n2. Ask your provider whether it has blocked the port.",
        ],
        spanish: [
            "Están tomando el control de enrutadores con el puerto 7547 abierto",
            "Alguien envía órdenes al puerto de gestión de enrutadores domésticos, que desde entonces atacan a otros.",
            "Proveedores, y hogares con enrutadores de la línea Example CPE con software anterior a 4.1.",
            "Bloquee el puerto 7547 desde fuera de su red y después reinicie los enrutadores.",
            "## Para proveedores\n\n1. Bloquee el puerto TCP 7547 en su borde; solo su propia red de gestión lo necesita.\n2. Reinicie los enrutadores que administra: lo que se puso en ellos no sobrevive.\n3. Instale la versión 4.1, que pide un certificado.\n\n## En casa\n\n1. Desenchufe el enrutador, espere un minuto y enchúfelo de nuevo.\n2. Pregunte a su proveedor si ha bloqueado el puerto.",
        ],
    },
];

/// Takes the pages that ship with the program, at the first moment of the demonstration, and makes the key of its mail address: by it
/// advisories are signed.
pub(super) async fn begin(app: &App, content: Option<&Path>) -> Result<()> {
    if let Some(mail) = &app.profile.mail {
        let user_id = format!("{} <{}>", mail.from_name.text("en"), mail.from_address);
        let new = NewKey { user_id: &user_id, at: app.now(), valid: SignedDuration::from_hours(3650 * 24), passphrase: None };
        let key = SecretKey::generate(&new, app.db.entropy().bytes()).map_err(Error::fault)?;
        keys::own::install(app, &Who::Operator, key.armored().map_err(Error::fault)?.as_bytes(), "").await?;
    }
    if let Some(folder) = content.filter(|folder| folder.is_dir()) {
        publications::fill(app, folder, true).await?;
    }
    Ok(())
}

/// When each piece leaves.
pub(super) fn moments(now: Timestamp) -> impl Iterator<Item = (Timestamp, usize)> {
    PIECES.iter().enumerate().map(move |(place, piece)| (now.checked_sub(SignedDuration::from_mins(piece.minutes)).unwrap_or(now), place))
}

/// One writes, another approves, the lead releases.
pub(super) async fn publish(app: &App, place: usize, staff: &[Who]) -> Result<()> {
    let (Some(piece), [writer, reader, lead, ..]) = (PIECES.get(place), staff) else { return Ok(()) };
    let [title, ..] = piece.english;
    let label = Some(app.profile.labels.ceiling.public);
    let new = New { kind: piece.kind, language: "en".into(), title: title.into(), label, from: String::new() };
    let id = publications::add(app, writer, new).await?;
    for (language, words) in [("en", piece.english), ("es", piece.spanish)] {
        if !app.profile.languages.iter().any(|tag| tag == language) {
            continue;
        }
        let seen = forms::seen(&current(app, writer, id).await?, language)?;
        let part = Part::Words { language: language.into(), words: said(words, piece.kind), translated: true };
        publications::save(app, writer, id, &seen, part).await?;
    }
    let one = current(app, writer, id).await?;
    let seen = forms::seen(&one, "facts")?;
    publications::save(app, writer, id, &seen, Part::Facts(Box::new(facts(app, piece, one.content)), String::new())).await?;
    publications::hand_in(app, writer, id, current(app, writer, id).await?.edition).await?;
    publications::approve(app, reader, id, current(app, reader, id).await?.edition).await?;
    publications::release(app, lead, id, current(app, lead, id).await?.edition).await
}

async fn current(app: &App, who: &Who, id: store::Id) -> Result<publications::Publication> {
    publications::get(&mut app.db.read().await?, who, id).await
}

fn said(words: [&str; 5], kind: Kind) -> Words {
    let [title, summary, affected, act, body] = words.map(str::to_owned);
    let place = if kind == Kind::Calendar { "Example Conference Centre, room 2".into() } else { String::new() };
    Words { title, summary, affected, act, body, place, ..Words::default() }
}

fn facts(app: &App, piece: &Piece, was: Content) -> Content {
    let zone = app.profile.calendar().zone().clone();
    let soon = app.now().to_zoned(zone.clone()).date().saturating_add(jiff::Span::new().days(23));
    let meeting = (piece.kind == Kind::Calendar).then(|| Meeting {
        starts: soon.at(9, 0, 0, 0),
        ends: soon.at(16, 30, 0, 0),
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        online: false,
        registers: true,
        places: Some(20),
        closes: Some(soon.saturating_sub(jiff::Span::new().days(2)).at(12, 0, 0, 0)),
        cancelled: false,
    });
    let vendor = Reference { title: "The vendor's own notice".into(), url: "https://vendor.example/security/".into() };
    Content {
        severity: piece.severity,
        exploited: Exploited {
            state: piece.exploited.into(),
            source: if piece.exploited == "yes" { app.profile.team.short_name.text("en").to_owned() } else { String::new() },
            on: None,
        },
        open: piece.open,
        keys: piece.about.iter().filter_map(|key| Key::read(key)).collect(),
        references: if piece.kind == Kind::Advisory { vec![vendor] } else { Vec::new() },
        meeting,
        products: technical(piece).0,
        vulnerabilities: technical(piece).1,
        ..was
    }
}

/// What an advisory says of products: two releases, of which one is hit.
fn technical(piece: &Piece) -> (Vec<Product>, Vec<Vulnerability>) {
    let (Kind::Advisory, Some(cve)) = (piece.kind, piece.about.first()) else { return (Vec::new(), Vec::new()) };
    let gateway = piece.severity == Severity::High;
    let (name, range, fixed) = if gateway { ("Mail Gateway", "vers:generic/>=7.0|<=7.2.3", "7.2.4") } else { ("Files", "vers:generic/>=3.4|<3.4.1", "3.4.1") };
    let product = |release: Release| Product {
        id: known::product_id("Example", name, &release),
        vendor: "Example".into(),
        name: name.into(),
        release,
        cpe: None,
        purl: None,
    };
    let products = vec![product(Release::Range(range.into())), product(Release::Version(fixed.into()))];
    let ids: Vec<String> = products.iter().map(|product| product.id.clone()).collect();
    let (hit, mended) = (ids.first().cloned().into_iter().collect::<Vec<_>>(), ids.get(1).cloned().into_iter().collect());
    let [title, text, _, act, _] = piece.english.map(str::to_owned);
    let vector = if gateway { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:L" } else { "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N" };
    let vulnerability = Vulnerability {
        cve: Some((*cve).to_owned()),
        title: Some(title),
        notes: vec![Note { category: NoteCategory::Description, title: None, audience: None, text }],
        statuses: Statuses { known_affected: hit.clone(), fixed: mended, ..Statuses::default() },
        scores: vec![Score { vector: vector.into(), products: Vec::new(), source: None }],
        remediations: vec![Remediation { category: Measure::VendorFix, details: act, url: None, products: hit, date: None }],
        ..Vulnerability::default()
    };
    (products, vec![vulnerability])
}

/// A piece that cannot be told is a fault of the demonstration.
pub(super) fn fault(error: Error) -> Error {
    Error::fault(format!("the demonstration's publications: {error}"))
}
