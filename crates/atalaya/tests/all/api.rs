//! The programming interface: tokens, idempotency, faults told field by field.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Error, Id, Record, args};

use crate::house::House;

async fn token(house: &House, secret: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    house
        .app
        .db
        .change("operator", async |tx| {
            let (id, now) = (tx.new_id(), tx.now());
            tx.execute("insert into tokens (id, hash, name, scope, created_at) values ($1, $2, 'a sensor', 'reports', $3)", args![id, hash, now]).await?;
            tx.record(Record::new("token.added", "token", id));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    format!("Bearer {secret}")
}

fn report() -> Value {
    json!({
        "kind": "weakness", "title": "An open printer", "description": "198.51.100.7 answers on port 9100", "language": "es", "label": "TLP:GREEN",
        "reporter": { "name": "Sensor desk", "mail": "desk@sensor.example" },
        "files": [{ "name": "../scan.txt", "media_type": "text/plain", "content": "b3Blbg==" }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_hands_in_a_report_once_and_asks_how_it_stands() {
    for house in House::both().await {
        let bearer = token(&house, "atalaya_one").await;
        let other = token(&house, "atalaya_two").await;
        let program = house.visitor();
        let with = |key: &'static str| vec![("authorization", bearer.clone()), ("idempotency-key", key.to_owned())];
        let post = async |headers: Vec<(&str, String)>, json: Value| {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            program.post_json("/api/v1/reports", &headers, &json).await
        };
        let made = post(with("k1"), report()).await.must(201).json();
        assert_eq!(made["number"], "R-2026-000001");
        assert_eq!(made["secret"].as_str().unwrap().len(), 26);
        assert!(made["status_url"].as_str().unwrap().ends_with(made["secret"].as_str().unwrap()));
        let again = post(with("k1"), report()).await.must(200).json();
        assert_eq!((&again["number"], again.get("secret")), (&made["number"], None));
        let mut changed = report();
        changed["title"] = json!("Something else");
        let _ = post(with("k1"), changed).await.must(409);
        // The same key of another program is another key.
        let second = post(vec![("authorization", other.clone()), ("idempotency-key", "k1".into())], report()).await.must(201).json();
        assert_eq!(second["number"], "R-2026-000002");

        program.set_header("authorization", &bearer);
        assert_eq!(program.get("/api/v1/reports/R-2026-000001").await.must(200).json()["status"], "received");
        let _ = program.get("/api/v1/reports/R-2026-000002").await.must(404);
        let _ = program.get("/api/v1/reports/R-2026-000009").await.must(404);

        let rows: Vec<(Vec<u8>, String, String, String)> =
            house.rows("select raw, raw_type, label, language from reports where number = 'R-2026-000001'", vec![]).await;
        let mut reader = house.app.db.read().await.unwrap();
        let raw = house.app.blobs.get(&mut reader, vault::blob::Hash::from_bytes(rows[0].0.clone().try_into().unwrap())).await.unwrap();
        assert_eq!(raw, report().to_string().into_bytes());
        assert_eq!((rows[0].1.as_str(), rows[0].2.as_str(), rows[0].3.as_str()), ("application/json", "GREEN", "es"));
        let files: Vec<(Id, String, i64)> = reader.rows("select id, name, size from report_files order by id", vec![]).await.unwrap();
        assert!(files.len() == 2 && files.iter().all(|(_, name, size)| !name.contains('/') && *size == 4), "{files:?}");
        drop(reader);
        house.run_jobs().await;
        assert_eq!(house.sink.to("desk@sensor.example").len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_told_at_once_and_nothing_is_kept() {
    let house = House::sqlite().await;
    let bearer = token(&house, "atalaya_one").await;
    let program = house.visitor();
    let headers = [("authorization", bearer.as_str())];
    let bad = json!({
        "kind": "murder", "titel": "typo", "description": 7, "urgent": "yes", "label": "TLP:PINK",
        "reporter": { "mail": "nobody", "fax": "1" }, "files": [{ "name": "a", "content": "%%%" }, 5],
    });
    let answer = program.post_json("/api/v1/reports", &headers, &bad).await.must(422).json();
    for field in ["kind", "title", "titel", "description", "urgent", "label", "reporter.mail", "reporter.fax", "files[0].content", "files[1]"] {
        assert!(answer["fields"][field].is_string(), "{field} in {answer}");
    }
    for body in ["", "[]", "{", "{\"kind\":\"other\"}", "\u{0}"] {
        let _ = program.send("POST", "/api/v1/reports", &[("authorization", &bearer), ("content-type", "application/json")], body.as_bytes()).await.must(422);
    }
    let _ = program.post_json("/api/v1/reports", &[("authorization", bearer.as_str()), ("idempotency-key", " ")], &report()).await.must(422);
    assert_eq!(house.rows::<(i64,)>("select count(*) from reports", vec![]).await, [(0,)]);
    assert_eq!(house.rows::<(i64,)>("select count(*) from blobs", vec![]).await, [(0,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_there_is_no_way_in() {
    let house = House::sqlite().await;
    token(&house, "atalaya_one").await;
    let program = house.visitor();
    for headers in [&[][..], &[("authorization", "Bearer atalaya_two")], &[("authorization", "Basic atalaya_one")], &[("authorization", "Bearer")]] {
        let answer = program.post_json("/api/v1/reports", headers, &report()).await.must(401).json();
        assert_eq!(answer["error"], "log-in");
    }
    house.rows::<(i64,)>("select count(*) from reports", vec![]).await.iter().for_each(|(count,)| assert_eq!(*count, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_every_route_of_the_interface() {
    let house = House::sqlite().await;
    let described = house.visitor().get("/api/v1/openapi.json").await.must(200).json();
    assert_eq!(described["openapi"], "3.1.0");
    for route in atalaya::routes::routes().iter().filter(|route| route.path.starts_with("/api/") && !route.path.ends_with(".json")) {
        let method = route.method.as_str().to_ascii_lowercase();
        assert!(described["paths"][route.path][&method].is_object(), "{method} {}", route.path);
    }
    let text = described.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at + 21..].split('"').next().unwrap();
        assert!(described["components"]["schemas"][name].is_object(), "{name}");
    }
}
