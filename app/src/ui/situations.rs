//! What is watched for on a camera: the eight kinds of situation, and the camera's settings as a file.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    keyboard::start_drawing,
    settings_file::SettingsFile,
    words,
};
use crate::state::{
    CameraView, Command, Kind,
    situations::{Situation, Threshold, needs_drawing, situation, unseen},
};
use std::rc::Rc;
use vigie_engine::scene::check;
use vigie_protocol::{CameraId, EventKind};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// A frame's width and height while none has been analysed yet, pixels.
const USUAL_FRAME: (u32, u32) = (1920, 1080);

#[derive(Properties, PartialEq)]
pub(crate) struct SituationsProps {
    pub(crate) camera: Rc<CameraView>,
}

#[component]
pub(crate) fn Situations(props: &SituationsProps) -> Html {
    let ui = use_ui();
    let camera = &props.camera;
    let row = |event: EventKind| {
        let now = situation(&camera.settings, &camera.off, event);
        let name = event.as_str();
        html! {
            <li key={name} class={classes!("situation", now.on.then_some("situation--on"))} data-testid={format!("situation-{name}")} data-on={now.on.to_string()}>
                <span class="situation__icon">{ icon(words::event_icon(event)) }</span>
                <div class="situation__text">
                    <h3 id={format!("situation-{name}")}>{ ui.t(words::event(event)) }</h3>
                    <p>{ ui.t(words::event_about(event)) }</p>
                    if unseen(event) {
                        <p class="is-warn">{ ui.t("situation-unseen") }</p>
                    }
                </div>
                <div class="situation__controls">
                    if needs_drawing(event) {
                        { drawn(&ui, camera, event) }
                    } else {
                        if let Some((threshold, value)) = now.threshold {
                            <ThresholdField key={value.to_string()} camera={camera.id.clone()} {event} {threshold} {value} disabled={!now.on} />
                        }
                        { toggle(&ui, &camera.id, now) }
                    }
                </div>
            </li>
        }
    };
    html! {
        <div class="situations" data-testid={format!("situations-sheet-{}", camera.id)}>
            { problems(&ui, camera) }
            <ul class="situations__list">{ for EventKind::ALL.into_iter().map(row) }</ul>
            <SettingsFile camera={camera.clone()} />
        </div>
    }
}

/// What is wrong with what is set: said here, where it can be mended.
fn problems(ui: &Ui, camera: &CameraView) -> Html {
    let shown = ui.orders.live(&camera.id).map(|live| live.overlay.borrow().picture);
    let frame = shown.filter(|(width, height)| *width > 0 && *height > 0).unwrap_or(USUAL_FRAME);
    let found = check(&camera.settings, frame);
    html! {
        if !found.is_empty() {
            <div class="callout" role="status" data-testid="situations-problems">
                { icon(Icon::Warning) }
                <ul>{ for found.iter().map(|problem| html! { <li>{ words::scene_problem(&ui.i18n, problem) }</li> }) }</ul>
            </div>
        }
    }
}

/// What is drawn for a kind, and the way to draw more.
fn drawn(ui: &Ui, camera: &Rc<CameraView>, event: EventKind) -> Html {
    let of_kind = |kind: Kind| camera.zones.iter().filter(|zone| zone.shape.kind() == kind).count();
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.event() == event).collect::<Vec<_>>();
    let count = kinds.iter().map(|kind| of_kind(*kind)).sum::<usize>();
    let draw = |kind: Kind| {
        let (ui, camera) = (ui.clone(), Rc::clone(camera));
        Callback::from(move |_: MouseEvent| start_drawing(&ui, &camera, kind))
    };
    html! {
        <>
            <span class={classes!("situation__count", (count == 0).then_some("situation__count--none"))}>
                { ui.ta("situation-drawn", &[("count", count.into())]) }
            </span>
            { for kinds.iter().map(|kind| html! {
                <button key={words::kind_name(*kind)} class="button" data-testid={format!("situation-draw-{}", words::kind_name(*kind))} onclick={draw(*kind)}>
                    { icon(words::kind_icon(*kind)) }{ ui.t(words::kind_draw(*kind)) }
                </button>
            }) }
        </>
    }
}

fn toggle(ui: &Ui, camera: &CameraId, now: Situation) -> Html {
    let Situation { event, on, .. } = now;
    let order = Command::SwitchSituation { camera: camera.clone(), event, on: !on };
    html! {
        <button class="switch" role="switch" aria-checked={on.to_string()} aria-labelledby={format!("situation-{}", event.as_str())}
            data-testid={format!("situation-switch-{}", event.as_str())} onclick={ui.order(order)}>
            <span class="switch__track" aria-hidden="true"><span class="switch__knob"></span></span>
            <span class="switch__text" aria-hidden="true">{ ui.t(if on { "situation-on" } else { "situation-off" }) }</span>
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct ThresholdProps {
    camera: CameraId,
    event: EventKind,
    threshold: Threshold,
    value: f32,
    disabled: bool,
}

/// A threshold as it is typed; taken when the field is left or Enter is pressed.
#[component]
fn ThresholdField(props: &ThresholdProps) -> Html {
    let ui = use_ui();
    let ThresholdProps { event, threshold, .. } = *props;
    let wrong = use_state(|| false);
    let changed = {
        let (ui, camera, wrong) = (ui.clone(), props.camera.clone(), wrong.setter());
        Callback::from(move |changed: Event| {
            let Some(input) = changed.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
            else {
                return;
            };
            let value = input.value().trim().replace(',', ".").parse::<f32>().ok();
            match value.filter(|value| (threshold.least..=threshold.most).contains(value)) {
                Some(value) => {
                    wrong.set(false);
                    ui.send(Command::SetThreshold { camera: camera.clone(), event, value });
                }
                None => wrong.set(true),
            }
        })
    };
    let unit = ui.t(words::threshold_unit(threshold.unit));
    let range = ui.ta(
        "threshold-range",
        &[
            ("least", ui.i18n.exact(threshold.least).into()),
            ("most", ui.i18n.exact(threshold.most).into()),
            ("unit", unit.as_str().into()),
        ],
    );
    html! {
        <label class={classes!("threshold", wrong.then_some("threshold--wrong"))} title={range.clone()}>
            <span>{ ui.t(words::threshold(event)) }</span>
            <input data-testid={format!("situation-threshold-{}", event.as_str())} value={ui.i18n.exact(props.value)} inputmode="decimal" autocomplete="off"
                aria-invalid={wrong.to_string()} disabled={props.disabled} onchange={changed} />
            <span>{ unit }</span>
            if *wrong {
                <small class="is-warn" role="alert">{ range }</small>
            }
        </label>
    }
}
