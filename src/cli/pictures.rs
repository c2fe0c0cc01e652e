//! What the pictures of a network go through: what is asked for now, what was asked for before, what the
//! network brings along, or nothing in particular. A choice is remembered for a network by its content,
//! in the folder `networks` beside the settings; where the user has no such folder, it is not.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::disk::{self, read_file};
use crate::language::{Localized, says};
use crate::network::ShippedNetwork;
use crate::tensor::{Preprocess, PreprocessError};

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum PreprocessArgument {
    /// To forget what was asked for before.
    Auto,
    /// This.
    Given(Preprocess),
}

impl FromStr for PreprocessArgument {
    type Err = PreprocessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "auto" => Ok(Self::Auto),
            text => text.parse().map(Self::Given),
        }
    }
}

/// Why it is this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is asked for.
    Given,
    /// It was asked for when the network was last used with a picture.
    Remembered,
    /// The network was trained on it.
    Network,
    /// Nothing says otherwise.
    Default,
}

/// What the pictures of a network go through, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenPreprocess {
    /// It.
    pub preprocess: Preprocess,
    /// Why it is this one.
    pub reason: Reason,
    /// The file in which choices for this network are remembered.
    file: Option<PathBuf>,
    /// Whether what is asked for is remembered now.
    kept: bool,
}

impl ChosenPreprocess {
    /// For a network as a command line names it.
    #[must_use]
    pub fn new(network: &str, asked: Option<&PreprocessArgument>) -> Self {
        Self::in_folder(disk::settings_folder().as_deref(), network, asked)
    }

    fn in_folder(folder: Option<&Path>, network: &str, asked: Option<&PreprocessArgument>) -> Self {
        let file = folder.map(|folder| folder.join("networks").join(content_name(network)));
        let remembered = || {
            let text = disk::read_text(file.as_deref()?).ok()?;
            text.trim().parse::<Preprocess>().ok()
        };
        let (found, reason) = match asked {
            Some(PreprocessArgument::Given(given)) => (Some(given.clone()), Reason::Given),
            Some(PreprocessArgument::Auto) => (None, Reason::Default),
            None => (remembered(), Reason::Remembered),
        };
        let own = || Some((ShippedNetwork::preprocess(network)?, Reason::Network));
        let found = found.map(|preprocess| (preprocess, reason)).or_else(own);
        let (preprocess, reason) = found.unwrap_or((Preprocess::default(), Reason::Default));
        // What was remembered does not count any more, whether a picture is there or not.
        if asked == Some(&PreprocessArgument::Auto)
            && let Some(file) = &file
        {
            let _ = std::fs::remove_file(file);
        }
        Self {
            preprocess,
            reason,
            file,
            kept: false,
        }
    }

    /// Remembers what is asked for, now that a picture went through it. Where that does not work, the
    /// sentence does not claim it.
    pub fn remember(&mut self) {
        let (Reason::Given, Some(file)) = (self.reason, &self.file) else {
            return;
        };
        let made = match file.parent() {
            Some(folder) => std::fs::create_dir_all(folder),
            None => Ok(()),
        };
        let text = format!("{}\n", self.preprocess);
        self.kept = made.and_then(|()| disk::write(file, text)).is_ok();
    }

    /// Which one it is and why, in a line.
    #[must_use]
    pub fn told(&self) -> Localized<String> {
        let which = &self.preprocess;
        let why = match self.reason {
            Reason::Given if self.kept => Localized::new(
                "remembered for this network; --preprocess auto forgets it",
                "このネットワーク用に覚えました。--preprocess auto で忘れます",
            ),
            Reason::Given => Localized::new("--preprocess", "--preprocess の指定"),
            Reason::Remembered => Localized::new(
                "chosen for this network before; --preprocess chooses another, --preprocess auto forgets it",
                "前にこのネットワーク用に選ばれたもの。--preprocess で変えられ、--preprocess auto で忘れます",
            ),
            Reason::Network => Localized::new(
                "what this network was trained on; --preprocess chooses another",
                "このネットワークの学習に使われたもの。--preprocess で変えられます",
            ),
            Reason::Default => Localized::new(
                "nothing else is chosen; --preprocess chooses another",
                "指定なし。--preprocess で変えられます",
            ),
        };
        says!(with [why]; en: "picture: {which} ({why})", ja: "画像の前処理: {which} ({why})")
    }
}

/// A name for the content of a network: of its file, or of the text that it is.
fn content_name(network: &str) -> String {
    let name = network.trim();
    let mut hash = blake3::Hasher::new();
    // `vgg.py:vgg11`: a class of a file.
    let (file, entry) = match name.rsplit_once(':') {
        Some((file, entry)) if file.ends_with(".py") => (file, entry),
        _ => (name, ""),
    };
    match (ShippedNetwork::named(name), read_file(file)) {
        (Some(shipped), _) => hash.update(shipped.file),
        (None, Ok(bytes)) => hash.update(&bytes).update(entry.as_bytes()),
        (None, Err(_)) => hash.update(name.as_bytes()),
    };
    hash.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Option<PreprocessArgument> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_choice_is_remembered_by_the_content_of_the_network() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (net, copy, other) = (path("a.onnx"), path("b.onnx"), path("c.onnx"));
        std::fs::write(&net, "one").unwrap();
        std::fs::write(&copy, "one").unwrap();
        std::fs::write(&other, "two").unwrap();
        let settings = folder.path().join("settings");
        let choose = |network: &str, asked: Option<PreprocessArgument>| {
            ChosenPreprocess::in_folder(Some(&settings), network, asked.as_ref())
        };
        assert_eq!(choose(&net, None).reason, Reason::Default);
        // Only what a picture went through is remembered.
        assert_eq!(choose(&net, given("tf")).reason, Reason::Given);
        assert_eq!(choose(&net, None).reason, Reason::Default);
        let mut chosen = choose(&net, given("imagenet,size=232"));
        chosen.remember();
        assert!(chosen.told().en.contains("remembered for this network"));
        for network in [&net, &copy] {
            let again = choose(network, None);
            assert_eq!(again.reason, Reason::Remembered);
            assert_eq!(again.preprocess.to_string(), chosen.preprocess.to_string());
            assert!(again.told().ja.contains("前にこのネットワーク用に"));
        }
        assert_eq!(choose(&other, None).reason, Reason::Default);
        // Another one for once is the one that is remembered from then on.
        choose(&net, given("caffe")).remember();
        assert_eq!(choose(&net, None).preprocess.range, 255.0);
        assert_eq!(choose(&net, given("auto")).reason, Reason::Default);
        assert_eq!(choose(&net, None).reason, Reason::Default);
    }

    #[test]
    fn a_shipped_network_brings_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Some(folder.path());
        let own = ChosenPreprocess::in_folder(settings, "digits", None);
        assert_eq!(own.reason, Reason::Network);
        assert_eq!(own.preprocess.mean, [0.1307; 3]);
        let asked = given("unit");
        ChosenPreprocess::in_folder(settings, "digits", asked.as_ref()).remember();
        let again = ChosenPreprocess::in_folder(settings, "digits", None);
        assert_eq!(
            (again.reason, again.preprocess.mean),
            (Reason::Remembered, [0.0; 3])
        );
        let auto = ChosenPreprocess::in_folder(settings, "digits", given("auto").as_ref());
        assert_eq!(auto.reason, Reason::Network);
    }

    #[test]
    fn without_a_folder_of_its_own_nothing_is_kept_and_nothing_claimed() {
        let asked = given("tf");
        let mut chosen = ChosenPreprocess::in_folder(None, "net.onnx", asked.as_ref());
        chosen.remember();
        assert_eq!(chosen.reason, Reason::Given);
        assert!(
            !chosen.told().en.contains("remembered"),
            "{}",
            chosen.told().en
        );
        // A damaged memory is none.
        let folder = tempfile::tempdir().unwrap();
        let settings = Some(folder.path());
        let mut chosen = ChosenPreprocess::in_folder(settings, "net.onnx", asked.as_ref());
        chosen.remember();
        let file = chosen.file.unwrap();
        std::fs::write(&file, "nonsense").unwrap();
        let again = ChosenPreprocess::in_folder(settings, "net.onnx", None);
        assert_eq!(again.reason, Reason::Default);
    }
}
