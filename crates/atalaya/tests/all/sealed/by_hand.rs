//! Grade B as the page teaches it: its own commands, in a shell, with gpg. The console opens what comes of
//! them, and answers to the key that lay among the files.

use atalaya::access::Role;
use serde_json::json;

use super::browser::{choose_file, come_with, on_the_day, step, wait};
use super::desk::{Begun, NUMBER, begun, end};
use super::*;
use crate::browser::Walk;
use crate::house::House;

/// gpg on the day of the story, and the commands of a page.
fn shell(home: &Path, folder: &Path, commands: &str) -> std::process::Output {
    let gpg = format!("gpg() {{ command gpg --homedir {} --batch --yes --faked-system-time 20261123T080000! \"$@\"; }}", home.display());
    Command::new("sh").args(["-c", &format!("{gpg}\n{commands}")]).current_dir(folder).output().unwrap()
}

/// The n-th block of commands on a page.
fn commands(page: &str, at: usize) -> String {
    let block = page.split("<pre class=\"raw\">").nth(at).unwrap().split("</pre>").next().unwrap();
    [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&lt;", "<"), ("&#62;", ">"), ("&gt;", ">"), ("&#38;", "&"), ("&amp;", "&")]
        .into_iter()
        .fold(block.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_s_commands_make_opens_in_the_console_and_is_answered_to_the_key_inside() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let page = reporter.get("/sealed/b").await.must(200).text();
    let (folder, home) = (tempfile::tempdir().unwrap(), Gpg::new());
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    put("default.asc", &reporter.get("/sealed/readers/default.asc").await.must(200).body);
    put("team.asc", &reporter.get("/sealed/team.asc").await.must(200).body);
    let list = reporter.get("/sealed/manifest/default.json.asc").await.must(200).text();
    // A list that somebody changed: nothing is left that could be encrypted to.
    put("default.json.asc", list.replace("Duty 1", "Duty 9").as_bytes());
    assert!(!shell(home.path(), folder.path(), &commands(&page, 1)).status.success() || !folder.path().join("readers").exists());
    assert!(!folder.path().join("readers").exists());
    put("default.json.asc", list.as_bytes());
    let verified = shell(home.path(), folder.path(), &commands(&page, 1));
    assert!(String::from_utf8_lossy(&verified.stderr).contains("Good signature"), "{verified:?}");
    let mine = key("Nobody", 170);
    put("report.txt", b"They take bribes. 192.0.2.7\n");
    std::fs::create_dir(folder.path().join("files")).unwrap();
    put("files/proof.txt", b"in cash\n");
    put("files/my-key.asc", &armored(&mine));
    let made = shell(home.path(), folder.path(), &commands(&page, 2));
    assert!(made.status.success(), "{made:?}");
    let sealed = std::fs::read(folder.path().join("report.pgp")).unwrap();
    for reader in &team.readers {
        let tar = post::openpgp::open(&sealed, &[(reader, "")], &[], house.app.now(), 1 << 20).unwrap().content;
        let listed = String::from_utf8(piped(Command::new("tar").args(["--numeric-owner", "-tv"]), &tar)).unwrap();
        assert!(listed.contains("files/proof.txt") && listed.lines().all(|line| line.contains(" 0/0 ") && line.contains("1970-01-01")), "{listed}");
    }
    let answer = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &sealed)]).await.must(201);
    assert!(answer.shows("a key of your own among your files"));
    let receipt = answer.between("id=\"receipt\" translate=\"no\">", "<");
    rounds(&house).await;

    let analyst = house.login_as(Role::Analyst).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    walk.go("/dialogues/S-2026-000001").await;
    step(&mut walk, "unlock").await;
    let own = folder.path().join("own.asc");
    std::fs::write(&own, team.readers[0].armored().unwrap()).unwrap();
    choose_file(&mut walk, "[data-own-key]", &own).await;
    walk.browser.press("[data-unlock]").await;
    step(&mut walk, "talk").await;
    for words in ["They take bribes. 192.0.2.7", "proof.txt", "my-key.asc", "B: encrypted by the reporter"] {
        walk.must_show(words).await;
    }
    assert!(!walk.browser.words().await.contains("left out"), "a folder is no fault");
    walk.look("sealed-desk-by-hand", false).await;
    walk.browser.write("#sealed-reply", "Thank you. Which year?").await;
    walk.browser.press("[data-reply-form] [data-reply]").await;
    wait(&mut walk, ".message.ours").await;
    // What stands above it follows by itself, with the key still in the page.
    wait(&mut walk, "#sealed-head .clock.kept").await;
    walk.browser.complaints.retain(|line| !line.ends_with("/sealed/v1/uploads\""));
    walk.end();
    // The reporter saves the answer with the receipt and opens it with gpg, which says who signed it.
    let saved = reporter.post("/sealed/return/envelope", &[("code", &receipt), ("place", "2")]).await.must(200).body;
    home.run(&["--import"], mine.armored().unwrap().as_bytes());
    assert_eq!(read(&unpack(&home.open(&saved)), "report.txt"), b"Thank you. Which year?\n");
}

/// The commands of a guide that hold these words.
fn block(guide: &str, words: &str) -> String {
    guide.split("```\n").find(|block| block.contains(words)).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_opens_and_answers_with_gpg_as_the_guide_says_and_the_reporter_reads_it() {
    let Begun { house, team, mut walk, receipt, analyst, first } = begun().await;
    let guide = include_str!("../../../../../docs/sealed.md").replace("duty1@", "duty-1@");
    let (folder, home) = (tempfile::tempdir().unwrap(), Gpg::new());
    home.run(&["--import"], team.readers[0].armored().unwrap().as_bytes());
    for reader in &team.readers[1..] {
        home.run(&["--import"], &armored(reader));
    }
    // Every reader is named, as the guide says.
    let guide = guide.replace("-R recovery@csirt.example", "-R duty-2@csirt.example -R recovery@csirt.example");
    std::fs::write(folder.path().join(format!("{NUMBER}-1.pgp")), &first).unwrap();
    shell(home.path(), folder.path(), &block(&guide, "| tar x"));
    assert!(std::fs::read_to_string(folder.path().join("report.txt")).unwrap().contains("The director takes bribes."));
    std::fs::create_dir(folder.path().join("answer")).unwrap();
    std::fs::write(folder.path().join("answer/report.txt"), "Thank you. Which year?\n").unwrap();
    // The newest message, as the console names it.
    let after = async |newest: &str| {
        shell(home.path(), folder.path(), &block(&guide, "NEWEST").replace("NEWEST", newest));
        let made = shell(home.path(), folder.path(), &block(&guide, "reply_certificate"));
        assert!(made.status.success(), "{made:?}");
        let sealed = std::fs::read(folder.path().join("answer.pgp")).unwrap();
        let files = [("envelope", "answer.pgp", "application/octet-stream", sealed.as_slice())];
        let _ = analyst.upload(&format!("/dialogues/{NUMBER}/reply"), &[("label", "amber")], &files).await.must(303);
    };
    assert!(analyst.get(&format!("/dialogues/{NUMBER}")).await.must(200).shows(&sha(&first)));
    after(&sha(&first)).await;
    on_the_day(&mut walk, &house).await;
    come_with(&mut walk, &receipt).await;
    for words in ["Thank you. Which year?", "Duty 1", "signature checked"] {
        walk.must_show(words).await;
    }
    assert_eq!(walk.browser.evaluate("document.querySelector('[data-chain]').hidden").await, json!(true), "the answer follows on the report");
    // One that follows on something else shows, so that what is named counts.
    after(&sha(b"another")).await;
    come_with(&mut walk, &receipt).await;
    assert_eq!(walk.browser.evaluate("document.querySelector('[data-chain]').hidden").await, json!(false), "the guide's gpg names what is before it");
    end(walk, &["uploads"]);
}
