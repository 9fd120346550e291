//! What pages ask of the database, as the database hears it: no list sorts what may grow, and no page asks
//! more often the more it has to show.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use atalaya::access::{Role, Who};
use atalaya::cases::messages;
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, NewCase, NewTask, recommendations};
use atalaya::reports;
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::house::{Browser, House};
use crate::messages::{Story, organisation, story, words};
use crate::reports::told;

/// The statements that ran on this thread, each as often as it ran.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    /// From here on, as long as the guard lives. The stories here run on one thread, server and all.
    pub fn begin() -> (Self, DefaultGuard) {
        let heard = Self::default();
        let guard = tracing_subscriber::registry().with(heard.clone()).set_default();
        (heard, guard)
    }

    /// What was asked since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// What a page asked.
    async fn of(&self, browser: &Browser, path: &str) -> Vec<String> {
        self.0.lock().unwrap().clear();
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.words());
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl<S: tracing::Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "store::statements" {
            event.record(&mut Text(&self.0));
        }
    }
}

struct Text<'a>(&'a Mutex<Vec<String>>);

impl Visit for Text<'_> {
    fn record_str(&mut self, _: &Field, value: &str) {
        self.0.lock().unwrap().push(value.to_owned());
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// What is sorted all the same: part of the statement, the step of its plan that bounds it, and what it is.
const FEW: &[(&str, &str, &str)] = &[
    ("waiting cross join cases c", "USING INDEX parties_unread", "cases with answers that nobody has read"),
    ("and r.id in (", "SEARCH r USING INDEX sqlite_autoindex_reports_1 (id=?)", "the newest 500 hits of words, or a piece of an organisation's reports"),
    ("seen union select id from", "matches_organisation (organisation_id=? AND about", "two pieces of at most 500 ids"),
    ("join case_reports r on r.case_id = c.id where r.report_id", "case_reports_report (report_id=?)", "the cases of one report"),
    ("order by c.opened_at, c.id limit 1)", "SEARCH cr USING INDEX case_reports_report (report_id=?)", "the cases of one report"),
    ("from contacts c where c.organisation_id in", "contacts_organisation (organisation_id=?)", "the contacts of the organisations on a page"),
    ("from contacts c where c.mail", "contacts_mail (mail=?)", "the contacts of one address"),
    ("from resources r where r.organisation_id in", "resources_organisation (organisation_id=?)", "the resources of the organisations on a page"),
    ("from recommendations where party_id", "recommendations_party (party_id=?)", "what one party was advised"),
    ("from recommendations where state = 'sent'", "parties_organisation (organisation_id=?)", "what waits for one organisation's answer"),
    ("from messages where report_id", "messages_report (report_id=?)", "the thread of one report"),
    ("select id, party_id, subject from messages", "messages_party (party_id=?)", "the threads on a page"),
    ("from report_files where report_id", "report_files_report (report_id=?)", "the files of one report"),
    ("from matches m join organisations o", "SEARCH m USING INDEX sqlite_autoindex_matches_1 (about=?)", "who holds what one report names"),
    ("from sightings s join observables o", "sightings_about (about=?)", "what one report names"),
    ("select id, name from people where", "SCAN people", "the team"),
    ("from sealed_certs where removed_at is null", "SCAN sealed_certs", "the keys of the team"),
];

/// Every list with every filter that it has, alone and in the company of others.
fn lists(story: &Story) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    let after = "1763884800000000";
    let id = story.case.id;
    for state in ["", "state=new", "state=open", "state=all", "state=rejected"] {
        for filter in [
            "",
            "channel=form",
            "kind=outage",
            "flag=urgent",
            "flag=help",
            "owner=me",
            "owner=nobody",
            "verdict=none",
            "verdict=confirmed",
            "organisation=Vodalink",
            "q=floods",
            "organisation=Vodalink&owner=me",
            "q=floods&verdict=none",
            "channel=mail&kind=other&flag=help&owner=me",
        ] {
            for order in ["", "order=oldest"] {
                for place in [String::new(), format!("after={after}.{id}")] {
                    paths.push(format!("/inbox?{state}&{filter}&{order}&{place}"));
                }
            }
        }
    }
    for state in ["", "state=all", "state=resolved"] {
        for filter in
            ["", "kind=incident", "severity=high", "owner=me", "owner=none", "class=fraud", "due=any", "due=late", "due=soon", "unread=yes", "watched=yes"]
        {
            for other in ["", "owner=me", "kind=incident&severity=high", "watched=yes", "due=late"] {
                for place in [String::new(), format!("after={after}-{id}")] {
                    paths.push(format!("/cases?{state}&{filter}&{other}&{place}"));
                }
            }
        }
    }
    let number = &story.case.number;
    for filter in ["", "number", "who", "kind", "day", "number&kind", "who&day"] {
        let fields = [("number", number.as_str()), ("who", "mail"), ("kind", "case.opened"), ("day", "2026-11-23")];
        let fields = fields.iter().filter(|(name, _)| filter.split('&').any(|one| one == *name)).map(|(name, value)| format!("{name}={value}"));
        paths.push(format!("/journal?{}&before=50", fields.collect::<Vec<_>>().join("&")));
    }
    for filter in [
        String::new(),
        format!("about={number}"),
        "about=R-2026-000001".into(),
        "organisation=Vodalink%20Lesotho".into(),
        format!("recipient=party:{}", story.vodalink),
    ] {
        for place in ["", "&before=1763884800000000-00000000000000000000000000000000"] {
            paths.push(format!("/ledger?{filter}{place}"));
        }
    }
    for state in ["", "queued", "sent", "failed", "bounced"] {
        paths.push(format!("/outgoing?state={state}"));
    }
    for filter in ["", "q=voda", "sector=internet", "status=registered", "q=voda&status=registered", "after=M"] {
        paths.push(format!("/constituency?{filter}"));
    }
    for path in [
        "/clocks",
        "/clocks?mine=1",
        "/tasks",
        "/tasks?of=all",
        "/search?q=floods",
        "/search?q=203.0.113.7",
        "/search?q=203.0.113.7&in=report",
        "/inbox/mails",
        "/keys",
        "/keys?state=verified&q=a",
    ] {
        paths.push(path.into());
    }
    paths
}

#[tokio::test]
async fn no_list_sorts_what_may_grow_whatever_its_filters() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    messages::release(&house.app, &story.who, story.vodalink, &words("Hello: floods", 0), None).await.unwrap();
    house.run_jobs().await;
    let (lead, member) = (house.login_as(Role::Lead).await, house.login_as_member_of(story.organisations[0]).await);
    let (heard, _guard) = Heard::begin();
    let mut asked: BTreeMap<String, String> = BTreeMap::new();
    for path in lists(&story) {
        for text in heard.of(&lead, &path).await {
            asked.entry(text).or_insert_with(|| path.clone());
        }
    }
    for path in ["/member", &format!("/member?below={}-{}", story.case.id, story.vodalink)] {
        for text in heard.of(&member, path).await {
            asked.entry(text).or_insert_with(|| path.to_owned());
        }
    }
    assert!(asked.len() > 200, "{} statements were heard", asked.len());
    let mut reader = house.app.db.read().await.unwrap();
    let mut sorting = Vec::new();
    for (text, path) in asked.iter().filter(|(text, _)| text.starts_with("select")) {
        // Reports that are known by their ids are looked up, whatever else is asked of them.
        let plan = reader.plan_of(text).await.unwrap();
        assert!(!text.contains(" and r.id in (") || plan.contains("SEARCH r USING INDEX sqlite_autoindex_reports_1 (id=?)"), "{path}\n{text}\n{plan}");
        if plan.contains("TEMP B-TREE") && !FEW.iter().any(|(few, step, _)| text.contains(few) && plan.contains(step)) {
            sorting.push(format!("{path}\n{text}\n{plan}"));
        }
    }
    assert!(sorting.is_empty(), "{} statements sort:\n{}", sorting.len(), sorting.join("\n"));
}

/// How often each statement ran, however many values its lists had.
fn counted(all: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for text in all {
        let mut text = text.replace(|c: char| c.is_ascii_digit(), "");
        while text.contains("$,$") {
            text = text.replace("$,$", "$");
        }
        *counts.entry(text).or_default() += 1;
    }
    counts
}

/// So many more of everything that pages show.
async fn grow(house: &House, story: &Story, times: std::ops::Range<usize>) {
    let (app, who) = (&house.app, &story.who);
    for n in times {
        let body = format!("Floods from 203.0.113.{n} through 198.51.100.{n}.");
        let report = reports::receive(app, &Who::Public, told(app, "form", &format!("Report {n}"), &body, &format!("r{n}@harbour.example"))).await.unwrap();
        let other = reports::receive(app, &Who::Public, told(app, "form", &format!("Floods {n}"), &body, "")).await.unwrap();
        reports::assign(app, who, other.id, who.person().map(|person| person.id)).await.unwrap();
        let new = NewCase { kind: "incident".into(), title: format!("Floods {n}"), reports: vec![report.id], ..NewCase::default() };
        let case = cases::open(app, who, new).await.unwrap();
        // In a case of its own for the member, and one more of everything in the story's case.
        let party = parties::add(app, who, case.id, NewParty { organisation: Some(story.organisations[0]), role: "source".into(), ..NewParty::default() })
            .await
            .unwrap();
        recommendations::add(app, who, party, "operational", "Patch the routers.", None).await.unwrap();
        messages::release(app, who, party, &words("Hello: look", 0), None).await.unwrap();
        cases::link_report(app, who, story.case.id, other.id).await.unwrap();
        let added = organisation(house, &format!("Network {n}"), &format!("192.0.2.{}/32", n + 1), &format!("noc{n}@net.example")).await;
        let there = parties::add(app, who, story.case.id, NewParty { organisation: Some(added), role: "source".into(), ..NewParty::default() }).await.unwrap();
        messages::release(app, who, there, &words("Hello: look here", 0), None).await.unwrap();
        recommendations::add(app, who, story.vodalink, "operational", &format!("Patch router {n}."), None).await.unwrap();
        messages::release(app, who, story.vodalink, &words(&format!("Hello: {n}"), i64::try_from(n).unwrap()), None).await.unwrap();
        let answer = reports::Answer::of("portal", format!("We look at {n}."));
        app.db.change("test", async |tx| cases::receive_answer(tx, app, story.vodalink, answer).await.map(drop)).await.unwrap();
        let task = NewTask { title: format!("Task {n}"), due_at: Some(app.now()), party: Some(there), owner: who.person().map(|person| person.id) };
        cases::add_task(app, who, story.case.id, task).await.unwrap();
        cases::add_note(app, who, story.case.id, &format!("Note {n}")).await.unwrap();
        cases::link_cases(app, who, story.case.id, case.id).await.unwrap();
        crate::messages::call(house, story, there, true, "We rang.", false).await.unwrap();
        house.person(Role::Analyst, None).await;
        house.run_jobs().await;
    }
}

#[tokio::test]
async fn a_page_asks_as_often_for_much_as_for_little() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    grow(&house, &story, 0..3).await;
    let (lead, member) = (house.login_as(Role::Lead).await, house.login_as_member_of(story.organisations[0]).await);
    let number = &story.case.number;
    let (report, organisation, visitor) = ("R-2026-000001", story.organisations[0], house.visitor());
    let of_member = format!("/member/cases/{number}/{}", story.vodalink);
    let thread = crate::messages::page(&house, story.vodalink).await;
    let of_lead: Vec<String> = [
        "/inbox",
        "/inbox?state=all&organisation=Vodalink",
        "/inbox?state=all&q=floods",
        "/cases",
        "/cases?unread=yes",
        "/tasks?of=all",
        "/clocks",
        "/journal",
        "/ledger",
        "/outgoing",
        "/constituency",
        "/people",
        "/search?q=floods",
        "/search?q=203.0.113.1",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(
        ["", "/close", "/join", "/edit", "/extent", "/parties", &format!("/parties/{}", story.vodalink), &format!("/parties/{}/message", story.vodalink)]
            .map(|page| format!("/cases/{number}{page}")),
    )
    .chain([
        format!("/inbox/{report}"),
        format!("/inbox/{report}/referral"),
        format!("/constituency/{organisation}"),
        format!("/ledger?about={number}"),
        format!("/journal?number={number}"),
    ])
    .collect();
    let pages: Vec<(&Browser, String)> =
        of_lead.into_iter().map(|path| (&lead, path)).chain([(&member, "/member".to_owned()), (&member, of_member), (&visitor, thread)]).collect();
    let mut little: Vec<Vec<String>> = Vec::new();
    {
        let (heard, _guard) = Heard::begin();
        for (browser, path) in &pages {
            // The first look at a thread marks it as read.
            heard.of(browser, path).await;
            little.push(heard.of(browser, path).await);
        }
    }
    grow(&house, &story, 3..12).await;
    let (heard, _guard) = Heard::begin();
    let mut more = Vec::new();
    for ((browser, path), before) in pages.iter().zip(&little) {
        heard.of(browser, path).await;
        let (before, now) = (counted(before), counted(&heard.of(browser, path).await));
        for (text, count) in now {
            // A question more is one that is asked because there is something now; nine are one for each.
            if count > before.get(&text).copied().unwrap_or(0) + 2 {
                more.push(format!("{path}: {count} times: {text}"));
            }
        }
    }
    assert!(more.is_empty(), "{}", more.join("\n"));
}
