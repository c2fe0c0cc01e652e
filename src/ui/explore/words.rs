//! Every string of the workbench, in each language.

use crate::explore::OfferKind;
use crate::explore::step_stops::StepUnit;
use crate::lesson::Language;
use crate::op::LoopOrder;

use super::action::{Framing, Tab};

/// A string of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "record"), allow(dead_code))]
pub(in crate::ui) enum Word {
    Input,
    Values,
    Layer,
    Kind,
    AddLayer,
    RemoveLayer,
    Padding,
    None,
    Same,
    Full,
    Numbers,
    EachSide,
    Order,
    PasteHint,
    Paste,
    Undo,
    Redo,
    Back,
    Close,
    CannotBe,
    StandsStill,
    Standard,
    Grouped,
    Depthwise,
    Shape,
    Parameters,
    Macs,
    Operations,
    Memory,
    MemoryParameters,
    MemoryOutput,
    ReceptiveField,
    ThroughNetwork,
    EffectiveStride,
    AllLayers,
    Cubes,
    NothingHeld,
    Hovered,
    Pinned,
    Unpin,
    Term,
    InputColumn,
    WeightColumn,
    ProductColumn,
    SumColumn,
    BiasRow,
    DividedBy,
    Feeds,
    Meets,
    Makes,
    PaddingSpot,
    InsertedSpot,
    InSum,
    Play,
    Pause,
    StepBack,
    StepOn,
    Start,
    Speed,
    Loop,
    StepBy,
    ProjectionMode,
    Panels,
    Arithmetic,
    ViewAndKeep,
    Spread,
    Slice,
    CopySource,
    CopyCommand,
    CopyLink,
    Save,
    Picture,
    Record,
    Copied,
    Saved,
    Recording,
    Recorded,
    Cancel,
    Cancelled,
    IsRecording,
    #[cfg(target_family = "wasm")]
    ClipRuns,
    Failed,
    Keys,
    Theme,
    Scale,
    Motion,
    Difference,
    IsKept,
    FoundAgain,
    Before,
    NoOther,
    TakeUp,
}

impl Word {
    pub(in crate::ui) const fn text(self, language: Language) -> &'static str {
        let (en, ja) = match self {
            Self::Input => ("Input", "入力"),
            Self::Values => ("Values", "値"),
            Self::Layer => ("Layer", "層"),
            Self::Kind => ("Kind", "種類"),
            Self::AddLayer => ("Add a layer after this one", "この層の後に層を加える"),
            Self::RemoveLayer => ("Remove this layer", "この層を取り除く"),
            Self::Padding => ("Padding", "パディング"),
            Self::None => ("none", "なし"),
            Self::Same => ("same", "same"),
            Self::Full => ("full", "full"),
            Self::Numbers => ("numbers", "数で指定"),
            Self::EachSide => ("each side", "辺ごとに指定"),
            Self::Order => ("Loop order", "ループの順序"),
            Self::PasteHint => (
                "Paste a PyTorch line or model",
                "PyTorchの行やモデルを貼り付け",
            ),
            Self::Paste => (
                "Open on the workbench (Enter)",
                "ワークベンチに載せる (Enter)",
            ),
            Self::Undo => ("Undo (Ctrl+Z)", "元に戻す (Ctrl+Z)"),
            Self::Redo => ("Redo (Ctrl+Y)", "やり直す (Ctrl+Y)"),
            Self::Back => ("Back to the lesson (Esc)", "レッスンに戻る (Esc)"),
            Self::Close => ("List of lessons (Esc)", "レッスン一覧 (Esc)"),
            Self::CannotBe => ("This is not possible", "この設定はできません"),
            Self::StandsStill => (
                "The stage still shows the last valid layer.",
                "ステージには直前の正しい層を表示しています。",
            ),
            Self::Standard => ("standard", "標準"),
            Self::Grouped => ("grouped", "グループ"),
            Self::Depthwise => ("depthwise", "デプスワイズ"),
            Self::Shape => ("Output", "出力"),
            Self::Parameters => ("Parameters", "パラメータ"),
            Self::Macs => ("Multiply-accumulates", "積和演算"),
            Self::Operations => ("Other operations", "その他の演算"),
            Self::Memory => ("Memory", "メモリ"),
            Self::MemoryParameters => ("parameters", "パラメータ"),
            Self::MemoryOutput => ("outputs", "出力"),
            Self::ReceptiveField => ("Receptive field", "受容野"),
            Self::ThroughNetwork => ("through the network", "ネットワークの入力で"),
            Self::EffectiveStride => ("Stride in the input", "入力でのストライド"),
            Self::AllLayers => ("All layers", "全体"),
            Self::Cubes => ("Cubes on the stage", "ステージの立方体"),
            Self::NothingHeld => (
                "Rest the pointer on a cube to see its number and what it has to do with others. Click to pin it; a second click elsewhere pins another to compare.",
                "立方体にポインタを置くと、その値と、ほかの要素との関係が見えます。クリックで固定し、別の立方体もクリックすると比べられます。",
            ),
            Self::Hovered => ("Under the pointer", "ポインタの下"),
            Self::Pinned => ("Pinned", "固定"),
            Self::Unpin => ("Unpin", "固定を外す"),
            Self::Term => ("#", "#"),
            Self::InputColumn => ("input", "入力"),
            Self::WeightColumn => ("weight", "重み"),
            Self::ProductColumn => ("product", "積"),
            Self::SumColumn => ("sum", "和"),
            Self::BiasRow => ("bias", "バイアス"),
            Self::DividedBy => ("divided by", "割る数"),
            Self::Feeds => ("output elements that it feeds", "個の出力の要素に使われる"),
            Self::Meets => (
                "input elements that it meets",
                "個の入力の要素と掛け合わされる",
            ),
            Self::Makes => ("output elements that it makes", "個の出力の要素に関わる"),
            Self::PaddingSpot => ("padding", "パディング"),
            Self::InsertedSpot => ("inserted zero", "挿入した0"),
            Self::InSum => ("in the sum so far", "ここまでの和に入った項"),
            Self::Play => ("Play (Space)", "再生 (Space)"),
            Self::Pause => ("Pause (Space)", "一時停止 (Space)"),
            Self::StepBack => ("A step back ([)", "1ステップ戻す ([)"),
            Self::StepOn => ("A step on (])", "1ステップ進める (])"),
            Self::Start => ("To the start (Home)", "先頭へ (Home)"),
            Self::Speed => ("Speed (< >)", "速度 (< >)"),
            Self::Loop => ("Loop this window (W)", "この窓を繰り返す (W)"),
            Self::StepBy => ("Step by (D)", "ステップの単位 (D)"),
            Self::ProjectionMode => ("Parallel or perspective (O)", "平行投影 / 透視投影 (O)"),
            Self::Panels => ("Panels away or back (P)", "パネルを隠す / 戻す (P)"),
            Self::Arithmetic => ("Arithmetic of the step (=)", "ステップの計算 (=)"),
            Self::ViewAndKeep => ("View, pictures, links", "表示・画像・リンク"),
            Self::Spread => ("Pull channels apart (X)", "チャネルを離す (X)"),
            Self::Slice => ("Channels shown", "表示するチャネル"),
            Self::CopySource => ("Copy the PyTorch line", "PyTorchの行をコピー"),
            Self::CopyLink => (
                "Copy a link to this view (Ctrl+Shift+L)",
                "この画面へのリンクをコピー (Ctrl+Shift+L)",
            ),
            Self::CopyCommand => (
                "Copy the command that brings this view back (Ctrl+Shift+C)",
                "この画面を再現するコマンドをコピー (Ctrl+Shift+C)",
            ),
            Self::Save => ("Save as a lesson (Ctrl+S)", "レッスンとして保存 (Ctrl+S)"),
            Self::Picture => ("Picture of the stage (S)", "ステージの画像を保存 (S)"),
            Self::Record => ("Record this (V)", "これを録画 (V)"),
            Self::Copied => ("Copied", "コピーしました"),
            Self::Saved => ("Saved:", "保存しました:"),
            Self::Recording => ("Writing", "書き出しています:"),
            Self::Recorded => ("Recorded:", "録画しました:"),
            Self::Cancel => ("Stop the recording", "録画をやめる"),
            Self::Cancelled => ("Stopped:", "中止しました:"),
            Self::IsRecording => (
                "A recording is being made; ✖ stops it",
                "録画中です。✖ で中止できます",
            ),
            #[cfg(target_family = "wasm")]
            Self::ClipRuns => (
                "A clip is being recorded; 🎬 ends and saves it",
                "クリップを録画中です。🎬 で終えて保存します",
            ),
            Self::Failed => ("This did not work:", "うまくいきませんでした:"),
            Self::Keys => ("Keys (?)", "キー操作 (?)"),
            Self::Theme => ("Light or dark (T)", "ライト / ダーク (T)"),
            Self::Scale => (
                "Size of the controls (Ctrl + −)",
                "操作部の大きさ (Ctrl + −)",
            ),
            Self::Motion => ("Reduced motion (R)", "動きを減らす (R)"),
            Self::Difference => ("difference", "差"),
            Self::IsKept => (
                "Your workbench is saved: press E to continue with it",
                "ワークベンチは残してあります。E で続きから使えます",
            ),
            Self::FoundAgain => (
                "As you left it. Ctrl+Z goes back, B: another workbench",
                "前回の続きです。Ctrl+Z で戻せます。B: 別のワークベンチ",
            ),
            Self::Before => (
                "B brings back the previous workbench",
                "B で前のワークベンチに戻れます",
            ),
            Self::NoOther => (
                "There is no other workbench",
                "ほかにワークベンチはありません",
            ),
            Self::TakeUp => ("Back to your workbench (E)", "ワークベンチの続き (E)"),
        };
        match language {
            Language::En => en,
            Language::Ja => ja,
        }
    }
}

/// A loop order's name.
pub(super) const fn order(order: LoopOrder, language: Language) -> &'static str {
    let (en, ja) = match order {
        LoopOrder::FilterMajor => ("filter by filter", "フィルタごと"),
        LoopOrder::PositionMajor => ("position by position", "位置ごと"),
        LoopOrder::ChannelMajor => ("channel by channel", "チャネルごと"),
    };
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// What a step goes by.
pub(super) const fn step_unit(step_unit: StepUnit, language: Language) -> &'static str {
    let (en, ja) = match step_unit {
        StepUnit::Product => ("product", "積"),
        StepUnit::Output => ("output element", "出力の要素"),
        StepUnit::Filter => ("filter", "フィルタ"),
    };
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// A view's name with its key.
pub(super) const fn framing(framing: Framing, language: Language) -> &'static str {
    let (en, ja) = match framing {
        Framing::Front => ("Front (1)", "正面 (1)"),
        Framing::Top => ("Top (2)", "真上 (2)"),
        Framing::Side => ("Side (3)", "真横 (3)"),
        Framing::Isometric => ("Isometric (4)", "斜め (4)"),
        Framing::Fit => ("Fit (0)", "全体 (0)"),
    };
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// A tab's name.
pub(super) const fn tab(tab: Tab, language: Language) -> &'static str {
    let (en, ja) = match tab {
        Tab::Facts => ("Facts", "概要"),
        Tab::Element => ("Element", "要素"),
        Tab::Code => ("Code", "コード"),
    };
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// What an offer does.
pub(super) fn offer(kind: OfferKind, language: Language) -> String {
    match (kind, language) {
        (OfferKind::Size { rows, columns }, Language::En) => {
            format!("Crop to {rows} × {columns}")
        }
        (OfferKind::Size { rows, columns }, Language::Ja) => {
            format!("{rows} × {columns} に切り取る")
        }
        (OfferKind::Channels(channels), Language::En) => {
            format!("Show the first {channels} channels")
        }
        (OfferKind::Channels(channels), Language::Ja) => {
            format!("最初の {channels} チャネルだけにする")
        }
        (
            OfferKind::Everything {
                channels,
                rows,
                columns,
            },
            Language::En,
        ) => format!("At most {channels} channels and filters, {rows} × {columns}"),
        (
            OfferKind::Everything {
                channels,
                rows,
                columns,
            },
            Language::Ja,
        ) => format!("チャネルとフィルタを {channels} まで、{rows} × {columns} にする"),
        (OfferKind::Groups(groups), Language::En) => format!("Use {groups} groups"),
        (OfferKind::Groups(groups), Language::Ja) => format!("グループを {groups} にする"),
        (OfferKind::Padding(padding), Language::En) => format!("Pad by {padding}"),
        (OfferKind::Padding(padding), Language::Ja) => {
            format!("パディングを {padding} にする")
        }
        (OfferKind::ShuffledChannels(channels), Language::En) => {
            format!("Use {channels} channels")
        }
        (OfferKind::ShuffledChannels(channels), Language::Ja) => {
            format!("チャネルを {channels} にする")
        }
    }
}

/// The keys of the workbench, each with what it does.
pub(super) const fn keys(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => &[
            ("Space, K", "play, pause"),
            ("[ ]", "a step back, on"),
            (", .", "a product back, on"),
            ("D", "step by product, output element or filter"),
            ("< >", "slower, faster"),
            ("W", "loop this window"),
            ("Q", "next loop order"),
            ("Home, End", "to the start, to the end"),
            ("1 2 3 4", "front, top, side, isometric"),
            ("0", "fit everything"),
            ("O", "parallel, perspective"),
            ("X, Shift X", "pull channels apart, push them together"),
            ("Z, Shift Z", "hide the first channel, show it again"),
            ("Click, tap", "pin an element, a second one to compare"),
            ("1 finger, 2 fingers", "turn, shift and zoom"),
            ("L, Ctrl V", "type or paste a layer, or paste a file"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "open a file"),
            ("Ctrl Z, Ctrl Y", "undo, redo"),
            ("B", "the previous workbench"),
            ("Ctrl S", "save as a lesson"),
            ("Ctrl Shift C", "copy the command line"),
            ("S, V", "picture, video"),
            ("U, I, C", "facts, element, code"),
            ("P, =, F", "panels, arithmetic, full screen"),
            ("T, R", "light or dark, reduced motion"),
            ("Tab, arrows", "from control to control, change it"),
            ("Esc", "unpin, then back (nothing is lost)"),
        ],
        Language::Ja => &[
            ("Space, K", "再生・一時停止"),
            ("[ ]", "1ステップ戻す・進める"),
            (", .", "積ひとつ戻す・進める"),
            ("D", "ステップの単位 (積・要素・フィルタ)"),
            ("< >", "遅く・速く"),
            ("W", "この窓を繰り返す"),
            ("Q", "次のループの順序"),
            ("Home, End", "先頭・末尾"),
            ("1 2 3 4", "正面・真上・真横・斜め"),
            ("0", "全体を収める"),
            ("O", "平行投影・透視投影"),
            ("X, Shift X", "チャネルを離す・戻す"),
            ("Z, Shift Z", "手前のチャネルを隠す・戻す"),
            ("クリック、タップ", "要素を固定、2つ目で比較"),
            ("指1本、指2本", "回す、ずらす・拡大縮小"),
            ("L, Ctrl V", "層を入力・貼り付け、ファイルを貼り付け"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "ファイルを開く"),
            ("Ctrl Z, Ctrl Y", "元に戻す・やり直す"),
            ("B", "前のワークベンチ"),
            ("Ctrl S", "レッスンとして保存"),
            ("Ctrl Shift C", "コマンドをコピー"),
            ("S, V", "画像・録画"),
            ("U, I, C", "概要・要素・コード"),
            ("P, =, F", "パネル・計算の表示・全画面"),
            ("T, R", "ライト・ダーク、動きを減らす"),
            ("Tab, 矢印", "操作部の移動・変更"),
            ("Esc", "固定を外す、戻る (内容は残ります)"),
        ],
    }
}
