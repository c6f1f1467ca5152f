//! The icons: line drawings on a 24 × 24 grid, in the colour of the text. They repeat what a text or a label says.

use yew::{Html, html};

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A camera on the wall.
    Camera,
    /// The wall.
    Wall,
    /// The record.
    Record,
    /// One more.
    Plus,
    /// Close.
    Close,
    /// Show large.
    Expand,
    /// Show all again.
    Shrink,
    /// A zone.
    Zone,
    /// Confirm.
    Check,
    /// Lift the doubt.
    Lift,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// One picture back.
    Backwards,
    /// One picture on.
    Forwards,
    /// Sound on.
    Sound,
    /// Sound off.
    Mute,
    /// The engine.
    Chip,
    /// The relay.
    Relay,
    /// The journal.
    Store,
    /// Copy.
    Copy,
    /// Take back.
    Undo,
    /// Degraded or failed.
    Warning,
    /// Try again.
    Retry,
    /// A video file.
    File,
    /// A webcam.
    Webcam,
    /// A network address.
    Link,
    /// The keyboard.
    Keyboard,
    /// Persons.
    Person,
    /// Time.
    Clock,
    /// No picture.
    NoPicture,
    /// A line.
    Line,
    /// A direction.
    Direction,
    /// Many people.
    Crowd,
    /// Something left behind.
    Bag,
    /// A blade.
    Weapon,
    /// A person on the ground.
    Down,
    /// People who run apart.
    Spread,
    /// A flame.
    Fire,
    /// What is watched for.
    Situations,
    /// Switch sides.
    Switch,
    /// Turn to the left.
    TurnLeft,
    /// Turn to the right.
    TurnRight,
    /// Save as a file.
    Save,
    /// Load from a file.
    Load,
    /// Nothing to be seen.
    Blind,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Camera => "M3 7h12v10H3zM15 10.5 21 7v10l-6-3.5",
            Self::Wall => "M3 4h8v7H3zM13 4h8v7h-8zM3 13h8v7H3zM13 13h8v7h-8z",
            Self::Record => "M6 3h12v18H6zM9 8h6M9 12h6M9 16h4",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Expand => "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
            Self::Shrink => "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
            Self::Zone => "M5 8 14 4l6 7-5 9H7z",
            Self::Check => "M5 12.5 10 17.5 19.5 7",
            Self::Lift => "M6 18 18 6M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
            Self::Play => "M8 5v14l11-7z",
            Self::Pause => "M8 5v14M16 5v14",
            Self::Backwards => "M15 6l-7 6 7 6M5 6v12",
            Self::Forwards => "M9 6l7 6-7 6M19 6v12",
            Self::Sound => "M4 9h4l5-4v14l-5-4H4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
            Self::Mute => "M4 9h4l5-4v14l-5-4H4zM17 9.5l5 5M22 9.5l-5 5",
            Self::Chip => "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
            Self::Relay => {
                "M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M7 7a7 7 0 0 0 0 10M17 7a7 7 0 0 1 0 10M4 4a11 11 0 0 0 0 16M20 4a11 11 0 0 1 0 16"
            }
            Self::Store => {
                "M5 6c0-1.7 3-3 7-3s7 1.300 7 3-3 3-7 3-7-1.300-7-3M5 6v12c0 1.700 3 3 7 3s7-1.300 7-3V6M5 12c0 1.700 3 3 7 3s7-1.300 7-3"
            }
            Self::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Self::Undo => "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
            Self::Warning => "M12 4 2.500 20h19zM12 10v5M12 17.500v.5",
            Self::Retry => "M20 5v5h-5M20 10a8.500 8.500 0 1 0 .5 5",
            Self::File => "M6 3h8l5 5v13H6zM14 3v5h5M10.500 12v6l5-3z",
            Self::Webcam => {
                "M12 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M12 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6M9 16l-2 5h10l-2-5"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 5.700 0l3.500-3.500a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.500 3.500a4 4 0 0 0 5.700 5.700l1.500-1.500"
            }
            Self::Keyboard => "M2 6h20v12H2zM6 10h.5M10 10h.5M14 10h.5M18 10h.5M8 14h8",
            Self::Person => "M12 4a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M5 21c0-4 3-7 7-7s7 3 7 7",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.500 2",
            Self::Line => {
                "M5 19 19 5M5 19m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M19 5m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0"
            }
            Self::Direction => "M4 12h15M13 6l6 6-6 6",
            Self::Crowd => {
                "M12 7a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5M7 20c0-3 2-5 5-5s5 2 5 5M5.500 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M18.500 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M2 15c0-2 1.500-3.500 3.500-3.500M22 15c0-2-1.500-3.500-3.500-3.500"
            }
            Self::Bag => "M4 9h16v11H4zM9 9V6a3 3 0 0 1 6 0v3",
            Self::Weapon => "M20 4 9 15M20 4l-3 9-6 4M6 13l5 5M8.500 15.500 4 20",
            Self::Down => "M5 12.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4M9 17h6l4-4M9 17v-3.500h5M3 20.500h18",
            Self::Spread => "M12 12 5 5M5 9V5h4M12 12l7-7M15 5h4v4M12 12l-7 7M5 15v4h4M12 12l7 7M15 19h4v-4",
            Self::Fire => {
                "M12 3c1 4 5 5.500 5 10.500a5 5 0 0 1-10 0c0-2 1-3.500 2-4.500.500 1.500 1 2 2 2.500 1-2.500.500-5.500 1-8.500"
            }
            Self::Situations => "M4 6h9M17 6h3M15 4v4M4 12h3M11 12h9M9 10v4M4 18h7M15 18h5M13 16v4",
            Self::Switch => "M7 4v16M3.500 16.500 7 20l3.500-3.500M17 20V4M13.500 7.500 17 4l3.500 3.500",
            Self::TurnLeft => "M5 4v5h5M5 9a8 8 0 1 1-1 5",
            Self::TurnRight => "M19 4v5h-5M19 9a8 8 0 1 0 1 5",
            Self::Save => "M12 4v11M7.500 10.500 12 15l4.500-4.500M4 19h16",
            Self::Load => "M12 15V4M7.500 8.500 12 4l4.500 4.500M4 19h16",
            Self::Blind => {
                "M3 3l18 18M10 6.200C15 5 19 8 21.500 12c-.800 1.300-1.800 2.500-3 3.500M6.500 8C4.800 9 3.500 10.300 2.500 12c3 5 8 7 12.500 5.300M9.900 9.900a3 3 0 0 0 4.200 4.200"
            }
            Self::NoPicture => "M3 3l18 18M5 7H3v10h12M10 7h5v5M15 10.500 21 7v10l-3-1.700",
        }
    }
}

/// Draws an icon.
pub(crate) fn icon(icon: Icon) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={icon.path()} /></svg>
    }
}

/// The mark: a lookout's eye between two raised arms.
pub(crate) fn mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="mark__arms" d="M3 6h5.200L16 22.200 23.800 6H29L18.600 27h-5.200z" />
            <circle class="mark__eye" cx="16" cy="8.500" r="3.700" />
        </svg>
    }
}
