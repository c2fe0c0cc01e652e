//! What a block of layers is and what it is for.

use super::number::sentences;
use crate::language::Localized;
use crate::network::map::{Body, UnitKind};

/// What a block is and what it is for, where it is met first.
pub(super) fn block_in_full(kind: UnitKind, projected: bool) -> Localized<String> {
    let body: Localized<&str> = match kind {
        UnitKind::Residual { body, .. } => match body {
            Body::Plain => Localized::new(
                "This is a residual block. Its layers work out a change, which is added to what came in. The blue way leads around them. Where nothing has to change, the input passes as it is.",
                "残差ブロックです。中の層は変化分だけを計算し、青い線で回ってきた入力に足します。変える必要がなければ、入力はそのまま通ります。",
            ),
            Body::Bottleneck => Localized::new(
                "This is a bottleneck. A 1 by 1 convolution narrows the input to few channels. The large one works on these, and another 1 by 1 widens them again. The result is added to what came in, by the blue way.",
                "ボトルネックです。1×1の{畳み込み|たたみこみ}でチャネルを減らし、少ないところで大きな{畳み込み|たたみこみ}をします。そのあと、また1×1で増やします。結果は、青い線で回ってきた入力に足します。",
            ),
            Body::Inverted => Localized::new(
                "This is an inverted residual block. A 1 by 1 convolution widens the input to many channels. A depthwise one filters each by itself, and another 1 by 1 narrows them again. The result is added to what came in.",
                "逆残差ブロックです。1×1の{畳み込み|たたみこみ}でチャネルを増やし、デプスワイズで1枚ずつ{畳み込み|たたみこみ}ます。そのあと、また1×1で減らします。結果は、入力に足します。",
            ),
            Body::Attention => Localized::new(
                "This is attention. Each place compares itself with all others, and takes most from what fits. The result is added to what came in, by the blue way.",
                "アテンションです。どの位置も、ほかのすべての位置と比べ、合うものから多くを受け取ります。結果は、青い線で回ってきた入力に足します。",
            ),
            Body::Linear => Localized::new(
                "Here linear layers work on each place by itself. The result is added to what came in.",
                "ここでは、全結合層が位置ごとに計算します。結果は、入力に足します。",
            ),
        },
        UnitKind::Inverted => Localized::new(
            "This is an inverted bottleneck. A 1 by 1 convolution widens the input to many channels. A depthwise one filters each by itself, and another 1 by 1 narrows them again.",
            "逆ボトルネックです。1×1の{畳み込み|たたみこみ}でチャネルを増やし、デプスワイズで1枚ずつ{畳み込み|たたみこみ}ます。そのあと、また1×1で減らします。",
        ),
        UnitKind::Separable => Localized::new(
            "A depthwise convolution filters each channel by itself. Then a 1 by 1 mixes the channels. Together they cost far less than one that does both at once.",
            "デプスワイズがチャネルごとに{畳み込み|たたみこみ}、そのあと1×1がチャネルを混ぜます。一度に両方するより、ずっと安く済みます。",
        ),
        UnitKind::Dense => Localized::new(
            "This is a dense block. Each layer reads all that the ones before it have made. Behind that it puts channels of its own.",
            "{Dense|デンス}ブロックです。どの層も、それまでの層の出力をすべて読み、自分のチャネルを後ろに加えます。",
        ),
        UnitKind::Branches(_) => Localized::new(
            "Here several ways look at the same input, each in its own manner. At the end their channels are joined, one behind the other.",
            "ここでは、いくつもの道が同じ入力を、それぞれのやり方で見ます。最後に、チャネルを重ねてまとめます。",
        ),
        UnitKind::Fire => Localized::new(
            "This is a fire module. A 1 by 1 convolution squeezes the channels to a few. So the ways behind it cost little. They look at the same input side by side. At the end their channels are joined.",
            "{fire|ファイア}モジュールです。1×1の{畳み込み|たたみこみ}でチャネルを絞り、そのあとの計算を軽くします。続く道は同じ入力を並んで見て、最後にチャネルを重ねてまとめます。",
        ),
        UnitKind::Gate => Localized::new(
            "This is squeeze and excite. The mean of each channel tells how much that channel is to count. The channel is multiplied by it.",
            "SEブロックです。各チャネルの平均から、そのチャネルの重要さを決めて、掛けます。",
        ),
        UnitKind::Block | UnitKind::Layer(_) | UnitKind::Repeat { .. } => Localized::new(
            "Here the way parts in several: layers that belong together.",
            "ここで道がいくつかに分かれます。ひとまとまりの層です。",
        ),
    };
    if projected {
        let round: Localized<&str> = Localized::new(
            "Here the way round has a layer of its own, because the shapes differ.",
            "ここでは形が変わるので、回り道にも層があります。",
        );
        return sentences([body.into(), round.into()]);
    }
    body.into()
}
