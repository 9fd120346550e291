//! Entry point for fuzzers: a commit of the Delta log, which on a shared store others write as well. Bytes
//! in, nothing out, and an assertion fails where a promise is broken. A bounded run over mutated seeds
//! is part of the ordinary tests.

use crate::log::{self, Action, MetaData, Snapshot};
use crate::query::text::Dialect;
use crate::query::{Filter, Question, Sight, Span, View};

/// Either the commit is refused, or it is written again as it was read, no file of it is lost from
/// sight or lies outside the table, and what it says was erased is out of sight.
///
/// # Panics
/// When one of these promises is broken.
pub fn log(data: &[u8]) {
    let Ok(actions) = log::actions(data) else { return };
    let written = log::bytes(&actions).unwrap_or_default();
    let again = log::actions(&written).and_then(|actions| log::bytes(&actions));
    assert_eq!(again.ok().as_ref(), Some(&written), "not read as it was written");
    let mut snapshot = Snapshot::empty();
    snapshot.apply(0, vec![Action::protocol(), Action::MetaData(MetaData::new(0, "00000000-0000-0000-0000-000000000000"))]);
    snapshot.apply(1, actions);
    let (Ok(()), Ok(denied)) = (snapshot.check("table"), snapshot.denied()) else { return };
    let Ok(view) = View::new("file:///table".into(), &snapshot) else { return };
    assert_eq!(view.files().len(), snapshot.files.len(), "a file is lost from sight");
    for file in view.files() {
        assert!(!file.path.starts_with('/') && !file.path.split('/').any(|part| part == ".."), "outside: {}", file.path);
    }
    let question = Question::Total { filter: Filter::new(Span { from: 0, until: 1 }) };
    let Ok(statement) = view.statement(&question, &Sight::All, Dialect::DataFusion) else { return };
    let masks = statement.sql.matches(" OR observed >= :").count();
    assert_eq!(masks, denied.len(), "what was erased is in sight: {}", statement.sql);
}
