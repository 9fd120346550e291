//! Keys, manifests, and the page that the team signs.

use std::process::Command;

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self, NewReader};
use atalaya::sealed::{manifest, offline, sums};
use post::openpgp::{open, open_session_key, reseal_head};
use serde_json::json;

use super::*;
use crate::house::{House, instant};

#[tokio::test(flavor = "multi_thread")]
async fn an_old_or_forged_manifest_is_refused_and_heads_are_wrapped_anew_for_new_readers() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let bytes = envelope(&team, b"for all of you", 40);
    let (_, number) = report_a(&reporter, &bytes, 40).await;
    rounds(&house).await;
    let forger = key("Team", 50);
    assert!(manifest::sign(&house.app, &Who::Operator, "default", 90, &forger, "").await.is_err());
    let draft = manifest::draft(&mut house.app.db.read().await.unwrap(), &house.app, "default", 90).await.unwrap();
    let forged = post::openpgp::sign_cleartext(&draft.text().unwrap(), &forger, "", house.app.now(), [1; 32]).unwrap();
    assert!(manifest::publish(&house.app, &Who::Operator, &forged).await.is_err());
    let shown = reporter.get("/sealed/manifest/default.json.asc").await.must(200).text();
    assert!(manifest::publish(&house.app, &Who::Operator, &shown.replace("Duty 1", "Duty 7")).await.is_err());

    let new = key("Duty 3", 51);
    let reader = NewReader { certificate: armored(&new), intake: "default".into(), name: String::new(), person: None, recovery: false };
    keys::add_reader(&house.app, &Who::Operator, reader).await.unwrap();
    keys::remove_reader(&house.app, &Who::Operator, "default", &team.readers[0].certificate().fingerprint()).await.unwrap();
    let second = manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap().manifest;
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    let id = begin(&reporter).await;
    let late = envelope(&team, b"too old", 41);
    let _ = put(&reporter, &id, 0, &late).await.must(204);
    let first = json!({ "grade": "A", "lookup": sha(&[41; 32]), "wrapped_key": "00", "manifest_version": 1 });
    let _ = commit(&reporter, &id, &late, first).await.must(409);

    let analyst = house.login_as(Role::Analyst).await;
    let heads = analyst.get(&format!("/dialogues/{number}/heads")).await.must(200).json();
    let (from, to) = (heads["heads"][0]["heads"][1].as_str().unwrap(), heads["heads"][0]["post"].as_str().unwrap());
    let mut probe = analyst.get(from).await.must(200).body;
    probe.extend([0xD2, 1, 1]);
    let session = open_session_key(&probe, &team.readers[1], "").unwrap();
    let head = reseal_head(&session, &second.certificates().unwrap(), true, house.app.now(), [5; 32]).unwrap();
    let _ = analyst.post_json(to, &OURS, &json!({ "head": hex(&head[..head.len() - 1]), "manifest_version": 3 })).await.must(422);
    let stale = json!({ "head": hex(&head), "manifest_version": 2 });
    let _ = analyst.post_json(to, &OURS, &stale).await.must(409);
    let _ = analyst.post_json(to, &OURS, &json!({ "head": hex(&head), "manifest_version": 3 })).await.must(200);
    let out = analyst.post(&format!("/dialogues/{number}/envelopes/1"), &[]).await.must(200).body;
    assert_eq!(open(&out, &[(&new, "")], &[], house.app.now(), 1 << 20).unwrap().content, b"for all of you");
    assert!(open(&out, &[(&team.readers[0], "")], &[], house.app.now(), 1 << 20).is_err());
    assert_eq!(analyst.get(&format!("/dialogues/{number}/heads")).await.must(200).json()["heads"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_makes_keys_that_gpg_reads_and_says_what_ends_soon() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let atalaya = |arguments: &[&str]| {
        let data = file("data");
        Command::new(env!("CARGO_BIN_EXE_atalaya"))
            .arg("keys")
            .args(["--data", &data, "--profile", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/profile.toml")])
            .args(arguments)
            .output()
            .unwrap()
    };
    std::fs::write(file("phrase"), "correct horse\n").unwrap();
    for name in ["team", "duty"] {
        let (secret, public, mail) = (file(name), file(&format!("{name}.asc")), format!("{name}@csirt.example"));
        let made = atalaya(&[
            "new",
            "--name",
            name,
            "--mail",
            &mail,
            "--days",
            "365",
            "--passphrase-file",
            &file("phrase"),
            "--out",
            &secret,
            "--certificate",
            &public,
        ]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(atalaya(&["check"]).status.code(), Some(1));
    assert!(atalaya(&["team", "--import", &file("team.asc")]).status.success());
    assert!(atalaya(&["reader", "add", "--certificate", &file("duty.asc"), "--name", "Duty 1"]).status.success());
    let signed = atalaya(&["manifest", "sign", "--key", &file("team"), "--passphrase-file", &file("phrase"), "--days", "91"]);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    let checked = atalaya(&["check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let home = tempfile::tempdir().unwrap();
    let gpg = |arguments: &[&str], input: &[u8]| {
        piped(
            Command::new("gpg")
                .arg("--homedir")
                .arg(home.path())
                .args(["--batch", "--pinentry-mode", "loopback", "--passphrase", "correct horse"])
                .args(arguments),
            input,
        )
    };
    gpg(&["--import", &file("team")], b"");
    let said = gpg(&["--verify", "--status-fd", "1"], &signed.stdout);
    assert!(String::from_utf8_lossy(&said).contains("GOODSIG"));
    let mut short = vec!["new", "--name", "short", "--mail", "s@csirt.example", "--days", "60", "--certificate"];
    let (secret, public) = (file("short"), file("short.asc"));
    short.extend([public.as_str(), "--out", &secret]);
    // A key that nothing locks is made for who says so, and for nobody by oversight.
    let refused = atalaya(&short);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("--passphrase-file") && said.contains("--unlocked"), "{said}");
    assert!(!Path::new(&secret).exists() && !Path::new(&public).exists());
    short.push("--unlocked");
    assert!(atalaya(&short).status.success());
    assert!(atalaya(&["reader", "add", "--certificate", &file("short.asc"), "--name", "Duty 2"]).status.success());
    let checked = atalaya(&["check"]);
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.code() == Some(1) && said.contains("The manifest 1 of default names others than read now"), "{said}");
    assert!(said.contains("The certificate of Duty 2 (reads default) ends on ") && said.contains("(59 days)"), "{said}");
    assert!(atalaya(&["manifest", "sign", "--key", &file("team"), "--passphrase-file", &file("phrase"), "--days", "20"]).status.success());
    assert_eq!(atalaya(&["check"]).status.code(), Some(1), "what ends within 30 days is pressing");
    let _ = Command::new("gpgconf").arg("--homedir").arg(home.path()).args(["--kill", "all"]).status();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_working_offline_is_offered_as_the_team_signed_it_and_in_no_other_form() {
    for house in House::both().await {
        let (team, gpg, reporter) = (team(&house).await, Gpg::new(), house.visitor());
        let who = Who::Operator;
        let _ = reporter.get("/sealed/offline/default.en.html").await.must(404);
        assert!(!reporter.get("/sealed").await.must(200).text().contains("/sealed/offline/"));
        let draft = offline::draft(&mut house.app.db.read().await.unwrap(), &house.app, "default", "en").await.unwrap();
        let sign = |page: &str, by| post::openpgp::sign_detached(page.as_bytes(), by, "", house.app.now(), [3; 32]).unwrap();
        let forged = draft.replace("sealed", "stolen");
        let forger = key("Team", 50);
        for (page, by) in [(&forged, &team.key), (&draft, &team.readers[0]), (&draft, &forger)] {
            assert!(offline::publish(&house.app, &who, "default", "en", page.as_bytes(), sign(page, by).as_bytes()).await.is_err());
        }
        offline::publish(&house.app, &who, "default", "en", draft.as_bytes(), sign(&draft, &team.key).as_bytes()).await.unwrap();
        let start = reporter.get("/sealed").await.must(200).text();
        assert!(start.contains("/sealed/offline/default.en.html.asc") && start.contains(&sha(draft.as_bytes())));
        let page = reporter.get("/sealed/offline/default.en.html").await.must(200);
        assert!(page.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
        assert!(page.body == draft.as_bytes());
        gpg.run(&["--import"], reporter.get("/sealed/team.asc").await.must(200).text().as_bytes());
        let folder = tempfile::tempdir().unwrap();
        let (html, asc) = (folder.path().join("page.html"), folder.path().join("page.html.asc"));
        std::fs::write(&html, &page.body).unwrap();
        std::fs::write(&asc, reporter.get("/sealed/offline/default.en.html.asc").await.must(200).body).unwrap();
        let said = gpg.run(&["--status-fd", "1", "--verify", asc.to_str().unwrap(), html.to_str().unwrap()], b"");
        assert!(String::from_utf8_lossy(&said).contains("GOODSIG"));
        let _ = reporter.get("/sealed/offline/default.es.html").await.must(404);
        // Its manifest ends, and with it the page.
        house.later(91 * 24 * 60);
        let _ = reporter.get("/sealed/offline/default.en.html").await.must(404);
    }
}

/// The commands of `docs/sealed.md`, with gpg alone.
#[tokio::test(flavor = "multi_thread")]
async fn keys_and_a_manifest_made_with_gpg_as_the_guide_says_serve_the_form() {
    let house = House::sqlite().await;
    let gpg = crate::house::Gpg::empty();
    gpg.must(&["--quick-generate-key", "Example CSIRT <csirt@csirt.example>", "ed25519", "cert,sign", "2y"], b"");
    gpg.make("Duty 1 <duty1@csirt.example>", "1y");
    gpg.must(&["--quick-generate-key", "Duty 2 <duty2@csirt.example>", "rsa3072", "cert,sign", "1y"], b"");
    gpg.must(&["--quick-add-key", &gpg.fingerprint("duty2"), "rsa3072", "encr", "1y"], b"");
    keys::set_team(&house.app, &Who::Operator, &gpg.export("csirt@csirt.example")).await.unwrap();
    for duty in ["duty1", "duty2"] {
        let new = NewReader { certificate: gpg.export(duty), intake: "default".into(), name: String::new(), person: None, recovery: false };
        keys::add_reader(&house.app, &Who::Operator, new).await.unwrap();
    }
    let draft = manifest::draft(&mut house.app.db.read().await.unwrap(), &house.app, "default", 90).await.unwrap().text().unwrap();
    let signed = String::from_utf8(gpg.must(&["--clearsign", "--local-user", "csirt@csirt.example"], draft.as_bytes())).unwrap();
    manifest::publish(&house.app, &Who::Operator, &signed).await.unwrap();
    let list = sums::draft(&house.app).await.unwrap();
    let signed = String::from_utf8(gpg.must(&["--clearsign", "--local-user", "csirt@csirt.example"], list.as_bytes())).unwrap();
    sums::publish(&house.app, &Who::Operator, &signed).await.unwrap();
    let page = offline::draft(&mut house.app.db.read().await.unwrap(), &house.app, "default", "en").await.unwrap();
    let beside = gpg.must(&["--armor", "--local-user", "csirt@csirt.example", "--detach-sign"], page.as_bytes());
    offline::publish(&house.app, &Who::Operator, "default", "en", page.as_bytes(), &beside).await.unwrap();

    let mut walk = crate::browser::Walk::begin(&house).await;
    super::browser::on_the_day(&mut walk, &house).await;
    super::browser::report(&mut walk).await;
    rounds(&house).await;
    let sealed = house.login_as(Role::Analyst).await.post("/dialogues/S-2026-000001/envelopes/1", &[]).await.must(200).body;
    for duty in ["duty1", "duty2"] {
        let own = crate::house::Gpg::empty();
        own.must(&["--import"], &gpg.must(&["--armor", "--export-secret-keys", duty], b""));
        let (_, opened, said) = own.run(&["--decrypt"], &sealed);
        assert!(said.contains("DECRYPTION_OKAY") && said.contains("GOODMDC"), "{duty}: {said}");
        assert_eq!(read(&unpack(&opened), "files/001"), vec![b'x'; 1_500_000]);
    }
    walk.browser.complaints.retain(|line| !line.ends_with("/sealed/v1/uploads\""));
    walk.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_check_sums_is_what_the_site_serves_and_only_the_team_signs_it() {
    for house in House::both().await {
        let (team, visitor, who) = (team(&house).await, house.visitor(), Who::Operator);
        assert_eq!(visitor.get("/sealed/sums.asc").await.status, 404);
        let draft = sums::draft(&house.app).await.unwrap();
        for line in draft.lines() {
            let (sum, path) = line.split_once("  ").unwrap();
            assert_eq!(sha(&visitor.get(path).await.must(200).body), sum, "{path} is another one below the team's site");
        }
        let style = concat!("/assets/atalaya.css?", env!("CARGO_PKG_VERSION"));
        for path in [
            "/sealed",
            "/sealed?lang=es",
            "/sealed?intake=default&lang=es",
            "/sealed/return?intake=default",
            "/sealed/promise?intake=default&lang=es",
            "/sealed/return",
            "/sealed/b?lang=en",
            "/sealed/c?intake=default&lang=es",
            "/sealed/promise?lang=es",
            "/sealed/assets/form.js",
            style,
            "/sealed/team.asc",
        ] {
            assert!(draft.lines().any(|line| line.ends_with(&format!("  {path}"))), "{path} is not in\n{draft}");
        }
        let forger = key("Team", 50);
        let signed = |text: &str, key| post::openpgp::sign_cleartext(text.trim_end(), key, "", house.app.now(), [4; 32]).unwrap();
        let changed = draft.replacen(&draft[..8], "00000000", 1);
        let short = draft.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
        let refused = [
            (signed(&draft, &forger), "signature"),
            (signed(&draft, &team.readers[0]), "signature"),
            (signed(&changed, &team.key), "draft it again"),
            (signed(&short, &team.key), "draft it again"),
            (draft.clone(), ""),
        ];
        for (text, why) in refused {
            let said = sums::publish(&house.app, &who, &text).await.unwrap_err().to_string();
            assert!(said.contains(why) && !said.contains('\n'), "{said}");
        }
        assert_eq!(visitor.get("/sealed/sums.asc").await.status, 404);
        sums::publish(&house.app, &who, &signed(&draft, &team.key)).await.unwrap();
        assert_eq!(sums::outdated(&house.app).await.unwrap(), None);
        let gpg = Gpg::new();
        gpg.run(&["--import"], &visitor.get("/sealed/team.asc").await.must(200).body);
        assert_eq!(String::from_utf8(gpg.run(&["--decrypt"], &visitor.get("/sealed/sums.asc").await.must(200).body)).unwrap().trim_end(), draft.trim_end());
        assert!(visitor.get("/sealed/promise?lang=es").await.must(200).text().contains("/sealed/sums.asc"));
        manifest::sign(&house.app, &who, "default", 90, &team.key, "").await.unwrap();
        assert_eq!(sums::outdated(&house.app).await.unwrap().as_deref(), Some("/sealed"), "the page names the newest manifest");
        let lead = house.login_as(Role::Lead).await;
        assert!(lead.get("/dialogues/readers").await.must(200).shows("is not what the signed list of check sums says"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_warned_of_ninety_and_thirty_days_before_its_end_and_a_manifest_thirty() {
    let house = House::sqlite().await;
    let team = team(&house).await;
    let lead = house.person(Role::Lead, None).await;
    // The keys end a year after the first of November, the manifest after 90 days.
    for (at, days, pressing, words) in [
        ("2027-08-02T23:00:00Z", None, false, ""),
        ("2027-08-03T01:00:00Z", Some(89), false, "The certificate of Duty 1 <duty-1@csirt.example> (reads default) ends on 1 November 2027, in 89 days."),
        ("2027-10-01T01:00:00Z", Some(30), true, "ends on 1 November 2027, in 30 days."),
        ("2027-10-31T23:59:00Z", Some(0), true, "ends on 1 November 2027, in 0 days."),
        ("2027-11-01T00:00:01Z", Some(-1), true, "ended on 1 November 2027: nothing can be sealed to it."),
    ] {
        house.set_clock(at);
        if days != Some(-1) {
            manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
        }
        let (endings, missing) = keys::endings(&mut house.app.db.read().await.unwrap(), &house.app).await.unwrap();
        let of_keys: Vec<_> = endings.iter().filter(|ending| ending.what.contains("certificate")).collect();
        assert_eq!((of_keys.len(), missing.len()), (if days.is_some() { 4 } else { 0 }, 0), "{at}: {endings:?} {missing:?}");
        assert!(of_keys.iter().all(|ending| Some(ending.days) == days && ending.is_pressing() == pressing), "{at}: {of_keys:?}");
        assert!(days == Some(-1) || !endings.iter().any(|ending| ending.what.contains("manifest")), "a fresh manifest is nothing to warn of: {endings:?}");
        let console = house.login(lead).await;
        for path in ["/dialogues", "/dialogues/readers"] {
            let page = console.get(path).await.must(200);
            assert_eq!(page.words().contains("certificate of Duty 1"), days.is_some(), "{at}: {}", page.words());
            assert!(page.words().contains(words), "{at}: {}", page.words());
        }
    }
    let (endings, _) = keys::endings(&mut house.app.db.read().await.unwrap(), &house.app).await.unwrap();
    assert!(endings.iter().all(|ending| !ending.what.contains("manifest")));
    house.set_clock("2028-01-02T09:00:00Z");
    let (endings, _) = keys::endings(&mut house.app.db.read().await.unwrap(), &house.app).await.unwrap();
    assert!(endings.iter().any(|ending| ending.what == "The manifest 5 of default" && ending.is_pressing()), "{endings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_ended_or_are_none_are_refused_with_one_line() {
    let house = House::sqlite().await;
    let old = key_of("Old", 7, instant("2024-01-01T00:00:00Z"));
    let add = async |bytes: Vec<u8>| {
        let new = NewReader { certificate: bytes, intake: "default".into(), name: String::new(), person: None, recovery: false };
        keys::add_reader(&house.app, &Who::Operator, new).await.unwrap_err().to_string()
    };
    let said = add(armored(&old)).await;
    assert!(said.contains("expired on 31 December 2024"), "{said}");
    let secret = add(old.armored().unwrap().as_bytes().to_vec()).await;
    assert!(secret.contains("secret key"), "{secret}");
    // What browsers make when nobody tells them otherwise, and version 6: gpg 2.2 reads neither.
    for version in [pgp::types::KeyVersion::V4, pgp::types::KeyVersion::V6] {
        let said = add(new_kind(version)).await;
        assert!(said.contains("of a kind that gpg 2.2 cannot use") && !said.contains('\n'), "{said}");
    }
    // One that gpg 2.2 encrypts to, and whose signatures it cannot check: it would sign the manifest.
    let said = keys::set_team(&house.app, &Who::Operator, &signs_anew()).await.unwrap_err().to_string();
    assert!(said.contains("of a kind that gpg 2.2 cannot use") && !said.contains('\n'), "{said}");
    for bytes in [b"no key".to_vec(), vec![0x99; 2 << 20], [armored(&old), armored(&key("Other", 8))].concat(), armored(&old)[..200].to_vec()] {
        let said = add(bytes).await;
        assert!(!said.is_empty() && !said.contains('\n'), "{said}");
    }
}

/// A key in the older encoding but for a subkey that signs.
fn signs_anew() -> Vec<u8> {
    use pgp::composed::{ArmorOptions, EncryptionCaps, KeyType, SecretKeyParamsBuilder, SubkeyParamsBuilder};
    let at = pgp::types::Timestamp::from_secs(1_780_000_000);
    let encrypts = KeyType::ECDH(pgp::crypto::ecc_curve::ECCCurve::Curve25519Legacy);
    let encrypts = SubkeyParamsBuilder::default().key_type(encrypts).can_encrypt(EncryptionCaps::All).created_at(at).build().unwrap();
    let signs = SubkeyParamsBuilder::default().key_type(KeyType::Ed25519).can_sign(true).created_at(at).build().unwrap();
    let params = SecretKeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_certify(true)
        .can_sign(true)
        .created_at(at)
        .primary_user_id("Team <team@csirt.example>".into())
        .subkeys(vec![encrypts, signs])
        .build()
        .unwrap();
    let key = params.generate(<rand::rngs::StdRng as rand::SeedableRng>::from_seed([9; 32])).unwrap();
    key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap().into_bytes()
}

/// A key with the curves of RFC 9580 in their new form.
fn new_kind(version: pgp::types::KeyVersion) -> Vec<u8> {
    use pgp::composed::{ArmorOptions, EncryptionCaps, KeyType, SecretKeyParamsBuilder, SubkeyParamsBuilder};
    let at = pgp::types::Timestamp::from_secs(1_780_000_000);
    let subkey = SubkeyParamsBuilder::default().version(version).key_type(KeyType::X25519).can_encrypt(EncryptionCaps::All).created_at(at).build().unwrap();
    let params = SecretKeyParamsBuilder::default()
        .version(version)
        .key_type(KeyType::Ed25519)
        .can_certify(true)
        .can_sign(true)
        .created_at(at)
        .primary_user_id("New <new@csirt.example>".into())
        .subkeys(vec![subkey])
        .build()
        .unwrap();
    let key = params.generate(<rand::rngs::StdRng as rand::SeedableRng>::from_seed([8; 32])).unwrap();
    key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap().into_bytes()
}
