//! A cluster of workers, from the side of the one who asks: who answers, who was lost, and asking again.
//!
//! The engine distributes a plan and knows no other way than to fail when a worker is lost. Then the query is asked once
//! more of those that still answer: it only reads, so nothing happens twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SessionStateBuilder;
use datafusion_distributed::grpc::{BoxCloneSyncChannel, create_worker_client};
use datafusion_distributed::{
    ChannelResolver, DistributedExt, GetWorkerInfoRequest, SessionStateBuilderExt, WorkerChannel,
    WorkerResolver,
};
use futures_util::future::join_all;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use tonic::body::Body;
use tonic::transport::Channel;
use tower::util::MapRequest;
use traction_domain::measure::source::answer::RunRefused;
use url::Url;

use crate::asked::{self, Job, Shares, Trouble};
use crate::columns::Columns;
use crate::engine::Workers;
use crate::said;
use crate::secret::{Secret, SecretRefused};
use crate::worker::VERSION;

/// So long a worker may take to say that it is there.
const TO_ANSWER: Duration = Duration::from_secs(3);
/// So often a connection is tried while nothing comes, so that a machine that is gone is missed.
const BETWEEN_SIGNS: Duration = Duration::from_secs(10);
/// So long such a try may take: a worker that computes is slow to answer.
const TO_SIGN: Duration = Duration::from_secs(20);
/// So many bytes of files make a part of the work: less is done sooner by one.
const N_BYTES_OF_A_PART: usize = 1 << 20;

/// Connections to workers, each with the secret on every request.
#[derive(Clone)]
pub(crate) struct Channels {
    header: HeaderValue,
    open: Arc<Mutex<HashMap<Url, Channel>>>,
}

impl Channels {
    /// With a secret.
    pub(crate) fn with(secret: &Secret) -> Result<Channels, SecretRefused> {
        let mut header = HeaderValue::from_str(&secret.header()).map_err(|_| SecretRefused)?;
        header.set_sensitive(true);
        Ok(Channels { header, open: Arc::default() })
    }

    fn to(&self, url: &Url) -> Result<Channel> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = open.get(url) {
            return Ok(channel.clone());
        }
        let endpoint = Channel::from_shared(url.to_string())
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let channel = endpoint
            .connect_timeout(TO_ANSWER)
            .http2_keep_alive_interval(BETWEEN_SIGNS)
            .keep_alive_timeout(TO_SIGN)
            .keep_alive_while_idle(true)
            .connect_lazy();
        open.insert(url.clone(), channel.clone());
        Ok(channel)
    }
}

#[async_trait]
impl ChannelResolver for Channels {
    async fn get_worker_client_for_url(&self, url: &Url) -> Result<Box<dyn WorkerChannel>> {
        let header = self.header.clone();
        let signed = MapRequest::new(self.to(url)?, move |mut request: http::Request<Body>| {
            request.headers_mut().insert(AUTHORIZATION, header.clone());
            request
        });
        Ok(create_worker_client(BoxCloneSyncChannel::new(signed)))
    }
}

/// The workers that a query goes to.
pub(crate) struct Cluster {
    urls: Vec<Url>,
    channels: Channels,
}

struct Those(Vec<Url>);

impl WorkerResolver for Those {
    fn get_urls(&self) -> Result<Vec<Url>> {
        Ok(self.0.clone())
    }
}

impl Cluster {
    /// A session that shares its work with these.
    pub(crate) fn shares(&self, state: SessionStateBuilder) -> Result<SessionStateBuilder> {
        state
            .with_distributed_worker_resolver(Those(self.urls.clone()))
            .with_distributed_channel_resolver(self.channels.clone())
            .with_distributed_planner()
            .with_distributed_file_scan_config_bytes_per_partition(N_BYTES_OF_A_PART)
    }
}

/// What a worker says when it is asked whether it is there.
enum Sign {
    Answers,
    Silent,
    Refuses(String),
}

/// Asks the workers that answer; of a worker that is lost on the way, the others.
pub(crate) async fn ask(workers: &Workers, job: &Job) -> Result<(Columns, Option<String>), RunRefused> {
    let no_engine = |why: String| RunRefused::Engine { why };
    let urls = workers.addresses.iter().map(|address| Url::parse(address)).collect::<Result<Vec<_>, _>>();
    let urls = urls.map_err(|_| no_engine("names a worker whose address cannot be read".into()))?;
    let channels = Channels::with(&workers.secret).map_err(|refused| no_engine(refused.to_string()))?;
    let n_workers = urls.len();
    let all: Vec<usize> = (0..n_workers).collect();
    let mut answering = who_answers(&urls, &channels, &all).await?;
    let absent = without(&all, &answering);
    let mut lost = Vec::new();
    let mut n_broken_off = 0;
    loop {
        if answering.is_empty() {
            return Err(RunRefused::NoWorkers { n_workers });
        }
        let those = answering.iter().map(|nth| urls[*nth].clone()).collect();
        let shares = Shares::Workers(Cluster { urls: those, channels: channels.clone() });
        let error = match asked::once(job, &shares).await {
            Ok(columns) => return Ok((columns, remark(&absent, &lost, n_broken_off, n_workers))),
            Err(Trouble::Refused(refused)) => return Err(refused),
            Err(Trouble::Broke(error)) => error,
        };
        let still = who_answers(&urls, &channels, &answering).await?;
        let gone = without(&answering, &still);
        if gone.is_empty() {
            // All are there: it is the query's own fault, or one was lost and is back already.
            let may_be_the_way = matches!(error.find_root(), DataFusionError::External(_));
            if !may_be_the_way || n_broken_off > 0 {
                return Err(said::ran(&error, &job.connection));
            }
            n_broken_off += 1;
        }
        lost.extend(gone);
        answering = still;
    }
}

fn without(all: &[usize], those: &[usize]) -> Vec<usize> {
    all.iter().filter(|nth| !those.contains(nth)).copied().collect()
}

/// Those of some workers that answer; a worker that takes no work from here is for somebody to look after.
async fn who_answers(urls: &[Url], channels: &Channels, those: &[usize]) -> Result<Vec<usize>, RunRefused> {
    let signs = join_all(those.iter().map(|nth| sign(&urls[*nth], channels))).await;
    let mut answering = Vec::new();
    for (nth, sign) in those.iter().zip(signs) {
        match sign {
            Sign::Answers => answering.push(*nth),
            Sign::Silent => {}
            Sign::Refuses(why) => return Err(RunRefused::Worker { nth: nth + 1, why }),
        }
    }
    Ok(answering)
}

async fn sign(url: &Url, channels: &Channels) -> Sign {
    let Ok(mut worker) = channels.get_worker_client_for_url(url).await else { return Sign::Silent };
    let asking = worker.get_worker_info(GetWorkerInfoRequest {});
    match tokio::time::timeout(TO_ANSWER, asking).await {
        Ok(Ok(of)) if of.version == VERSION => Sign::Answers,
        Ok(Ok(of)) => Sign::Refuses(format!(
            "runs version {} of this program, and this server {VERSION}; install the same on all",
            of.version
        )),
        Ok(Err(error)) if is_not_let_in(&error) => {
            Sign::Refuses(format!("does not take this server's {}; set the same on all", Secret::VARIABLE))
        }
        Ok(Err(_)) => Sign::Silent,
        // It may be busy: its machine knows whether the process is there.
        Err(_) if is_there(url).await => Sign::Answers,
        Err(_) => Sign::Silent,
    }
}

/// Whether somebody listens at an address.
async fn is_there(url: &Url) -> bool {
    let Ok(addresses) = url.socket_addrs(|| None) else { return false };
    let connecting = tokio::net::TcpStream::connect(&addresses[..]);
    tokio::time::timeout(TO_ANSWER, connecting).await.is_ok_and(|connected| connected.is_ok())
}

fn is_not_let_in(error: &DataFusionError) -> bool {
    let DataFusionError::External(error) = error.find_root() else { return false };
    error.downcast_ref::<tonic::Status>().is_some_and(|status| status.code() == tonic::Code::Unauthenticated)
}

/// What happened on the way, for people.
fn remark(absent: &[usize], lost: &[usize], n_broken_off: usize, n_workers: usize) -> Option<String> {
    let named = |those: &[usize]| {
        let numbers: Vec<String> = those.iter().map(|nth| (nth + 1).to_string()).collect();
        let word = if those.len() == 1 { "Worker" } else { "Workers" };
        format!("{word} {} of {n_workers}", numbers.join(", "))
    };
    let mut told = Vec::new();
    if !absent.is_empty() {
        told.push(format!("{} did not answer; the others were asked.", named(absent)));
    }
    if !lost.is_empty() {
        told.push(format!("{} was lost under way; the query was asked again of the others.", named(lost)));
    }
    if n_broken_off > 0 {
        told.push("The connection to a worker broke; the query was asked again.".into());
    }
    (!told.is_empty()).then(|| told.join(" "))
}
