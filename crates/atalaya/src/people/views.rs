//! Saved views: a list with its filters under a name, one person's own.

use serde_json::json;
use store::{Id, Reader, Record, args};

use crate::access::{Noun, Person, Verb, Who, require};
use crate::text::one_line;
use crate::{App, Error, Result};

/// Rooms whose lists can be kept.
pub const ROOMS: [&str; 4] = ["inbox", "cases", "search", "constituency"];
/// More would not fit on a line.
const MOST: i64 = 20;

/// A saved view.
#[derive(Clone, Debug)]
pub struct View {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// What follows `?` in its address.
    pub query: String,
}

/// A person's views of a room, by name.
pub async fn list(reader: &mut Reader, person: &Person, room: &str) -> Result<Vec<View>> {
    let rows: Vec<(Id, String, String)> =
        reader.rows("select id, name, query from views where person_id = $1 and room = $2 order by name", args![person.id, room]).await?;
    Ok(rows.into_iter().map(|(id, name, query)| View { id, name, query }).collect())
}

/// Keeps a view; one of the same name is replaced.
pub async fn save(app: &App, who: &Who, room: &str, name: &str, query: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Search)?;
    let person = who.person().ok_or(Error::NotFound)?;
    let name = one_line(name);
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Error::invalid("Give the view a name of up to 60 letters."));
    }
    if !ROOMS.contains(&room) || query.len() > 2000 || query.contains(['#', '\n', '"', '<']) {
        return Err(Error::invalid("This list cannot be kept as a view."));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let count = tx.count("select count(*) from views where person_id = $1 and room = $2 and name <> $3", args![person.id, room, &name]).await?;
            if count >= MOST {
                return Err(Error::conflict(format!("You have {MOST} views here already. Remove one first.")));
            }
            let id = tx.new_id();
            tx.execute(
                "insert into views (id, person_id, room, name, query) values ($1, $2, $3, $4, $5) \
                 on conflict (person_id, room, name) do update set query = excluded.query",
                args![id, person.id, room, &name, query],
            )
            .await?;
            tx.record(Record::new("view.saved", "view", person.id).facts(json!({ "room": room })).particulars(json!({ "name": name, "query": query })));
            Ok(())
        })
        .await
}

/// Removes one of a person's own views. Says its room.
pub async fn remove(app: &App, who: &Who, id: Id) -> Result<String> {
    require(who, Verb::Change, Noun::Search)?;
    let person = who.person().ok_or(Error::NotFound)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let room: Option<String> = tx.value("select room from views where id = $1 and person_id = $2", args![id, person.id]).await?;
            let room = room.ok_or(Error::NotFound)?;
            tx.execute("delete from views where id = $1", args![id]).await?;
            tx.record(Record::new("view.removed", "view", id).facts(json!({ "room": room })));
            Ok(room)
        })
        .await
}
