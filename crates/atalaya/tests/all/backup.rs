//! Backup and restore as an operator lives them: while the server works, onto another machine.

use std::path::Path;
use std::process::Output;

use atalaya::access::{Role, Who};
use atalaya::people::{self, NewPerson};
use serde_json::json;
use store::Clock;

use crate::house::{Browser, PASSWORD, Server, Sink};
use crate::kill::{Program, open_at, profile, program_at, token};
use crate::verify::{tamper, verify};

async fn run(command: &str, here: &Path, data: &Path, key: &Path, folder: &Path) -> Output {
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_atalaya"));
    program.arg(command).arg("--profile").arg(here.join("atalaya.toml")).arg("--data").arg(data).arg("--key").arg(key).arg(folder);
    program.env_remove("ATALAYA_DATABASE").output().await.expect("the program runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_the_server_writes_comes_back_whole_with_the_key_and_not_without() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let sink = Sink::start().await;
    std::fs::write(here.join("atalaya.toml"), profile(&sink).replace("require_totp = true", "require_totp = false")).unwrap();
    let (data, key) = (here.join("data"), here.join("instance.key"));
    let app = open_at(here, data.clone(), Clock::System).await;
    let bearer = format!("Bearer {}", token(&app).await);
    let new = NewPerson { name: "An analyst".into(), mail: None, role: Role::Analyst, organisation: None, language: "en".into(), login: "analyst".into() };
    let person = people::add(&app, &Who::Operator, new).await.unwrap();
    people::set_password(&app, &Who::Operator, person, PASSWORD).await.unwrap();
    app.db.close().await;
    drop(app);

    let running = Program::of(program_at(here, &data, "serve"), here, None).await.unwrap();
    let address = running.place.0;
    let analyst = Browser::new(address);
    let _ = analyst.post("/login", &[("login", "analyst"), ("password", PASSWORD)]).await.must(303);
    let made = analyst.post("/cases", &[("kind", "incident"), ("title", "The case that must come back")]).await.must(303).location().unwrap();
    // A large file lies beside the database, sealed.
    let large = json!({ "kind": "data", "title": "A dump", "description": "x", "files": [{ "name": "dump.bin", "content": "QUFB".repeat(100_000) }] });
    let headers = [("authorization", bearer.as_str())];
    let _ = Browser::new(address).post_json("/api/v1/reports", &headers, &large).await.must(201);
    let watch = bearer.clone();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let writer = tokio::spawn(async move {
        let mut written = 0;
        while !*stopped.borrow() {
            let report = json!({ "kind": "outage", "title": format!("Meanwhile {written}"), "description": "x" });
            let _ = Browser::new(address).post_json("/api/v1/reports", &[("authorization", bearer.as_str())], &report).await.must(201);
            written += 1;
        }
        written
    });
    let backup = here.join("backup");
    let output = run("backup", here, &data, &key, &backup).await;
    stop.send(true).unwrap();
    let written: i32 = writer.await.unwrap();
    assert!(output.status.success() && said(&output).contains("The key file that opens them is not among them"), "{}", said(&output));
    let metrics = Browser::new(address).send("GET", "/metrics", &[("authorization", watch.as_str())], b"").await.must(200).text();
    assert!(metrics.contains("\natalaya_last_backup_timestamp_seconds 1") || metrics.contains("\natalaya_last_backup_timestamp_seconds 2"), "{metrics}");
    running.stop().await;
    assert!(written > 0, "the server wrote all the while");

    let secret = std::fs::read(&key).unwrap();
    let secret: Vec<&[u8]> = secret.split(|byte| *byte == b'\n').filter(|line| line.len() > 20).collect();
    for file in files(&backup) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(secret.iter().all(|line| !bytes.windows(line.len()).any(|part| part == *line)), "{} holds the key", file.display());
        for word in ["The case that must come back", "Meanwhile 0", "SQLite format 3"] {
            assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{} says “{word}”", file.display());
        }
    }
    let left = files(&data).into_iter().filter(|file| file.to_string_lossy().contains("atalaya-part"));
    assert_eq!(left.count(), 0, "nothing in clear is left beside the database");

    // Without the key nothing comes back, and it says what is missing.
    let there = here.join("there");
    let output = run("restore", here, &there, &here.join("lost.key"), &backup).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("The key file of the installation that was backed up is needed"), "{}", said(&output));
    // With it, into an empty folder only.
    let output = run("restore", here, &data, &key, &backup).await;
    assert!(output.status.code() == Some(2) && said(&output).contains("is not empty"), "{}", said(&output));
    let output = run("restore", here, &there, &key, &backup).await;
    assert!(output.status.success() && said(&output).contains("Restored and sound"), "{}", said(&output));
    let checked = verify(&there, &key);
    assert!(checked.status.success(), "{}", said(&checked));

    // Somebody works on with what came back.
    let running = Program::of(program_at(here, &there, "serve"), here, None).await.unwrap();
    let analyst = Browser::new(running.place.0);
    let _ = analyst.post("/login", &[("login", "analyst"), ("password", PASSWORD)]).await.must(303);
    assert!(analyst.get(&made).await.must(200).text().contains("The case that must come back"));
    running.stop().await;

    // One changed byte, in the database or in a file, and nothing is restored.
    let blob = files(&backup.join("blobs")).into_iter().max_by_key(|file| file.metadata().unwrap().len()).unwrap();
    let whole = std::fs::read(&blob).unwrap();
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    std::fs::write(&blob, &broken).unwrap();
    let elsewhere = here.join("elsewhere");
    let output = run("restore", here, &elsewhere, &key, &backup).await;
    assert!(output.status.code() == Some(1) && said(&output).contains("refused, nothing was restored: blob "), "{}", said(&output));
    assert!(files(&elsewhere).is_empty(), "nothing is left behind");
    std::fs::write(&blob, &whole).unwrap();
    let (sealed, mended) = (backup.join("atalaya.db.age"), here.join("sealed"));
    let whole = std::fs::read(&sealed).unwrap();
    for cut in [whole.len() - 20, whole.len() / 2, 10, 0] {
        std::fs::write(&sealed, &whole[..cut]).unwrap();
        let output = run("restore", here, &elsewhere, &key, &backup).await;
        assert!(output.status.code() == Some(1) && said(&output).contains("refused, nothing was restored"), "cut at {cut}: {}", said(&output));
        assert!(files(&elsewhere).is_empty(), "nothing is left behind");
    }
    std::fs::write(&sealed, &whole).unwrap();
    let other = here.join("other.key");
    vault::key::InstanceKey::create(&other).unwrap();
    let output = run("restore", here, &elsewhere, &other, &backup).await;
    assert!(output.status.code() == Some(1) && said(&output).contains("sealed for another key"), "{}", said(&output));
    // Whoever knows where to seal it to can seal another one: the journal does not verify.
    let instance = vault::key::InstanceKey::load(&key).unwrap();
    std::fs::create_dir(&mended).unwrap();
    vault::whole::open(&instance, &sealed, mended.join("atalaya.db")).unwrap();
    tamper(&mended, "update journal set who = 'nobody' where seq = 2");
    std::fs::remove_file(&sealed).unwrap();
    vault::whole::seal(&instance, mended.join("atalaya.db"), &sealed).unwrap();
    let output = run("restore", here, &elsewhere, &key, &backup).await;
    assert!(output.status.code() == Some(1) && said(&output).contains("journal entry 2"), "{}", said(&output));
    assert!(files(&elsewhere).is_empty(), "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_with_one_key_is_opened_with_no_other_and_none_is_made_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let sink = Sink::start().await;
    std::fs::write(here.join("atalaya.toml"), profile(&sink)).unwrap();
    let data = here.join("data");
    let app = open_at(here, data.clone(), Clock::System).await;
    token(&app).await;
    atalaya::journal::seal(&app).await.unwrap();
    app.db.close().await;
    drop(app);
    let list = async |key: &Path| {
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_atalaya"));
        program.args(["user", "list", "--profile"]).arg(here.join("atalaya.toml")).arg("--data").arg(&data);
        program.env("ATALAYA_KEY", key).env_remove("ATALAYA_DATABASE").output().await.expect("the program runs")
    };
    let gone = here.join("gone.key");
    let output = list(&gone).await;
    assert!(!output.status.success() && said(&output).contains("is not there") && !gone.exists(), "{}", said(&output));
    let other = here.join("other.key");
    vault::key::InstanceKey::load_or_create(&other).unwrap();
    let output = list(&other).await;
    assert!(!output.status.success() && said(&output).contains("another installation"), "{}", said(&output));
    let output = list(&here.join("instance.key")).await;
    assert!(output.status.success(), "{}", said(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_database_server_backup_says_which_tools_to_use() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    for (command, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let mut program = program_at(folder.path(), &folder.path().join("data"), command);
        let output = program.arg("--database").arg(server.database()).arg(folder.path().join("backup")).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(tool) && said(&output).contains("blobs folder"), "{}", said(&output));
    }
}
