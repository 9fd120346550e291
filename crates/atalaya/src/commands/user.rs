//! `atalaya user`: people from the command line, for the first admin and for the day nobody gets in.

use clap::{Args, Subcommand};
use serde_json::json;
use store::Id;

use crate::access::{Role, Who};
use crate::commands::{Ended, Place, say};
use crate::people::{self, NewPerson};
use crate::{App, Error, Result, cases, constituency};

/// Arguments of `user`.
#[derive(Debug, Args)]
#[command(mut_arg("key", |key| key.global(true)))]
pub struct User {
    #[command(flatten)]
    place: Place,
    /// Print JSON, one object a line
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a person; a password is made up and printed once, unless it comes on standard input
    Add {
        /// What they type to log in
        login: String,
        /// What others see; the log-in name if left out
        #[arg(long)]
        name: Option<String>,
        /// analyst, lead, admin, auditor or member
        #[arg(long)]
        role: String,
        /// A member's organisation, by its name
        #[arg(long)]
        organisation: Option<String>,
        /// Mail address
        #[arg(long)]
        mail: Option<String>,
        /// Language tag; the team's first if left out
        #[arg(long)]
        language: Option<String>,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody
    List,
    /// Let somebody log in no longer, and end their sessions
    Disable {
        /// Log-in name
        login: String,
        /// Who gets the restricted cases that nobody else may know of
        #[arg(long, value_name = "LOGIN")]
        cases_to: Option<String>,
    },
    /// New password (printed once), no second factor, no sessions; enables a disabled person
    Reset {
        /// Log-in name
        login: String,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Does one thing and prints what came of it.
struct Desk {
    app: App,
    json: bool,
}

impl User {
    /// Does what the command line says.
    pub async fn run(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let desk = Desk { app, json: self.json };
        let done = desk.act(self.what).await;
        desk.app.db.close().await;
        done.map_err(|error| {
            // A wrong name or a rule that says no is about what was asked; the rest is a fault.
            let code = if matches!(error, Error::NotFound | Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 };
            Ended { code, text: error.to_string() }
        })
    }
}

impl Desk {
    async fn act(&self, what: What) -> Result<()> {
        match what {
            What::Add { login, name, role, organisation, mail, language, password_stdin } => {
                let role = Role::named(&role).ok_or_else(|| Error::invalid(format!("{role}: a role is analyst, lead, admin, auditor or member")))?;
                let organisation = self.organisation(organisation.as_deref()).await?;
                let name = name.unwrap_or_else(|| login.clone());
                let language = language.unwrap_or_else(|| self.app.languages.first().to_owned());
                let password = read_password(password_stdin)?;
                if let Some(password) = &password {
                    people::check_password(password, &login)?;
                }
                let id = people::add(&self.app, &Who::Operator, NewPerson { login: login.clone(), name, mail, role, organisation, language }).await?;
                let made = match password {
                    Some(password) => people::set_password(&self.app, &Who::Operator, id, &password).await.map(|()| None)?,
                    None => Some(people::first_password(&self.app, &Who::Operator, id).await?),
                };
                self.done(id, &login, made, "added");
                Ok(())
            }
            What::List => self.list().await,
            What::Disable { login, cases_to } => {
                let id = self.person(&login).await?;
                if let Some(heir) = cases_to {
                    let heir = self.person(&heir).await?;
                    let alone = people::held_alone(&mut self.app.db.read().await?, &Who::Operator, id).await?;
                    for case in alone {
                        cases::assign(&self.app, &Who::Operator, case, Some(heir)).await?;
                    }
                }
                people::set_active(&self.app, &Who::Operator, id, false).await?;
                self.print(&format!("{login} is disabled and logged out"), &json!({ "login": login, "state": "disabled" }));
                Ok(())
            }
            What::Reset { login, password_stdin } => {
                let id = self.person(&login).await?;
                let password = read_password(password_stdin)?;
                if let Some(password) = &password {
                    people::check_password(password, &login)?;
                }
                self.reset(id, &login, password).await
            }
        }
    }

    async fn person(&self, login: &str) -> Result<Id> {
        let mut reader = self.app.db.read().await?;
        people::by_login(&mut reader, login).await?.ok_or_else(|| Error::invalid(format!("{login}: nobody has this log-in name")))
    }

    async fn organisation(&self, name: Option<&str>) -> Result<Option<Id>> {
        let Some(name) = name else { return Ok(None) };
        let mut reader = self.app.db.read().await?;
        let found = constituency::find_by_name(&mut reader, name).await?;
        found.map(|found| Some(found.id)).ok_or_else(|| Error::invalid(format!("{name}: there is no organisation of this name")))
    }

    /// Sets the password that was given, or a new one, which is printed this once.
    async fn reset(&self, id: Id, login: &str, given: Option<String>) -> Result<()> {
        let made = people::reset(&self.app, &Who::Operator, id).await?;
        let made = match given {
            Some(given) => people::set_password(&self.app, &Who::Operator, id, &given).await.map(|()| None)?,
            None => Some(made),
        };
        self.enabled(id).await?;
        self.done(id, login, made, "reset");
        Ok(())
    }

    fn done(&self, id: Id, login: &str, made: Option<String>, done: &str) {
        match made {
            Some(made) => self.print(&format!("{login} is {done}; password: {made}"), &json!({ "login": login, "id": id, "done": done, "password": made })),
            None => self.print(&format!("{login} is {done}"), &json!({ "login": login, "id": id, "done": done })),
        }
    }

    /// Lets somebody in who was disabled, once the old password is gone.
    async fn enabled(&self, id: Id) -> Result<()> {
        let active = people::one(&mut self.app.db.read().await?, &Who::Operator, id).await?.active;
        if active { Ok(()) } else { people::set_active(&self.app, &Who::Operator, id, true).await }
    }

    async fn list(&self) -> Result<()> {
        let mut reader = self.app.db.read().await?;
        for person in people::everybody(&mut reader, &Who::Operator).await? {
            let (role, state) = (person.role.name(), if person.active { "active" } else { "disabled" });
            let second = if person.second_factor { "second factor" } else { "no second factor" };
            self.print(
                &format!("{:24} {role:8} {state:9} {second:17} {}", person.login, person.name),
                &json!({ "login": person.login, "name": person.name, "role": role, "state": state, "second_factor": person.second_factor,
                         "organisation": person.organisation, "language": person.language }),
            );
        }
        Ok(())
    }

    fn print(&self, text: &str, json: &serde_json::Value) {
        say(&if self.json { json.to_string() } else { text.to_owned() });
    }
}

fn read_password(wanted: bool) -> Result<Option<String>> {
    if !wanted {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(Error::fault)?;
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}
