//! The loop inside a worker: messages in, boxes out, one thing at a time.
//!
//! The page offers one frame at a time and waits for the answer, so there is no queue here: a message that comes while
//! another is being worked on is answered at once with a failure, and its frame is closed. Every message has exactly one
//! answer; a failure that leaves the worker useless is told once and then the worker is silent.

mod canvas;
mod download;
mod flow;
mod frame;
mod port;
mod session;

pub use flow::{Answer, DeviceFlow};
pub use port::{Fault, die};

use crate::messages::{EngineKind, FailureCode, FromWorker, InputSize, LAST_GREY, Stage, ToWorker};
use burn::tensor::Device;
use frame::Frame;
use session::{Asked, Order, Session};
use std::{cell::RefCell, future::Future, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::MessageEvent;

/// What a worker computes on.
pub trait Platform: 'static {
    /// Which engine this is.
    const KIND: EngineKind;

    /// Gets the device. Called once in a worker's life, at its first `Start`.
    ///
    /// # Errors
    /// [`FailureCode::NoDevice`] when there is none. What befalls the device later goes to [`die`].
    fn open() -> impl Future<Output = Result<OpenDevice, Fault>>;

    /// What measures motion on the device that was opened, or why it cannot; `None` for a device that has nothing of the kind.
    #[must_use]
    fn flow() -> impl Future<Output = Option<Result<Box<dyn DeviceFlow>, String>>> {
        std::future::ready(None)
    }
}

/// A device and what it is.
#[derive(Clone, Debug)]
pub struct OpenDevice {
    /// Where tensors live.
    pub device: Device,
    /// The adapter's own name; for the CPU engine, its instruction set.
    pub adapter: String,
    /// True for a GPU that is emulated on the CPU.
    pub software_gpu: bool,
}

/// What the worker is at.
enum Phase {
    /// Nothing was started, or starting failed.
    Idle,
    /// A message is being worked on.
    Busy,
    /// Frames may come.
    Ready(Box<Session>),
}

struct Host {
    phase: Phase,
    device: Option<OpenDevice>,
    /// A `Resize` that came while a frame was under way.
    resize: Option<InputSize>,
}

/// Starts listening; returns at once. To be called from the module's `main`.
pub fn serve<P: Platform>() {
    port::install_panic_hook();
    let host = Rc::new(RefCell::new(Host { phase: Phase::Idle, device: None, resize: None }));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        receive::<P>(&host, &event.data());
    });
    port::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker listens as long as it lives; `Worker.terminate` takes everything down at once.
    on_message.forget();
}

fn receive<P: Platform>(host: &Rc<RefCell<Host>>, data: &JsValue) {
    // Taken first, so that it is closed on every way out of here.
    let frame = Frame::take(data);
    if port::is_dead() {
        return;
    }
    match serde_wasm_bindgen::from_value::<ToWorker>(data.clone()) {
        Ok(ToWorker::Start { model, model_url, model_sha256, input, drill, flow }) => {
            let order = Order { model, url: model_url, sha256: model_sha256, input, drill, flow };
            start::<P>(host, order);
        }
        Ok(ToWorker::Analyse { job, min_score, part }) => {
            let asked = Asked { min_score, part, last_grey: port::bytes(data, LAST_GREY) };
            analyse(host, job, asked, frame);
        }
        Ok(ToWorker::Resize { input }) => resize(host, input),
        Err(error) => port::post_failed(
            None,
            &Fault::new(
                FailureCode::Internal,
                format!("a message that this worker does not understand: {error}"),
            ),
        ),
    }
}

fn start<P: Platform>(host: &Rc<RefCell<Host>>, order: Order) {
    {
        let mut host = host.borrow_mut();
        if matches!(host.phase, Phase::Busy) {
            drop(host);
            return port::post_failed(None, &Fault::new(FailureCode::Internal, "told to start while busy"));
        }
        host.phase = Phase::Busy;
        host.resize = None;
    }
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        let outcome = async {
            port::post(&FromWorker::Progress { stage: Stage::Device, done: 0.0, total: 1.0 });
            let known = host.borrow().device.clone();
            let opened = match known {
                Some(opened) => opened,
                None => P::open().await?,
            };
            host.borrow_mut().device = Some(opened.clone());
            port::post(&FromWorker::Progress { stage: Stage::Device, done: 1.0, total: 1.0 });
            let flow = if order.flow { P::flow().await } else { None };
            Session::start(&order, P::KIND, &opened, flow).await
        }
        .await;
        match outcome {
            Ok((mut session, report)) => {
                port::post(&FromWorker::Ready(report));
                let mut host = host.borrow_mut();
                if let Some(input) = host.resize.take() {
                    set_input(&mut session, input);
                }
                host.phase = Phase::Ready(Box::new(session));
            }
            // Nothing that stops a start gets better by asking this worker again: the page takes another one.
            Err(fault) => die(&fault),
        }
    });
}

fn analyse(host: &Rc<RefCell<Host>>, job: u32, asked: Asked, frame: Option<Frame>) {
    let Some(frame) = frame else {
        let fault = Fault::new(FailureCode::BadFrame, "no frame came with the message");
        return port::post_failed(Some(job), &fault);
    };
    let mut session = {
        let mut host = host.borrow_mut();
        match std::mem::replace(&mut host.phase, Phase::Busy) {
            Phase::Ready(session) => session,
            other => {
                let why = match &other {
                    Phase::Busy => "another frame is under way",
                    _ => "the worker has not been started",
                };
                host.phase = other;
                drop(host);
                return port::post_failed(Some(job), &Fault::new(FailureCode::BadFrame, why));
            }
        }
    };
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        port::set_job(Some(job));
        let answer = session.analyse(job, asked, frame).await;
        let resized = host.borrow_mut().resize.take();
        match answer {
            Ok(answer) => port::post_analysed(&answer),
            Err(fault) if fault.code == FailureCode::BadFrame => port::post_failed(Some(job), &fault),
            Err(fault) => die(&fault),
        }
        port::set_job(None);
        if let Some(input) = resized {
            set_input(&mut session, input);
        }
        host.borrow_mut().phase = Phase::Ready(session);
    });
}

fn resize(host: &Rc<RefCell<Host>>, input: InputSize) {
    let mut host = host.borrow_mut();
    match &mut host.phase {
        Phase::Ready(session) => set_input(session, input),
        // Once the frame that is under way is done.
        Phase::Busy => host.resize = Some(input),
        Phase::Idle => {
            port::post_failed(
                None,
                &Fault::new(FailureCode::Internal, "told to resize before it was started"),
            );
        }
    }
}

fn set_input(session: &mut Session, input: InputSize) {
    if let Err(fault) = session.resize(input) {
        port::post_failed(None, &fault);
    }
}
