//! The three example teams as whoever tries Atalaya meets them, and people made by the command line.

use std::path::Path;

use store::Clock;
use tokio::process::Command;

use crate::house::{Browser, Sink};
use crate::kill::{Program, open_at, profile, program_at};

/// Runs it to its end; what it printed.
async fn printed(mut command: Command) -> (bool, String) {
    let output = command.env_remove("ATALAYA_DATABASE").output().await.expect("the program runs");
    (output.status.success(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

/// An example profile as it is shipped, but for its second factor and for a listener that is no free one.
fn example(team: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles").join(team);
    let text = std::fs::read_to_string(path).expect("the profile");
    text.replace("require_totp = true", "require_totp = false").replace("listen = \"127.0.0.1:8081\"", "public = true")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_example_team_has_a_believable_demonstration_and_a_second_start_leaves_it_as_it_is() {
    // On some days of the year each team alone has missed none.
    let mut missed = 0;
    for (team, name, language, promise) in [
        ("sector.toml", "Maluti", "st", "letsatsi le le leng la mosebetsi"),
        ("registry.toml", "Meridional", "es", "dos días hábiles"),
        ("government.toml", "Alzette", "fr", "un jour ouvrable"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (here, data) = (folder.path(), folder.path().join("data"));
        std::fs::write(here.join("atalaya.toml"), example(team)).unwrap();
        let (made, said) = printed(program_at(here, &data, "demo")).await;
        assert!(made, "{team}: {said}");

        let app = open_at(here, data.clone(), Clock::System).await;
        let mut reader = app.db.read().await.unwrap();
        for (what, least, text) in [
            ("organisations", 30, "select count(*) from organisations"),
            ("reports", 60, "select count(*) from reports"),
            ("channels", 4, "select count(distinct channel) from reports"),
            ("states of reports", 3, "select count(distinct state) from reports"),
            ("cases", 25, "select count(*) from cases"),
            ("states of cases", 3, "select count(distinct state) from cases"),
            ("phases of cases", 3, "select count(distinct phase) from cases"),
            ("ends of cases", 3, "select count(distinct outcome) from cases"),
            ("messages to parties", 20, "select count(*) from messages where direction = 'out'"),
            ("answers", 10, "select count(*) from messages where direction = 'in'"),
            ("promises that run", 3, "select count(*) from clocks where state = 'running'"),
            ("promises kept", 10, "select count(*) from clocks where stopped_at <= due_at"),
        ] {
            let count = reader.count(text, vec![]).await.unwrap();
            assert!(count >= least, "{team}: {count} {what}, and {least} are meant");
        }
        missed += reader.count("select count(*) from clocks where stopped_at > due_at", vec![]).await.unwrap();
        let head = reader.journal_head().await.unwrap();
        drop(reader);
        app.db.close().await;
        drop(app);

        let (again, said) = printed(program_at(here, &data, "demo")).await;
        assert!(again, "{team}: {said}");
        let app = open_at(here, data.clone(), Clock::System).await;
        assert_eq!(app.db.read().await.unwrap().journal_head().await.unwrap(), head, "{team}");
        app.db.close().await;
        drop(app);

        let running = Program::of(program_at(here, &data, "serve"), here, None).await.unwrap();
        let visitor = Browser::new(running.place.0);
        let home = visitor.get("/").await.must(200);
        assert!(home.shows(name), "{team}: {}", home.words());
        let home = visitor.speaking(language).get("/").await.must(200);
        assert!(home.shows(promise), "{team}: {}", home.words());
        let lead = Browser::new(running.place.0);
        let _ = lead.post("/login", &[("login", "lead"), ("password", "watchtower-demo")]).await.must(303);
        for path in ["/inbox", "/cases", "/clocks", "/tasks", "/constituency"] {
            let _ = lead.get(path).await.must(200);
        }
        running.stop().await;
    }
    assert!(missed >= 1, "no promise was missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_shut_out_and_let_in_again_by_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let (here, data) = (folder.path(), folder.path().join("data"));
    std::fs::write(here.join("atalaya.toml"), profile(&Sink::start().await).replace("require_totp = true", "require_totp = false")).unwrap();
    let user = async |words: &[&str]| {
        let mut command = program_at(here, &data, "user");
        command.args(words);
        printed(command).await
    };
    let password = |said: &str| said.trim_end().rsplit_once("password: ").expect("a password").1.to_owned();

    let (added, said) = user(&["add", "moliehi", "--role", "analyst", "--name", "An analyst"]).await;
    assert!(added, "{said}");
    let first = password(&said);
    for wrong in [&["add", "moliehi", "--role", "analyst"][..], &["add", "other", "--role", "boss"], &["disable", "nobody"], &["reset", "nobody"]] {
        let (done, said) = user(wrong).await;
        assert!(!done && said.lines().count() == 1, "{wrong:?}: {said}");
    }
    let running = Program::of(program_at(here, &data, "serve"), here, None).await.unwrap();
    let log_in = async |password: &str| Browser::new(running.place.0).post("/login", &[("login", "moliehi"), ("password", password)]).await.status;
    assert_eq!(log_in(&first).await, 303);
    // The command line works beside the server.
    assert!(user(&["disable", "moliehi"]).await.0);
    assert_ne!(log_in(&first).await, 303);
    let (_, listed) = user(&["list"]).await;
    assert!(listed.contains("moliehi") && listed.contains("disabled"), "{listed}");
    let (reset, said) = user(&["reset", "moliehi"]).await;
    assert!(reset, "{said}");
    assert_ne!(log_in(&first).await, 303, "the old password is gone");
    assert_eq!(log_in(&password(&said)).await, 303);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bench_names_what_it_measured_and_prints_every_figure_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (here, data) = (folder.path(), folder.path().join("data"));
    std::fs::write(here.join("atalaya.toml"), profile(&Sink::start().await)).unwrap();
    for (only, names) in
        [("intake", &["start", "intake_api", "intake_form", "intake_mail"][..]), ("case", &["start", "case_list", "case_page", "case_page_100"])]
    {
        let mut bench = program_at(here, &data, "bench");
        bench.args(["--size", "60", "-n", "4", "--events", "0", "--json", "--only", only]);
        let (done, said) = printed(bench).await;
        assert!(done, "{said}");
        let figures: Vec<serde_json::Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!(figures.iter().map(|one| one["what"].as_str().unwrap()).collect::<Vec<_>>(), names, "{said}");
        for figure in figures {
            for key in ["size", "n", "cpu_ms", "wall_p50_ms", "wall_p99_ms", "bytes", "per_second", "rss_mb"] {
                assert!(figure[key].is_number(), "{key} of {figure}");
            }
            assert_eq!(figure["database"], "sqlite");
        }
    }
}
