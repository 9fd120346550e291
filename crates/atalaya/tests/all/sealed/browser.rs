//! The anonymous path in Chromium: with scripts (report, leave, come back, read, answer), and without
//! (what the reporter encrypted, and what the server seals). Every page is looked at.

use atalaya::access::{Role, Who};
use atalaya::sealed::{offline, sums};

use super::*;
use crate::browser::Walk;
use crate::house::House;

/// The browser lives on the day of the story.
pub(super) async fn on_the_day(walk: &mut Walk, house: &House) {
    let source = format!(
        "(() => {{ const Real = Date, off = {} - Real.now(); globalThis.Date = class extends Real {{ constructor(...of) {{ of.length ? super(...of) : super(Real.now() + off) }}
         static now() {{ return Real.now() + off }} }} }})()",
        house.app.now().as_millisecond()
    );
    walk.browser.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
}

/// Waits until something can be seen.
pub(super) async fn wait(walk: &mut Walk, selector: &str) {
    let script = format!(
        "new Promise(done => {{ const at = Date.now(), seen = () => {{ const e = document.querySelector({}); if (e && e.getClientRects().length) done(true);
         else if (Date.now() - at > 45000) done(false); else setTimeout(seen, 30) }}; seen() }})",
        json!(selector)
    );
    let seen = walk.browser.evaluate(&script).await;
    let words = walk.browser.words().await;
    assert_eq!(seen, json!(true), "{selector} does not show up: {words}");
}

pub(super) async fn step(walk: &mut Walk, name: &str) {
    wait(walk, &format!("[data-step={name}]:not([hidden])")).await;
}

pub(super) async fn text(walk: &mut Walk, selector: &str) -> String {
    let found = walk.browser.evaluate(&format!("document.querySelector({}).textContent.trim()", json!(selector))).await;
    found.as_str().unwrap().to_owned()
}

pub(super) async fn choose_file(walk: &mut Walk, selector: &str, file: &Path) {
    let root = walk.browser.call("DOM.getDocument", json!({})).await["root"]["nodeId"].clone();
    let node = walk.browser.call("DOM.querySelector", json!({ "nodeId": root, "selector": selector })).await["nodeId"].clone();
    walk.browser.call("DOM.setFileInputFiles", json!({ "nodeId": node, "files": [file] })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_reports_in_a_browser_leaves_returns_reads_and_answers_and_nobody_knows_who() {
    let house = House::sqlite().await;
    let team = team(&house).await;
    offline::sign(&house.app, &Who::Operator, "default", "en", &team.key, "").await.unwrap();
    sums::sign(&house.app, &Who::Operator, &team.key, "").await.unwrap();
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    let receipt = report(&mut walk).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    answer(&house, &analyst, &team, "S-2026-000001", "Thank you. Which year?").await;
    come_back(&mut walk, &receipt).await;
    rounds(&house).await;
    let analyst = house.login(analyst.person()).await;
    desk(&mut walk, &house, &analyst, &team).await;
    bare(&mut walk, &house, &analyst, &team).await;
    from_disk(&mut walk, &house).await;
    // By 428 the server asks for work before an upload: no fault.
    walk.browser.complaints.retain(|line| !line.ends_with("/sealed/v1/uploads\""));
    walk.end();
}

pub(super) async fn report(walk: &mut Walk) -> String {
    walk.go("/sealed").await;
    step(walk, "tell").await;
    walk.look("sealed-1-tell", true).await;
    walk.browser.press("[data-step=tell] [data-to=files]").await;
    wait(walk, "#sealed-a [data-problem]").await;
    walk.must_show("Please tell us in a few words").await;
    walk.look("sealed-1-tell-empty", true).await;
    walk.browser.write("#sealed-text", "The director takes bribes.").await;
    walk.browser.press("[data-step=tell] [data-to=files]").await;
    step(walk, "files").await;
    let proof = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
    std::fs::write(proof.path(), vec![b'x'; 1_500_000]).unwrap();
    choose_file(walk, "#sealed-files", proof.path()).await;
    wait(walk, "[data-files-list] li").await;
    walk.look("sealed-2-files", true).await;
    assert_eq!(walk.browser.evaluate("document.querySelector('#sealed-ways').hidden").await, json!(true), "no other way leads away from what was typed");
    walk.browser.press("[data-step=files] [data-to=receipt]").await;
    step(walk, "receipt").await;
    walk.look("sealed-3-receipt", true).await;
    let receipt = text(walk, "[data-receipt]").await;
    walk.browser.press("[data-to=confirm]").await;
    step(walk, "confirm").await;
    let asked = text(walk, "label[for=sealed-again]").await;
    let at = usize::try_from(asked.chars().find_map(|c| c.to_digit(10)).unwrap()).unwrap();
    walk.browser.write("#sealed-again", receipt.split([' ', '-']).nth(at - 1).unwrap()).await;
    walk.look("sealed-4-confirm", true).await;
    walk.browser.press("[data-step=confirm] [data-to=send]").await;
    step(walk, "send").await;
    walk.look("sealed-5-send", true).await;
    walk.browser.press("[data-send]").await;
    step(walk, "done").await;
    walk.must_show("S-2026-000001").await;
    walk.look("sealed-6-done", true).await;
    assert_eq!(walk.browser.cookies().await, Vec::<String>::new());
    walk.go("/sealed/leave").await;
    walk.look("sealed-left", true).await;
    receipt
}

/// From the files to the last button: the receipt, which is typed again in part.
pub(super) async fn to_send(walk: &mut Walk) -> String {
    walk.browser.press("[data-step=files] [data-to=receipt]").await;
    step(walk, "receipt").await;
    let receipt = text(walk, "[data-receipt]").await;
    walk.browser.press("[data-to=confirm]").await;
    step(walk, "confirm").await;
    let asked = text(walk, "label[for=sealed-again]").await;
    let at = usize::try_from(asked.chars().find_map(|c| c.to_digit(10)).unwrap()).unwrap();
    walk.browser.write("#sealed-again", receipt.split(' ').nth(at - 1).unwrap()).await;
    walk.browser.press("[data-step=confirm] [data-to=send]").await;
    step(walk, "send").await;
    receipt
}

/// Opens the dialogue of a receipt.
pub(super) async fn come_with(walk: &mut Walk, receipt: &str) {
    walk.go("/sealed/return").await;
    step(walk, "enter").await;
    walk.browser.write("[data-code]", receipt).await;
    walk.browser.press("[data-enter]").await;
    step(walk, "talk").await;
}

async fn come_back(walk: &mut Walk, receipt: &str) {
    walk.go("/sealed/return").await;
    step(walk, "enter").await;
    walk.look("sealed-return-1", true).await;
    come_with(walk, receipt).await;
    walk.must_show("Thank you. Which year?").await;
    walk.must_show("Duty 2").await;
    walk.look("sealed-return-2", true).await;
    walk.browser.write("#sealed-answer", "In 2019.").await;
    walk.browser.press("[data-step=talk] [data-reply]").await;
    wait(walk, ".message:nth-child(3)").await;
    wait(walk, "[data-sent]").await;
    walk.look("sealed-return-3", true).await;
    assert!(!walk.browser.words().await.contains("follow on"), "the chain holds");
}

/// The console: the list, a dialogue, unlocked with a reader's own key.
async fn desk(walk: &mut Walk, house: &House, analyst: &Browser, team: &Team) {
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    walk.go("/dialogues").await;
    walk.must_show("S-2026-000001").await;
    walk.look("sealed-list", false).await;
    walk.go("/dialogues/readers").await;
    walk.look("sealed-readers", false).await;
    walk.go("/dialogues/S-2026-000001").await;
    step(walk, "unlock").await;
    walk.look("sealed-desk-locked", false).await;
    let own = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(own.path(), team.readers[1].armored().unwrap().as_bytes()).unwrap();
    choose_file(walk, "[data-own-key]", own.path()).await;
    walk.browser.press("[data-unlock]").await;
    step(walk, "talk").await;
    for words in ["The director takes bribes.", "In 2019.", "Signed by the same reporter"] {
        walk.must_show(words).await;
    }
    walk.look("sealed-desk-open", false).await;
    let label = walk.browser.evaluate("document.querySelector('#sealed-label').value").await;
    assert!(label.as_str().is_some_and(|label| label.eq_ignore_ascii_case("red")), "what is unsealed begins with the strictest label: {label}");
    assert!(house.done().await.contains(&"sealed.opened".to_owned()));
    walk.browser.forget().await;
}

/// Without scripts: what the reporter encrypted, what the server seals, and the way back.
async fn bare(walk: &mut Walk, house: &House, analyst: &Browser, team: &Team) {
    walk.browser.scripts(false).await;
    for (name, path) in
        [("sealed-bare-start", "/sealed"), ("sealed-bare-promise", "/sealed/promise"), ("sealed-bare-b", "/sealed/b"), ("sealed-bare-return", "/sealed/return")]
    {
        walk.go(path).await;
        walk.look_without_scripts(name).await;
    }
    walk.go("/sealed/b").await;
    walk.browser.follow("main .button.primary").await;
    walk.look_without_scripts("sealed-bare-b-form").await;
    let own = json!({ "reply_certificate": key("Nobody", 77).certificate().armored().unwrap() }).to_string();
    let by_hand = pack(&[("manifest.json", own.as_bytes()), ("report.txt", b"by hand")]);
    walk.browser.write("#message", "not a message").await;
    walk.browser.follow("form .button.primary").await;
    walk.must_show("This is not an OpenPGP message").await;
    walk.look_without_scripts("sealed-bare-b-wrong").await;
    walk.browser.write("#message", &super::hostile::post_armor(&envelope(team, &by_hand, 160))).await;
    walk.browser.follow("form .button.primary").await;
    walk.must_show("S-2026-000002").await;
    walk.look_without_scripts("sealed-bare-b-done").await;
    let own = text(walk, "#receipt").await;
    walk.browser.scripts(false).await;
    walk.go("/sealed/c").await;
    walk.look_without_scripts("sealed-bare-c").await;
    walk.browser.follow("main .button.primary").await;
    walk.look_without_scripts("sealed-bare-c-form").await;
    walk.browser.write("#text", "By the server.").await;
    walk.browser.follow("form .button.primary").await;
    walk.must_show("S-2026-000003").await;
    walk.look_without_scripts("sealed-bare-c-done").await;
    let receipt = text(walk, "#receipt").await;
    walk.browser.scripts(false).await;
    rounds(house).await;
    let analyst = house.login(analyst.person()).await;
    let (asks, to_save) = ("When did it begin?", "This answer is sealed to a key of your own.");
    for (receipt, number, words) in [(&own, "S-2026-000002", to_save), (&receipt, "S-2026-000003", asks)] {
        answer(house, &analyst, team, number, asks).await;
        walk.go("/sealed/return").await;
        walk.browser.write("#code", receipt).await;
        walk.browser.follow("form .button.primary").await;
        walk.must_show(number).await;
        if words == asks {
            walk.look_without_scripts("sealed-bare-talk-list").await;
            walk.browser.follow("form[action^='/sealed/return/answers'] .button.primary").await;
        }
        walk.must_show(words).await;
        walk.look_without_scripts(&format!("sealed-bare-talk-{number}")).await;
        if words == to_save {
            by_program(walk, team, receipt).await;
        }
    }
    walk.browser.write("#text", "And one thing more.").await;
    walk.browser.follow("form[action^='/sealed/c'] .button.primary").await;
    walk.must_show("It has arrived").await;
    walk.look_without_scripts("sealed-bare-talk-sent").await;
    walk.browser.scripts(true).await;
    assert_eq!(walk.browser.cookies().await, Vec::<String>::new());
}

/// Who encrypted the report themselves saves the answer, opens it with gpg, and writes again, all without a script.
async fn by_program(walk: &mut Walk, team: &Team, receipt: &str) {
    let folder = tempfile::tempdir().unwrap();
    walk.browser.call("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder.path() })).await;
    walk.browser.press("form[action='/sealed/return/envelope'] button").await;
    let saved = folder.path().join("S-2026-000002-2.pgp");
    for _ in 0..600 {
        if saved.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let gpg = Gpg::new();
    gpg.run(&["--import"], key("Nobody", 77).armored().unwrap().as_bytes());
    assert_eq!(read(&unpack(&gpg.open(&std::fs::read(&saved).unwrap())), "report.txt"), b"When did it begin?");
    walk.browser.follow("main a[href^='/sealed/b']").await;
    walk.browser.follow("main .button.primary").await;
    let again = pack(&[("report.txt", b"in May")]);
    walk.browser.write("#message", &super::hostile::post_armor(&envelope(team, &again, 161))).await;
    walk.browser.write("#code", receipt).await;
    walk.browser.follow("form .button.primary").await;
    walk.must_show("S-2026-000002").await;
    walk.look_without_scripts("sealed-bare-b-again").await;
    walk.browser.scripts(false).await;
    walk.go("/sealed/return").await;
    walk.browser.write("#code", receipt).await;
    walk.browser.follow("form .button.primary").await;
    let said = walk.browser.words().await;
    assert_eq!(said.matches("You cannot open it again yourself").count(), 2, "the report and what was written again: {said}");
}

/// The signed page, opened from disk.
async fn from_disk(walk: &mut Walk, house: &House) {
    let page = house.visitor().get("/sealed/offline/default.en.html").await.must(200).body;
    let file = tempfile::Builder::new().suffix(".html").tempfile().unwrap();
    std::fs::write(file.path(), page).unwrap();
    let url = format!("file://{}", file.path().display());
    walk.browser.go(&url).await;
    step(walk, "tell").await;
    walk.look("sealed-offline", true).await;
    walk.browser.write("#sealed-text", "From my disk.").await;
    walk.browser.press("[data-step=tell] [data-to=files]").await;
    step(walk, "files").await;
    walk.browser.press("[data-step=files] [data-to=send]").await;
    step(walk, "send").await;
    walk.browser.press("[data-send]").await;
    step(walk, "done").await;
    walk.look("sealed-offline-done", true).await;
}
