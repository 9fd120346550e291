//! Several programs on one database server: each hears what the others commit, and no work is done twice.

use std::collections::BTreeMap;
use std::time::Duration;

use atalaya::access::{Role, Who};
use atalaya::cases::{self, NewCase};
use atalaya::{App, jobs, reports, routes};
use serde_json::json;
use store::{Db, Id, args};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::house::{Answer, Browser, Held, House, Server, new_database, wait_for_waiting};
use crate::messages::analyst;
use crate::reports::told;

/// A moment that is long for a machine, so that only a notice that never comes runs into it.
const LONG: Duration = Duration::from_secs(60);

pub async fn serve(app: &App) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = routes::router(app.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_comes_to_one_node_shows_up_live_on_the_other() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let mut server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    let database = server.database();
    let house = House::on(&database).await;
    let other = house.beside(&database).await;
    let analyst = house.login_as(atalaya::access::Role::Analyst).await;
    let session = analyst.cookie("session").unwrap();
    for lost in [false, true] {
        if lost {
            // The line between node and server is cut; the bell is hung up anew.
            server.crash();
            server.begin();
        }
        let address = serve(&other).await;
        let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
        stream.write_all(format!("GET /live HTTP/1.1\r\nhost: {address}\r\ncookie: session={session}\r\n\r\n").as_bytes()).await.unwrap();
        let mut lines = stream.lines();
        // Its head has come: whatever is committed from now on is told.
        while !lines.next_line().await.unwrap().unwrap().is_empty() {}
        let told_live = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line.contains("\"inbox\"") {
                    return line;
                }
            }
            panic!("the line of live news ended")
        };
        let bell = other.db.bell(&["acknowledge"]);
        let rung = bell.notified();
        let receive = async {
            // Once the stream is open, at the one node; again should the other not have listened yet.
            reports::receive(&house.app, &Who::Public, told(&house.app, "form", "Live", "It is 192.0.2.7.", "desk@shop.example")).await.unwrap();
        };
        let (line, ()) = tokio::join!(tokio::time::timeout(LONG, told_live), receive);
        assert!(line.is_ok(), "the other node heard nothing");
        assert!(tokio::time::timeout(LONG, rung).await.is_ok(), "the other node's workers heard nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_the_work_and_no_mail_goes_out_twice() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    let database = server.database();
    let house = House::on(&database).await;
    let other = house.beside(&database).await;
    for n in 0..30 {
        let mail = format!("desk{n}@shop.example");
        reports::receive(&house.app, &Who::Public, told(&house.app, "form", &format!("Report {n}"), "It is 192.0.2.7.", &mail)).await.unwrap();
    }
    let (here, there) = tokio::join!(jobs::drain(&house.app), jobs::drain(&other));
    here.unwrap();
    there.unwrap();
    house.run_jobs().await;
    let mut sent: BTreeMap<String, u32> = BTreeMap::new();
    for mail in house.sink.mails() {
        *sent.entry(mail.to.join(",")).or_default() += 1;
    }
    assert_eq!(sent.len(), 30);
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
}

/// Two nodes on one server, a lead who is logged in at both, and two cases that one report stands in.
pub struct Two {
    pub house: House,
    database: String,
    /// One browser at each node.
    pub here: Browser,
    pub there: Browser,
    /// Where the other node answers.
    other: std::net::SocketAddr,
    pub who: Who,
}

impl Two {
    pub async fn open() -> Self {
        let database = tokio::task::spawn_blocking(new_database).await.unwrap();
        let house = House::on(&database).await;
        let other = house.beside(&database).await;
        let here = house.login_as(Role::Lead).await;
        let other = serve(&other).await;
        let there = Browser::new(other);
        there.set_cookie("session", &here.cookie("session").unwrap());
        let who = analyst(here.person());
        Self { house, database, here, there, other, who }
    }

    /// A browser at the other node without a log-in.
    pub fn stranger(&self) -> Browser {
        Browser::new(self.other)
    }

    async fn report(&self, title: &str) -> (Id, String) {
        let receipt = reports::receive(&self.house.app, &Who::Public, told(&self.house.app, "form", title, "x", "")).await.unwrap();
        (receipt.id, receipt.number)
    }

    /// The path of a new case.
    async fn case(&self, title: &str, reports: Vec<Id>) -> String {
        let new = NewCase { kind: "advice".into(), title: title.into(), reports, ..NewCase::default() };
        cases::open(&self.house.app, &self.who, new).await.unwrap().path()
    }

    /// One sends a form at this node, and the other at that one meanwhile.
    async fn together(&self, first: (&str, &[(&str, &str)]), second: (&str, &[(&str, &str)])) -> (Answer, Answer) {
        self.meanwhile(self.here.post(first.0, first.1), self.there.post(second.0, second.1)).await
    }

    /// Does the second while the first has not come to its end: both have read what there was, or wait to read it, before
    /// either of them commits.
    pub async fn meanwhile<A, B>(&self, first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
        // Every change passes here last.
        let database = self.database.clone();
        let held = tokio::task::spawn_blocking(move || Held::by(&database, "select pg_advisory_lock(70616)")).await.unwrap();
        let waiting = async |how_many| {
            let database = self.database.clone();
            tokio::task::spawn_blocking(move || wait_for_waiting(&database, how_many)).await.unwrap();
        };
        let then = async {
            waiting(1).await;
            let release = async {
                waiting(2).await;
                tokio::task::spawn_blocking(move || drop(held)).await.unwrap();
            };
            tokio::join!(second, release).0
        };
        tokio::join!(first, then)
    }

    pub async fn states(&self, report: Id) -> (String, Option<String>) {
        self.house.rows("select state, disposition from reports where id = $1", args![report]).await.remove(0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_whose_two_cases_are_closed_at_the_same_moment_on_two_nodes_is_resolved() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let (report, _) = two.report("Seen twice").await;
    let (one, other) = (two.case("One", vec![report]).await, two.case("Other", vec![report]).await);
    let fields = [("outcome", "resolved")];
    let (here, there) = two.together((&format!("{one}/close"), &fields), (&format!("{other}/close"), &fields)).await;
    let _ = (here.must(303), there.must(303));
    assert_eq!(two.states(report).await.0, "resolved", "nobody would have told its reporter");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_report_comes_into_a_case_that_is_closed_at_the_same_moment() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let (report, number) = two.report("Late").await;
    let case = two.case("One", vec![]).await;
    let link = [("what", "link-report"), ("report", number.as_str())];
    let (closed, linked) = two.together((&format!("{case}/close"), &[("outcome", "resolved")]), (&format!("{case}/change"), &link)).await;
    let (_, linked) = (closed.must(303), linked.must(409));
    assert!(linked.shows("reopen it first"), "{}", linked.words());
    assert_eq!(two.states(report).await, ("new".into(), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_becomes_a_case_at_the_same_moment_is_not_rejected() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let (report, number) = two.report("One").await;
    // Rejected and taken back: it is open, and in no case.
    reports::reject(&two.house.app, &two.who, report, "x").await.unwrap();
    reports::undo_reject(&two.house.app, &two.who, report).await.unwrap();
    assert_eq!(two.states(report).await, ("open".into(), None));
    let asked = [("id", number.as_str()), ("again", "1"), ("do", "reject"), ("reason", "Spam.")];
    let shown = two.there.post("/inbox/batches", &asked).await.must(200).input("shown");
    let sure = [&asked[..], &[("sure", "1"), ("shown", shown.as_str())]].concat();
    let (opened, rejected) = two.together((&format!("/inbox/{number}/cases"), &[]), ("/inbox/batches", &sure)).await;
    let _ = opened.must(303);
    assert!(rejected.must(409).shows("is worked on in a case"));
    assert_eq!(two.states(report).await, ("open".into(), Some("case".into())), "a case works on it");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_one_case_on_two_nodes_are_told_and_lose_no_word() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let case = two.case("One", vec![]).await;
    let edit = format!("{case}/edit");
    let version = two.here.get(&edit).await.must(200).input("version");
    let (one, other) = ([("title", "By the first"), ("version", version.as_str())], [("title", "By the second"), ("version", version.as_str())]);
    let (here, there) = two.together((&edit, &one), (&edit, &other)).await;
    let (_, there) = (here.must(303), there.must(409));
    assert!(there.shows("By the first") && there.text().contains("By the second"), "both are on the page: {}", there.words());
    let kept: Vec<(String,)> = two.house.rows("select title from cases", vec![]).await;
    assert_eq!(kept, [("By the first".to_owned(),)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_to_a_party_while_its_case_is_merged_stands_where_the_case_lives_on() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let advice = [("kind", "operational"), ("text", "Filter it.")];
    let call = [("direction", "in"), ("words", "They look."), ("label", "AMBER")];
    let forms: [(&str, &[(&str, &str)]); 2] = [("recommendations", &advice), ("calls", &call)];
    for (form, fields) in forms {
        let (source, target) = (two.case("Source", vec![]).await, two.case("Target", vec![]).await);
        let party = [("name", "Basalt"), ("role", "peer"), ("mail", "noc@basalt.example"), ("reach", "mail"), ("ceiling", "AMBER")];
        let lane = two.here.post(&format!("{source}/parties"), &party).await.must(303).location().unwrap();
        let into = target.rsplit('/').next().unwrap();
        let (merged, written) = two.together((&format!("{source}/merge"), &[("into", into)]), (&format!("{lane}/{form}"), fields)).await;
        let _ = (merged.must(303), written.must(303));
    }
    let lost = "select count(*) from recommendations r join cases c on c.id = r.case_id where c.merged_into is not null";
    assert_eq!(two.house.rows::<(i64,)>(lost, vec![]).await, [(0,)], "nobody would see what was recommended");
    let lost = "select count(*) from messages m join cases c on c.id = m.case_id where c.merged_into is not null";
    assert_eq!(two.house.rows::<(i64,)>(lost, vec![]).await, [(0,)], "nobody would see what was said");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_comes_to_two_nodes_at_the_same_moment_makes_one_case() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let form = [("kind", "incident"), ("title", "Twice"), ("summary", "")];
    let (here, there) = two.together(("/cases", &form), ("/cases", &form)).await;
    assert_eq!(here.must(303).location(), there.must(303).location());
    assert_eq!(two.house.rows::<(i64,)>("select count(*) from cases", vec![]).await, [(1,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lost_its_job_to_another_ends_it_for_nobody() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let database = tokio::task::spawn_blocking(new_database).await.unwrap();
    let house = House::on(&database).await;
    let (here, there) = (&house.app.db, house.beside(&database).await.db.clone());
    let ask = async || here.keep_house(async |tx| tx.enqueue_at("look", json!({}), tx.now(), Some("one")).await).await.unwrap();
    let take = async |db: &Db| db.take_job(&["look"], jiff::SignedDuration::from_mins(5)).await.unwrap().expect("it is due");
    ask().await;
    let slow = take(here).await;
    house.later(6);
    let second = take(&there).await;
    ask().await;
    there.keep_house(async |tx| tx.finish_job(&second).await).await.unwrap();
    // Asked for while it ran, it runs once more, and its tries are counted anew.
    let third = take(&there).await;
    assert_eq!((slow.attempts, third.attempts), (1, 1));
    here.put_back_job(&slow, "too slow", None).await.unwrap();
    here.keep_house(async |tx| tx.finish_job(&slow).await).await.unwrap();
    let state = async || house.rows::<(String, i64)>("select state, attempts from jobs where kind = 'look'", vec![]).await;
    assert_eq!(state().await, [("running".to_owned(), 1)], "the other node still works on it");
    there.keep_house(async |tx| tx.finish_job(&third).await).await.unwrap();
    assert_eq!(state().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_drawn_while_another_change_that_drew_one_goes_on() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let database = tokio::task::spawn_blocking(new_database).await.unwrap();
    let house = House::on(&database).await;
    let (here, there) = (&house.app.db, house.beside(&database).await.db.clone());
    let draw = async |db: &Db| db.keep_house(async |tx| tx.draw_number("report-2026").await).await.unwrap();
    let long = here.keep_house(async |tx| {
        let first = tx.draw_number("report-2026").await?;
        // Whoever waited for this change would wait for ever.
        let others = async { (draw(&there).await, draw(here).await) };
        Ok((first, tokio::time::timeout(std::time::Duration::from_secs(30), others).await.expect("nobody waits")))
    });
    assert_eq!(long.await.unwrap(), (1, (2, 3)));
    // What comes to nothing takes its number along, and nobody gets it a second time.
    let undone = here.keep_house(async |tx| {
        let number = tx.draw_number("report-2026").await?;
        tx.execute("insert into counters (name, value) values ($1, 'no number')", args![number]).await
    });
    assert!(undone.await.is_err());
    let many = futures_util::future::join_all((0..40).map(|at| draw(if at % 2 == 0 { here } else { &there }))).await;
    assert_eq!(many.into_iter().collect::<std::collections::BTreeSet<_>>(), (5..45).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_leaves_at_the_moment_in_which_the_address_is_changed_opens_nothing() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let case = two.case("One", vec![]).await;
    let party = [("name", "Basalt"), ("role", "peer"), ("mail", "wrong@basalt.example"), ("reach", "mail"), ("language", "en"), ("ceiling", "AMBER")];
    let lane = two.here.post(&format!("{case}/parties"), &party).await.must(303).location().unwrap();
    let message =
        [("do", "look"), ("subject", "Floods"), ("body", "Please look."), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1"), ("base", "0")];
    let _ = two.here.post(&format!("{lane}/message"), &message).await.must(303);
    let seen = two.here.get(&format!("{lane}/message")).await.must(200).input("seen");
    let shown = two.here.get(&lane).await.must(200).input("seen");
    let right = party.iter().map(|(name, value)| (*name, if *name == "mail" { "right@basalt.example" } else { *value }));
    let right: Vec<(&str, &str)> = right.chain([("seen", shown.as_str())]).collect();
    let (sent, changed) = two.together((&format!("{lane}/release"), &[("seen", &seen), ("base", "0")]), (&lane, &right)).await;
    let _ = (sent.must(303), changed.must(303));
    let turns: Vec<(i64, String)> = two.house.rows("select link_turn, mail from parties", vec![]).await;
    assert_eq!(turns, [(1, "right@basalt.example".to_owned())], "the link that is under way to the wrong address has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_node_is_asked_shows_the_events_and_only_one_writes_them() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    let database = server.database();
    let house = House::on(&database).await;
    let other = house.beside(&database).await;
    let (north, _) = crate::notices::two(&house).await;
    crate::notices::bring(&house, 22, &[("203.0.113.7", 23)]).await;
    let address = serve(&other).await;
    let at_other = |from: &Browser| {
        let browser = Browser::new(address);
        browser.set_cookie("session", &from.cookie("session").unwrap());
        browser
    };
    let analyst = at_other(&house.login_as(Role::Analyst).await);
    assert!(analyst.get("/events/found?ip=203.0.113.7").await.must(200).shows("203.0.113.7"));
    let member = at_other(&house.login_as_member_of(north).await);
    assert!(member.get("/member/events").await.must(200).shows("203.0.113.7"));
    assert!(member.get("/member/events.csv").await.must(200).text().contains("203.0.113.7"));
    // What the first one stores later is seen, too; the second leaves the work to it.
    crate::events::deliver(&house, "shadow", "2026-11-22-scan_telnet-more.csv", &crate::notices::file(22, &[("203.0.113.8", 23)])).await;
    jobs::drain(&other).await.unwrap();
    assert!(!member.get("/member/events.csv").await.must(200).text().contains("203.0.113.8"));
    house.run_jobs().await;
    assert!(member.get("/member/events.csv").await.must(200).text().contains("203.0.113.8"));
    // The first one goes: the second takes over.
    atalaya::events::lake::close(&house.app);
    crate::events::deliver(&house, "shadow", "2026-11-22-scan_telnet-last.csv", &crate::notices::file(22, &[("203.0.113.9", 23)])).await;
    jobs::drain(&other).await.unwrap();
    assert!(member.get("/member/events.csv").await.must(200).text().contains("203.0.113.9"));
}
