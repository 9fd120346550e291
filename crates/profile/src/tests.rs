//! The example profiles are free of mistakes, and each mistake that an operator can make is named
//! with its line.

use formats::label::Tlp;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::*;
use crate::calendar::{Reading, Unit};

const SECTOR: &str = include_str!("../../../profiles/sector.toml");
const REGISTRY: &str = include_str!("../../../profiles/registry.toml");
const GOVERNMENT: &str = include_str!("../../../profiles/government.toml");

pub(super) const EXAMPLES: [&str; 3] = [SECTOR, REGISTRY, GOVERNMENT];

/// The least that a profile must say.
pub(super) const LEAST: &str = r#"languages = ["en", "st"]
[team]
name = "Example CSIRT"
short_name = "EX"
host.en = "Example host"
mandate.en = "Example mandate"
community.en = "Everybody"
established_by.en = "A decision"
country = "XX"
report_address = "report@csirt.example"
number_prefix = "EX"
website = "https://csirt.example/"
[[calendar]]
id = "office"
version = 1
zone = "Africa/Maseru"
valid_from = 2026-01-01
valid_to = 2027-12-31
holidays = [
  { date = 2026-04-03, name = "Good Friday" },
  { date = 2027-03-26, name.en = "Good Friday" },
]
[calendar.week]
monday = ["08:00-12:00", "13:00-16:30"]
[[promise]]
id = "first-answer"
title.en = "Within one business day"
applies_to = ["any"]
anchor = "received"
amount = 1
unit = "business_days"
target_percent = 95
[web]
public_url = "https://csirt.example"
[[sector]]
id = "mobile"
title = "Mobile"
[severity]
version = 1
[[severity.rule]]
id = "usual"
severity = "medium"
"#;

fn parse(text: &str) -> Profile {
    Profile::parse(text, "p.toml").unwrap_or_else(|faults| panic!("{}", lines(&faults).join("\n")))
}

pub(super) fn lines(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

fn due(profile: &Profile, promise: &str, anchor: &str) -> String {
    let promise = profile.promises.iter().find(|known| known.id == promise).unwrap();
    let zone = promise.calendar.zone();
    let anchor: DateTime = anchor.parse().unwrap();
    let due = promise.due(anchor.to_zoned(zone.clone()).unwrap().timestamp(), &[]);
    zone.to_datetime(due.at().unwrap()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[test]
fn the_three_examples_are_free_of_mistakes() {
    for (text, langs, weekday, holidays) in [
        (SECTOR, vec!["en", "st"], "08:00-16:30", 22),
        (REGISTRY, vec!["es", "pt", "en"], "09:00-18:00", 36),
        (GOVERNMENT, vec!["fr", "de", "en"], "08:30-17:30", 22),
    ] {
        let profile = parse(text);
        assert_eq!(profile.languages, langs);
        let friday = profile.calendar().hours_on("2026-06-12".parse().unwrap());
        assert_eq!(friday.iter().map(ToString::to_string).collect::<Vec<_>>(), [weekday]);
        assert_eq!(profile.calendars[0].holidays.len(), holidays);
        assert_eq!(profile.labels.default, Tlp::Amber);
        assert!(profile.team.report_address.ends_with(".example"));
        let late: Timestamp = "2027-12-31T12:00:00Z".parse().unwrap();
        assert!(profile.calendar().covers(late));
    }
}

#[test]
fn the_examples_keep_their_promises_on_the_dates_that_were_looked_up() {
    let sector = parse(SECTOR);
    for (anchor, expect) in [
        ("2026-04-02 15:30", "2026-04-07 16:30"),
        ("2026-12-24 10:00", "2026-12-28 16:30"),
        ("2026-03-10 10:00", "2026-03-12 16:30"),
        ("2026-07-16 10:00", "2026-07-20 16:30"),
        ("2026-06-13 10:00", "2026-06-16 16:30"), // Saturday
        ("2027-03-25 10:00", "2027-03-30 16:30"), // before Good Friday
        ("2027-05-05 10:00", "2027-05-07 16:30"), // before Ascension
    ] {
        assert_eq!(due(&sector, "first-answer", anchor), expect, "{anchor}");
    }
    let government = parse(GOVERNMENT);
    for (anchor, expect) in [("2026-05-13 10:00", "2026-05-15 17:30"), ("2026-06-22 10:00", "2026-06-24 17:30"), ("2026-03-27 10:00", "2026-03-30 17:30")] {
        assert_eq!(due(&government, "first-answer", anchor), expect, "{anchor}");
    }
    assert_eq!(due(&government, "urgent", "2026-12-25 23:30"), "2026-12-26 01:30");
    assert_eq!(due(&government, "final-word", "2026-01-31 10:00"), "2026-02-28 10:00");
    let registry = parse(REGISTRY);
    assert_eq!(due(&registry, "first-answer", "2026-03-27 10:00"), "2026-04-07 18:00");
}

#[test]
fn the_least_profile_gets_the_documented_defaults() {
    let profile = parse(LEAST);
    assert_eq!(profile.labels, Labels::default());
    assert_eq!(profile.intake, Intake::default());
    assert_eq!(profile.staff, Staff::default());
    assert_eq!(profile.web.listen.to_string(), "127.0.0.1:8080");
    assert!(profile.web.secure_cookies && profile.mail.is_none() && profile.database.is_none());
    assert_eq!(profile.team.website, "https://csirt.example");
    let promise = &profile.promises[0];
    assert_eq!((promise.duration.unit, promise.duration.reading), (Unit::BusinessDays, Reading::Close));
    assert_eq!(promise.calendar.id(), "office");
    assert_eq!(profile.default_language(), "en");
}

#[test]
fn a_text_falls_back_to_the_first_language_and_says_so() {
    let profile = parse(SECTOR);
    assert_eq!(profile.team.mandate.get("st").1, "en");
    assert_eq!(profile.team.name.get("st"), ("Maluti Communications CSIRT", "st"));
    let title = &profile.promises[0].title;
    assert_eq!(title.get("st").1, "st");
    assert_eq!(title.get("fr").1, "en");
    assert!(title.has("st") && !title.has("fr"));
    assert_eq!(title.text("fr"), "A person answers your report within one business day.");
}

#[test]
fn an_older_version_of_a_calendar_stays_available() {
    let text = LEAST.replacen("[[promise]]", "[[calendar]]\nid = \"office\"\nversion = 2\nzone = \"Africa/Maseru\"\nvalid_from = 2026-01-01\nvalid_to = 2026-12-31\nweek.friday = [\"08:00-12:00\"]\n[[promise]]", 1);
    let profile = parse(&text);
    assert_eq!(profile.calendar().version(), 2);
    assert_eq!(profile.promises[0].calendar.version(), 2);
    assert_eq!(profile.calendar_version("office", 1).unwrap().version(), 1);
    assert!(profile.calendar_version("office", 3).is_none());
    let twice = text.replacen("version = 2", "version = 1", 1);
    let faults = Profile::parse(&twice, "p.toml").unwrap_err();
    assert_eq!(lines(&faults), ["p.toml:26: calendar[1].id has version 1 twice, expected a higher one for the newer"]);
}

#[test]
fn promises_are_found_by_what_was_asked() {
    let profile = parse(REGISTRY);
    let ids = |asked| profile.promises_for(asked).map(|promise| promise.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids(Asked { kind: "outage", ..Asked::default() }), ["first-answer"]);
    assert_eq!(ids(Asked { kind: "incident", ..Asked::default() }), ["first-answer", "handed-on"]);
    assert_eq!(ids(Asked { advice: true, ..Asked::default() }), ["first-answer", "advice"]);
}

#[test]
fn the_first_rule_that_holds_decides_the_severity() {
    let severity = parse(SECTOR).severity;
    let judge = |now: Situation<'_>| {
        let rule = severity.judge(&now);
        (rule.id.clone(), rule.level)
    };
    let outage = Situation { class: "availability", rsit_type: "ddos", ..Situation::default() };
    assert_eq!(judge(outage), ("usual".to_owned(), Level::Medium));
    let critical = Situation { critical_sector: true, extent: Some(100), ..outage };
    assert_eq!(judge(critical), ("network-down".to_owned(), Level::Critical));
    assert_eq!(judge(Situation { extent: Some(100), ..outage }), ("many-hit".to_owned(), Level::High));
    assert_eq!(judge(Situation { extent: Some(99), ..outage }).1, Level::Medium);
    let spam = Situation { class: "abusive-content", rsit_type: "spam", ..Situation::default() };
    assert_eq!(judge(spam), ("nuisance".to_owned(), Level::Low));
    assert_eq!(judge(Situation { rsit_type: "violence", ..spam }).1, Level::Medium);
    assert_eq!(judge(Situation::default()).0, "usual");
    // What is not decided fulfils no condition, neither that it is so nor that it is not.
    let inside = Situation { class: "intrusions", ..Situation::default() };
    for (in_scope, rule) in [(Some(true), "inside"), (Some(false), "usual"), (None, "usual")] {
        assert_eq!(judge(Situation { in_scope, ..inside }).0, rule, "{in_scope:?}");
    }
    for level in Level::ALL {
        assert_eq!(Level::parse(level.as_str()), Some(level));
    }
}

#[test]
fn a_referral_fits_its_country_and_sector() {
    let profile = parse(SECTOR);
    let fitting = |country, sector| {
        let fits = profile.referrals.iter().filter(|referral| referral.fits(country, sector));
        fits.map(|referral| referral.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(fitting(Some("LS"), Some("finance")), ["bank-team", "police"]);
    assert_eq!(fitting(Some("LS"), None), ["police"]);
    assert_eq!(fitting(None, Some("finance")), Vec::<&str>::new());
}

#[test]
fn what_is_not_toml_is_named_with_its_line() {
    let faults = Profile::parse("languages = [\"en\"]\nteam = \n", "p.toml").unwrap_err();
    assert_eq!((faults[0].line, faults[0].expected.as_str()), (2, "TOML"));
    let faults = Profile::parse("", "p.toml").unwrap_err();
    assert_eq!(lines(&faults), ["p.toml:1: the profile has no languages, expected one"]);
    let faults = Profile::load(Path::new("/nowhere/p.toml")).unwrap_err();
    assert!(faults[0].to_string().starts_with("/nowhere/p.toml:0: "));
}

#[test]
fn all_missing_parts_are_named_at_once() {
    let faults = Profile::parse("languages = [\"en\"]\n[team]\nname = \"EX\"", "p.toml").unwrap_err();
    let missing: Vec<_> = faults.iter().map(|fault| fault.found.as_str()).collect();
    for part in ["the profile has no calendar", "the profile has no web", "the profile has no severity", "team has no country", "team has no mandate"] {
        assert!(missing.contains(&part), "{part}: {missing:?}");
    }
}
