//! Those who come to what stands in the calendar: asked once more, with a place or on the list, told of what changes.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::collections::BTreeMap;

use atalaya::access::Role;
use atalaya::publications::registrations;
use store::args;

use crate::house::{Answer, House, Mail};
use crate::publications::{Piece, begin, press};

const PAGE: &str = "/calendar/MLT-EV-2026-0001";

/// The facts of a training on 3 December with registration, and what else a version says.
fn facts<'f>(more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let usual = [
        ("label", "CLEAR"),
        ("starts", "2026-12-03T09:00"),
        ("ends", "2026-12-03T16:30"),
        ("zone", "Africa/Maseru"),
        ("registers", "yes"),
        ("places", "2"),
        ("closes", "2026-12-02T12:00"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).filter(|(_, value)| *value != "-").collect()
}

pub async fn training(house: &House, more: &[(&str, &str)]) -> Piece {
    let piece = begin(house, "calendar", "Incident handling for small providers").await;
    piece.facts(&facts(more)).await.must(303);
    piece.out().await;
    piece
}

/// The next version.
async fn revised(piece: &Piece, more: &[(&str, &str)]) {
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    let mut all = facts(more);
    all.push(("note", "We changed something."));
    piece.facts(&all).await.must(303);
    piece.approved().await;
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
}

/// Sends the form of the page from an address of the net.
async fn ask(house: &House, who: &str, more: &[(&str, &str)]) -> Answer {
    let visitor = house.visitor();
    // Everybody from a network of their own.
    let place = who.bytes().fold(1_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 250);
    visitor.set_header("x-forwarded-for", &format!("198.51.100.{}", place + 1));
    let (name, address) = (format!("{who} Example"), format!("{who}@shop.example"));
    let mut fields = more.to_vec();
    fields.extend(
        [("name", name.as_str()), ("address", address.as_str()), ("language", "en")].iter().filter(|(one, _)| more.iter().all(|(other, _)| other != one)),
    );
    visitor.post(&format!("{PAGE}/registration"), &fields).await
}

fn mails(house: &House, who: &str) -> Vec<Mail> {
    house.sink.to(&format!("{who}@shop.example"))
}

/// Subject and text of the newest mail to somebody.
fn newest(house: &House, who: &str) -> String {
    let letter = mails(house, who).pop().unwrap_or_else(|| panic!("no mail to {who} on {}", house.on)).letter();
    format!("{}\n{}", letter.subject, letter.text)
}

/// The page of a registration, by the newest mail that has its address.
fn page_of(house: &House, who: &str) -> String {
    let mut links = mails(house, who).into_iter().filter_map(|mail| {
        let text = mail.letter().text;
        let at = text.find("/registration/")?;
        Some(text[at..].split([' ', '\n', '\r', '?']).next().unwrap().to_owned())
    });
    links.next_back().expect("a link")
}

/// Asks and confirms; gives the page of the registration.
pub async fn registered(house: &House, who: &str) -> String {
    ask(house, who, &[]).await.must(303);
    house.run_jobs().await;
    let page = page_of(house, who);
    house.visitor().post(&format!("{page}/confirmation"), &[]).await.must(303);
    house.run_jobs().await;
    page
}

async fn seats(house: &House) -> BTreeMap<String, String> {
    house
        .rows("select name, seat from registrations", vec![])
        .await
        .into_iter()
        .map(|(name, seat): (String, String)| (name.replace(" Example", ""), seat))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_counts_when_it_is_confirmed_the_others_wait_and_move_up_and_all_are_told_what_changes() {
    for house in House::both().await {
        let piece = training(&house, &[]).await;
        let anybody = house.visitor();
        assert!(anybody.get(PAGE).await.must(200).shows("2 places are left."), "on {}", house.on);
        let asked = ask(&house, "ann", &[("remark", "No meat, please")]).await.must(303);
        assert_eq!((asked.location().as_deref(), asked.header("set-cookie")), (Some("/registration/asked"), None), "on {}", house.on);
        house.run_jobs().await;
        let first = newest(&house, "ann");
        for part in [
            "Please confirm: Incident handling",
            "TLP:CLEAR",
            "Thu 3 December 2026, 09:00–16:30 (Africa/Maseru)",
            "Where: Room 2",
            "Wed 2 December 2026, 12:00",
        ] {
            assert!(first.contains(part), "on {}: {part} in {first}", house.on);
        }
        // What a stranger typed is not carried to a mailbox that did not ask for it.
        let raw = mails(&house, "ann")[0].text();
        assert!(!first.contains("No meat") && !raw.contains("ann Example"), "on {}: {raw}", house.on);
        // A program that opens every link in a mail takes no place.
        let own = page_of(&house, "ann");
        for _ in 0..2 {
            assert!(anybody.get(&own).await.must(200).shows("Not confirmed yet"), "on {}", house.on);
        }
        anybody.get(&format!("{own}/confirmation")).await.must(405);
        assert!(anybody.get(PAGE).await.must(200).shows("2 places are left."), "on {}", house.on);
        anybody.post(&format!("{own}/confirmation"), &[]).await.must(303);
        anybody.post(&format!("{own}/confirmation"), &[]).await.must(303);
        house.run_jobs().await;
        let coming = mails(&house, "ann").pop().unwrap();
        let letter = coming.letter();
        assert!(letter.subject.contains("You have a place") && letter.subject.contains("MLT-EV-2026-0001"), "on {}: {}", house.on, letter.subject);
        let file = &letter.attachments[0];
        let event = String::from_utf8_lossy(&file.content).into_owned();
        assert_eq!((file.name.as_str(), file.media_type.as_str()), ("MLT-EV-2026-0001.ics", "text/calendar"), "on {}", house.on);
        assert!(event.contains("DTSTART:20261203T070000Z") && event.contains("STATUS:CONFIRMED"), "on {}: {event}", house.on);
        assert_eq!(coming.header("In-Reply-To"), mails(&house, "ann")[0].header("Message-ID"), "on {}", house.on);
        assert!(anybody.get(PAGE).await.must(200).shows("One place is left."), "on {}", house.on);
        let ben = registered(&house, "ben").await;
        let full = anybody.get(PAGE).await.must(200);
        assert!(full.shows("All places are taken") && full.shows("Join the waiting list"), "on {}: {}", house.on, full.words());
        let cleo = registered(&house, "cleo").await;
        let dora = registered(&house, "dora").await;
        let said = newest(&house, "dora");
        assert!(said.contains("Waiting list:") && said.contains("You are number 2 on the waiting list."), "on {}: {said}", house.on);
        assert!(mails(&house, "dora").pop().unwrap().letter().attachments.is_empty(), "on {}", house.on);
        assert!(anybody.get(PAGE).await.must(200).shows("2 people are waiting."), "on {}", house.on);

        // Who cancels frees a place for the first who waits.
        anybody.get(&format!("{ben}/cancellation")).await.must(405);
        anybody.post(&format!("{ben}/cancellation"), &[]).await.must(303);
        anybody.post(&format!("{ben}/cancellation"), &[]).await.must(303);
        house.run_jobs().await;
        assert!(newest(&house, "ben").contains("No longer registered"), "on {}", house.on);
        assert!(newest(&house, "cleo").contains("A place became free"), "on {}: {}", house.on, newest(&house, "cleo"));
        assert!(anybody.get(&cleo).await.must(200).shows("You have a place."), "on {}", house.on);
        assert!(anybody.get(&dora).await.must(200).shows("You are number 1 on the waiting list."), "on {}", house.on);
        // More places in a new version; what only that changes is told to nobody else.
        let before = mails(&house, "ann").len();
        revised(&piece, &[("places", "3")]).await;
        house.run_jobs().await;
        assert!(newest(&house, "dora").contains("A place became free"), "on {}", house.on);
        assert_eq!(mails(&house, "ann").len(), before, "on {}", house.on);
        // Fewer places take nobody's away.
        revised(&piece, &[("places", "1")]).await;
        house.run_jobs().await;
        let stands = seats(&house).await;
        assert_eq!(stands.values().filter(|seat| *seat == "coming").count(), 3, "on {}: {stands:?}", house.on);
        // Another time is told to everybody who comes, once; not to who cancelled.
        let (ben_had, ann_had) = (mails(&house, "ben").len(), mails(&house, "ann").len());
        revised(&piece, &[("starts", "2026-12-03T10:00")]).await;
        house.run_jobs().await;
        house.run_jobs().await;
        let said = newest(&house, "ann");
        for part in ["Changed:", "10:00–16:30", "Before:", "09:00–16:30", "We changed something.", "You have a place."] {
            assert!(said.contains(part), "on {}: {part} in {said}", house.on);
        }
        assert_eq!((mails(&house, "ben").len(), mails(&house, "ann").len()), (ben_had, ann_had + 1), "on {}", house.on);
        // It does not take place: told, with an event that says so, and nobody registers any more.
        revised(&piece, &[("starts", "2026-12-03T10:00"), ("cancelled", "yes")]).await;
        house.run_jobs().await;
        let off = mails(&house, "dora").pop().unwrap().letter();
        assert!(
            off.subject.contains("It does not take place") && String::from_utf8_lossy(&off.attachments[0].content).contains("STATUS:CANCELLED"),
            "on {}",
            house.on
        );
        assert!(anybody.get(PAGE).await.must(200).shows("It does not take place"), "on {}", house.on);
        ask(&house, "eve", &[]).await.must(409);
        revised(&piece, &[("starts", "2026-12-03T10:00")]).await;
        house.run_jobs().await;
        assert!(newest(&house, "dora").contains("It takes place after all"), "on {}", house.on);
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "The house is closed.")]).await.must(303);
        house.run_jobs().await;
        let said = newest(&house, "dora");
        assert!(said.contains("It does not take place") && said.contains("The house is closed."), "on {}: {said}", house.on);
        assert!(anybody.get(&dora).await.must(200).shows("It does not take place"), "on {}", house.on);
        // The journal says what was done, and of nobody who it was.
        let lines: Vec<(String, String, Option<String>)> =
            house.rows("select verb, facts, particulars from journal where noun = 'registration' and verb <> 'released'", vec![]).await;
        assert!(
            lines.len() > 15 && lines.iter().all(|(_, facts, particulars)| particulars.is_none() && !facts.contains("shop.example")),
            "on {}: {lines:?}",
            house.on
        );
        let left: Vec<(i64,)> = house.rows("select count(*) from ledger where recipient like 'registration:%'", vec![]).await;
        let sent = house.sink.mails().len();
        assert_eq!(left[0].0, i64::try_from(sent).unwrap(), "on {}: every mail stands in the ledger", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_told_the_same_whoever_comes_already_and_an_address_stands_once_in_the_list() {
    for house in House::both().await {
        training(&house, &[]).await;
        registered(&house, "ann").await;
        let (new, again) =
            (ask(&house, "ben", &[]).await.must(303), ask(&house, "ann", &[("address", "Ann@Shop.example"), ("name", "Mallory Example")]).await.must(303));
        assert_eq!((new.location(), new.text(), new.headers.len()), (again.location(), again.text(), again.headers.len()), "on {}", house.on);
        house.run_jobs().await;
        let said = newest(&house, "ann");
        assert!(said.contains("You are registered already") && said.contains("You have a place."), "on {}: {said}", house.on);
        let stands = seats(&house).await;
        assert_eq!(stands, BTreeMap::from([("ann".into(), "coming".into()), ("ben".into(), "asked".into())]), "on {}", house.on);
        // Who asks again before confirming is asked again, and stands there once.
        ask(&house, "ben", &[("name", "Benjamin Example")]).await.must(303);
        house.run_jobs().await;
        assert_eq!((mails(&house, "ben").len(), seats(&house).await.get("Benjamin").cloned()), (2, Some("asked".into())), "on {}", house.on);
        // Who cancelled comes back by the old link, at the end of the list.
        let own = page_of(&house, "ann");
        house.visitor().post(&format!("{own}/cancellation"), &[]).await.must(303);
        assert!(house.visitor().get(&own).await.must(200).shows("Register again"), "on {}", house.on);
        house.visitor().post(&format!("{own}/confirmation"), &[]).await.must(303);
        assert_eq!(seats(&house).await.get("ann").cloned(), Some("coming".into()), "on {}", house.on);
        let forged = format!("{}{}", &own[..own.len() - 1], if own.ends_with('A') { "E" } else { "A" });
        house.visitor().get(&forged).await.must(404);
        house.visitor().post(&format!("{forged}/cancellation"), &[]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_place_goes_to_one_of_two_who_press_at_the_same_moment() {
    for house in House::both().await {
        let piece = training(&house, &[("places", "1")]).await;
        for who in ["ann", "ben", "cleo", "dora"] {
            ask(&house, who, &[]).await.must(303);
        }
        house.run_jobs().await;
        let pages: Vec<String> = ["ann", "ben", "cleo", "dora"].into_iter().map(|who| format!("{}/confirmation", page_of(&house, who))).collect();
        let visitor = house.visitor();
        let (a, b, c, d) = tokio::join!(visitor.post(&pages[0], &[]), visitor.post(&pages[1], &[]), visitor.post(&pages[2], &[]), visitor.post(&pages[3], &[]));
        assert_eq!([a.status, b.status, c.status, d.status], [303; 4], "on {}", house.on);
        let count = |stands: &BTreeMap<String, String>, seat: &str| stands.values().filter(|one| *one == seat).count();
        let stands = seats(&house).await;
        assert_eq!((count(&stands, "coming"), count(&stands, "waiting")), (1, 3), "on {}: {stands:?}", house.on);
        let turns: Vec<(i64,)> = house.rows("select turn from registrations order by turn", vec![]).await;
        assert_eq!(turns, [(1,), (2,), (3,), (4,)], "on {}", house.on);
        // All leave and somebody gets more room at the same moment.
        let leave: Vec<String> = pages.iter().map(|page| page.replace("confirmation", "cancellation")).collect();
        tokio::join!(visitor.post(&leave[0], &[]), visitor.post(&leave[1], &[]), revised(&piece, &[("places", "2")]));
        house.run_jobs().await;
        let stands = seats(&house).await;
        assert_eq!((count(&stands, "coming"), count(&stands, "cancelled")), (2, 2), "on {}: {stands:?}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_are_refused_with_one_line_and_floods_end() {
    let house = House::sqlite().await;
    training(&house, &[]).await;
    let long = "x".repeat(301);
    for (field, bad, says) in [
        ("name", "", "Write your name on one line"),
        ("name", "Ann\r\nBcc: all@shop.example", "Write your name on one line"),
        ("name", "Ann\u{202e}example", "Write your name on one line"),
        ("name", long.as_str(), "Write your name on one line"),
        ("address", "", "Write a mail address"),
        ("address", "a@b.example\r\nBcc: c@d.example", "Write a mail address"),
        ("address", "a@b.example, c@d.example", "Write a mail address"),
        ("organisation", "One\nTwo", "Write the organisation on one line"),
        ("remark", long.as_str(), "Write the remark on one line"),
    ] {
        let page = ask(&house, &format!("bad{field}{}", bad.len()), &[(field, bad)]).await.must(422);
        assert!(page.shows(says) && page.text().contains(&format!("href=\"#{field}\"")), "{field}: {}", page.words());
    }
    // What was typed stands in the fields again, and is no markup.
    let page = ask(&house, "markup", &[("name", "<b>Ann</b>"), ("address", "nowhere")]).await.must(422);
    assert!(page.text().contains("value=\"&#60;b&#62;Ann&#60;/b&#62;\""), "{}", page.text());
    // A field that no person sees.
    ask(&house, "robot", &[("website", "https://shop.example/")]).await.must(303);
    let (known,): (i64,) = house.rows("select count(*) from registrations", vec![]).await[0];
    assert_eq!((known, house.sink.mails().len()), (0, 0));
    // One mailbox, then one network.
    for status in [303, 303, 303, 429] {
        ask(&house, "flood", &[]).await.must(status);
    }
    let visitor = house.visitor();
    visitor.set_header("x-forwarded-for", "2001:db8:1:2::1");
    let mut answers = Vec::new();
    for place in 0..21 {
        visitor.set_header("x-forwarded-for", &format!("2001:db8:1:2::{place}"));
        let address = format!("net{place}@shop.example");
        answers.push(visitor.post(&format!("{PAGE}/registration"), &[("name", "Net"), ("address", &address)]).await.status);
    }
    assert_eq!((answers[..20].iter().all(|status| *status == 303), answers[20]), (true, 429), "{answers:?}");
    house.later(61);
    ask(&house, "flood", &[]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_registers_before_it_is_public_nor_when_it_is_closed_begun_or_over() {
    let house = House::sqlite().await;
    let piece = begin(&house, "calendar", "Incident handling for small providers").await;
    piece.facts(&facts(&[])).await.must(303);
    piece.approved().await;
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(303);
    // A preview shows how it will stand, and has no form.
    let preview = piece.lead.get(&format!("{}/preview", piece.at)).await.must(200);
    assert!(preview.shows("2 places are left.") && !preview.text().contains("name=\"address\""), "{}", preview.words());
    ask(&house, "ann", &[]).await.must(404);
    house.visitor().post("/calendar/incident-handling-for-small-providers/registration", &[("name", "Ann"), ("address", "ann@shop.example")]).await.must(404);
    let list = piece.lead.get(&format!("{}/registrations", piece.at)).await.must(200);
    assert!(list.shows("It is not out yet"), "{}", list.words());
    piece.lead.post(&format!("{}/registrations", piece.at), &[("name", "Ann")]).await.must(404);
    house.set_clock("2026-11-24T09:00:00+02:00");
    house.run_jobs().await;
    ask(&house, "ann", &[]).await.must(303);
    ask(&house, "ben", &[]).await.must(303);
    house.run_jobs().await;
    let (ann, ben) = (page_of(&house, "ann"), page_of(&house, "ben"));
    house.visitor().post(&format!("{ann}/confirmation"), &[]).await.must(303);
    house.set_clock("2026-12-02T12:00:00+02:00");
    let closed = house.visitor().get(PAGE).await.must(200);
    assert!(closed.shows("Registration is closed.") && !closed.text().contains("name=\"address\""), "{}", closed.words());
    assert!(ask(&house, "cleo", &[]).await.must(409).shows("Registration is closed."));
    assert!(house.visitor().post(&format!("{ben}/confirmation"), &[]).await.must(409).shows("Registration is closed."));
    house.set_clock("2026-12-03T09:00:00+02:00");
    assert!(house.visitor().get(PAGE).await.must(200).shows("It has begun."));
    assert!(house.visitor().post(&format!("{ann}/cancellation"), &[]).await.must(409).shows("It has begun"));
    house.set_clock("2026-12-03T16:30:00+02:00");
    assert!(house.visitor().get(PAGE).await.must(200).shows("It is over."));
    assert!(house.visitor().get(&ann).await.must(200).shows("It is over."));
    // What takes no registrations has no form, and says nothing of it.
    let other = begin(&house, "alert", "Routers with open port 7547").await;
    other.writer.get(&format!("{}/registrations", other.at)).await.must(404);
    house.visitor().post("/calendar/nothing/registration", &[("name", "Ann"), ("address", "ann@shop.example")]).await.must(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_adds_cancels_and_marks_who_was_there_and_takes_the_list_out_as_a_file() {
    for house in House::both().await {
        let piece = training(&house, &[("places", "2")]).await;
        let list = format!("{}/registrations", piece.at);
        registered(&house, "ann").await;
        let add = async |more: &[(&str, &str)]| piece.writer.post(&list, more).await;
        // On the word of the team it counts at once; who has no mail address is told by somebody.
        add(&[("name", "=cmd()|' /C calc'!A0"), ("organisation", "Shop Example")]).await.must(303);
        add(&[("name", "=cmd()|' /C calc'!A0"), ("organisation", "Shop Example")]).await.must(303);
        add(&[("name", "Dora Example"), ("address", "dora@shop.example"), ("language", "es")]).await.must(303);
        let page = add(&[("name", "Ann Again"), ("address", "ANN@shop.example")]).await.must(409);
        assert!(page.shows("This address is on the list already.") && page.text().contains("value=\"Ann Again\""), "on {}: {}", house.on, page.words());
        assert!(add(&[("name", ""), ("address", "x@shop.example")]).await.must(422).shows("Write your name on one line"), "on {}", house.on);
        house.run_jobs().await;
        assert!(newest(&house, "dora").contains("Lista de espera"), "on {}: {}", house.on, newest(&house, "dora"));
        let page = piece.writer.get(&list).await.must(200);
        assert!(page.shows("2 of 2 places") && page.shows("1 waiting") && page.shows("none: tell them yourself"), "on {}: {}", house.on, page.words());
        let ids: Vec<(String, store::Id)> = house.rows("select name, id from registrations order by turn", vec![]).await;
        let id = |name: &str| ids.iter().find(|(one, _)| one.starts_with(name)).map(|(_, id)| id.to_string()).unwrap();
        // Cancelled for somebody: the first who waits moves up, both are told.
        piece.writer.post(&format!("{list}/{}/cancellation", id("ann")), &[("of", "coming")]).await.must(303);
        house.run_jobs().await;
        assert!(newest(&house, "ann").contains("We took you off the list"), "on {}", house.on);
        assert!(newest(&house, "dora").contains("Se liberó un lugar"), "on {}", house.on);
        // Two at the door, each with a list as it was: both marks stay.
        house.set_clock("2026-12-03T08:50:00+02:00");
        let (door, other) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let (cmd, dora) = (id("="), id("Dora"));
        let was = [format!("{cmd} no"), format!("{dora} no")];
        let marks = |ticked: &'static str| {
            [("was", was[0].as_str()), ("was", was[1].as_str()), ("attended", ticked)].map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        for (who, ticked) in [(&door, &cmd), (&other, &dora)] {
            let mut fields = marks("");
            fields[2].1 = ticked.clone();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            who.post(&format!("{list}/attendance"), &fields).await.must(303);
        }
        assert!(door.get(&list).await.must(200).shows("2 were there"), "on {}", house.on);
        // Who comes without having said so was there all the same, whatever the places.
        house.set_clock("2026-12-03T09:30:00+02:00");
        door.post(&list, &[("name", "Walk-in Example"), ("address", "walk@shop.example")]).await.must(303);
        house.run_jobs().await;
        assert!(mails(&house, "walk").is_empty(), "on {}", house.on);
        assert!(door.get(&list).await.must(200).shows("3 were there"), "on {}", house.on);
        assert!(door.get(&piece.at).await.must(200).shows("3 with a place"), "on {}", house.on);
        let file = door.get(&format!("{list}.csv")).await.must(200);
        let disposition = file.header("content-disposition").unwrap_or_default();
        assert!(disposition.contains("MLT-EV-2026-0001-registrations.csv"), "on {}: {disposition}", house.on);
        let text = file.text();
        assert!(text.contains("\"'=cmd()|' /C calc'!A0\"") || text.contains("'=cmd()|' /C calc'!A0"), "on {}: {text}", house.on);
        assert!(
            !text.contains("\n=cmd") && !text.contains(",=cmd") && text.lines().count() == 5 && text.contains("cancelled,1,ann Example"),
            "on {}: {text}",
            house.on
        );
        house.visitor().get(&format!("{list}.csv")).await.must(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_is_known_for_some_time_and_how_many_for_ever() {
    for house in House::both_with(|profile| profile.publications.registrations_kept_days = 30).await {
        let piece = training(&house, &[]).await;
        for who in ["ann", "ben", "cleo"] {
            registered(&house, who).await;
        }
        ask(&house, "never", &[]).await.must(303);
        house.run_jobs().await;
        let left = async || house.rows::<(i64,)>("select count(*) from registrations", vec![]).await[0].0;
        let forget = async || registrations::forget(&house.app).await.unwrap();
        forget().await;
        assert_eq!(left().await, 4, "on {}", house.on);
        // What nobody confirms is forgotten after a week.
        house.set_clock("2026-11-30T10:00:01+02:00");
        forget().await;
        assert_eq!(left().await, 3, "on {}", house.on);
        house.set_clock("2027-01-02T16:29:59+02:00");
        forget().await;
        assert_eq!(left().await, 3, "on {}", house.on);
        // By the daily sweep.
        atalaya::journal::wake(&house.app).await.unwrap();
        house.set_clock("2027-01-04T16:30:00+02:00");
        house.run_jobs().await;
        assert_eq!(left().await, 0, "on {}", house.on);
        house.visitor().get(&page_of(&house, "ann")).await.must(404);
        let page = house.login_as(Role::Analyst).await.get(&format!("{}/registrations", piece.at)).await.must(200);
        assert!(page.shows("2 had a place, 1 waited, 0 cancelled, 0 were there."), "on {}: {}", house.on, page.words());
        let raws: Vec<(i64,)> = house.rows("select count(distinct raw) from outbox", vec![]).await;
        assert_eq!(raws, [(1,)], "on {}: one stub stands for all mails", house.on);
        forget().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_stands_as_the_rule_says_whatever_people_do() {
    for house in House::both().await {
        let piece = training(&house, &[("places", "3")]).await;
        let names: Vec<String> = (0..9).map(|place| format!("p{place}")).collect();
        let mut pages = Vec::new();
        for name in &names {
            ask(&house, name, &[]).await.must(303);
        }
        house.run_jobs().await;
        for name in &names {
            pages.push(page_of(&house, name));
        }
        // The same as a list in the order of confirmations, of which the first have the places.
        let (mut list, mut coming, mut places, mut dice): (Vec<usize>, Vec<usize>, usize, u64) = (Vec::new(), Vec::new(), 3, 20_261_123);
        let visitor = house.visitor();
        for _ in 0..60 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (who, act) = ((dice >> 33) as usize % names.len(), (dice >> 50) % 8);
            match act {
                0 => {
                    places = 1 + (dice >> 40) as usize % 6;
                    revised(&piece, &[("places", &places.to_string())]).await;
                    house.run_jobs().await;
                }
                1..=3 => {
                    visitor.post(&format!("{}/cancellation", pages[who]), &[]).await.must(303);
                    list.retain(|one| *one != who);
                    coming.retain(|one| *one != who);
                }
                _ => {
                    visitor.post(&format!("{}/confirmation", pages[who]), &[]).await.must(303);
                    if !list.contains(&who) {
                        list.push(who);
                    }
                }
            }
            while coming.len() < places
                && let Some(next) = list.iter().find(|one| !coming.contains(one))
            {
                coming.push(*next);
            }
            let stands = seats(&house).await;
            for (at, name) in names.iter().enumerate() {
                let should = if coming.contains(&at) {
                    "coming"
                } else if list.contains(&at) {
                    "waiting"
                } else {
                    "out"
                };
                let is = stands[name].replace("asked", "out").replace("cancelled", "out");
                assert_eq!(is, should, "on {}: {name} among {list:?}, {places} places", house.on);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_to_those_who_come_are_signed_where_there_is_a_key() {
    let house = House::sqlite().await;
    crate::openpgp::mail_key(&house).await;
    training(&house, &[]).await;
    registered(&house, "ann").await;
    let raw = mails(&house, "ann").pop().unwrap().text();
    assert!(raw.contains("multipart/signed") && raw.contains("text/calendar"), "{raw}");
    let rows: Vec<(String,)> = house.rows("select protection from ledger where recipient like 'registration:%'", args![]).await;
    assert!(rows.len() == 2 && rows.iter().all(|(protection,)| protection.contains("signed with")), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_once_more_or_moves_up_hears_of_another_time_all_the_same() {
    for house in House::both().await {
        let piece = training(&house, &[("places", "2")]).await;
        for who in ["ann", "ben", "cleo"] {
            registered(&house, who).await;
        }
        revised(&piece, &[("places", "2"), ("starts", "2026-12-03T10:00")]).await;
        // Before the list is told.
        ask(&house, "ann", &[]).await.must(303);
        house.visitor().post(&format!("{}/cancellation", page_of(&house, "ben")), &[]).await.must(303);
        house.run_jobs().await;
        for who in ["ann", "cleo"] {
            let all: Vec<String> = mails(&house, who).iter().map(|mail| format!("{}\n{}", mail.letter().subject, mail.letter().text)).collect();
            assert!(all.iter().any(|text| text.contains("Changed:") && text.contains("Before:")), "on {}: {who}: {all:?}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_constituents_takes_no_registrations_and_leaves_no_work_that_fails() {
    let house = House::sqlite().await;
    let piece = begin(&house, "calendar", "Incident handling for small providers").await;
    let refused = piece.facts(&facts(&[("label", "GREEN")])).await.must(422);
    assert!(refused.shows("registers on a public page"), "{}", refused.words());
    piece.facts(&facts(&[("label", "GREEN"), ("registers", "-")])).await.must(303);
    piece.approved().await;
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    let page = piece.lead.get(&piece.at).await.must(200);
    assert!(!page.shows("Public page"), "{}", page.words());
    revised(&piece, &[("label", "GREEN"), ("registers", "-"), ("starts", "2026-12-03T10:00")]).await;
    house.run_jobs().await;
    press(&piece.lead, &piece.at, "withdrawal", &[("why", "The house is closed.")]).await.must(303);
    house.run_jobs().await;
    let member = house.login_as_member_of(house.organisation("North Cable").await).await;
    let page = member.get("/member/publications/calendar/MLT-EV-2026-0001").await.must(200);
    assert!(!page.text().contains(".ics"), "a file that nobody gets: {}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_types_for_an_address_that_cancelled_is_not_carried_there() {
    let house = House::sqlite().await;
    training(&house, &[]).await;
    let page = registered(&house, "ann").await;
    house.visitor().post(&format!("{page}/cancellation"), &[]).await.must(303);
    ask(&house, "ann", &[("name", "Mallory Sells Watches")]).await.must(303);
    house.run_jobs().await;
    let asked = mails(&house, "ann").pop().unwrap().text();
    assert!(!asked.contains("Mallory"), "{asked}");
}
