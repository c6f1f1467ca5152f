//! Drawing on a picture: what is painted meanwhile, and the bar with its fields.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    keyboard::{default_name, save_drawing},
    words,
};
use crate::state::{
    CameraView, DeskAction, EditorInput, Kind, Problem, ZoneEditor,
    arrows::{Place, head, side_arrows},
};
use std::rc::Rc;
use vigie_engine::Point;
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct EditLayerProps {
    pub(crate) editor: ZoneEditor,
    /// The picture's width over its height: arrows keep their shape.
    pub(crate) aspect: f32,
}

/// Height of the space in which is painted; its width has the picture's shape.
const HEIGHT: f64 = 1000.0;
/// Length of an arrow's head there.
const HEAD: f64 = 34.0;
/// Length of the arrows on a line there.
const SIDE: f64 = 120.0;

/// Outline, rubber band, arrows and corners.
#[component]
pub(crate) fn EditLayer(props: &EditLayerProps) -> Html {
    let editor = &props.editor;
    let corners = &editor.corners;
    let width = HEIGHT * f64::from(props.aspect);
    let place = |p: &Point| -> Place { (f64::from(p.x) * width, f64::from(p.y) * HEIGHT) };
    let path =
        |points: &[Place]| points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let places = corners.iter().map(place).collect::<Vec<_>>();
    let polygon = editor.kind != Kind::Line;
    let band = (!editor.closed)
        .then(|| [corners.last(), editor.hover.as_ref()])
        .and_then(|[a, b]| Some([place(a?), place(b?)]));
    let arrow = |ends: [Place; 2]| {
        html! {
            <>
                <polyline class="edit__shade" points={path(&ends)} />
                <polyline class="edit__line" points={path(&ends)} />
                <polygon class="edit__head" points={path(&head(ends, HEAD))} />
            </>
        }
    };
    let sides = match (editor.middle(), places.as_slice()) {
        (Some(_), [from, to]) => side_arrows([*from, *to], editor.crossing, SIDE),
        _ => Vec::new(),
    };
    let direction = editor.arrow.filter(|_| editor.kind == Kind::Direction);
    let percent = |share: f32| format!("{:.3}%", share * 100.0);
    let handle = |p: &Point, class: Classes, radius: &'static str| {
        html! {
            <>
                <circle class="edit__halo" cx={percent(p.x)} cy={percent(p.y)} r="12" />
                <circle {class} cx={percent(p.x)} cy={percent(p.y)} r={radius} />
            </>
        }
    };
    html! {
        <>
            <svg class="edit" viewBox={format!("0 0 {width:.1} {HEIGHT}")} preserveAspectRatio="none" aria-hidden="true">
                if polygon && (editor.closed || corners.len() > 2) {
                    <polygon class={classes!("edit__area", editor.closed.then_some("edit__area--closed"))} points={path(&places)} />
                }
                <polyline class="edit__shade" points={path(&places)} />
                <polyline class="edit__line" points={path(&places)} />
                if polygon && editor.closed && let (Some(first), Some(last)) = (places.first(), places.last()) {
                    <polyline class="edit__line" points={path(&[*last, *first])} />
                }
                if let Some(band) = band {
                    <polyline class="edit__band" points={path(&band)} />
                }
                { for sides.into_iter().map(arrow) }
                if let Some([tail, tip]) = direction {
                    { arrow([place(&tail), place(&tip)]) }
                }
            </svg>
            <svg class="edit" aria-hidden="true">
                { for corners.iter().enumerate().map(|(index, p)| {
                    let closes = editor.closes_at(index);
                    handle(p, classes!("edit__corner", closes.then_some("edit__corner--close")), if closes { "9" } else { "6" })
                }) }
                if let Some(middle) = editor.middle() {
                    { handle(&middle, classes!("edit__corner", "edit__corner--switch"), "8") }
                }
                if let Some([tail, _]) = direction {
                    { handle(&tail, classes!("edit__corner"), "5") }
                }
            </svg>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct EditBarProps {
    pub(crate) camera: Rc<CameraView>,
    pub(crate) editor: ZoneEditor,
}

/// What is drawn, its name and figures, what is wrong, and what can be done.
#[component]
pub(crate) fn EditBar(props: &EditBarProps) -> Html {
    let ui = use_ui();
    let editor = &props.editor;
    let checked = editor.check();
    let message = match &checked {
        _ if editor.corners.is_empty() => ui.t(words::hint_start(editor.kind)),
        Ok(_) | Err(Problem::NoDirection) if !editor.closed => ui.t("zone-hint-close"),
        Ok(_) => ui.t(words::hint_ready(editor.kind)),
        Err(problem) => words::problem(&ui.i18n, *problem),
    };
    // What is still to be drawn is no mistake.
    let wrong = checked.as_ref().is_err_and(|problem| *problem != Problem::NoDirection)
        && (editor.corners.len() >= 3 || editor.closed);
    let save = {
        let (ui, camera, editor) = (ui.clone(), props.camera.id.clone(), editor.clone());
        Callback::from(move |_: MouseEvent| save_drawing(&ui, &camera, &editor))
    };
    html! {
        <div class="editbar" role="group" aria-label={ui.t("zone-editor-label")}>
            if editor.id.is_none() {
                { kinds(&ui, props) }
            }
            <p class={classes!("editbar__hint", wrong.then_some("is-warn"))} role="status">{ message }</p>
            <div class="editbar__row">
                <label class="field field--grow">
                    <span>{ ui.t("zone-name") }</span>
                    <input data-testid="zone-name" value={editor.name.clone()} maxlength={ZoneEditor::MAX_NAME.to_string()} autocomplete="off"
                        oninput={field(&ui, EditorInput::Name)} />
                </label>
                { figures(&ui, editor) }
                <button class="button button--icon" disabled={!editor.can_undo()} title={ui.t("zone-undo")} aria-label={ui.t("zone-undo")}
                    aria-keyshortcuts="Backspace" onclick={ui.on(DeskAction::Edit(EditorInput::Undo))}>{ icon(Icon::Undo) }</button>
                <button class="button" data-testid="zone-cancel" aria-keyshortcuts="Escape" onclick={ui.on(DeskAction::DropDrawing)}>{ ui.t("zone-cancel") }</button>
                <button class="button button--primary" data-testid="zone-save" disabled={checked.is_err()} aria-keyshortcuts="Enter" onclick={save}>
                    { icon(Icon::Check) }{ ui.t("zone-save") }
                </button>
            </div>
        </div>
    }
}

/// What can be drawn: one of four.
fn kinds(ui: &Ui, props: &EditBarProps) -> Html {
    let choice = |kind: Kind| {
        let chosen = props.editor.kind == kind;
        let name = default_name(ui, &props.camera, kind);
        html! {
            <button key={words::kind_name(kind)} class={classes!("choice", chosen.then_some("choice--chosen"))} aria-pressed={chosen.to_string()}
                data-testid={format!("draw-{}", words::kind_name(kind))} onclick={ui.on(DeskAction::Edit(EditorInput::Kind(kind, name)))}>
                { icon(words::kind_icon(kind)) }<span>{ ui.t(words::kind(kind)) }</span>
            </button>
        }
    };
    html! {
        <div class="choices" role="group" aria-label={ui.t("zone-kinds")}>{ for Kind::ALL.into_iter().map(choice) }</div>
    }
}

/// The figures of what is drawn, and what turns it.
fn figures(ui: &Ui, editor: &ZoneEditor) -> Html {
    let turn = |by: i8| ui.on(DeskAction::Edit(EditorInput::Turn(by)));
    match editor.kind {
        Kind::Forbidden => html! {
            <label class="field field--short">
                <span>{ ui.t("zone-dwell") }</span>
                <input data-testid="zone-dwell" value={editor.dwell.clone()} inputmode="decimal" autocomplete="off"
                    oninput={field(ui, EditorInput::Dwell)} />
            </label>
        },
        Kind::Line => html! {
            <button class="button" data-testid="line-crossing" data-crossing={editor.crossing.name()} disabled={!editor.closed}
                title={ui.t("line-switch")} aria-keyshortcuts="ArrowRight" onclick={turn(1)}>
                { icon(Icon::Switch) }{ ui.t(words::crossing(editor.crossing)) }
            </button>
        },
        Kind::Direction => html! {
            <div class="editbar__turn" role="group" aria-label={ui.t("direction-turn")}>
                <button class="button button--icon" disabled={!editor.closed} title={ui.t("direction-left")} aria-label={ui.t("direction-left")}
                    aria-keyshortcuts="ArrowLeft" onclick={turn(-1)}>{ icon(Icon::TurnLeft) }</button>
                <button class="button button--icon" data-testid="direction-turn" disabled={!editor.closed} title={ui.t("direction-right")} aria-label={ui.t("direction-right")}
                    aria-keyshortcuts="ArrowRight" onclick={turn(1)}>{ icon(Icon::TurnRight) }</button>
            </div>
        },
        Kind::Density => {
            let unit = {
                let ui = ui.clone();
                Callback::from(move |event: Event| {
                    if let Some(select) =
                        event.target().and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok())
                    {
                        ui.act(DeskAction::Edit(EditorInput::InPersons(select.selected_index() == 1)));
                    }
                })
            };
            html! {
                <>
                    <label class="field field--short">
                        <span>{ ui.t("zone-limit") }</span>
                        <input data-testid="zone-limit" value={editor.limit.clone()} inputmode="decimal" autocomplete="off"
                            oninput={field(ui, EditorInput::Limit)} />
                    </label>
                    <label class="field">
                        <span>{ ui.t("zone-limit-unit") }</span>
                        <select data-testid="zone-limit-unit" onchange={unit}>
                            <option selected={!editor.in_persons}>{ ui.t("zone-limit-per-m2") }</option>
                            <option selected={editor.in_persons}>{ ui.t("zone-limit-persons") }</option>
                        </select>
                    </label>
                </>
            }
        }
    }
}

fn field(ui: &Ui, make: fn(String) -> EditorInput) -> Callback<InputEvent> {
    let ui = ui.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            ui.act(DeskAction::Edit(make(input.value())));
        }
    })
}
