//! What members propose to change of their contacts and networks: the team approves it, and that is the change.

use atalaya::access::Role;
use store::{Id, args};

use crate::house::House;
use crate::notices::{SOUTH, two};

async fn contacts(house: &House, organisation: Id) -> Vec<(String, String)> {
    house.rows("select name, mail from contacts where organisation_id = $1 order by id", args![organisation]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_member_proposes_changes_anything_before_the_team_approves_it() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        let (member, other) = (house.login_as_member_of(north).await, house.login_as_member_of(south).await);
        let page = member.get("/member/registry").await.must(200);
        assert!(page.shows("203.0.113.0/25") && page.shows("abuse@north.example") && !page.shows(SOUTH), "on {}: {}", house.on, page.words());
        let own: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![north]).await;
        let change = format!("/member/registry/contact.change/{}", own[0].0);
        assert!(member.get(&change).await.must(200).text().contains("abuse@north.example"));
        // Another's contact and network are not there.
        let _ = other.get(&change).await.must(404);
        let _ = other.post(&change, &[("name", "x")]).await.must(404);
        let network: Vec<(Id,)> = house.rows("select id from resources where organisation_id = $1", args![north]).await;
        let _ = other.post(&format!("/member/registry/resource.end/{}", network[0].0), &[("last", "2026-11-30")]).await.must(404);
        let _ = member.get("/member/registry/organisation.add/new").await.must(404);
        // What the registry would not take is said at once.
        let _ = member.post("/member/registry/resource.add/new", &[("value", "203.0.113.7/24")]).await.must(422);
        let _ = member.post(&change, &[("name", ""), ("function", "abuse"), ("mail", "x"), ("language", "en")]).await.must(422);
        let fields = [
            ("name", "New desk"),
            ("function", "abuse"),
            ("mail", "desk@north.example"),
            ("phone", ""),
            ("language", "en"),
            ("hours", ""),
            ("words", "We moved."),
        ];
        let _ = member.post(&change, &fields).await.must(303);
        let _ =
            member.post("/member/registry/resource.add/new", &[("value", "203.0.113.128/26"), ("from", "2026-11-20"), ("words", "Bought.")]).await.must(303);
        assert_eq!(contacts(&house, north).await[0].1, "abuse@north.example", "nothing changed yet");
        assert!(member.get("/member/registry").await.must(200).shows("our team looks at it"));
        assert!(!other.get("/member/registry").await.must(200).shows("203.0.113.128/26"));
        assert!(!member.get("/member/registry").await.must(200).shows("South Radio"), "whose it is by now is not the member's to know");
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/constituency").await.must(200).shows("Proposed by members 2"));
        let page = analyst.get("/constituency/proposals").await.must(200);
        assert!(page.shows("desk@north.example") && page.shows("holds 203.0.113.128/26 since 2026-11-20") && page.shows("We moved."), "{}", page.words());
        assert!(page.shows("held by South Radio now: inside prefix 203.0.113.128/25"), "whose it is by now, for the team: {}", page.words());
        let wishes: Vec<(Id, String)> = house.rows("select id, kind from registry_proposals order by at, id", vec![]).await;
        let at = |kind: &str| format!("/constituency/proposals/{}", wishes.iter().find(|(_, one)| one == kind).unwrap().0);
        let _ = member.post(&at("contact.change"), &[("do", "approve")]).await.must(404);
        let _ = analyst.post(&at("resource.add"), &[("do", "refuse")]).await.must(422);
        let _ = analyst.post(&at("resource.add"), &[("do", "refuse"), ("note", "Whois names another.")]).await.must(303);
        let _ = analyst.post(&at("contact.change"), &[("do", "approve")]).await.must(303);
        let _ = analyst.post(&at("contact.change"), &[("do", "approve")]).await.must(422);
        assert_eq!(contacts(&house, north).await, [("New desk".to_owned(), "desk@north.example".to_owned())]);
        let held: Vec<(String,)> = house.rows("select value from resources where organisation_id = $1", args![north]).await;
        assert_eq!(held.len(), 1, "what is refused is not there");
        let page = member.get("/member/registry").await.must(200);
        assert!(page.shows("Whois names another.") && page.shows("approved: it is changed") && page.shows("New desk"), "{}", page.words());
        let done = house.done().await;
        for verb in ["proposal.made", "proposal.approved", "proposal.refused", "contact.changed"] {
            assert!(done.iter().any(|one| one == verb), "{verb} in {done:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_about_a_contact_that_changed_meanwhile_is_not_approved_and_stays_open() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        let member = house.login_as_member_of(north).await;
        let own: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![north]).await;
        let end = format!("/member/registry/contact.end/{}", own[0].0);
        let _ = member.post(&end, &[("last", "")]).await.must(422);
        let _ = member.post(&end, &[("last", "2026-11-30"), ("words", "She left.")]).await.must(303);
        let contact = atalaya::constituency::contact(&mut house.app.db.read().await.unwrap(), own[0].0).await.unwrap();
        let other = atalaya::constituency::ContactDetails { phone: "+266 1".into(), ..atalaya::constituency::ContactDetails::from(&contact) };
        atalaya::constituency::change_contact(&house.app, &atalaya::access::Who::Operator, contact.id, contact.version, other).await.unwrap();
        let analyst = house.login_as(Role::Analyst).await;
        let wish: Vec<(Id,)> = house.rows("select id from registry_proposals", vec![]).await;
        let path = format!("/constituency/proposals/{}", wish[0].0);
        let refused = analyst.post(&path, &[("do", "approve")]).await.must(422);
        assert!(refused.shows("Somebody else has changed this contact meanwhile"), "on {}: {}", house.on, refused.words());
        let state: Vec<(String,)> = house.rows("select state from registry_proposals", vec![]).await;
        assert_eq!(state[0].0, "open", "all of it, or nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_networks_are_shown_in_pages_and_in_its_own_language() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        for net in 0..130 {
            let held = atalaya::constituency::Held { kind: String::new(), value: format!("198.51.100.{net}/32"), from: None, to: None, source: "test" };
            atalaya::constituency::add_resource(&house.app, &atalaya::access::Who::Operator, north, held).await.unwrap();
        }
        let resource: Vec<(Id,)> = house.rows("select id from resources where value = '203.0.113.0/25'", vec![]).await;
        let from = Some("2024-02-01".parse().unwrap());
        atalaya::constituency::change_resource(&house.app, &atalaya::access::Who::Operator, resource[0].0, "/", from, None).await.unwrap();
        let member = house.login_as_member_of(north).await;
        let _ = member.post("/member/registry/resource.end/RES".replace("RES", &resource[0].0.to_string()).as_str(), &[("last", "2026-12-31")]).await.must(303);
        let _ = member.get("/language/es?back=/member").await.must(303);
        let mut networks = std::collections::BTreeSet::new();
        let (mut path, mut pages) = ("/member/registry".to_owned(), 0);
        loop {
            let page = member.get(&path).await.must(200);
            let words = page.words();
            assert!(!words.contains(" since ") && !words.contains("Abuse") && !words.contains(" held until "), "on {}: {words}", house.on);
            networks.extend(page.text().split("<b class=\"mono\">").skip(1).filter_map(|part| part.split('<').next()).map(str::to_owned));
            pages += 1;
            match page.links("/member/registry?after=").pop() {
                Some(next) => path = next,
                None => break,
            }
            if pages == 1 {
                assert!(page.shows("Abuso") && page.shows("Último día: 2026-12-31"), "{words}");
            } else {
                assert!(words.contains("desde 2024-02-01"), "{words}");
            }
        }
        assert_eq!((networks.len(), pages), (131, 2), "on {}", house.on);
        let mut reader = house.app.db.read().await.unwrap();
        let held = atalaya::constituency::resource(&mut reader, resource[0].0).await.unwrap();
        for after in [None, Some(&held)] {
            let plan = reader.plan(atalaya::constituency::held_statement(north, house.app.now(), after, 50)).await.unwrap();
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_to_a_member_passes_the_gate_and_stands_in_the_ledger() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        let member = house.login_as_member_of(north).await;
        let _ = member.post("/member/registry/resource.add/new", &[("value", "203.0.113.128/26"), ("from", "2026-11-20")]).await.must(303);
        let wish: Vec<(Id,)> = house.rows("select id from registry_proposals", vec![]).await;
        let path = format!("/constituency/proposals/{}", wish[0].0);
        // What a note carries is the team's default, and this organisation may get less.
        ceiling(&house, north, formats::label::Tlp::Green).await;
        let analyst = house.login_as(Role::Analyst).await;
        let refused = analyst.post(&path, &[("do", "refuse"), ("note", "Whois names another.")]).await.must(422);
        assert!(refused.shows("Nothing left the house"), "on {}: {}", house.on, refused.words());
        let states = async || house.rows::<(String,)>("select state from registry_proposals", vec![]).await;
        assert_eq!(states().await[0].0, "open");
        ceiling(&house, north, formats::label::Tlp::Amber).await;
        let _ = analyst.post(&path, &[("do", "refuse"), ("note", "Whois names another.")]).await.must(303);
        let ledger: Vec<(String, String, Id)> = house.rows("select recipient, channel, noun_id from ledger where noun = 'proposal'", vec![]).await;
        assert_eq!(ledger, [(format!("organisation:{north}"), "portal".to_owned(), wish[0].0)], "on {}", house.on);
        assert!(member.get("/member/registry").await.must(200).shows("Whois names another."));
        ceiling(&house, north, formats::label::Tlp::Green).await;
        let page = member.get("/member/registry").await.must(200);
        assert!(!page.shows("Whois names another.") && page.shows("refused"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proposal_cannot_take_is_said_in_the_readers_language_and_its_values_are_listed() {
    let house = House::sqlite().await;
    let (north, _) = two(&house).await;
    let member = house.login_as_member_of(north).await;
    let own: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![north]).await;
    let change = format!("/member/registry/contact.change/{}", own[0].0);
    let end = format!("/member/registry/contact.end/{}", own[0].0);
    let value = "/member/registry/resource.add/new";
    let long = "x".repeat(2001);
    let contact =
        |name: &'static str, mail: &'static str, language: &'static str| vec![("name", name), ("function", "abuse"), ("mail", mail), ("language", language)];
    for (language, said) in [
        (
            "es",
            [
                "Escriba el nombre",
                "Escriba la dirección de correo",
                "Escriba el idioma",
                "No es una red",
                "¿Quiso decir 203.0.113.0/24?",
                "Escriba el último día",
                "demasiado largo",
            ],
        ),
        (
            "en",
            [
                "Write the name",
                "Write the mail address",
                "Write the language",
                "This is no network",
                "Did you mean 203.0.113.0/24?",
                "Write the last day",
                "too long",
            ],
        ),
    ] {
        let _ = member.get(&format!("/language/{language}?back=/member")).await.must(303);
        let wrong = [
            (change.as_str(), contact("", "desk@north.example", "en")),
            (&change, contact("Desk", "nobody", "en")),
            (&change, contact("Desk", "desk@north.example", "not a tag")),
            (value, vec![("value", "nonsense")]),
            (value, vec![("value", "203.0.113.7/24")]),
            (&end, vec![("last", "")]),
            (value, vec![("value", "203.0.113.128/26"), ("words", long.as_str())]),
        ];
        for ((path, fields), said) in wrong.iter().zip(said) {
            let page = member.post(path, fields).await.must(422);
            assert!(page.shows(said), "{language}: {said} is not in {}", page.words());
            assert!(!page.text().contains("<p lang=\"en\">"), "{language}: nothing is left in English");
        }
    }
    let _ = member.get("/language/es?back=/member").await.must(303);
    let fields = [("name", "Mesa nueva"), ("function", "noc"), ("mail", "noc@north.example"), ("phone", "+266 2200 0000"), ("language", "es"), ("hours", "")];
    let _ = member.post("/member/registry/contact.add/new", &fields).await.must(303);
    let page = member.get("/member/registry").await.must(200);
    for line in ["Dirección de correo: noc@north.example", "Teléfono: +266 2200 0000", "Nombre de la persona o del puesto: Mesa nueva"] {
        assert!(page.shows(line), "{line} is not in {}", page.words());
    }
    assert!(!page.shows("Cuándo contesta alguien:"), "what says nothing is not listed");
}

async fn ceiling(house: &House, organisation: Id, ceiling: formats::label::Tlp) {
    let known = atalaya::constituency::get(&mut house.app.db.read().await.unwrap(), organisation).await.unwrap();
    let details = atalaya::constituency::Details { ceiling, ..atalaya::constituency::Details::from(&known) };
    atalaya::constituency::change(&house.app, &atalaya::access::Who::Operator, organisation, known.version, details).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_is_a_members_from_the_day_that_it_names_and_not_before() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        let member = house.login_as_member_of(north).await;
        let path = "/member/registry/resource.add/new";
        assert!(member.post(path, &[("value", "198.51.100.0/25")]).await.must(422).shows("Write the first day on which it is yours"));
        assert!(member.post(path, &[("value", "198.51.100.0/25"), ("from", "last week")]).await.must(422).shows("Write the first day on which it is yours"));
        let _ = member.post(path, &[("value", "198.51.100.0/25"), ("from", "2026-11-22")]).await.must(303);
        assert!(member.get("/member/registry").await.must(200).shows("First day on which it is yours: 2026-11-22"));
        let wish: Vec<(Id,)> = house.rows("select id from registry_proposals", vec![]).await;
        let analyst = house.login_as(Role::Analyst).await;
        let _ = analyst.post(&format!("/constituency/proposals/{}", wish[0].0), &[("do", "approve")]).await.must(303);
        let row = |day: &str, ip: &str| format!("{day} 03:04:05,{ip},23,tcp,,telnet,64500,LS");
        let rows = [row("2026-11-21", "198.51.100.1"), row("2026-11-22", "198.51.100.2")];
        crate::events::deliver(&house, "shadow", "2026-11-22-scan_telnet-a.csv", &crate::events::file(&rows)).await;
        house.run_jobs().await;
        let csv = member.get("/member/events.csv?from=2026-11-01").await.must(200).text();
        assert!(csv.contains("198.51.100.2") && !csv.contains("198.51.100.1,"), "on {}: {csv}", house.on);
    }
}
