//! The root: starts the post, holds the state, the desk and the language.

use super::{
    context::{Orders, Ui},
    shell::Shell,
};
use crate::{
    i18n::{I18n, Lang},
    platform::dom,
    post::Post,
    state::{AppState, Command, Desk, View},
};
use std::rc::Rc;
use yew::prelude::*;

/// Under this name the browser keeps the language.
const LANG_KEY: &str = "vigie.lang";

/// The page.
#[component]
pub fn App() -> Html {
    let state = use_reducer(AppState::default);
    let orders = {
        let dispatcher = state.dispatcher();
        use_state(move || Rc::new(Post::start(move |action| dispatcher.dispatch(action))) as Rc<dyn Orders>)
    };
    html! { <Desktop {state} orders={OrdersHandle((*orders).clone())} /> }
}

/// The runtime as a property; equal when it is the same one.
#[derive(Clone)]
pub(crate) struct OrdersHandle(pub(crate) Rc<dyn Orders>);

impl PartialEq for OrdersHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`Desktop`].
#[derive(Properties, PartialEq)]
pub(crate) struct DesktopProps {
    /// The state.
    pub(crate) state: UseReducerHandle<AppState>,
    /// The runtime.
    pub(crate) orders: OrdersHandle,
}

/// Everything but the runtime: language, desk, shell.
#[component]
pub(crate) fn Desktop(props: &DesktopProps) -> Html {
    let desk = use_reducer(|| Desk::showing(View::at_path(&dom::path())));
    let lang = use_state(first_language);
    let i18n = use_memo(*lang, |lang| I18n::new(*lang));
    let set_lang = {
        let lang = lang.setter();
        use_callback((), move |chosen: Lang, ()| {
            dom::store(LANG_KEY, chosen.tag());
            lang.set(chosen);
        })
    };
    use_effect_with((), {
        let orders = props.orders.clone();
        move |()| {
            // The browser plays no sound before a first touch or key.
            let (press, release, key) = (orders.clone(), orders.clone(), orders);
            let listeners = (
                dom::on_press(move || press.0.send(Command::UnlockSound)),
                // A finger counts only when it is lifted.
                dom::on_release(move || release.0.send(Command::UnlockSound)),
                dom::on_key(move |_| key.0.send(Command::UnlockSound)),
            );
            move || drop(listeners)
        }
    });
    let ui =
        Ui { i18n: (*i18n).clone(), orders: Rc::clone(&props.orders.0), desk: desk.dispatcher(), set_lang };
    html! {
        <ContextProvider<Ui> context={ui}>
            <Shell state={props.state.clone()} {desk} />
        </ContextProvider<Ui>>
    }
}

/// The language of the address, else the one chosen last, else the browser's, else French.
fn first_language() -> Lang {
    let chosen = [dom::parameter("lang"), dom::stored(LANG_KEY)];
    let mut tags = chosen.into_iter().flatten().chain(dom::languages());
    tags.find_map(|tag| Lang::of_tag(&tag)).unwrap_or_default()
}
