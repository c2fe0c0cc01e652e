//! Every string of the user interface, in each language.

use crate::lesson::{Language, Localized};
use crate::says;
use crate::stage::prediction::{NOT_RIGHT, RIGHT};

/// A string of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// What the program is, under its name.
    Tagline,
    /// Opens a lesson.
    Watch,
    /// The lesson cannot be opened.
    Broken,
    /// Back to the list of lessons.
    Lessons,
    /// Starts playback.
    Play,
    /// Stops playback.
    Pause,
    /// Captions on or off.
    Captions,
    /// Sound on or off.
    Sound,
    /// There is no device to hear it with.
    NoSoundDevice,
    /// Light or dark.
    Theme,
    /// Gives the camera back to the lesson.
    GuidedCamera,
    /// Parallel or perspective view.
    ProjectionMode,
    /// Full screen on or off.
    FullScreen,
    /// The speed of playback.
    Speed,
    /// The lesson's layer goes onto the workbench.
    Explore,
    /// The list of keys.
    Keys,
    /// The lesson file has a mistake; the last good version plays on.
    KeepsPlaying,
    /// Leads from a part of another page to the page that has them all.
    AllLessons,
    /// There are no lessons.
    NoLessons,
    /// Before the title of the next lesson.
    NextLesson,
    /// Before the list of papers and pages.
    ReadOn,
    /// From the start once more.
    Again,
    /// What the marks of progress mean.
    Done,
    /// What a review is for.
    ReviewHint,
    /// The list of questions that were answered wrong.
    WrongAnswers,
    /// Out of a review, before its end.
    LeaveReview,
    /// Out of a review, from its result.
    EndReview,
    /// The answer is right.
    Right,
    /// The answer is wrong.
    NotRight,
    /// To the next question.
    NextQuestion,
    /// The lesson, where it explains the answer.
    WatchPlace,
    /// Copies a link to what is on show.
    CopyLink,
    /// The link is in the clipboard.
    LinkCopied,
    /// Puts an address into the clipboard.
    #[cfg(not(target_family = "wasm"))]
    CopyAddress,
    /// The workbench, with a layer to begin with.
    ExploreLayer,
    /// What that is good for.
    AboutLayer,
    /// The network of digits, whole.
    OpenNetwork,
    /// What that is good for.
    AboutNetwork,
    /// The network that was left last.
    TakeUpNetwork,
    /// Has files chosen, to be opened.
    OpenFile,
    /// What can be opened.
    AboutFile,
    /// Above the dialogue in which they are chosen.
    #[cfg(not(target_family = "wasm"))]
    ChooseFiles,
    /// No such dialogue could be shown.
    #[cfg(not(target_family = "wasm"))]
    NoFileChooser,
}

impl Word {
    /// The string in a language.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        let (en, ja) = match self {
            Self::Tagline => ("Tensor operations, seen.", "テンソル演算を、目で見る。"),
            Self::Watch => ("Watch", "見る"),
            Self::Broken => (
                "This lesson has a mistake",
                "このレッスンには誤りがあります",
            ),
            Self::Lessons => ("Lessons", "レッスン一覧"),
            Self::Play => ("Play (Space)", "再生 (Space)"),
            Self::Pause => ("Pause (Space)", "一時停止 (Space)"),
            Self::Captions => ("Captions (C)", "字幕 (C)"),
            Self::Sound => ("Sound (M)", "音声 (M)"),
            Self::NoSoundDevice => (
                "No sound device was found; captions (C) show what is said.",
                "音を出す装置が見つかりません。話す内容は字幕 (C) で読めます。",
            ),
            Self::Theme => ("Light or dark (T)", "ライト / ダーク (T)"),
            Self::GuidedCamera => ("Back to the guided camera (G)", "カメラを解説に戻す (G)"),
            Self::ProjectionMode => ("Parallel or perspective (O)", "平行投影 / 透視投影 (O)"),
            Self::FullScreen => ("Full screen (F)", "全画面 (F)"),
            Self::Speed => ("Speed (< >)", "速度 (< >)"),
            Self::Explore => ("Try this yourself (E)", "自分で試す (E)"),
            Self::Keys => ("Keys (?)", "キー操作 (?)"),
            Self::KeepsPlaying => (
                "The file has a mistake; the last good version plays on",
                "ファイルに誤りがあります。直前の正しい内容で再生を続けます",
            ),
            Self::NextLesson => ("Next lesson", "次のレッスン"),
            Self::ReadOn => ("Further reading", "参考文献"),
            Self::Again => ("↺ Watch again", "↺ もう一度見る"),
            Self::ReviewHint => (
                "Questions of earlier lessons, so that they stay with you",
                "学んだことを忘れないための問題です",
            ),
            Self::WrongAnswers => ("What I got wrong", "間違えた問題"),
            Self::LeaveReview => ("Lessons (Esc)", "レッスン一覧 (Esc)"),
            Self::EndReview => ("Lessons (Enter)", "レッスン一覧 (Enter)"),
            Self::Right => (RIGHT.en, RIGHT.ja),
            Self::NotRight => (NOT_RIGHT.en, NOT_RIGHT.ja),
            Self::NextQuestion => ("Next (Enter)", "次へ (Enter)"),
            Self::WatchPlace => ("Watch this place", "この場面を見る"),
            Self::CopyLink => ("Copy a link to this moment", "この場面へのリンクをコピー"),
            Self::LinkCopied => ("The link is in the clipboard.", "リンクをコピーしました。"),
            #[cfg(not(target_family = "wasm"))]
            Self::CopyAddress => ("Copy the address", "アドレスをコピー"),
            Self::OpenNetwork => ("Explore a network", "ネットワークを見る"),
            Self::AboutNetwork => (
                "Draw a digit, see it recognised, and open any layer. Or drop an .onnx file.",
                "数字を描いて認識させ、どの層も開けます。.onnx ファイルのドロップもできます。",
            ),
            Self::TakeUpNetwork => ("Back to the network", "ネットワークの続き"),
            Self::ExploreLayer => ("Explore a layer (E)", "層を調べる (E)"),
            Self::AboutLayer => (
                "Change every number of a convolution and step through it. Or paste PyTorch code.",
                "畳み込みの数値を自由に変え、1つずつ計算を追えます。PyTorchのコードも貼り付けられます。",
            ),
            // On a page, the browser has the key.
            Self::OpenFile if cfg!(target_family = "wasm") => ("Open a file", "ファイルを開く"),
            Self::OpenFile => ("Open a file (Ctrl+O)", "ファイルを開く (Ctrl+O)"),
            #[cfg(not(target_family = "wasm"))]
            Self::ChooseFiles => ("Open files", "ファイルを開く"),
            #[cfg(not(target_family = "wasm"))]
            Self::NoFileChooser => (
                "No file chooser could be opened: neither a desktop portal nor zenity answered. Drop the file on the window, paste its path (Ctrl+V), or install zenity or xdg-desktop-portal-gtk.",
                "ファイルの選択画面を開けません。デスクトップポータルも zenity も応答しませんでした。ファイルをウィンドウにドロップするか、パスを貼り付けるか (Ctrl+V)、zenity または xdg-desktop-portal-gtk をインストールしてください。",
            ),
            Self::AboutFile => (
                "A lesson, a picture, an array, a network (.onnx)",
                "レッスン、画像、配列、ネットワーク (.onnx)",
            ),
            Self::Done => (
                "Watched; predictions right, of those made",
                "視聴済み。予想の正解数 / 回答数",
            ),
            Self::AllLessons => ("See all lessons", "すべてのレッスンを見る"),
            Self::NoLessons => ("No lessons were found in", "レッスンが見つかりません:"),
        };
        match language {
            Language::En => en,
            Language::Ja => ja,
        }
    }
}

/// The way to a review of so many questions.
#[must_use]
pub fn review_of(count: usize) -> Localized<String> {
    if count == 1 {
        return says!(en: "Review: 1 question", ja: "復習: 1問");
    }
    says!(en: "Review: {count} questions", ja: "復習: {count}問")
}

/// Which question of a review it is, from 1.
#[must_use]
pub fn review_place(place: usize, count: usize) -> Localized<String> {
    says!(en: "Review {place} / {count}", ja: "復習 {place} / {count}")
}

/// How many answers of a review were right.
#[must_use]
pub fn review_result(right: usize, count: usize) -> Localized<String> {
    says!(en: "{right} of {count} answers were right", ja: "{count}問中{right}問正解")
}

/// The keys of the list of lessons, each with what it does.
#[must_use]
pub const fn list_keys(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => &[
            ("↑ ↓, Page ↑ ↓", "move the list"),
            ("Tab, Enter", "from control to control, press it"),
            ("E", "explore a layer, or go on with the one you left"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "open a file"),
            ("Ctrl V", "open a file or layers from the clipboard"),
            ("T, R", "light or dark, reduced motion"),
            ("F", "full screen"),
            ("?", "this list"),
        ],
        Language::Ja => &[
            ("↑ ↓, Page ↑ ↓", "一覧を動かす"),
            ("Tab, Enter", "操作部の移動・決定"),
            ("E", "層を調べる・前回の続き"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "ファイルを開く"),
            ("Ctrl V", "クリップボードのファイルや層を開く"),
            ("T, R", "ライト・ダーク、動きを減らす"),
            ("F", "全画面"),
            ("?", "この一覧"),
        ],
    }
}

/// The keys, each with what it does.
#[must_use]
pub const fn keys(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => &[
            ("Space, K", "play, pause"),
            ("J, L", "ten seconds back, on"),
            ("← →", "five seconds back, on"),
            (", .", "a frame back, on"),
            ("[ ]", "a step of the operation back, on"),
            ("< >", "slower, faster"),
            (
                "0 – 9",
                "to a tenth of the lesson; the answer, where a question is up",
            ),
            ("N, P", "next, previous beat"),
            ("C", "captions"),
            ("M", "sound"),
            ("F", "full screen"),
            ("T", "light, dark"),
            ("O", "parallel, perspective"),
            ("R", "reduced motion"),
            ("G", "back to the guided camera"),
            ("E", "try this yourself"),
            ("S, A", "for talks: wait after each beat, repeat it"),
            ("Page ↓ ↑", "play the next, the previous beat"),
            ("B, H", "the picture off, the bar away"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "open a file"),
            ("Esc", "list of lessons"),
        ],
        Language::Ja => &[
            ("Space, K", "再生・一時停止"),
            ("J, L", "10秒戻る・進む"),
            ("← →", "5秒戻る・進む"),
            (", .", "1フレーム戻る・進む"),
            ("[ ]", "演算を1ステップ戻す・進める"),
            ("< >", "遅く・速く"),
            ("0 – 9", "全体の10分の1ごとに移動 (問題の表示中は解答)"),
            ("N, P", "次・前の区切り"),
            ("C", "字幕"),
            ("M", "音声"),
            ("F", "全画面"),
            ("T", "ライト・ダーク"),
            ("O", "平行投影・透視投影"),
            ("R", "動きを減らす"),
            ("G", "カメラを解説に戻す"),
            ("E", "自分で試す"),
            ("S, A", "発表用: 区切りごとに止まる・繰り返す"),
            ("Page ↓ ↑", "次・前の区切りを再生"),
            ("B, H", "画面を消す・操作バーを隠す"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "ファイルを開く"),
            ("Esc", "レッスン一覧"),
        ],
    }
}
