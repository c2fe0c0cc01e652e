//! What a layer is: what it is called, what it does, and what it brings with it.

use super::number::{by, count, of, ordinal, sentences, shape};
use crate::language::Localized;
use crate::op::{Geometry, OperationKind, PaddingMode, Plan, PoolKind, TransposeView};
use crate::says;

/// What a layer is called, to be said: `a depthwise convolution`.
pub(super) fn name(plan: &Plan) -> Localized<String> {
    match plan.geometry() {
        Geometry::Convolution(convolution) => {
            let is_point = convolution.axes.iter().all(|axis| axis.kernel == 1);
            let groups = convolution.groups;
            let name = if groups > 1 && groups == convolution.channels {
                Localized::new(
                    "a depthwise convolution",
                    "{depthwise|デプスワイズ}畳み込み",
                )
            } else if groups > 1 {
                Localized::new("a grouped convolution", "グループ畳み込み")
            } else if is_point {
                Localized::new(
                    "a pointwise convolution",
                    "{pointwise|ポイントワイズ}畳み込み",
                )
            } else {
                Localized::new("a convolution", "畳み込み")
            };
            name.into()
        }
        Geometry::Transposed(_) => {
            Localized::new("a transposed convolution", "転置畳み込み").into()
        }
        Geometry::Pool(pool) => match pool.kind {
            PoolKind::Max => Localized::new("max pooling", "最大プーリング").into(),
            PoolKind::Average { .. } => Localized::new("average pooling", "平均プーリング").into(),
        },
        Geometry::Adaptive(pool) => {
            let name = match (pool.output == [1, 1], pool.max) {
                (true, true) => Localized::new("global max pooling", "グローバル最大プーリング"),
                (true, false) => {
                    Localized::new("global average pooling", "グローバル平均プーリング")
                }
                (false, true) => {
                    Localized::new("adaptive max pooling", "出力サイズ指定の最大プーリング")
                }
                (false, false) => {
                    Localized::new("adaptive average pooling", "出力サイズ指定の平均プーリング")
                }
            };
            name.into()
        }
        Geometry::Shuffle(shuffle) => {
            if shuffle.inverse {
                Localized::new("pixel unshuffle", "ピクセルアンシャッフル").into()
            } else {
                Localized::new("pixel shuffle", "ピクセルシャッフル").into()
            }
        }
        Geometry::Resize(resize) => {
            if resize.bilinear {
                Localized::new("bilinear resizing", "バイリニア補間").into()
            } else {
                Localized::new("nearest-neighbour resizing", "最近傍の拡大・縮小").into()
            }
        }
        Geometry::Elementwise(_) | Geometry::Mapped(_) => match plan.layer().operation().spoken() {
            Some(spoken) => spoken.name.into(),
            None => Localized::same(plan.layer().name()),
        },
    }
}

/// What a layer does to whole maps: as [`does`], but of a transposed convolution always as stamps, and of a linear
/// layer on a single row without a word of rows.
pub(super) fn does_to_maps(plan: &Plan) -> Localized<String> {
    let from = plan.input_shape();
    if plan.layer().kind() == OperationKind::Linear && from.count() == from.width() {
        let all = count(from.width() as u64);
        return says!(
            with [all];
            en: "Each number that comes out is a sum of all {all} that come in, each times a weight.",
            ja: "出力の数はどれも、入力の{all}個の数それぞれに重みを掛け、足し合わせたものです。"
        );
    }
    let Geometry::Transposed(transposed) = plan.geometry() else {
        return does(plan);
    };
    let apart = transposed
        .axes
        .iter()
        .all(|axis| axis.kernel == axis.stride);
    let apart = if apart {
        Localized::new(
            "The stamps lie side by side and do not overlap.",
            "スタンプは、重ならずに並びます。",
        )
    } else {
        Localized::default()
    };
    sentences([stamps().into(), apart.into()])
}

/// What a transposed convolution does, element by element.
const fn stamps() -> Localized<&'static str> {
    Localized::new(
        "It makes maps larger. Each element multiplies the whole kernel. The result is pressed into the output, like a stamp.",
        "マップを大きくする演算です。要素ごとにカーネル全体を掛けて、スタンプのように出力に押します。",
    )
}

/// What a layer does, in a sentence or two.
pub(super) fn does(plan: &Plan) -> Localized<String> {
    match plan.geometry() {
        Geometry::Convolution(convolution) => {
            let groups = convolution.groups;
            let is_point = convolution.axes.iter().all(|axis| axis.kernel == 1);
            if groups > 1 && groups == convolution.channels {
                Localized::new(
                    "It keeps the channels apart: each has filters of its own.",
                    "チャネルを混ぜません。それぞれに、専用のフィルタがあります。",
                )
                .into()
            } else if groups > 1 {
                says!(
                    en: "Channels and filters are split into {groups} groups that do not see each other.",
                    ja: "チャネルとフィルタを{groups}個のグループに分け、互いに混ぜません。"
                )
            } else if is_point {
                Localized::new(
                    "It looks at no neighbours, and only mixes the channels of each place.",
                    "周りは見ずに、場所ごとにチャネルだけを混ぜます。",
                )
                .into()
            } else {
                Localized::new(
                    "Small filters slide over the input, and each makes a map of what it finds.",
                    "小さなフィルタが入力の上を滑り、見つけたものをマップにします。",
                )
                .into()
            }
        }
        Geometry::Transposed(transposed) => match transposed.view {
            TransposeView::ZeroInsertion => Localized::new(
                "It makes maps larger: zeros go between the elements and around them, and the flipped kernel slides over that.",
                "マップを大きくする演算です。要素の間と周りを{0|ゼロ}で埋めて、反転したカーネルを滑らせます。",
            )
            .into(),
            TransposeView::Scatter => stamps().into(),
        },
        Geometry::Pool(pool) => match pool.kind {
            PoolKind::Max => Localized::new(
                "Of each window it keeps only the largest number.",
                "窓の中の最大値だけを残します。",
            )
            .into(),
            PoolKind::Average { .. } => Localized::new(
                "Each window becomes the mean of its numbers.",
                "窓の中の数を、平均ひとつにします。",
            )
            .into(),
        },
        Geometry::Adaptive(pool) => {
            let size = by(&pool.output);
            let what = if pool.max {
                Localized::new("the largest number", "最大値")
            } else {
                Localized::new("the mean", "平均")
            };
            if pool.output == [1, 1] {
                says!(
                    with [what];
                    en: "Its window is the whole map: {what} of each channel is all that is left.",
                    ja: "窓はマップ全体です。チャネルごとに、{what}ひとつだけが残ります。"
                )
            } else {
                says!(
                    with [size, what];
                    en: "The size of the output is given, {size}, and the windows follow from it. Each gives {what}.",
                    ja: "出力サイズが{size}と決まっていて、窓のほうを合わせます。窓ごとに{what}を取ります。"
                )
            }
        }
        Geometry::Shuffle(shuffle) => {
            let (factor, square) = (shuffle.factor, shuffle.factor * shuffle.factor);
            if shuffle.inverse {
                says!(
                    en: "Every block of {factor} by {factor} elements becomes {square} channels.",
                    ja: "{factor}×{factor}のブロックを、{square}チャネルにします。"
                )
            } else {
                says!(
                    en: "{square} channels become blocks of {factor} by {factor} elements.",
                    ja: "{square}チャネルを、{factor}×{factor}のブロックに並べます。"
                )
            }
        }
        Geometry::Resize(resize) => {
            if resize.bilinear {
                Localized::new(
                    "Each new element is a mean of the four around it. The nearer one of them is, the more it counts.",
                    "新しい要素は、周りの4つの平均です。近いものほど、重く数えます。",
                )
                .into()
            } else {
                Localized::new(
                    "Each new element is a copy of the nearest one.",
                    "新しい要素は、いちばん近い要素の写しです。",
                )
                .into()
            }
        }
        Geometry::Elementwise(_) | Geometry::Mapped(_) => {
            match plan.layer().operation().spoken() {
                Some(spoken) => spoken.does,
                None => {
                    let about = plan.layer().kind().description().about;
                    says!(with [about]; en: "In short: {about}.", ja: "{about}。")
                }
            }
        }
    }
}

/// The window of a layer, and the filters that work in it.
pub(super) fn window(plan: &Plan) -> Vec<Localized<String>> {
    match plan.geometry() {
        Geometry::Convolution(convolution) => {
            let [slices, rows, columns] = &convolution.axes;
            let lengths = [slices.kernel, rows.kernel, columns.kernel];
            // Without slices, a filter is told by its rows and columns alone.
            let kernel = by(&lengths[usize::from(slices.kernel == 1)..]);
            let weights = convolution.term_count();
            let mut told = vec![filters(
                convolution.out_channels,
                convolution.group_channels(),
                &kernel,
                weights,
            )];
            told.extend(spacing(
                (rows.stride, columns.stride),
                (rows.dilation, columns.dilation),
            ));
            told.extend(bias(plan));
            told
        }
        Geometry::Transposed(transposed) => {
            let [rows, columns] = &transposed.axes;
            let kernel = by(&[rows.kernel, columns.kernel]);
            let weights = transposed.group_channels() * rows.kernel * columns.kernel;
            let filters = filters(
                transposed.out_channels,
                transposed.group_channels(),
                &kernel,
                weights,
            );
            let mut told = vec![filters];
            told.extend(bias(plan));
            told
        }
        Geometry::Pool(pool) => {
            let [rows, columns] = &pool.axes;
            let kernel = by(&[rows.kernel, columns.kernel]);
            let mut told = vec![says!(
                with [kernel];
                en: "The window is {kernel}, and each channel is pooled by itself. No weights are needed.",
                ja: "窓は{kernel}で、チャネルごとに処理します。重みは使いません。"
            )];
            let whole = (rows.stride, columns.stride) == (rows.kernel, columns.kernel)
                && (rows.dilation, columns.dilation) == (1, 1);
            if whole && rows.kernel == columns.kernel {
                let step = rows.stride;
                told.push(says!(
                    en: "It moves on by {step}, as far as it is wide, so no two windows overlap.",
                    ja: "窓の幅と同じ{step}ずつ動くので、重なりません。"
                ));
            } else {
                told.extend(spacing(
                    (rows.stride, columns.stride),
                    (rows.dilation, columns.dilation),
                ));
            }
            told
        }
        Geometry::Adaptive(_) => vec![
            Localized::new(
                "Each channel is pooled by itself. No weights are needed.",
                "チャネルごとに処理し、重みは使いません。",
            )
            .into(),
        ],
        Geometry::Shuffle(_) => vec![
            Localized::new(
                "The numbers stay what they are. They only move.",
                "数はそのままで、動くだけです。",
            )
            .into(),
        ],
        Geometry::Resize(_) => vec![
            Localized::new(
                "Each channel is resized by itself, and no weights are learned.",
                "チャネルごとに処理し、学習する重みはありません。",
            )
            .into(),
        ],
        Geometry::Mapped(_) if plan.filter_count() > 0 => {
            let weights: usize = plan.filter_dims().iter().product();
            let whole = Localized::default();
            let mut told = vec![match (plan.filter_count(), weights) {
                (count, 1) => filters(count, 1, &whole, 1),
                (1, _) => says!(
                    en: "It has one filter of {weights} weights.",
                    ja: "フィルタは1つで、重みは{weights}個です。"
                ),
                (count, _) => says!(
                    en: "It has {count} filters of {weights} weights each.",
                    ja: "フィルタは{count}個。重みは{weights}個ずつです。"
                ),
            }];
            told.extend(bias(plan));
            told
        }
        Geometry::Elementwise(_) | Geometry::Mapped(_) => Vec::new(),
    }
}

fn filters(
    filters: usize,
    channels: usize,
    kernel: &Localized<String>,
    weights: usize,
) -> Localized<String> {
    let it_has = of(filters, "filter", "filters");
    match (filters, channels, weights) {
        (_, _, 1) => says!(
            en: "It has {it_has}, each of a single weight.",
            ja: "フィルタは{filters}個で、重みは1個ずつです。"
        ),
        (1, 1, _) => says!(
            with [kernel];
            en: "It has one filter, {kernel}: {weights} weights.",
            ja: "フィルタは1つ。{kernel}で、重みは{weights}個です。"
        ),
        (1, _, _) => says!(
            with [kernel];
            en: "It has one filter, {kernel} for each of the {channels} channels that it reads: {weights} weights.",
            ja: "フィルタは1つ。{kernel}が{channels}チャネル分で、重みは{weights}個です。"
        ),
        (_, 1, _) => says!(
            with [kernel];
            en: "It has {it_has}, each {kernel} and one channel deep: {weights} weights.",
            ja: "フィルタは{filters}個。どれも{kernel}で奥行きは1チャネル、重みは{weights}個ずつです。"
        ),
        _ => says!(
            with [kernel];
            en: "It has {it_has}, each {kernel} for each of the {channels} channels that it reads: {weights} weights.",
            ja: "フィルタは{filters}個。どれも{kernel}が{channels}チャネル分で、重みは{weights}個ずつです。"
        ),
    }
}

/// From window to window, and from weight to weight.
fn spacing(stride: (usize, usize), dilation: (usize, usize)) -> Vec<Localized<String>> {
    let mut told = Vec::new();
    match stride {
        (1, 1) => {}
        (rows, columns) if rows == columns => told.push(says!(
            en: "With a stride of {rows}, it jumps by {rows} rows or columns at a time.",
            ja: "ストライドは{rows}なので、{rows}マスずつ飛びます。"
        )),
        (rows, columns) => {
            let (row, column) = (of(rows, "row", "rows"), of(columns, "column", "columns"));
            told.push(says!(
                en: "Its stride is {row} down and {column} to the right.",
                ja: "ストライドは、縦に{rows}、横に{columns}です。"
            ));
        }
    }
    match dilation {
        (1, 1) => {}
        (rows, columns) if rows == columns => told.push({
            let every = ordinal(rows - 1).en;
            says!(
            en: "A dilation of {rows} spreads the window: it reads every {every} place.",
            ja: "ダイレーションは{rows}。{rows}マスごとに、離して読みます。"
        )}),
        (rows, columns) => told.push(says!(
            en: "A dilation spreads the window: {rows} from row to row, {columns} from column to column.",
            ja: "ダイレーションで窓を広げます。縦は{rows}、横は{columns}ずつ離れます。"
        )),
    }
    told
}

fn bias(plan: &Plan) -> Option<Localized<String>> {
    let text = match plan.bias_count() {
        0 => return None,
        1 => Localized::new(
            "A bias, one more number, is added to every sum.",
            "和には、バイアスという数をもうひとつ足します。",
        ),
        _ => Localized::new(
            "Each filter also adds a bias, a number of its own.",
            "フィルタはそれぞれ、自分のバイアスも足します。",
        ),
    };
    Some(text.into())
}

/// The padding that a window needs; `None` where there is none.
pub(super) fn padding(plan: &Plan) -> Option<Localized<String>> {
    let (mode, is_max) = match plan.geometry() {
        Geometry::Convolution(convolution) => (convolution.mode, false),
        Geometry::Pool(pool) => (PaddingMode::Zeros, pool.kind == PoolKind::Max),
        Geometry::Transposed(_)
        | Geometry::Adaptive(_)
        | Geometry::Shuffle(_)
        | Geometry::Resize(_)
        | Geometry::Elementwise(_)
        | Geometry::Mapped(_) => return None,
    };
    let sides = plan.padding();
    let [top, bottom, left, right] =
        [sides.top, sides.bottom, sides.left, sides.right].map(|side| side.max(0) as usize);
    if [top, bottom, left, right] == [0; 4] {
        return None;
    }
    let where_it_is = if [top, bottom, left] == [right; 3] {
        let wide = of(right, "cell", "cells");
        says!(
            en: "Around the input lies [pad] padding, {wide} wide.",
            ja: "入力の周りに、[pad]幅{right}のパディングを足します。"
        )
    } else if [top, bottom] == [0; 2] && left == right {
        let column = of(left, "column", "columns");
        says!(
            en: "Around the input lies [pad] padding: {column} on either side.",
            ja: "入力の周りに、[pad]パディングを足します。左右に{left}列ずつです。"
        )
    } else if top == bottom && left == right {
        let (row, column) = (of(top, "row", "rows"), of(left, "column", "columns"));
        says!(
            en: "Around the input lies [pad] padding: {row} above and below, {column} on either side.",
            ja: "入力の周りに、[pad]パディングを足します。上下に{top}行、左右に{left}列ずつです。"
        )
    } else {
        says!(
            en: "Around the input lies [pad] padding: above {top}, below {bottom}, on the left {left}, on the right {right}.",
            ja: "入力の周りに、[pad]パディングを足します。上に{top}、下に{bottom}、左に{left}、右に{right}です。"
        )
    };
    let holds = match mode {
        PaddingMode::Zeros if is_max => Localized::new(
            "It never wins a comparison.",
            "パディングが最大になることはありません。",
        ),
        PaddingMode::Zeros => Localized::new("It holds zeros.", "中身は{0|ゼロ}です。"),
        PaddingMode::Reflect => Localized::new(
            "It mirrors the input at its edge.",
            "端を鏡にして、入力を折り返したものです。",
        ),
        PaddingMode::Replicate => Localized::new(
            "It repeats the outermost elements.",
            "いちばん外側の要素を繰り返したものです。",
        ),
        PaddingMode::Circular => Localized::new(
            "It goes on with the elements from the other side.",
            "反対側の要素が続きます。",
        ),
    };
    Some(says!(
        with [where_it_is, holds];
        en: "{where_it_is} {holds}",
        ja: "{where_it_is}{holds}"
    ))
}

/// What comes in.
pub(super) fn input(plan: &Plan) -> Localized<String> {
    match *plan.input_shape().axes() {
        [channels, rows, columns] => {
            let size = by(&[rows, columns]);
            let channel = of(channels, "channel", "channels");
            says!(
                with [size];
                en: "The input is {channel} of {size} numbers.",
                ja: "入力は{channels}チャネル、それぞれ{size}の数です。"
            )
        }
        _ => {
            let shape = shape(plan.input_shape());
            says!(
                with [shape];
                en: "The input is {shape} numbers.",
                ja: "入力は、{shape}の数です。"
            )
        }
    }
}

/// The earlier tensor that a layer reads besides the one before it.
pub(super) fn second_input(plan: &Plan) -> Option<Localized<String>> {
    let tensor = plan.layer().operation().second_input()?;
    Some(if tensor == 0 {
        Localized::new(
            "It reads the input of the chain once more.",
            "最初の入力も、もう一度使います。",
        )
        .into()
    } else {
        says!(
            en: "It also reads what layer {tensor} has made.",
            ja: "{tensor}番目の層の出力も使います。"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;

    fn plan(text: &str, input: &str) -> Plan {
        let layer: Layer = text.parse().unwrap();
        layer.plan(&input.parse().unwrap()).unwrap()
    }

    #[test]
    fn what_a_convolution_is_depends_on_its_numbers() {
        let name = |text: &str| name(&plan(text, "4x6x6")).en;
        assert_eq!(name("nn.Conv2d(4, 8, 3)"), "a convolution");
        assert_eq!(name("nn.Conv2d(4, 8, 1)"), "a pointwise convolution");
        assert_eq!(
            name("nn.Conv2d(4, 8, 3, groups=2)"),
            "a grouped convolution"
        );
        assert_eq!(
            name("nn.Conv2d(4, 8, 3, groups=4)"),
            "a depthwise convolution"
        );
        assert_eq!(name("nn.AdaptiveAvgPool2d(1)"), "global average pooling");
    }

    #[test]
    fn padding_is_told_where_there_is_some() {
        let told = |text: &str| padding(&plan(text, "4x6x6")).map(|text| text.en);
        assert_eq!(told("nn.Conv2d(4, 8, 3)"), None);
        let one = told("nn.Conv2d(4, 8, 3, padding=1)").unwrap();
        assert!(
            one.contains("1 cell wide") && one.contains("zeros"),
            "{one}"
        );
        let two = told("nn.Conv2d(4, 8, (5, 3), padding=(2, 1), padding_mode='reflect')").unwrap();
        assert!(two.contains("2 rows above and below, 1 column"), "{two}");
        assert!(two.contains("mirrors"), "{two}");
        let max = told("nn.MaxPool2d(3, 2, 1)").unwrap();
        assert!(max.contains("never wins"), "{max}");
    }

    #[test]
    fn a_pool_says_that_it_has_no_weights() {
        let told = window(&plan("nn.MaxPool2d(2)", "4x6x6"));
        assert!(told[0].en.contains("No weights"));
        assert!(told[1].en.contains("no two windows overlap"));
    }
}
