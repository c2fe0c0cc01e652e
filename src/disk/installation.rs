//! How the program came onto this machine, on which it depends how to get what it lacks.

use std::path::Path;

use crate::language::{Localized, says};

/// The file beside the program in which scripts/package says what it was packed for.
const SAID: &str = "installed-by";

/// How the program came onto this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// Built here, in a clone of the sources.
    Sources,
    /// By pip.
    Pip,
    /// By npm.
    Npm,
    /// As a Debian package.
    Deb,
    /// From an archive, or by somebody who does not say.
    Archive,
}

impl Installation {
    /// Every way.
    pub const ALL: [Self; 5] = [
        Self::Sources,
        Self::Pip,
        Self::Npm,
        Self::Deb,
        Self::Archive,
    ];

    /// That of this program.
    #[must_use]
    pub fn current() -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        Self::of(&program, Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    /// That of a program which was built from the sources in a folder.
    fn of(program: &Path, sources: &Path) -> Self {
        let said = super::read_text(&program.with_file_name(SAID)).ok();
        let told = said.and_then(|said| {
            let mut known = Self::ALL.into_iter();
            known.find(|way| way.name() == said.trim())
        });
        match told {
            Some(told) => told,
            None if sources.join("scripts/run").exists() => Self::Sources,
            None => Self::Archive,
        }
    }

    /// Its name, as scripts/package writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sources => "scripts/run",
            Self::Pip => "pip",
            Self::Npm => "npm",
            Self::Deb => "deb",
            Self::Archive => "archive",
        }
    }

    /// How to get packages of the system, which an extra of the Python package may bring too.
    #[must_use]
    pub fn how_to_get(self, packages: &str, extra: Option<&str>) -> Localized<String> {
        match (self, extra) {
            (Self::Sources, _) => says!(
                en: "`scripts/run` installs it, or `sudo apt-get install {packages}` on Debian and Ubuntu",
                ja: "`scripts/run` が入れます。Debian と Ubuntu では `sudo apt-get install {packages}` でも入ります"
            ),
            (Self::Pip, Some(extra)) => says!(
                en: "`pip install \"tensorama[{extra}]\"` installs it, or `sudo apt-get install {packages}` on Debian and Ubuntu",
                ja: "`pip install \"tensorama[{extra}]\"` で入ります。Debian と Ubuntu では `sudo apt-get install {packages}` でも入ります"
            ),
            (Self::Pip, None) | (Self::Npm | Self::Deb | Self::Archive, _) => says!(
                en: "`sudo apt-get install {packages}` installs it on Debian and Ubuntu",
                ja: "Debian と Ubuntu では `sudo apt-get install {packages}` で入ります"
            ),
        }
    }

    /// How to get a voice that is a package of Python's: by this command in a clone, and elsewhere by the
    /// extra of the Python package.
    #[must_use]
    pub fn how_to_get_voice(self, in_clone: &str) -> Localized<String> {
        match self {
            Self::Sources => says!(
                en: "`{in_clone}` installs it",
                ja: "`{in_clone}` で入ります"
            ),
            Self::Pip => says!(
                en: "`pip install \"tensorama[voice]\"` installs it",
                ja: "`pip install \"tensorama[voice]\"` で入ります"
            ),
            Self::Npm | Self::Deb | Self::Archive => says!(
                en: "`pip install \"tensorama[voice]\"` installs it, in a Python environment whose folder TENSORAMA_PYTHON_ENV names",
                ja: "Python の環境で `pip install \"tensorama[voice]\"` を実行し、そのフォルダを TENSORAMA_PYTHON_ENV に設定してください"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_says_for_what_wherever_it_was_built() {
        let folder = tempfile::tempdir().unwrap();
        let sources = folder.path().join("sources");
        std::fs::create_dir_all(sources.join("scripts")).unwrap();
        std::fs::write(sources.join("scripts/run"), "").unwrap();
        let program = folder.path().join("tensorama");
        let of = |sources: &Path| Installation::of(&program, sources);
        assert_eq!(of(&sources), Installation::Sources);
        assert_eq!(of(&folder.path().join("gone")), Installation::Archive);
        for way in ["pip", "npm", "deb", "archive"] {
            std::fs::write(folder.path().join(SAID), format!("{way}\n")).unwrap();
            assert_eq!(of(&sources).name(), way);
        }
        // What a newer package may say.
        std::fs::write(folder.path().join(SAID), "by nobody").unwrap();
        assert_eq!(of(&folder.path().join("gone")), Installation::Archive);
    }

    #[test]
    fn only_who_has_the_sources_is_sent_to_them() {
        for way in Installation::ALL {
            for text in [
                way.how_to_get("ffmpeg", Some("record")),
                way.how_to_get("espeak-ng", None),
                way.how_to_get_voice("scripts/run voices install en"),
            ] {
                for text in [text.en, text.ja] {
                    let names_scripts = text.contains("scripts/");
                    assert_eq!(
                        names_scripts,
                        way == Installation::Sources,
                        "{way:?}: {text}"
                    );
                }
            }
        }
        let by_pip = Installation::Pip.how_to_get("ffmpeg", Some("record"));
        assert!(by_pip.en.contains("tensorama[record]"), "{}", by_pip.en);
    }
}
