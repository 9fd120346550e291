//! The pages of keys in Chromium: ours as the public finds them, and those of the people we write with, in every state that
//! a key can have.

use atalaya::access::{Role, Who};
use atalaya::keys::directory;

use crate::browser::Walk;
use crate::house::{Gpg, House};
use crate::openpgp::{PEER, encrypted, head, keep, mail_key, peer};

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_keys_are_accessible_whatever_is_known_of_a_key() {
    let house = House::sqlite().await;
    let mut walk = Walk::begin(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    public(&mut walk, "none", "We have no OpenPGP key yet").await;
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    for (name, path, words) in [("keys-none", "/keys", "No keys yet"), ("keys-new", "/keys/new", "Add a key")] {
        walk.go(path).await;
        walk.must_show(words).await;
        walk.look(name, false).await;
    }
    walk.browser.write("#key", "no key").await;
    walk.browser.follow("main form .button.primary").await;
    walk.must_show("There is a problem").await;
    walk.look("keys-new-wrong", false).await;

    let ours = mail_key(&house).await;
    crate::sealed::team(&house).await;
    walk.browser.forget().await;
    public(&mut walk, "both", &ours.certificate().fingerprint()[..4]).await;

    // The first key that came for the address, and another one that came after it.
    let (first, other) = (peer(&ours), Gpg::of(&format!("Norlink Desk <{PEER}>")));
    for (title, gpg) in [("first", &first), ("other", &other)] {
        let key = data_encoding::BASE64.encode(&gpg.must(&["--export", PEER], b""));
        let mail = format!("{}Autocrypt: addr={PEER}; keydata={key}\r\nContent-Type: text/plain\r\n\r\nHello\r\n", head(title));
        keep(&house, PEER, mail.as_bytes()).await;
        house.run_jobs().await;
        house.later(1);
    }
    let us = house.app.profile.mail.as_ref().unwrap().from_address.clone();
    let entity = b"Content-Type: text/plain\r\n\r\nSecret words\r\n";
    let message = crate::openpgp::crlf(&first.must(&["--armor", "-u", PEER, "-r", &us, "--cipher-algo", "3DES", "--sign", "--encrypt"], entity));
    keep(&house, PEER, encrypted("A sealed page", &message).as_bytes()).await;
    house.run_jobs().await;
    directory::verify(&house.app, &Who::Operator, &first.fingerprint(PEER), PEER, "on paper").await.unwrap();
    walk.become_person(&house.login(analyst.person()).await.cookie("session").unwrap()).await;
    walk.go("/inbox/R-2026-000003").await;
    walk.must_show("weak cipher (3DES)").await;
    walk.look("report-sealed-mail", false).await;
    let (known, conflict) = (format!("/keys/{}", first.fingerprint(PEER)), format!("/keys/{}", other.fingerprint(PEER)));
    for (name, path, words) in
        [("keys-conflict", "/keys", "conflict"), ("key-known", known.as_str(), "on paper"), ("key-conflict", &conflict, "This one is not used")]
    {
        walk.go(path).await;
        walk.must_show(words).await;
        walk.look(name, false).await;
    }
    walk.browser.follow("main form .button.primary").await;
    walk.must_show("There is a problem").await;
    walk.look("key-without-note", false).await;
    walk.browser.write("#note-0", "by phone with their duty").await;
    walk.browser.follow("main form .button.primary").await;
    walk.go(&conflict).await;
    walk.must_show("by phone with their duty").await;
    walk.look("key-verified", false).await;
    for (name, path, words) in [("key-replaced", known.as_str(), "replaced"), ("keys", "/keys", "verified"), ("keys-no-fit", "/keys?q=nobody", "No key fits")] {
        walk.go(path).await;
        walk.must_show(words).await;
        walk.look(name, false).await;
    }
    walk.end();
}

/// The page for everybody, without scripts, in the two languages that all of it speaks.
async fn public(walk: &mut Walk, name: &str, words: &str) {
    let base = walk.base.clone();
    walk.browser.scripts(false).await;
    walk.go("/openpgp").await;
    walk.must_show(words).await;
    walk.look_without_scripts(&format!("openpgp-{name}")).await;
    walk.browser.set_cookie(&base, "language", "es").await;
    walk.go("/openpgp").await;
    walk.look_without_scripts(&format!("openpgp-{name}-es")).await;
    walk.browser.scripts(true).await;
    walk.browser.forget().await;
}
