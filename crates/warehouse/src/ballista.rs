//! A Ballista cluster that exists, from the side of the one who asks: whether it answers, giving it a plan, taking a job back
//! that nobody waits for, and asking again when it lost one.
//!
//! The cluster plans the query once more and reads the files itself. What it may read is its own affair; a plan from here
//! names only files that were found below the connection's folder.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::BALLISTA_CLIENT_PULL;
use ballista_core::execution_plans::DistributedQueryExec;
use ballista_core::extension::SessionStateExt;
use ballista_core::serde::protobuf::CancelJobParams;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::utils::create_grpc_client_endpoint;
use datafusion::common::Result;
use datafusion::execution::SessionState;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::protobuf::LogicalPlanNode;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use traction_domain::measure::source::answer::RunRefused;

use crate::asked::{self, Job, Shares, Trouble};
use crate::columns::Columns;
use crate::engine::Scheduler;

/// So long a scheduler may take to say that it is there.
const TO_ANSWER: Duration = Duration::from_secs(3);

/// Asks the cluster; of a job that it lost on the way, once more.
pub(crate) async fn ask(
    scheduler: &Scheduler,
    job: &Job,
) -> std::result::Result<(Columns, Option<String>), RunRefused> {
    if !is_there(scheduler).await {
        return Err(RunRefused::NoScheduler);
    }
    let mut remark = None;
    loop {
        let error = match asked::once(job, &Shares::Ballista(scheduler.clone())).await {
            Ok(columns) => return Ok((columns, remark)),
            Err(Trouble::Refused(refused)) => return Err(refused),
            Err(Trouble::Broke(error)) => error,
        };
        let refused = told(&error.to_string(), job);
        // It only reads, so nothing happens twice.
        let is_lost = matches!(refused, RunRefused::Lost(_));
        if !is_lost || remark.is_some() {
            return Err(refused);
        }
        if !is_there(scheduler).await {
            return Err(RunRefused::NoScheduler);
        }
        remark = Some("The Ballista cluster lost the query on its way; it was asked again.".into());
    }
}

/// A session whose plans go to the cluster.
pub(crate) fn shares(state: SessionState, scheduler: &Scheduler) -> Result<SessionState> {
    let mut state = state.upgrade_for_ballista(scheduler.url())?;
    // Asked for its state, the scheduler says at once which job it is; told to report, only when the job has ended, and then
    // a job could not be taken back.
    state.config_mut().options_mut().set(BALLISTA_CLIENT_PULL, "true")?;
    Ok(state)
}

async fn is_there(scheduler: &Scheduler) -> bool {
    let connecting = TcpStream::connect((scheduler.host(), scheduler.port));
    tokio::time::timeout(TO_ANSWER, connecting).await.is_ok_and(|connected| connected.is_ok())
}

/// A job of the cluster's, for as long as somebody waits for it; after that it is taken back.
pub(crate) struct Given {
    plan: Arc<dyn ExecutionPlan>,
    url: String,
    threads: Handle,
    is_done: bool,
}

impl Given {
    /// The job that this plan becomes.
    pub(crate) fn of(plan: Arc<dyn ExecutionPlan>, scheduler: &Scheduler) -> Given {
        Given { plan, url: scheduler.url(), threads: Handle::current(), is_done: false }
    }

    /// All of it came.
    pub(crate) fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let plan: &dyn Any = self.plan.as_ref();
        let job = plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>().and_then(|plan| plan.job_id());
        let Some(job_id) = job.filter(|_| !self.is_done) else { return };
        let url = std::mem::take(&mut self.url);
        let taking_back = async move {
            let endpoint = create_grpc_client_endpoint(url, None).ok()?.connect_timeout(TO_ANSWER);
            let mut scheduler = SchedulerGrpcClient::new(endpoint.connect().await.ok()?);
            let job_id = job_id.to_string();
            scheduler.cancel_job(CancelJobParams { job_id }).await.ok()
        };
        // A job that cannot be taken back ends by itself.
        drop(self.threads.spawn(tokio::time::timeout(TO_ANSWER, taking_back)));
    }
}

/// The cluster's words in ours. They come as one text from whichever of its processes, and may hold somebody's value.
fn told(said: &str, job: &Job) -> RunRefused {
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let cluster = |why: &str| RunRefused::Cluster(why.into());
    if says(&["must have the same major version"]) {
        return cluster(&format!(
            "is of another version than this server, which speaks as Ballista {}; use one of the same major version",
            ballista_core::BALLISTA_VERSION
        ));
    }
    if says(&["Divide by zero", "DivideByZero"]) {
        return RunRefused::Value { code: "22012".into() };
    }
    if says(&["Cast error", "CastError", "Parser error", "ParseError", "Cannot cast", "Overflow", "overflow"])
    {
        return RunRefused::Value { code: "22000".into() };
    }
    if says(&["Resources exhausted", "ResourcesExhausted"]) {
        return cluster(
            "needs more memory for this than it has; ask for fewer rows or periods, or group by less",
        );
    }
    if says(&[
        "Object Store",
        "ObjectStore",
        "No such file",
        "Permission denied",
        "Parquet error",
        "ParquetError",
    ]) {
        return RunRefused::NoFolder {
            connection: job.connection.clone(),
            why: "the Ballista cluster could not read a file of it; its scheduler and each executor see the folder at the same path as this server".into(),
        };
    }
    if says(&["failed to serialize", "failed to encode", "not implemented", "NotImplemented"]) {
        return RunRefused::Query { said: "this cannot be carried out on a Ballista cluster".into() };
    }
    if says(&[
        "transport",
        "Transport",
        "Stream closed",
        "Fetch",
        "ExecutorLost",
        "executor",
        "Connect",
        "connect",
    ]) {
        return RunRefused::Lost(job.connection.clone());
    }
    cluster(
        "could not carry the query out, and says why in words that may hold somebody's value; they stand in its own log",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cluster_says_is_told_without_values() {
        let job = Job::for_tests();
        let failed = |of: &str| told(&format!("Execution error: Job hWx1 failed: {of}"), &job);
        assert_eq!(
            failed("Task failed: DataFusionError(Shared(External(ArrowError(DivideByZero))))"),
            RunRefused::Value { code: "22012".into() }
        );
        assert_eq!(failed("Arrow error: Divide by zero error"), RunRefused::Value { code: "22012".into() });
        assert_eq!(
            failed("Arrow error: Cast error: Cannot cast string 'Jo Smith' to value of Int64 type"),
            RunRefused::Value { code: "22000".into() }
        );
        assert!(matches!(failed("tonic::transport::Error(Transport, ..)"), RunRefused::Lost(_)));
        assert!(matches!(
            failed("Object Store error: Object at location /srv/x not found"),
            RunRefused::NoFolder { .. }
        ));
        let version = "Ballista client 55.0.0 cannot be used with scheduler 54.0.0. The client and the scheduler must have the same major version.";
        assert!(failed(version).to_string().contains("is of another version than this server"));
        for of in [
            "Arrow error: Divide by zero error",
            "Cast error: 'Jo Smith'",
            "Jo Smith",
            "Object Store error: Jo Smith",
        ] {
            assert!(!failed(of).to_string().contains("Smith"), "{of}");
        }
    }
}
