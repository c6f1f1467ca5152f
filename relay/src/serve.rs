//! Puts the parts together: opens the store and the clips, binds the address, serves until told to stop.

use crate::camera::{Cameras, whep};
use crate::guard::{Guard, only_own_pages};
use crate::site::Site;
use crate::store::Store;
use crate::{api, feed, site};
use anyhow::Context as _;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tower_http::set_header::SetResponseHeaderLayer;
use vigie_protocol::CameraId;

/// How long requests that are under way may take to end when the relay stops.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// What to serve and where.
#[derive(Clone, Debug)]
pub struct Config {
    /// Loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder of the built app; without one, the relay serves the API alone.
    pub app: Option<PathBuf>,
    /// Folder of the record.
    pub data: PathBuf,
    /// Largest database, mebibytes.
    pub max_data_mib: Option<u32>,
    /// Demo cameras: name and clip.
    pub cameras: Vec<(CameraId, PathBuf)>,
    /// Origins of camera gateways that the page may connect to.
    pub gateways: Vec<String>,
    /// Origins of pages besides the relay's own that may call it.
    pub allow_origins: Vec<String>,
}

/// What every request may need.
#[derive(Clone)]
pub struct App {
    /// The record.
    pub store: Store,
    /// The demo cameras.
    pub cameras: Cameras,
    /// One permit per open feed.
    pub feeds: Arc<Semaphore>,
    /// Turns true when the relay stops.
    pub shutdown: watch::Receiver<bool>,
    site: Option<Site>,
}

impl FromRef<App> for Option<Site> {
    fn from_ref(app: &App) -> Self {
        app.site.clone()
    }
}

/// A relay that is serving.
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
    app: App,
}

/// Starts a relay. It is ready when this returns.
///
/// # Errors
/// When the address is not a loopback one or is taken, or the app, the data folder or a clip is not what it should be;
/// the message says what to do.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let listen = config.listen;
    anyhow::ensure!(
        listen.ip().is_loopback(),
        "{listen} can be reached from other machines, and demo mode has no sign-in: \
         listen on 127.0.0.1 or [::1], as in --listen 127.0.0.1:8440"
    );
    let cameras = Cameras::open(&config.cameras)?;
    let site = config.app.as_deref().map(|folder| Site::new(folder, &config.gateways)).transpose()?;
    let listener = TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "{listen} is taken by another program: stop it, or choose another port, as in --listen {}:{}",
            listen.ip(),
            listen.port().checked_add(1).unwrap_or(8441)
        ),
        _ => anyhow::Error::new(error).context(format!("{listen} cannot be listened on")),
    })?;
    let address = listener.local_addr().context("the listening address cannot be read")?;
    let store = Store::open(&config.data, config.max_data_mib).await?;
    let (stop, shutdown) = watch::channel(false);
    let feeds = Arc::new(Semaphore::new(feed::MAX_FEEDS));
    let app = App { store, cameras, feeds, shutdown: shutdown.clone(), site };
    let router = router(app.clone(), Guard::new(address, &config.allow_origins));
    let server = tokio::spawn(
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let mut shutdown = shutdown;
                // An error means that the sender is gone, which is the same wish.
                let _ = shutdown.wait_for(|stop| *stop).await;
            })
            .into_future(),
    );
    Ok(Running { address, stop, server, app })
}

fn router(app: App, guard: Guard) -> Router {
    let nosniff = HeaderValue::from_static("nosniff");
    let calls = Router::new()
        .route("/api/v1/info", get(api::info))
        .route("/api/v1/cameras", get(api::cameras))
        .route("/api/v1/posts/{post}/head", get(api::head))
        .route(
            "/api/v1/posts/{post}/entries",
            post(api::push).layer(DefaultBodyLimit::max(api::MAX_PUSH_BYTES)),
        )
        .route("/api/v1/feed", get(feed::feed))
        .route("/whep/{camera}", post(whep::offer).options(whep::options))
        .route(
            "/whep/{camera}/{session}",
            axum::routing::patch(whep::patch).delete(whep::delete).options(whep::options),
        )
        .layer(DefaultBodyLimit::max(whep::MAX_SDP_BYTES))
        .route("/api/{*rest}", any(api::no_such_call))
        .method_not_allowed_fallback(api::no_such_method)
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    calls
        .fallback(site::serve)
        .layer(SetResponseHeaderLayer::if_not_present(header::X_CONTENT_TYPE_OPTIONS, nosniff))
        .layer(from_fn_with_state(guard, only_own_pages))
        .with_state(app)
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The demo cameras.
    #[must_use]
    pub fn cameras(&self) -> &Cameras {
        &self.app.cameras
    }

    /// Stops: feeds and viewers are told, requests under way end (within [`STOP_WITHIN`]), the database is closed.
    ///
    /// # Errors
    /// When the server had failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        self.app.cameras.close_all().await;
        let ended = tokio::time::timeout(STOP_WITHIN, self.server).await;
        self.app.store.close().await;
        match ended {
            Ok(Ok(served)) => served.context("the server failed"),
            Ok(Err(panic)) => Err(panic).context("the server failed"),
            // A client that holds its connection open does not keep the relay from stopping.
            Err(_) => Ok(()),
        }
    }
}
