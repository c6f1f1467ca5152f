//! The wall of cameras.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    tile::Tile,
    words,
};
use crate::{
    platform::{dom, overlay::Alarm},
    state::{
        CameraSource, CameraView, Command, DeskAction, EngineStatus, Sheet, SignalView, Standby, ZoneEditor,
        columns,
    },
};
use std::rc::Rc;
use vigie_engine::BBox;
use vigie_protocol::{CameraId, sync::CameraInfo};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct WallProps {
    pub(crate) cameras: Vec<Rc<CameraView>>,
    pub(crate) offered: Vec<CameraInfo>,
    pub(crate) engine: EngineStatus,
    pub(crate) signals: Vec<Rc<SignalView>>,
    pub(crate) solo: Option<CameraId>,
    pub(crate) editor: Option<(CameraId, ZoneEditor)>,
    /// Another view lies over the wall.
    pub(crate) covered: bool,
    /// Why there is no post yet; without one, an empty wall means nothing.
    pub(crate) standby: Option<Standby>,
}

/// Places of waiting signals that are marked on one picture: the newest ones. More would hide what is going on.
const ALARMS: usize = 3;

#[component]
pub(crate) fn Wall(props: &WallProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let size = use_state(|| (1440.0, 900.0));
    use_effect_with((), {
        let (node, size) = (node.clone(), size.setter());
        move |()| {
            let watch = node
                .cast::<web_sys::Element>()
                .and_then(|wall| dom::SizeWatch::new(&wall, move |width, height| size.set((width, height))));
            move || drop(watch)
        }
    });
    let dragging = use_state(|| false);
    let on_drag = |over: bool| {
        let dragging = dragging.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(over);
        })
    };
    let on_drop = {
        let (ui, dragging, cameras) = (ui.clone(), dragging.setter(), props.cameras.clone());
        let ready = props.standby.is_none();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(false);
            if ready && let Some(file) = dom::dropped_file(&event) {
                super::sources::open_file(&ui, &cameras, file);
            }
        })
    };
    let solo = props.solo.as_ref().filter(|id| props.cameras.iter().any(|c| c.id == **id));
    let cols = columns(props.cameras.len(), size.0, size.1);
    let tile = |camera: &Rc<CameraView>| {
        let editor =
            props.editor.as_ref().filter(|(id, _)| *id == camera.id).map(|(_, editor)| editor.clone());
        let waiting = || props.signals.iter().filter(|s| s.own && s.signal.camera == camera.id);
        let alarms = waiting().take(ALARMS).map(|s| Alarm {
            region: BBox {
                x0: s.signal.region.x0,
                y0: s.signal.region.y0,
                x1: s.signal.region.x1,
                y1: s.signal.region.y1,
            },
            label: ui.t(words::event(s.signal.event)),
        });
        let alarms = alarms.collect::<Vec<_>>();
        let is_solo = solo == Some(&camera.id);
        html! {
            <Tile key={camera.id.as_str()} camera={camera.clone()} {editor} alarm={!alarms.is_empty()} {alarms} solo={is_solo}
                small={solo.is_some() && !is_solo} />
        }
    };
    let class = classes!(
        "wall",
        solo.is_some().then_some("wall--solo"),
        (props.cameras.len() == 1).then_some("wall--one"),
        format!("wall--cols-{}", cols.min(6))
    );
    html! {
        <section {class} ref={node} aria-label={ui.t("wall-label")} inert={props.covered}
            ondragover={on_drag(true)} ondragleave={on_drag(false)} ondrop={on_drop}>
            if let Some(standby) = props.standby {
                { waiting(&ui, standby) }
            } else if props.cameras.is_empty() {
                <EmptyWall offered={props.offered.clone()} engine={props.engine.clone()} />
            } else {
                { for props.cameras.iter().map(tile) }
            }
            if *dragging {
                <div class="wall__drop">{ icon(Icon::File) }{ ui.t("wall-drop") }</div>
            }
        </section>
    }
}

/// What a tab says that is no post yet.
pub(super) fn waiting(ui: &Ui, standby: Standby) -> Html {
    let (title, text) = words::standby(standby);
    html! { <div class="empty" data-testid="standby" role="status">{ super::icons::mark() }<h2>{ ui.t(title) }</h2><p>{ ui.t(text) }</p></div> }
}

#[derive(Properties, PartialEq)]
struct EmptyWallProps {
    offered: Vec<CameraInfo>,
    engine: EngineStatus,
}

/// What an empty wall says: what to do first, and how far the engine is.
#[component]
fn EmptyWall(props: &EmptyWallProps) -> Html {
    let ui = use_ui();
    let open_all = {
        let (ui, offered) = (ui.clone(), props.offered.clone());
        Callback::from(move |_: MouseEvent| offered.iter().for_each(|camera| ui.send(open_offered(camera))))
    };
    let demo = props.offered.iter().any(|c| c.loop_ms.is_some());
    html! {
        <div class="empty">
            { super::icons::mark() }
            <h2>{ ui.t("empty-title") }</h2>
            if props.offered.is_empty() {
                <p>{ ui.t("empty-none-offered") }</p>
            } else {
                <p>{ if demo { ui.t("empty-demo") } else { ui.t("empty-offered") } }</p>
                <ul class="empty__cameras">
                    { for props.offered.iter().map(|camera| html! {
                        <li key={camera.id.as_str()}>
                            <button class="button" data-testid={format!("camera-open-{}", camera.id)} onclick={ui.order(open_offered(camera))}>
                                { icon(Icon::Camera) }{ &camera.name }
                            </button>
                        </li>
                    }) }
                </ul>
            }
            <div class="empty__actions">
                if props.offered.len() > 1 {
                    <button class="button button--primary" onclick={open_all}>{ icon(Icon::Play) }{ ui.t("empty-open-all") }</button>
                }
                <button class="button" onclick={ui.on(DeskAction::Sheet(Some(Sheet::AddCamera)))}>{ icon(Icon::Plus) }{ ui.t("empty-other") }</button>
            </div>
            <p class="empty__hint">{ ui.t("empty-locality") }</p>
            if let EngineStatus::Starting { stage, progress } = &props.engine {
                <div class="empty__engine">
                    <span>{ ui.t(words::stage(*stage)) }</span>
                    <progress value={progress.map(|p| p.to_string())} max="1" aria-label={ui.t("engine-starting")}></progress>
                </div>
            }
        </div>
    }
}

/// The order that opens a camera of the relay.
pub(crate) fn open_offered(camera: &CameraInfo) -> Command {
    Command::OpenCamera {
        id: camera.id.clone(),
        name: camera.name.clone(),
        source: CameraSource::Whep { url: camera.whep.clone(), server_offers: false },
    }
}
