//! The main job in Chromium: a visitor without scripts, an analyst at work, a party with a link.
//! Every page that it passes is checked with axe-core in both themes and on a telephone, and
//! kept as a picture in `target/pictures` for people to look at.

use std::path::PathBuf;

use atalaya::access::Role;
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, NewCase, messages};

use crate::house::{Chromium, House};
use crate::story::{deliver, organisation};

const REPORTER: &str = "desk@shop.example";
const HOSTER: &str = "abuse@hosting.example";

/// A browser at work, and what it found wrong so far.
pub struct Walk {
    pub browser: Chromium,
    pub base: String,
    pictures: PathBuf,
    pub wrong: Vec<String>,
}

impl Walk {
    pub async fn begin(house: &House) -> Self {
        let pictures = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder").join("pictures");
        std::fs::create_dir_all(&pictures).expect("a folder for pictures");
        let mut browser = Chromium::start().await;
        browser.width(1440).await;
        Self { browser, base: format!("http://{}", house.address), pictures, wrong: vec![] }
    }

    pub async fn go(&mut self, path: &str) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.browser.go(&url).await;
    }

    /// Logs somebody in.
    pub async fn become_person(&mut self, session: &str) {
        self.browser.forget().await;
        let base = self.base.clone();
        self.browser.set_cookie(&base, "session", session).await;
    }

    /// Looks at a page as people with different eyes and screens do.
    pub async fn look(&mut self, name: &str, portal: bool) {
        let path = self.browser.path().await;
        // A page shown without its scripts is checked by ours all the same.
        self.browser.scripts(true).await;
        for (screen, width, dark) in [("wide", 1440, false), ("phone", 390, false), ("wide-dark", 1440, true), ("phone-dark", 390, true)] {
            self.browser.width(width).await;
            self.browser.dark(dark).await;
            for violation in self.browser.violations(dark).await {
                self.wrong.push(format!("{name} ({path}, {screen}): {violation}"));
            }
            let over = self.browser.overflow().await;
            if over > 0 {
                self.wrong.push(format!("{name} ({path}, {screen}): {over} pixels wider than the window"));
            }
            self.browser.picture(&self.pictures.join(format!("{name}-{screen}.png"))).await;
        }
        self.browser.dark(false).await;
        if portal {
            self.browser.width(320).await;
            let over = self.browser.overflow().await;
            if over > 0 {
                self.wrong.push(format!("{name} ({path}): {over} pixels wider than a window of 320"));
            }
        }
        self.browser.width(1440).await;
    }

    /// Looks at a page of the portal, where scripts stay off.
    pub async fn look_without_scripts(&mut self, name: &str) {
        self.look(name, true).await;
        self.browser.scripts(false).await;
    }

    pub async fn must_show(&mut self, words: &str) {
        let (path, shown) = (self.browser.path().await, self.browser.words().await);
        assert!(shown.contains(words), "{path} does not show {words:?} but\n{shown}");
    }

    /// Stops the story if anything was wrong: a page, the browser's complaints, a request to strangers.
    pub fn end(mut self) {
        let ours = [&format!("{}/", self.base), "data:", "file:", "blob:"];
        let strangers: Vec<&String> =
            self.browser.requests.iter().filter(|url| !ours.iter().any(|own| url.starts_with(own)) && *url != "about:blank").collect();
        assert!(strangers.is_empty(), "the browser was sent elsewhere: {strangers:?}");
        self.wrong.extend(self.browser.complaints.drain(..).map(|line| format!("the browser complains: {line:.300}")));
        assert!(self.wrong.is_empty(), "{} faults\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_in_a_browser_is_accessible_on_every_page() {
    let house = House::sqlite().await;
    let hosting = organisation(&house, "Example Hosting", "203.0.113.0/24", HOSTER).await;
    let mut walk = Walk::begin(&house).await;
    let (number, secret) = report(&mut walk, &house).await;
    let (case, party) = coordinate(&mut walk, &house, &number).await;
    house.later(6);
    answer(&mut walk, &house).await;
    house.later(5);
    close(&mut walk, &case, &party).await;
    follow_up(&mut walk, &number, &secret).await;
    rooms(&mut walk, &house, &hosting.to_string()).await;
    member(&mut walk, &house, hosting).await;
    in_spanish(&mut walk).await;

    walk.end();
}

/// A visitor reports, without scripts, with a slip on the way.
async fn report(walk: &mut Walk, _: &House) -> (String, String) {
    walk.browser.scripts(false).await;
    walk.go("/").await;
    assert_eq!(walk.browser.cookies().await, Vec::<String>::new(), "the home page sets no cookie");
    walk.look_without_scripts("portal-home").await;
    walk.go("/report").await;
    walk.look_without_scripts("form-1-kind").await;
    walk.browser.press("input[name=kind][value=impersonation]").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-2-tell").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-2-tell-wrong").await;
    walk.browser.write("[name=description]", "See hxxps://login[.]bank.example/x at 203.0.113.9. It asks for card numbers.").await;
    walk.browser.write("[name=title]", "A false bank page").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-3-when").await;
    walk.browser.write("[name=noticed]", "this morning").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-4-files").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-5-urgency").await;
    walk.browser.press("input[name=help]").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-6-contact").await;
    walk.browser.write("[name=name]", "Front desk").await;
    walk.browser.write("[name=mail]", REPORTER).await;
    walk.browser.follow("form .button.primary").await;
    walk.must_show("A false bank page").await;
    walk.look_without_scripts("form-7-check").await;
    walk.browser.follow("form .button.primary").await;
    walk.look_without_scripts("form-8-receipt").await;
    let cookies = walk.browser.cookies().await;
    assert!(cookies.iter().all(|name| ["answers", "flash"].contains(&name.as_str())), "cookies that nobody needs: {cookies:?}");
    let number = walk.browser.evaluate("document.querySelector('.number').textContent.trim()").await.as_str().unwrap().to_owned();
    let link = walk.browser.evaluate("document.querySelector('#link a').href").await.as_str().unwrap().to_owned();
    walk.browser.scripts(true).await;
    (number, link.split_once("secret=").expect("a secret").1.to_owned())
}

/// An analyst judges the report, opens a case, tells a party through the gate, and reads its answer.
async fn coordinate(walk: &mut Walk, house: &House, number: &str) -> (String, String) {
    house.run_jobs().await;
    house.later(7);
    let analyst = house.login_as(Role::Analyst).await;
    walk.become_person(&analyst.cookie("session").expect("a session")).await;
    walk.go("/inbox").await;
    walk.look("inbox", false).await;
    for path in ["/inbox", "/cases"] {
        walk.go(path).await;
        walk.browser.key("?").await;
        let open = walk.browser.evaluate("document.querySelector('#keys').open && document.querySelector('#keys').innerText").await;
        assert!(open.as_str().is_some_and(|text| text.contains("Next, previous in a list") && text.contains("Cases")), "{path}: {open}");
        walk.look(if path == "/inbox" { "keys" } else { "keys-cases" }, false).await;
    }
    let report = format!("/inbox/{number}");
    walk.go(&report).await;
    walk.look("report", false).await;
    walk.browser.press("#verdict summary").await;
    walk.browser.press("#verdict input[value=confirmed]").await;
    walk.browser.follow("#verdict button").await;
    walk.go(&report).await;
    walk.browser.follow("form[action$='/cases'] button").await;
    let case = walk.browser.path().await;
    walk.look("case-new", false).await;

    house.later(4);
    walk.go(&format!("{case}/parties")).await;
    walk.look("party-add", false).await;
    walk.browser.choose("#role", "source").await;
    walk.browser.write("#name", "Example Hosting").await;
    walk.browser.write("#mail", HOSTER).await;
    walk.browser.follow("form.sheet button.primary").await;
    let party = walk.browser.path().await;
    walk.look("party-new", false).await;

    walk.go(&format!("{party}/message")).await;
    walk.look("compose-empty", false).await;
    walk.browser.write("#rtext", "Remove the customer's old web shop.").await;
    walk.browser.follow("form[action$='/recommendations'] button:not([value])").await;
    walk.browser.write("#subject", "A false page on your network").await;
    walk.browser.write("#body", "Please look at 203.0.113.9: it shows a false bank page.").await;
    walk.browser.follow("#edit button[value=look]").await;
    walk.must_show("It may not leave like this").await;
    walk.look("compose-stopped", false).await;
    walk.browser.write("#told", "It is on their own network.").await;
    walk.browser.follow("#edit button[value=look]").await;
    walk.must_show("Before it leaves").await;
    walk.look("compose-gate", false).await;
    house.later(9);
    walk.browser.follow("#gate footer button").await;
    house.run_jobs().await;
    let sent = house.sink.to(HOSTER).pop().expect("the mail");
    let ours = sent.header("message-id").expect("a Message-ID");
    let raw = format!(
        "From: {HOSTER}\r\nTo: report@csirt.maluti.example\r\nSubject: Re: your mail\r\nMessage-ID: <9@hosting.example>\r\nIn-Reply-To: {ours}\r\n\r\nWe took it down.\r\n"
    );
    house.later(15);
    deliver(house, HOSTER, &raw).await;
    walk.go(&party).await;
    walk.must_show("We took it down.").await;
    walk.look("party", false).await;
    (case, party)
}

/// The addressee answers the recommendation from the link in the mail, without an account.
async fn answer(walk: &mut Walk, house: &House) {
    let words = house.sink.to(HOSTER).pop().expect("the mail").letter().text;
    let link = |part: &str| words.split_whitespace().find(|word| word.contains(part)).map(str::to_owned);
    let session = walk.browser.session_cookie().await;
    walk.browser.forget().await;
    walk.go(&link("/answer/").expect("a link to answer")).await;
    walk.look("answer", true).await;
    walk.browser.press("input[name=answer][value=done]").await;
    walk.browser.follow("form .button.primary").await;
    walk.look("answered", true).await;
    if let Some(page) = link("/party/") {
        walk.go(&page).await;
        walk.look("party-page", true).await;
    }
    walk.become_person(&session).await;
}

async fn close(walk: &mut Walk, case: &str, party: &str) {
    walk.go(case).await;
    walk.look("case", false).await;
    for (name, page) in [("case-edit", "edit"), ("case-change", "change"), ("case-extent", "extent"), ("case-join", "join")] {
        walk.go(&format!("{case}/{page}")).await;
        walk.look(name, false).await;
    }
    walk.go(party).await;
    walk.go(&format!("{case}/close")).await;
    walk.look("case-close", false).await;
    walk.browser.press("input[name=outcome][value=resolved]").await;
    walk.browser.follow("form[action$='/close'] button.primary").await;
    walk.must_show("Resolved").await;
    walk.look("case-closed", false).await;
}

/// The reporter comes back with number and secret.
async fn follow_up(walk: &mut Walk, number: &str, secret: &str) {
    let session = walk.browser.session_cookie().await;
    walk.browser.forget().await;
    walk.go("/status").await;
    walk.look("status-find", true).await;
    walk.browser.write("#number", number).await;
    walk.browser.write("#secret", secret).await;
    walk.browser.follow("form .button.primary").await;
    walk.must_show("Closed: solved").await;
    walk.look("status", true).await;
    walk.go("/login").await;
    walk.look("login", true).await;
    walk.go("/nothing-here").await;
    walk.look("not-found", true).await;
    walk.become_person(&session).await;
}

/// The other rooms of the console.
async fn rooms(walk: &mut Walk, house: &House, organisation: &str) {
    let organisation = format!("/constituency/{organisation}");
    let pages = [
        ("inbox-call", "/inbox/new"),
        ("cases", "/cases"),
        ("case-open", "/cases/new"),
        ("clocks", "/clocks"),
        ("constituency", "/constituency"),
        ("organisation", &organisation),
        ("organisation-new", "/constituency/new"),
        ("import", "/constituency/import"),
        ("search", "/search?q=203.0.113.9"),
        ("account", "/account"),
    ];
    for (name, path) in pages {
        walk.go(path).await;
        walk.look(name, false).await;
    }
    let new = crate::reports::told(&house.app, "mail", "Another page", "It shows 203.0.113.9.", "front@shop.example");
    let number = atalaya::reports::receive(&house.app, &atalaya::access::Who::Public, new).await.expect("a report").number;
    for (name, page) in [("report-answer", "answer"), ("report-referral", "referral"), ("report-rejection", "rejection"), ("report-place", "thread")] {
        walk.go(&format!("/inbox/{number}/{page}")).await;
        walk.look(name, false).await;
    }
    walk.go("/tasks").await;
    walk.look("tasks", false).await;
    let admin = house.login_as(Role::Admin).await;
    walk.become_person(&admin.cookie("session").expect("a session")).await;
    for (name, path) in [("people", "/people"), ("person-new", "/people/new")] {
        walk.go(path).await;
        walk.look(name, false).await;
    }
    let lead = house.login_as(Role::Lead).await;
    walk.become_person(&lead.cookie("session").expect("a session")).await;
    for (name, path) in [("journal", "/journal"), ("ledger", "/ledger"), ("outgoing", "/outgoing")] {
        walk.go(path).await;
        walk.look(name, false).await;
    }
}

/// A constituent's own pages.
async fn member(walk: &mut Walk, house: &House, organisation: store::Id) {
    let member = house.login_as_member_of(organisation).await;
    walk.become_person(&member.cookie("session").expect("a session")).await;
    walk.go("/member").await;
    walk.look("member", true).await;
    walk.go("/account").await;
    walk.look("member-account", true).await;
    let who = crate::messages::analyst(house.person(Role::Analyst, None).await);
    let new = NewCase { kind: "incident".into(), title: "A leaking route".into(), ..NewCase::default() };
    let case = cases::open(&house.app, &who, new).await.expect("a case");
    let party = NewParty { organisation: Some(organisation), role: "source".into(), ..NewParty::default() };
    let party = parties::add(&house.app, &who, case.id, party).await.expect("a party");
    messages::release(&house.app, &who, party, &crate::messages::words("Please look at your filters.", 0), None).await.expect("a message");
    walk.go("/member").await;
    walk.browser.follow("a[href^='/member/cases/']").await;
    walk.look("member-case", true).await;
}

/// The public's pages in the other language that all of them speak.
async fn in_spanish(walk: &mut Walk) {
    walk.browser.forget().await;
    let base = walk.base.clone();
    walk.browser.set_cookie(&base, "language", "es").await;
    for (name, path) in [("home-es", "/"), ("form-1-kind-es", "/report"), ("status-find-es", "/status")] {
        walk.go(path).await;
        assert_eq!(walk.browser.evaluate("document.documentElement.lang").await, "es", "{path}");
        walk.look(name, true).await;
    }
}

/// A promise that the page shows what an expression says of it.
pub fn once(what: &str) -> String {
    format!(
        "new Promise((done, gone) => {{ let left = 1800; const look = setInterval(() => {{ if ({what}) {{ clearInterval(look); done(true); }} else if (!left--) {{ clearInterval(look); gone(new Error('never')); }} }}, 25); }})"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_in_the_inbox_stays_open_and_keys_act_on_the_row_that_is_outlined() {
    let house = House::sqlite().await;
    let mut walk = Walk::begin(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let report = async |title: &str| {
        let new = crate::reports::told(&house.app, "mail", title, "It shows 203.0.113.9.", &format!("{}@shop.example", title.to_lowercase()));
        atalaya::reports::receive(&house.app, &atalaya::access::Who::Public, new).await.expect("a report")
    };
    report("Alder").await;
    house.later(1);
    report("Birch").await;
    walk.become_person(&analyst.cookie("session").expect("a session")).await;
    walk.go("/inbox").await;
    let open = "document.querySelector('#pane h1').innerText";
    let before = walk.browser.evaluate(open).await;
    // One comes in: the list has it, the pane keeps what is read, and all counts agree.
    house.later(1);
    report("Cedar").await;
    walk.browser.evaluate(&once("document.querySelectorAll('#queue > li').length === 3")).await;
    assert_eq!(walk.browser.evaluate(open).await, before);
    let chosen = "document.querySelector('#queue .selected a.title').innerText";
    assert_eq!(walk.browser.evaluate(chosen).await, before, "the row that is chosen is the one that is open");
    walk.must_show("3 waiting").await;
    // A step in the list opens the row that it outlines; what is ticked stays ticked.
    walk.browser.key("j").await;
    let outlined = "document.querySelector('#queue [data-focus] a.title')?.innerText";
    walk.browser.evaluate(&once(&format!("{open} === {outlined} && !document.querySelector('[inert]')"))).await;
    let second = walk.browser.evaluate(open).await;
    assert_ne!(second, before);
    assert_eq!(walk.browser.evaluate(chosen).await, second);
    walk.browser.key("x").await;
    walk.browser.key("k").await;
    walk.browser.evaluate(&once(&format!("{open} === {outlined} && {open} === {before} && !document.querySelector('[inert]')"))).await;
    assert_eq!(walk.browser.evaluate("document.querySelectorAll('#queue .ticked').length").await, 1);
    // Words that are not kept hold the pane.
    let third = walk.browser.evaluate(open).await;
    walk.browser.evaluate("(() => { document.querySelector('#verdict').open = true; document.querySelector('#v-of').value = 'R-1'; })()").await;
    walk.browser.key("k").await;
    assert_eq!(walk.browser.evaluate("document.activeElement.id").await, "v-of");
    assert_eq!(walk.browser.evaluate(open).await, third);
    walk.browser.evaluate("document.querySelector('#v-of').value = document.querySelector('#v-of').defaultValue; document.activeElement.blur()").await;
    // What the key does, it does to the one that is outlined.
    walk.browser.key("k").await;
    walk.browser.evaluate(&once(&format!("{open} === {outlined} && {open} !== {third} && !document.querySelector('[inert]')"))).await;
    let fourth = walk.browser.evaluate(open).await;
    walk.browser.follow_key("a").await;
    assert!(walk.browser.path().await.ends_with("/answer"));
    walk.must_show(fourth.as_str().expect("a title")).await;
    walk.end();
}
