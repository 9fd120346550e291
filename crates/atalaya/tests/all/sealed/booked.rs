//! To which list of readers a message counts as sealed that a program made: whoever came since is not left out in silence.
//! And who may know of an intake once its keys are somebody's.

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self as verbs, NewReader};
use atalaya::sealed::manifest;

use super::*;
use crate::house::House;

fn sealed_to(to: &[Certificate], hidden: bool, seed: u8) -> Vec<u8> {
    let mut out = Vec::new();
    seal(&b"by a program"[..], &Sealing { to, hidden, by: None, at: instant(MORNING) }, [seed; 32], &mut out).unwrap();
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_sealed_to_an_older_list_is_asked_to_be_wrapped_again_and_what_it_sealed_to_todays_is_not() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let old = certificates(&team);
        let new = key("Duty 3", 51);
        let reader = NewReader { certificate: armored(&new), intake: "default".into(), name: "Duty 3".into(), person: None, recovery: false };
        verbs::add_reader(&house.app, &Who::Operator, reader).await.unwrap();
        manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
        let today: Vec<Certificate> = old.iter().cloned().chain([new.certificate()]).collect();
        // Readers, whether the message hides them, and whether somebody is to wrap it again.
        let sent: [(&[Certificate], bool, bool); 5] =
            [(&old, false, true), (&old, true, true), (&today, true, false), (&today, false, false), (&old[1..2], false, true)];
        let mut asked = Vec::new();
        for (at, (to, hidden, old)) in sent.into_iter().enumerate() {
            let bytes = sealed_to(to, hidden, u8::try_from(at).unwrap());
            let arrived = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &bytes)]).await.must(201);
            let number = format!("S-2026-{:06}", at + 1);
            assert!(arrived.shows(&number));
            asked.extend(old.then(|| format!("/dialogues/{number}/envelopes/1/head")));
        }
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        let listed = async || -> Vec<String> {
            let heads = analyst.get("/dialogues/heads").await.must(200).json()["heads"].as_array().unwrap().clone();
            heads.iter().map(|head| head["post"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(listed().await, asked, "on {}", house.on);
        assert!(analyst.get("/dialogues/readers").await.must(200).shows("3 messages are sealed to an older list of readers"));
        assert!(analyst.get("/dialogues/S-2026-000002").await.must(200).shows("manifest 1"));
        assert!(analyst.get("/dialogues/S-2026-000003").await.must(200).shows("manifest 2"));
        assert!(analyst.get("/dialogues/S-2026-000005").await.must(200).shows("none of our lists"));

        // Answers by gpg go to their reporter, too: one more, hidden.
        let reporter = key("Nobody", 52).certificate();
        for (seed, readers, old) in [(20, &old, true), (21, &today, false)] {
            let to: Vec<Certificate> = readers.iter().cloned().chain([reporter.clone()]).collect();
            let bytes = sealed_to(&to, true, seed);
            let files = [("envelope", "a.pgp", "application/octet-stream", bytes.as_slice())];
            let _ = analyst.upload("/dialogues/S-2026-000004/reply", &[("label", "amber")], &files).await.must(303);
            let place = if seed == 20 { 2 } else { 3 };
            assert_eq!(listed().await.contains(&format!("/dialogues/S-2026-000004/envelopes/{place}/head")), old, "on {}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_reader_with_a_log_in_stays_until_another_is_named_and_the_whole_team_learns_nothing() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (_, number) = report_a(&reporter, &envelope(&team, b"need to know", 30), 30).await;
        rounds(&house).await;
        let (holder, second) = (house.person(Role::Analyst, None).await, house.person(Role::Analyst, None).await);
        let name = async |at: usize, person| {
            let new =
                NewReader { certificate: armored(&team.readers[at]), intake: "default".into(), name: format!("Duty {}", at + 1), person, recovery: false };
            verbs::add_reader(&house.app, &Who::Operator, new).await
        };
        let remove = async |at: usize| {
            let print = team.readers[at].certificate().fingerprint();
            verbs::remove_reader(&house.app, &Who::Operator, "default", &print).await
        };
        let knows = async |person| house.login(person).await.get(&format!("/dialogues/{number}")).await.status == 200;
        name(0, Some(holder)).await.unwrap();
        assert_eq!((knows(holder).await, knows(second).await), (true, false));
        // Neither by taking the key out, nor by entering it again for nobody.
        for refused in [remove(0).await, name(0, None).await] {
            let said = refused.unwrap_err().to_string();
            assert!(said.contains("Duty 1 is the last reader of “default” with a log-in") && said.contains("Add another first"), "{said}");
        }
        assert_eq!((knows(holder).await, knows(second).await), (true, false), "on {}: it is everybody's", house.on);
        name(1, Some(second)).await.unwrap();
        remove(0).await.unwrap();
        assert_eq!((knows(holder).await, knows(second).await), (false, true), "on {}", house.on);
        // Who is nobody's goes as before.
        remove(2).await.unwrap();
    }
}
