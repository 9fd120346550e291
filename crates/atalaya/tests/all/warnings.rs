//! Constituents that are told of a publication without asking: by its rule, and because it concerns them.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, Details, assets};
use atalaya::keys::directory;
use formats::label::Tlp;
use press::Runs;
use store::{Id, args};

use crate::advisories::technical;
use crate::events::deliver;
use crate::house::{Answer, Browser, Gpg, House, Mail};
use crate::messages::organisation;
use crate::notices::{NORTH, SOUTH, two};
use crate::openpgp::{keep, mail_key};
use crate::publications::{Piece, begin, press as press_button};

pub async fn runs(house: &House, of: Id, version: &str) {
    let runs = Runs { vendor: "example vendor".into(), name: "EXAMPLE-GATEWAY".into(), version: version.into(), ..Runs::default() };
    assets::declare(&house.app, &Who::Operator, of, runs).await.unwrap();
}

/// A machine of somebody's that shows a weakness.
async fn seen(house: &House, ip: &str, cve: &str) {
    let bytes = format!("timestamp,ip,port,protocol,hostname,tag,asn,geo\n2026-11-22 03:04:05,{ip},443,tcp,,{cve},64500,LS\n").into_bytes();
    deliver(house, "shadow", &format!("2026-11-22-scan_http_vulnerable-{ip}.csv"), &bytes).await;
    house.run_jobs().await;
}

fn page(at: &str) -> String {
    format!("{at}/constituents")
}

/// Presses a button of the page of constituents, with what is chosen there as it stands.
pub async fn do_there(who: &Browser, at: &str, act: &str, more: &[(&str, &str)]) -> Answer {
    let page = who.get(&page(at)).await.must(200);
    let text = page.text();
    let after = |mark: &str| -> Vec<String> {
        text.split(mark)
            .skip(1)
            .filter_map(|rest| rest.split_once('"'))
            .map(|(id, rest)| format!("{id}{}", if rest.starts_with(" checked") { "+" } else { "" }))
            .collect()
    };
    let (shown, chosen) = (after("name=\"shown\" value=\""), after("name=\"chosen\" value=\""));
    // What is out and concerns nobody yet has no form that asks for it.
    let edition = if text.contains("name=\"edition\"") { page.input("edition") } else { String::new() };
    let mut fields = vec![("edition", edition.as_str())];
    if !more.iter().any(|(name, _)| *name == "chosen") {
        fields.extend(chosen.iter().filter_map(|id| id.strip_suffix('+')).map(|id| ("chosen", id)));
    }
    fields.extend(shown.iter().map(|id| ("shown", id.as_str())));
    fields.extend_from_slice(more);
    who.post(&format!("{at}/constituents/{act}"), &fields).await
}

pub fn said(mail: &Mail) -> String {
    let letter = mail.letter();
    format!("{}\n{}", letter.subject, letter.text)
}

/// Approved and released by the next version's note.
pub async fn next_version(piece: &Piece, label: &str) {
    press_button(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    let facts =
        [("label", label), ("severity", "critical"), ("keys", "CVE-2026-30011"), ("note", "It is worse"), ("references", "Vendor https://vendor.example/7")];
    piece.facts(&facts).await.must(303);
    press_button(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    press_button(&piece.reader, &piece.at, "approval", &[]).await.must(303);
    press_button(&piece.lead, &piece.at, "release", &[]).await.must(303);
}

async fn ceiling(house: &House, id: Id, ceiling: Tlp) {
    let one = constituency::get(&mut house.app.db.read().await.unwrap(), id).await.unwrap();
    constituency::change(&house.app, &Who::Operator, id, one.version, Details { ceiling, ..Details::from(&one) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_advisory_concerns_is_found_and_each_gets_a_letter_of_its_own() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        let west = organisation(&house, "West Post", "198.51.100.0/25", "abuse@west.example").await;
        let far = organisation(&house, "Far Away", "192.0.2.0/25", "abuse@far.example").await;
        organisation(&house, "East Radio", "198.51.100.128/25", "abuse@east.example").await;
        let one = constituency::get(&mut house.app.db.read().await.unwrap(), far).await.unwrap();
        constituency::change(&house.app, &Who::Operator, far, one.version, Details { status: "outside".into(), ..Details::from(&one) }).await.unwrap();
        runs(&house, north, "7.1").await;
        runs(&house, west, "7.2.4").await;
        runs(&house, far, "7.1").await;
        seen(&house, "203.0.113.200", "cve-2026-30011").await;
        seen(&house, "203.0.113.9", "cve-2026-99999").await;
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        house.run_jobs().await;
        assert!(house.sink.mails().is_empty(), "on {}: without a rule nobody is told who did not ask", house.on);
        do_there(&piece.writer, &piece.at, "search", &[("days", "no")]).await.must(422);
        do_there(&piece.writer, &piece.at, "search", &[("days", "30")]).await.must(303);
        let found = piece.writer.get(&page(&piece.at)).await.must(200);
        for words in [
            "declared example vendor EXAMPLE-GATEWAY 7.1: affected (affected: >=7.0 <=7.2.3)",
            "declared example vendor EXAMPLE-GATEWAY 7.2.4: not affected",
            "CVE-2026-30011 seen at 203.0.113.200",
            "2 chosen · 1 taken out",
        ] {
            assert!(found.shows(words), "on {}: {words} in {}", house.on, found.words());
        }
        assert!(!found.shows("Far Away") && !found.shows("East Radio") && !found.shows("203.0.113.9 "), "on {}: {}", house.on, found.words());
        do_there(&piece.writer, &piece.at, "addition", &[("name", "Nobody")]).await.must(422);
        do_there(&piece.writer, &piece.at, "addition", &[("name", "Far Away")]).await.must(422);
        do_there(&piece.writer, &piece.at, "addition", &[("name", "East Radio")]).await.must(303);
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(303);
        house.run_jobs().await;
        let mails = |address: &str| house.sink.to(address);
        assert_eq!((mails(NORTH).len(), mails(SOUTH).len(), mails("abuse@east.example").len(), house.sink.mails().len()), (1, 1, 1, 3), "on {}", house.on);
        let (to_north, to_south, to_east) = (said(&mails(NORTH)[0]), said(&mails(SOUTH)[0]), said(&mails("abuse@east.example")[0]));
        assert!(
            to_north.contains("you declared that you run example vendor EXAMPLE-GATEWAY 7.1")
                && to_north.contains("TLP:CLEAR High: Example Gateway runs commands")
        );
        assert!(to_south.contains("CVE-2026-30011 was reported for your 203[.]0[.]113[.]200, last on 2026-11-22"), "on {}: {to_south}", house.on);
        assert!(to_south.contains("TLP:AMBER"), "on {}: what was seen carries its feed's label: {to_south}", house.on);
        assert!(to_east.contains("our team thinks that it concerns you"), "{to_east}");
        for (text, own) in [(&to_north, "North"), (&to_south, "South"), (&to_east, "East")] {
            let others = ["North", "South", "East", "West", "203[.]0"].into_iter().filter(|name| *name != own && !(own == "South" && *name == "203[.]0"));
            for other in others {
                assert!(!text.contains(other), "on {}: {other} in the letter to {own}: {text}", house.on);
            }
            assert!(text.contains("cannot be ended like a subscription") && text.contains("/advisories/MLT-AD-2026-0001"), "{text}");
        }
        assert!(mails(NORTH)[0].header("List-Unsubscribe").is_none() && mails(NORTH)[0].header("Auto-Submitted").as_deref() == Some("auto-generated"));
        let left: Vec<(String, i64)> = house
            .rows("select label, count(*) from ledger where noun = 'publication' and recipient like 'contact:%' group by label order by label", vec![])
            .await;
        assert_eq!(left, [("AMBER".to_owned(), 1), ("CLEAR".to_owned(), 2)], "on {}", house.on);

        // Nobody is told twice, whoever presses what, and however often the job runs.
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(422);
        do_there(&piece.writer, &piece.at, "search", &[("days", "30")]).await.must(303);
        do_there(&piece.writer, &piece.at, "addition", &[("name", "North Cable")]).await.must(409);
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(422);
        once_more(&house).await;
        assert_eq!(house.sink.mails().len(), 3, "on {}", house.on);

        // Who was told of a version is told of the next, in the same thread; an address that is gone is marked.
        house.sink.answer(SOUTH, "550 5.1.1 no such user");
        next_version(&piece, "CLEAR").await;
        house.run_jobs().await;
        assert_eq!((mails(NORTH).len(), mails("abuse@west.example").len()), (2, 0), "on {}", house.on);
        let second = &mails(NORTH)[1];
        assert!(
            said(second).contains("you were told of an earlier version") && said(second).contains("It is worse") && said(second).contains(" v1.0.1: "),
            "{}",
            said(second)
        );
        assert_eq!(second.header("In-Reply-To"), mails(NORTH)[0].header("Message-ID"), "on {}", house.on);
        let bounced: Vec<(i64,)> = house.rows("select count(*) from contacts where organisation_id = $1 and bounced_at is not null", args![south]).await;
        assert_eq!(bounced[0].0, 1, "on {}", house.on);
        // The next cannot be told there, and the team sees why; once it can, it is tried again.
        next_version(&piece, "CLEAR").await;
        house.run_jobs().await;
        let held = piece.lead.get(&page(&piece.at)).await.must(200);
        assert!(held.shows("came back") && held.shows("1 held"), "on {}: {}", house.on, held.words());
        house.sink.answer(SOUTH, "");
        let contact: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![south]).await;
        constituency::clear_bounce(&house.app, &Who::Operator, contact[0].0).await.unwrap();
        do_there(&piece.lead, &piece.at, "retry", &[]).await.must(303);
        house.run_jobs().await;
        assert_eq!(mails(SOUTH).len(), 2, "on {}: versions 1 and 3", house.on);

        // Members read again what they were told, and nothing of others.
        let (member, other) = (house.login_as_member_of(north).await, house.login_as_member_of(south).await);
        let list = member.get("/member/publications").await.must(200);
        let own = list.links("/member/warnings/");
        assert_eq!(own.len(), 3, "on {}: {}", house.on, list.words());
        assert!(member.get(&own[0]).await.must(200).shows("To North Cable"));
        other.get(&own[0]).await.must(404);
        house.visitor().get(&own[0]).await.must(303);
    }
}

/// Has every job of mailings run once more, as after a death before it was marked as done.
async fn once_more(house: &House) {
    house
        .app
        .db
        .change("test", async |tx| {
            tx.execute("update mailings set state = 'going', after_id = null", vec![]).await?;
            let all: Vec<(Id,)> = tx.rows("select id from mailings", vec![]).await?;
            for (id,) in all {
                tx.enqueue("mail_out", serde_json::json!({ "mailing": id })).await?;
            }
            tx.record(store::Record::new("test", "test", tx.new_id()));
            Ok::<_, store::Error>(())
        })
        .await
        .unwrap();
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_it_is_out_a_lead_says_so_in_as_many_words_and_who_was_warned_hears_when_it_is() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        ceiling(&house, south, Tlp::Green).await;
        runs(&house, north, "7.1").await;
        runs(&house, south, "").await;
        let piece = technical(&house, "CLEAR").await;
        do_there(&piece.writer, &piece.at, "search", &[("days", "1")]).await.must(303);
        let found = piece.writer.get(&page(&piece.at)).await.must(200);
        assert!(found.shows("please compare") && found.shows("may get TLP:GREEN only") && found.shows("not out yet"), "on {}: {}", house.on, found.words());
        // Nobody has read it yet; then only a lead may, and says so.
        do_there(&piece.lead, &piece.at, "sending", &[("ahead", "yes")]).await.must(409);
        piece.approved().await;
        do_there(&piece.writer, &piece.at, "sending", &[("ahead", "yes")]).await.must(404);
        assert!(do_there(&piece.lead, &piece.at, "sending", &[]).await.must(422).shows("before everybody else"), "on {}", house.on);
        press_button(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00"), ("zone", "Africa/Maseru")]).await.must(303);
        do_there(&piece.lead, &piece.at, "sending", &[("ahead", "yes")]).await.must(303);
        house.run_jobs().await;
        let told = house.sink.to(NORTH);
        assert_eq!((told.len(), house.sink.to(SOUTH).len()), (1, 0), "on {}: GREEN is less than what is not public carries", house.on);
        let text = said(&told[0]);
        assert!(
            text.contains("TLP:AMBER High: Example Gateway") && text.contains("This is not public before") && !text.contains("/advisories/"),
            "on {}: {text}",
            house.on
        );
        assert!(told[0].header("X-Advisory-Id").is_none(), "on {}: nothing of it in the head", house.on);
        assert!(piece.lead.get(&page(&piece.at)).await.must(200).shows("TLP:AMBER is more than South Radio"), "on {}", house.on);
        for path in ["/advisories", "/feeds/latest.atom", "/member/publications"] {
            assert!(!house.visitor().get(path).await.text().contains("Gateway"), "on {}: {path}", house.on);
        }
        let member = house.login_as_member_of(north).await;
        assert!(member.get("/member/publications").await.must(200).shows("not public yet"), "on {}", house.on);
        assert!(!house.login_as_member_of(south).await.get("/member/publications").await.must(200).shows("Gateway"), "on {}", house.on);
        house.set_clock("2026-11-24T09:00:00+02:00");
        house.run_jobs().await;
        let told = house.sink.to(NORTH);
        assert_eq!((told.len(), house.sink.to(SOUTH).len()), (2, 1), "on {}: everybody may know now", house.on);
        let text = said(&told[1]);
        assert!(
            text.contains("TLP:CLEAR High") && text.contains("before it was public") && text.contains("/advisories/MLT-AD-2026-0001"),
            "on {}: {text}",
            house.on
        );
        once_more(&house).await;
        assert_eq!(house.sink.mails().len(), 3, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_let_go_ahead_is_not_told_in_other_words() {
    let house = House::sqlite().await;
    let (north, _) = two(&house).await;
    runs(&house, north, "7.1").await;
    let piece = technical(&house, "CLEAR").await;
    do_there(&piece.writer, &piece.at, "search", &[]).await.must(303);
    piece.approved().await;
    do_there(&piece.lead, &piece.at, "sending", &[("ahead", "yes")]).await.must(303);
    // Before the job runs, somebody writes on, and it is approved anew.
    piece.words("en", "Example Gateway runs other commands", "Other words.").await.must(303);
    house.run_jobs().await;
    piece.approved().await;
    once_more(&house).await;
    assert!(house.sink.mails().is_empty(), "{:?}", house.sink.mails().first().map(said));
    do_there(&piece.lead, &piece.at, "retry", &[("ahead", "yes")]).await.must(303);
    house.run_jobs().await;
    assert!(said(&house.sink.to(NORTH)[0]).contains("other commands"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_tells_constituents_without_asking_within_their_label_and_by_their_key() {
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let (_, south) = two(&house).await;
        ceiling(&house, south, Tlp::Green).await;
        let post = organisation(&house, "West Post", "198.51.100.0/25", "abuse@west.example").await;
        let one = constituency::get(&mut house.app.db.read().await.unwrap(), post).await.unwrap();
        constituency::change(&house.app, &Who::Operator, post, one.version, Details { sector: "post".into(), ..Details::from(&one) }).await.unwrap();
        let gpg = Gpg::of(&format!("North <{NORTH}>"));
        gpg.must(&["--import"], ours.certificate().armored().unwrap().as_bytes());
        let print = gpg.fingerprint(NORTH);
        directory::take(&house.app, &Who::Operator, &gpg.export(NORTH), NORTH, directory::Source::Upload).await.unwrap();
        directory::verify(&house.app, &Who::Operator, &print, NORTH, "on paper").await.unwrap();

        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        piece.facts(&[("label", "AMBER"), ("severity", "high"), ("keys", "CVE-2026-30200"), ("sector", "mobile")]).await.must(303);
        piece.approved().await;
        // The rule is part of what is approved.
        do_there(&piece.writer, &piece.at, "rule", &[("rule", "whoever")]).await.must(422);
        do_there(&piece.writer, &piece.at, "rule", &[("rule", "sectors")]).await.must(303);
        press_button(&piece.lead, &piece.at, "release", &[]).await.must(409);
        piece.approved().await;
        press_button(&piece.lead, &piece.at, "release", &[]).await.must(303);
        house.run_jobs().await;
        let mails = |address: &str| house.sink.to(address);
        assert_eq!(
            (mails(NORTH).len(), mails(SOUTH).len(), mails("abuse@west.example").len()),
            (1, 0, 0),
            "on {}: of the sector, and within the label",
            house.on
        );
        let (raw, mail) = (mails(NORTH)[0].text(), &mails(NORTH)[0]);
        assert!(
            raw.contains("multipart/encrypted") && !raw.contains("Routers") && mail.header("subject").unwrap().contains("MLT-AL-2026-0001"),
            "on {}: {raw}",
            house.on
        );
        let armored = raw.split("-----BEGIN PGP MESSAGE-----").nth(1).and_then(|rest| rest.split("-----END PGP MESSAGE-----").next()).unwrap();
        let armored = format!("-----BEGIN PGP MESSAGE-----{armored}-----END PGP MESSAGE-----\r\n");
        let opened = String::from_utf8_lossy(&gpg.must(&["--decrypt"], armored.as_bytes())).into_owned();
        let inside = post::letter::read(opened.as_bytes(), &post::letter::Limits::default()).text;
        for (name, value) in [
            ("list-id", "<constituents.csirt.maluti.example>"),
            ("list-owner", "<mailto:report@csirt.maluti.example>"),
            ("list-post", "NO"),
            ("precedence", "list"),
        ] {
            assert_eq!(mail.header(name).as_deref(), Some(value), "on {}", house.on);
        }
        assert!(mail.header("list-unsubscribe").is_none() && mail.header("x-advisory-id").is_none(), "on {}", house.on);
        for words in ["TLP:AMBER", "you are an organisation that we serve", "/member/publications/alerts/MLT-AL-2026-0001", "cannot be ended"] {
            assert!(inside.contains(words), "on {}: {words} in {inside}", house.on);
        }
        let ledger = house.ledger().await;
        assert!(ledger.iter().any(|row| row.1 == "AMBER" && row.2 == "encrypted mail" && row.3 == NORTH), "on {}: {ledger:?}", house.on);
        assert!(!ledger.iter().any(|row| row.3 == SOUTH), "on {}", house.on);
        let held = piece.lead.get(&page(&piece.at)).await.must(200);
        assert!(held.shows("1 held") && held.shows("TLP:AMBER is more than South Radio"), "on {}: {}", house.on, held.words());
        // Withdrawing tells those that were told.
        press_button(&piece.lead, &piece.at, "withdrawal", &[("why", "It was another router")]).await.must(303);
        house.run_jobs().await;
        assert_eq!((mails(NORTH).len(), mails("abuse@west.example").len()), (2, 0), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_subscribed_too_gets_one_mail_of_a_version_and_counts_once() {
    for house in House::both_with(|profile| profile.publications.constituents = atalaya::profile::Told::All).await {
        two(&house).await;
        let capitals = NORTH.to_uppercase();
        for (address, due) in [(NORTH, "at_once"), (capitals.as_str(), "at_once"), (SOUTH, "daily")] {
            crate::readers::subscribed(&house, address, &[("due", due), ("kind", if due == "daily" || address == NORTH { "" } else { "alert" })]).await;
        }
        let before = [house.sink.to(NORTH).len() + house.sink.to(&capitals).len(), house.sink.to(SOUTH).len()];
        house.later(1);
        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        piece.out().await;
        house.run_jobs().await;
        once_more(&house).await;
        atalaya::publications::readers::digest_begin(&house.app).await.unwrap();
        house.later(26 * 60);
        house.run_jobs().await;
        let now = [house.sink.to(NORTH).len() + house.sink.to(&capitals).len(), house.sink.to(SOUTH).len()];
        assert_eq!([now[0] - before[0], now[1] - before[1]], [1, 1], "on {}: the letter to a constituent, and nothing beside it", house.on);
        let page = piece.lead.get(&piece.at).await;
        let page = if page.status == 200 { page } else { house.login_as(Role::Lead).await.get(&piece.at).await.must(200) };
        assert!(page.shows("2 of 2 queued · 2 constituents told") && !page.shows("sent"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_constituents_and_readers_wait_together_for_a_second_person_and_can_be_stopped() {
    let house = House::with(|profile| profile.publications.constituents = atalaya::profile::Told::All).await;
    two(&house).await;
    atalaya::publications::readers::enlist(&house.app, (0..999).map(|place| format!("r{place}@shop.example")), "en").await.unwrap();
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    house.run_jobs().await;
    let asked = piece.lead.get(&page(&piece.at)).await.must(200);
    assert!(asked.shows("waits for a second person") && asked.shows("0 of 1001"), "{}", asked.words());
    assert!(house.sink.to(NORTH).is_empty());
    let mailing = asked.input("mailing");
    assert!(do_there(&piece.lead, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(409).shows("somebody else"));
    do_there(&piece.lead, &piece.at, "mailing-stop", &[("mailing", &mailing)]).await.must(303);
    house.run_jobs().await;
    assert!(house.sink.to(NORTH).is_empty());
    let other = house.login_as(Role::Lead).await;
    do_there(&other, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(303);
    house.run_jobs().await;
    assert_eq!((house.sink.to(NORTH).len(), house.sink.to(SOUTH).len()), (1, 1));
    let (told,): (i64,) = house.rows("select count(distinct subscription_id) from deliveries", args![]).await[0];
    assert_eq!(told, 999);
    // A guidance begins with no rule, whatever the profile says of alerts.
    begin(&house, "guidance", "The first hour").await.out().await;
    house.run_jobs().await;
    assert_eq!(house.sink.to(NORTH).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_reads_on_the_portal_finds_its_letter_there_and_what_was_seen_above_its_label_is_not_said() {
    let house = House::sqlite().await;
    let (north, _) = two(&house).await;
    let contact: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![north]).await;
    let one = constituency::contact(&mut house.app.db.read().await.unwrap(), contact[0].0).await.unwrap();
    let portal = constituency::ContactDetails { reach: "portal".into(), ..constituency::ContactDetails::from(&one) };
    constituency::change_contact(&house.app, &Who::Operator, one.id, one.version, portal).await.unwrap();
    ceiling(&house, north, Tlp::Green).await;
    seen(&house, "203.0.113.9", "cve-2026-30011").await;
    let piece = technical(&house, "CLEAR").await;
    piece.out().await;
    do_there(&piece.writer, &piece.at, "search", &[]).await.must(303);
    do_there(&piece.writer, &piece.at, "sending", &[]).await.must(303);
    house.run_jobs().await;
    assert!(house.sink.mails().is_empty());
    let member = house.login_as_member_of(north).await;
    let own = member.get("/member/publications").await.must(200).links("/member/warnings/");
    let letter = member.get(&own[0]).await.must(200);
    assert!(letter.shows("our team thinks that it concerns you") && !letter.text().contains("203[.]0"), "{}", letter.words());
    let read = async || {
        house.rows::<(String,)>("select recipient from ledger where basis = 'warning' and channel = 'portal' and recipient like 'person:%'", vec![]).await.len()
    };
    member.get(&own[0]).await.must(200);
    assert_eq!(read().await, 1, "once for each person");
    house.login_as_member_of(north).await.get(&own[0]).await.must(200);
    assert_eq!(read().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_note_is_no_report_and_an_answer_names_what_it_answers() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        runs(&house, north, "7.1").await;
        atalaya::publications::readers::enlist(&house.app, ["reader@shop.example".to_owned()], "en").await.unwrap();
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        do_there(&piece.writer, &piece.at, "search", &[]).await.must(303);
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(303);
        house.run_jobs().await;
        let reports = async || house.rows::<(String,)>("select number from reports order by number", args![]).await;
        for address in [NORTH, "reader@shop.example"] {
            let id = house.sink.to(address)[0].header("Message-ID").unwrap();
            let mail = |more: &str, body: &str| {
                format!(
                    "From: Desk <{address}>\r\nTo: report@csirt.maluti.example\r\nSubject: Re: it\r\nMessage-ID: <{}@answer.example>\r\nIn-Reply-To: {id}\r\n{more}\r\n{body}\r\n",
                    body.len()
                )
            };
            let before = reports().await.len();
            keep(&house, address, mail("Auto-Submitted: auto-replied\r\n", "We are away until Monday.").as_bytes()).await;
            house.run_jobs().await;
            assert_eq!(reports().await.len(), before, "on {}: an absence note of {address}", house.on);
            keep(&house, address, mail("", "It is not ours, please ask the others.").as_bytes()).await;
            house.run_jobs().await;
            assert_eq!(reports().await.len(), before + 1, "on {}: an answer of {address}", house.on);
        }
        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get(&format!("/inbox/{}", reports().await[0].0)).await.must(200);
        assert!(page.shows("It answers what North Cable was told of MLT-AD-2026-0001"), "on {}: {}", house.on, page.words());
    }
}
