//! An independent engine over the same files: DuckDB, from its Python wheel. It is given the same text
//! of each question, and what the lake counts without any engine in words of its own.

use crate::questions::{assert_alike, questions, some};
use crate::world::{self, Kept, all, engine};
use lake::query::text::Dialect;
use lake::{Error, Result, Rows, Sight, Statement, Value, View};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What reads a statement a line and answers in a line, values with their kinds before them.
const SCRIPT: &str = include_str!("oracle.py");

pub struct Oracle {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Oracle {
    pub fn start() -> Self {
        let python = std::env::var("CLUSTER_PYTHON").expect("CLUSTER_PYTHON names a Python that has DuckDB: ./test cluster sees to it");
        let mut child = Command::new(python).args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, to, from }
    }

    pub fn answer(&mut self, statement: &Statement) -> Result<Rows> {
        let place = statement.place.strip_prefix("file://").unwrap();
        let files: Vec<String> = statement.files.iter().map(|file| format!("{place}/{}", file.path)).collect();
        let parameters: BTreeMap<&str, Json> = statement.parameters.iter().map(|(name, value)| (name.as_str(), outward(value))).collect();
        writeln!(self.to, "{}", json!({ "sql": statement.sql, "parameters": parameters, "files": files })).unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        let answer: Json = serde_json::from_str(&line).unwrap();
        if let Some(error) = answer["error"].as_str() {
            return Err(Error::Engine(error.into()));
        }
        let names = answer["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().into()).collect();
        let rows = answer["rows"].as_array().unwrap().iter().map(|row| row.as_array().unwrap().iter().map(inward).collect());
        Ok(Rows { names, rows: rows.collect() })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn outward(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(value) => json!(["int", value]),
        Value::Float(value) => json!(["float", value]),
        Value::Text(text) => json!(["text", text]),
        Value::Time(micros) => json!(["time", micros]),
        Value::Date(days) => json!(["date", days]),
        Value::Bytes(bytes) => json!(["bytes", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()]),
    }
}

fn inward(value: &Json) -> Value {
    let Some(kind) = value[0].as_str() else { return Value::Null };
    let value = &value[1];
    match kind {
        "int" => Value::Int(value.as_i64().unwrap()),
        "float" => Value::Float(value.as_f64().unwrap()),
        "time" => Value::Time(value.as_i64().unwrap()),
        "date" => Value::Date(value.as_i64().unwrap() as i32),
        "bytes" => {
            let hex = value.as_str().unwrap();
            let bytes: Vec<u8> = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
            Value::Bytes(bytes.try_into().unwrap())
        }
        _ => Value::Text(value.as_str().unwrap().into()),
    }
}

#[test]
fn every_question_is_answered_as_duckdb_answers_it() {
    for of in [Kept::Plain, Kept::Erased] {
        let world = world::kept(of);
        let view = world.lake.view().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let engine = engine(scratch.path(), Vec::new());
        let mut oracle = Oracle::start();
        let some = some(&view, |view, question, sight| engine.ask(view, question, sight));
        let (mut count, mut rows) = (0, 0);
        for (name, question, sight) in questions(&some, true) {
            let ours = engine.ask(&view, &question, &sight).unwrap();
            let theirs = oracle.answer(&view.statement(&question, &sight, Dialect::Spark).unwrap()).unwrap();
            assert_alike(&name, &ours, &theirs);
            (count, rows) = (count + 1, rows + ours.len());
        }
        println!("{count} questions with {rows} rows are answered alike");
    }
}

#[test]
fn what_is_counted_without_an_engine_is_what_duckdb_counts() {
    let world = world::kept(Kept::Plain);
    let view = world.lake.view().unwrap();
    let mut oracle = Oracle::start();
    for (sight, condition) in [(Sight::All, "rank = 0"), (Sight::Holders(vec![2]), "holder = 2")] {
        let text = |column: &str| format!("coalesce({column}, '')");
        let sql = format!("SELECT day, {}, {}, count(*) FROM lake WHERE {condition} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", text("class"), text("type"));
        let theirs = ask(&mut oracle, &view, &sql);
        let ours = world.lake.tally(&view, &all(), &sight).unwrap();
        let ours: Vec<Vec<Value>> = ours
            .into_iter()
            .map(|((day, class, kind), events)| vec![Value::Date(day), Value::Text(class), Value::Text(kind), Value::Int(events as i64)])
            .collect();
        assert_eq!(ours, theirs.rows, "{sight:?}");
        let theirs =
            ask(&mut oracle, &view, &format!("SELECT coalesce(asn, 0), count(*), count(DISTINCT ip) FROM lake WHERE {condition} GROUP BY 1 ORDER BY 1"));
        let ours = world.lake.sources(&view, &all(), &sight).unwrap();
        let ours: Vec<Vec<Value>> =
            ours.into_iter().map(|(asn, (events, addresses))| vec![Value::Int(asn), Value::Int(events as i64), Value::Int(addresses as i64)]).collect();
        assert_eq!(ours, theirs.rows, "{sight:?}");
    }
    // The sums that dashboards read.
    let theirs = ask(
        &mut oracle,
        &view,
        "SELECT holder, rank = 0 AS first, coalesce(class, ''), coalesce(type, ''), coalesce(asn, 0), coalesce(country, ''), count(*) \
         FROM lake GROUP BY ALL ORDER BY ALL",
    );
    let mut sums: BTreeMap<(i64, bool, String, String, i64, String), u64> = BTreeMap::new();
    for file in world.lake.data_files().unwrap().keys() {
        for cell in world.lake.rollup(file).unwrap().unwrap().cells {
            *sums.entry((cell.holder, cell.first, cell.class, cell.r#type, cell.asn, cell.country)).or_default() += cell.events;
        }
    }
    let ours: Vec<Vec<Value>> = sums
        .into_iter()
        .map(|((holder, first, class, kind, asn, country), events)| {
            let text = Value::Text;
            vec![Value::Int(holder), Value::Int(first.into()), text(class), text(kind), Value::Int(asn), text(country), Value::Int(events as i64)]
        })
        .collect();
    assert!(ours.len() > 50);
    assert_eq!(ours, theirs.rows);
}

fn ask(oracle: &mut Oracle, view: &View, sql: &str) -> Rows {
    let of = view.statement(&lake::Question::Total { filter: all() }, &Sight::All, Dialect::Spark).unwrap();
    assert_eq!(of.files.len(), view.files().len());
    oracle.answer(&Statement { sql: sql.into(), parameters: Vec::new(), ..of }).unwrap()
}
