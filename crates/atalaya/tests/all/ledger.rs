//! The ledger's page: all of it, page by page, and nothing of what the viewer may not know of.

use atalaya::access::Role;
use atalaya::reports::NewReport;
use store::args;

use crate::house::House;
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
