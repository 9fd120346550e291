//! `atalaya serve`: it ends when it is told to, and one slow thing holds up nothing else.

use std::time::Duration;

use atalaya::access::{Role, Who};
use atalaya::people::{self, NewPerson};
use atalaya::profile::{Smarthost, Tls};
use atalaya::{jobs, reports};
use serde_json::{Value as Json, json};
use store::Clock;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::house::{House, Sink};
use crate::kill::{Program, open, profile};
use crate::reports::told;
use crate::verify::verify;

#[tokio::test(flavor = "multi_thread")]
async fn told_to_end_it_ends_and_signs_the_journal_although_a_console_page_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("atalaya.toml"), profile(&Sink::start().await)).unwrap();
    let app = open(here, Clock::System).await;
    let new = NewPerson { login: "desk".into(), name: "The desk".into(), mail: None, role: Role::Analyst, organisation: None, language: "en".into() };
    let id = people::add(&app, &Who::Operator, new).await.unwrap();
    let session = people::begin_session(&app, id, "full", "test").await.unwrap();
    app.db.close().await;
    drop(app);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(here.join("data")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700, "nobody else looks into the folder");

    let program = Program::start(here, None).await.unwrap();
    let mut live = BufReader::new(TcpStream::connect(program.place.0).await.unwrap());
    live.write_all(format!("GET /live HTTP/1.1\r\nhost: x\r\ncookie: session={session}\r\n\r\n").as_bytes()).await.unwrap();
    let mut line = String::new();
    live.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    // Whose page is older than the line hears what came between the two at once, and up to which number that was.
    let mut late = BufReader::new(TcpStream::connect(program.place.0).await.unwrap());
    late.write_all(format!("GET /live?since=0 HTTP/1.1\r\nhost: x\r\ncookie: session={session}\r\n\r\n").as_bytes()).await.unwrap();
    let mut heard = String::new();
    tokio::time::timeout(Duration::from_secs(20), async {
        while !heard.contains("data: ") {
            late.read_line(&mut heard).await.unwrap();
        }
    })
    .await
    .expect("it hears");
    assert!(heard.contains("people") && heard.contains("id: "), "{heard}");
    // Another visitor has connected and says nothing.
    let _silent = TcpStream::connect(program.place.0).await.unwrap();
    tokio::time::timeout(Duration::from_secs(8), program.stop()).await.expect("it ends");
    live.read_to_string(&mut line).await.unwrap();

    let output = verify(&here.join("data"), &here.join("instance.key"));
    let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["sound"], &answer["signed"]), (&json!(true), &answer["entries"]), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_visitors_than_there_are_places_wait_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let text = profile(&Sink::start().await).replacen("[web]", "[web]\nmax_connections = 8", 1);
    std::fs::write(here.join("atalaya.toml"), text).unwrap();
    let program = Program::start(here, None).await.unwrap();
    let mut silent = Vec::new();
    for _ in 0..8 {
        let mut one = TcpStream::connect(program.place.0).await.unwrap();
        one.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut byte = [0];
        one.read_exact(&mut byte).await.unwrap();
        silent.push(one);
    }
    let mut late = BufReader::new(TcpStream::connect(program.place.0).await.unwrap());
    late.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut line = String::new();
    assert!(tokio::time::timeout(Duration::from_millis(500), late.read_line(&mut line)).await.is_err(), "there is no place: {line}");
    drop(silent.pop());
    late.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_lets_us_wait_holds_up_mail_and_nothing_else() {
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = deaf.local_addr().unwrap().port();
    let house = House::with(|profile| {
        profile.mail.as_mut().unwrap().smarthost = Some(Smarthost { host: "127.0.0.1".into(), port, tls: Tls::None, login: None });
    })
    .await;
    let receive = async |n: u32| {
        let new = told(&house.app, "form", &format!("Report {n}"), "It is 192.0.2.7.", &format!("desk{n}@shop.example"));
        reports::receive(&house.app, &Who::Public, new).await.unwrap();
    };
    receive(1).await;
    let work = tokio::spawn(jobs::run(house.app.clone(), house.app.stop.subscribe()));
    // The first receipt is on its way: somebody takes the connection and says no word.
    let (_connection, _) = deaf.accept().await.unwrap();
    receive(2).await;
    let both = async {
        while house.done().await.iter().filter(|verb| *verb == "report.acknowledged").count() < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), both).await.expect("the second receipt was written while the first was being sent");
    work.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_was_given_up_is_shown_to_the_admin_who_lets_it_run_again() {
    for house in House::both().await {
        let admin = house.login_as(Role::Admin).await;
        let lead = house.login_as(Role::Lead).await;
        house.app.db.keep_house(async |tx| tx.enqueue("tidy_form", json!({})).await).await.unwrap();
        let job = house.app.db.take_job(&["tidy_form"], jiff::SignedDuration::from_mins(1)).await.unwrap().unwrap();
        house.app.db.put_back_job(&job, "the moon was in the way", None).await.unwrap();
        let page = admin.get("/people").await.must(200);
        assert!(page.shows("the moon was in the way"), "on {}: {}", house.on, page.words());
        assert!(!lead.get("/people").await.must(200).shows("the moon was in the way"));
        let again = format!("/people/jobs/{}", job.id);
        let _ = lead.post(&again, &[]).await.must(404);
        let _ = admin.post(&again, &[]).await.must(303);
        house.run_jobs().await;
        assert!(!admin.get("/people").await.must(200).shows("the moon was in the way"));
        let _ = admin.post(&again, &[]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_ends_the_program_each_time_is_laid_aside_too() {
    for house in House::both().await {
        house.app.db.keep_house(async |tx| tx.enqueue("tidy_form", json!({})).await).await.unwrap();
        // Each time its worker was gone before it could say anything of it.
        for _ in 0..40 {
            assert!(house.app.db.take_job(&["tidy_form"], jiff::SignedDuration::from_mins(1)).await.unwrap().is_some());
            house.later(2);
        }
        let failed = house.try_jobs().await;
        assert!(failed[0].1.contains("never came to an end"), "on {}: {failed:?}", house.on);
        let state: Vec<(String,)> = house.rows("select state from jobs", vec![]).await;
        assert_eq!(state, [("dead".to_owned(),)]);
    }
}

/// The most memory that a process has had at once, in MiB.
fn most_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn many_people_who_log_in_at_once_wait_in_line_and_do_not_fill_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("atalaya.toml"), profile(&Sink::start().await)).unwrap();
    let program = Program::start(here, None).await.unwrap();
    let id = program.process.id().unwrap();
    let place = program.place.0;
    let before = most_memory(id);
    let tries = (0..90).map(|n| {
        tokio::spawn(async move {
            let (login, password) = (format!("nobody{n}"), "four unusual words here");
            crate::house::Browser::new(place).post("/login", &[("login", login.as_str()), ("password", password)]).await.status
        })
    });
    for one in tries.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap(), 422);
    }
    let more = most_memory(id) - before;
    assert!(more < 600, "ninety times 19 MiB at once would be 1700: it took {more} MiB more");
    program.stop().await;
}
