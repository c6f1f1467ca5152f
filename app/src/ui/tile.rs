//! One camera on the wall: header, picture, state, zones.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    keyboard::start_drawing,
    picture::Picture,
    words,
    zone_editor::EditBar,
    zones::ZoneLine,
};
use crate::{
    platform::{dom, overlay::Alarm},
    state::{CameraStatus, CameraView, Command, DeskAction, Kind, Sheet, ZoneEditor},
};
use std::{collections::VecDeque, rc::Rc};
use vigie_protocol::HealthState;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct TileProps {
    pub(crate) camera: Rc<CameraView>,
    pub(crate) editor: Option<ZoneEditor>,
    /// A signal of this camera waits.
    pub(crate) alarm: bool,
    /// Where the latest of them happened.
    pub(crate) alarms: Vec<Alarm>,
    /// This tile is the large one.
    pub(crate) solo: bool,
    /// Another tile is the large one.
    pub(crate) small: bool,
}

#[component]
pub(crate) fn Tile(props: &TileProps) -> Html {
    let ui = use_ui();
    let camera = &props.camera;
    let rate = use_rate(camera.analysed);
    let editing = props.editor.is_some();
    let node = use_node_ref();
    // A drawing that begins takes the focus out of the queue, whose keys come first; when its fields go, the focus stays
    // with the camera.
    let was_editing = use_mut_ref(|| false);
    use_effect_with(editing, {
        let node = node.clone();
        move |editing: &bool| {
            let changed = was_editing.replace(*editing) != *editing;
            if changed
                && (dom::focus_is_lost() || (*editing && dom::focus().in_queue))
                && let Some(tile) = node.cast::<web_sys::HtmlElement>()
            {
                drop(tile.focus());
            }
        }
    });
    let on_key = {
        let (ui, id) = (ui.clone(), camera.id.clone());
        Callback::from(move |event: KeyboardEvent| {
            let own = event.target() == event.current_target();
            if own && !editing && !event.repeat() && (event.key() == "Enter" || event.key() == " ") {
                event.prevent_default();
                event.stop_propagation();
                ui.act(DeskAction::ToggleSolo(id.clone()));
            }
        })
    };
    let toggle = DeskAction::ToggleSolo(camera.id.clone());
    let class = classes!(
        "tile",
        props.solo.then_some("tile--solo"),
        props.small.then_some("tile--small"),
        props.alarm.then_some("tile--alarm"),
        editing.then_some("tile--editing")
    );
    html! {
        <article {class} ref={node} tabindex="0" data-testid={format!("camera-tile-{}", camera.id)} data-state={words::status_name(&camera.status)}
            aria-label={ui.ta("tile-label", &[("camera", camera.name.as_str().into()), ("state", ui.t(words::status(&camera.status)).into())])}
            onkeydown={on_key} onpointerdown={ui.on(DeskAction::Touch(camera.id.clone()))}>
            { header(&ui, props, rate) }
            <div class="tile__body" ondblclick={(!editing).then(|| ui.on(toggle))}>
                <Picture camera={camera.clone()} editor={props.editor.clone()} alarms={props.alarms.clone()} />
                { health(&ui, camera) }
                { veil(&ui, camera) }
            </div>
            if let Some(editor) = &props.editor {
                <EditBar camera={camera.clone()} editor={editor.clone()} />
            } else {
                <ZoneLine camera={camera.clone()} />
            }
        </article>
    }
}

fn header(ui: &Ui, props: &TileProps, rate: Option<f32>) -> Html {
    let camera = &props.camera;
    let age = camera.analysis_age_secs;
    let late = age.is_some_and(|age| age > CameraView::FRESH_SECS);
    // A number that does not belong to the picture is none.
    let (persons, persons_said) = if camera.is_fresh() {
        (camera.persons.to_string(), ui.ta("tile-persons", &[("count", camera.persons.into())]))
    } else {
        (ui.t("unknown"), ui.t("tile-persons-unknown"))
    };
    let draw = {
        let (ui, camera) = (ui.clone(), Rc::clone(camera));
        Callback::from(move |_: MouseEvent| start_drawing(&ui, &camera, Kind::default()))
    };
    let close = {
        let (ui, id) = (ui.clone(), camera.id.clone());
        Callback::from(move |_: MouseEvent| {
            ui.send(Command::CloseCamera(id.clone()));
            ui.act(DeskAction::CameraGone(id.clone()));
        })
    };
    let details = ui.ta(
        "tile-frames",
        &[
            ("seen", camera.seen.into()),
            ("analysed", camera.analysed.into()),
            ("dropped", camera.dropped.into()),
        ],
    );
    let (large, large_icon) =
        if props.solo { ("tile-shrink", Icon::Shrink) } else { ("tile-expand", Icon::Expand) };
    html! {
        <header class="tile__header">
            <span class="dot" data-state={words::status_name(&camera.status)}></span>
            <h3 class="tile__name">{ &camera.name }</h3>
            <span class="tile__status">{ ui.t(words::status(&camera.status)) }</span>
            <span class="tile__measures" title={details.clone()}>
                <span class={classes!("tile__age", late.then_some("is-warn"))}>
                    if let Some(age) = age {
                        { ui.ta("tile-age", &[("secs", ui.seconds(age).into())]) }
                    } else if camera.status == CameraStatus::Live {
                        { ui.t("tile-not-analysed") }
                    }
                </span>
                if let Some(rate) = rate {
                    <span class="tile__rate">{ ui.ta("tile-rate", &[("rate", ui.number(f64::from(rate), 1).into())]) }</span>
                }
                <span class="visually-hidden">{ details }</span>
            </span>
            <span class="tile__count" data-testid={format!("detections-count-{}", camera.id)}
                data-persons={camera.persons.to_string()} data-frames={camera.analysed.to_string()}
                title={persons_said.clone()}>
                { icon(Icon::Person) }<b>{ persons }</b>
                <span class="visually-hidden">{ persons_said }</span>
            </span>
            <span class="tile__buttons">
                <button class="tool tool--zone" data-testid={format!("zone-draw-{}", camera.id)} disabled={props.editor.is_some()}
                    aria-label={ui.t("zone-draw")} title={ui.t("zone-draw")} aria-keyshortcuts="Z" onclick={draw}>{ icon(Icon::Zone) }</button>
                <button class="tool tool--situations" data-testid={format!("situations-{}", camera.id)} disabled={props.editor.is_some()} aria-label={ui.t("situations-open")}
                    title={ui.t("situations-open")} onclick={ui.on(DeskAction::Sheet(Some(Sheet::Situations(camera.id.clone()))))}>{ icon(Icon::Situations) }</button>
                <button class="tool tool--large" aria-label={ui.t(large)} title={ui.t(large)} aria-pressed={props.solo.to_string()}
                    onclick={ui.on(DeskAction::ToggleSolo(camera.id.clone()))}>{ icon(large_icon) }</button>
                <button class="tool tool--close" data-testid={format!("camera-close-{}", camera.id)} aria-label={ui.t("tile-close")}
                    title={ui.t("tile-close")} onclick={close}>{ icon(Icon::Close) }</button>
            </span>
        </header>
    }
}

/// What is the matter with a live picture, on the picture itself: what was found there is then not to be relied on.
fn health(ui: &Ui, camera: &CameraView) -> Html {
    // What is said of a picture that is not analysed is old.
    if !camera.is_fresh() {
        return Html::default();
    }
    let states = camera.health_states();
    let line = |state: &HealthState| {
        let (name, about) = (ui.t(words::health(*state)), ui.t(words::health_about(*state)));
        html! {
            <li key={state.as_str()} class="health__state" data-state={state.as_str()} title={about.clone()}>
                { icon(if *state == HealthState::Blind { Icon::Blind } else { Icon::Warning }) }
                <span><b>{ name }</b><small>{ about }</small></span>
            </li>
        }
    };
    let grave = states.iter().any(|state| state.stops_the_scene());
    let nothing = states.iter().any(|state| matches!(state, HealthState::Blind | HealthState::Frozen));
    html! {
        <ul class={classes!("health", grave.then_some("health--grave"), nothing.then_some("health--nothing"))} data-testid={format!("camera-health-{}", camera.id)}
            data-states={states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" ")} role="status" aria-label={ui.t("health-label")}>
            { for states.iter().map(line) }
        </ul>
    }
}

/// What lies over the picture while it is not live, so that no old picture is taken for a live one.
fn veil(ui: &Ui, camera: &CameraView) -> Html {
    let retry = |label: &str| {
        html! {
            <button class="button" onclick={ui.order(Command::RetryCamera(camera.id.clone()))}>{ icon(Icon::Retry) }{ ui.t(label) }</button>
        }
    };
    match &camera.status {
        CameraStatus::Live => Html::default(),
        CameraStatus::Connecting => html! {
            <div class="veil"><span class="spinner" aria-hidden="true"></span><p>{ ui.t("veil-connecting") }</p></div>
        },
        CameraStatus::Stalled { secs } => html! {
            <div class="veil veil--warn">
                { icon(Icon::NoPicture) }
                // Said once; the seconds that count up are not.
                <span class="visually-hidden" role="status">{ ui.t("camera-stalled") }</span>
                <p class="veil__strong">{ ui.ta("veil-stalled", &[("secs", ui.number(f64::from(*secs), 0).into())]) }</p>
                { retry("veil-retry") }
            </div>
        },
        CameraStatus::Reconnecting { attempt, next_in_secs, cause } => html! {
            <div class="veil veil--warn">
                { icon(Icon::NoPicture) }
                <p class="veil__strong" role="status">{ ui.t("veil-lost") }</p>
                <p>{ ui.ta("veil-attempt", &[("attempt", (*attempt).into()), ("secs", ui.number(f64::from(next_in_secs.max(0.0)).ceil(), 0).into())]) }</p>
                { retry("veil-retry") }
                <p class="veil__cause" lang="en">{ cause }</p>
            </div>
        },
        CameraStatus::Ended { cause } => html! {
            <div class="veil" role="status">
                { icon(Icon::NoPicture) }
                <p class="veil__strong">{ ui.t("veil-ended") }</p>
                { retry("veil-again") }
                if let Some(cause) = cause {
                    <p class="veil__cause" lang="en">{ cause }</p>
                }
            </div>
        },
    }
}

/// Analyses per second, from the counter over the last five seconds; `None` until there is something to tell.
#[hook]
fn use_rate(analysed: u64) -> Option<f32> {
    /// How far back to look, milliseconds.
    const WINDOW_MS: i64 = 5000;
    let history = use_mut_ref(VecDeque::<(i64, u64)>::new);
    let now = dom::now_ms();
    let mut history = history.borrow_mut();
    if history.back().is_none_or(|(_, last)| *last != analysed) {
        history.push_back((now, analysed));
    }
    while history.len() > 2 && history.front().is_some_and(|(at, _)| now - at > WINDOW_MS) {
        history.pop_front();
    }
    let (first, last) = (history.front()?, history.back()?);
    let secs = (now - first.0) as f32 / 1000.0;
    (history.len() > 1 && secs > 0.5).then(|| last.1.saturating_sub(first.1) as f32 / secs)
}
