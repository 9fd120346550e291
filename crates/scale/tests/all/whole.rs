//! The program end to end past one machine: a file in at one end, its events in the console at the other, through a
//! bucket, a cluster and more than one node.

use crate::bucket::Bucket;
use crate::cluster::Story;
use crate::postgres::Server;
use crate::program::{Fed, House, Node};

/// All events as the console hands them out, the newest first.
fn download(node: &Node) -> String {
    node.page("/events/found.csv")
}

fn count(csv: &str) -> u64 {
    csv.lines().count() as u64 - 1
}

#[test]
fn events_of_a_file_lie_in_a_bucket_and_the_console_asks_a_cluster_for_them() {
    let mut story = Story::begin();
    let bucket = Bucket::start();
    let house = House::begin(&bucket, None);
    // This cluster cannot read buckets; it reads the same bytes under another name.
    let engine = format!("[events]\nengine = \"{}\"\nengine_place = \"file://{}\"\n", story.spark.address(), bucket.lake().display());
    house.profile("spark.toml", &bucket, &engine);
    let node = house.serve("spark.toml");
    assert_eq!(node.post("/events/feeds/new", "name=sensor&title=Sensor&label=AMBER").status, 303);
    let mut fed = Fed::default();
    house.feed(&mut fed, 600);
    house.feed(&mut fed, 300);
    node.wait_until_stored(fed);
    assert!(bucket.count("day=") > 0 && !house.has_a_lake_of_its_own());
    story.told("two files are in the bucket");

    let before = story.spark.jobs();
    let page = node.page("/events/found");
    assert!(page.contains(&format!("{} events", fed.events)), "{page}");
    assert!(story.spark.jobs() > before, "the cluster was asked");
    let by_cluster = download(&node);
    let own = house.serve("own.toml");
    let asked = story.spark.jobs();
    assert_eq!(by_cluster, download(&own));
    assert_eq!(count(&by_cluster), fed.events);
    assert_eq!(story.spark.jobs(), asked, "this one reads the files itself");
    story.told("the console shows them, and a node that reads the files itself says the same");

    story.spark.kill_the_server();
    let gone = node.get("/events/found?type=");
    assert_eq!(gone.status, 503);
    for said in ["Events cannot be looked up at the moment", "it is not reached", "href=\"/events/found?type=\"", "Ask again"] {
        assert!(gone.body.contains(said), "no “{said}” in {}", gone.body);
    }
    node.page("/events");
    assert_eq!(download(&own), by_cluster);
    story.spark.start_the_server();
    story.spark.wait_until_ready();
    assert_eq!(download(&node), by_cluster);
    story.told("without the cluster it is said plainly; asked again once it is there, it is answered");

    drop(bucket);
    for one in [&node, &own] {
        let away = one.get("/events/found");
        assert_eq!(away.status, 503);
        assert!(away.body.contains("the bucket of the events") && away.body.contains("Ask again"), "{}", away.body);
        one.page("/events");
        one.page("/inbox");
    }
    story.told("without the bucket as well, and all else goes on");
}

#[test]
fn two_nodes_on_one_database_and_one_bucket_store_each_event_once_and_take_over_from_each_other() {
    let bucket = Bucket::start();
    let server = Server::new();
    let house = House::begin(&bucket, Some(server.database()));
    let (one, mut other) = (house.serve("own.toml"), house.serve("own.toml"));
    assert_eq!(one.post("/events/feeds/new", "name=sensor&title=Sensor&label=AMBER").status, 303);
    let mut fed = Fed::default();
    for _ in 0..4 {
        house.feed(&mut fed, 200);
    }
    other.wait_until_stored(fed);
    let both = download(&one);
    assert_eq!(both, download(&other));
    assert_eq!(count(&both), fed.events);
    // Whichever of them works with the events: it is killed in one of these turns.
    one.kill();
    for _ in 0..2 {
        house.feed(&mut fed, 200);
        other.wait_until_stored(fed);
        assert_eq!(count(&download(&other)), fed.events);
        let next = house.serve("own.toml");
        std::mem::replace(&mut other, next).kill();
    }
    let all = download(&other);
    assert_eq!(count(&all), fed.events);
    assert!(both.lines().skip(1).all(|line| all.contains(line)), "what was there stays as it was");
}
