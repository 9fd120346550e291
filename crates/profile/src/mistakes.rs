//! Every mistake that an operator can make, and the words with which the profile is refused.

use super::Profile;
use super::tests::{LEAST, lines};

/// Replaces a piece of the least profile and expects these faults and no others.
fn check(old: &str, new: &str, expect: &[&str]) {
    assert!(LEAST.contains(old), "{old}");
    refused(&LEAST.replacen(old, new, 1), expect);
}

/// Adds tables at the end of the least profile, from line 43 on.
pub(super) fn check_added(new: &str, expect: &[&str]) {
    refused(&format!("{LEAST}{new}"), expect);
}

fn refused(text: &str, expect: &[&str]) {
    let faults = Profile::parse(text, "p").expect_err(text);
    assert_eq!(lines(&faults), expect, "{text}");
}

#[test]
fn a_text_must_exist_in_the_first_language() {
    check(r#"languages = ["en", "st"]"#, "languages = []", &["p:1: languages is an empty list, expected at least one language, the default first"]);
    check(r#""st"]"#, r#""st", "en"]"#, &[r#"p:1: languages[2] is "en", expected each language once"#]);
    check(r#""st"]"#, r#""not a language"]"#, &[r#"p:1: languages[1] is "not a language", expected a language tag (BCP 47) such as pt-BR"#]);
    check(r#"name = "Example CSIRT""#, r#"name.en = "Example CSIRT""#, &[r#"p:3: team.name is missing in "st", expected one in each of the team's languages"#]);
    check("host.en", "host.st", &["p:5: team.host lacks the team's first language, expected en"]);
    check(r#"host.en = "Example host""#, r#"host = { en = "a", fr = "b" }"#, &["p:5: team.host.fr is in no language of the team, expected en, st"]);
    check(r#"host.en = "Example host""#, r#"host = "  ""#, &[r#"p:5: team.host is "  ", expected text"#]);
}

#[test]
fn the_team_must_be_reachable_and_named() {
    check(r#"country = "XX""#, r#"country = "Example""#, &[r#"p:9: team.country is "Example", expected a country code of two capital letters (ISO 3166-1)"#]);
    check(
        "report@csirt.example",
        "report at csirt.example",
        &[r#"p:10: team.report_address is "report at csirt.example", expected a mail address such as report@csirt.example"#],
    );
    check(
        r#"number_prefix = "EX""#,
        r#"number_prefix = "ex-""#,
        &[r#"p:11: team.number_prefix is "ex-", expected 2 to 8 capital letters and digits, a letter first"#],
    );
    check("https://csirt.example/", "csirt.example", &[r#"p:12: team.website is "csirt.example", expected an address that begins with https:// or http://"#]);
    check(
        "short_name",
        "shortname",
        &[
            "p:2: team has no short_name, expected one",
            "p:4: unknown key team.shortname, expected one of name, short_name, host, mandate, community, established_by, country, address, phone, urgent_phone, night_phone, report_address, number_prefix, website",
        ],
    );
}

#[test]
fn a_calendar_must_be_whole() {
    check(
        "Africa/Maseru",
        "Africa/Masseru",
        &[r#"p:16: calendar[0].zone is "Africa/Masseru", expected a time zone that this machine knows, by its IANA name"#],
    );
    check(
        r"version = 1
zone",
        r"version = 0
zone",
        &["p:15: calendar[0].version is 0, expected a whole number from 1 to 1000000"],
    );
    check("valid_to = 2027-12-31", "valid_to = 2025-12-31", &["p:18: calendar[0].valid_to is 2025-12-31, expected a date not before 2026-01-01"]);
    check(
        "valid_to = 2027-12-31",
        "valid_to = 2028-12-31",
        &["p:13: calendar[0] lists no holiday in 2028, expected those of every year from valid_from to valid_to"],
    );
    check(
        r#"monday = ["08:00-12:00", "13:00-16:30"]"#,
        "",
        &["p:23: calendar[0].week leaves no opening in the 400 days from 2026-01-01, expected hours on at least one day of the week"],
    );
    check(
        r#"id = "office""#,
        r#"id = "The Office""#,
        &[r#"p:14: calendar[0].id is "The Office", expected an id of up to 40 lower-case letters, digits, - and _"#],
    );
    check("[[calendar]]", "[calendar]", &["p:13: calendar is a table, expected a list of tables, each begun with [[calendar]]"]);
    check(
        "[[calendar]]",
        "[[kalender]]",
        &[
            "p:13: unknown key kalender, expected one of languages, team, calendar, pause_reason, promise, sector, referral, subtype, severity, labels, intake, mail, web, staff, sealed, events, publications, database, storage",
            "p:23: calendar is a table, expected a list of tables, each begun with [[calendar]]",
        ],
    );
}

#[test]
fn dates_and_hours_must_be_dates_and_hours() {
    check("date = 2026-04-03", r#"date = "Good Friday""#, &[r#"p:20: calendar[0].holidays[0].date is "Good Friday", expected a date such as 2026-01-31"#]);
    check("date = 2026-04-03", "date = 2026-04-31", &["p:20: invalid date, expected day between 01 and 30, expected TOML"]);
    check(
        "date = 2026-04-03",
        "date = 2026-04-03T00:00:00",
        &["p:20: calendar[0].holidays[0].date is 2026-04-03T00:00:00, expected a date such as 2026-01-31"],
    );
    check("date = 2026-04-03", "date = 2025-04-03", &["p:20: calendar[0].holidays[0].date is 2025-04-03, expected a date from valid_from to valid_to"]);
    check("date = 2027-03-26", "date = 2026-04-03", &["p:21: calendar[0].holidays[1].date is 2026-04-03, expected each holiday once"]);
    check(
        "13:00-16:30",
        "11:59-16:30",
        &["p:24: calendar[0].week.monday has hours that overlap: 08:00-12:00 and 11:59-16:30 overlap, expected hours apart from each other"],
    );
    check("13:00-16:30", "13-16", &[r#"p:24: calendar[0].week.monday[1] is "13-16", expected opening hours such as 08:00-16:30, at most until 24:00"#]);
    check(
        "monday =",
        "montag =",
        &["p:24: unknown key calendar[0].week.montag, expected one of monday, tuesday, wednesday, thursday, friday, saturday, sunday"],
    );
    check(r#"monday = ["08:00-12:00", "13:00-16:30"]"#, r#"monday = "08:00-12:00""#, &[r#"p:24: calendar[0].week.monday is "08:00-12:00", expected a list"#]);
}

#[test]
fn a_promise_must_be_one_that_can_be_kept() {
    check("amount = 1", "amount = 0", &["p:30: promise[0].amount is 0, expected a whole number from 1 to 1000"]);
    check("amount = 1", r#"amount = "one""#, &[r#"p:30: promise[0].amount is "one", expected a whole number from 1 to 1000"#]);
    check(
        "amount = 1",
        r#"amount = 1
calendar = "night""#,
        &[r#"p:31: promise[0].calendar is "night", expected the id of a [[calendar]]"#],
    );
    check(
        "amount = 1",
        r#"amount = 1
reading = "noon""#,
        &[r#"p:31: promise[0].reading is "noon", expected one of close, same_time"#],
    );
    check(
        "amount = 1",
        r#"amount = 1
pause_reasons = ["lunch"]"#,
        &[r#"p:31: promise[0].pause_reasons[0] is "lunch", expected the id of a [[pause_reason]]"#],
    );
    check("business_days", "days", &[r#"p:31: promise[0].unit is "days", expected one of business_days, business_hours, hours, months"#]);
    check(
        r#"["any"]"#,
        r#"["everything"]"#,
        &[
            r#"p:28: promise[0].applies_to[0] is "everything", expected any, advice, help, urgent or a kind (data, impersonation, incident, intrusion, near_miss, other, outage, threat, vulnerability, weakness)"#,
        ],
    );
    check(r#"["any"]"#, "[]", &["p:28: promise[0].applies_to is an empty list, expected at least one entry: a promise to nobody is none"]);
    check(r#""received""#, r#""read""#, &[r#"p:29: promise[0].anchor is "read", expected one of received, opened"#]);
    check("target_percent = 95", "target_percent = 101", &["p:32: promise[0].target_percent is 101, expected a whole number from 1 to 100"]);
}

#[test]
fn cookies_must_reach_the_browser() {
    check(
        r#"public_url = "https://csirt.example""#,
        r#"public_url = "http://csirt.example"
secure_cookies = true"#,
        &["p:35: web.secure_cookies is true, expected false while public_url is not https, or nobody could log in"],
    );
    check(
        r#"public_url = "https://csirt.example""#,
        r#"public_url = "https://csirt.example"
listen = "8080""#,
        &[r#"p:35: web.listen is "8080", expected an address and port such as 127.0.0.1:8080"#],
    );
}

#[test]
fn severity_rules_must_leave_no_case_without_an_answer() {
    check(
        r#"id = "usual"
"#,
        r#"id = "usual"
when = { in_scope = true }
"#,
        &["p:38: severity has no last rule without when, expected one, for what no other rule fits"],
    );
    check(
        r#"id = "usual"
"#,
        r#"id = "usual"
when = { }
"#,
        &[
            "p:38: severity has no last rule without when, expected one, for what no other rule fits",
            "p:42: severity.rule[0].when has no condition, expected one, or a last rule without when",
        ],
    );
    check(r#"severity = "medium""#, r#"severity = "bad""#, &[r#"p:42: severity.rule[0].severity is "bad", expected one of low, medium, high, critical"#]);
    check(
        r#"severity = "medium"
"#,
        r#"severity = "low"
[[severity.rule]]
id = "usual"
when.rsit = ["phishing", "fraud/spam"]
severity = "low"
"#,
        &[
            "p:43: severity.rule[1] comes after the rule without when, expected that rule to be the last",
            r#"p:43: severity.rule[1] has the id "usual" a second time, expected an id of its own"#,
            r#"p:45: severity.rule[1].when.rsit[0] is "phishing", expected an RSIT class such as fraud, or class and type such as fraud/phishing"#,
            r#"p:45: severity.rule[1].when.rsit[1] is "fraud/spam", expected an RSIT class such as fraud, or class and type such as fraud/phishing"#,
        ],
    );
}

#[test]
fn labels_must_hold_back() {
    check_added(
        r#"[labels]
default = "CLEAR"
recipient = "PINK""#,
        &[
            r#"p:44: labels.default is "CLEAR", expected a label that holds back what nobody has looked at: GREEN or above"#,
            r#"p:45: labels.recipient is "PINK", expected CLEAR, GREEN, AMBER, AMBER+STRICT or RED"#,
        ],
    );
    check_added(
        r#"[labels.ceiling]
public = "GREEN"
fax = "RED""#,
        &[
            r#"p:44: labels.ceiling.public is "GREEN", expected CLEAR: whatever else is public has left its community (TLP 2.0)"#,
            "p:45: unknown key labels.ceiling.fax, expected one of mail, mail_encrypted, portal, public, api",
        ],
    );
}

#[test]
fn the_report_form_must_offer_something() {
    check_added(
        r"[intake]
kinds = []
max_files = -1",
        &["p:44: intake.kinds is an empty list, expected at least one kind of report", "p:45: intake.max_files is -1, expected a whole number from 0 to 1000"],
    );
    check_added(
        r#"[intake]
kinds = ["theft"]
capacity_notice.st = "x""#,
        &[
            r#"p:44: intake.kinds[0] is "theft", expected one of impersonation, intrusion, outage, data, weakness, other"#,
            "p:45: intake.capacity_notice lacks the team's first language, expected en",
        ],
    );
}

#[test]
fn sessions_and_storage_must_work() {
    check_added(
        r"[staff]
idle_minutes = 90
absolute_hours = 1",
        &["p:43: staff ends idle sessions after all sessions, expected idle_minutes within absolute_hours"],
    );
    check_added(
        r#"[database]
url = "mysql://root:secret@db""#,
        &["p:44: database.url is no address of a database, expected postgres://user@host/name, or no [database] at all"],
    );
    check_added(
        r#"[storage]
endpoint = "s3""#,
        &["p:43: storage has no events, expected one", r#"p:44: storage.endpoint is "s3", expected an address that begins with https:// or http://"#],
    );
    check_added(
        r#"[storage]
events = "/srv/events"
region = "eu-1""#,
        &[r#"p:43: storage says how a bucket is reached, and events lie in a folder, expected events = "s3://bucket/prefix", or events alone"#],
    );
    for wrong in ["https://s3.example.net/bucket", "s3://", "s3://key:secret@bucket"] {
        let found = format!(r#"p:44: storage.events is "{wrong}", expected a folder, or s3://bucket/prefix"#);
        check_added(&format!("[storage]\nevents = \"{wrong}\""), &[&found]);
    }
    #[cfg(not(feature = "s3"))]
    check_added(
        r#"[storage]
events = "s3://events/lake""#,
        &[
            "p:43: storage names a bucket, expected a folder: this program was built without buckets (cargo build --release --features s3)",
            "p:43: storage has no endpoint, expected the address of the service that has the bucket",
        ],
    );
    #[cfg(feature = "s3")]
    check_added(
        r#"[storage]
events = "s3://events/lake""#,
        &["p:43: storage has no endpoint, expected the address of the service that has the bucket"],
    );
}

#[test]
fn a_cluster_is_named_by_its_address_and_its_token_stands_elsewhere() {
    check_added(
        "[events]\nengine = \"spark\"",
        &[r#"p:44: events.engine is "spark", expected embedded, or the address of a cluster such as sc://spark.example.net:15002"#],
    );
    check_added(
        "[events]\nengine = \"sc://spark.example.net/;token=secret\"",
        &["p:44: events.engine holds a token, expected it in the environment, as SPARK_CONNECT_AUTHENTICATE_TOKEN"],
    );
    check_added(
        "[events]\nengine_place = \"s3a://events\"",
        &["p:43: events says where a cluster finds the events, and names none, expected engine as well, or no engine_place"],
    );
    #[cfg(not(feature = "spark"))]
    check_added(
        "[events]\nengine = \"sc://spark.example.net\"",
        &["p:44: events.engine is a cluster, expected embedded: this program was built without clusters (cargo build --release --features spark)"],
    );
}

#[test]
fn lists_must_be_consistent() {
    check_added(
        r#"[[sector]]
id = "mobile"
title = "Mobile again""#,
        &[r#"p:44: sector[1].id is "mobile", expected an id of its own"#],
    );
    check_added(
        r#"[[subtype]]
id = "x"
title = "X"
class = "fraud"
type = "spam""#,
        &[r#"p:47: subtype[0].type is "spam", expected a type of the RSIT class "fraud""#],
    );
    check_added(
        r#"[[referral]]
id = "x"
name = "X"
covers = "Y"
sectors = ["banks"]
countries = ["x"]"#,
        &[
            "p:43: referral[0] cannot be reached, expected url or mail",
            r#"p:47: referral[0].sectors[0] is "banks", expected the id of a [[sector]]"#,
            r#"p:48: referral[0].countries[0] is "x", expected a country code of two capital letters (ISO 3166-1)"#,
        ],
    );
    check_added(
        r#"[pause_reason]
id = "x""#,
        &["p:43: pause_reason is a table, expected a list of tables, each begun with [[pause_reason]]"],
    );
}

#[test]
fn what_is_published_is_signed_by_somebody_and_a_list_is_kept_for_a_time() {
    check_added("[publications]\nsigner = \"me\"\n", &[r#"p:44: publications.signer is "me", expected one of mail-key, offline"#]);
    check_added("[publications]\nregistrations_kept_days = 0\n", &["p:44: publications.registrations_kept_days is 0, expected a whole number from 1 to 3650"]);
}

#[test]
fn what_is_sealed_must_be_taken_somewhere_and_lost_after_two_warnings() {
    check_added("[sealed]\n", &["p:43: sealed is taken nowhere, expected listen, or public = true"]);
    check_added("[sealed]\nlisten = \"8081\"\n", &[r#"p:44: sealed.listen is "8081", expected an address and port such as 127.0.0.1:8080"#]);
    check_added(
        "[sealed]\nlisten = \"127.0.0.1:8080\"\n",
        &["p:44: sealed.listen is where the web server listens, expected an address of its own, or only public = true"],
    );
    check_added("[sealed]\npublic = true\nwork_bits = 40\n", &["p:45: sealed.work_bits is 40, expected a whole number from 0 to 26"]);
    check_added("[sealed]\npublic = true\ndays_closed = 7\n", &["p:45: sealed.days_closed leaves no time for two warnings, expected 40 days or more"]);
    check_added(
        "[sealed]\npublic = true\nnotify = [\"duty\"]\n",
        &[r#"p:45: sealed.notify[0] is "duty", expected a mail address such as report@csirt.example"#],
    );
    check_added(
        "[sealed]\npublic = true\n[[sealed.intake]]\nid = \"a\"\ntitle = \"A\"\n[[sealed.intake]]\nid = \"a\"\ntitle = \"B\"\n",
        &[r#"p:49: sealed.intake[1].id is "a", expected an id of its own"#],
    );
}

#[test]
fn a_profile_that_lost_a_line_is_read_or_refused_with_a_reason() {
    for text in super::tests::EXAMPLES {
        let count = text.lines().count();
        for lost in 0..count {
            let kept = text.lines().enumerate().filter(|(number, _)| *number != lost);
            let kept: Vec<_> = kept.map(|(_, line)| line).collect();
            if let Err(faults) = Profile::parse(&kept.join("\n"), "p") {
                assert!(!faults.is_empty(), "without line {}", lost + 1);
                assert!(faults.iter().all(|fault| (1..=count).contains(&fault.line)));
            }
        }
    }
}
