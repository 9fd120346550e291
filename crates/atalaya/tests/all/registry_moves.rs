//! What a changed registry does to events that are stored already, and to what is told of them.

use atalaya::access::Who;
use atalaya::constituency::{self, Held};
use store::{Id, args};

use crate::house::House;
use crate::notices::{NORTH, SOUTH, add, bring, list, morning, pairs, two};

async fn holds(house: &House, organisation: Id, value: &str) -> Id {
    let held = Held { kind: String::new(), value: value.into(), from: None, to: None, source: "test" };
    constituency::add_resource(&house.app, &Who::Operator, organisation, held).await.unwrap()
}

async fn resource_of(house: &House, organisation: Id, value: &str) -> Id {
    let rows: Vec<(Id,)> = house.rows("select id from resources where organisation_id = $1 and value = $2", args![organisation, value]).await;
    rows[0].0
}

/// Events by holder, over first holders.
async fn sums(house: &House) -> Vec<(i64, i64)> {
    house.rows("select holder, cast(sum(events) as BIGINT) from event_rollups where first = 1 group by holder order by holder", vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_read_before_the_rematch_hides_no_older_event_from_it() {
    for house in House::both().await {
        let (_, south) = two(&house).await;
        bring(&house, 21, &[("198.51.100.1", 23), ("203.0.113.7", 23)]).await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 1)]);
        // The registry changes; within the minute that the rematch waits, another file is read with the new one.
        holds(&house, south, "198.51.100.0/24").await;
        bring(&house, 22, &[("198.51.100.2", 23)]).await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 1), (2, 1)]);
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(1, 1), (2, 2)], "on {}: the older event has its holder, too", house.on);
        // The same with a resource that is gone again before the rematch.
        let short = holds(&house, south, "192.0.2.0/24").await;
        bring(&house, 23, &[("192.0.2.1", 23)]).await;
        assert_eq!(sums(&house).await, [(1, 1), (2, 3)]);
        constituency::remove_resource(&house.app, &Who::Operator, short).await.unwrap();
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 1), (2, 2)], "on {}: what was held for a minute is nobody's", house.on);
        // Nothing is left to do.
        let partial: Vec<(i64,)> = house.rows("select count(*) from event_holdings where whole = 0", vec![]).await;
        assert_eq!(partial[0].0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_moved_is_not_gone_for_whoever_had_it() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.9", 23)]).await;
        morning(&house, 24).await;
        assert_eq!(list(&house.sink.to(NORTH)[0]), pairs(&[("new", "203.0.113.7:23"), ("new", "203.0.113.9:23")]));
        // North keeps 203.0.113.9 alone: the rest is South's from now on.
        let old = resource_of(&house, north, "203.0.113.0/25").await;
        constituency::remove_resource(&house.app, &Who::Operator, old).await.unwrap();
        holds(&house, north, "203.0.113.9/32").await;
        holds(&house, south, "203.0.113.0/25").await;
        house.later(5);
        house.run_jobs().await;
        for day in 24..27 {
            bring(&house, day, &[("203.0.113.7", 23)]).await;
            morning(&house, day + 1).await;
        }
        let north: Vec<_> = house.sink.to(NORTH).iter().skip(1).flat_map(list).collect();
        assert_eq!(north, [("gone".to_owned(), "203.0.113.9:23".to_owned())], "on {}: what moved is not gone", house.on);
        let south: Vec<_> = house.sink.to(SOUTH).iter().flat_map(list).collect();
        assert!(south.contains(&("new".into(), "203.0.113.7:23".into())), "{south:?}");
        // It comes back to North: what it was told of is not told again, what comes from then on is.
        constituency::remove_resource(&house.app, &Who::Operator, resource_of(&house, south_of(&house).await, "203.0.113.0/25").await).await.unwrap();
        holds(&house, north_of(&house).await, "203.0.113.0/25").await;
        house.later(5);
        house.run_jobs().await;
        let before = house.sink.to(NORTH).len();
        bring(&house, 27, &[("203.0.113.7", 23)]).await;
        morning(&house, 30).await;
        let told: Vec<_> = house.sink.to(NORTH).iter().skip(before).flat_map(list).collect();
        assert!(told.contains(&("persisting".into(), "203.0.113.7:23".into())), "on {}: {told:?}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_moved_is_told_to_nobody_before_its_events_moved_too() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.9", 23)]).await;
        // In the minute before the rule speaks, North's network becomes South's, but for one address.
        house.set_clock("2026-11-24T08:00:30+02:00");
        let old = resource_of(&house, north, "203.0.113.0/25").await;
        constituency::remove_resource(&house.app, &Who::Operator, old).await.unwrap();
        holds(&house, north, "203.0.113.9/32").await;
        holds(&house, south, "203.0.113.0/25").await;
        morning(&house, 24).await;
        assert_eq!(house.sink.to(NORTH).iter().flat_map(list).collect::<Vec<_>>(), [("new".into(), "203.0.113.9:23".into())], "on {}", house.on);
        house.later(5);
        house.run_jobs().await;
        morning(&house, 25).await;
        assert_eq!(house.sink.to(NORTH).len(), 1, "on {}", house.on);
        let south: Vec<_> = house.sink.to(SOUTH).iter().flat_map(list).collect();
        // The one address is both's.
        let new = |what: &str| ("new".to_owned(), what.to_owned());
        assert_eq!(south, [new("203.0.113.7:23"), new("203.0.113.9:23")], "on {}", house.on);
    }
}

async fn north_of(house: &House) -> Id {
    house.rows::<(Id,)>("select id from organisations where name = 'North Cable'", vec![]).await[0].0
}

async fn south_of(house: &House) -> Id {
    house.rows::<(Id,)>("select id from organisations where name = 'South Radio'", vec![]).await[0].0
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moved_after_the_newest_arrival_is_told_at_once_to_whoever_was_told_of_that_arrival() {
    for house in House::both().await {
        let (_, south) = two(&house).await;
        add(&house, "At once", |rule| rule.due = "at_once".into()).await;
        bring(&house, 22, &[("198.51.100.1", 23), ("203.0.113.200", 23)]).await;
        house.later(6);
        house.run_jobs().await;
        assert_eq!(house.sink.to(SOUTH).len(), 1, "on {}", house.on);
        holds(&house, south, "198.51.100.0/24").await;
        for _ in 0..3 {
            house.later(6);
            house.run_jobs().await;
        }
        let mails = house.sink.to(SOUTH);
        assert_eq!(mails.len(), 2, "on {}", house.on);
        assert_eq!(list(&mails[1]), pairs(&[("new", "198.51.100.1:23")]));
        // Only what moved is noted, not every file for every holder.
        let arrivals: Vec<(i64,)> = house.rows("select count(*) from event_arrivals where holder = 1", vec![]).await;
        assert_eq!(arrivals[0].0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_at_once_says_what_is_gone_and_what_waited_long_enough() {
    for house in House::both().await {
        let (_, south) = two(&house).await;
        add(&house, "At once", |rule| rule.due = "at_once".into()).await;
        add(&house, "Many at once", |rule| {
            (rule.scope, rule.organisation) = ("one".into(), Some(south));
            (rule.due, rule.threshold) = ("at_once".into(), 5);
        })
        .await;
        house.run_jobs().await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.200", 23)]).await;
        house.later(6);
        house.run_jobs().await;
        assert_eq!(house.sink.to(NORTH).len(), 1, "on {}", house.on);
        // Its feed goes on with nothing of North's.
        for day in 24..27 {
            bring(&house, day, &[("198.51.100.1", 23)]).await;
            morning(&house, day + 1).await;
        }
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 2, "on {}", house.on);
        assert_eq!(list(&mails[1]), pairs(&[("gone", "203.0.113.7:23")]));
        assert!(house.sink.to(SOUTH).is_empty());
        house.set_clock("2026-12-28T09:01:00+02:00");
        house.run_jobs().await;
        assert_eq!(list(&house.sink.to(SOUTH)[0]), pairs(&[("new", "203.0.113.200:23")]), "on {}: thirty days are enough", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_is_let_go_although_somebody_else_cannot_be_told() {
    for house in House::both().await {
        two(&house).await;
        let mute = house.organisation("Mute Hosting").await;
        holds(&house, mute, "192.0.2.0/24").await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("192.0.2.1", 23), ("198.51.100.1", 23)]).await;
        morning(&house, 24).await;
        let held: Vec<(i64,)> = house.rows("select holder from notice_held", vec![]).await;
        let noted = async || house.rows::<(i64,)>("select holder from event_arrivals order by holder", vec![]).await;
        assert_eq!(noted().await.len(), 3, "on {}: for a month it is known whom an arrival was of", house.on);
        house.set_clock("2027-01-06T08:01:00+02:00");
        house.run_jobs().await;
        assert_eq!(noted().await, held, "on {}: what waits is kept, the rest is let go", house.on);
    }
}
