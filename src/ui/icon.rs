//! Icons, drawn on a grid of 24 with a stroke of the text's colour.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Alert,
    Arrow,
    Back,
    Bolt,
    Bulb,
    Chart,
    Check,
    Chevron,
    Compass,
    Edit,
    Exit,
    Flag,
    Flask,
    Grid,
    History,
    Home,
    Hook,
    Inbox,
    Key,
    Layers,
    Lens,
    Menu,
    Page,
    People,
    Plus,
    Restore,
    Roadmap,
    Rocket,
    Settings,
    Target,
    Team,
    Transfer,
    Trash,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Alert => "M12 4 3 20h18ZM12 10v4M12 17v.2",
            Icon::Arrow => "M5 12h14M13 6l6 6-6 6",
            Icon::Back => "M19 12H5M11 18l-6-6 6-6",
            Icon::Bolt => "M13 3.500 5.500 13.500H11l-.500 7 8-10.500H13Z",
            Icon::Bulb => "M9 18h6M10 21h4M8.5 14.5a5.5 5.5 0 1 1 7 0c-.6.6-1 1.200-1 2v.500h-5v-.500c0-.8-.4-1.400-1-2Z",
            Icon::Chart => "M4 4v16h16M8 15.500l3.500-4.500 3 2.500L19 8",
            Icon::Check => "m5 12.500 4.500 4.500L19 7.500",
            Icon::Chevron => "m8 10 4 4 4-4",
            Icon::Compass => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM15.500 8.500l-2 5-5 2 2-5Z",
            Icon::Edit => "M5 19h3.500L19 8.500 15.500 5 5 15.500ZM13 7.500l3.500 3.500",
            Icon::Exit => "M14 4h4a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-4M10 8l-4 4 4 4M6 12h9",
            Icon::Flag => "M6 21V4h11.500L15 8.500l2.500 4.500H6",
            Icon::Flask => {
                "M9.500 4h5M10.500 4v5.500L5.500 18a1.500 1.500 0 0 0 1.300 2.200h10.400a1.500 1.500 0 0 0 1.300-2.200l-5-8.500V4M7.800 15h8.400"
            }
            Icon::Grid => "M4 4h6.500v6.500H4ZM13.500 4H20v6.500h-6.500ZM4 13.500h6.500V20H4ZM13.500 13.500H20V20h-6.500Z",
            Icon::History => "M4 5v4.500h4.500M4.600 9.500a8 8 0 1 1-.600 3M12 8v4.500l3 1.800",
            Icon::Home => "M4 11.500 12 5l8 6.500V20h-5.500v-5h-5v5H4Z",
            Icon::Hook => "M8.500 8.500a4 4 0 1 1 6.500 3.100l2.500 4.400M12 8.500 8 15.500a3 3 0 1 1-2.500-1M10 17.500h7a3 3 0 1 0 .500-1",
            Icon::Inbox => "M4 13.500 6.500 5h11L20 13.500V19H4ZM4 13.500h4.500L10 16h4l1.500-2.500H20",
            Icon::Key => "M8 11.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9ZM11.200 12.800 20 4M16.500 7.500 19 10M14 10l2 2",
            Icon::Layers => "m12 4 8.500 4.500L12 13 3.500 8.500ZM4 12.500l8 4.200 8-4.200M4 16.300l8 4.200 8-4.200",
            Icon::Lens => "M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l4.500 4.500",
            Icon::Menu => "M4 7h16M4 12h16M4 17h16",
            Icon::Page => "M6.500 3.500h7.500l4 4v13H6.500ZM13.500 3.500v4.500h4.500M9.500 12h5.500M9.500 15.500h5.500",
            Icon::People => {
                "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM2.500 20a6.500 6.500 0 0 1 13 0M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.200a6.500 6.500 0 0 1 3.500 5.800"
            }
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Restore => "M5 5v5h5M5.500 10a7.500 7.500 0 1 1-1 4",
            Icon::Roadmap => "M4 6.500h9M8 12h9M12 17.500h8",
            Icon::Rocket => {
                "M12 15.500 8.500 12c1-4 3.500-7.500 9-8.500.500 5-3 8-6.500 9M8.500 12H5l2.500-3.500M12 15.500V19l3.500-2.500M6 16c-1.500.800-2 2.500-2 4 1.500 0 3.200-.500 4-2"
            }
            Icon::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5",
            Icon::Target => "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 11.900v.200",
            Icon::Team => {
                "M12 8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM5.500 20.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM18.500 20.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM12 8.500V12M5.500 15.500V12h13v3.500"
            }
            Icon::Transfer => "M8 20V5M4.500 8.500 8 5l3.500 3.500M16 4v15M12.500 15.500 16 19l3.500-3.500",
            Icon::Trash => "M5 7h14M10 7V4.500h4V7M7 7l.800 12.500h8.400L17 7M10.500 11v5M13.500 11v5",
        }
    }
}

/// An icon beside a text that says the same; hidden from screen readers.
#[component]
pub fn IconView(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
}
