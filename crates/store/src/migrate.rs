//! Migrations: one portable SQL text, with the few lines that differ marked.
//!
//! Lines between `--@sqlite` or `--@postgres` and `--@end` belong to that database only.
//! Statements end with `;` at the end of a line; a line `--@whole` before a statement that holds
//! such lines itself (a function body) makes it end at the next `--@end`.

use crate::run;
use crate::{Db, Result, args};

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its name, like `0001_start`; steps run in the order given, once.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Db {
    /// Runs the steps that this database has not seen yet.
    pub async fn migrate(&self, steps: &[Migration]) -> Result<()> {
        self.keep_house(async |tx| {
            let postgres = tx.is_postgres();
            if postgres {
                // Two nodes may start at once; one of them waits here.
                tx.reader.any("select pg_advisory_xact_lock(70617)", vec![]).await?;
            }
            let create = "create table if not exists migrations (name TEXT primary key, at BIGINT not null)";
            run::execute(tx.reader.connection()?, create, vec![]).await?;
            for step in steps {
                let done: Option<String> = tx.value("select name from migrations where name = $1", args![step.name]).await?;
                if done.is_some() {
                    continue;
                }
                for statement in statements(step.text, postgres) {
                    run::execute(tx.reader.connection()?, &statement, vec![]).await?;
                }
                let now = tx.now();
                let note = "insert into migrations (name, at) values ($1, $2)";
                run::execute(tx.reader.connection()?, note, args![step.name, now]).await?;
            }
            Ok(())
        })
        .await
    }
}

/// The statements of a step for one of the two databases.
fn statements(text: &str, postgres: bool) -> Vec<String> {
    let mut out = Vec::new();
    let mut current = String::new();
    let (mut skipping, mut whole) = (false, false);
    for line in text.lines() {
        match line.trim() {
            "--@sqlite" => skipping = postgres,
            "--@postgres" => skipping = !postgres,
            "--@whole" => whole = true,
            "--@end" => {
                if whole && !current.trim().is_empty() {
                    out.push(std::mem::take(&mut current));
                }
                (skipping, whole) = (false, false);
            }
            comment if comment.starts_with("--") => {}
            _ if skipping => {}
            _ => {
                current.push_str(line);
                current.push('\n');
                if !whole && line.trim_end().ends_with(';') {
                    out.push(std::mem::take(&mut current));
                }
            }
        }
    }
    if !current.trim().is_empty() {
        out.push(current);
    }
    out
}
