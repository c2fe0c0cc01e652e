//! What the panels beside a network say, in each language.

use crate::explore::network_view::Measure;
use crate::lesson::Language;
use crate::network::{FieldStatus, ReceptiveField};

/// A string of the panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Back to the list of lessons.
    Back,
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Shows all of the network.
    Whole,
    /// Closes what is around.
    Out,
    /// Opens what gives the block.
    Open,
    /// Takes the layers to the workbench.
    Workbench,
    /// Before the reason why that cannot be.
    NoSteps,
    /// A text to search for.
    Search,
    /// Where nothing is found.
    NotFound,
    /// Where nothing is looked at whose steps could be shown.
    ChooseFirst,
    /// Parameters of all.
    Parameters,
    /// Multiply-accumulates of all.
    Macs,
    /// Bytes of what comes out.
    Memory,
    /// The shape of what comes out.
    Shape,
    /// What an element depends on in the input.
    Field,
    /// The least and the largest number.
    Values,
    /// The names of the nodes, of which one can be chosen.
    Nodes,
    /// Weights that are not edited.
    OwnWeights,
    /// Gives a layer these again.
    BackToOwnWeights,
    /// What becomes of weights with another kernel.
    Refitted,
    /// Makes the layer what the network has.
    ResetLayer,
    /// Makes all layers that.
    ResetLayers,
    /// Before how many layers are edited.
    Edited,
    /// What is behind a layer that does not fit.
    Stays,
    /// A link does not hold the edits.
    NotKept,
    /// Where a channel is highest.
    Strongest,
    /// The channel that stands in front.
    Channel,
    /// Chooses the one with the largest value.
    StrongestChannel,
    /// A row and a column of a tensor.
    Row,
    Column,
    /// What comes out of the network.
    Output,
    /// Draws a picture.
    Draw,
    /// How a picture is given.
    Drop,
    /// What is done with a picture.
    Preprocess,
    /// Something else than what has a name.
    OwnPreprocess,
    /// A picture without anything on it.
    Clear,
    /// What to do at first.
    Hint,
    /// Light or dark.
    Theme,
    /// Copies a link to what is open.
    CopyLink,
    /// The list of keys.
    Keys,
    /// The map in small.
    Map,
    /// Panels on or off.
    Panels,
    /// The whole, where there is room for one panel.
    Network,
    /// The block that is looked at, and what comes out.
    Block,
}

impl Word {
    /// The string in a language.
    pub(super) const fn text(self, language: Language) -> &'static str {
        let (en, ja) = match self {
            Self::Back => ("Back to the list (Esc)", "一覧に戻る (Esc)"),
            Self::Undo => ("Undo (Ctrl+Z)", "元に戻す (Ctrl+Z)"),
            Self::Redo => ("Redo (Ctrl+Shift+Z)", "やり直す (Ctrl+Shift+Z)"),
            Self::Whole => ("Show all (F)", "全体を表示 (F)"),
            Self::Out => ("Close (Backspace)", "閉じる (Backspace)"),
            Self::Open => ("Open (Enter)", "開く (Enter)"),
            Self::Workbench => ("Step through it (E)", "1つずつ計算を見る (E)"),
            Self::NoSteps => ("No steps to show", "ステップを表示できません"),
            Self::Search => ("Search layers (Ctrl+F)", "層を検索 (Ctrl+F)"),
            Self::NotFound => ("No layer of that name", "その名前の層はありません"),
            Self::ChooseFirst => (
                "Choose a block first: click one that a layer makes.",
                "先に、層が作ったブロックをクリックして選んでください。",
            ),
            Self::Parameters => ("Parameters", "パラメータ"),
            Self::Macs => ("MACs", "積和演算"),
            Self::Memory => ("Output size", "出力のサイズ"),
            Self::Shape => ("Output", "出力"),
            Self::Field => ("Receptive field", "受容野"),
            Self::Values => ("Values", "値"),
            Self::Nodes => ("Layers: click one to change it", "層 (クリックして変更)"),
            Self::OwnWeights => ("as trained", "学習済み"),
            Self::BackToOwnWeights => ("Back to the trained weights", "学習済みの重みに戻す"),
            Self::Refitted => (
                "With another kernel size, the trained weights keep their centre, with zeros around.",
                "カーネルサイズを変えると、学習済みの重みは中心を残し、周りを 0 にします。",
            ),
            Self::ResetLayer => ("Reset layer", "この層を元に戻す"),
            Self::ResetLayers => ("Reset all", "すべて元に戻す"),
            Self::Edited => ("Edited layers", "変更した層"),
            Self::Stays => (
                "What depends on it stays as it was.",
                "これより後ろは、以前の値のままです。",
            ),
            Self::NotKept => (
                "Edits are not kept in the link.",
                "変更はリンクに含まれません。",
            ),
            Self::Strongest => ("Strongest places", "最も強く反応する位置"),
            Self::Channel => ("Channel", "チャネル"),
            Self::StrongestChannel => ("The one with the largest value", "最大値のチャネル"),
            Self::Row => ("row", "行"),
            Self::Column => ("column", "列"),
            Self::Output => ("What comes out", "ネットワークの出力"),
            Self::Draw => ("Draw here", "ここに描く"),
            Self::Drop => (
                "Drop a picture or a .npy file, or paste its path (Ctrl+V), to run it.",
                "画像や .npy ファイルをドロップするか、そのパスを貼り付けると (Ctrl+V)、入力になります。",
            ),
            Self::Preprocess => ("Preprocessing", "前処理"),
            Self::OwnPreprocess => ("custom", "独自の設定"),
            Self::Clear => ("Clear", "消す"),
            Self::Hint => (
                "Click a block to look at it; double-click it, or turn the wheel over it, to go in.",
                "ブロックをクリックすると選択、ダブルクリックか、上でホイールを回すと中に入ります。",
            ),
            Self::Theme => ("Light or dark (T)", "ライト / ダーク (T)"),
            Self::CopyLink => (
                "Copy a link (Ctrl+Shift+L)",
                "リンクをコピー (Ctrl+Shift+L)",
            ),
            Self::Keys => ("Keys (?)", "キー操作 (?)"),
            Self::Panels => ("Panels away or back (P)", "パネルを隠す / 戻す (P)"),
            Self::Network => ("Network", "ネットワーク"),
            Self::Block => ("Block and output", "ブロックと出力"),
            Self::Map => ("Map: click to go there", "全体図 (クリックで移動)"),
        };
        match language {
            Language::En => en,
            Language::Ja => ja,
        }
    }
}

/// How much of the network's input an element depends on.
pub(in crate::ui) fn field_size(field: &ReceptiveField, language: Language) -> String {
    let size = format!("{} × {}", field.size.0, field.size.1);
    let more = match (field.status, language) {
        (FieldStatus::Exact, _) => "",
        (FieldStatus::UpperBound, Language::En) => " at most",
        (FieldStatus::UpperBound, Language::Ja) => " 以下",
        (FieldStatus::WholeInput, Language::En) => " (whole input)",
        (FieldStatus::WholeInput, Language::Ja) => " (入力全体)",
        (FieldStatus::DependsOnData, Language::En) => " (depends on the values)",
        (FieldStatus::DependsOnData, Language::Ja) => " (値による)",
        (FieldStatus::Unknown, _) => " ?",
    };
    size + more
}

/// The name of a measure.
pub(super) const fn measure(measure: Measure, language: Language) -> &'static str {
    match measure {
        Measure::Macs => Word::Macs.text(language),
        Measure::Parameters => Word::Parameters.text(language),
        Measure::Memory => Word::Memory.text(language),
    }
}

/// The keys, and what they do.
pub(super) const fn keys(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => &[
            ("← →", "the block before, the next"),
            ("Enter", "open the block, or step through its layer"),
            ("Backspace", "close what is around"),
            ("E", "step through the layers of the block"),
            ("F", "show all"),
            ("P", "panels away, back"),
            ("Ctrl F", "search; Enter goes to the first found"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "open a file"),
            ("Ctrl Z, Ctrl Y", "undo, redo"),
            ("T", "light or dark"),
            ("Ctrl Shift L", "copy a link"),
            ("?", "this list"),
            ("Esc", "back to the list"),
        ],
        Language::Ja => &[
            ("← →", "前・次のブロック"),
            ("Enter", "ブロックを開く・1層なら計算を見る"),
            ("Backspace", "外側を閉じる"),
            ("E", "ブロックの層の計算を1つずつ見る"),
            ("F", "全体を表示"),
            ("P", "パネルを隠す・戻す"),
            ("Ctrl F", "検索 (Enter で最初の結果へ)"),
            #[cfg(not(target_family = "wasm"))]
            ("Ctrl O", "ファイルを開く"),
            ("Ctrl Z, Ctrl Y", "元に戻す・やり直す"),
            ("T", "ライト・ダーク"),
            ("Ctrl Shift L", "リンクをコピー"),
            ("?", "この一覧"),
            ("Esc", "一覧に戻る"),
        ],
    }
}
