//! What every component needs: the texts, the way to the runtime, the desk. Provided once by [`super::App`].

use crate::{
    i18n::{Arg, I18n, Lang},
    platform::dom,
    post::{ClipFrame, LiveCamera, Post},
    state::{Command, Desk, DeskAction},
};
use futures::{FutureExt as _, future::LocalBoxFuture};
use std::rc::Rc;
use vigie_protocol::{CameraId, SignalId};
use yew::{Callback, UseReducerDispatcher, hook, use_context};

/// The runtime, as components see it.
pub(crate) trait Orders {
    /// Carries out an order.
    fn send(&self, command: Command);
    /// The moving part of a camera.
    fn live(&self, camera: &CameraId) -> Option<Rc<LiveCamera>>;
    /// The stored loop of a signal.
    fn clip(&self, signal: SignalId) -> LocalBoxFuture<'static, Vec<ClipFrame>>;
}

impl Orders for Post {
    fn send(&self, command: Command) {
        Post::send(self, command);
    }

    fn live(&self, camera: &CameraId) -> Option<Rc<LiveCamera>> {
        Post::live(self, camera)
    }

    fn clip(&self, signal: SignalId) -> LocalBoxFuture<'static, Vec<ClipFrame>> {
        let post = self.clone();
        async move { Post::clip(&post, signal).await }.boxed_local()
    }
}

/// The context.
#[derive(Clone)]
pub(crate) struct Ui {
    /// The texts.
    pub(crate) i18n: I18n,
    /// The runtime.
    pub(crate) orders: Rc<dyn Orders>,
    /// The desk.
    pub(crate) desk: UseReducerDispatcher<Desk>,
    /// Switches the language.
    pub(crate) set_lang: Callback<Lang>,
}

impl PartialEq for Ui {
    fn eq(&self, other: &Self) -> bool {
        self.i18n == other.i18n && Rc::ptr_eq(&self.orders, &other.orders)
    }
}

impl Ui {
    /// A text.
    pub(crate) fn t(&self, id: &str) -> String {
        self.i18n.t(id)
    }

    /// A text with arguments.
    pub(crate) fn ta(&self, id: &str, args: &[(&str, Arg)]) -> String {
        self.i18n.ta(id, args)
    }

    /// Gives an order to the runtime.
    pub(crate) fn send(&self, command: Command) {
        self.orders.send(command);
    }

    /// Does something on the desk.
    pub(crate) fn act(&self, action: DeskAction) {
        self.desk.dispatch(action);
    }

    /// A callback that does something on the desk, whatever it is called with.
    pub(crate) fn on<E>(&self, action: DeskAction) -> Callback<E> {
        let desk = self.desk.clone();
        Callback::from(move |_| desk.dispatch(action.clone()))
    }

    /// A callback that gives an order, whatever it is called with.
    pub(crate) fn order<E>(&self, command: Command) -> Callback<E> {
        let orders = Rc::clone(&self.orders);
        Callback::from(move |_| orders.send(command.clone()))
    }

    /// A number with this many decimals.
    pub(crate) fn number(&self, value: f64, decimals: usize) -> String {
        self.i18n.number(value, decimals)
    }

    /// A duration in seconds: one decimal under ten, whole seconds above.
    pub(crate) fn seconds(&self, secs: f32) -> String {
        self.number(f64::from(secs), usize::from(secs < 10.0))
    }

    /// Time of day.
    pub(crate) fn time(&self, ms: i64) -> String {
        dom::time_of_day(ms, self.i18n.lang().locale())
    }

    /// Day, in figures.
    pub(crate) fn day(&self, ms: i64) -> String {
        dom::day(ms, self.i18n.lang().locale())
    }
}

/// The context of this component.
///
/// # Panics
/// Outside of [`super::App`]: a bug.
#[hook]
pub(crate) fn use_ui() -> Ui {
    use_context::<Ui>().expect("components live inside the app, which provides the context")
}
