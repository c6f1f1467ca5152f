//! Entry point of the page: everything is in the library, where tests reach it.

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        vigie_app::platform::page::broke_down(&panic.to_string());
    }));
    #[cfg(feature = "gallery")]
    if vigie_app::platform::dom::path().starts_with("/gallery") {
        yew::Renderer::<vigie_app::ui::gallery::Gallery>::new().render();
        return;
    }
    vigie_app::platform::offline::keep_page();
    yew::Renderer::<vigie_app::ui::App>::new().render();
}
