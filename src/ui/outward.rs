//! Links that lead out of the program: the browser's own on a page, and to the system's browser from a window.

use bevy_egui::egui;

#[cfg(not(target_family = "wasm"))]
use super::strings::Word;
use crate::lesson::Language;

/// A link to a page of the web. Its address can be seen and copied. What is no such address is text alone, so
/// that a lesson cannot start anything else. Whether the address was put in the clipboard.
pub(super) fn outward_ui(ui: &mut egui::Ui, title: &str, url: &str, language: Language) -> bool {
    if !is_web(url) {
        ui.label(title);
        return false;
    }
    let response = ui.link(title);
    #[cfg(target_family = "wasm")]
    {
        // The browser's menu says what can be done with it, in the browser's language.
        let _ = language;
        crate::web::anchors::anchor(response.rect, ui.ctx().zoom_factor(), title, url);
        false
    }
    #[cfg(not(target_family = "wasm"))]
    {
        let mut copies = response.clicked() && !open(url);
        let response = response.on_hover_text(url);
        response.context_menu(|ui| {
            if ui.button(Word::CopyAddress.text(language)).clicked() {
                copies = true;
                ui.close();
            }
        });
        if copies {
            ui.ctx().copy_text(url.to_owned());
        }
        copies
    }
}

/// Whether an address is that of a page of the web.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Has the system's browser show a page; whether there is a program to ask.
#[cfg(not(target_family = "wasm"))]
fn open(url: &str) -> bool {
    use std::process::{Command, Stdio};
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else {
        Command::new("xdg-open")
    };
    command.arg(url).stdin(Stdio::null());
    match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(mut child) => {
            // Somebody has to hear of its end.
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_web_are_opened() {
        assert!(is_web("https://arxiv.org/abs/1603.07285"));
        assert!(is_web("http://example.org/"));
        for url in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "--help",
            "notes.txt",
            "",
        ] {
            assert!(!is_web(url), "{url}");
        }
    }
}
