//! People: log-in, second factor, sessions, and the limits on guessing.

use atalaya::access::{Role, Who};
use atalaya::people;
use data_encoding::BASE32_NOPAD;
use store::Id;

use crate::house::{Browser, House, PASSWORD};

/// A person with a password, who has not logged in yet.
async fn newcomer(house: &House, role: Role) -> (Id, String) {
    let id = house.person(role, None).await;
    people::set_password(&house.app, &Who::Operator, id, PASSWORD).await.unwrap();
    let login = house.rows::<(String,)>("select login from people where id = $1", store::args![id]).await.remove(0).0;
    (id, login)
}

/// Logs a newcomer in for the first time; gives the secret of the second factor and the recovery codes.
async fn enrol(house: &House, browser: &Browser, login: &str) -> (Vec<u8>, Vec<String>) {
    let answer = browser.post("/login", &[("login", login), ("password", PASSWORD)]).await.must(303);
    assert!(answer.location().unwrap().starts_with("/login/enrol"), "{answer:?}");
    let page = browser.get("/login/enrol").await.must(200);
    let secret = BASE32_NOPAD.decode(page.between("<p class=\"secret\">", "</p>").replace(' ', "").as_bytes()).unwrap();
    let done = browser.post("/login/enrol", &[("code", &code(house, &secret))]).await.must(200);
    let codes = done.between("id=\"codes\"><li>", "</li></ul>").split("</li><li>").map(str::to_owned).collect();
    (secret, codes)
}

fn code(house: &House, secret: &[u8]) -> String {
    people::code_at(secret, house.app.now()).unwrap()
}

/// A browser at its own address.
fn elsewhere(house: &House, address: &str) -> Browser {
    let browser = house.visitor();
    browser.set_header("x-forwarded-for", address);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_enrols_a_second_factor_and_needs_it_from_then_on() {
    for house in House::both().await {
        let (_, login) = newcomer(&house, Role::Analyst).await;
        let first = house.visitor();
        let (secret, codes) = enrol(&house, &first, &login).await;
        assert_eq!(codes.len(), 8, "on {}", house.on);
        let account = first.get("/account").await.must(200);
        assert!(account.shows("8 recovery codes are left"), "{}", account.words());
        assert!(!account.text().contains(&codes[0]), "recovery codes are shown once");

        // The secret lies sealed.
        let kept = house.rows::<(String,)>("select totp_secret from people where totp_secret is not null", vec![]).await.remove(0).0;
        assert!(!kept.contains(&BASE32_NOPAD.encode(&secret)));

        let second = house.visitor();
        let answer = second.post("/login", &[("login", &login), ("password", PASSWORD), ("next", "/account")]).await.must(303);
        assert_eq!(answer.location().unwrap(), "/login/code?next=%2Faccount");
        let half = second.get("/account").await;
        assert!(half.location().unwrap().starts_with("/login"), "half a log-in opens nothing");
        assert_eq!(second.post("/login/code", &[("code", &code(&house, &secret))]).await.status, 422, "the code of the enrolment counts once");
        assert_eq!(second.post("/login/code", &[("code", "123456")]).await.status, 422);
        house.later(1);
        let before = second.cookie("session");
        let now = code(&house, &secret);
        let answer = second.post("/login/code", &[("code", &now), ("next", "/account")]).await.must(303);
        assert_eq!(answer.location().unwrap(), "/account");
        assert_ne!(before, second.cookie("session"), "a new stage has a new session");
        second.get("/account").await.must(200);

        // Somebody who looked over the shoulder comes too late with the same code.
        let third = house.visitor();
        third.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
        assert_eq!(third.post("/login/code", &[("code", &now)]).await.status, 422);
        // A recovery code lets in once.
        third.post("/login/code", &[("code", &codes[0])]).await.must(303);
        third.get("/account").await.must(200);
        let fourth = house.visitor();
        fourth.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
        assert_eq!(fourth.post("/login/code", &[("code", &codes[0])]).await.status, 422);
        let done = house.done().await;
        assert_eq!(done.iter().filter(|verb| *verb == "person.logged_in").count(), 3, "{done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_and_a_wrong_password_look_the_same() {
    let house = House::sqlite().await;
    let (id, login) = newcomer(&house, Role::Analyst).await;
    let wrong = house.visitor().post("/login", &[("login", &login), ("password", "not the password")]).await.must(422);
    let unknown = house.visitor().post("/login", &[("login", "nobody"), ("password", "not the password")]).await.must(422);
    assert_eq!(wrong.text().replace(&login, ""), unknown.text().replace("nobody", ""));
    people::set_active(&house.app, &Who::Operator, id, false).await.unwrap();
    let disabled = house.visitor().post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(422);
    assert_eq!(wrong.text(), disabled.text(), "a disabled person looks like a wrong password");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attacker_is_stopped_and_the_true_user_is_not() {
    let house = House::sqlite().await;
    let (_, login) = newcomer(&house, Role::Analyst).await;
    let own = elsewhere(&house, "192.0.2.10");
    let (secret, _) = enrol(&house, &own, &login).await;
    own.post("/logout", &[]).await.must(303);
    house.later(1);

    // One address tries, and is stopped even with the right password.
    let attacker = elsewhere(&house, "198.51.100.7");
    for _ in 0..5 {
        assert_eq!(attacker.post("/login", &[("login", &login), ("password", "guess of the day")]).await.status, 422);
    }
    assert_eq!(attacker.post("/login", &[("login", &login), ("password", PASSWORD)]).await.status, 429);
    // Many addresses try: each has one try left in the end.
    for n in 0..60 {
        elsewhere(&house, &format!("203.0.113.{n}")).post("/login", &[("login", &login), ("password", "guess of the day")]).await;
    }
    let late = elsewhere(&house, "203.0.113.200");
    assert_eq!(late.post("/login", &[("login", &login), ("password", "guess of the day")]).await.status, 422);
    assert_eq!(late.post("/login", &[("login", &login), ("password", "guess of the day")]).await.status, 429);

    // The true user goes on: on their own browser, at the attacker's own address even.
    own.set_header("x-forwarded-for", "198.51.100.7");
    own.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
    own.post("/login/code", &[("code", &code(&house, &secret))]).await.must(303);
    own.get("/account").await.must(200);
    // And on a new browser from a new address.
    let new = elsewhere(&house, "192.0.2.99");
    new.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);

    // A quarter of an hour later everybody may try again, and a mark made up opens nothing.
    house.later(16);
    assert_eq!(attacker.post("/login", &[("login", &login), ("password", "guess of the day")]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mark_of_a_known_browser_cannot_be_made_up_or_lent_to_another_name() {
    let house = House::sqlite().await;
    let (_, one) = newcomer(&house, Role::Analyst).await;
    let (_, other) = newcomer(&house, Role::Analyst).await;
    let thief = elsewhere(&house, "198.51.100.8");
    enrol(&house, &thief, &one).await;
    thief.post("/logout", &[]).await.must(303);
    for _ in 0..5 {
        thief.post("/login", &[("login", &other), ("password", "guess of the day")]).await;
    }
    assert_eq!(thief.post("/login", &[("login", &other), ("password", "guess of the day")]).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_cannot_be_guessed_and_a_recovery_code_always_helps() {
    let house = House::sqlite().await;
    let (_, login) = newcomer(&house, Role::Lead).await;
    let (_, codes) = enrol(&house, &house.visitor(), &login).await;
    let thief = elsewhere(&house, "198.51.100.9");
    let mut refused = 0;
    for n in 0..25 {
        thief.post("/login", &[("login", &login), ("password", PASSWORD)]).await;
        refused = thief.post("/login/code", &[("code", &format!("{n:06}"))]).await.status;
    }
    assert_eq!(refused, 429);
    let user = elsewhere(&house, "192.0.2.50");
    user.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
    user.post("/login/code", &[("code", &codes[3].to_uppercase().replace('-', " "))]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_revoked_and_end_by_themselves() {
    let house = House::sqlite().await;
    let id = house.person(Role::Auditor, None).await;
    let (desk, phone) = (house.login(id).await, house.login(id).await);
    let page = desk.get("/account").await.must(200);
    assert!(page.shows("this one"));
    let key = page.between("name=\"session\" value=\"", "\"");
    desk.post("/account/sessions", &[("session", &key)]).await.must(303);
    assert!(phone.get("/account").await.location().unwrap().starts_with("/login"));
    desk.get("/account").await.must(200);
    house.later(59);
    desk.get("/account").await.must(200);
    house.later(61);
    assert!(desk.get("/account").await.location().unwrap().starts_with("/login"), "an idle session ends");
    let long = house.login(id).await;
    for _ in 0..13 {
        house.later(55);
        long.get("/account").await;
    }
    long.get("/account").await.must(200);
    house.later(30);
    assert!(long.get("/account").await.location().is_some(), "every session ends after its hours");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_is_refused() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let send = async |headers: &[(&str, &str)]| analyst.send("POST", "/account", headers, b"name=Changed&language=en").await.status;
    assert_eq!(send(&[form, ("origin", "https://attacker.example")]).await, 422);
    assert_eq!(send(&[form, ("origin", "null")]).await, 422);
    assert_eq!(send(&[form]).await, 422, "a cookie of ours and no word where it came from");
    assert_eq!(send(&[form, ("sec-fetch-site", "cross-site")]).await, 422);
    assert_eq!(send(&[form, ("sec-fetch-site", "same-origin")]).await, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_in_leads_to_our_own_pages_only() {
    let house = House::with(|profile| profile.staff.require_totp = false).await;
    let (_, login) = newcomer(&house, Role::Analyst).await;
    for next in ["https://attacker.example/", "//attacker.example", "/\\attacker.example", "javascript:alert(1)", "/\t/attacker.example", "/\u{85}x\\y"] {
        let answer = house.visitor().post("/login", &[("login", &login), ("password", PASSWORD), ("next", next)]).await.must(303);
        assert_eq!(answer.location().unwrap(), "/inbox", "{next}");
    }
    let answer = house.visitor().post("/login", &[("login", &login), ("password", PASSWORD), ("next", "/cases?state=open")]).await.must(303);
    assert_eq!(answer.location().unwrap(), "/cases?state=open");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_starts_where_its_work_is() {
    let house = House::with(|profile| profile.staff.require_totp = false).await;
    let organisation = house.organisation("Start Example").await;
    for (role, home) in [(Role::Lead, "/inbox"), (Role::Auditor, "/journal"), (Role::Member, "/member")] {
        let id = house.person(role, (role == Role::Member).then_some(organisation)).await;
        people::set_password(&house.app, &Who::Operator, id, PASSWORD).await.unwrap();
        let login = house.rows::<(String,)>("select login from people where id = $1", store::args![id]).await.remove(0).0;
        let browser = house.visitor();
        let answer = browser.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
        assert_eq!(answer.location().unwrap(), home);
        browser.get("/account").await.must(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_keeps_people_groups_and_tokens_and_a_lead_looks_on() {
    for house in House::both().await {
        let admin = house.login_as(Role::Admin).await;
        let new = [("login", "Nova.Dev"), ("name", "Nova Desk"), ("role", "analyst"), ("language", "en"), ("mail", "")];
        let page = admin.post("/people/new", &new).await.must(200);
        let password = page.between("id=\"password\">", "</p>");
        assert_eq!(admin.post("/people/new", &new).await.status, 409, "on {}", house.on);
        assert_eq!(admin.post("/people/new", &[("login", "x y"), ("name", "Spaced"), ("role", "analyst")]).await.status, 422);
        let member = [("login", "m"), ("name", "Member Desk"), ("role", "member"), ("organisation", "Nobody at All")];
        let answer = admin.post("/people/new", &member).await.must(422);
        assert!(answer.shows("Nobody at All") && answer.input("login") == "m", "what was typed is still there");

        let desk = house.visitor();
        let answer = desk.post("/login", &[("login", "nova.dev"), ("password", &password)]).await.must(303);
        assert!(answer.location().unwrap().starts_with("/login/enrol"));

        let list = admin.get("/people").await.must(200);
        let nova = list.links("/people/").into_iter().find(|link| list.text().contains(&format!("{link}\">Nova Desk"))).unwrap();
        let id = nova.rsplit('/').next().unwrap().to_owned();
        admin.post("/people/groups", &[("name", "Elections")]).await.must(303);
        let group = admin.get("/people").await.between("action=\"/people/groups/", "\"");
        admin.post(&format!("/people/groups/{group}"), &[("person", &id), ("do", "join")]).await.must(303);
        assert!(admin.get("/people").await.shows("Take out Nova Desk"));

        let made = admin.post("/people/tokens", &[("name", "Sensor at the border")]).await.must(200);
        let secret = made.between("id=\"token\">", "</p>");
        assert!(matches!(people::token(&house.app, &secret, "reports").await.unwrap(), Some(Who::Token { organisation: None, .. })));
        assert!(!admin.get("/people").await.text().contains(&secret), "a token is shown once");
        let end = admin.get("/people").await.between("action=\"/people/tokens/", "\"");
        admin.post(&format!("/people/tokens/{end}"), &[]).await.must(303);
        assert_eq!(people::token(&house.app, &secret, "reports").await.unwrap(), None);

        admin.post(&nova, &[("do", "disable")]).await.must(303);
        assert_eq!(desk.get("/login/enrol").await.status, 303, "who is disabled is outside at once");
        let alone = format!("/people/{}", admin.person());
        assert_eq!(admin.post(&alone, &[("do", "disable")]).await.status, 409, "the last admin stays");

        let lead = house.login_as(Role::Lead).await;
        let seen = lead.get("/people").await.must(200);
        assert!(seen.shows("Nova Desk") && !seen.shows("Add a person"));
        assert_eq!(lead.post(&nova, &[("do", "enable")]).await.status, 404);
        let journal = house.journal().await;
        assert!(journal.iter().all(|line| !line.facts.contains("Nova")), "names stand where they can be erased");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_never_overwritten_by_a_log_in_that_began_before_it() {
    for house in House::both().await {
        let (_, login) = newcomer(&house, Role::Analyst).await;
        // Two know the password before there is a second factor; the thief's page stays open.
        let thief = house.visitor();
        thief.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
        let page = thief.get("/login/enrol").await.must(200);
        let stolen = BASE32_NOPAD.decode(page.between("<p class=\"secret\">", "</p>").replace(' ', "").as_bytes()).unwrap();
        let session = thief.cookie("session").unwrap();
        let (secret, _) = enrol(&house, &house.visitor(), &login).await;
        thief.set_cookie("session", &session);
        assert_eq!(thief.post("/login/enrol", &[("code", &code(&house, &stolen))]).await.status, 401, "on {}", house.on);
        house.later(1);
        let user = house.visitor();
        user.post("/login", &[("login", &login), ("password", PASSWORD)]).await.must(303);
        user.post("/login/code", &[("code", &code(&house, &secret))]).await.must(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_alone_knows_of_a_restricted_case_does_not_leave_with_it() {
    for house in House::both().await {
        let admin = house.login_as(Role::Admin).await;
        let owner = house.login_as(Role::Analyst).await;
        let who = crate::triage::person_of(&owner, Role::Analyst);
        let new = crate::reports::told(&house.app, "form", "Quiet", "192.0.2.7", "");
        let report = crate::triage::receive(&house, atalaya::reports::NewReport { acknowledge: false, ..new }).await;
        let number = crate::triage::restricted_case(&house, &who, "The minister's telephone", report.id).await;
        let page = format!("/people/{}", owner.person());
        let refused = admin.post(&page, &[("do", "disable")]).await.must(409);
        assert!(refused.shows("1 restricted case is known to this person only") && !refused.shows(&number), "on {}: {}", house.on, refused.words());
        let form = [("login", "analyst9"), ("name", "Somebody"), ("role", "auditor"), ("language", "en")];
        admin.post(&page, &form).await.must(409);
        owner.get("/account").await.must(200);
        // With a group, others know of it too.
        let group = people::add_group(&house.app, &Who::Operator, "Ministers").await.unwrap();
        people::set_membership(&house.app, &Who::Operator, group, owner.person(), true).await.unwrap();
        let case = atalaya::cases::find(&mut house.app.db.read().await.unwrap(), &Who::Operator, &number).await.unwrap();
        atalaya::cases::restrict(&house.app, &Who::Operator, case.id, true, Some(group)).await.unwrap();
        let alone = admin.post(&page, &[("do", "disable")]).await.must(409);
        assert!(alone.shows("1 restricted case is known to this person only"), "on {}: nobody else is in the group", house.on);
        let (second, auditor) = (house.person(Role::Analyst, None).await, house.login_as(Role::Analyst).await.person());
        for person in [second, auditor] {
            people::set_membership(&house.app, &Who::Operator, group, person, true).await.unwrap();
        }
        // Whoever cannot log in any more, or is of the team no more, knows of nothing.
        people::set_active(&house.app, &Who::Operator, auditor, false).await.unwrap();
        admin.post(&page, &[("do", "disable")]).await.must(303);
        // Now one person knows of it, by the group alone, and leaves neither the group nor the house with it.
        let left = people::set_membership(&house.app, &Who::Operator, group, second, false).await;
        assert!(matches!(left, Err(atalaya::Error::Conflict(ref text)) if text.contains("nobody who can log in would be left")), "on {}: {left:?}", house.on);
        let disabled = people::set_active(&house.app, &Who::Operator, second, false).await;
        assert!(matches!(disabled, Err(atalaya::Error::Conflict(_))), "on {}: {disabled:?}", house.on);
        people::set_active(&house.app, &Who::Operator, owner.person(), true).await.unwrap();
        people::set_membership(&house.app, &Who::Operator, group, second, false).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_case_is_restricted_to_a_group_that_nobody_is_in() {
    for house in House::both().await {
        let lead = house.login_as(Role::Lead).await;
        let who = crate::triage::person_of(&lead, Role::Lead);
        let empty = people::add_group(&house.app, &Who::Operator, "Nobody").await.unwrap();
        let new = |group| atalaya::cases::NewCase { kind: "advice".into(), title: "Quiet".into(), group: Some(group), ..Default::default() };
        let unknown = store::Id([7; 16]);
        let refused = atalaya::cases::open(&house.app, &who, new(unknown)).await;
        assert!(matches!(refused, Err(atalaya::Error::Invalid(ref text)) if text == "Choose a group"), "on {}: {refused:?}", house.on);
        // Its owner knows of it, until they leave it to the group.
        let case = atalaya::cases::open(&house.app, &who, new(empty)).await.unwrap();
        for refused in
            [atalaya::cases::assign(&house.app, &who, case.id, None).await, atalaya::cases::open(&house.app, &Who::Operator, new(empty)).await.map(drop)]
        {
            assert!(matches!(refused, Err(atalaya::Error::Invalid(_))), "on {}: {refused:?}", house.on);
        }
        people::set_membership(&house.app, &Who::Operator, empty, lead.person(), true).await.unwrap();
        atalaya::cases::assign(&house.app, &who, case.id, None).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_as_many_views_as_fit_one_of_them_can_still_be_changed() {
    let house = House::sqlite().await;
    let desk = house.login_as(Role::Analyst).await;
    let keep = async |name: &str, query: &str| desk.post("/views", &[("room", "search"), ("name", name), ("query", query)]).await.status;
    for n in 0..20 {
        assert_eq!(keep(&format!("View {n}"), "q=a").await, 303);
    }
    assert_eq!(keep("One more", "q=a").await, 409);
    assert_eq!(keep("View 7", "q=b").await, 303);
    assert!(desk.get("/search").await.must(200).text().contains("q=b"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_when_the_session_had_ended_is_sent_again_after_logging_in_and_never_a_password() {
    let house = House::sqlite().await;
    let desk = house.login_as(Role::Analyst).await;
    let session = desk.cookie("session").unwrap();
    desk.forget("session");
    let page = desk.post("/views", &[("room", "search"), ("name", "Floods & more"), ("query", "q=flood")]).await.must(401);
    assert_eq!((page.input("name").as_str(), page.input("query").as_str()), ("Floods &#38; more", "q=flood"));
    assert!(page.text().contains("action=\"/views\""));
    let secret = desk.post("/account/password", &[("old", PASSWORD), ("new", "four unusual words"), ("again", "four unusual words")]).await.must(401);
    assert!(!secret.text().contains("four unusual words") && !secret.text().contains(PASSWORD));
    let files: &[(&str, &str, &str, &[u8])] = &[("files", "log.txt", "text/plain", b"lines")];
    let with_files = desk.upload("/member/reports/R-2026-000001", &[("words", "It goes on.")], files).await.must(401);
    assert_eq!(with_files.input("words"), "It goes on.");
    assert!(with_files.text().contains("multipart/form-data") && with_files.text().contains("type=\"file\" name=\"files\""));
    assert_eq!(house.rows::<(i64,)>("select count(*) from views", vec![]).await[0].0, 0, "nothing is done before the button is pressed");
    desk.set_cookie("session", &session);
    desk.post("/views", &[("room", "search"), ("name", "Floods & more"), ("query", "q=flood")]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_changes_password_and_second_factor_of_their_own() {
    let house = House::sqlite().await;
    let (id, login) = newcomer(&house, Role::Analyst).await;
    let (desk, other) = (house.login(id).await, house.login(id).await);
    let change = async |old: &str, new: &str, again: &str| desk.post("/account/password", &[("old", old), ("new", new), ("again", again)]).await.status;
    assert_eq!(change("wrong", "four unusual words here", "four unusual words here").await, 422);
    assert_eq!(change(PASSWORD, "short", "short").await, 422);
    assert_eq!(change(PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa").await, 422);
    assert_eq!(change(PASSWORD, "four unusual words here", "four unusual words there").await, 422);
    assert_eq!(change(PASSWORD, "four unusual words here", "four unusual words here").await, 303);
    desk.get("/account").await.must(200);
    assert!(other.get("/account").await.location().is_some(), "all other sessions end");

    let page = desk.get("/account/factor").await.must(200);
    let secret = BASE32_NOPAD.decode(page.between("<p class=\"secret\">", "</p>").replace(' ', "").as_bytes()).unwrap();
    let wrong = desk.post("/account/factor", &[("old", "four unusual words here"), ("code", "000000")]).await.must(422);
    assert!(wrong.text().contains("<p class=\"secret\">"), "the same secret is offered again");
    let done = desk.post("/account/factor", &[("old", "four unusual words here"), ("code", &code(&house, &secret))]).await.must(200);
    assert!(done.shows("Your recovery codes"));
    assert_eq!(desk.post("/account/factor/remove", &[("old", "four unusual words here")]).await.status, 409, "the team asks for one");

    house.later(1);
    let new = house.visitor();
    let answer = new.post("/login", &[("login", &login), ("password", "four unusual words here")]).await.must(303);
    assert!(answer.location().unwrap().starts_with("/login/code"));
    new.post("/login/code", &[("code", &code(&house, &secret))]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_reads_the_pages_in_spanish() {
    let house = House::sqlite().await;
    let organisation = house.organisation("Idioma Example").await;
    let member = house.login_as_member_of(organisation).await.speaking("es");
    house.visitor().speaking("es").get("/login").await.must(200);
    assert!(house.visitor().speaking("es").get("/login").await.shows("Contraseña"));
    member.set_cookie("language", "es");
    assert!(member.get("/account").await.must(200).shows("Su acceso"));
}
