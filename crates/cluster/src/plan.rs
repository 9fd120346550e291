//! A statement as Spark Connect's plan: the text with its parameters, and `lake` as the files that are
//! live. Everything a question needs is in its plan, so questions know nothing of each other.

use bytes::Bytes;
use lake::schema::{COLUMNS, DAY, Kind};
use lake::{Error, Result, Statement, Value};
use spark_connect_proto::expression::{ExprType, Literal, literal::LiteralType};
use spark_connect_proto::relation::RelType;
use spark_connect_proto::{DataType, Expression, Plan, Read, Relation, Sql, SubqueryAlias, WithRelations, data_type, plan, read};

/// The plan of a statement. `place`: where the cluster finds the lake, if it is elsewhere for it.
pub(crate) fn of(statement: &Statement, place: Option<&str>) -> Result<Plan> {
    let named_arguments = statement.parameters.iter().map(|(name, value)| (name.clone(), literal(value)));
    let text = relation(RelType::Sql(Sql { query: statement.sql.clone(), named_arguments: named_arguments.collect(), ..Sql::default() }));
    let place = place.map_or_else(|| by_hadoop(&statement.place), ToOwned::to_owned);
    let lake = relation(RelType::SubqueryAlias(Box::new(SubqueryAlias {
        input: Some(Box::new(files(statement, place.trim_end_matches('/'))?)),
        alias: "lake".into(),
        ..SubqueryAlias::default()
    })));
    let whole = relation(RelType::WithRelations(Box::new(WithRelations { root: Some(Box::new(text)), references: vec![lake] })));
    Ok(Plan { op_type: Some(plan::OpType::Root(whole)) })
}

/// The live files as a table. Where there are none, a table without rows: Spark wants to read something.
fn files(statement: &Statement, place: &str) -> Result<Relation> {
    if statement.files.is_empty() {
        let none: Vec<String> = columns().map(|(name, kind)| format!("CAST(NULL AS {kind}) AS `{name}`")).collect();
        let query = format!("SELECT {} WHERE false", none.join(", "));
        return Ok(relation(RelType::Sql(Sql { query, ..Sql::default() })));
    }
    // A path with these signs would be taken for a pattern.
    if place.contains(['*', '?', '[', ']', '{', '}', '\\', ',']) {
        return Err(Error::Question(format!("{place}: a cluster reads no place with such a name")));
    }
    let paths = statement.files.iter().map(|file| format!("{place}/{}", file.path)).collect();
    let schema: Vec<String> = columns().map(|(name, kind)| format!("`{name}` {kind}")).collect();
    let source = read::DataSource {
        format: Some("parquet".into()),
        schema: Some(schema.join(", ")),
        // The day stands in the path below this.
        options: [("basePath".to_owned(), place.to_owned())].into(),
        paths,
        ..read::DataSource::default()
    };
    Ok(relation(RelType::Read(Read { read_type: Some(read::ReadType::DataSource(source)), ..Read::default() })))
}

/// All columns with Spark's names of their kinds, the day last.
fn columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kind = |kind: Kind| match kind {
        Kind::Id | Kind::Address => "BINARY",
        Kind::Long => "BIGINT",
        Kind::Steps | Kind::Int => "INT",
        Kind::Byte => "TINYINT",
        Kind::Time => "TIMESTAMP",
        Kind::Word | Kind::Text => "STRING",
    };
    COLUMNS.iter().map(move |(name, of, _)| (*name, kind(*of))).chain([(DAY, "DATE")])
}

/// Hadoop, by which Spark reads buckets, has another word for them.
fn by_hadoop(place: &str) -> String {
    place.strip_prefix("s3://").map_or_else(|| place.to_owned(), |rest| format!("s3a://{rest}"))
}

fn relation(of: RelType) -> Relation {
    Relation { rel_type: Some(of), ..Relation::default() }
}

fn literal(value: &Value) -> Expression {
    let value = match value {
        Value::Null => LiteralType::Null(DataType { kind: Some(data_type::Kind::Null(data_type::Null::default())) }),
        Value::Int(value) => LiteralType::Long(*value),
        Value::Float(value) => LiteralType::Double(*value),
        Value::Text(text) => LiteralType::String(text.clone()),
        Value::Time(micros) => LiteralType::Timestamp(*micros),
        Value::Date(days) => LiteralType::Date(*days),
        Value::Bytes(bytes) => LiteralType::Binary(Bytes::copy_from_slice(bytes)),
    };
    Expression { expr_type: Some(ExprType::Literal(Literal { literal_type: Some(value), ..Literal::default() })), ..Expression::default() }
}
