//! A real Postfix in between, as teams run it: mail comes in over SMTP and LMTP, ours goes out by
//! it, and what it cannot deliver comes back as a bounce that a person sees.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use atalaya::access::{Role, Who};
use atalaya::keys::directory;
use atalaya::mailbox;
use tempfile::TempDir;

use crate::house::{House, Lmtp};
use crate::openpgp::{PEER, crlf, encrypted, mail_key, peer, signed};
use crate::story::{organisation, report_by_form, write_to};

const US: &str = "report@csirt.maluti.example";

/// A private Postfix, with its own configuration and queue, until it is dropped.
struct Postfix {
    address: SocketAddr,
    folder: TempDir,
    keeper: Child,
}

/// Runs Postfix while standard input is open; however the test ends, it is stopped.
const KEEPER: &str = r#"
postfix -c "$1/etc" start >"$1/start" 2>&1
cat >/dev/null
postfix -c "$1/etc" stop >>"$1/start" 2>&1
"#;

const MASTER: &str = "\
PORT inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";

impl Postfix {
    /// Starts one that hands mail for us to `lmtp` and all other mail to `relay`.
    async fn start(address: SocketAddr, lmtp: SocketAddr, relay: u16) -> Self {
        let folder = tempfile::Builder::new().prefix("atalaya-postfix-").tempdir().expect("a temporary folder");
        let here = folder.path().display().to_string();
        run("chmod", &["755", &here]);
        for part in ["etc", "queue", "data"] {
            std::fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        run("chown", &["postfix", &format!("{here}/data")]);
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {here}/queue\ndata_directory = {here}/data\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\nmaillog_file = {here}/data/log\n\
             maillog_file_prefixes = {here}\nmyhostname = mx.csirt.maluti.example\nmydestination =\nlocal_recipient_maps =\nalias_maps =\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.0/8\nsmtp_dns_support_level = disabled\n\
             smtp_host_lookup = native\nlmtp_host_lookup = native\nsmtputf8_enable = no\nrelayhost = [127.0.0.1]:{relay}\n\
             virtual_mailbox_domains = csirt.maluti.example\nvirtual_mailbox_maps =\nvirtual_transport = lmtp:inet:{lmtp}\n\
             smtpd_relay_restrictions = permit_mynetworks, reject\nsmtp_tls_security_level = none\nlmtp_tls_security_level = none\n"
        );
        std::fs::write(folder.path().join("etc/main.cf"), main).expect("main.cf");
        std::fs::write(folder.path().join("etc/master.cf"), MASTER.replace("PORT", &address.to_string())).expect("master.cf");
        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", KEEPER, "keeper", &here]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.spawn().expect("a shell starts");
        let postfix = Self { address, folder, keeper };
        postfix.until("Postfix listens", async || tokio::net::TcpStream::connect(address).await.is_ok()).await;
        postfix
    }

    /// Waits for what happens outside of this process.
    async fn until(&self, what: &str, so: impl AsyncFn() -> bool) {
        for _ in 0..1200 {
            if so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let read = |file: &str| std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default();
        panic!("{what}: not within a minute\n{}\n{}", read("start"), read("data/log"));
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// A port that nobody is given by chance: outside of what the system hands out for port 0.
fn free_port() -> SocketAddr {
    let start = 20_000 + u16::try_from(std::process::id() % 10_000).expect("a small number");
    // Two stories that begin at the same moment look at different ones.
    static STORIES: AtomicU16 = AtomicU16::new(0);
    let start = (start + STORIES.fetch_add(100, Ordering::Relaxed)).min(29_000);
    let mut ports = (start..30_000).chain(20_000..start).map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    ports.find(|address| std::net::TcpListener::bind(address).is_ok()).expect("a free port")
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A house with Postfix before and behind it; nothing where none can run.
#[expect(clippy::print_stdout, reason = "whoever runs it wants to know what was left out")]
async fn between() -> Option<(House, Postfix, mailbox::Mailbox)> {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTFIX").is_some() {
        println!("left out: ATALAYA_TEST_WITHOUT_POSTFIX is set");
        return None;
    }
    if run("id", &["-u"]).trim() != "0" {
        println!("left out: Postfix starts as root only, and this account is not root");
        return None;
    }
    assert!(
        Path::new("/usr/sbin/postfix").exists(),
        "Postfix is not installed (Debian: apt-get install postfix); ATALAYA_TEST_WITHOUT_POSTFIX=1 tests without it"
    );
    let address = free_port();
    let house = House::with(|profile| {
        if let Some(smarthost) = profile.mail.as_mut().and_then(|mail| mail.smarthost.as_mut()) {
            smarthost.port = address.port();
        }
    })
    .await;
    let listener = mailbox::listen(&house.app, std::future::pending()).await.unwrap().unwrap();
    let postfix = Postfix::start(address, listener.address.unwrap(), house.sink.port).await;
    Some((house, postfix, listener))
}

#[tokio::test(flavor = "multi_thread")]
async fn through_a_real_postfix_mail_comes_in_goes_out_and_bounces() {
    let Some((house, postfix, _listener)) = between().await else { return };
    let mails = async || house.rows::<(String, String)>("select envelope_from, state from mails order by received_at", vec![]).await.len();

    // In: SMTP, then LMTP, then a report with its receipt on the way back.
    let raw = "From: Desk <desk@shop.example>\r\nTo: report@csirt.maluti.example\r\nSubject: A false bank page\r\nMessage-ID: <1@shop.example>\r\n\r\nAt 203.0.113.9\r\n";
    let said = Lmtp::smtp(postfix.address).await.deliver("desk@shop.example", &[US], raw.as_bytes()).await;
    assert!(said[0].starts_with("250"), "{said:?}");
    postfix.until("the mail comes in", async || mails().await == 1).await;
    house.run_jobs().await;
    let analyst = house.login_as(Role::Analyst).await;
    assert!(analyst.get("/inbox").await.must(200).shows("A false bank page"));
    postfix.until("the receipt goes out", async || house.sink.to("desk@shop.example").len() == 1).await;
    assert!(house.sink.to("desk@shop.example")[0].text().contains("mx.csirt.maluti.example"), "it went through Postfix");

    // Out: one party takes our message, the other's server refuses it.
    house.sink.answer("abuse@hosting.example", "550 5.1.1 No such user here");
    let hosting = organisation(&house, "Example Hosting", "203.0.113.0/24", "abuse@hosting.example").await;
    let mobile = organisation(&house, "Example Mobile", "198.51.100.0/24", "noc@mobile.example").await;
    let (number, _) = report_by_form(&house.visitor(), "Another page", "At 203.0.113.9 and 198.51.100.7").await;
    let case = analyst.post(&format!("/inbox/{number}/cases"), &[]).await.must(303).location().unwrap();
    let mut parties = vec![];
    for organisation in [hosting, mobile] {
        let id = organisation.to_string();
        let party = analyst.post(&format!("{case}/parties"), &[("organisation", &id), ("role", "source")]).await.must(303).location().unwrap();
        write_to(&analyst, &party, "A false page", "Please look at what we were told.", "").await;
        parties.push(party);
    }
    house.run_jobs().await;
    postfix.until("the message goes out", async || house.sink.to("noc@mobile.example").len() == 1).await;
    postfix.until("the bounce comes back", async || mails().await == 2).await;
    house.run_jobs().await;
    let page = analyst.get(&parties[0]).await.must(200);
    assert!(page.shows("No such user here"), "the thread shows the bounce: {}", page.words());
    let page = analyst.get(&format!("/constituency/{hosting}")).await.must(200);
    assert!(page.shows("No such user here"), "the contact shows the bounce: {}", page.words());
    let page = analyst.get(&parties[1]).await.must(200);
    assert!(!page.shows("No such user here"));
    let reports = house.rows::<(String,)>("select number from reports", vec![]).await;
    assert_eq!(reports.len(), 2, "a bounce is no report");
}

#[tokio::test(flavor = "multi_thread")]
async fn through_a_real_postfix_signed_and_encrypted_mail_comes_in_and_goes_out_unharmed() {
    let Some((house, postfix, _listener)) = between().await else { return };
    let ours = mail_key(&house).await;
    let gpg = peer(&ours);
    directory::take(&house.app, &Who::Operator, &gpg.export(PEER), "", directory::Source::Import).await.unwrap();
    directory::verify(&house.app, &Who::Operator, &gpg.fingerprint(PEER), PEER, "by phone").await.unwrap();
    let us = house.app.profile.mail.as_ref().unwrap().from_address.clone();

    // In: lines that mail servers like to change, and a long one.
    let words = format!("From here on, at 203.0.113.9.\r\n.\r\n..two\r\n-- \r\n{}", "long ".repeat(150));
    let entity = format!("Content-Type: text/plain\r\n\r\n{words}\r\n");
    let message = crlf(&gpg.must(&["--armor", "-u", PEER, "-r", &us, "--sign", "--encrypt"], entity.as_bytes()));
    for raw in [signed(&gpg, "A signed page", &entity), encrypted("A sealed page", &message)] {
        let said = Lmtp::smtp(postfix.address).await.deliver(PEER, &[US], raw.as_bytes()).await;
        assert!(said[0].starts_with("250"), "{said:?}");
    }
    postfix.until("both come in", async || house.rows::<(String,)>("select state from mails", vec![]).await.len() == 2).await;
    house.run_jobs().await;
    let analyst = house.login_as(Role::Analyst).await;
    let reports: Vec<(String, String, String)> = house.rows("select number, title, body from reports order by title", vec![]).await;
    assert_eq!(reports.iter().map(|(_, title, _)| title.as_str()).collect::<Vec<_>>(), ["A sealed page", "A signed page"]);
    for (number, title, body) in &reports {
        assert_eq!(body.trim_end(), words.replace("\r\n", "\n").trim_end(), "{title}");
        let says = analyst.get(&format!("/inbox/{number}")).await.must(200).words();
        assert!(says.contains(&format!("with a verified key of {PEER} (by phone)")), "{title}: {says}");
        assert_eq!(says.contains("was encrypted to us"), title == "A sealed page", "{title}: {says}");
    }

    // Out: by the rule for a verified key.
    let norlink = organisation(&house, "Norlink", "203.0.113.0/24", PEER).await.to_string();
    let (number, _) = report_by_form(&house.visitor(), "Another page", "At 203.0.113.9 and 198.51.100.7").await;
    let case = analyst.post(&format!("/inbox/{number}/cases"), &[]).await.must(303).location().unwrap();
    let party = analyst.post(&format!("{case}/parties"), &[("organisation", &norlink), ("role", "source")]).await.must(303).location().unwrap();
    write_to(&analyst, &party, "A quiet subject", "Please look at what we were told.", "").await;
    house.run_jobs().await;
    let ours_to_them = || {
        let quiet = |mail: &crate::house::Mail| {
            let text = mail.text();
            let armor = text.split_once("-----BEGIN PGP MESSAGE-----").and_then(|(_, rest)| rest.split_once("-----END PGP MESSAGE-----"))?.0;
            let armor = format!("-----BEGIN PGP MESSAGE-----{armor}-----END PGP MESSAGE-----\r\n");
            let (good, opened, said) = gpg.run(&["--decrypt"], armor.as_bytes());
            let opened = String::from_utf8_lossy(&opened).into_owned();
            (good && opened.contains("A quiet subject")).then_some((text, opened, said))
        };
        house.sink.to(PEER).iter().find_map(quiet)
    };
    postfix.until("the message goes out", async || ours_to_them().is_some()).await;
    let (outside, inside, said) = ours_to_them().unwrap();
    assert!(inside.contains("Please look at what we were told.") && said.contains("GOODSIG"), "{said}: {inside}");
    assert!(outside.contains("mx.csirt.maluti.example") && !outside.contains("quiet"), "{outside}");
}
