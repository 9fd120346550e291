//! The ends of an advisory's life, and its lives in other languages.

use crate::given::{at, complete, everything, information, link, note};
use crate::write::valid;
use csaf::advisory::{Advisory, NoteCategory, PublisherCategory, State, Status};
use csaf::translate::{Translation, id, is_outdated, texts, translate};
use csaf::version::{Level, difference};
use csaf::withdraw::{Error, Terms, supersede, withdraw};
use csaf::write::{Edition, document};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

const NOW: &str = "2026-04-01T12:00:00Z";

fn taken_back(advisory: &Advisory) -> Advisory {
    withdraw(advisory, "The finding was wrong: no release is affected.", "Withdrawn", at(NOW)).unwrap()
}

#[test]
fn a_withdrawn_advisory_keeps_its_id_and_history_and_loses_its_content() {
    let mut described = everything();
    described.notes.push(note(NoteCategory::Description, "What it was about."));
    let withdrawn = taken_back(&described);
    assert!(withdrawn.products.is_empty() && withdrawn.vulnerabilities.is_empty());
    for edition in Edition::ALL {
        valid(&withdrawn, edition);
        let document = document(&withdrawn, edition);
        assert_eq!((&document["product_tree"], &document["vulnerabilities"]), (&Value::Null, &Value::Null));
        assert_eq!(document.pointer("/document/tracking/id").unwrap(), "EX-2026-0001");
        assert_eq!(document.pointer("/document/tracking/version").unwrap(), "2.0.0");
        assert_eq!(document.pointer("/document/tracking/revision_history").unwrap().as_array().unwrap().len(), 3);
        assert_eq!(document.pointer("/document/notes/0/title").unwrap(), "Reasoning for Withdrawal");
        let described = document["document"]["notes"].as_array().unwrap().iter().filter(|note| note["category"] == "description").count();
        assert_eq!(described, 1);
        assert_eq!(document["document"]["notes"].as_array().unwrap().len(), 2);
    }
    assert_eq!(document(&withdrawn, Edition::V21)["document"]["category"], "csaf_withdrawn");
    assert_eq!(document(&withdrawn, Edition::V20)["document"]["category"], "csaf_base");
    assert_eq!(difference(&everything(), &withdrawn).level, Level::Major);
}

#[test]
fn a_superseded_advisory_leads_to_the_other_one() {
    let by = link("EX-2026-0009", "https://csirt.example/EX-2026-0009");
    let mut spanish = everything();
    spanish.language = "es-MX".to_owned();
    for (advisory, summary) in [(everything(), "Superseding Document: EX-2026-0009"), (spanish, "Documento que lo sustituye: EX-2026-0009")] {
        let superseded = supersede(&advisory, &by, "Two advisories became one.", "Superseded", at(NOW)).unwrap();
        for edition in Edition::ALL {
            valid(&superseded, edition);
            let document = document(&superseded, edition);
            assert_eq!(document.pointer("/document/references/0/summary").unwrap(), summary);
            assert_eq!(document.pointer("/document/references/0/url").unwrap(), by.url.as_str());
        }
    }
}

#[test]
fn what_cannot_be_taken_back_is_refused() {
    let mut draft = everything();
    draft.status = Status::Draft;
    assert_eq!(withdraw(&draft, "why", "w", at(NOW)), Err(Error::Draft));
    assert_eq!(withdraw(&everything(), " ", "w", at(NOW)), Err(Error::Reason));
    assert_eq!(withdraw(&taken_back(&everything()), "why", "w", at(NOW)), Err(Error::Gone));
    assert_eq!(taken_back(&information()).version(), "1.2.0");
}

#[test]
fn terms_have_a_language() {
    assert_eq!(Terms::of("de-AT").withdrawal, "Begründung für die Zurückziehung");
    assert_eq!(Terms::of("st").withdrawal, "Reasoning for Withdrawal");
    assert_eq!(Terms::of("").successor, "Superseding Document");
}

fn spanish(advisory: &Advisory) -> Translation {
    Translation {
        language: "es".to_owned(),
        id: id(&advisory.id, "es"),
        original: "https://csirt.example/EX-2026-0001.json".to_owned(),
        words: "Original en inglés".to_owned(),
        texts: texts(advisory).into_iter().map(|(pointer, text)| (pointer, format!("ES {text}"))).collect(),
    }
}

#[test]
fn a_translation_says_whose_it_is() {
    let (translated, missing) = translate(&everything(), &spanish(&everything()), at(NOW));
    assert!(missing.is_empty());
    for edition in Edition::ALL {
        valid(&translated, edition);
        let document = document(&translated, edition);
        let head = &document["document"];
        assert_eq!((&head["lang"], &head["source_lang"]), (&Value::from("es"), &Value::from("en")));
        assert_eq!(head["publisher"]["category"], "translator");
        assert_eq!(head["tracking"]["id"], "EX-2026-0001-es");
        assert_eq!(head["references"][0]["url"], "https://csirt.example/EX-2026-0001.json");
        assert!(head["title"].as_str().unwrap().starts_with("ES "));
    }
    assert_eq!(translated.publisher.category, PublisherCategory::Translator);
    assert!(!is_outdated(&translated, &everything()) && !is_outdated(&everything(), &translated));
    assert!(is_outdated(&translated, &taken_back(&everything())));
}

#[test]
fn every_text_for_readers_is_translated_or_told() {
    let mut half = spanish(&everything());
    half.texts.remove("/vulnerabilities/0/remediations/1/details");
    half.texts.insert("/title".to_owned(), "  ".to_owned());
    let (translated, missing) = translate(&everything(), &half, at(NOW));
    assert_eq!(missing, ["/title", "/vulnerabilities/0/remediations/1/details"]);
    assert_eq!(translated.title, everything().title);
    // A pointer is one into the model, so that a form can show the text beside its field.
    let model = serde_json::to_value(everything()).unwrap();
    for (pointer, text) in texts(&everything()) {
        assert_eq!(model.pointer(&pointer).and_then(Value::as_str), Some(text.as_str()), "{pointer}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_end_and_the_translation_of_anything_complete_are_valid(advisory in complete()) {
        let now = at("2026-09-01T12:00:00Z");
        let gone = withdraw(&advisory, "It was wrong.", "Withdrawn", now).unwrap();
        let taken_back = matches!(gone.state, State::Withdrawn { .. });
        prop_assert!(taken_back);
        let to = if advisory.language == "fr" { "de" } else { "fr" };
        let by = Translation { language: to.to_owned(), id: id(&advisory.id, to), original: "https://csirt.example/o.json".to_owned(), words: "Original".to_owned(), texts: BTreeMap::new() };
        let (translated, _) = translate(&advisory, &by, now);
        let (gone_too, _) = translate(&gone, &by, now);
        for edition in Edition::ALL {
            valid(&gone, edition);
            valid(&translated, edition);
            valid(&gone_too, edition);
        }
    }
}
