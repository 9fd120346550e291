//! Drafts save themselves: each form in which somebody writes for longer keeps what was typed, for whoever typed it.

use atalaya::access::Role;
use atalaya::cases;
use store::args;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::browser::{Walk, once};
use crate::house::{Answer, Browser, House};
use crate::messages::{say, story};
use crate::reports::told;
use crate::triage::receive;

/// Where the form with this field saves itself; empty when it does not.
fn place(page: &Answer, field: &str) -> String {
    let (text, mark) = (page.text(), format!("name=\"{field}\""));
    let form = text
        .split("<form")
        .skip(1)
        .map(|form| form.split("</form>").next().unwrap_or_default())
        .find(|form| form.contains(&mark) && form.contains("data-draft=\""));
    form.and_then(|form| form.split_once("data-draft=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|(to, _)| to.to_owned()).unwrap_or_default()
}

/// Types into a form and leaves; gives the page as it is when the same person comes back.
async fn typed(browser: &Browser, page: &str, field: &str, more: &[(&str, &str)], words: &str) -> Answer {
    let to = place(&browser.get(page).await.must(200), field);
    assert!(!to.is_empty(), "{page}: the form with {field} keeps no draft");
    let fields: Vec<_> = more.iter().copied().chain([(field, words)]).collect();
    let _ = browser.post(&to, &fields).await.must(200);
    let again = browser.get(page).await.must(200);
    assert!(again.shows(words), "{page}: {field} is gone: {}", again.words());
    again
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_into_any_long_form_stands_there_again_until_it_is_sent() {
    for house in House::both().await {
        let story = story(&house).await;
        let (browser, case) = (&story.browser, story.case.path());
        let other = house.login_as(Role::Analyst).await;
        let note = cases::add_note(&house.app, &story.who, story.case.id, "a thought").await.unwrap();
        let party = format!("{case}/parties/{}", story.norlink);
        let left = async || house.rows::<(i64,)>("select count(*) from drafts", vec![]).await[0].0;

        let extent = format!("{case}/extent");
        typed(browser, &extent, "items", &[("version", "0")], "asset: our own routers x 3").await;
        assert!(!other.get(&extent).await.shows("our own routers"), "it is nobody else's");
        let _ = browser.post(&extent, &[("version", "0"), ("items", "asset: our own routers x 3")]).await.must(303);
        let at = format!("{case}/notes/{note}");
        typed(browser, &at, "body", &[("version", "1")], "a longer thought").await;
        // Somebody else was faster: the draft still says from which version it came, so both are shown.
        let _ = other.post(&at, &[("version", "1"), ("body", "theirs")]).await.must(303);
        let mine = browser.get(&at).await.must(200);
        assert_eq!(mine.input("version"), "1");
        let both = browser.post(&at, &[("version", "1"), ("body", "a longer thought")]).await.must(409);
        let _ = browser.post(&at, &[("version", &both.input("version")), ("body", "both thoughts")]).await.must(303);
        typed(browser, &party, "text", &[("kind", "operational")], "Close the resolver").await;
        let _ = browser.post(&format!("{party}/recommendations"), &[("kind", "operational"), ("text", "Close the resolver")]).await.must(303);
        typed(browser, &party, "words", &[("direction", "in"), ("label", "AMBER")], "They called at ten").await;
        let _ = browser.post(&format!("{party}/calls"), &[("direction", "in"), ("label", "AMBER"), ("words", "They called at ten")]).await.must(303);
        assert_eq!(left().await, 0, "what was sent is no draft any more, on {}", house.on);

        typed(browser, &format!("{case}/close"), "reason", &[("outcome", "mitigated")], "The rest is borne").await;
        let page = browser.get(&format!("{case}/close")).await.must(200);
        assert!(page.text().contains("value=\"mitigated\" checked"), "{}", page.text());
        say(&house, &story, story.norlink, "Please look.").await.unwrap();
        let _ = browser.post(&format!("{case}/close"), &[("outcome", "mitigated"), ("reason", "The rest is borne"), ("waiver", "said")]).await.must(303);

        let call =
            typed(browser, "/inbox/new", "body", &[("title", "Odd router"), ("kind", "other"), ("language", "es"), ("urgent", "1")], "It blinks at night")
                .await;
        assert_eq!(call.input("title"), "Odd router");
        let _ = browser.post("/inbox/new", &[("title", "Odd router"), ("kind", "other"), ("language", "es"), ("body", "It blinks at night")]).await.must(200);
        assert!(!browser.get("/inbox/new").await.shows("It blinks at night"));

        let report = receive(&house, told(&house.app, "form", "Odd page", "At 192.0.2.7.", "desk@shop.example")).await;
        let answer = format!("/inbox/{}/answer", report.number);
        let base = [("do", "answer"), ("id", report.number.as_str()), ("again", "1"), ("subject", "What to do"), ("label", "GREEN")];
        typed(browser, &answer, "body", &base, "An hour of advice").await;
        assert!(!other.get(&answer).await.shows("An hour of advice"));
        let referral = format!("/inbox/{}/referral", report.number);
        typed(browser, &referral, "reason", &[("do", "refer"), ("id", &report.number), ("again", "1"), ("entry", "bank-team")], "A bank writes cheques").await;
        assert!(browser.get(&answer).await.shows("An hour of advice"), "each form has its own");
        // It can be thrown away.
        let page = browser.get(&referral).await.must(200);
        let away = page.between("action=\"/drafts/", "\"");
        let _ = browser.post(&format!("/drafts/{away}"), &[("back", &referral)]).await.must(303);
        assert!(!browser.get(&referral).await.shows("A bank writes cheques"));
        let shown = browser.get(&answer).await.must(200).input("shown");
        let mut fields: Vec<_> = base.to_vec();
        fields.extend([("body", "An hour of advice"), ("shown", shown.as_str()), ("sure", "1")]);
        let _ = browser.post("/inbox/batches", &fields).await.must(303);
        assert_eq!(left().await, 0, "on {}", house.on);
        assert_eq!(house.rows::<(String,)>("select state from reports where id = $1", args![report.id]).await[0].0, "resolved");
        // A form that nobody has keeps nothing.
        let _ = browser.post("/drafts/organisation/new", &[("name", "x")]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_typed_while_a_file_is_on_its_way_stay() {
    for house in House::both().await {
        let story = story(&house).await;
        let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        let words = |body: &'static str| [("subject", "News"), ("body", body), ("label", "AMBER"), ("channel", "mail"), ("base", "0")];
        let mut body = String::new();
        for (name, value) in words("What was written before.") {
            body.push_str(&format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        let file = "content-disposition: form-data; name=\"files\"; filename=\"flows.txt\"\r\ncontent-type: text/plain\r\n\r\n203.0.113.7";
        body.push_str(&format!("--b\r\n{file}\r\n--b--\r\n"));
        let (host, session) = (house.address, story.browser.cookie("session").unwrap());
        let head = format!(
            "POST {here}/files HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: session={session}\r\nconnection: close\r\n\
             content-type: multipart/form-data; boundary=b\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
            body.len()
        );
        let mut slow = BufReader::new(TcpStream::connect(house.address).await.unwrap());
        slow.write_all(head.as_bytes()).await.unwrap();
        // Whoever is asked to go on (RFC 9110 section 10.1.1) is read: the upload has begun.
        let mut line = String::new();
        slow.read_line(&mut line).await.unwrap();
        assert!(line.starts_with("HTTP/1.1 100"), "{line}");
        house.later(1);
        let _ = story.browser.post(&format!("{here}/draft"), &words("What was typed meanwhile.")).await.must(200);
        slow.write_all(body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("HTTP/1.1 303"), "on {}: {answer}", house.on);
        let page = story.browser.get(&format!("{here}/message")).await.must(200);
        assert!(page.shows("What was typed meanwhile.") && !page.shows("What was written before."), "on {}: {}", house.on, page.words());
        assert!(page.shows("flows.txt"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_in_a_browser_is_there_again_after_the_page_was_left() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let case = story.case.path();
    for items in [["0", "asset: CPE routers x 37"], ["1", "asset: CPE routers x 40\ncountry: LS\ncountry: ZA"], ["2", "asset: CPE routers x 12"]] {
        let _ = story.browser.post(&format!("{case}/extent"), &[("version", items[0]), ("items", items[1])]).await.must(303);
    }
    let report = receive(&house, told(&house.app, "form", "Odd page", "At 192.0.2.7.", "desk@shop.example")).await;
    let mut walk = Walk::begin(&house).await;
    walk.become_person(&story.browser.cookie("session").expect("a session")).await;
    let answer = format!("/inbox/{}/answer", report.number);
    walk.go(&answer).await;
    walk.browser.write("#body", "An hour of advice to the reporter.").await;
    walk.browser.evaluate(&once("document.querySelector('[data-draft-state]').textContent.startsWith('draft saved')")).await;
    walk.go(&answer).await;
    assert_eq!(walk.browser.evaluate("document.querySelector('#body').value").await, "An hour of advice to the reporter.");
    walk.must_show("This is your draft").await;
    walk.look("work-answer-draft", false).await;
    walk.go("/inbox/new").await;
    walk.browser.write("#body", "It blinks at night.").await;
    walk.browser.evaluate(&once("document.querySelector('[data-draft-state]').textContent.startsWith('draft saved')")).await;
    for (name, path) in [
        ("work-call-draft", "/inbox/new".to_owned()),
        ("work-extent-versions", format!("{case}/extent")),
        ("work-join", format!("{case}/join")),
        ("work-close", format!("{case}/close")),
        ("work-search-narrow", "/search?q=floods&from=2026-11-01&state=open".to_owned()),
        ("work-search-network", "/search?q=203.0.0.0%2F8".to_owned()),
        ("work-clocks", "/clocks".to_owned()),
    ] {
        walk.go(&path).await;
        walk.browser.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })").await;
        walk.look(name, false).await;
    }
    // Somebody else was faster: both texts of a party stand on its page.
    let party = format!("{case}/parties/{}", story.norlink);
    walk.go(&party).await;
    walk.browser.evaluate("document.querySelector('#change').open = true").await;
    walk.browser.write("#alias", "A carrier").await;
    let seen = story.browser.get(&party).await.must(200).input("seen");
    let fields = [("name", "Norlink Transit"), ("checked", "1"), ("alias", "A third party"), ("role", "intermediary"), ("mail", "noc@norlink.example")];
    let more = [("reach", "mail"), ("language", "en"), ("ceiling", "GREEN"), ("seen", seen.as_str())];
    let _ = story.browser.post(&party, &[&fields[..], &more[..]].concat()).await.must(303);
    walk.browser.follow("#change .button").await;
    walk.must_show("Somebody else changed this party").await;
    walk.look("work-party-stale", false).await;
    walk.end();
}
