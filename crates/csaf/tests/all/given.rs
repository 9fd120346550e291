//! Advisories to test with: one that has everything, and a strategy for any complete one.

use csaf::advisory::*;
use csaf::version::{self, Level, Scheme};
use formats::label::Tlp;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn link(summary: &str, url: &str) -> Reference {
    Reference { category: ReferenceCategory::External, summary: summary.to_owned(), url: url.to_owned() }
}

pub fn note(category: NoteCategory, text: &str) -> Note {
    Note { category, title: None, audience: None, text: text.to_owned() }
}

pub fn publisher() -> Publisher {
    Publisher {
        name: "CSIRT Exemplia".to_owned(),
        namespace: "https://csirt.example".to_owned(),
        category: PublisherCategory::Coordinator,
        contact_details: Some("cert@csirt.example".to_owned()),
        issuing_authority: Some("The national CSIRT of Exemplia".to_owned()),
    }
}

pub fn product(id: &str, name: &str, release: Release) -> Product {
    Product { id: id.to_owned(), vendor: "Example Networks".to_owned(), name: name.to_owned(), release, cpe: None, purl: None }
}

pub fn remediation(category: Measure, details: &str) -> Remediation {
    Remediation { category, details: details.to_owned(), url: None, products: Vec::new(), date: None }
}

/// A released advisory that uses every field of the model.
pub fn everything() -> Advisory {
    let mut fixed = product("P-0002", "Edge Router", Release::Version("4.2.1".to_owned()));
    fixed.cpe = Some("cpe:2.3:o:example_networks:edge_router:4.2.1:*:*:*:*:*:*:*".to_owned());
    fixed.purl = Some("pkg:generic/example-networks/edge-router@4.2.1".to_owned());
    let vulnerability = Vulnerability {
        cve: Some("CVE-2026-10001".to_owned()),
        ids: vec![Identifier { system: "Exemplia case".to_owned(), text: "EX-C-17".to_owned() }],
        title: Some("Out-of-bounds write in the management page".to_owned()),
        cwes: vec![
            Cwe { id: "CWE-787".to_owned(), name: "Out-of-bounds Write".to_owned(), version: "4.17".to_owned() },
            Cwe { id: "CWE-306".to_owned(), name: "Missing Authentication for Critical Function".to_owned(), version: "4.17".to_owned() },
        ],
        notes: vec![note(NoteCategory::Description, "A request without login writes past the end of a buffer.")],
        statuses: Statuses {
            known_affected: vec!["P-0001".to_owned()],
            fixed: vec!["P-0002".to_owned()],
            first_fixed: vec!["P-0002".to_owned()],
            known_not_affected: vec!["P-0003".to_owned()],
            recommended: vec!["P-0002".to_owned()],
            ..Statuses::default()
        },
        scores: vec![
            Score { vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned(), products: Vec::new(), source: None },
            Score { vector: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N".to_owned(), products: Vec::new(), source: None },
        ],
        remediations: vec![
            Remediation {
                url: Some("https://vendor.example/4.2.1".to_owned()),
                date: Some(at("2026-03-01T08:00:00Z")),
                ..remediation(Measure::VendorFix, "Update to 4.2.1.")
            },
            remediation(Measure::Workaround, "Close the management page to the outside."),
        ],
        threats: vec![Threat {
            category: ThreatCategory::Impact,
            details: "An attacker takes over the router.".to_owned(),
            products: vec!["P-0001".to_owned()],
            date: None,
        }],
        flags: vec![Flag { label: FlagLabel::VulnerableCodeNotPresent, products: vec!["P-0003".to_owned()] }],
        references: vec![link("Advisory of the vendor", "https://vendor.example/advisory/7")],
        acknowledgments: vec![Credit { names: vec!["Ana Ejemplo".to_owned()], organization: Some("Example Labs".to_owned()), ..Credit::default() }],
        epss: Some(Epss {
            probability: "0.94210".to_owned(),
            percentile: "0.99".to_owned(),
            date: "2026-03-02".parse().unwrap(),
            source: "https://epss.example/data".to_owned(),
        }),
        kev: Some(Kev {
            added: "2026-03-02".parse().unwrap(),
            due: Some("2026-03-23".parse().unwrap()),
            source: "https://kev.example/list".to_owned(),
            words: None,
        }),
        discovered: Some(at("2026-01-10T00:00:00Z")),
        disclosed: Some(at("2026-03-01T08:00:00Z")),
    };
    Advisory {
        id: "EX-2026-0001".to_owned(),
        aliases: vec!["EX-C-17".to_owned()],
        kind: Kind::SecurityAdvisory,
        state: State::Current,
        language: "en".to_owned(),
        original: None,
        title: "Example Networks Edge Router: takeover without login".to_owned(),
        notes: vec![note(NoteCategory::Summary, "Update the routers now."), note(NoteCategory::LegalDisclaimer, "No warranty.")],
        tlp: Tlp::Clear,
        terms: None,
        license: Some("CC-BY-4.0".to_owned()),
        publisher: publisher(),
        products: vec![product("P-0001", "Edge Router", Release::Range(">=4.0|<4.2.1".to_owned())), fixed, product("P-0003", "Core Router", Release::Any)],
        vulnerabilities: vec![vulnerability],
        references: vec![
            link("Advisory of the vendor", "https://vendor.example/advisory/7"),
            Reference { category: ReferenceCategory::Same, summary: "This advisory".to_owned(), url: "https://csirt.example/EX-2026-0001".to_owned() },
        ],
        acknowledgments: vec![Credit {
            names: vec!["Ana Ejemplo".to_owned()],
            organization: None,
            summary: Some("found it".to_owned()),
            urls: vec!["https://labs.example".to_owned()],
        }],
        status: Status::Final,
        revisions: vec![
            Revision { number: "1.0.0".to_owned(), date: at("2026-03-01T09:00:00Z"), summary: "First release".to_owned() },
            Revision { number: "1.1.0".to_owned(), date: at("2026-03-02T09:30:00Z"), summary: "It is exploited".to_owned() },
        ],
        initial_release_date: at("2026-03-01T09:00:00Z"),
        current_release_date: at("2026-03-02T09:30:00Z"),
    }
}

/// An informational advisory: no products, no vulnerabilities.
pub fn information() -> Advisory {
    let mut advisory = everything();
    advisory.id = "EX-2026-0002".to_owned();
    advisory.kind = Kind::InformationalAdvisory;
    advisory.products.clear();
    advisory.vulnerabilities.clear();
    advisory
}

fn words() -> impl Strategy<Value = String> {
    // Whatever people paste, markup and other scripts too; the standard asks for one character at least.
    prop_oneof!["[A-Za-z0-9 ,.<>&\"'/]{1,40}", "\\PC{1,20}", Just("línea\nsegunda 漢字 <script>".to_owned())]
}

fn maybe<S: Strategy<Value = T>, T: std::fmt::Debug>(of: S) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(of)
}

fn url() -> impl Strategy<Value = String> {
    "https://[a-z]{1,8}\\.example/[a-z0-9]{0,12}"
}

fn reference() -> impl Strategy<Value = Reference> {
    (select(vec![ReferenceCategory::External, ReferenceCategory::Same]), words(), url()).prop_map(|(category, summary, url)| Reference {
        category,
        summary,
        url,
    })
}

fn notes() -> impl Strategy<Value = Vec<Note>> {
    use NoteCategory::{Description, Details, Faq, General, LegalDisclaimer, Other, Summary};
    let one = (select(vec![Description, Details, Faq, General, LegalDisclaimer, Other, Summary]), maybe(words()), words());
    let one = one.prop_map(|(category, title, text)| Note { category, title, audience: None, text });
    (proptest::collection::vec(one, 0..3), words()).prop_map(|(mut notes, text)| {
        notes.push(note(Summary, &text));
        notes
    })
}

fn credit() -> impl Strategy<Value = Credit> {
    (proptest::collection::vec(words(), 0..3), words(), maybe(words())).prop_map(|(names, organization, summary)| Credit {
        names,
        organization: Some(organization),
        summary,
        urls: Vec::new(),
    })
}

/// A CVSS 3.1 base vector.
pub fn three() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| select(values.to_vec());
    let cia = || pick(&["N", "L", "H"]);
    (pick(&["N", "A", "L", "P"]), pick(&["L", "H"]), pick(&["N", "L", "H"]), pick(&["N", "R"]), pick(&["U", "C"]), cia(), cia(), cia())
        .prop_map(|(av, ac, pr, ui, s, c, i, a)| format!("CVSS:3.1/AV:{av}/AC:{ac}/PR:{pr}/UI:{ui}/S:{s}/C:{c}/I:{i}/A:{a}"))
}

/// A CVSS 4.0 vector, at times with a threat metric.
pub fn four() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| select(values.to_vec());
    let cia = || (pick(&["N", "L", "H"]), pick(&["N", "L", "H"]), pick(&["N", "L", "H"]));
    (
        pick(&["N", "A", "L", "P"]),
        pick(&["L", "H"]),
        pick(&["N", "P"]),
        pick(&["N", "L", "H"]),
        pick(&["N", "P", "A"]),
        cia(),
        cia(),
        pick(&["", "/E:A", "/E:U"]),
    )
        .prop_map(|(av, ac, at, pr, ui, (vc, vi, va), (sc, si, sa), e)| {
            format!("CVSS:4.0/AV:{av}/AC:{ac}/AT:{at}/PR:{pr}/UI:{ui}/VC:{vc}/VI:{vi}/VA:{va}/SC:{sc}/SI:{si}/SA:{sa}{e}")
        })
}

/// Products in pairs: the releases before a version, and that version. What is fixed then always has
/// its affected counterpart (test 6.1.27.14 of CSAF 2.1).
fn products() -> impl Strategy<Value = Vec<Product>> {
    let vendors = select(vec!["Example Networks", "Ejemplo S.A.", "例"]);
    let pair = (vendors, "[A-Z][a-z]{1,6}( [A-Z][a-z]{1,4})?", 1..9u32, any::<bool>(), any::<bool>());
    proptest::collection::vec(pair, 1..4).prop_map(|pairs| {
        let mut products = Vec::new();
        for (n, (vendor, name, version, any, helped)) in pairs.into_iter().enumerate() {
            let one = |suffix: &str, release| Product {
                id: format!("P-{n}{suffix}"),
                vendor: vendor.to_owned(),
                name: format!("{name} {n}"),
                release,
                cpe: None,
                purl: None,
            };
            let before = if any { Release::Any } else { Release::Range(format!("<{version}.0")) };
            products.push(one("a", before));
            let mut fixed = one("f", Release::Version(format!("{version}.0")));
            if helped {
                fixed.cpe = Some(format!("cpe:2.3:a:example:p{n}:{version}.0:*:*:*:*:*:*:*"));
                fixed.purl = Some(format!("pkg:generic/p{n}@{version}.0"));
            }
            products.push(fixed);
        }
        products
    })
}

fn statuses(products: &[Product]) -> impl Strategy<Value = Statuses> + use<> {
    let pairs = products.len() / 2;
    let ids: Vec<(String, String)> = products.chunks(2).map(|pair| (pair[0].id.clone(), pair[1].id.clone())).collect();
    proptest::collection::vec(0..4u8, pairs).prop_map(move |choice| {
        let mut found = Statuses::default();
        for (n, ((before, after), choice)) in ids.iter().zip(choice).enumerate() {
            match choice {
                _ if n == 0 => found.known_affected.push(before.clone()),
                0 => {
                    found.known_affected.push(before.clone());
                    found.first_affected.push(before.clone());
                    found.fixed.push(after.clone());
                    found.recommended.push(after.clone());
                }
                1 => found.known_not_affected.push(before.clone()),
                2 => found.under_investigation.push(before.clone()),
                _ => {}
            }
        }
        found
    })
}

fn vulnerability(products: &[Product]) -> impl Strategy<Value = Vulnerability> + use<> {
    let weaknesses =
        vec![("CWE-787", "Out-of-bounds Write"), ("CWE-306", "Missing Authentication for Critical Function"), ("CWE-502", "Deserialization of Untrusted Data")];
    let cwes = subsequence(weaknesses, 0..3);
    let measures = select(vec![Measure::VendorFix, Measure::Workaround, Measure::Mitigation]);
    let remediations = proptest::collection::vec((measures, words(), maybe(url())), 0..3);
    let threat = proptest::collection::vec((select(vec![ThreatCategory::ExploitStatus, ThreatCategory::TargetSet]), words()), 0..2);
    let outside = (any::<bool>(), any::<bool>(), maybe(words()));
    let about = (maybe(words()), notes(), cwes, proptest::collection::vec(reference(), 0..2), proptest::collection::vec(credit(), 0..2));
    (statuses(products), about, maybe(three()), maybe(four()), remediations, threat, outside).prop_map(
        |(statuses, (title, notes, cwes, references, acknowledgments), three, four, remediations, threats, (epss, kev, words))| Vulnerability {
            title,
            cwes: cwes.into_iter().map(|(id, name)| Cwe { id: id.to_owned(), name: name.to_owned(), version: "4.17".to_owned() }).collect(),
            notes,
            statuses,
            scores: three.into_iter().chain(four).map(|vector| Score { vector, products: Vec::new(), source: None }).collect(),
            remediations: remediations.into_iter().map(|(category, details, url)| Remediation { url, ..remediation(category, &details) }).collect(),
            threats: threats.into_iter().map(|(category, details)| Threat { category, details, products: Vec::new(), date: None }).collect(),
            references,
            acknowledgments,
            epss: epss.then(|| Epss {
                probability: ".5".to_owned(),
                percentile: "1".to_owned(),
                date: "2026-01-01".parse().unwrap(),
                source: "https://epss.example/data".to_owned(),
            }),
            kev: kev.then(|| Kev { added: "2026-01-01".parse().unwrap(), due: None, source: "https://kev.example/list".to_owned(), words }),
            ..Vulnerability::default()
        },
    )
}

fn vulnerabilities(products: &[Product]) -> impl Strategy<Value = Vec<Vulnerability>> + use<> {
    proptest::collection::vec(vulnerability(products), 1..4).prop_map(|mut all| {
        for (n, one) in all.iter_mut().enumerate() {
            one.cve = Some(format!("CVE-2026-1000{n}"));
        }
        all
    })
}

/// A released history of some versions, numbered by our own rules.
fn revisions() -> impl Strategy<Value = Vec<Revision>> {
    let levels = proptest::collection::vec(select(vec![Level::Patch, Level::Minor, Level::Major]), 1..5);
    (select(vec![Scheme::Integer, Scheme::Semantic]), levels, words()).prop_map(|(scheme, levels, summary)| {
        let mut found: Vec<Revision> = Vec::new();
        for (n, level) in levels.into_iter().enumerate() {
            let number = version::next(scheme, found.last().map(|last| last.number.as_str()), true, level).unwrap();
            found.push(Revision { number, date: at(&format!("2026-0{}-01T10:00:00Z", n + 2)), summary: summary.clone() });
        }
        found
    })
}

/// Any advisory that has all that its kind demands.
pub fn complete() -> impl Strategy<Value = Advisory> {
    let kind = select(Kind::ALL.to_vec());
    let about = (words(), notes(), select(Tlp::ALL.to_vec()), select(vec!["en", "es", "pt-BR", "fr", "de"]), maybe(words()));
    let around = (proptest::collection::vec(reference(), 0..3), proptest::collection::vec(credit(), 0..2), any::<bool>());
    let content = products().prop_flat_map(|products| (Just(products.clone()), vulnerabilities(&products)));
    ("EX-[0-9]{4}-[0-9A-Z+]{1,8}", kind, about, around, content, revisions()).prop_map(
        |(id, kind, (title, notes, tlp, language, terms), (mut references, acknowledgments, interim), (products, vulnerabilities), revisions)| {
            references.push(link("More", "https://vendor.example/more"));
            let with_products = kind == Kind::SecurityAdvisory;
            Advisory {
                id,
                aliases: Vec::new(),
                kind,
                state: State::Current,
                language: language.to_owned(),
                original: None,
                title,
                notes,
                tlp,
                terms,
                license: None,
                publisher: publisher(),
                products: if with_products { products } else { Vec::new() },
                vulnerabilities: if with_products { vulnerabilities } else { Vec::new() },
                references,
                acknowledgments,
                status: if interim { Status::Interim } else { Status::Final },
                initial_release_date: revisions[0].date,
                current_release_date: revisions[revisions.len() - 1].date,
                revisions,
            }
        },
    )
}
