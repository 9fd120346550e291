//! The page of what is to be done, over all cases.

use askama::Template;
use axum::response::Response;
use store::Id;

use super::tasks::{self, Listed, MOST};
use crate::Result;
use crate::people::named;
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, page};

#[derive(Template)]
#[template(path = "cases/pages/tasks.html")]
struct TasksPage {
    shell: Shell,
    mine: bool,
    tasks: Vec<Listed>,
    staff: Vec<(Id, String)>,
}

impl TasksPage {
    fn is_late(&self, task: &Listed) -> bool {
        task.due_at.is_some_and(|due| due < self.shell.now)
    }

    fn is_full(&self) -> bool {
        self.tasks.len() >= MOST
    }
}

/// `GET /tasks`: one's own, or everybody's.
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Tasks", Room::Tasks).await?;
    let mine = asked.get("of") != "all";
    let mut reader = ctx.app.db.read().await?;
    let tasks = tasks::open_tasks(&mut reader, &ctx.who, mine).await?;
    let staff = named::staff(&mut reader).await?;
    page(&TasksPage { shell, mine, tasks, staff })
}
