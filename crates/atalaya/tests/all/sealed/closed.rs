//! The page that seals on the device closes itself when anything is not as it has to be: a script, the
//! list of readers, the team's key, the browser. It says why in one line, and sends nothing.

use serde_json::json;

use super::browser::{choose_file, on_the_day, step, to_send, wait};
use super::*;
use crate::browser::Walk;
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_script_with_one_byte_changed_or_missing_does_not_run_and_the_plain_page_stands() {
    let house = House::sqlite().await;
    team(&house).await;
    let visitor = house.visitor();
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    for (path, root, name) in [("/sealed", "#sealed-a", "/sealed/assets/form.js"), ("/sealed/return", "#sealed-return", "/sealed/assets/dialogue.js")] {
        let page = visitor.get(path).await.must(200);
        assert_eq!(page.text().matches("<script").count(), 1, "one script, with one hash");
        assert_eq!(page.between("<script type=\"module\" src=\"", "\""), name);
        let bytes = visitor.get(name).await.must(200).body;
        // OpenPGP.js and our own files, of which one byte is another.
        let middle = bytes.len() / 2;
        let changed = |at: usize| [&bytes[..at], &[bytes[at] ^ 1], &bytes[at + 1..]].concat();
        for body in [Some([bytes.as_slice(), b"\n"].concat()), Some(changed(middle)), Some(changed(bytes.len() - 1)), Some(Vec::new()), None] {
            walk.browser.alter(name, body).await;
            walk.browser.requests.clear();
            walk.go(path).await;
            // What runs asks for the team's key at once. After the page has loaded, its script has run or never will.
            let shown =
                format!("[!!document.querySelector('{root}').getClientRects().length, !!document.querySelector('#sealed-off').getClientRects().length]");
            assert_eq!(walk.browser.evaluate(&shown).await, json!([false, true]));
            assert!(walk.browser.requests.iter().any(|url| url.ends_with(name)), "{:?}", walk.browser.requests);
            assert!(!walk.browser.requests.iter().any(|url| url.ends_with("team.asc")), "{:?}", walk.browser.requests);
            walk.browser.restore().await;
        }
        assert_eq!(walk.browser.complaints.iter().filter(|line| line.contains("integrity")).count(), 4, "{:?}", walk.browser.complaints);
        walk.browser.complaints.clear();
        walk.go(path).await;
        wait(&mut walk, &format!("{root} [data-step]:not([hidden])")).await;
        assert!(walk.browser.requests.iter().any(|url| url.ends_with("team.asc")), "the look is blind");
    }
    walk.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_what_it_needs_the_page_says_why_in_one_line_and_leaves_the_choice() {
    let house = House::sqlite().await;
    let team = team(&house).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    let manifest = house.visitor().get("/sealed/manifest/default.json.asc").await.must(200).text();
    let list = "/manifest/default.json.asc";
    let closed = [
        ("Object.defineProperty(globalThis, 'isSecureContext', { value: false })", None, "not loaded over a protected connection"),
        ("delete globalThis.TransformStream", None, "This browser is too old"),
        ("delete globalThis.crypto.subtle; Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })", None, "offers no encryption to pages"),
        ("", Some((list, Some(manifest.replace("Duty 1", "Duty 9").into_bytes()))), "not signed by the team"),
        ("", Some((list, None)), "The list of readers cannot be read"),
        ("", Some(("/sealed/team.asc", Some(armored(&team.readers[0])))), "not the one this page knows"),
        ("", Some(("/sealed/team.asc", Some(b"nothing".to_vec()))), "not the one this page knows"),
    ];
    for (at, (before, altered, words)) in closed.into_iter().enumerate() {
        let script = walk.browser.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": before })).await["identifier"].clone();
        if let Some((end, body)) = altered {
            walk.browser.alter(end, body).await;
        }
        walk.browser.requests.clear();
        walk.go("/sealed").await;
        wait(&mut walk, "#sealed-off [data-problem]").await;
        let said = walk.browser.evaluate("document.querySelector('#sealed-off [data-problem]').textContent").await;
        assert!(said.as_str().is_some_and(|said| said.contains(words)), "{said} instead of {words}");
        let shown = "[...['#sealed-a', '#sealed-off', 'a[href$=\"/sealed/b\"]', 'a[href$=\"/sealed/c\"]']].map(one => document.querySelector(one).getClientRects().length > 0)";
        assert_eq!(walk.browser.evaluate(shown).await, json!([false, true, true, true]), "{words}");
        assert!(!walk.browser.requests.iter().any(|url| url.contains("/sealed/v1/")), "nothing is sent: {:?}", walk.browser.requests);
        if at == 3 {
            walk.look("sealed-closed", true).await;
        }
        walk.browser.call("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": script })).await;
        walk.browser.restore().await;
    }
    // Whoever comes back is warned of what the server learns without the script, whatever kept it from running.
    walk.browser.alter("/sealed/team.asc", Some(b"nothing".to_vec())).await;
    walk.go("/sealed/return").await;
    wait(&mut walk, "#sealed-off [data-problem]").await;
    wait(&mut walk, "#sealed-off .warning").await;
    walk.must_show("not the one this page knows").await;
    walk.browser.restore().await;
    walk.go("/sealed").await;
    step(&mut walk, "tell").await;
    // An address that a test took away answers 404; that is no fault of the page.
    walk.browser.complaints.retain(|line| !line.contains(list));
    walk.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_taken_to_the_last_byte_and_one_more_is_told_before_anything_is_sealed() {
    let house = House::with(|profile| profile.sealed.as_mut().unwrap().max_bytes = 2 << 20).await;
    team(&house).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    walk.go("/sealed").await;
    step(&mut walk, "tell").await;
    walk.browser.write("#sealed-text", "The director takes bribes.").await;
    walk.browser.press("[data-step=tell] [data-to=files]").await;
    step(&mut walk, "files").await;
    let folder = tempfile::tempdir().unwrap();
    walk.must_show("All files together: 2 MB at most.").await;
    for (name, size) in [("fits.bin", 1_000_000), ("more.bin", (2 << 20) - 999_999)] {
        std::fs::write(folder.path().join(name), vec![7; size]).unwrap();
        choose_file(&mut walk, "#sealed-files", &folder.path().join(name)).await;
        wait(&mut walk, "[data-files-list] li").await;
    }
    wait(&mut walk, "[data-files-large]").await;
    walk.browser.press("[data-step=files] [data-to=receipt]").await;
    wait(&mut walk, "#sealed-a > div > [data-problem]").await;
    walk.must_show("These files are too large or too many for one message.").await;
    walk.look("sealed-2-files-large", true).await;
    walk.browser.press("[data-files-list] li:last-child button").await;
    std::fs::write(folder.path().join("last.bin"), vec![7; (2 << 20) - 1_000_000]).unwrap();
    choose_file(&mut walk, "#sealed-files", &folder.path().join("last.bin")).await;
    wait(&mut walk, "[data-files-list] li:nth-child(2)").await;
    to_send(&mut walk).await;
    assert!(!walk.browser.requests.iter().any(|url| url.contains("/sealed/v1/")), "{:?}", walk.browser.requests);
    walk.browser.press("[data-send]").await;
    step(&mut walk, "done").await;
    walk.must_show("S-2026-000001").await;
    walk.browser.complaints.retain(|line| !line.ends_with("/sealed/v1/uploads\""));
    walk.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_to_the_intake_that_the_address_names() {
    let house = House::with(|profile| {
        let sealed = profile.sealed.as_mut().unwrap();
        let other = atalaya::profile::SealedIntake { id: "staff".into(), ..sealed.intakes[0].clone() };
        sealed.intakes.push(other);
    })
    .await;
    let visitor = house.visitor();
    let leads_back = async |asked: &str| visitor.get(asked).await.must(200).links("/sealed/return").remove(0);
    for path in ["/sealed", "/sealed/return", "/sealed/promise"] {
        assert_eq!(leads_back(&format!("{path}?intake=staff&lang=es")).await, "/sealed/return?intake=staff&lang=es");
        assert_eq!(leads_back(&format!("{path}?lang=es")).await, "/sealed/return?lang=es", "none is named");
        assert_eq!(leads_back(&format!("{path}?intake=nobody&lang=es")).await, "/sealed/return?lang=es", "there is no such intake");
    }
    let page = visitor.get("/sealed/return?intake=staff").await.must(200);
    assert!(page.links("/sealed/return").contains(&"/sealed/return?intake=staff&lang=es".to_owned()), "in another language: {}", page.text());
    assert!(page.links("/sealed/promise").contains(&"/sealed/promise?intake=staff".to_owned()), "{}", page.text());
    assert_eq!(leads_back("/sealed/leave?intake=staff").await, "/sealed/return?intake=staff", "who left comes back to the same");
}
