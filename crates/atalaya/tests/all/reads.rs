//! Who reads a restricted case stands in the journal: once a person, a case and an hour, and on no timeline.

use atalaya::access::Role;
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, NewCase, messages};

use crate::house::House;
use crate::reports::told;
use crate::triage::{person_of, receive, restricted_case};

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_restricted_case_or_its_report_stands_in_the_journal_once_an_hour() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Admin).await);
        let who = person_of(&owner, Role::Analyst);
        let report = receive(&house, told(&house.app, "form", "Known", "C2 at bad.host.example", "")).await;
        let open = receive(&house, told(&house.app, "form", "Open", "C2 at bad.host.example", "")).await;
        let number = restricted_case(&house, &who, "The minister's telephone", report.id).await;
        let case = format!("/cases/{number}");
        let reads = async || -> Vec<(String, String)> {
            let all = house.journal().await.into_iter().filter(|line| line.verb == "case.read");
            all.map(|line| (line.who.clone(), line.details()["case"].as_str().unwrap_or_default().to_owned())).collect()
        };
        let me = (format!("person:{}", owner.person()), number.clone());
        assert_eq!(reads().await, [], "nobody has read it yet, on {}", house.on);
        for page in [case.clone(), case.clone(), format!("{case}/edit"), format!("{case}/extent")] {
            let _ = owner.get(&page).await.must(200);
        }
        assert_eq!(reads().await, std::slice::from_ref(&me), "once an hour, on {}", house.on);
        // Its report is as secret, and so is what came with it.
        house.later(61);
        let owner = house.login(owner.person()).await;
        let _ = owner.get(&format!("/inbox/{}/original/file", report.number)).await.must(200);
        let _ = owner.get(&format!("/inbox/{}", report.number)).await.must(200);
        assert_eq!(reads().await, [me.clone(), me.clone()], "on {}", house.on);
        // However the number is written, and where a form comes back with the page around it.
        for form in [false, true] {
            house.later(61);
            let owner = house.login(owner.person()).await;
            if form {
                let _ = owner.post(&format!("{case}/edit"), &[("title", ""), ("version", "0")]).await.must(409);
            } else {
                let _ = owner.get(&format!("/cases/%4D{}", number.trim_start_matches('M'))).await.must(200);
            }
        }
        assert_eq!(reads().await.len(), 4, "on {}", house.on);
        // What was asked for and not given is no reading, and what everybody may read is none.
        let (owner, outsider) = (house.login(owner.person()).await, house.login(outsider.person()).await);
        let _ = outsider.get(&case).await.must(404);
        let new = NewCase { kind: "incident".into(), title: "Everybody's".into(), reports: vec![open.id], ..NewCase::default() };
        let known = cases::open(&house.app, &who, new).await.unwrap();
        let _ = owner.get(&known.path()).await.must(200);
        let _ = owner.get(&format!("/inbox/{}", open.number)).await.must(200);
        assert_eq!(reads().await.len(), 4, "on {}", house.on);
        assert!(!owner.get(&case).await.must(200).words().to_lowercase().contains("read a case"), "it is no news of the case");
        // A second case is another, and the inbox that opens its first report by itself shows that too.
        house.later(61);
        let owner = house.login(owner.person()).await;
        cases::restrict(&house.app, &who, known.id, true, None).await.unwrap();
        let last = receive(&house, told(&house.app, "form", "Newest", "C2 at bad.host.example", "")).await;
        let hidden = restricted_case(&house, &who, "Another", last.id).await;
        let inbox = owner.get("/inbox?state=all").await.must(200);
        if inbox.shows("C2 at bad.host.example") {
            let read = reads().await;
            assert!(read.len() == 5 && [known.number.clone(), hidden.clone(), number.clone()].contains(&read[4].1), "on {}: {read:?}", house.on);
        }
        // What was put into the thread of one of its parties is in it, too.
        let party = NewParty { name: "Peer".into(), role: "other".into(), mail: Some("noc@peer.example".into()), checked: true, ..NewParty::default() };
        let party = parties::add(&house.app, &who, known.id, party).await.unwrap();
        let answer = receive(&house, told(&house.app, "form", "Our side", "We blocked it.", "")).await;
        messages::place_report(&house.app, &who, answer.id, party).await.unwrap();
        house.later(61);
        let owner = house.login(owner.person()).await;
        let before = reads().await.len();
        let _ = owner.get(&format!("/inbox/{}", answer.number)).await.must(200);
        assert_eq!(reads().await.get(before..), Some(&[(me.0.clone(), known.number.clone())][..]), "on {}", house.on);
    }
}
