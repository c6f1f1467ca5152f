//! Lines under the top bar: what is not as it should be, what that means, what to do.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    words,
};
use crate::state::{DeskAction, EngineStatus, Link, RelayView, Standby, StorageView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct BannersProps {
    pub(crate) relay: RelayView,
    pub(crate) storage: StorageView,
    pub(crate) engine: EngineStatus,
    pub(crate) standby: Option<Standby>,
}

#[component]
pub(crate) fn Banners(props: &BannersProps) -> Html {
    let ui = use_ui();
    let banner = |kind: &'static str, test: &'static str, title: String, text: String, more: Html| {
        html! {
            <div class={classes!("banner", format!("banner--{kind}"))} data-testid={test} role={if kind == "error" { "alert" } else { "status" }}>
                { icon(Icon::Warning) }<p><b>{ title }</b>{ " " }{ text }</p>{ more }
            </div>
        }
    };
    let plain = Html::default;
    // Without a post there are no signals that could be shown all the same.
    let (storage, storage_text) = match props.standby {
        Some(standby) => words::standby(standby),
        None => ("banner-storage", "banner-storage-text"),
    };
    html! {
        <div class="banners">
            if let Some(error) = &props.storage.error {
                { banner("error", "banner-storage", ui.t(storage), ui.t(storage_text), html! { <small lang="en">{ error }</small> }) }
            }
            if props.storage.other_tab {
                { banner("warn", "banner-other-tab", ui.t("banner-other-tab"), ui.t("banner-other-tab-text"), plain()) }
            }
            if let EngineStatus::Failed { code, .. } = &props.engine {
                { banner("error", "banner-engine", ui.t("banner-engine"), ui.t(words::failure(*code)), html! {
                    <button class="button" onclick={ui.on(DeskAction::ToggleEngine)}>{ ui.t("banner-engine-details") }</button>
                }) }
            }
            if props.relay.link == Link::Refused {
                { banner("error", "banner-refused", ui.t("banner-refused"), ui.t("banner-refused-text"), props.relay.refusal.as_ref().map(|why| html! { <small lang="en">{ why }</small> }).unwrap_or_default()) }
            }
            if let Link::Offline { since_ms } = props.relay.link {
                { banner("warn", "banner-offline", ui.ta("banner-offline", &[("time", ui.time(since_ms).into())]), ui.ta("banner-offline-text", &[("count", props.relay.pending.into())]), plain()) }
            }
            if props.relay.demo {
                <div class="banner banner--demo" data-testid="banner-demo"><p>{ ui.t("banner-demo") }</p></div>
            }
        </div>
    }
}
