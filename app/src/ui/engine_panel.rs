//! The engine: what it is, how fast it is, and why it is not another one.

use super::{
    context::{Ui, use_ui},
    fact::fact,
    icons::{Icon, icon},
    words,
};
use crate::state::{CameraView, Command, DeskAction, EngineStatus, EngineView};
use std::rc::Rc;
use vigie_worker::messages::{EngineKind, EngineReport, FlowReport, InputSize, ModelName};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Networks to choose from.
const MODELS: [ModelName; 3] = [ModelName::Lite0, ModelName::Lite1, ModelName::Lite2];
/// Input sizes to choose from, width and height: both sides multiples of 128.
const INPUTS: [(u32, u32); 6] = [(384, 256), (512, 384), (640, 384), (768, 512), (1024, 640), (1280, 768)];

#[derive(Properties, PartialEq)]
pub(crate) struct EnginePanelProps {
    pub(crate) engine: EngineView,
    pub(crate) cameras: Vec<Rc<CameraView>>,
    pub(crate) open: bool,
}

#[component]
pub(crate) fn EnginePanel(props: &EnginePanelProps) -> Html {
    let ui = use_ui();
    let engine = &props.engine;
    let report = match &engine.status {
        EngineStatus::Ready(report) => Some(report),
        _ => None,
    };
    let state = match engine.status {
        EngineStatus::Idle | EngineStatus::Starting { .. } => "starting",
        EngineStatus::Ready(_) => "ready",
        EngineStatus::Failed { .. } => "failed",
    };
    let kind = match report.map(|r| r.engine) {
        Some(EngineKind::Cpu) => "cpu",
        Some(EngineKind::WebGpu) => "webgpu",
        None => "none",
    };
    let software = report.is_some_and(|r| r.software_gpu);
    let fallback = engine.fallback.as_ref().map_or("", |(code, _)| code.name());
    let label = match &engine.status {
        EngineStatus::Idle => ui.t("engine-idle"),
        EngineStatus::Starting { progress: Some(share), .. } => {
            ui.ta("engine-starting-share", &[("value", ui.number(f64::from(*share) * 100.0, 0).into())])
        }
        EngineStatus::Starting { .. } => ui.t("engine-starting"),
        EngineStatus::Ready(report) => ui.t(words::engine(report.engine)),
        EngineStatus::Failed { .. } => ui.t("engine-failed"),
    };
    let degraded = software || engine.fallback.is_some();
    html! {
        <section class="engine" data-testid="engine-panel" data-state={state} data-engine={kind} data-fallback={fallback}
            data-software={software.to_string()} data-flow={report.map_or("", |r| r.flow.name())} aria-label={ui.t("engine-label")}>
            <button class="chip chip--button" data-testid="engine-toggle" data-state={if state == "ready" && degraded { "degraded" } else { state }}
                aria-expanded={props.open.to_string()} aria-controls="engine-details" onclick={ui.on(DeskAction::ToggleEngine)}>
                { icon(Icon::Chip) }
                <span class="chip__text">{ label }</span>
                if report.is_some() {
                    <span class="chip__measure">{ ui.ta("tile-rate", &[("rate", ui.number(f64::from(engine.rate), 1).into())]) }</span>
                }
                if software {
                    <span class="badge badge--warn">{ ui.t("engine-software") }</span>
                }
            </button>
            <div class="popover" id="engine-details" hidden={!props.open}>
                <header class="popover__header">
                    <h2>{ ui.t("engine-label") }</h2>
                    <button class="tool" aria-label={ui.t("close")} title={ui.t("close")} onclick={ui.on(DeskAction::ToggleEngine)}>{ icon(Icon::Close) }</button>
                </header>
                { status(&ui, engine) }
                { measures(&ui, engine, report) }
                { frames(&ui, &props.cameras) }
                { choices(&ui, engine, report) }
            </div>
        </section>
    }
}

fn status(ui: &Ui, engine: &EngineView) -> Html {
    html! {
        <>
            if let EngineStatus::Starting { stage, progress } = &engine.status {
                <div class="engine__start">
                    <span>{ ui.t(words::stage(*stage)) }</span>
                    <progress value={progress.map(|p| p.to_string())} max="1" aria-label={ui.t("engine-starting")}></progress>
                </div>
            }
            if let EngineStatus::Failed { code, message } = &engine.status {
                <p class="callout callout--error">{ icon(Icon::Warning) }<span>{ ui.t(words::failure(*code)) }<small lang="en">{ message }</small></span></p>
            }
            if let Some((code, message)) = &engine.fallback {
                <p class="callout callout--warn" data-testid="engine-fallback">
                    { icon(Icon::Warning) }
                    <span>{ ui.ta("engine-fallback", &[("why", ui.t(words::failure(*code)).into())]) }<small lang="en">{ message }</small></span>
                </p>
            }
        </>
    }
}

fn measures(ui: &Ui, engine: &EngineView, report: Option<&EngineReport>) -> Html {
    let unknown = || ui.t("unknown");
    let ms = |value: Option<f64>| {
        value.map_or_else(unknown, |v| {
            ui.ta("unit-ms", &[("value", ui.number(v, usize::from(v < 100.0)).into())])
        })
    };
    let self_test = report.map_or_else(unknown, |r| {
        ui.ta(
            "engine-self-test-value",
            &[
                ("deviation", ui.number(f64::from(r.selftest_deviation), 4).into()),
                ("tolerance", ui.number(f64::from(r.selftest_tolerance), 3).into()),
                ("ms", ui.number(r.selftest_ms, 0).into()),
            ],
        )
    });
    let motion = report.map_or_else(unknown, |r| match &r.flow {
        FlowReport::Page => ui.t("engine-cpu"),
        FlowReport::Device { apart, tolerance, .. } => ui.ta(
            "engine-motion-device",
            &[
                ("apart", ui.number(100.0 * f64::from(*apart), 1).into()),
                ("tolerance", ui.number(100.0 * f64::from(*tolerance), 0).into()),
            ],
        ),
        FlowReport::Refused { why } => ui.ta("engine-motion-refused", &[("why", why.as_str().into())]),
    });
    html! {
        <dl class="facts">
            { fact(ui, "engine-adapter", Some("engine-adapter"), &report.map_or_else(unknown, |r| r.adapter.clone())) }
            { fact(ui, "engine-kind", None, &report.map_or_else(unknown, |r| ui.t(words::engine(r.engine)))) }
            { fact(ui, "engine-model", Some("engine-model"), &report.map_or_else(unknown, |r| words::model(r.model).to_owned())) }
            { fact(ui, "engine-input", Some("engine-input"), &report.map_or_else(unknown, |r| size(r.input))) }
            { fact(ui, "engine-p50", Some("engine-p50"), &ms(engine.p50_ms)) }
            { fact(ui, "engine-p95", Some("engine-p95"), &ms(engine.p95_ms)) }
            { fact(ui, "engine-rate", None, &ui.ta("tile-rate", &[("rate", ui.number(f64::from(engine.rate), 1).into())])) }
            { fact(ui, "engine-self-test", None, &self_test) }
            { fact(ui, "engine-motion", Some("engine-motion"), &motion) }
        </dl>
    }
}

/// Frames per camera, and all together.
fn frames(ui: &Ui, cameras: &[Rc<CameraView>]) -> Html {
    let sum = |count: fn(&CameraView) -> u64| cameras.iter().map(|c| count(c)).sum::<u64>();
    let youngest = cameras.iter().filter_map(|c| c.analysis_age_secs).min_by(f32::total_cmp);
    let whole = |n: u64| ui.number(n as f64, 0);
    let age = |age: Option<f32>| {
        age.map_or_else(
            || ui.t("unknown"),
            |secs| ui.ta("unit-seconds", &[("secs", ui.seconds(secs).into())]),
        )
    };
    let cell = |test: &'static str, value: u64| {
        html! { <td data-testid={test} data-value={value.to_string()}>{ whole(value) }</td> }
    };
    html! {
        <table class="frames">
            <caption>{ ui.t("frames-label") }</caption>
            <thead><tr>
                <th scope="col">{ ui.t("frames-camera") }</th><th scope="col">{ ui.t("frames-seen") }</th>
                <th scope="col">{ ui.t("frames-analysed") }</th><th scope="col">{ ui.t("frames-dropped") }</th><th scope="col">{ ui.t("frames-age") }</th>
            </tr></thead>
            <tbody>
                { for cameras.iter().map(|c| html! {
                    <tr key={c.id.as_str()}><th scope="row">{ &c.name }</th><td>{ whole(c.seen) }</td><td>{ whole(c.analysed) }</td><td>{ whole(c.dropped) }</td><td>{ age(c.analysis_age_secs) }</td></tr>
                }) }
            </tbody>
            <tfoot><tr>
                <th scope="row">{ ui.t("frames-all") }</th>
                { cell("frames-seen", sum(|c| c.seen)) }
                { cell("frames-analysed", sum(|c| c.analysed)) }
                { cell("frames-dropped", sum(|c| c.dropped)) }
                <td data-testid="analysis-age" data-value={youngest.map(|a| format!("{a:.2}"))}>{ age(youngest) }</td>
            </tr></tfoot>
        </table>
    }
}

fn choices(ui: &Ui, engine: &EngineView, report: Option<&EngineReport>) -> Html {
    let (model, input) = (engine.model, engine.input);
    let chosen = |event: &Event| {
        let select = event.target()?.dyn_into::<web_sys::HtmlSelectElement>().ok()?;
        usize::try_from(select.selected_index()).ok()?.checked_sub(1)
    };
    let set_model = {
        let ui = ui.clone();
        Callback::from(move |event: Event| {
            let model = chosen(&event).and_then(|i| MODELS.get(i).copied());
            ui.send(Command::SetNetwork { model, input });
        })
    };
    let set_input = {
        let ui = ui.clone();
        Callback::from(move |event: Event| {
            let input = chosen(&event)
                .and_then(|i| INPUTS.get(i))
                .map(|(width, height)| InputSize { width: *width, height: *height });
            ui.send(Command::SetNetwork { model, input });
        })
    };
    let auto = |now: Option<String>| match now {
        Some(now) => ui.ta("engine-auto-now", &[("now", now.into())]),
        None => ui.t("engine-auto"),
    };
    html! {
        <div class="engine__choices">
            <label class="field"><span>{ ui.t("engine-model") }</span>
                <select onchange={set_model}>
                    <option selected={model.is_none()}>{ auto(report.filter(|_| model.is_none()).map(|r| words::model(r.model).to_owned())) }</option>
                    { for MODELS.iter().map(|m| html! { <option selected={model == Some(*m)}>{ words::model(*m) }</option> }) }
                </select>
            </label>
            <label class="field"><span>{ ui.t("engine-input") }</span>
                <select onchange={set_input}>
                    <option selected={input.is_none()}>{ auto(report.filter(|_| input.is_none()).map(|r| size(r.input))) }</option>
                    { for INPUTS.iter().map(|(w, h)| {
                        let this = InputSize { width: *w, height: *h };
                        html! { <option selected={input == Some(this)}>{ size(this) }</option> }
                    }) }
                </select>
            </label>
        </div>
    }
}

fn size(input: InputSize) -> String {
    format!("{} × {}", input.width, input.height)
}
