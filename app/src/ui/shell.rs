//! The page's frame: top bar, banners, the wall or the record on the left, the queue on the right.

use super::{
    banners::Banners, context::use_ui, keyboard, notices::Notices, queue::QueuePanel, record::RecordView,
    sheets::Sheets, topbar::TopBar, wall::Wall,
};
use crate::{
    platform::dom,
    state::{AppState, CameraStatus, Desk, DeskAction, Queue, View, Watch},
};
use std::{collections::HashMap, rc::Rc};
use vigie_protocol::{CameraId, PostId, Record};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ShellProps {
    pub(crate) state: UseReducerHandle<AppState>,
    pub(crate) desk: UseReducerHandle<Desk>,
}

/// Display names: of cameras, from the wall and from what the relay offers; of posts, from the record.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Names {
    cameras: HashMap<CameraId, String>,
    posts: HashMap<PostId, String>,
}

impl Names {
    fn of(state: &AppState) -> Self {
        let offered = state.offered.iter().map(|c| (c.id.clone(), c.name.clone()));
        let open = state.cameras.iter().map(|c| (c.id.clone(), c.name.clone()));
        // The record is newest first: collected from the oldest on, the last name given wins.
        let started = state.record.iter().rev().filter_map(|row| match &row.record {
            Record::PostStarted { name, .. } => Some((row.post, name.clone())),
            _ => None,
        });
        let own = state.post.map(|id| (id, state.post_name.clone()));
        Self { cameras: offered.chain(open).collect(), posts: started.chain(own).collect() }
    }

    /// A camera's display name, or its short one.
    pub(crate) fn camera(&self, id: &CameraId) -> String {
        self.cameras.get(id).filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| id.to_string())
    }

    /// A post's display name, or the end of its number, which is its random part.
    pub(crate) fn post(&self, id: PostId) -> String {
        self.posts.get(&id).filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| {
            let text = id.to_string();
            format!("…{}", &text[text.len() - 6..])
        })
    }
}

#[component]
pub(crate) fn Shell(props: &ShellProps) -> Html {
    let ui = use_ui();
    let (state, desk) = (&props.state, &props.desk);
    let queue = use_memo(state.signals.clone(), |signals| Queue::of(signals));
    let names = Rc::new(Names::of(state));

    // The newest signal that waits is taken in hand when the hand is empty.
    use_effect_with(queue.next_to_answer(None), {
        let ui = ui.clone();
        move |next: &Option<_>| {
            if let Some(id) = next {
                ui.act(DeskAction::Arrived(*id));
            }
        }
    });
    use_effect_with((ui.i18n.lang(), queue.waiting_here()), {
        let ui = ui.clone();
        move |(lang, waiting): &(_, usize)| {
            let title = match waiting {
                0 => ui.t("page-title"),
                count => ui.ta("page-title-waiting", &[("count", (*count).into())]),
            };
            dom::set_page(lang.tag(), &title);
        }
    });
    use_effect_with(desk.view, |view| dom::go_to(view.path()));
    use_effect_with((), {
        let ui = ui.clone();
        move |()| {
            let listener = dom::on_history(move || ui.act(DeskAction::Show(View::at_path(&dom::path()))));
            move || drop(listener)
        }
    });
    keyboard::use_keyboard(&ui, state, desk, &queue);

    let (watch, standby) = (state.watch(), state.standby());
    // Where a first zone is drawn from the queue.
    let wanted = desk.solo.as_ref().or(desk.camera.as_ref());
    let live = || state.cameras.iter().filter(|camera| camera.status == CameraStatus::Live);
    let draw_on = (watch == Watch::NoZone)
        .then(|| live().find(|camera| Some(&camera.id) == wanted).or_else(|| live().next()).cloned())
        .flatten();
    html! {
        <div class="shell" data-view={if desk.view == View::Record { "record" } else { "live" }}>
            <TopBar
                post_name={state.post_name.clone()} relay={state.relay.clone()} engine={state.engine.clone()}
                storage={state.storage.clone()} cameras={state.cameras.clone()} sound_unlocked={state.sound_unlocked}
                view={desk.view} engine_open={desk.engine_open} {standby}
            />
            <Banners relay={state.relay.clone()} storage={state.storage.clone()} engine={state.engine.status.clone()} {standby} />
            <main class="stage">
                // The wall stays in the page under the record: a video that leaves the page would stop.
                <Wall
                    cameras={state.cameras.clone()} offered={state.offered.clone()} engine={state.engine.status.clone()}
                    signals={queue.open.clone()} solo={desk.solo.clone()} editor={desk.editor.clone()}
                    covered={desk.view == View::Record} {standby}
                />
                if desk.view == View::Record {
                    <RecordView rows={state.record.clone()} signals={state.signals.clone()} post={state.post} storage={state.storage.clone()} relay={state.relay.clone()} names={names.clone()} {standby} />
                }
            </main>
            <QueuePanel queue={queue.clone()} names={names.clone()} selected={desk.selected} draft={desk.draft.clone()} {watch} {draw_on} />
            <Notices notices={state.notices.clone()} undos={desk.undos.clone()} />
            <Sheets open={desk.sheet.clone()} offered={state.offered.clone()} cameras={state.cameras.clone()} />
        </div>
    }
}
