//! Every route with every role: the table of `access.rs` decides, and nothing else lets in or keeps out.

use atalaya::access::{Role, roles};
use atalaya::routes::{Route, routes};
use atalaya::web::guard::Access;

use crate::house::{Answer, Browser, House};

/// A path with something in place of each name.
fn example(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "00000000000070008000000000000000".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn ask(browser: &Browser, route: &Route) -> Answer {
    let path = example(route.path);
    if route.method == "GET" { browser.get(&path).await } else { browser.post(&path, &[]).await }
}

fn sent_to_log_in(answer: &Answer) -> bool {
    answer.status == 401 || answer.location().is_some_and(|to| to.starts_with("/login"))
}

#[test]
fn every_route_has_a_row_in_the_table() {
    for route in routes() {
        if let Access::May(verb, noun) = route.access {
            let row = roles(verb, noun);
            assert!(row.is_some_and(|roles| !roles.is_empty()), "{} {} asks for {verb:?} {noun:?}, which has no row", route.method, route.path);
        }
    }
}

#[test]
fn no_route_stands_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for route in routes() {
        assert!(seen.insert((route.method.to_string(), route.path)), "{} {} stands twice", route.method, route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_as_far_as_the_table_says() {
    let house = House::sqlite().await;
    let organisation = house.organisation("Walk Example").await;
    let visitor = house.visitor();
    for route in routes() {
        let Access::May(verb, noun) = route.access else { continue };
        let answer = ask(&visitor, &route).await;
        assert!(sent_to_log_in(&answer), "{} {} lets a visitor in: {}", route.method, route.path, answer.status);
        let allowed = roles(verb, noun).unwrap_or_default();
        for role in Role::ALL {
            // A walk may end the session it walks with; each step is somebody's first.
            let person = house.person(role, (role == Role::Member).then_some(organisation)).await;
            let browser = house.login(person).await;
            let named = format!("{} {} as {}", route.method, route.path, role.name());
            if !allowed.contains(&role) {
                assert_eq!(ask(&browser, &route).await.status, 404, "{named}: what a role may not do does not exist for it");
                continue;
            }
            // The line of live news has no end; what does not exist looks like what is not allowed.
            if route.path == "/live" {
                continue;
            }
            let answer = ask(&browser, &route).await;
            assert!(!sent_to_log_in(&answer), "{named} was sent to log in");
            assert!(answer.status < 500, "{named} answered {}", answer.status);
            assert!(route.path.contains('{') || answer.status != 404, "{named} is not there");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn public_routes_open_without_a_log_in_and_fail_plainly() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    for route in routes().into_iter().filter(|route| route.access != Access::Token) {
        let Access::Public = route.access else { continue };
        let answer = ask(&visitor, &route).await;
        assert!(answer.status < 500, "{} {} answered {}", route.method, route.path, answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_without_a_token_are_refused_in_json() {
    let house = House::sqlite().await;
    for route in routes().into_iter().filter(|route| route.access == Access::Token) {
        let headers = [("authorization", "Bearer atalaya_wrong"), ("content-type", "application/json")];
        let answer = house.visitor().send(route.method.as_str(), &example(route.path), &headers, b"{}").await;
        assert!(matches!(answer.status, 401 | 404 | 429), "{} {} answered {}", route.method, route.path, answer.status);
    }
}
