//! What was erased is erased everywhere: in what organisations were told of, in rejected lines, in what originals show.

use atalaya::access::Role;
use store::Id;

use crate::events::{deliver, file as table};
use crate::house::House;
use crate::notices::{NORTH, add, bring, list, morning, pairs, two};

/// All bytes that the database and the folder hold, opened, that notices, standings and mails name.
async fn kept(house: &House) -> String {
    let mut text = String::new();
    let mut blobs: Vec<(vault::blob::Hash,)> = house.rows("select content from notices", vec![]).await;
    blobs.extend(house.rows::<(vault::blob::Hash,)>("select csv from notices", vec![]).await);
    blobs.extend(house.rows::<(vault::blob::Hash,)>("select list from notice_standing where list is not null", vec![]).await);
    blobs.extend(house.rows::<(vault::blob::Hash,)>("select raw from outbox", vec![]).await);
    for (hash,) in blobs {
        let bytes = house.app.blobs.get(&mut house.app.db.read().await.unwrap(), hash).await.unwrap();
        let mail = post::letter::read(&bytes, &post::letter::Limits::default());
        text.push_str(&String::from_utf8_lossy(&bytes));
        text.push_str(&mail.text);
        for file in &mail.attachments {
            text.push_str(&String::from_utf8_lossy(&file.content));
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_address_is_in_no_notice_no_list_no_mail_no_standing_and_no_rejected_line() {
    for house in House::both().await {
        two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.8", 23)]).await;
        let broken = ["never,203.0.113.7,23,tcp,,telnet,64500,LS".to_owned(), "never,203.0.113.8,23,tcp,,telnet,64500,LS".to_owned()];
        deliver(&house, "shadow", "2026-11-22-scan_telnet-broken.csv", &table(&broken)).await;
        house.run_jobs().await;
        morning(&house, 24).await;
        assert_eq!(list(&house.sink.to(NORTH)[0]), pairs(&[("new", "203.0.113.7:23"), ("new", "203.0.113.8:23")]));
        let before: Vec<(vault::blob::Hash,)> = house.rows("select content from notices", vec![]).await;
        assert!(kept(&house).await.contains("203.0.113.7"));
        // A member has called both wrong.
        let north: Vec<(Id,)> = house.rows("select id from organisations where name = 'North Cable'", vec![]).await;
        let member = house.login_as_member_of(north[0].0).await;
        let page = member.get("/member/findings").await.must(200).text();
        for link in page.split("href=\"").filter_map(|part| part.split('"').next()).filter(|link| link.starts_with("/member/findings/")) {
            let _ = member.post(link, &[("words", "Not ours.")]).await.must(303);
        }
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/erasures", &[("ip", "203.0.113.7"), ("reason", "asked for")]).await.must(303);
        house.run_jobs().await;
        let kept = kept(&house).await;
        assert!(!kept.contains("203.0.113.7") && kept.contains("203.0.113.8"), "on {}", house.on);
        assert!(!kept.contains("203,0,113,7]") && kept.contains("203,0,113,8]"), "a standing has its bytes");
        // The bytes from before are gone, not only their name.
        let old = house.app.blobs.get(&mut house.app.db.read().await.unwrap(), before[0].0).await;
        assert!(old.is_err(), "on {}", house.on);
        let page = lead.get("/events/rejected").await.must(200);
        assert!(!page.shows("203.0.113.7") && page.shows("203.0.113.8"), "{}", page.words());
        let claims: Vec<(String, String)> = house.rows("select subject, state from event_claims order by subject", vec![]).await;
        assert_eq!(claims, [(String::new(), "refused".into()), ("203.0.113.8".into(), "open".into())]);
        let original = lead.get("/events/files/1/original").await.must(200);
        assert!(!original.text().contains("203.0.113.7") && original.text().contains("203.0.113.8") && original.text().contains("[erased]"));
        // The record that something was told stays, and the ledger says of what bytes.
        let notices: Vec<(i64,)> = house.rows("select events from notices", vec![]).await;
        assert_eq!(notices, [(2,)]);
        let ledger: Vec<(vault::blob::Hash,)> = house.rows("select content from ledger where noun = 'event_notice'", vec![]).await;
        assert_eq!(ledger[0].0, before[0].0);
        // Of what was erased nobody hears that it is gone.
        for day in 24..27 {
            bring(&house, day, &[("203.0.113.8", 23)]).await;
            morning(&house, day + 1).await;
        }
        let told: Vec<_> = house.sink.to(NORTH).iter().skip(1).flat_map(list).collect();
        assert!(told.iter().all(|(state, what)| state == "persisting" && what == "203.0.113.8:23"), "{told:?}");
        let states: Vec<(i64,)> = house.rows("select count(*) from event_erasures where written_at is null", vec![]).await;
        assert_eq!(states[0].0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_erased_organisation_nothing_is_left_in_what_it_was_told() {
    for house in House::both().await {
        two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.200", 23)]).await;
        morning(&house, 24).await;
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/erasures", &[("organisation", "North Cable"), ("reason", "left")]).await.must(303);
        house.run_jobs().await;
        let kept = kept(&house).await;
        assert!(!kept.contains("203.0.113.7") && kept.contains("203.0.113.200"), "on {}", house.on);
        let notices: Vec<(Id,)> = house.rows("select id from notices", vec![]).await;
        assert_eq!(notices.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_in_the_making_begins_again_when_something_is_erased() {
    for house in House::both().await {
        two(&house).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.200", 23)]).await;
        // Nobody was told anything yet: a notice that is being made now was gathered by these turns.
        let turns = async || house.rows::<(i64, i64)>("select holder, turn from notice_standing order by holder", vec![]).await;
        let before = turns().await;
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/erasures", &[("ip", "203.0.113.7"), ("reason", "asked for")]).await.must(303);
        house.run_jobs().await;
        let after = turns().await;
        assert_eq!(before.len(), 2);
        assert!(before.iter().zip(&after).all(|(before, after)| before.0 == after.0 && before.1 < after.1), "on {}: {before:?} {after:?}", house.on);
        // What is left is told as ever.
        add(&house, "Daily", |_| {}).await;
        morning(&house, 24).await;
        assert!(house.sink.to(NORTH).is_empty() && house.sink.to(crate::notices::SOUTH).len() == 1, "on {}", house.on);
    }
}

/// The first notice goes to a second address as well, and that mail has not left yet. Returns its bytes.
async fn one_waits(house: &House) -> vault::blob::Hash {
    let mails: Vec<(vault::blob::Hash,)> = house.rows("select raw from outbox", vec![]).await;
    let bytes = house.app.blobs.get(&mut house.app.db.read().await.unwrap(), mails[0].0).await.unwrap();
    let copy = house.app.blobs.seal(&[&bytes[..], b"\r\n"].concat()).unwrap();
    let written = house.app.db.change("test", async |tx| {
        tx.keep(&copy).await?;
        let text = "insert into outbox (id, ledger_id, about, message_id, contact_id, mail_message_id, sender, recipient, raw, state, attempts, answer, queued_at) \
             select $1, ledger_id, about, message_id, contact_id, 'second', sender, recipient, $2, 'queued', 0, '', queued_at + 1 from outbox";
        tx.execute(text, store::args![tx.new_id(), copy.hash]).await?;
        tx.record(store::Record::new("test", "test", tx.new_id()));
        Ok::<_, store::Error>(())
    });
    written.await.unwrap();
    copy.hash
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_after_an_erasure_stays_however_long_a_mail_of_before_waits() {
    for house in House::both().await {
        two(&house).await;
        atalaya::events::wake(&house.app).await.unwrap();
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.8", 23)]).await;
        morning(&house, 24).await;
        let waits = one_waits(&house).await;
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/erasures", &[("organisation", "North Cable"), ("reason", "asked for")]).await.must(303);
        house.run_jobs().await;
        // It is seen again, and told, and called wrong, while the mail of before still waits.
        house.later(24 * 60);
        bring(&house, 25, &[("203.0.113.9", 23)]).await;
        morning(&house, 26).await;
        assert_eq!(list(&house.sink.to(NORTH)[1]), pairs(&[("new", "203.0.113.9:23")]), "on {}", house.on);
        house.later(24 * 60);
        house.run_jobs().await;
        let kept = kept(&house).await;
        assert!(!kept.contains("203.0.113.7"), "on {}", house.on);
        assert!(kept.contains("203.0.113.9"), "on {}: it is of what came after", house.on);
        let raws: Vec<(vault::blob::Hash,)> = house.rows("select raw from outbox", vec![]).await;
        assert!(raws.iter().all(|raw| raw.0 != waits), "on {}: what waited is gone", house.on);
        let open: Vec<(i64,)> = house.rows("select count(*) from event_erasures where written_at is null", vec![]).await;
        assert_eq!(open[0].0, 0, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_waits_never_leaves_with_what_was_erased_and_the_rest_of_it_leaves_in_another() {
    for house in House::both().await {
        two(&house).await;
        atalaya::events::wake(&house.app).await.unwrap();
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.8", 23)]).await;
        morning(&house, 24).await;
        let copy = one_waits(&house).await;
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/erasures", &[("ip", "203.0.113.7"), ("reason", "asked for")]).await.must(303);
        house.run_jobs().await;
        let raws: Vec<(vault::blob::Hash,)> = house.rows("select raw from outbox order by id", vec![]).await;
        assert!(raws.iter().all(|raw| raw.0 != copy), "on {}: it never leaves", house.on);
        assert!(house.app.blobs.get(&mut house.app.db.read().await.unwrap(), copy).await.is_err(), "on {}: its bytes are gone", house.on);
        assert!(!kept(&house).await.contains("203.0.113.7"), "on {}", house.on);
        let states: Vec<(String,)> = house.rows("select state from outbox order by state", vec![]).await;
        assert_eq!(states.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["sent", "sent", "taken_back"], "on {}", house.on);
        // What it said besides has left, with a line of its own in the ledger.
        let mails = house.sink.to(NORTH);
        assert_eq!((mails.len(), list(&mails[1])), (2, pairs(&[("new", "203.0.113.8:23")])), "on {}", house.on);
        assert!(!mails[1].letter().text.contains("203.0.113.7") && mails[1].letter().text.contains("203.0.113.8"), "{}", mails[1].letter().text);
        let versions: Vec<(i64,)> = house.rows("select version from ledger where noun = 'event_notice' order by version", vec![]).await;
        assert_eq!(versions, [(1,), (2,)], "on {}", house.on);
        let open: Vec<(i64,)> = house.rows("select count(*) from event_erasures where written_at is null", vec![]).await;
        assert_eq!(open[0].0, 0, "on {}: nothing waits", house.on);
        // Nobody takes a mail that was taken back for one that waits.
        let page = lead.get("/outgoing").await.must(200);
        assert!(page.shows("taken back"), "{}", page.words());
        house.later(24 * 60);
        house.run_jobs().await;
        assert_eq!(house.sink.to(NORTH).len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_which_nothing_is_left_is_taken_back_as_a_whole() {
    let house = House::sqlite().await;
    two(&house).await;
    atalaya::events::wake(&house.app).await.unwrap();
    add(&house, "Daily", |_| {}).await;
    bring(&house, 22, &[("203.0.113.7", 23)]).await;
    morning(&house, 24).await;
    let copy = one_waits(&house).await;
    let lead = house.login_as(Role::Lead).await;
    let _ = lead.post("/events/erasures", &[("ip", "203.0.113.7"), ("reason", "asked for")]).await.must(303);
    house.run_jobs().await;
    let raws: Vec<(vault::blob::Hash,)> = house.rows("select raw from outbox", vec![]).await;
    assert!(raws.len() == 2 && raws.iter().all(|raw| raw.0 != copy));
    assert_eq!(house.sink.to(NORTH).len(), 1, "nothing is said anew");
    assert!(lead.get("/events/notices").await.must(200).shows("taken back: all of it was erased"));
}
