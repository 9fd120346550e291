//! The team's key is exchanged for another: what it signed before stays verifiable, since the new one vouches for those
//! very bytes, and nobody else's list is believed for that.

use atalaya::access::Who;
use atalaya::sealed::keys::{self as verbs, NewReader};
use atalaya::sealed::manifest;

use super::browser::{choose_file, come_with, on_the_day, step, wait};
use super::desk::{Begun, NUMBER, begun, end};
use super::*;
use crate::house::House;

async fn sign(house: &House, intake: &str, by: &SecretKey) {
    manifest::sign(&house.app, &Who::Operator, intake, 90, by, "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_before_a_new_team_key_is_verified_by_reporter_and_console_and_by_no_list_that_the_new_key_does_not_vouch_for() {
    let Begun { house, team, mut walk, receipt, analyst, .. } = begun().await;
    let typed = house.visitor().upload("/sealed/c", &[("text", "typed")], &[]).await.must(201).between("id=\"receipt\" translate=\"no\">", "<");
    rounds(&house).await;
    let analyst = house.login(analyst.person()).await;
    for number in [NUMBER, "S-2026-000002"] {
        answer(&house, &analyst, &team, number, "Thank you. Which year?").await;
    }
    let old = house.visitor().get("/sealed/manifest/default/1.json.asc").await.must(200).text();
    let heir = key("Team", 61);
    verbs::set_team(&house.app, &Who::Operator, &armored(&heir)).await.unwrap();
    let missing = async || verbs::endings(&mut house.app.db.read().await.unwrap(), &house.app).await.unwrap().1.join("\n");
    assert!(missing().await.contains("The manifest 1 of default is signed by a former key of the team"), "{}", missing().await);
    sign(&house, "default", &heir).await;
    assert!(!missing().await.contains("former"), "{}", missing().await);
    let newest = house.visitor().get("/sealed/manifest/default.json.asc").await.must(200).text();
    let former = team.key.certificate().fingerprint();
    assert!(newest.contains(&format!("\"team\": \"{former}\"")) && newest.contains(&sha(old.as_bytes())), "{newest}");
    let kept = house.visitor().get(&format!("/sealed/team/{former}.asc")).await.must(200).body;
    assert_eq!(Certificate::read_one(&kept).unwrap().fingerprint(), former);
    let _ = house.visitor().get(&format!("/sealed/team/{}.asc", team.readers[0].certificate().fingerprint())).await.must(404);

    // By the script of the reporter's page.
    on_the_day(&mut walk, &house).await;
    come_with(&mut walk, &receipt).await;
    for words in ["Thank you. Which year?", "Duty 2"] {
        walk.must_show(words).await;
    }
    // Without it: the page says who signed.
    let bare = read_typed(&house.visitor(), &typed).await;
    assert!(bare.shows("Thank you. Which year?") && bare.shows("Duty 2"), "{}", bare.words());
    // A list that the stolen old key signs, with a reader of the thief's, dated back.
    let thief = key("Thief", 62);
    let listed = manifest::verify(&house.app, &old, &stood(&team.key)).await.unwrap();
    let forged = manifest::Manifest {
        readers: vec![manifest::Listed {
            name: "Duty 2".into(),
            role: "reader".into(),
            fingerprint: thief.certificate().fingerprint(),
            certificate: thief.certificate().armored().unwrap(),
        }],
        ..listed
    };
    let forged = post::openpgp::sign_cleartext(&forged.text().unwrap(), &team.key, "", instant("2026-11-23T08:00:00Z"), [5; 32]).unwrap();
    walk.browser.alter("/manifest/default/1.json.asc", Some(forged.into_bytes())).await;
    come_with(&mut walk, &receipt).await;
    walk.must_show("not signed by the team").await;
    assert!(!walk.browser.words().await.contains("Which year?"));
    walk.browser.restore().await;

    // The console, and an answer of the day after.
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    walk.go(&format!("/dialogues/{NUMBER}")).await;
    step(&mut walk, "unlock").await;
    let own = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(own.path(), team.readers[1].armored().unwrap().as_bytes()).unwrap();
    choose_file(&mut walk, "[data-own-key]", own.path()).await;
    walk.browser.press("[data-unlock]").await;
    step(&mut walk, "talk").await;
    for words in ["The director takes bribes.", "Thank you. Which year?", "Duty 2 <duty-2@csirt.example>, signature checked"] {
        walk.must_show(words).await;
    }
    walk.look("sealed-desk-rotated", false).await;
    walk.browser.write("#sealed-reply", "And which month?").await;
    walk.browser.press("[data-reply-form] [data-reply]").await;
    wait(&mut walk, ".message.ours:nth-child(3)").await;
    come_with(&mut walk, &receipt).await;
    for words in ["Thank you. Which year?", "And which month?"] {
        walk.must_show(words).await;
    }
    end(walk, &["uploads"]);
}

/// The page of a receipt with its answers, without a script.
async fn read_typed(reporter: &Browser, receipt: &str) -> Answer {
    reporter.post("/sealed/return/answers", &[("code", receipt)]).await.must(200)
}

/// The team's certificate as the program knows it.
fn stood(key: &SecretKey) -> verbs::Cert {
    let cert = key.certificate();
    let (fingerprint, armored) = (cert.fingerprint(), cert.armored().unwrap());
    verbs::Cert { fingerprint, intake: String::new(), armored, name: String::new(), purpose: "team".into(), person: None, expires_at: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_vouches_for_more_or_less_than_former_keys_signed_is_refused() {
    for house in House::both().await {
        let (team, heir) = (team(&house).await, key("Team", 61));
        verbs::set_team(&house.app, &Who::Operator, &armored(&heir)).await.unwrap();
        let draft = manifest::draft(&mut house.app.db.read().await.unwrap(), &house.app, "default", 90).await.unwrap();
        assert_eq!(draft.former.len(), 1);
        let more = manifest::Former { version: 7, ..draft.former[0].clone() };
        let other = manifest::Former { sha256: sha(b"another"), ..draft.former[0].clone() };
        for former in [vec![], vec![other], vec![draft.former[0].clone(), more]] {
            let text = manifest::Manifest { former, ..draft.clone() }.text().unwrap();
            let signed = post::openpgp::sign_cleartext(&text, &heir, "", house.app.now(), [6; 32]).unwrap();
            let said = manifest::publish(&house.app, &Who::Operator, &signed).await.unwrap_err().to_string();
            assert!(said.contains("does not vouch for exactly what former keys of the team signed"), "{said}");
        }
        // With the former key nothing is signed any more, and with the present one it is.
        assert!(manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.is_err());
        sign(&house, "default", &heir).await;
        // And back: what the heir signed is former then.
        verbs::set_team(&house.app, &Who::Operator, &armored(&team.key)).await.unwrap();
        sign(&house, "default", &team.key).await;
        let newest = manifest::newest(&mut house.app.db.read().await.unwrap(), "default").await.unwrap().unwrap().manifest;
        let vouched: Vec<_> = newest.former.iter().map(|one| (one.team.clone(), one.version)).collect();
        assert_eq!(vouched, [(heir.certificate().fingerprint(), 2)], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_by_the_bare_address_answers_in_an_intake_whose_manifest_is_younger() {
    let house = House::with(|profile| {
        let sealed = profile.sealed.as_mut().unwrap();
        let other = atalaya::profile::SealedIntake { id: "staff".into(), ..sealed.intakes[0].clone() };
        sealed.intakes.push(other);
    })
    .await;
    let team = team(&house).await;
    let new = NewReader { certificate: armored(&team.readers[0]), intake: "staff".into(), name: String::new(), person: None, recovery: false };
    verbs::add_reader(&house.app, &Who::Operator, new).await.unwrap();
    sign(&house, "staff", &team.key).await;
    sign(&house, "default", &team.key).await;
    let mut walk = crate::browser::Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    let typed = house.visitor().upload("/sealed/c?intake=staff", &[("text", "typed")], &[]).await.must(201).between("id=\"receipt\" translate=\"no\">", "<");
    come_with(&mut walk, &typed).await;
    walk.browser.write("#sealed-answer", "In 2019.").await;
    walk.browser.press("[data-step=talk] [data-reply]").await;
    wait(&mut walk, "[data-sent]").await;
    end(walk, &["uploads"]);
}
