//! Short messages over the wall, and steps that can be taken back.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    words,
};
use crate::state::{Command, DeskAction, Drawn, Notice, NoticeLevel, Undo, UndoStep};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long a message that needs no answer stays, milliseconds.
const INFO_MS: u32 = 6_000;
/// How long a step can be taken back, milliseconds. The style sheet's `--undo-time` is the same.
const UNDO_MS: u32 = 10_000;

#[derive(Properties, PartialEq)]
pub(crate) struct NoticesProps {
    pub(crate) notices: Vec<Notice>,
    pub(crate) undos: Vec<Undo>,
}

#[component]
pub(crate) fn Notices(props: &NoticesProps) -> Html {
    let lines = |errors: bool| {
        let level = move |notice: &&Notice| (notice.level == NoticeLevel::Error) == errors;
        props
            .notices
            .iter()
            .filter(level)
            .map(|notice| html! { <NoticeLine key={notice.id.to_string()} notice={notice.clone()} /> })
    };
    html! {
        <div class="notices">
            <div role="alert">{ for lines(true) }</div>
            <div role="status" aria-live="polite">
            { for lines(false) }
            { for props.undos.iter().map(|undo| html! { <UndoLine key={format!("u{}", undo.id)} undo={undo.clone()} /> }) }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NoticeProps {
    notice: Notice,
}

#[component]
fn NoticeLine(props: &NoticeProps) -> Html {
    let ui = use_ui();
    let notice = &props.notice;
    use_effect_with((notice.id, notice.level), {
        let ui = ui.clone();
        move |(id, level): &(u64, NoticeLevel)| {
            let id = *id;
            let timer = (*level == NoticeLevel::Info)
                .then(|| Timeout::new(INFO_MS, move || ui.send(Command::Dismiss(id))));
            move || drop(timer)
        }
    });
    let args = notice
        .args
        .iter()
        .map(|(name, value)| (*name, words::notice_arg(&ui.i18n, value)))
        .collect::<Vec<_>>();
    let level = match notice.level {
        NoticeLevel::Info => "info",
        NoticeLevel::Warning => "warn",
        NoticeLevel::Error => "error",
    };
    html! {
        <div class={classes!("notice", format!("notice--{level}"))} data-testid="notice" data-level={level} data-message={notice.message}>
            if notice.level != NoticeLevel::Info {
                { icon(Icon::Warning) }
            }
            <p>{ ui.ta(notice.message, &args) }</p>
            <button class="tool" aria-label={ui.t("close")} title={ui.t("close")} onclick={ui.order(Command::Dismiss(notice.id))}>{ icon(Icon::Close) }</button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct UndoProps {
    undo: Undo,
}

#[component]
fn UndoLine(props: &UndoProps) -> Html {
    let ui = use_ui();
    let id = props.undo.id;
    use_effect_with(id, {
        let ui = ui.clone();
        move |id: &u64| {
            let id = *id;
            let timer = Timeout::new(UNDO_MS, move || ui.act(DeskAction::UndoGone(id)));
            move || drop(timer)
        }
    });
    let text = match &props.undo.step {
        UndoStep::Answer { verb, .. } => {
            ui.ta("undo-answer", &[("answer", ui.t(words::answered(*verb)).into())])
        }
        UndoStep::ZoneRemoved { zone, .. } => ui.ta("undo-zone", &[("name", zone.name.as_str().into())]),
        UndoStep::SettingsLoaded { .. } => ui.t("undo-settings"),
        UndoStep::DrawingDropped { .. } => ui.t("undo-drawing"),
    };
    let undo = {
        let (ui, step) = (ui.clone(), props.undo.step.clone());
        Callback::from(move |_: MouseEvent| {
            match step.clone() {
                UndoStep::Answer { signal, .. } => {
                    ui.send(Command::Reopen(signal));
                    ui.act(DeskAction::Select(Some(signal)));
                }
                UndoStep::ZoneRemoved { camera, zone } => ui.send(Command::SaveDrawn {
                    camera,
                    id: Some(zone.id),
                    drawn: Drawn { name: zone.name, shape: zone.shape },
                }),
                UndoStep::SettingsLoaded { camera, before } => {
                    ui.send(Command::LoadSettings { camera, settings: Box::new((*before).clone()) });
                }
                UndoStep::DrawingDropped { camera, editor } => ui.act(DeskAction::Draw(camera, editor)),
            }
            ui.act(DeskAction::UndoGone(id));
        })
    };
    html! {
        <div class="notice notice--undo" data-testid="undo">
            <p>{ text }</p>
            <button class="button" data-testid="undo-do" onclick={undo}>{ icon(Icon::Undo) }{ ui.t("undo") }</button>
            <button class="tool" aria-label={ui.t("close")} title={ui.t("close")} onclick={ui.on(DeskAction::UndoGone(id))}>{ icon(Icon::Close) }</button>
        </div>
    }
}
