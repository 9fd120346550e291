//! The ledger's page: all of it, page by page, and nothing of what the viewer may not know of.

use atalaya::access::Role;
use atalaya::cases::messages;
use atalaya::mailbox::{self, Delivered};
use atalaya::reports::NewReport;
use store::args;

use crate::house::House;
use crate::messages::words;
use crate::reports::told;
use crate::triage::{person_of, receive, restricted_case};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_ledger_is_full_and_no_row_is_skipped_or_shown_to_whom_it_is_not_for() {
    for house in House::both().await {
        let owner = house.login_as(Role::Lead).await;
        let other = house.login_as(Role::Lead).await;
        let report = receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", "Quiet", "192.0.2.7", "") }).await;
        let hidden = restricted_case(&house, &person_of(&owner, Role::Lead), "Nobody knows", report.id).await;
        let open = receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", "Open", "192.0.2.8", "") }).await;
        let (case,): (store::Id,) = house.rows("select id from cases where number = $1", args![&hidden]).await.remove(0);
        // 250 rows of one instant, every third about the restricted case.
        let rows = house.app.db.change("operator", async |tx| {
            let now = tx.now();
            for n in 0..250 {
                let (id, about) = (tx.new_id(), [case, open.id, open.id][n % 3]);
                tx.execute(
                    "insert into ledger (id, at, who, recipient, organisation_id, about, noun, noun_id, version, label, basis, channel, address, content) \
                     values ($1, $2, 'operator', 'reporter:x', null, $3, 'message', $1, 1, 'GREEN', 'advice', 'mail', $4, $5)",
                    args![id, now, about, format!("n{n:03}@shop.example"), vec![0_u8; 32]],
                )
                .await?;
            }
            tx.record(store::Record::new("ledger.filled", "report", open.id));
            Ok::<_, store::Error>(())
        });
        rows.await.unwrap();
        for filter in ["", "recipient=reporter:x"] {
            for (browser, expected) in [(&owner, 250_usize), (&other, 166)] {
                let (mut seen, mut path, mut pages) = (Vec::new(), format!("/ledger?{filter}"), 0);
                loop {
                    let page = browser.get(&path).await.must(200);
                    let text = page.text();
                    let found: Vec<String> = text.split("<span class=\"any\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
                    let next = page.links("/ledger?before").first().map(|link| link.replace("&amp;", "&"));
                    assert!(found.len() == 100 || next.is_none(), "{} rows on {path}", found.len());
                    seen.extend(found);
                    pages += 1;
                    match next {
                        Some(next) => path = next,
                        None => break,
                    }
                    assert!(filter.is_empty() || path.contains("reporter"), "{path}");
                }
                let count = seen.len();
                seen.sort();
                seen.dedup();
                assert_eq!((count, seen.len(), pages), (expected, expected, expected.div_ceil(100)), "{filter} on {}", house.on);
            }
        }
        let _ = owner.get(&format!("/ledger?about={hidden}")).await.must(200);
        let _ = other.get(&format!("/ledger?about={hidden}")).await.must(404);
        let _ = other.get("/ledger?about=MLT-2026-999999").await.must(404);
        let _ = other.get("/ledger?before=nonsense").await.must(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_a_restricted_case_stands_on_no_list_of_those_who_may_not_know_of_it() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Lead).await, house.login_as(Role::Lead).await);
        let who = person_of(&owner, Role::Lead);
        // A receipt, which is about the report; a message, which is about its case; and the answer to it.
        let report = receive(&house, told(&house.app, "form", "Quiet", "192.0.2.7", "ana@harbour.example")).await;
        house.run_jobs().await;
        let number = restricted_case(&house, &who, "Nobody knows", report.id).await;
        let (party,): (store::Id,) = house.rows("select id from parties", vec![]).await.remove(0);
        messages::release(&house.app, &who, party, &words("Hello.", 0), None).await.unwrap();
        house.run_jobs().await;
        let raw = format!(
            "From: <ana@harbour.example>\r\nTo: <report@csirt.maluti.example>\r\nSubject: Re: [{number}] Hello\r\nMessage-ID: <1@harbour.example>\r\n\r\nWe look.\r\n"
        );
        let mail = Delivered { from: "ana@harbour.example".into(), to: vec!["report@csirt.maluti.example".into()], raw: raw.into_bytes(), via: "mail-in" };
        mailbox::keep(&house.app, mail).await.unwrap();
        house.run_jobs().await;
        assert_eq!(house.rows::<(i64,)>("select count(*) from messages where direction = 'in' and party_id = $1", args![party]).await, [(1,)]);
        for path in ["/ledger", "/outgoing", "/journal", "/journal?who=mail"] {
            let page = owner.get(path).await.must(200);
            assert!(page.shows(&number) || page.shows(&report.number), "{path} on {}: {}", house.on, page.words());
            let page = outsider.get(path).await.must(200);
            for never in [&number, &report.number, "ana@harbour.example", "Nobody knows"] {
                assert!(!page.shows(never), "{never} on {path} on {}: {}", house.on, page.words());
            }
        }
    }
}
