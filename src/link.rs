//! A link: what is on show, as the words of the command line that shows it. Pure.
//!
//! The words stand with `+` between them, and what an address cannot hold is percent-encoded:
//! `play+convolution+--at+83.5+--lang+ja`, `explore+nn.MaxPool2d(2)+--input+3x6x6`.

use crate::explore::command::{self, ViewWords};
use crate::explore::network_file;
use crate::explore::opened::OpenError;
use crate::explore::options::{self, SubjectOptions};
use crate::explore::{ElementRef, Setup};
use crate::language::{Localized, Message, Told, Tongue, message_error, says};
use crate::tensor::{Preprocess, ReadFile};

/// What a link shows, and how.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// What is on show.
    pub subject: LinkSubject,
    /// The language that lessons are told in; the one that was chosen last where it is not said.
    pub language: Option<Tongue>,
    /// Whether the room is dark.
    pub dark: Option<bool>,
    /// Whether views change at once.
    pub reduced_motion: bool,
}

/// What a link shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum LinkSubject {
    /// The list of lessons.
    #[default]
    Lessons,
    /// A lesson.
    Lesson {
        /// Its name.
        name: String,
        /// Where in it, in seconds.
        at: Option<f64>,
        /// Whether it stands still there.
        paused: bool,
    },
    /// The workbench.
    Workbench {
        /// What is on it.
        setup: Box<Setup>,
        /// How it is seen.
        view: ViewWords,
        /// The elements that are pinned.
        pins: Vec<ElementRef>,
    },
    /// A whole network.
    Network {
        /// Its file, or its name.
        name: String,
        /// The units that are open.
        open: Vec<String>,
        /// The file that its first input holds.
        input: Option<String>,
        /// What is done with a picture before it reads it; its own where it is not said.
        preprocess: Option<Preprocess>,
    },
}

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkError {
    /// It begins with a word that is no command.
    Command(String),
    /// A lesson or layers are to follow the command.
    Nothing(&'static str),
    /// An option that there is not.
    Option(String),
    /// An option without its value.
    NoValue(String),
    /// A value that an option does not take.
    Value {
        /// The option.
        option: String,
        /// The value.
        value: String,
        /// The reason.
        why: Told,
    },
    /// A word too many.
    Word(String),
    /// What cannot be put on the workbench.
    Open(Box<OpenError>),
}

impl Message for LinkError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Command(word) => says!(
                en: "{word:?} is no command of a link; it begins with play or explore",
                ja: "{word:?} はリンクのコマンドではありません。play か explore で始まります。"
            ),
            Self::Nothing("play") => says!(
                en: "which lesson? After play comes its name, as in play+convolution",
                ja: "レッスンの名前がありません。play+convolution のように書いてください。"
            ),
            Self::Nothing(command) => says!(
                en: "which layers? After {command} come layers, as in explore+nn.MaxPool2d(2)",
                ja: "層がありません。{command}+nn.MaxPool2d(2) のように書いてください。"
            ),
            Self::Option(option) => says!(
                en: "there is no option {option} in a link",
                ja: "{option} というオプションはリンクでは使えません。"
            ),
            Self::NoValue(option) => says!(
                en: "a value must follow {option}",
                ja: "{option} の後に値が必要です。"
            ),
            Self::Value { option, value, why } => {
                let why = why.message();
                says!(
                    with [why];
                    en: "{option} {value}: {why}",
                    ja: "{option} {value}: {why}"
                )
            }
            Self::Word(word) => says!(
                en: "{word:?} is a word too many",
                ja: "{word:?} は余分な言葉です。"
            ),
            Self::Open(why) => why.message(),
        }
    }
}

message_error!(LinkError);

impl Link {
    /// The link as text. Without what the default is.
    ///
    /// Of a workbench whose layers do not follow on from one another, that of the list.
    #[must_use]
    pub fn text(&self) -> String {
        let mut words = match &self.subject {
            LinkSubject::Lessons => Vec::new(),
            LinkSubject::Lesson { name, at, paused } => {
                let mut words = vec!["play".to_owned(), name.clone()];
                if let Some(at) = at {
                    let at = (at * 10.0).round() / 10.0;
                    words.extend(["--at".to_owned(), at.to_string()]);
                }
                if *paused {
                    words.push("--paused".to_owned());
                }
                words
            }
            LinkSubject::Workbench { setup, view, pins } => {
                let mut words = command::words(setup, view).unwrap_or_default();
                if let Some(source) = words.get_mut(1) {
                    *source = source.replace(", ", ",");
                }
                for pin in pins {
                    words.extend(["--pin".to_owned(), options::pin_word(pin)]);
                }
                words
            }
            LinkSubject::Network {
                name,
                open,
                input,
                preprocess,
            } => {
                let mut words = vec!["explore".to_owned(), name.clone()];
                if let Some(input) = input {
                    words.extend(["--input".to_owned(), input.clone()]);
                }
                if let Some(preprocess) = preprocess {
                    words.extend(["--preprocess".to_owned(), preprocess.word()]);
                }
                for unit in open {
                    words.extend(["--open".to_owned(), unit.clone()]);
                }
                words
            }
        };
        if let Some(language) = self.language {
            words.extend(["--lang".to_owned(), language.code().to_owned()]);
        }
        if let Some(dark) = self.dark {
            let theme = if dark { "dark" } else { "light" };
            words.extend(["--theme".to_owned(), theme.to_owned()]);
        }
        if self.reduced_motion {
            words.push("--reduced-motion".to_owned());
        }
        let words: Vec<String> = words.iter().map(|word| encoded(word)).collect();
        words.join("+")
    }

    /// What a text shows, and everything that is wrong with it: what can be shown is.
    #[must_use]
    pub fn read(text: &str, read: &ReadFile) -> (Self, Vec<LinkError>) {
        let words: Vec<String> = text
            .split('+')
            .map(decoded)
            .filter(|word| !word.is_empty())
            .collect();
        let mut link = Self::default();
        let mut problems = Vec::new();
        let mut words = words.into_iter().peekable();
        let command = words.next_if(|word| !word.starts_with("--"));
        let subject = words.next_if(|word| !word.starts_with("--"));
        let (mut at, mut paused) = (None, false);
        let mut workbench = (SubjectOptions::default(), ViewWords::default());
        let mut pins = Vec::new();
        let mut open = Vec::new();
        let mut preprocess = None;
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix("--") else {
                problems.push(LinkError::Word(word));
                continue;
            };
            match option {
                "paused" => paused = true,
                "perspective" => workbench.1.perspective = true,
                "reduced-motion" => link.reduced_motion = true,
                _ => {
                    let (name, value) = match option.split_once('=') {
                        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                        None => {
                            let value = words.next_if(|word| !word.starts_with("--"));
                            (option.to_owned(), value)
                        }
                    };
                    let Some(value) = value else {
                        problems.push(LinkError::NoValue(format!("--{name}")));
                        continue;
                    };
                    let taken = match &*name {
                        "at" => options::time(&value).map(|time| {
                            at = Some(time);
                            true
                        }),
                        "lang" => value.parse::<Tongue>().map(|tongue| {
                            link.language = Some(tongue);
                            true
                        }),
                        "theme" => dark(&value).map(|dark| {
                            link.dark = Some(dark);
                            true
                        }),
                        "preprocess" => options::preprocess(&value).map(|given| {
                            preprocess = given;
                            true
                        }),
                        "open" => {
                            open.push(value.clone());
                            Ok(true)
                        }
                        _ => {
                            let (subject, view) = &mut workbench;
                            options::take((subject, view), &mut pins, &name, &value)
                        }
                    };
                    let option = format!("--{name}");
                    match taken {
                        Ok(true) => {}
                        Ok(false) => problems.push(LinkError::Option(option)),
                        Err(why) => problems.push(LinkError::Value { option, value, why }),
                    }
                }
            }
        }
        let has_preprocess = preprocess.is_some();
        link.subject = match (command.as_deref(), subject) {
            (None, _) => LinkSubject::Lessons,
            (Some("play"), Some(name)) => LinkSubject::Lesson { name, at, paused },
            (Some("explore"), Some(name))
                if network_file::is_network(&name) && of_whole_network(&workbench.0) =>
            {
                let input = workbench.0.input;
                LinkSubject::Network {
                    name,
                    open,
                    input,
                    preprocess,
                }
            }
            (Some("explore"), Some(layers)) => {
                let (options, view) = workbench;
                let opened = options.setup(&layers, read).or_else(|why| {
                    problems.insert(0, LinkError::Open(Box::new(why)));
                    // The files of whoever made the link may not be here: what can be opened without them.
                    let mut fewer = options;
                    fewer.operands.clear();
                    let without_weights = fewer.setup(&layers, read);
                    without_weights.or_else(|_| {
                        fewer.input = None;
                        fewer.setup(&layers, read)
                    })
                });
                match opened {
                    Ok(setup) => LinkSubject::Workbench {
                        setup: Box::new(setup),
                        view,
                        pins,
                    },
                    Err(_) => LinkSubject::Lessons,
                }
            }
            (Some("play"), None) => {
                problems.insert(0, LinkError::Nothing("play"));
                LinkSubject::Lessons
            }
            (Some("explore"), None) => {
                problems.insert(0, LinkError::Nothing("explore"));
                LinkSubject::Lessons
            }
            (Some(other), _) => {
                problems.insert(0, LinkError::Command(other.to_owned()));
                LinkSubject::Lessons
            }
        };
        if has_preprocess && !matches!(link.subject, LinkSubject::Network { .. }) {
            problems.push(LinkError::Option("--preprocess".to_owned()));
        }
        (link, problems)
    }
}

/// Whether options say no more than which file a network reads.
fn of_whole_network(options: &SubjectOptions) -> bool {
    let input = options.input.clone();
    let is_file = input.as_deref().is_none_or(|word| word.contains('.'));
    let only_input = SubjectOptions {
        input,
        ..SubjectOptions::default()
    };
    is_file && *options == only_input
}

fn dark(word: &str) -> Result<bool, Told> {
    match word {
        "dark" => Ok(true),
        "light" => Ok(false),
        _ => Err(Told(says!(
            en: "the themes are light and dark",
            ja: "テーマは light か dark です"
        ))),
    }
}

/// A word as it stands in an address.
pub(crate) fn encoded(word: &str) -> String {
    let mut text = String::new();
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!*'(),;:@/=".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A word as it was before it was [`encoded`]; a `%` that encodes nothing is itself.
pub(crate) fn decoded(word: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = word.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |place: usize| {
            let digit = tail.get(place).copied().map(char::from);
            digit.and_then(|digit| digit.to_digit(16))
        };
        if *first == b'%'
            && let (Some(high), Some(low)) = (digit(0), digit(1))
        {
            bytes.push((high * 16 + low) as u8);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::op::LoopOrder;
    use crate::tensor::{Fill, ReadError};

    fn no_files(_: &str) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::NoFolder("nowhere".into()))
    }

    fn problems(text: &str) -> Vec<String> {
        let (_, problems) = Link::read(text, &no_files);
        problems.iter().map(|why| why.say(Language::En)).collect()
    }

    #[test]
    fn what_is_on_show_comes_back_from_its_link() {
        let (subject, _) = Link::read(
            "explore+nn.Conv2d(3,8,3,stride=2)+--weight+random:7+--order+position",
            &no_files,
        );
        let LinkSubject::Workbench { setup, .. } = subject.subject else {
            panic!("{subject:?}");
        };
        assert_eq!(
            setup.layers[0].fill("weight"),
            Some(&Fill::Random { seed: 7 })
        );
        assert_eq!(setup.order, LoopOrder::PositionMajor);
        let links = [
            Link::default(),
            Link {
                subject: LinkSubject::Lesson {
                    name: "my lesson+ä".to_owned(),
                    at: Some(83.5),
                    paused: true,
                },
                language: Some(Language::Ja.into()),
                dark: Some(true),
                reduced_motion: true,
            },
            Link {
                subject: LinkSubject::Workbench {
                    setup,
                    view: ViewWords {
                        camera: Some([-20.0, 30.0, 18.5, -1.0, 2.0, 3.0]),
                        spread: 1.5,
                        slice: Some((1, 2)),
                        position: 3.25,
                        perspective: true,
                    },
                    pins: vec![ElementRef::Padding {
                        layer: 0,
                        at: [0, -1, 3],
                    }],
                },
                language: Some("de".parse().unwrap()),
                dark: Some(false),
                ..Link::default()
            },
        ];
        for link in links {
            let text = link.text();
            assert!(!text.contains([' ', '#', '"', '<', '&']), "{text}");
            assert_eq!(Link::read(&text, &no_files), (link, Vec::new()), "{text}");
        }
    }

    #[test]
    fn a_link_to_a_network_names_the_file_that_it_reads() {
        let (link, problems) =
            Link::read("explore+net.onnx+--input+x.npy+--open+layer1", &no_files);
        assert!(problems.is_empty(), "{problems:?}");
        let LinkSubject::Network {
            name, open, input, ..
        } = &link.subject
        else {
            panic!("{link:?}");
        };
        assert_eq!((&**name, input.as_deref()), ("net.onnx", Some("x.npy")));
        assert_eq!(open, &["layer1"]);
        assert_eq!(Link::read(&link.text(), &no_files).0, link);
    }

    #[test]
    fn a_link_says_what_a_picture_goes_through() {
        let own = "size=256,crop=224x320,range=1,mean=0.5,std=0.5/0.25/0.25,order=bgr";
        for word in ["imagenet", "caffe", own] {
            let (link, problems) = Link::read(
                &format!("explore+net.onnx+--input+cat.png+--preprocess+{word}"),
                &no_files,
            );
            assert!(problems.is_empty(), "{word}: {problems:?}");
            let LinkSubject::Network { preprocess, .. } = &link.subject else {
                panic!("{link:?}");
            };
            assert_eq!(preprocess.as_ref(), Some(&word.parse().unwrap()));
            assert!(link.text().contains(word), "{}", link.text());
            assert_eq!(Link::read(&link.text(), &no_files).0, link);
        }
        let wrong = problems("explore+net.onnx+--preprocess+sepia");
        assert!(wrong[0].contains("sepia"), "{wrong:?}");
        // Layers read numbers.
        let wrong = problems("explore+nn.ReLU()+--preprocess+imagenet");
        assert!(wrong[0].contains("--preprocess"), "{wrong:?}");
    }

    #[test]
    fn a_link_is_the_command_line_with_its_words_joined() {
        let (link, problems) = Link::read("play+padding+--at+1:23+--lang+ja", &no_files);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(link.text(), "play+padding+--at+83+--lang+ja");
        let (link, _) = Link::read("explore+nn.MaxPool2d(2)+--input+3x6x6", &no_files);
        let text = "explore+nn.MaxPool2d(kernel_size=2,stride=2)+--input+3x6x6";
        assert_eq!(link.text(), text);
    }

    #[test]
    fn a_wrong_link_says_what_is_wrong_and_shows_the_rest() {
        let text = "play+padding+--at+soon+--speed+2+--lang+xx+more";
        let (link, _) = Link::read(text, &no_files);
        let LinkSubject::Lesson { name, at, .. } = link.subject else {
            panic!("{link:?}");
        };
        assert_eq!((&*name, at), ("padding", None));
        let problems = problems(text);
        assert_eq!(problems.len(), 4, "{problems:?}");
        for part in [
            "--at soon: write a time",
            "--speed",
            "`en` and `ja`",
            "\"more\"",
        ] {
            assert!(
                problems.iter().any(|why| why.contains(part)),
                "{problems:?}"
            );
        }
        assert!(self::problems("sing+a+song")[0].contains("play or explore"));
        assert!(self::problems("explore+nn.Conv2d(3,8,3,strid=2)")[0].contains("stride"));
        assert!(self::problems("explore+nn.ReLU()+--spread")[0].contains("--spread"));
        // What is not here is told, and the layers are shown without it.
        let (link, problems) = Link::read("explore+nn.MaxPool2d(2)+--input+far.npy", &no_files);
        assert!(
            matches!(link.subject, LinkSubject::Workbench { .. }),
            "{link:?}"
        );
        assert!(
            problems[0].say(Language::En).contains("far.npy"),
            "{problems:?}"
        );
        assert!(self::problems("play")[0].contains("which lesson"));
        assert!(self::problems("%zz%")[0].contains("%zz%"));
    }
}
