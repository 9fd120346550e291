//! The real cluster against the engine in the process: equal answers, row by row, whatever dies
//! meanwhile.

use crate::questions::{assert_alike, questions, some};
use crate::spark::Spark;
use crate::wire::Wire;
use crate::world::{Kept, World, all, engine, kept};
use ::cluster::{Cluster, Settings};
use ::engine::Engine;
use lake::query::By;
use lake::query::text::Dialect;
use lake::{Error, Question, Rows, Sight, Statement, Value};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the data files are there once more where a question shall take long.
const COPIES: usize = 40;

fn client(address: &str, time: Duration) -> Cluster {
    Cluster::new(&Settings { address, token: None, place: None, time }).unwrap()
}

const LONG: Duration = Duration::from_mins(5);

/// A question that takes a cluster of two cores some seconds, and its answer.
struct Slow {
    statement: Statement,
    expected: Rows,
}

/// Each file under many names, so that much is read and little is kept.
fn slow(world: &World, engine: &Engine) -> Slow {
    let view = world.lake.view().unwrap();
    let question = Question::Counts { filter: all(), by: By::Port, limit: 100 };
    let mut expected = engine.ask(&view, &question, &Sight::All).unwrap();
    let events = expected.names.iter().position(|name| name == "events").unwrap();
    for row in &mut expected.rows {
        row[events] = Value::Int(row[events].int().unwrap() * COPIES as i64);
    }
    let mut statement = view.statement(&question, &Sight::All, Dialect::Spark).unwrap();
    let root = std::path::PathBuf::from(statement.place.strip_prefix("file://").unwrap());
    let copies = statement.files.iter().flat_map(|file| {
        let root = &root;
        (0..COPIES).map(move |copy| {
            let path = file.path.replace(".parquet", &format!("-copy-{copy}.parquet"));
            std::fs::hard_link(root.join(&file.path), root.join(&path)).unwrap();
            lake::query::DataFile { path, ..file.clone() }
        })
    });
    statement.files = copies.collect();
    Slow { statement, expected }
}

fn plainly(answer: lake::Result<Rows>, part: &str) {
    let Err(Error::Engine(text)) = answer else { panic!("{answer:?} instead of {part}") };
    assert!(text.contains(part) && text.lines().count() == 1, "{text}");
}

/// Does something while the cluster works on the long question.
fn meanwhile(spark: &mut Spark, cluster: &Cluster, slow: &Slow, busy: usize, strike: impl FnOnce(&mut Spark)) -> lake::Result<Rows> {
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| cluster.answer(&slow.statement));
        spark.wait_until_busy(busy);
        assert!(!asked.is_finished(), "it was too quick to be struck");
        strike(spark);
        asked.join().unwrap()
    })
}

/// A cluster, one at a time: two of them would take each other's cores.
pub struct Story {
    pub spark: Spark,
    began: Instant,
    _folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Story {
    pub fn begin() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let (folder, began) = (tempfile::tempdir().unwrap(), Instant::now());
        let story = Self { spark: Spark::start(folder.path()), began, _folder: folder, _turn: turn };
        story.told("the cluster stands");
        story
    }

    pub fn told(&self, what: &str) {
        println!("{:5.1} s  {what}", self.began.elapsed().as_secs_f64());
    }
}

#[test]
fn a_cluster_answers_every_question_as_the_engine_in_the_process_does() {
    let story = Story::begin();
    let scratch = tempfile::tempdir().unwrap();
    let engine = engine(scratch.path(), Vec::new());
    let cluster = client(&story.spark.address(), LONG);
    for (of, filters) in [(Kept::Plain, true), (Kept::Erased, false)] {
        let world = kept(of);
        let view = world.lake.view().unwrap();
        let some = some(&view, |view, question, sight| engine.ask(view, question, sight));
        let all = questions(&some, filters);
        for (name, question, sight) in &all {
            let ours = engine.ask(&view, question, sight).unwrap();
            let theirs = cluster.ask(&view, question, sight).unwrap();
            assert_alike(name, &ours, &theirs);
        }
        story.told(&format!("{} questions were answered alike", all.len()));
    }
}

#[test]
fn a_cluster_that_loses_machines_answers_right_and_what_fails_is_said_and_can_be_asked_again() {
    let mut story = Story::begin();
    let scratch = tempfile::tempdir().unwrap();
    let engine = engine(scratch.path(), Vec::new());
    let world = &kept(Kept::Plain);
    let cluster = client(&story.spark.address(), LONG);
    let slow = slow(world, &engine);
    let right = |answer: lake::Result<Rows>| assert_alike("a long question", &slow.expected, &answer.unwrap());
    right(cluster.answer(&slow.statement));
    story.told("a long question");

    right(meanwhile(&mut story.spark, &cluster, &slow, 2, |spark| spark.kill_an_executor()));
    story.told("an executor was killed meanwhile, and the answer is right");
    story.spark.wait_until_ready();
    right(meanwhile(&mut story.spark, &cluster, &slow, 2, Spark::kill_a_worker));
    story.told("a worker with its executor was killed meanwhile, and the answer is right");
    story.spark.add_worker();
    story.spark.wait_until_ready();

    plainly(meanwhile(&mut story.spark, &cluster, &slow, 1, |_| assert_eq!(cluster.cancel().unwrap(), 1)), "called off");
    story.spark.wait_until_idle();
    story.told("a question was called off, and the cluster went to rest");
    let hasty = client(&story.spark.address(), Duration::from_secs(1));
    plainly(hasty.answer(&slow.statement), "longer than 1 s");
    story.spark.wait_until_idle();
    story.told("a question took too long, and the cluster went to rest");

    let mut gone = world.lake.view().unwrap().statement(&Question::Total { filter: all() }, &Sight::All, Dialect::Spark).unwrap();
    let right_file = gone.files[0].path.clone();
    gone.files[0].path = "day=2026-09-04/gone.parquet".into();
    plainly(cluster.answer(&gone), "gone.parquet");
    gone.files[0].path = right_file;
    assert_alike("the same with the right file", &engine.answer(&gone).unwrap(), &cluster.answer(&gone).unwrap());
    plainly(cluster.answer(&Statement { sql: "SELECT nothing FROM lake".into(), ..gone.clone() }), "nothing");
    story.told("what fails is said plainly, and can be asked again");

    let wire = Wire::start(story.spark.port());
    let through = client(&wire.address(), LONG);
    let view = world.lake.view().unwrap();
    let every = Question::Events { filter: all(), after: None, limit: 100_000 };
    let ours = engine.ask(&view, &every, &Sight::All).unwrap();
    assert_alike("over a wire that breaks", &ours, &through.ask(&view, &every, &Sight::All).unwrap());
    assert!(wire.cuts() >= 2, "the wire broke {} times", wire.cuts());
    story.told("the wire broke, and no row is missing");

    right(meanwhile(&mut story.spark, &cluster, &slow, 1, |spark| {
        spark.kill_the_server();
        spark.start_the_server();
    }));
    story.told("the Connect server was killed and started anew meanwhile, and the answer is right");
    story.spark.kill_the_server();
    plainly(cluster.answer(&gone), "not reached");
    story.spark.start_the_server();
    story.spark.wait_until_ready();
    assert_alike("asked again", &engine.answer(&gone).unwrap(), &cluster.answer(&gone).unwrap());
    story.told("without a server it is said plainly, and asked again it is answered");
}
