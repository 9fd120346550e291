//! Texts for publication: whatever is written, the page is well-formed and holds nothing but what it may.

use crate::{HOSTILE, texts};
use formats::markdown::{self, Options};
use formats::text::readable;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// Element and attributes of all that a page may hold.
const ALLOWED: &[(&str, &[&str])] = &[
    ("p", &[]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("ul", &[]),
    ("ol", &["start"]),
    ("li", &[]),
    ("blockquote", &[]),
    ("pre", &["tabindex"]),
    ("code", &["class"]),
    ("em", &[]),
    ("strong", &[]),
    ("a", &["href", "rel"]),
    ("br", &[]),
    ("hr", &[]),
    ("div", &["class", "tabindex"]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["scope"]),
    ("td", &[]),
];

/// The words of a page, after everything else in it was looked at.
pub fn words(html: &str) -> String {
    let page = format!("<page>{html}</page>");
    let mut reader = Reader::from_str(&page);
    reader.config_mut().check_end_names = true;
    let (mut words, mut ids, mut open, mut deepest) = (String::new(), HashSet::new(), Vec::<String>::new(), 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {html}")) {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() != b"page" => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                let (_, allowed) = ALLOWED.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("<{name}>: {html}"));
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    assert!(allowed.contains(&key.as_str()), "<{name} {key}>: {html}");
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned();
                    assert!(
                        key != "href" || ["https://", "http://", "mailto:", "/"].iter().any(|start| value.starts_with(start)) && !value.starts_with("//"),
                        "{value}"
                    );
                    assert!(key != "id" || ids.insert(value), "twice one id: {html}");
                }
                if !["br", "hr"].contains(&name.as_str()) {
                    assert!(name != "a" || !open.contains(&name), "a link in a link: {html}");
                    open.push(name);
                    deepest = deepest.max(open.len());
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(text) => words.push_str(&text.decode().unwrap()),
            Event::GeneralRef(name) => words.push(match &*name.decode().unwrap() {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                other => panic!("&{other};: {html}"),
            }),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(deepest <= 2 * markdown::DEPTH + 8, "{deepest} deep");
    assert_eq!(readable(&words), words);
    words
}

/// The text as CommonMark that means these characters and no form.
pub fn escaped(text: &str) -> String {
    let lines: Vec<String> = readable(text).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|line| !line.is_empty()).collect();
    // A number before a dot or a bracket begins a list by the dot or the bracket.
    lines.join("\n\n").chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pairs() -> impl Strategy<Value = String> {
    let form = [
        "# ",
        "- ",
        "1. ",
        "> ",
        "*",
        "**",
        "_",
        "`",
        "[a](",
        ")",
        "[",
        "](",
        "<",
        ">",
        "|a|b|\n|-|-|\n|",
        "\n",
        "\n\n",
        "https://a.example/",
        "/x",
        "&quot;",
        "&#x202e;",
    ];
    let part = prop_oneof![2 => proptest::sample::select(form.to_vec()).prop_map(str::to_owned), 1 => proptest::sample::select(HOSTILE).prop_map(str::to_owned), 1 => "[a-zé0-9 ]{1,5}"];
    proptest::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn a_text_without_form_comes_back(text in texts()) {
        let meant = escaped(&text);
        let plain = squeezed(&readable(&text));
        prop_assert_eq!(squeezed(&words(&markdown::html(&meant, &Options::default()))), plain.clone());
        prop_assert_eq!(squeezed(&markdown::plain(&meant, "")), plain.clone());
        prop_assert_eq!(markdown::summary(&meant, 10_000), plain);
        prop_assert!(markdown::problems(&meant).iter().all(|problem| problem.what == markdown::What::Characters));
    }

    #[test]
    fn a_page_holds_what_it_may_and_a_mail_what_it_can(text in pairs()) {
        words(&markdown::html(&text, &Options { site: "https://csirt.example", absolute: true, ..Options::default() }));
        let mail = markdown::plain(&text, "https://csirt.example");
        prop_assert_eq!(readable(&mail), mail.clone());
        for line in mail.lines() {
            prop_assert!(!line.ends_with(' ') && !line.starts_with("From ") && !line.starts_with("--"), "{}", mail);
        }
        let lines = readable(&text).lines().count() + 1;
        prop_assert!(markdown::problems(&text).iter().all(|problem| (1..=lines + 60).contains(&problem.line)));
    }
}

#[test]
fn hostile_texts_take_time_in_proportion_to_their_length() {
    let units = [
        "[",
        "]",
        "![",
        "[a](",
        "[a](b",
        "*a ",
        "**a",
        "_",
        "a_",
        "`",
        "``a",
        "<",
        "<a ",
        "<!--",
        "<?",
        "> ",
        ">",
        "- ",
        "1. ",
        "# a\n",
        "&",
        "&#",
        "\\",
        "|",
        "|-",
        "a|b\n-|-\n",
        "```\n",
        "~~~\n",
        "<b>",
        "[a]: /b\n",
        "[a][b]",
        "***",
        "*_",
        "\t",
        "    a\n",
        "- a\n  ",
        "x ",
        "\u{202e}",
        "<https://a.example>",
        "&quot;",
        "a\n=\n",
        "[^a]",
        "$",
        "  \n",
    ];
    for unit in units {
        let text = unit.repeat(30_000 / unit.len());
        let begun = Instant::now();
        let html = markdown::html(&text, &Options::default());
        let (mail, problems) = (markdown::plain(&text, ""), markdown::problems(&text));
        assert!(markdown::summary(&text, 200).chars().count() <= 200 && problems.len() <= 100);
        words(&html);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(4), "{unit:?} took {took:?}");
        assert!(html.len() < 40 * text.len() && mail.len() < 40 * text.len(), "{unit:?} became {} and {}", html.len(), mail.len());
        if took > Duration::from_millis(500) {
            println!("{unit:?} took {took:?}");
        }
    }
}

#[test]
fn a_table_of_empty_cells_has_an_end() {
    let text = format!("|{}\n|{}\n{}", "a|".repeat(2_000), "-|".repeat(2_000), "|\n".repeat(10_000));
    let (html, mail) = (markdown::html(&text, &Options::default()), markdown::plain(&text, ""));
    assert!(html.len() < 8_000_000 && mail.len() < 2_000_000, "{} {}", html.len(), mail.len());
}
