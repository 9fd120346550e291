//! The way of an answer. The cluster sends it as a stream that it may end at any time, long before the
//! answer ends, and so may the network: we go on behind the last piece that came. Only the cluster's own
//! word that it is complete makes it complete, and each piece says which row it begins with. (The client
//! crate's own stream takes every end for the end of the answer, and so loses rows.)

use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use spark_connect_core::{ExecutePlanResponseReattachableIterator as Position, SparkConnectClient, SparkError};
use spark_connect_proto::execute_plan_response::{ArrowBatch, ResponseType};
use spark_connect_proto::{ExecutePlanRequest, ExecutePlanResponse, Plan, UserContext};
use std::io::Cursor;
use std::time::Duration;
use tokio::time::Instant;
use tonic::Streaming;

/// How long we wait before the first new try to find the way back, and the longest that we wait before one: each
/// time twice as long. A server that is started anew takes half a minute and more.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(4));

/// One statement on its way.
pub(crate) struct Wire<'a> {
    client: &'a SparkConnectClient,
    at: Position,
    /// Until when the way back is looked for.
    until: Instant,
}

impl<'a> Wire<'a> {
    pub fn new(client: &'a SparkConnectClient, plan: Plan, until: Instant) -> Self {
        let request = ExecutePlanRequest {
            session_id: client.session_id().to_owned(),
            user_context: Some(user(client)),
            plan: Some(plan),
            client_type: Some("atalaya".into()),
            ..ExecutePlanRequest::default()
        };
        Self { client, at: Position::new(request), until }
    }

    /// The id by which the cluster knows it.
    pub fn operation(&self) -> &str {
        self.at.operation_id()
    }

    /// The whole answer.
    pub async fn receive(self) -> Result<Vec<RecordBatch>, Trouble> {
        // Who is not there at all is said at once; what breaks behind this broke on the way.
        self.client.get_configs(&["spark.sql.session.timeZone"]).await?;
        let (mut answer, mut pause) = (Answer::default(), PAUSES.0);
        let mut stream = match self.client.execute_plan(self.at.request().clone()).await.map_err(Trouble::from) {
            Err(Trouble::Away(why)) => self.go_on(Some(why), &mut pause).await?,
            begun => begun?,
        };
        loop {
            match stream.message().await {
                Ok(Some(piece)) => {
                    self.at.set_last_response_id(&piece).await;
                    answer.take(piece)?;
                    pause = PAUSES.0;
                    if self.at.is_completed().await {
                        // The cluster keeps the answer until it is told; if it does not hear us, it forgets it in time.
                        let _ = self.client.release_execute(self.at.create_release_request(true).await).await;
                        return Ok(answer.batches);
                    }
                }
                Ok(None) => stream = self.go_on(None, &mut pause).await?,
                Err(status) => match SparkError::from_grpc_status(status).into() {
                    Trouble::Away(why) => stream = self.go_on(Some(why), &mut pause).await?,
                    other => return Err(other),
                },
            }
        }
    }

    /// A new stream from behind the last piece; `broken` says why there must be one, if it is no rule of the cluster's.
    async fn go_on(&self, mut broken: Option<String>, pause: &mut Duration) -> Result<Streaming<ExecutePlanResponse>, Trouble> {
        loop {
            if let Some(why) = broken {
                if Instant::now() + *pause >= self.until {
                    return Err(Trouble::Away(why));
                }
                tokio::time::sleep(*pause).await;
                *pause = PAUSES.1.min(*pause * 2);
            }
            match self.client.reattach_execute(self.at.create_reattach_request().await).await.map_err(Trouble::from) {
                Ok(stream) => return Ok(stream),
                Err(Trouble::Away(why)) => broken = Some(why),
                Err(other) => return Err(other),
            }
        }
    }
}

fn user(client: &SparkConnectClient) -> UserContext {
    UserContext { user_id: client.user_id().unwrap_or_default().to_owned(), ..UserContext::default() }
}

/// What came so far.
#[derive(Default)]
struct Answer {
    batches: Vec<RecordBatch>,
    rows: i64,
}

impl Answer {
    fn take(&mut self, piece: ExecutePlanResponse) -> Result<(), Trouble> {
        let Some(ResponseType::ArrowBatch(batch)) = piece.response_type else { return Ok(()) };
        self.check(&batch)?;
        let unreadable = |error: arrow_schema::ArrowError| Trouble::No(format!("its answer cannot be read: {error}"));
        let mut rows = 0;
        for batch in StreamReader::try_new(Cursor::new(batch.data), None).map_err(unreadable)? {
            let batch = batch.map_err(unreadable)?;
            rows += i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
            self.batches.push(batch);
        }
        if rows != batch.row_count {
            return Err(Trouble::No(format!("it sent {rows} rows of {}", batch.row_count)));
        }
        self.rows += rows;
        Ok(())
    }

    fn check(&self, batch: &ArrowBatch) -> Result<(), Trouble> {
        match batch.start_offset {
            Some(at) if at != self.rows => Err(Trouble::Lost(format!("row {at} came behind {}", self.rows))),
            _ => Ok(()),
        }
    }
}
