//! What nobody holds is listed by network, and from there its holder comes into the registry.

use atalaya::access::{Role, Who};
use atalaya::constituency::allocations;

use crate::events::{deliver, feed, file};
use crate::house::House;

/// A day's row about an address of an AS.
fn row(ip: &str, asn: u32) -> String {
    format!("2026-11-22 03:04:05,{ip},23,tcp,,telnet,{asn},LS")
}

/// A registry's list of what it gave to whom.
const LIST: &str = "2|lacnic|20261101|3|19840101|20261101|-0300\n\
    lacnic|*|ipv4|*|2|summary\n\
    lacnic|BR|ipv4|198.51.100.0|512|20200102|allocated|h1\n\
    lacnic|BR|ipv4|192.0.2.64|64|20200102|assigned|h2\n\
    lacnic|UY|ipv6|2001:db8::|32|20200102|allocated|h3\n";

/// The row of a network.
fn line(page: &str, network: &str) -> String {
    page.split("<tr>").find(|row| row.contains(&format!(">{network}</a>"))).unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_holds_stands_by_network_and_leads_to_a_new_constituent_that_holds_it() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        allocations::import(&house.app, &Who::Operator, LIST.as_bytes(), false).await.unwrap();
        let rows = [
            row("198.51.100.9", 64502),
            row("198.51.101.9", 64502),
            row("198.51.101.10", 64503),
            row("192.0.2.7", 64504),
            row("192.0.2.70", 64504),
            row("203.0.113.9", 64505),
            row("2001:db8:7::1", 64506),
        ];
        deliver(&house, "shadow", "2026-11-22-scan_telnet-maluti.csv", &file(&rows)).await;
        house.run_jobs().await;
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/events/nobodys").await.must(200).text().contains("/events/networks?"));
        let page = analyst.get("/events/networks").await.must(200).text();
        for (network, handle, addresses) in [
            ("198.51.100.0/23", Some("h1"), 3),
            ("192.0.2.64/26", Some("h2"), 1),
            ("192.0.2.0/24", None, 1),
            ("203.0.113.0/24", None, 1),
            ("2001:db8::/32", Some("h3"), 1),
        ] {
            let line = line(&page, network);
            assert!(line.contains(&format!("data-label=\"Addresses\">{addresses}<")), "on {}: {network}: {line} of {page}", house.on);
            match handle {
                Some(handle) => assert!(line.contains(handle), "{line}"),
                None => assert!(line.contains("no list knows it"), "{line}"),
            }
        }
        assert!(line(&page, "198.51.100.0/23").contains("AS64502, AS64503"), "{page}");
        assert!(page.find("198.51.100.0/23") < page.find("192.0.2.64/26"), "the most events first");
        let one = analyst.get("/events/networks?asn=AS64505").await.must(200).text();
        assert!(!line(&one, "203.0.113.0/24").is_empty() && line(&one, "198.51.100.0/23").is_empty());
        let _ = analyst.get("/events/networks?asn=x").await.must(422);
        let csv = analyst.get("/events/networks.csv").await.must(200).text();
        assert!(csv.contains("198.51.100.0/23,lacnic,h1,BR,\"AS64502, AS64503\",3,3,") && csv.lines().count() == 6, "{csv}");

        // From a line its holder is begun with the network, and with the country that the list says.
        let link = "/constituency/new?holds=198.51.100.0/23&country=BR";
        assert!(line(&page, "198.51.100.0/23").replace("%2F", "/").replace("&amp;", "&").contains(link), "{page}");
        let form = analyst.get(link).await.must(200);
        assert_eq!((form.input("holds"), form.input("country")), ("198.51.100.0/23".into(), "BR".into()));
        let sector = house.app.profile.sectors[0].id.clone();
        let fields = |holds: &'static str| {
            [
                ("name", "New Fibre"),
                ("sector", sector.as_str()),
                ("status", "registered"),
                ("country", "BR"),
                ("language", "en"),
                ("ceiling", "AMBER"),
                ("holds", holds),
            ]
            .map(|(name, value)| (name, value.to_owned()))
        };
        let send = async |holds: &'static str| {
            let fields = fields(holds);
            analyst.post("/constituency/new", &fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>()).await
        };
        let again = send("198.51.100.0/23 nonsense/99").await.must(422);
        assert!(again.shows("nonsense/99") && again.input("holds").contains("nonsense/99"), "{}", again.words());
        assert!(house.rows::<(String,)>("select name from organisations where name = 'New Fibre'", vec![]).await.is_empty(), "all of it or nothing");
        let _ = send("198.51.100.0/23 AS64502").await.must(303);
        let held: Vec<(String,)> = house.rows("select value from resources order by value", vec![]).await;
        assert_eq!(held, [("198.51.100.0/23".to_owned(),), ("AS64502".to_owned(),)]);
        // Its events are its own a minute later.
        house.later(2);
        house.run_jobs().await;
        let page = analyst.get("/events/networks").await.must(200).text();
        assert!(line(&page, "198.51.100.0/23").is_empty() && !line(&page, "203.0.113.0/24").is_empty(), "on {}: {page}", house.on);
    }
}
