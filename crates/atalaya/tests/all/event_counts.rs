//! What the pages of counts say is what the sums say, however they are kept.

use atalaya::access::Role;
use atalaya::events;

use crate::events::{deliver, feed, file};
use crate::house::House;

async fn bring(house: &House, name: &str, day: &str, ips: std::ops::Range<u32>) {
    let row = |n: u32| format!("{day} 03:04:05,203.0.113.{},{},tcp,,telnet,{},{}", n % 250, 23 + n / 250, 64_500 + n % 3, ["LS", "ZA"][n as usize % 2]);
    deliver(house, "shadow", &format!("2026-11-22-scan_telnet-{name}.csv"), &file(&ips.map(row).collect::<Vec<_>>())).await;
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_counts_says_the_same_from_totals_as_from_all_sums_and_how_many_addresses() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        let north = house.organisation("North Cable").await;
        let held = atalaya::constituency::Held { kind: String::new(), value: "203.0.113.0/25".into(), from: None, to: None, source: "test" };
        atalaya::constituency::add_resource(&house.app, &atalaya::access::Who::Operator, north, held).await.unwrap();
        bring(&house, "a", "2026-11-21", 0..250).await;
        bring(&house, "b", "2026-11-22", 100..400).await;
        let analyst = house.login_as(Role::Analyst).await;
        let pages = ["/events", "/events/nobodys", "/events?from=2026-11-22", "/events?asn=AS64501", "/events?organisation=North+Cable", "/events?country=LS"];
        let all = async || {
            let mut said = Vec::new();
            for page in pages {
                said.push(analyst.get(page).await.must(200).words());
            }
            said
        };
        let packed = all().await;
        assert!(packed[0].contains("550 events by day") && packed[0].contains("About 250 different addresses"), "on {}: {}", house.on, packed[0]);
        assert!(packed[0].contains("AS64501 183") && packed[0].contains("North Cable 284") && packed[0].contains("ZA 275"), "{}", packed[0]);
        assert!(packed[1].contains("266 events by day") && packed[1].contains("About 122 different addresses"), "{}", packed[1]);
        assert!(packed[2].contains("300 events by day") && packed[2].contains("About 250 different addresses"), "{}", packed[2]);
        assert!(packed[3].contains("183 events by day") && packed[4].contains("About 128 different addresses"), "{}", packed[4]);
        assert!(!packed[5].contains("different addresses"), "no sketch is of a country");
        // As it was with sums that were noted before.
        let forget = async |text: &'static str| {
            house.app.db.keep_house(async |tx| tx.execute(text, vec![]).await.map(drop)).await.unwrap();
        };
        forget("update event_data_files set totals = null").await;
        forget("delete from event_sketches where of_kind = 'all'").await;
        assert_eq!(all().await, packed, "on {}", house.on);
        let unpacked = async || -> i64 { house.rows::<(i64,)>("select count(*) from event_data_files where totals is null", vec![]).await[0].0 };
        assert_eq!(unpacked().await, 2);
        events::wake(&house.app).await.unwrap();
        house.later(24 * 60);
        house.run_jobs().await;
        assert_eq!(unpacked().await, 0, "the next tidying packs them");
    }
}
