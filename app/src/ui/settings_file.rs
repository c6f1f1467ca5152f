//! A camera's complete settings: saved as a file, loaded from one.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    words,
};
use crate::{
    platform::{dom, files},
    state::{
        CameraView, Command, DeskAction,
        settings_file::{FileProblem, MAX_FILE_BYTES, read, write},
    },
};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct SettingsFileProps {
    pub(crate) camera: Rc<CameraView>,
}

/// What went wrong with a file.
#[derive(Clone, Debug, PartialEq)]
enum Trouble {
    /// With what is in it.
    Content(FileProblem),
    /// With the browser; in English.
    Browser(String),
}

#[component]
pub(crate) fn SettingsFile(props: &SettingsFileProps) -> Html {
    let ui = use_ui();
    let trouble = use_state(|| None::<Trouble>);
    let save = {
        let (camera, trouble) = (Rc::clone(&props.camera), trouble.setter());
        Callback::from(move |_: MouseEvent| {
            let name = format!("vigie-{}.json", camera.id);
            let saved = files::save_text(&name, "application/json", &write(&camera.settings));
            trouble.set(saved.err().map(Trouble::Browser));
        })
    };
    let load = {
        let (ui, camera, trouble) = (ui.clone(), Rc::clone(&props.camera), trouble.setter());
        Callback::from(move |event: Event| {
            let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
            else {
                return;
            };
            let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
            // The same file, once it is mended, is a change again.
            input.set_value("");
            let (ui, camera, trouble) = (ui.clone(), Rc::clone(&camera), trouble.clone());
            dom::spawn(async move {
                let text = match files::read_text(file, MAX_FILE_BYTES).await {
                    Ok(text) => text.ok_or(Trouble::Content(FileProblem::TooLarge)),
                    Err(why) => Err(Trouble::Browser(why)),
                };
                match text.and_then(|text| read(&text).map_err(Trouble::Content)) {
                    Ok(settings) => {
                        ui.send(Command::LoadSettings {
                            camera: camera.id.clone(),
                            settings: Box::new(settings),
                        });
                        ui.act(DeskAction::SettingsLoaded(camera.id.clone(), Rc::clone(&camera.settings)));
                        // What can be taken back is told under the sheet.
                        ui.act(DeskAction::Sheet(None));
                    }
                    Err(why) => trouble.set(Some(why)),
                }
            });
        })
    };
    html! {
        <section class="settings-file">
            <h3>{ ui.t("file-title") }</h3>
            <p>{ ui.t("file-about") }</p>
            <div class="settings-file__buttons">
                <button class="button" data-testid="settings-save" onclick={save}>{ icon(Icon::Save) }{ ui.t("file-save") }</button>
                <label class="button">
                    { icon(Icon::Load) }{ ui.t("file-load") }
                    <input class="visually-hidden" type="file" accept=".json,application/json" data-testid="settings-load" onchange={load} />
                </label>
            </div>
            if let Some(trouble) = &*trouble {
                <div class="callout callout--error" role="alert" data-testid="settings-trouble">
                    { icon(Icon::Warning) }
                    <p>
                        <b>{ ui.t("file-not-loaded") }</b>{ " " }
                        { match trouble {
                            Trouble::Content(problem) => words::file_problem(&ui.i18n, problem),
                            Trouble::Browser(why) => why.clone(),
                        } }
                        <small>{ ui.t("file-nothing-changed") }</small>
                    </p>
                </div>
            }
        </section>
    }
}
