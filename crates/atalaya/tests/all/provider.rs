//! The running house as a trusted provider: by every requirement that can be judged, with signatures that gpg reads and documents
//! that another's library calls valid; numbers by the standard's rules, documents in other languages, what stands where before and
//! after.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::path::Path;
use std::process::Command;

use atalaya::access::Role;
use csaf::check::{self, Answer, Outcome, Outside, Transport};
use csaf::validate::{self, Preset};

use crate::advisories::{mail_key, technical};
use crate::house::{Browser, Gpg, House};
use crate::publications::{Piece, begin, press};

const SITE: &str = "https://csirt.maluti.example";
const DOCUMENT: &str = "/.well-known/csaf/white/2026/mlt-ad-2026-0001.json";
const SPANISH: &str = "/.well-known/csaf/white/2026/mlt-ad-2026-0001-es.json";

const FACTS: [(&str, &str); 3] = [("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30011")];

impl Piece {
    /// The words in Spanish, translated from what stands there now.
    async fn spanish(&self) {
        let at = format!("{}/words/es", self.at);
        let seen = self.writer.get(&at).await.must(200).input("seen");
        let fields = [
            ("seen", seen.as_str()),
            ("title", "Example Gateway ejecuta órdenes"),
            ("summary", "Un archivo comprimido ejecuta una orden."),
            ("affected", "Pasarelas hasta 7.2.3."),
            ("act", "Instale la versión 7.2.4."),
            ("body", "Más detalles."),
            ("translated", "yes"),
        ];
        self.writer.post(&at, &fields).await.must(303);
    }

    async fn next(&self, more: &[(&str, &str)]) {
        press(&self.lead, &self.at, "revision", &[]).await.must(303);
        self.facts(&[&FACTS[..], more].concat()).await.must(303);
    }
}

/// Several advisories of three labels and two languages.
async fn filled(house: &House) -> Piece {
    mail_key(house).await;
    let first = technical(house, "CLEAR").await;
    first.spanish().await;
    first.out().await;
    for label in ["CLEAR", "GREEN", "AMBER"] {
        let piece = technical(house, label).await;
        piece.approved().await;
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    }
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_house_fulfils_every_requirement_of_a_trusted_provider_and_gpg_reads_its_signatures() {
    let house = House::sqlite().await;
    // A clock goes on while a release is made: all that says when it was says the same.
    house.app.db.clock().tick(1);
    filled(&house).await;
    let left: Vec<(String, jiff::Timestamp)> = house
        .rows("select d.told, v.at from csaf_documents d join publication_versions v on v.publication_id = d.publication_id and v.version = d.version", vec![])
        .await;
    assert!(left.len() > 4 && left.iter().all(|(told, at)| told.contains(&at.to_string())), "{left:?}");
    let (anybody, gpg, folder) = (house.visitor(), Gpg::empty(), tempfile::tempdir().unwrap());
    let mut signatures = 0;
    for edition in ["", "v2.1/"] {
        // The house itself speaks HTTP; TLS is the reverse proxy's, which stands for it here.
        let mut fetch = |url: &str| -> Result<Answer, String> {
            let path = url.strip_prefix(SITE).ok_or("it lies elsewhere")?.to_owned();
            let got = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(anybody.get(&path)));
            Ok(Answer { status: got.status, redirects: 0, over: Transport::Tls, body: got.body })
        };
        let mut verify = |bytes: &[u8], signature: &str, keys: &[String]| -> Result<(), String> {
            let (file, beside) = (folder.path().join("document.json"), folder.path().join("document.json.asc"));
            std::fs::write(&file, bytes).unwrap();
            std::fs::write(&beside, signature).unwrap();
            keys.iter().for_each(|key| drop(gpg.must(&["--import"], key.as_bytes())));
            let (good, _, said) = gpg.run(&["--verify", beside.to_str().unwrap(), file.to_str().unwrap()], b"");
            signatures += 1;
            if good { Ok(()) } else { Err(said) }
        };
        let mut fingerprint = |key: &str| Ok(post::openpgp::Certificate::read(key.as_bytes()).map_err(|error| error.to_string())?[0].fingerprint());
        let mut outside = Outside { fetch: &mut fetch, verify: &mut verify, fingerprint: &mut fingerprint };
        let verdicts = check::check(&format!("{SITE}/.well-known/csaf/{edition}provider-metadata.json"), &mut outside);
        for verdict in &verdicts {
            // By DNS (10) and for aggregators nobody is asked; one of 8, 9 and 10 is enough.
            let fine = matches!(verdict.outcome, Outcome::Met) || verdict.number == 10 || (edition == "v2.1/" && [8, 9].contains(&verdict.number));
            assert!(fine || matches!(verdict.outcome, Outcome::Unjudged(_)), "{edition}: {verdict}");
        }
        assert_eq!(check::role(&verdicts).map(csaf::provider::Role::as_str), Some("csaf_trusted_provider"), "{edition}: {verdicts:#?}");
    }
    assert!(signatures >= 6, "two documents and a translation in two editions: {signatures}");
    for closed in ["green/2026/mlt-ad-2026-0003.json", "amber/2026/mlt-ad-2026-0004.json", "amber/csaf-feed-tlp-amber.json", "v2.1/amber/index.txt"] {
        let refused = anybody.get(&format!("/.well-known/csaf/{closed}")).await.must(401);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"), "{closed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_others_made_calls_valid_what_the_house_has_published() {
    let Some(judge) = std::env::var_os("CSAF_JUDGE") else {
        eprintln!("left out: CSAF_JUDGE names no folder with another validator (crates/csaf/tests/outside.sh installs it)");
        return;
    };
    let house = House::sqlite().await;
    let first = filled(&house).await;
    press(&first.lead, &first.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("atalaya.toml");
    std::fs::write(&profile, include_str!("profile.toml")).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_atalaya"));
    program.args(["csaf", "export", "--profile"]).arg(&profile).arg("--data").arg(house.data()).arg("--key").arg(house.key());
    let output = program.arg(folder.path().join("tree")).env_remove("ATALAYA_DATABASE").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut count = 0;
    for (edition, under) in [("2.0", ["white", "green", "amber"]), ("2.1", ["v2.1/clear", "v2.1/green", "v2.1/amber"])] {
        let to = folder.path().join(edition);
        std::fs::create_dir_all(&to).unwrap();
        for label in under {
            for entry in std::fs::read_dir(folder.path().join("tree").join(label).join("2026")).unwrap().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.ends_with(".json") {
                    std::fs::copy(entry.path(), to.join(&name)).unwrap();
                    count += 1;
                }
            }
        }
        // Something that has to be found, so that a judge that finds nothing is noticed.
        let good = std::fs::read_to_string(folder.path().join("tree").join(under[1]).join("2026/mlt-ad-2026-0003.json")).unwrap();
        let broken = good.replacen("\"version\": \"1.0.0\"", "\"version\": \"7.0.0\"", 1);
        assert_ne!(good, broken);
        std::fs::write(to.join("broken.json"), broken).unwrap();
    }
    assert_eq!(count, 10, "four advisories and a translation, in two editions");
    let beside = Path::new(&judge).join("judge.mjs");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../csaf/tests/judge.mjs"), &beside).unwrap();
    let output = Command::new("node").arg(&beside).arg(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_a_version_follows_from_what_it_changes_and_is_told_before() {
    for house in House::both().await {
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        let version = async || house.visitor().get(DOCUMENT).await.must(200).json()["document"]["tracking"].clone();
        assert_eq!(version().await["version"], "1.0.0", "on {}", house.on);
        // Spelling; a reference more; a product less.
        let more = ("references", "Vendor https://vendor.example/7\nMore https://vendor.example/8");
        for (words, facts, number, why) in [
            (Some("Somebody sends comands to port 7547 of home routers."), ("references", "Vendor https://vendor.example/7"), "1.0.1", "patch"),
            (None, more, "1.1.0", "minor"),
        ] {
            piece.next(&[facts, ("note", why)]).await;
            if let Some(words) = words {
                piece.words("en", "Example Gateway runs commands", words).await.must(303);
            }
            let page = piece.writer.get(&piece.at).await.must(200);
            assert!(page.shows(&format!("Its version will be {number}")) && page.shows(&format!("{why}:")), "on {}: {}", house.on, page.words());
            piece.out().await;
            assert_eq!(version().await["version"], number, "on {}", house.on);
        }
        piece.next(&[more, ("note", "Nothing but a note")]).await;
        piece.out().await;
        piece.next(&[more, ("note", "Another release")]).await;
        let (products, seen) = (format!("{}/products", piece.at), piece.writer.get(&format!("{}/products", piece.at)).await.must(200).input("seen"));
        let release = [("seen", seen.as_str()), ("vendor", "Example Vendor"), ("name", "Example Gateway"), ("which", "one"), ("release", "7.2.5")];
        piece.writer.post(&products, &release).await.must(303);
        let page = piece.writer.get(&piece.at).await.must(200);
        assert!(page.shows("Its version will be 2.0.0") && page.shows("/products/P-"), "on {}: {}", house.on, page.words());
        piece.out().await;
        let tracking = version().await;
        let history: Vec<&str> = tracking["revision_history"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap()).collect();
        assert_eq!(history, ["1.0.0", "1.0.1", "1.1.0", "1.1.1", "2.0.0"], "on {}", house.on);
        let page = house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
        assert!(page.shows("2.0.0") && page.shows("version 1.1.0"), "on {}: {}", house.on, page.words());
        assert!(house.visitor().get("/feeds/advisories.json").await.must(200).text().contains("2.0.0"), "on {}", house.on);
        let console = piece.writer.get(&piece.at).await.must(200);
        assert!(console.shows("Version 1.1.0 minor"), "on {}: {}", house.on, console.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translation_that_is_current_has_a_document_of_its_own_and_goes_with_its_original() {
    for house in House::both().await {
        mail_key(&house).await;
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        let anybody = house.visitor();
        anybody.get(SPANISH).await.must(404);
        piece.next(&[("note", "In Spanish"), ("references", "Vendor https://vendor.example/7")]).await;
        piece.spanish().await;
        piece.out().await;
        let written = anybody.get(SPANISH).await.must(200);
        let report = validate::check(&written.body, Preset::Basic);
        assert!(report.is_valid(), "on {}: {:?}", house.on, report.findings);
        let head = written.json()["document"].clone();
        for (pointer, is) in [
            ("/tracking/id", "MLT-AD-2026-0001-es"),
            ("/tracking/version", "1.0.1"),
            ("/lang", "es"),
            ("/source_lang", "en"),
            ("/publisher/category", "translator"),
            ("/title", "Example Gateway ejecuta órdenes"),
            ("/references/0/url", "https://csirt.maluti.example/.well-known/csaf/white/2026/mlt-ad-2026-0001.json"),
            ("/notes/0/title", "Qué es"),
            ("/notes/0/text", "Un archivo comprimido ejecuta una orden."),
        ] {
            assert_eq!(head.pointer(pointer).and_then(|value| value.as_str()), Some(is), "on {}: {pointer}", house.on);
        }
        assert!(anybody.get(&format!("{SPANISH}.asc")).await.must(200).text().contains("BEGIN PGP SIGNATURE"), "on {}", house.on);
        let feed = anybody.get("/.well-known/csaf/white/csaf-feed-language-es.json").await.must(200).text();
        assert!(feed.contains("mlt-ad-2026-0001-es.json") && !feed.contains("mlt-ad-2026-0001.json"), "on {}: {feed}", house.on);
        let page = anybody.get("/advisories/MLT-AD-2026-0001?lang=es").await.must(200);
        assert!(page.text().contains(SPANISH), "on {}", house.on);

        // The original goes on; what was translated says which version it was made from, until somebody translates anew.
        piece.next(&[("note", "New words"), ("references", "Vendor https://vendor.example/7")]).await;
        piece.words("en", "Example Gateway runs commands", "Other words altogether.").await.must(303);
        piece.out().await;
        assert_eq!(anybody.get(DOCUMENT).await.must(200).json()["document"]["tracking"]["version"], "1.1.0", "on {}", house.on);
        let older = anybody.get(SPANISH).await.must(200).json()["document"].clone();
        assert_eq!(older["tracking"]["version"], "1.0.1", "on {}", house.on);
        assert!(older["references"][0]["summary"].as_str().unwrap().contains("1.0.1"), "on {}: {}", house.on, older["references"][0]);

        press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
        let gone = anybody.get(SPANISH).await.must(200);
        let report = validate::check(&gone.body, Preset::Basic);
        assert!(report.is_valid(), "on {}: {:?}", house.on, report.findings);
        let gone = gone.json();
        assert_eq!(gone["document"]["tracking"]["version"], "2.0.0", "on {}", house.on);
        assert!(gone.to_string().contains("Motivo de la retirada") && gone.to_string().contains("It was another product"), "on {}: {gone}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_each_way_out_will_carry_is_shown_before_it_leaves_word_for_word() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    piece.spanish().await;
    let page = piece.writer.get(&format!("{}/channels", piece.at)).await.must(200);
    let words = page.words();
    for said in [
        "CSAF 2.0, English",
        "CSAF 2.1, Español",
        "Mail, Español: TLP:CLEAR Alta: Example Gateway ejecuta órdenes",
        "Atom, English",
        "\"source_lang\": \"en\"",
        "<entry",
    ] {
        assert!(words.contains(said), "{said} in {words}");
    }
    // As it was shown, so it leaves.
    crate::readers::subscribed(&house, "reader@shop.example", &[("language", "es")]).await;
    piece.out().await;
    house.run_jobs().await;
    let mails = house.sink.to("reader@shop.example");
    if let Some(told) = mails.iter().map(|mail| mail.letter()).find(|letter| letter.subject.contains("ejecuta")) {
        let sent = told.text.replace("\r\n", "\n");
        let body: Vec<&str> = sent.lines().filter(|line| !line.is_empty() && !line.contains("/subscription/") && !line.contains("/advisories/")).collect();
        for line in body {
            assert!(words.contains(line.trim()), "{line} was not shown in {words}");
        }
    } else {
        panic!("nobody was told: {:?}", mails.iter().map(|mail| mail.letter().subject).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_begins_with_the_teams_own_label_and_what_was_public_stays_so() {
    let house = House::sqlite().await;
    let writer = house.login_as(Role::Analyst).await;
    let new = writer.get("/publishing/new").await.must(200);
    assert!(new.text().contains("<option value=\"AMBER\" selected>"), "{}", new.words());
    let at = writer.post("/publishing/new", &[("kind", "question"), ("language", "en"), ("title", "What is it?")]).await.must(303).location().unwrap();
    assert!(writer.get(&at).await.must(200).shows("TLP:AMBER"));
    let chosen = [("kind", "question"), ("language", "en"), ("title", "What else?"), ("label", "CLEAR")];
    let at = writer.post("/publishing/new", &chosen).await.must(303).location().unwrap();
    assert!(writer.get(&at).await.must(200).shows("TLP:CLEAR"));

    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    piece.facts(&[("label", "AMBER"), ("severity", "high"), ("keys", "CVE-2026-30200"), ("note", "For some")]).await.must(303);
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    let refused = press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
    assert!(refused.shows("It is public since version 1"), "{}", refused.words());
}

/// What a page says of documents for programs: all of it has to be there.
async fn linked(house: &House, browser: &Browser, path: &str) -> Vec<String> {
    let links = browser.get(path).await.must(200).links("/.well-known/csaf/");
    for link in &links {
        house.visitor().get(link).await.must(200);
    }
    links
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_leads_to_documents_that_are_there_and_to_no_others() {
    let path = "/advisories/MLT-AD-2026-0001";
    for house in House::both().await {
        technical(&house, "CLEAR").await.out().await;
        let unsigned = linked(&house, &house.visitor(), path).await;
        assert!(unsigned.iter().any(|link| link.ends_with(".sha512")) && !unsigned.iter().any(|link| link.ends_with(".asc")), "on {}: {unsigned:?}", house.on);
        mail_key(&house).await;
        technical(&house, "CLEAR").await.out().await;
        let signed = linked(&house, &house.visitor(), path).await;
        assert!(signed.iter().any(|link| link.ends_with(".asc")) && signed.iter().any(|link| link.contains("/v2.1/clear/")), "on {}: {signed:?}", house.on);
        // What is for constituents is served to their programs, by a token.
        let inside = technical(&house, "AMBER").await;
        inside.approved().await;
        press(&inside.lead, &inside.at, "release", &[]).await.must(303);
        let member = house.login_as_member_of(house.organisation("North Cable").await).await;
        assert_eq!(linked(&house, &member, "/member/publications/advisories/MLT-AD-2026-0003").await, Vec::<String>::new(), "on {}", house.on);
        assert_eq!(linked(&house, &house.login_as(Role::Lead).await, &format!("{}/preview", inside.at)).await, Vec::<String>::new(), "on {}", house.on);
    }
    // What waits for somebody to sign it is not served yet.
    let house = House::with(|profile| profile.publications.signer = atalaya::profile::Signer::Offline).await;
    technical(&house, "CLEAR").await.out().await;
    assert_eq!(linked(&house, &house.visitor(), path).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn ledger_and_outgoing_mails_name_a_publication_and_a_key_that_ends_is_said_where_leads_look() {
    for house in House::both().await {
        mail_key(&house).await;
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        let closed = technical(&house, "AMBER").await;
        closed.approved().await;
        press(&closed.lead, &closed.at, "release", &[]).await.must(303);
        let ledger = piece.lead.get("/ledger").await.must(200);
        assert!(ledger.shows("MLT-AD-2026-0001") && ledger.text().contains(&format!("href=\"{}\"", piece.at)), "on {}: {}", house.on, ledger.words());
        assert!(piece.lead.get("/ledger?about=MLT-AD-2026-0001").await.must(200).shows("MLT-AD-2026-0001"), "on {}", house.on);
        // Who does not work on publications knows what everybody does.
        let auditor = house.login_as(Role::Auditor).await.get("/ledger").await.must(200);
        assert!(ledger.shows("MLT-AD-2026-0002") && !auditor.shows("MLT-AD-2026-0002"), "on {}: {}", house.on, auditor.words());
        assert!(auditor.shows("MLT-AD-2026-0001") && !auditor.text().contains(&piece.at), "on {}: {}", house.on, auditor.words());
        assert!(!piece.lead.get("/clocks").await.must(200).shows("the mail key"), "on {}", house.on);
        house.later(300 * 24 * 60);
        let clocks = house.login_as(Role::Lead).await.get("/clocks").await.must(200);
        assert!(clocks.shows("the mail key ends"), "on {}: {}", house.on, clocks.words());
    }
}
