//! Bytes are kept once, and what nothing names any more goes.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::path::{Path, PathBuf};

use store::args;

use crate::house::House;
use crate::messages::story;
use crate::verify::verify;

/// The files of large blobs.
fn files(house: &House) -> Vec<PathBuf> {
    fn gather(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() { gather(&entry.path(), into) } else { into.push(entry.path()) }
        }
    }
    let mut found = Vec::new();
    gather(&house.data().join("blobs"), &mut found);
    found
}

fn large(of: u8) -> Vec<u8> {
    vec![of; 200_000]
}

/// Dates all files of large blobs with the story's present.
fn dated_now(house: &House) {
    for file in files(house) {
        store::level(&file, house.app.now()).unwrap();
    }
}

async fn kept(house: &House, bytes: &[u8]) -> bool {
    let hash = vault::blob::Hash::of(bytes);
    house.rows::<(i64,)>("select count(*) from blobs where hash = $1", args![hash]).await[0].0 == 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_lies_in_the_database_alone_whichever_way_it_comes() {
    for house in House::both().await {
        let story = story(&house).await;
        let visitor = house.visitor();
        let (path, answer) = (format!("/cases/{}/parties/{}", story.case.number, story.norlink), &[("words", "See the file.")]);
        story
            .browser
            .upload(&format!("{path}/files"), &[("do", "save"), ("body", "")], &[("files", "draft.txt", "text/plain", b"for a draft")])
            .await
            .must(303);
        let page = crate::messages::page(&house, story.norlink).await;
        visitor.upload(&format!("{page}/reply"), answer, &[("files", "party.txt", "text/plain", b"of a party")]).await.must(303);
        visitor.upload(&format!("{page}/reply"), answer, &[("files", "large.bin", "text/plain", &large(1))]).await.must(303);
        for bytes in [&b"for a draft"[..], b"of a party"] {
            assert!(kept(&house, bytes).await, "on {}: {}", house.on, String::from_utf8_lossy(bytes));
        }
        let places: Vec<(String,)> = house.rows("select place from blobs where place = 'file'", vec![]).await;
        assert_eq!((places.len(), files(&house).len()), (1, 1), "on {}: only the large one is a file", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_takes_what_nothing_names_and_nothing_else() {
    for house in House::both().await {
        let story = story(&house).await;
        let path = format!("/cases/{}/parties/{}", story.case.number, story.norlink);
        let page = crate::messages::page(&house, story.norlink).await;
        // Named: by a message; by a draft that waits; by an envelope of which nobody was told yet.
        house.visitor().upload(&format!("{page}/reply"), &[("words", "See the file.")], &[("files", "flows.bin", "", &large(2))]).await.must(303);
        let attach = async |bytes: &[u8]| {
            story.browser.upload(&format!("{path}/files"), &[("do", "save")], &[("files", "x.bin", "", bytes)]).await.must(303);
        };
        attach(b"of a draft that goes").await;
        attach(&large(3)).await;
        story.browser.post(&format!("{path}/message"), &[("do", "drop")]).await.must(303);
        attach(b"of a draft that waits").await;
        attach(&large(4)).await;
        let write = |bytes: Vec<u8>| {
            let mut upload = house.app.blobs.upload();
            std::io::Write::write_all(&mut upload, &bytes).unwrap();
            upload.finish().unwrap()
        };
        let envelope = write(large(5));
        write(large(6));
        let add = "insert into sealed_envelopes (id, dialogue_id, place, way, hash, head, body, size, bucket, manifest_version, day, told) \
                   values ($1, $1, 1, 'in', $2, $2, $2, 1, 1, 1, '2026-11-23', 0)";
        house.app.db.keep_house(async |tx| tx.execute(add, args![tx.new_id(), envelope.hash]).await).await.unwrap();
        dated_now(&house);

        atalaya::journal::wake(&house.app).await.unwrap();
        house.later(25 * 60);
        house.run_jobs().await;
        assert_eq!(files(&house).len(), 5, "on {}: what is young may be on its way to be named", house.on);
        house.later(48 * 60);
        house.run_jobs().await;
        assert!(!kept(&house, b"of a draft that goes").await && !kept(&house, &large(3)).await, "on {}", house.on);
        assert!(kept(&house, b"of a draft that waits").await && kept(&house, &large(4)).await && kept(&house, &large(2)).await, "on {}", house.on);
        assert_eq!(files(&house).len(), 3, "on {}: {:?}", house.on, files(&house));
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "blobs.swept").count(), 1, "on {}", house.on);

        let answered = house.rows::<(store::Id, store::Id)>("select message_id, id from message_files", vec![]).await[0];
        let file = house
            .login(story.browser.person())
            .await
            .get(&format!("/cases/{}/messages/{}/files/{}", story.case.number, answered.0, answered.1))
            .await
            .must(200);
        assert_eq!(file.body, large(2));
        if !house.app.db.is_postgres() {
            let output = verify(&house.data(), &house.key());
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
