//! The main job, from a stranger's form to the closed case, through HTTP and mail, on both databases.

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, ContactDetails, Details, Held};
use atalaya::{journal, mailbox};
use sha2::{Digest, Sha256};
use store::{Error, Id, Record, args};

use crate::house::{Answer, Browser, House, Lmtp};

const US: &str = "report@csirt.maluti.example";
const REPORTER: &str = "desk@shop.example";
const HOSTER: &str = "abuse@hosting.example";

/// A visitor fills in the public form, without a script, and gets number and secret.
pub async fn report_by_form(visitor: &Browser, title: &str, description: &str) -> (String, String) {
    let _ = visitor.get("/").await.must(200);
    let _ = visitor.get("/report").await.must(200);
    let pages: [(&str, &[(&str, &str)]); 4] = [
        ("/report", &[("kind", "impersonation")]),
        ("/report/tell", &[("title", title), ("description", description), ("pretends", "Maluti Bank")]),
        ("/report/when", &[("noticed", "this morning"), ("involved", "")]),
        ("/report/urgency", &[("help", "yes")]),
    ];
    for (page, answers) in pages {
        let next = visitor.post(page, answers).await.must(303);
        let _ = visitor.follow(next).await.must(200);
    }
    let next = visitor.post("/report/contact", &[("name", "Front desk"), ("mail", REPORTER)]).await.must(303);
    let check = visitor.follow(next).await.must(200);
    assert!(check.shows(title) && check.shows(REPORTER), "the page before sending shows the answers");
    let sent = visitor.post("/report/check", &[]).await.must(303);
    let receipt = visitor.follow(sent).await.must(200);
    let number = receipt.between("class=\"number\">", "<").trim().to_owned();
    let link = receipt.links("/status/").remove(0);
    (number, link.split_once("secret=").expect("a secret").1.to_owned())
}

/// Hands a mail over as the team's own mail server does.
pub async fn deliver(house: &House, from: &str, raw: &str) {
    let listener = mailbox::listen(&house.app, std::future::pending()).await.expect("LMTP listens").expect("the profile says where");
    let answers = Lmtp::connect(listener.address.expect("an address")).await.deliver(from, &[US], raw.as_bytes()).await;
    assert!(answers[0].starts_with("250"), "{answers:?}");
    house.run_jobs().await;
}

/// An organisation of the registry that holds a network, with a contact.
pub async fn organisation(house: &House, name: &str, network: &str, mail: &str) -> Id {
    let (app, who) = (&house.app, Who::Operator);
    let details = Details { name: name.into(), sector: "internet".into(), ..Details::fresh(&app.profile) };
    let id = constituency::add(app, &who, details).await.expect("an organisation is added");
    let held = Held { kind: String::new(), value: network.into(), from: None, to: None, source: "test" };
    constituency::add_resource(app, &who, id, held).await.expect("it holds the network");
    let desk = ContactDetails {
        name: "Abuse desk".into(),
        function: "abuse".into(),
        mail: mail.into(),
        language: "en".into(),
        reach: "mail".into(),
        ..ContactDetails::default()
    };
    constituency::add_contact(app, &who, id, desk).await.expect("it has a contact");
    id
}

/// A program's token, as a bearer.
pub async fn token(house: &House) -> String {
    let hash: [u8; 32] = Sha256::digest(b"atalaya_story").into();
    let change = house.app.db.change("operator", async |tx| {
        let (id, now) = (tx.new_id(), tx.now());
        tx.execute("insert into tokens (id, hash, name, scope, created_at) values ($1, $2, 'a sensor', 'reports', $3)", args![id, hash, now]).await?;
        tx.record(Record::new("token.added", "token", id));
        Ok::<_, Error>(())
    });
    change.await.expect("a token is added");
    "Bearer atalaya_story".to_owned()
}

/// Adds a party that is not in the registry; gives its page in the console.
pub async fn add_party(analyst: &Browser, case: &str, name: &str, role: &str, mail: &str) -> String {
    let fields = [("name", name), ("role", role), ("mail", mail), ("reach", "mail"), ("language", "en"), ("ceiling", "AMBER")];
    let added = analyst.post(&format!("{case}/parties"), &fields).await.must(303);
    added.location().expect("the party's page")
}

/// Writes to a party, looks at what the gate says, and releases exactly that. `told` says why what
/// is known from others may be told; without it the gate stops what is not the party's own.
pub async fn write_to(analyst: &Browser, party: &str, subject: &str, body: &str, told: &str) {
    let page = look_at(analyst, party, subject, body, told).await;
    assert!(page.shows("Before it leaves"), "the gate lets it pass: {}", page.words());
    for line in body.lines() {
        assert!(page.shows(line), "the exact text is shown: {line}");
    }
    let released = analyst.post(&format!("{party}/release"), &[("seen", &page.input("seen")), ("base", &page.input("base"))]).await.must(303);
    let _ = analyst.follow(released).await.must(200);
}

async fn look_at(analyst: &Browser, party: &str, subject: &str, body: &str, told: &str) -> Answer {
    let look = async |told: &str, of: &str| {
        let words = [("subject", subject), ("body", body), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1")];
        let fields: Vec<_> = words.into_iter().chain([("told", told), ("told_of", of), ("do", "look")]).collect();
        let looked = analyst.post(&format!("{party}/message"), &fields).await.must(303);
        analyst.follow(looked).await.must(200)
    };
    let page = look("", "").await;
    // A reason is given for what the page asks about.
    if told.is_empty() { page } else { look(told, &page.input("told_of")).await }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_in_becomes_a_case_is_coordinated_and_closed() {
    for house in House::both().await {
        let on = house.on;
        // A stranger reports, and has a receipt by mail a moment later.
        let visitor = house.visitor();
        let (number, secret) = report_by_form(&visitor, "A false bank page", "See hxxps://login[.]bank.example/x at 203.0.113.9").await;
        house.run_jobs().await;
        let receipts = house.sink.to(REPORTER);
        assert_eq!(receipts.len(), 1, "on {on}");
        assert!(receipts[0].letter().text.contains(&number) && receipts[0].letter().text.contains(&secret));
        assert!(receipts[0].header("auto-submitted").is_some_and(|value| value.starts_with("auto-")), "no robot answers it (RFC 3834)");

        // Triage: it is in the inbox, with what it names; a person judges it and opens a case.
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/inbox").await.must(200).shows("A false bank page"));
        let report = format!("/inbox/{number}");
        assert!(analyst.get(&report).await.must(200).shows("203.0.113.9"));
        let _ = analyst.post(&format!("{report}/verdict"), &[("verdict", "confirmed"), ("confidence", "high")]).await.must(303);
        let case = analyst.post(&format!("{report}/cases"), &[]).await.must(303).location().expect("the case");
        assert!(analyst.get(&case).await.must(200).shows("A false bank page"));

        // What the team says among itself is read by nobody else, whatever follows.
        let _ = analyst.post(&format!("{case}/notes"), &[("body", "We know this shop: NOTE-FOR-US.")]).await.must(303);
        assert!(analyst.get(&case).await.must(200).shows("NOTE-FOR-US"));

        // A party that only has a mail address hears of it through the gate; the ledger knows.
        let party = add_party(&analyst, &case, "Example Hosting", "source", HOSTER).await;
        let before = house.ledger().await.len();
        let words = "Please look at 203.0.113.9: it shows a false bank page.";
        let page = look_at(&analyst, &party, "A false page on your network", words, "").await;
        assert!(page.shows("It may not leave like this") && page.shows("203.0.113.9"), "what others told us does not leave by itself");
        let refused = analyst.post(&format!("{party}/release"), &[("base", &page.input("base")), ("seen", "")]).await;
        assert_eq!((refused.status, house.ledger().await.len()), (409, before), "nothing leaves that the gate stops");
        write_to(&analyst, &party, "A false page on your network", words, "It is on their own network.").await;
        let ledger = house.ledger().await;
        assert_eq!(ledger.len(), before + 1, "one release, one line: {ledger:?}");
        let line = ledger.iter().find(|(_, _, _, address, _)| address == HOSTER).expect("a line for the party");
        assert_eq!((line.1.as_str(), line.2.as_str()), ("AMBER", "mail"), "{}", line.0);
        house.run_jobs().await;
        let mails = house.sink.to(HOSTER);
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, [HOSTER], "it goes to nobody else");
        let letter = mails[0].letter();
        assert!(letter.text.contains("TLP:AMBER") && letter.text.contains("it shows a false bank page"), "{}", letter.text);
        assert!(!mails[0].text().contains(REPORTER), "the reporter is not named to the source");

        // Its answer by plain mail lands in the same thread.
        let ours = mails[0].header("message-id").expect("a Message-ID");
        let subject = mails[0].header("subject").expect("a subject");
        deliver(
            &house,
            HOSTER,
            &format!(
                "From: Abuse desk <{HOSTER}>\r\nTo: {US}\r\nSubject: Re: {subject}\r\nMessage-ID: <77@hosting.example>\r\nIn-Reply-To: {ours}\r\n\
                 References: {ours}\r\n\r\nWe took the page down at noon.\r\n"
            ),
        )
        .await;
        assert!(analyst.get(&party).await.must(200).shows("We took the page down at noon."), "on {on}");
        assert!(analyst.get(&case).await.must(200).shows("We took the page down at noon."));
        assert_eq!(house.rows::<(Id,)>("select id from reports", vec![]).await.len(), 1, "the answer is no report");

        // Without a recommendation, or without an outcome, the case does not close.
        let refused = analyst.post(&format!("{case}/close"), &[("outcome", "resolved")]).await;
        assert!([409, 422].contains(&refused.status), "closed without a recommendation: {}", refused.status);

        // A recommendation goes with a message; only its addressee says that it is done.
        let _ = analyst
            .post(&format!("{party}/recommendations"), &[("kind", "operational"), ("text", "Remove the customer's old web shop."), ("compose", "1")])
            .await
            .must(303);
        write_to(&analyst, &party, "One more thing", "Thank you. One thing would help others.", "").await;
        house.run_jobs().await;
        let asked = house.sink.to(HOSTER).pop().expect("the second mail").letter().text;
        assert!(asked.contains("Remove the customer's old web shop."), "{asked}");
        let link = asked.split_whitespace().find(|word| word.contains("/answer/")).unwrap_or_else(|| panic!("no link to answer in\n{asked}"));
        let addressee = house.visitor();
        let question = addressee.get(link).await.must(200);
        assert!(question.shows("Remove the customer's old web shop."));
        let answered = addressee.post(link, &[("answer", "done"), ("words", "Removed today.")]).await.must(303);
        let _ = addressee.follow(answered).await.must(200);
        assert!(analyst.get(&party).await.must(200).shows("Removed today."));

        let page = analyst.get(&format!("{case}/close")).await.must(200);
        assert!(page.shows(&number) && page.shows("Still running"), "nobody has answered the reporter yet: {}", page.words());
        let refused = analyst.post(&format!("{case}/close"), &[]).await;
        assert!([409, 422].contains(&refused.status), "closed without an outcome: {}", refused.status);
        let _ = analyst.post(&format!("{case}/close"), &[("outcome", "resolved"), ("reason", "The page is gone.")]).await.must(303);
        assert!(analyst.get(&case).await.must(200).shows("Resolved"));

        // The reporter reads it on the page of the receipt; a wrong secret is as good as none.
        let page = visitor.get(&format!("/status/{number}?secret={secret}")).await;
        let page = visitor.follow(page).await.must(200);
        assert!(page.shows("Closed: solved"), "{}", page.words());
        assert!(!page.shows("NOTE-FOR-US") && !addressee.get(link).await.text().contains("NOTE-FOR-US"));
        assert!(house.sink.mails().iter().all(|mail| !mail.text().contains("NOTE-FOR-US")));
        let stranger = house.visitor();
        let wrong = stranger.get(&format!("/status/{number}?secret={}", "a".repeat(secret.len()))).await;
        let wrong = if wrong.status == 303 { stranger.follow(wrong).await } else { wrong };
        assert!(wrong.status != 200 && !wrong.shows("Closed: solved"), "{}", wrong.words());

        let checked = journal::check(&house.app.db, &house.app.blobs, &house.app.key, true).await.unwrap().unwrap_or_else(|bad| panic!("{bad:?}"));
        assert!(checked.entries > 10 && checked.blobs >= 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_matter_by_three_channels_is_three_reports_and_one_case() {
    for house in House::both().await {
        let words = "The page hxxps://login[.]bank.example/x at 203.0.113.9 asks for card numbers.";
        let (first, _) = report_by_form(&house.visitor(), "A false bank page", words).await;
        deliver(
            &house,
            "noc@isp.example",
            &format!("From: noc@isp.example\r\nTo: {US}\r\nSubject: False bank page\r\nMessage-ID: <1@isp.example>\r\n\r\n{words}\r\n"),
        )
        .await;
        let bearer = token(&house).await;
        let json =
            serde_json::json!({ "kind": "impersonation", "title": "Phishing seen", "description": words, "reporter": { "mail": "feed@sensor.example" } });
        let made = house.visitor().post_json("/api/v1/reports", &[("authorization", &bearer), ("idempotency-key", "one")], &json).await.must(201).json();
        let third = made["number"].as_str().unwrap().to_owned();
        house.run_jobs().await;
        let numbers: Vec<(String, String)> = house.rows("select number, channel from reports order by number", vec![]).await;
        assert_eq!(numbers.iter().map(|(_, channel)| channel.as_str()).collect::<Vec<_>>(), ["form", "mail", "api"]);
        for reporter in [REPORTER, "noc@isp.example", "feed@sensor.example"] {
            assert_eq!(house.sink.to(reporter).len(), 1, "{reporter} has one receipt");
        }

        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get(&format!("/inbox/{third}")).await.must(200);
        assert!(page.shows(&first) && page.shows(&numbers[1].0), "the likely duplicates stand beside it");
        let case = analyst.post(&format!("/inbox/{first}/cases"), &[]).await.must(303).location().unwrap();
        let case_number = case.rsplit('/').next().unwrap();
        for number in [&numbers[1].0, &third] {
            let _ = analyst.post(&format!("/inbox/{number}/links"), &[("cases", case_number)]).await.must(303);
        }
        let page = analyst.get(&case).await.must(200);
        assert!(numbers.iter().all(|(number, _)| page.shows(number)), "all three are in the case");
        let _ = analyst.post(&format!("{case}/close"), &[("outcome", "resolved"), ("waiver", "Nothing to advise: the page is gone.")]).await.must(303);
        let states: Vec<(String,)> = house.rows("select state from reports", vec![]).await;
        assert!(states.iter().all(|(state,)| state == "resolved"), "all end with their case: {states:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_logs_in_and_sees_its_own_slice_and_no_more() {
    for house in House::both().await {
        let hosting = organisation(&house, "Example Hosting", "203.0.113.0/24", HOSTER).await;
        let other = organisation(&house, "Example Mobile", "198.51.100.0/24", "noc@mobile.example").await;
        let (number, _) = report_by_form(&house.visitor(), "A false bank page", "It lies at 203.0.113.9 and was called from 198.51.100.7").await;
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get(&format!("/inbox/{number}")).await.must(200).shows("Example Hosting"), "the holder of the address is named");
        let case = analyst.post(&format!("/inbox/{number}/cases"), &[]).await.must(303).location().unwrap();
        let mut pages = vec![];
        for organisation in [hosting, other] {
            let fields = [("organisation", organisation.to_string()), ("role", "source".to_owned())];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            pages.push(analyst.post(&format!("{case}/parties"), &fields).await.must(303).location().unwrap());
        }
        write_to(&analyst, &pages[0], "A false page", "Please take the page at 203.0.113.9 down.", "").await;
        write_to(&analyst, &pages[1], "A caller", "Please tell us who called.", "").await;
        house.run_jobs().await;

        let member = house.login_as_member_of(hosting).await;
        let case_number = case.rsplit('/').next().unwrap();
        let home = member.get("/member").await.must(200);
        assert!(home.shows(case_number) && !home.shows("Example Mobile"));
        let slice = home.links("/member/cases/").remove(0);
        let page = member.get(&slice).await.must(200);
        assert!(page.shows("Please take the page at 203.0.113.9 down."));
        assert!(!page.shows("Example Mobile") && !page.shows("who called") && !page.shows(REPORTER));
        let said = member.upload(&format!("{slice}/reply"), &[("words", "It is down.")], &[]).await.must(303);
        let _ = member.follow(said).await.must(200);
        assert!(analyst.get(&pages[0]).await.must(200).shows("It is down."));
        assert!(!analyst.get(&pages[1]).await.must(200).shows("It is down."));
        for closed in ["/inbox".to_owned(), case.clone(), "/journal".into(), pages[1].clone(), slice.replace(&party_of(&pages[0]), &party_of(&pages[1]))] {
            assert_eq!(member.get(&closed).await.status, 404, "{closed} is not for a member");
        }
    }
}

fn party_of(page: &str) -> String {
    page.split("/parties/").nth(1).expect("a party's page").to_owned()
}
