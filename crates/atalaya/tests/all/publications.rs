//! What the team publishes: from the first word to the page that everybody reads, and back.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use atalaya::cases::{self, NewCase};
use store::args;

use crate::found::world;
use crate::house::{Answer, Browser, House};
use crate::messages::story;

/// A publication as the console knows it: its page, and who works on it.
pub struct Piece {
    /// `/publishing/<id>`
    pub at: String,
    pub writer: Browser,
    pub reader: Browser,
    pub lead: Browser,
}

/// Presses a button of its page as it stands now.
pub async fn press(who: &Browser, at: &str, act: &str, more: &[(&str, &str)]) -> Answer {
    let page = who.get(at).await.must(200);
    let edition = page.input("edition");
    let mut fields = vec![("edition", edition.as_str())];
    fields.extend_from_slice(more);
    who.post(&format!("{at}/{act}"), &fields).await
}

/// Begins something of that kind with these words.
pub async fn begin(house: &House, kind: &str, title: &str) -> Piece {
    let (writer, reader, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
    let made = writer.post("/publishing/new", &[("kind", kind), ("language", "en"), ("title", title)]).await.must(303);
    let at = made.location().expect("its page");
    let piece = Piece { at, writer, reader, lead };
    piece.words("en", title, "Somebody sends commands to port 7547 of home routers.").await.must(303);
    let references = "The vendor's notice https://vendor.example/notice";
    let facts = [("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30200 fraud/phishing"), ("review", "2027-05-31"), ("references", references)];
    piece.facts(&facts).await.must(303);
    piece
}

impl Piece {
    pub async fn words(&self, tag: &str, title: &str, body: &str) -> Answer {
        let at = format!("{}/words/{tag}", self.at);
        let seen = self.writer.get(&at).await.must(200).input("seen");
        let fields = [
            ("seen", seen.as_str()),
            ("title", title),
            ("summary", "Routers are being taken over."),
            ("affected", "Homes with such a router."),
            ("act", "Block the port."),
            ("body", body),
            ("place", "Room 2"),
            ("translated", "yes"),
        ];
        self.writer.post(&at, &fields).await
    }

    pub async fn facts(&self, facts: &[(&str, &str)]) -> Answer {
        let at = format!("{}/facts", self.at);
        let seen = self.writer.get(&at).await.must(200).input("seen");
        let mut fields = vec![("seen", seen.as_str())];
        fields.extend_from_slice(facts);
        self.writer.post(&at, &fields).await
    }

    /// Handed in by who wrote, approved by who did not.
    pub async fn approved(&self) {
        press(&self.writer, &self.at, "hand-in", &[]).await.must(303);
        press(&self.reader, &self.at, "approval", &[]).await.must(303);
    }

    pub async fn out(&self) -> String {
        self.approved().await;
        press(&self.lead, &self.at, "release", &[]).await.must(303);
        let page = self.lead.get(&self.at).await.must(200);
        let lists = ["/alerts/", "/advisories/", "/guidance/", "/calendar/"];
        lists.iter().find_map(|list| page.links(list).into_iter().next()).expect("a public page")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_written_read_by_another_and_released_to_page_list_and_feeds() {
    for house in House::both().await {
        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        let anybody = house.visitor();
        anybody.get("/alerts").await.must(200);
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        let own = press(&piece.writer, &piece.at, "approval", &[]).await.must(409);
        assert!(own.shows("somebody else has to approve"), "on {}", house.on);
        press(&piece.reader, &piece.at, "approval", &[]).await.must(303);
        press(&piece.reader, &piece.at, "release", &[]).await.must(404);
        assert!(!anybody.get("/alerts").await.must(200).shows("7547"), "on {}: nothing is out yet", house.on);
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);

        let path = "/alerts/MLT-AL-2026-0001";
        let shown = anybody.get(path).await.must(200);
        for words in ["Routers with open port 7547", "Block the port.", "High", "TLP:CLEAR", "CVE-2026-30200"] {
            assert!(shown.shows(words), "on {}: {words} in {}", house.on, shown.words());
        }
        for list in ["/alerts", "/latest", "/", "/alerts?severity=high&about=CVE-2026-30200", "/alerts?q=routers"] {
            assert!(anybody.get(list).await.must(200).shows("Routers with open port 7547"), "on {}: {list}", house.on);
        }
        for list in ["/alerts?severity=critical", "/alerts?about=CVE-2026-1", "/alerts?q=printers", "/advisories"] {
            assert!(!anybody.get(list).await.must(200).shows("Routers with open port 7547"), "on {}: {list}", house.on);
        }
        for (feed, kind) in [("latest.atom", "application/atom+xml"), ("alerts.json", "application/feed+json"), ("alerts.csv", "text/csv")] {
            let feed = anybody.get(&format!("/feeds/{feed}")).await.must(200);
            assert!(
                feed.header("content-type").is_some_and(|is| is.starts_with(kind)) && feed.text().contains("Routers with open port 7547"),
                "on {}",
                house.on
            );
        }
        anybody.get("/feeds/alerts.ics").await.must(404);
        anybody.get("/feeds/faq.atom").await.must(404);
        let left: Vec<(String, String)> = house.rows("select recipient, label from ledger where noun = 'publication'", vec![]).await;
        assert_eq!(left, [("public".to_owned(), "CLEAR".to_owned())], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_embargo_is_nowhere_before_its_instant_and_out_by_itself_at_it() {
    for house in House::both().await {
        let piece = begin(&house, "advisory", "Zephyrgate runs commands").await;
        piece.approved().await;
        press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-23T09:00"), ("zone", "Africa/Maseru")]).await.must(422);
        press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00"), ("zone", "Nowhere/Town")]).await.must(422);
        press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00"), ("zone", "Africa/Maseru")]).await.must(303);
        let anybody = house.visitor();
        let everywhere = [
            "/",
            "/latest",
            "/advisories",
            "/advisories?q=zephyrgate",
            "/feeds/latest.atom",
            "/feeds/advisories.json",
            "/feeds/advisories.csv",
            "/sitemap.xml",
            "/about",
            "/about.txt",
            "/faq",
            "/advisories/MLT-AD-2026-0001",
            "/advisories/zephyrgate-runs-commands",
            "/.well-known/security.txt",
        ];
        for when in ["2026-11-23T10:01:00+02:00", "2026-11-24T08:59:59+02:00"] {
            house.set_clock(when);
            house.run_jobs().await;
            for path in everywhere {
                let answer = anybody.get(path).await;
                assert!(!answer.text().to_lowercase().contains("zephyrgate runs"), "on {}: {path} at {when}", house.on);
            }
        }
        house.set_clock("2026-11-24T09:00:00+02:00");
        house.run_jobs().await;
        assert!(anybody.get("/advisories/MLT-AD-2026-0001").await.must(200).shows("Zephyrgate"), "on {}", house.on);
        assert!(anybody.get("/feeds/latest.atom").await.must(200).text().contains("Zephyrgate"), "on {}", house.on);
        let by: Vec<(String,)> = house.rows("select by_whom from publication_versions", vec![]).await;
        assert_eq!(by, [(format!("person:{}", piece.lead.person()),)], "on {}: on whose word it left", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_embargo_is_in_no_tree_calendar_search_page_of_members_or_error() {
    let house = House::sqlite().await;
    let organisation = house.organisation("North Cable").await;
    let advisory = begin(&house, "advisory", "Zephyrgate runs commands").await;
    let training = begin(&house, "calendar", "Zephyrgate by hand").await;
    let when = [("label", "CLEAR"), ("starts", "2026-12-03T09:00"), ("ends", "2026-12-03T16:30"), ("zone", "Africa/Maseru"), ("registers", "yes")];
    training.facts(&when).await.must(303);
    for piece in [&advisory, &training] {
        piece.approved().await;
        press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(303);
    }
    let tree = [
        "",
        "provider-metadata.json",
        "service.json",
        "white/index.txt",
        "white/changes.csv",
        "white/csaf-feed-tlp-white.json",
        "white/2026/mlt-ad-2026-0001.json",
        "white/2026/mlt-ad-2026-0001.json.asc",
        "v2.1/provider-metadata.json",
        "v2.1/clear/2026/mlt-ad-2026-0001.json",
    ];
    let public = [
        "/feeds/latest.ics",
        "/feeds/calendar.ics",
        "/feeds/calendar.atom",
        "/feeds/MLT-EV-2026-0001.ics",
        "/feeds/zephyrgate-by-hand.ics",
        "/calendar",
        "/calendar?q=zephyrgate",
        "/calendar/MLT-EV-2026-0001",
        "/calendar/zephyrgate-by-hand",
        "/registration/asked",
        "/subscribe?q=commands",
    ];
    let inside = ["/member", "/member/publications", "/member/publications/advisories/MLT-AD-2026-0001", "/member/publications/calendar/MLT-EV-2026-0001"];
    let console = ["/search?q=zephyrgate", "/publishing?of=all", "/audit"];
    let outside: Vec<String> = tree.iter().map(|path| format!("/.well-known/csaf/{path}")).chain(public.map(str::to_owned)).collect();
    let (anybody, member, auditor) = (house.visitor(), house.login_as_member_of(organisation).await, house.login_as(Role::Auditor).await);
    let pieces = [advisory.at.clone(), format!("{}/preview", advisory.at), format!("{}/channels", training.at)];
    // What they ask for stands in their own answer; what it is called by does not.
    let names = |answer: &Answer| ["zephyrgate runs", "zephyrgate by hand"].into_iter().any(|title| answer.text().to_lowercase().contains(title));
    for when in ["2026-11-23T10:01:00+02:00", "2026-11-24T08:59:59+02:00"] {
        house.set_clock(when);
        house.run_jobs().await;
        for path in &outside {
            assert!(!names(&anybody.get(path).await), "{path} at {when}");
        }
        for path in inside.iter().copied().chain(outside.iter().map(String::as_str)).chain(console).chain(pieces.iter().map(String::as_str)) {
            assert!(!names(&member.get(path).await), "a member: {path} at {when}");
        }
        for path in ["/search?q=zephyrgate", "/publishing?of=all"].into_iter().chain(pieces.iter().map(String::as_str)) {
            assert!(!names(&auditor.get(path).await), "an auditor: {path} at {when}");
        }
        for path in ["/calendar/MLT-EV-2026-0001/registration", "/calendar/zephyrgate-by-hand/registration"] {
            let answer = anybody.post(path, &[("name", "Ann"), ("address", "ann@shop.example")]).await.must(404);
            assert!(!names(&answer), "{path} at {when}");
        }
        for id in pieces.iter() {
            assert!(!names(&anybody.post(id, &[("edition", "1")]).await), "{id} at {when}");
        }
    }
    house.set_clock("2026-11-24T09:00:00+02:00");
    house.run_jobs().await;
    for path in ["/.well-known/csaf/white/2026/mlt-ad-2026-0001.json", "/feeds/calendar.ics", "/feeds/MLT-EV-2026-0001.ics"] {
        assert!(names(&anybody.get(path).await.must(200)), "{path} once it is out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instant_that_was_moved_or_taken_back_lets_nothing_out_and_a_clock_that_jumps_over_it_does() {
    let house = House::sqlite().await;
    let piece = begin(&house, "advisory", "Zephyrgate runs commands").await;
    piece.approved().await;
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(303);
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-26T09:00")]).await.must(303);
    house.set_clock("2026-11-25T09:00:00+02:00");
    house.run_jobs().await;
    house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(404);
    press(&house.login_as(Role::Lead).await, &piece.at, "unschedule", &[]).await.must(303);
    house.set_clock("2026-11-27T09:00:00+02:00");
    house.run_jobs().await;
    house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(404);
    press(&house.login_as(Role::Lead).await, &piece.at, "schedule", &[("at", "2026-11-28T09:00")]).await.must(303);
    house.set_clock("2027-02-01T09:00:00+02:00");
    house.run_jobs().await;
    house.visitor().get("/advisories/MLT-AD-2027-0001").await.must(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_edited_after_it_was_approved_does_not_leave() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.approved().await;
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(303);
    piece.words("en", "Routers with open port 7548", "Other words.").await.must(303);
    press(&piece.lead, &piece.at, "release", &[]).await.must(409);
    house.set_clock("2026-11-24T10:00:00+02:00");
    house.run_jobs().await;
    assert!(!house.visitor().get("/alerts").await.must(200).shows("7548"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_critical_alert_takes_two_to_release() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.facts(&[("label", "CLEAR"), ("severity", "critical"), ("keys", "CVE-2026-30200")]).await.must(303);
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    press(&piece.lead, &piece.at, "approval", &[]).await.must(303);
    assert!(press(&piece.lead, &piece.at, "release", &[]).await.must(409).shows("another person"));
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(409);
    press(&house.login_as(Role::Lead).await, &piece.at, "release", &[]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_those_it_was_made_from_stands_in_it() {
    for house in House::both().await {
        let story = story(&house).await;
        let piece = begin(&house, "alert", "Floods through open resolvers").await;
        press(&piece.writer, &piece.at, "sources", &[("number", "MLT-2026-000999")]).await.must(422);
        press(&piece.writer, &piece.at, "sources", &[("number", &story.case.number)]).await.must(303);
        // Its case is AMBER: what goes further says why.
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        assert!(press(&piece.reader, &piece.at, "approval", &[]).await.must(409).shows("may not go by"), "on {}", house.on);
        press(&piece.reader, &piece.at, "return", &[("words", "Say why it may be public")]).await.must(303);
        press(&piece.writer, &piece.at, "reasons", &[("lowered", "Says nothing of anybody")]).await.must(303);
        for (body, said) in [
            ("It hit Harbour Mills first.", "Harbour Mills"),
            ("Ana Quiroga told us.", "Ana Quiroga"),
            ("Write to ana@harbour.example.", "ana@harbour.example"),
            ("Vodalink has a problem.", "Vodalink"),
            ("It hit Harbour&nbsp;Mi&shy;lls first.", "Mills"),
            ("It hit HARBOUR **mills** and Harbour-Mills.", "HARBOUR **mills"),
            ("See harbourmills for more.", "harbourmills"),
            ("Write to ana&#64;harbour.example.", "ana@harbour.example"),
            ("Block 203.0.113&#46;9.", "203.0.113.9"),
        ] {
            piece.words("en", "Floods through open resolvers", body).await.must(303);
            press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
            let page = piece.reader.get(&piece.at).await.must(200);
            assert!(page.shows("Against it") && page.shows(said), "on {}: {body}: {}", house.on, page.words());
            press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
            press(&piece.reader, &piece.at, "return", &[("words", "Not this")]).await.must(303);
        }
        // Wherever it is shown.
        piece.words("en", "Floods through open resolvers", "Nothing.").await.must(303);
        let products = format!("{}/products", piece.at);
        let seen = piece.writer.get(&products).await.must(200).input("seen");
        let fields = [("seen", seen.as_str()), ("vendor", "Harbour Mills"), ("name", "Example Gateway"), ("which", "exact"), ("release", "1.0")];
        piece.writer.post(&products, &fields).await.must(303);
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        assert!(press(&piece.reader, &piece.at, "approval", &[]).await.must(409).shows("in a product"), "on {}", house.on);
        press(&piece.reader, &piece.at, "return", &[("words", "Not this")]).await.must(303);
        let page = piece.writer.get(&products).await.must(200);
        piece.writer.post(&products, &[("seen", &page.input("seen")), ("remove", &page.between("name=\"remove\" value=\"", "\""))]).await.must(303);
        // An address that nobody was hit by: with a reason, and only for this one.
        piece.words("en", "Floods through open resolvers", "Block 198.51.100.20.").await.must(303);
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
        press(&piece.reader, &piece.at, "return", &[("words", "Say why")]).await.must(303);
        let asked = piece.writer.get(&piece.at).await.must(200).input("asked");
        let reasons = [("lowered", "Says nothing of anybody"), ("told", "Its holder agreed"), ("asked", asked.as_str())];
        press(&piece.writer, &piece.at, "reasons", &reasons).await.must(303);
        piece.approved().await;
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);
        let basis: Vec<(String,)> = house.rows("select basis from ledger where noun = 'publication'", vec![]).await;
        assert_eq!(basis, [("publication; told all the same: Its holder agreed; lowered: Says nothing of anybody".to_owned(),)], "on {}", house.on);
        // What came to be known since stops what was approved before.
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        piece.facts(&[("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30200"), ("note", "An address more")]).await.must(303);
        piece.words("en", "Floods through open resolvers", "Block 198.51.100.20 and 203.0.113.9.").await.must(303);
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
        let from: Vec<(String,)> = house.rows("select noun from publication_sources where source_id = $1", args![story.case.id]).await;
        assert_eq!(from.len(), 1);
        // The case is part of another now, and its people are there.
        press(&piece.reader, &piece.at, "return", &[("words", "Not this")]).await.must(303);
        let new = NewCase { kind: "incident".into(), title: "Floods again".into(), ..NewCase::default() };
        let other = cases::open(&house.app, &story.who, new).await.unwrap();
        story.browser.post(&format!("{}/merge", story.case.path()), &[("into", &other.number)]).await.must(303);
        piece.words("en", "Floods through open resolvers", "It hit Harbour Mills.").await.must(303);
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        assert!(press(&piece.reader, &piece.at, "approval", &[]).await.must(409).shows("Harbour Mills"), "on {}: merged", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_asks_what_its_page_knows_and_leads_there_without_the_rest() {
    let house = House::sqlite().await;
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    let anybody = house.visitor();
    for (asked, led) in [
        ("/about.txt?1", "/about.txt"),
        ("/?utm_source=a", "/"),
        ("/alerts/MLT-AL-2026-0001?q=x&lang=es", "/alerts/MLT-AL-2026-0001?lang=es"),
        ("/alerts?q=routers&fbclid=1", "/alerts?q=routers"),
        ("/.well-known/security.txt?x=1", "/.well-known/security.txt"),
    ] {
        assert_eq!(anybody.get(asked).await.must(303).location().as_deref(), Some(led), "{asked}");
    }
    for asked in ["/alerts?q=routers&severity=&lang=en&page=1", "/feeds/latest.atom?kind=alert&lang=en", "/about?lang=en", "/latest?in=en&product=x"] {
        anybody.get(asked).await.must(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_from_events_carries_their_label_and_names_nobody_s_address_without_a_reason() {
    let house = House::sqlite().await;
    world(&house).await;
    let piece = begin(&house, "alert", "Telnet open to everybody").await;
    for wrong in ["/events/found?type=fraud%2Fphishing", "/events/found?ip=nonsense"] {
        press(&piece.writer, &piece.at, "sources", &[("number", wrong)]).await.must(422);
    }
    press(&piece.writer, &piece.at, "sources", &[("number", "https://csirt.example/events/found?feed=shadow")]).await.must(303);
    let page = piece.writer.get(&piece.at).await.must(200);
    let led = page.links("/events/found?").into_iter().next().expect("the search");
    assert!(piece.writer.get(&led).await.must(200).shows("203.0.113.1"), "{led}");
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    assert!(press(&piece.reader, &piece.at, "approval", &[]).await.must(409).shows("may not go by"), "its events are AMBER");
    press(&piece.reader, &piece.at, "return", &[("words", "Say why")]).await.must(303);
    press(&piece.writer, &piece.at, "reasons", &[("lowered", "Says nothing of anybody")]).await.must(303);
    piece.words("en", "Telnet open to everybody", "As at 203.0.113.1.").await.must(303);
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    assert!(press(&piece.reader, &piece.at, "approval", &[]).await.must(409).shows("is held by North Cable"), "whose it is");
    // Whose events they are is said of nobody.
    for (body, said) in [("Most are customers of North Cable.", "North Cable"), ("south-wave has some, too.", "south-wave")] {
        press(&piece.reader, &piece.at, "return", &[("words", "Not this")]).await.must(303);
        piece.words("en", "Telnet open to everybody", body).await.must(303);
        press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
        let page = press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
        assert!(page.shows("names") && page.shows(said) && page.shows("whose events it was made from"), "{}", page.words());
    }
    // Nor is it hidden of whom it does not tell.
    let other = begin(&house, "alert", "Telnet open in the north").await;
    press(&other.writer, &other.at, "sources", &[("number", "/events/found?feed=shadow&ip=203.0.113.1")]).await.must(303);
    press(&other.writer, &other.at, "reasons", &[("lowered", "Says nothing of anybody")]).await.must(303);
    other.words("en", "Telnet open in the north", "South Wave helped us.").await.must(303);
    other.approved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_says_what_it_changes_and_what_is_withdrawn_or_superseded_stays_with_a_banner() {
    for house in House::both().await {
        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        let path = piece.out().await;
        let anybody = house.visitor();
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        piece.words("en", "Routers with open port 7547 are taken over", "Other words.").await.must(303);
        assert!(!anybody.get(&path).await.must(200).shows("are taken over"), "on {}", house.on);
        // What is wanted is said before anybody reads it.
        assert!(piece.writer.get(&piece.at).await.must(200).shows("Say what this version changes"), "on {}", house.on);
        assert!(press(&piece.writer, &piece.at, "hand-in", &[]).await.must(409).shows("what this version changes"), "on {}", house.on);
        piece.facts(&[("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30200"), ("note", "They are taken over by now")]).await.must(303);
        piece.approved().await;
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);
        let shown = anybody.get(&path).await.must(200);
        assert!(shown.shows("are taken over") && shown.shows("They are taken over by now") && shown.shows("Version 2"), "on {}: {}", house.on, shown.words());
        assert!(piece.lead.get(&format!("{}/versions/2", piece.at)).await.must(200).text().contains("<ins>"), "on {}", house.on);

        let other = begin(&house, "alert", "Routers: what holds now").await;
        let newer = other.out().await;
        press(&piece.lead, &piece.at, "supersession", &[("by", "MLT-AL-2026-0077"), ("why", "x")]).await.must(422);
        let by = newer.rsplit('/').next().unwrap();
        press(&piece.lead, &piece.at, "supersession", &[("by", by), ("why", "One page for all of it")]).await.must(303);
        let shown = anybody.get(&path).await.must(200);
        assert!(shown.shows("Superseded") && shown.text().contains(&newer) && shown.shows("One page for all of it"), "on {}", house.on);
        press(&other.lead, &other.at, "withdrawal", &[("why", "")]).await.must(422);
        press(&other.lead, &other.at, "withdrawal", &[("why", "It was a false alarm")]).await.must(303);
        let shown = anybody.get(&newer).await.must(200);
        assert!(shown.shows("Withdrawn") && shown.shows("It was a false alarm"), "on {}", house.on);
        assert!(anybody.get("/feeds/latest.atom").await.must(200).text().contains("[Withdrawn]"), "on {}", house.on);
        assert!(!anybody.get("/").await.must(200).shows("what holds now"), "on {}: it is urgent no longer", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_goes_to_whom_it_went_and_takes_what_waits_to_leave_back_too() {
    for house in House::both().await {
        let story = story(&house).await;
        let piece = begin(&house, "alert", "Floods through open resolvers").await;
        // Its case is AMBER, and nobody says why it may carry less.
        piece.facts(&[("label", "GREEN"), ("severity", "high"), ("keys", "CVE-2026-30200")]).await.must(303);
        press(&piece.writer, &piece.at, "sources", &[("number", &story.case.number)]).await.must(303);
        piece.approved().await;
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        piece.facts(&[("label", "GREEN"), ("severity", "high"), ("keys", "CVE-2026-30200"), ("note", "More of them")]).await.must(303);
        piece.approved().await;
        press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00"), ("zone", "Europe/Berlin")]).await.must(303);
        let page = piece.lead.get(&piece.at).await.must(200);
        for said in ["Tue 24 November 2026, 10:00 (Africa/Maseru)", "typed as Tue 24 November 2026, 09:00 (Europe/Berlin)"] {
            assert!(page.shows(said), "on {}: {said} in {}", house.on, page.words());
        }
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was a false alarm")]).await.must(303);
        let versions: Vec<(i64, String, Option<store::Id>)> =
            house.rows("select version, label, approved_by from publication_versions order by version", vec![]).await;
        assert_eq!(versions[1], (2, "AMBER".to_owned(), None), "on {}", house.on);
        let page = piece.lead.get(&piece.at).await.must(200);
        assert!(page.shows("For whoever writes.") && page.shows("withdrawn since it was approved"), "on {}: {}", house.on, page.words());
        house.set_clock("2026-11-25T09:00:00+02:00");
        house.run_jobs().await;
        let left: Vec<(i64,)> = house.rows("select version from publications", vec![]).await;
        assert_eq!(left, [(2,)], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_for_a_lower_label_excuses_what_it_was_given_against_and_nothing_after() {
    for house in House::both().await {
        let story = story(&house).await;
        let piece = begin(&house, "alert", "Floods through open resolvers").await;
        press(&piece.writer, &piece.at, "sources", &[("number", &story.case.number)]).await.must(303);
        // What stands against it can be seen before it is handed in.
        assert!(piece.writer.get(&piece.at).await.must(200).text().contains("disabled>Hand in"), "on {}", house.on);
        let contained = piece.writer.get(&piece.at).await.must(200).input("contained");
        press(&piece.writer, &piece.at, "reasons", &[("lowered", "Says nothing of anybody"), ("contained", &contained)]).await.must(303);
        piece.approved().await;
        let labelled = async |label: &'static str| {
            let case = story.case.id;
            house
                .app
                .db
                .change("test", async |tx| {
                    tx.execute("update cases set label = $2 where id = $1", args![case, label]).await?;
                    tx.record(store::Record::new("test", "case", case));
                    Ok::<(), atalaya::Error>(())
                })
                .await
                .unwrap();
        };
        labelled("RED").await;
        assert!(press(&piece.lead, &piece.at, "release", &[]).await.must(409).shows("may not go by"), "on {}", house.on);
        labelled("AMBER").await;
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);
        // It was of what left.
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        let page = piece.lead.get(&piece.at).await.must(200);
        assert!(page.shows("may not go by") && !page.shows("Says nothing of anybody"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_put_back_keeps_nothing_from_leaving_later() {
    for house in House::both().await {
        let piece = begin(&house, "advisory", "Zephyrgate runs commands").await;
        piece.approved().await;
        press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(303);
        // As if the clock had stood there when the job was taken.
        house.app.db.keep_house(async |tx| tx.execute("update jobs set run_at = 0 where kind = 'publish_due'", args![]).await).await.unwrap();
        house.run_jobs().await;
        house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(404);
        house.set_clock("2026-11-24T09:00:00+02:00");
        house.run_jobs().await;
        house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_note_what_a_version_changes_lose_no_word_and_who_gave_it_back_is_named() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    let facts = format!("{}/facts", piece.at);
    let other = piece.reader.get(&facts).await.must(200).input("seen");
    let said = [("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30200")];
    piece.facts(&[&said[..], &[("note", "Port 7548, too")]].concat()).await.must(303);
    let told = piece.reader.post(&facts, &[&said[..], &[("note", "Port 7549, too"), ("seen", &other)]].concat()).await.must(409);
    assert!(told.shows("Port 7548, too") && told.shows("Port 7549, too"), "{}", told.words());
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    let page = piece.reader.get(&piece.at).await.must(200);
    assert!(page.shows("Read it first") && page.text().contains(&format!("{}/channels", piece.at)), "{}", page.words());
    press(&piece.lead, &piece.at, "return", &[("words", "Name the vendor")]).await.must(303);
    let page = piece.writer.get(&piece.at).await.must(200);
    assert!(page.shows("Given back by") && page.shows("Name the vendor"), "{}", page.words());
    assert!(page.shows("What it is about") && page.shows("To read"), "the parts have names: {}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_carries_more_than_clear_stands_on_no_public_page() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "Zephyrgate is hit").await;
    piece.facts(&[("label", "AMBER"), ("severity", "high"), ("keys", "CVE-2026-30200")]).await.must(303);
    piece.approved().await;
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    let anybody = house.visitor();
    for path in ["/", "/alerts", "/latest", "/feeds/latest.atom", "/sitemap.xml", "/alerts/MLT-AL-2026-0001"] {
        assert!(!anybody.get(path).await.text().contains("Zephyrgate"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn translations_say_how_they_stand_and_what_lacks_one_is_marked() {
    let house = House::with(|profile| profile.languages = vec!["en".into(), "es".into(), "zu".into()]).await;
    let piece = begin(&house, "guidance", "The first hour").await;
    piece.words("es", "La primera hora", "Respire.").await.must(303);
    let path = piece.out().await;
    assert_eq!(path, "/guidance/the-first-hour");
    let anybody = house.visitor();
    let spanish = anybody.get(&format!("{path}?lang=es")).await.must(200);
    assert!(spanish.shows("La primera hora") && spanish.text().contains("hreflang=\"en\""));
    let zulu = anybody.get(&format!("{path}?lang=zu")).await.must(200);
    assert!(zulu.shows("The first hour") && zulu.shows("Not translated yet: this is the original, in English") && zulu.text().contains("<h1 lang=\"en\""));
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    piece.words("en", "The first hour", "Breathe, then pull the plug.").await.must(303);
    piece.facts(&[("label", "CLEAR"), ("keys", "fraud/phishing"), ("review", "2027-05-31"), ("note", "The plug")]).await.must(303);
    piece.out().await;
    let spanish = anybody.get(&format!("{path}?lang=es")).await.must(200);
    assert!(spanish.text().contains("class=\"fallback\""), "the translation is older than its original: {}", spanish.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_write_lose_no_word_and_two_who_write_in_two_languages_are_not_in_each_others_way() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "Routers").await;
    let english = format!("{}/words/en", piece.at);
    let (seen, other) = (piece.writer.get(&english).await.input("seen"), piece.reader.get(&english).await.input("seen"));
    piece.words("es", "Enrutadores", "Palabras.").await.must(303);
    piece.writer.post(&english, &[("seen", &seen), ("title", "Routers of homes"), ("body", "Mine.")]).await.must(303);
    let told = piece.reader.post(&english, &[("seen", &other), ("title", "Routers of offices"), ("body", "Theirs.")]).await.must(409);
    assert!(told.shows("Routers of homes") && told.text().contains("Routers of offices") && told.text().contains("Theirs."), "{}", told.words());
    let now = told.input("seen");
    piece.reader.post(&english, &[("seen", &now), ("title", "Routers of offices"), ("body", "Both.")]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_written_breaks_out_of_its_page_or_feed() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "<script>alert(1)</script> & \"quotes\" ]]>").await;
    let body = "<script>alert(2)</script>\n\n[go](javascript:alert(3))\n\n<img src=x onerror=alert(4)>\n\n![x](https://example.com/x.png)";
    piece.words("en", "<script>alert(1)</script> & \"quotes\" ]]>", body).await.must(303);
    let bad = piece.facts(&[("label", "CLEAR"), ("severity", "high"), ("keys", "x"), ("references", "Look javascript:alert(5)")]).await.must(422);
    assert!(bad.shows("no RSIT type"));
    piece.facts(&[("label", "CLEAR"), ("severity", "high"), ("keys", "T1566"), ("references", "Look javascript:alert(5)")]).await.must(422);
    let path = piece.out().await;
    let anybody = house.visitor();
    for path in [path.as_str(), "/", "/alerts", "/feeds/latest.atom", "/feeds/latest.json", "/sitemap.xml"] {
        let text = anybody.get(path).await.must(200).text();
        for bad in ["<script>alert", "javascript:alert", "<img src=x"] {
            assert!(!text.contains(bad), "{bad} in {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn public_pages_set_no_cookie_may_be_cached_and_are_not_sent_twice() {
    let house = House::sqlite().await;
    begin(&house, "alert", "Routers").await.out().await;
    let anybody = house.visitor();
    for path in ["/", "/alerts", "/latest", "/about", "/feeds/latest.atom", "/.well-known/security.txt", "/alerts/MLT-AL-2026-0001"] {
        let first = anybody.get(path).await.must(200);
        assert!(first.header("set-cookie").is_none() && first.header("cache-control").is_some_and(|says| says.contains("max-age")), "{path}");
        let tag = first.header("etag").expect("a tag").to_owned();
        anybody.set_header("if-none-match", &tag);
        let again = anybody.get(path).await.must(304);
        assert!(again.text().is_empty(), "{path}");
        anybody.set_header("if-none-match", "\"other\"");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_says_who_it_is_as_rfc_2350_and_rfc_9116_want_it() {
    let house = House::sqlite().await;
    let anybody = house.visitor();
    let about = anybody.get("/about").await.must(200);
    for section in ["1. ", "2. ", "3. ", "4. ", "5. ", "6. ", "7. "] {
        assert!(about.shows(section), "{section}");
    }
    assert!(anybody.get("/about.txt").await.must(200).text().contains("TLP:CLEAR"));
    let text = anybody.get("/.well-known/security.txt").await.must(200).text();
    assert!(text.contains("Contact: mailto:") && text.contains("Expires: 2027-05-"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_out_can_be_taken_back_whatever_became_of_its_sources_and_the_reason_names_nobody() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let piece = begin(&house, "alert", "Floods through open resolvers").await;
    let path = piece.out().await;
    piece.writer.post(&format!("{}/sources", piece.at), &[("number", &story.case.number)]).await.must(303);
    press(&piece.lead, &piece.at, "withdrawal", &[("why", "Harbour Mills told us so")]).await.must(409);
    press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was a false alarm")]).await.must(303);
    assert!(house.visitor().get(&path).await.must(200).shows("It was a false alarm"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_what_was_laid_aside_does_not_approve_it_when_another_takes_it_up() {
    let house = House::sqlite().await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    press(&piece.writer, &piece.at, "discard", &[]).await.must(303);
    piece.reader.post(&format!("{}/revision", piece.at), &[]).await.must(303);
    press(&piece.reader, &piece.at, "hand-in", &[]).await.must(303);
    press(&piece.writer, &piece.at, "approval", &[]).await.must(409);
    press(&piece.lead, &piece.at, "approval", &[]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_know_of_a_case_reads_nothing_of_it_where_it_became_an_alert_and_lets_it_out_neither() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let piece = begin(&house, "alert", "Floods through open resolvers").await;
    press(&piece.writer, &piece.at, "sources", &[("number", &story.case.number)]).await.must(303);
    piece.words("en", "Floods through open resolvers", "It hit Harbour Mills first.").await.must(303);
    assert!(piece.reader.get(&piece.at).await.must(200).shows(&story.case.number));
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    let group = house.app.db.entropy().bytes::<16>();
    house
        .app
        .db
        .change("test", async |tx| {
            tx.execute("update cases set restricted = 1, owner_id = null, group_id = $2 where id = $1", args![story.case.id, group]).await?;
            tx.record(store::Record::new("test", "case", story.case.id));
            Ok::<(), atalaya::Error>(())
        })
        .await
        .unwrap();
    let page = piece.reader.get(&piece.at).await.must(200);
    assert!(page.shows("something that you may not know of") && !page.shows(&story.case.number) && !page.shows("(target"), "{}", page.words());
    let refused = press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
    assert!(!refused.shows(&story.case.number) && !refused.shows("reporter"), "{}", refused.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn guidance_that_nobody_looked_at_in_time_says_so() {
    let house = House::sqlite().await;
    let piece = begin(&house, "guidance", "The first hour").await;
    let path = piece.out().await;
    let says = async || house.visitor().get(&path).await.must(200).shows("We were to look at this again by 2027-05-31");
    assert!(!says().await);
    house.set_clock("2027-05-31T23:00:00+02:00");
    assert!(!says().await, "that day is not over");
    house.set_clock("2027-06-01T00:10:00+02:00");
    assert!(says().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_team_says_since_when_it_says_so() {
    for house in House::both().await {
        let says = async |day: &str| {
            let (page, text) = (house.visitor().get("/about").await.must(200), house.visitor().get("/about.txt").await.must(200));
            page.shows(&format!("As of {day}")) && text.text().contains(&format!("As of {day}"))
        };
        assert!(says("Mon 23 November 2026").await, "on {}", house.on);
        house.later(3 * 24 * 60);
        assert!(says("Mon 23 November 2026").await, "on {}: nothing is otherwise", house.on);
        let service = begin(&house, "service", "Help at night").await;
        service.approved().await;
        press(&house.login_as(Role::Lead).await, &service.at, "release", &[]).await.must(303);
        assert!(says("Thu 26 November 2026").await, "on {}: {}", house.on, house.visitor().get("/about").await.must(200).words());
    }
}
