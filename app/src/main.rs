//! Entry point of the page: everything is in the library, where tests reach it.

fn main() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "gallery")]
    if vigie_app::platform::dom::path().starts_with("/gallery") {
        yew::Renderer::<vigie_app::ui::gallery::Gallery>::new().render();
        return;
    }
    vigie_app::platform::offline::keep_page();
    yew::Renderer::<vigie_app::ui::App>::new().render();
}
