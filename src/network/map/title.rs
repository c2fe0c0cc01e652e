//! What the units of a map are called.

use super::gather::is_transformer;
use super::{Body, Unit, UnitKind};
use crate::language::Localized;
use crate::network::graph::{Graph, Work};
use crate::op::Family;
use crate::says;

impl Unit {
    /// What it is, in a few words: `Conv 3 × 3`, `2 × residual block`.
    #[must_use]
    pub fn title(&self, graph: &Graph) -> Localized<String> {
        match self.kind {
            UnitKind::Layer(_) => self.main_title(graph),
            UnitKind::Residual { body, .. } => residual(body).into(),
            UnitKind::Inverted => Localized::new("inverted bottleneck", "逆ボトルネック").into(),
            UnitKind::Separable => Localized::new("separable conv", "セパラブル畳み込み").into(),
            UnitKind::Dense => Localized::new("dense block", "デンスブロック").into(),
            UnitKind::Branches(count) => says!(en: "{count} branches", ja: "{count} 本の枝"),
            UnitKind::Fire => Localized::new("fire module", "ファイアモジュール").into(),
            UnitKind::Gate => Localized::new("squeeze and excite", "SEブロック").into(),
            UnitKind::Block => Localized::new("block", "ブロック").into(),
            UnitKind::Repeat {
                times,
                period,
                equal,
            } => self.repeated(graph, (times, period, equal)),
        }
    }

    /// The place of its main layer among its nodes: the first of its sort, since layers that only set numbers in
    /// another order may stand before it.
    #[must_use]
    pub fn main(&self, graph: &Graph) -> usize {
        let UnitKind::Layer(sort) = self.kind else {
            return 0;
        };
        let is_of_sort = |node: &usize| {
            let plan = graph.nodes().get(*node).and_then(|node| node.plan());
            plan.is_some_and(|plan| plan.layer().kind().description().family == sort)
        };
        self.nodes.iter().position(is_of_sort).unwrap_or(0)
    }

    /// The layers that refine what the main one makes, by their names: `BatchNorm2d, ReLU`.
    #[must_use]
    pub fn followers(&self, graph: &Graph) -> Option<String> {
        let UnitKind::Layer(_) = self.kind else {
            return None;
        };
        let rest = self.nodes.get(self.main(graph) + 1..)?.iter();
        let names = rest.filter_map(|&node| Some(graph.nodes().get(node)?.plan()?.layer().name()));
        let names: Vec<&str> = names.collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn main_title(&self, graph: &Graph) -> Localized<String> {
        let main = self.nodes.get(self.main(graph));
        let node = main.and_then(|&node| graph.nodes().get(node));
        match node.map(|node| (&node.work, &node.origin)) {
            Some((Work::Plan { plan, .. }, _)) => plan.title(),
            Some((Work::Unknown(_), origin)) => Localized::same(origin.operator.clone()),
            None => Localized::default(),
        }
    }

    fn repeated(
        &self,
        graph: &Graph,
        (times, period, equal): (usize, usize, bool),
    ) -> Localized<String> {
        // The first is often built a little differently: the last tells what all are.
        let each = self
            .parts
            .len()
            .checked_sub(period)
            .map(|from| &self.parts[from..]);
        let each = each.unwrap_or_default();
        if is_transformer(each) {
            let block = Localized::new("transformer block", "トランスフォーマーブロック");
            return if times > 1 {
                says!(with [block]; en: "{times} × {block}", ja: "{times} × {block}")
            } else {
                block.into()
            };
        }
        let titles: Vec<Localized<String>> = each.iter().map(|part| part.title(graph)).collect();
        let joined = |text: fn(&Localized<String>) -> &str| {
            titles.iter().map(text).collect::<Vec<_>>().join(" + ")
        };
        let (en, ja) = (joined(|title| &title.en), joined(|title| &title.ja));
        // Built a little differently, but called the same.
        let mut all = self.parts.iter().map(|part| part.title(graph).en);
        let first = all.next();
        let same = all.all(|title| Some(title) == first);
        let closed = |text: String| {
            if text.starts_with(|first: char| first.is_ascii_digit()) || text.contains(" + ") {
                format!("({text})")
            } else {
                text
            }
        };
        let (en, ja) = (closed(en), closed(ja));
        if equal || same {
            let times = if same { self.parts.len() } else { times };
            let (en, ja) = match titles.last() {
                Some(last) if same => (closed(last.en.clone()), closed(last.ja.clone())),
                _ => (en, ja),
            };
            says!(en: "{times} × {en}", ja: "{times} × {ja}")
        } else {
            match self.parts.first().map(|part| part.kind) {
                Some(UnitKind::Layer(_)) | None => {
                    says!(en: "{times} layers", ja: "{times} 層")
                }
                Some(_) => says!(en: "{times} blocks", ja: "ブロック {times} 個"),
            }
        }
    }
}

/// What a residual block is called.
const fn residual(body: Body) -> Localized<&'static str> {
    match body {
        Body::Plain => Localized::new("residual block", "残差ブロック"),
        Body::Bottleneck => Localized::new("bottleneck", "ボトルネック"),
        Body::Inverted => Localized::new("inverted residual", "逆残差ブロック"),
        Body::Attention => Localized::new("attention", "アテンション"),
        Body::Linear => Localized::new("MLP", "MLP"),
    }
}

impl Family {
    /// What layers of a family are called, on the map.
    #[must_use]
    pub const fn title(self) -> Localized<&'static str> {
        match self {
            Self::Convolution => Localized::new("convolution", "畳み込み"),
            Self::Pooling => Localized::new("pooling", "プーリング"),
            Self::Normalization => Localized::new("normalization", "正規化"),
            Self::Activation => Localized::new("activation", "活性化"),
            Self::Product => Localized::new("matrix product", "行列積"),
            Self::Lookup => Localized::new("lookup", "表引き"),
            Self::Addition => Localized::new("sum", "和"),
            Self::Arithmetic => Localized::new("arithmetic", "四則演算"),
            Self::Reduction => Localized::new("reduction", "集約"),
            Self::Joining => Localized::new("joining", "連結"),
            Self::Arrangement => Localized::new("rearrangement", "並べ替え"),
            Self::Shuffling => Localized::new("shuffling", "シャッフル"),
            Self::Resampling => Localized::new("resampling", "リサイズ"),
            Self::Nothing => Localized::new("nothing", "何もしない層"),
            Self::Sequence => Localized::new("sequence", "層の連なり"),
        }
    }
}
