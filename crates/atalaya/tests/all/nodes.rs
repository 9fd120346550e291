//! Several programs on one database server: each hears what the others commit, and no work is done twice.

use std::collections::BTreeMap;
use std::time::Duration;

use atalaya::access::Who;
use atalaya::{App, jobs, reports, routes};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::house::{House, Server};
use crate::reports::told;

/// A moment that is long for a machine, so that only a notice that never comes runs into it.
const LONG: Duration = Duration::from_secs(60);

async fn serve(app: &App) -> std::net::SocketAddr {
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
