//! What a tour tells of a transformer: how a picture becomes tokens, what attention does with them, what one token
//! takes from the others, and what goes on to the answer.

use super::network::{NetworkTour, seen};
use super::number::{by, count, of, sentences, shape};
use super::value::{say, say_with};
use crate::language::Localized;
use crate::lesson::Part;
use crate::lesson::schema::{Action, RawScene};
use crate::network::map::{Unit, UnitKind, is_transformer};
use crate::op::{Family, Geometry, OperationKind};
use crate::says;
use crate::tensor::Tensor;

/// A share that is so many times as large as all would be if they were equal is told with its place.
const STANDS_OUT: f32 = 3.0;
/// How far from 1 the sum of shares may be, by rounding.
const ROUNDED: f32 = 1e-3;

/// What is cut into tokens.
struct Patches {
    /// Rows and columns of a patch.
    size: [usize; 2],
    /// Patches below and beside each other.
    grid: [usize; 2],
    /// Numbers of a token.
    features: usize,
}

/// What each token takes from which, in each head.
struct Shares {
    /// The part that gives them, by its name.
    part: String,
    /// Parts of the tokens that look at each other only, side by side.
    windows: usize,
    heads: usize,
    tokens: usize,
    numbers: Tensor,
}

impl Shares {
    /// How many tokens give nothing to any token, in any head: a mask leaves them out.
    fn left_out(&self) -> usize {
        let gives = |token: usize| {
            let mut from = self.numbers.data().iter().skip(token).step_by(self.tokens);
            from.any(|share| *share != 0.0)
        };
        (0..self.tokens).filter(|token| !gives(*token)).count()
    }

    /// Whether no token takes anything from those behind it, in any head.
    fn looks_back_only(&self) -> bool {
        let rows = self.numbers.data().chunks(self.tokens).enumerate();
        let mut ahead = rows.flat_map(|(row, shares)| &shares[row % self.tokens + 1..]);
        self.tokens > 2 && ahead.all(|share| *share == 0.0)
    }
}

/// Attention and the linear layers behind it, where a stage is made of blocks of a transformer: of the second
/// block, if there is one, which is like the others.
pub(super) fn block_of(unit: &Unit) -> Option<[&Unit; 2]> {
    let UnitKind::Repeat {
        times, period: 2, ..
    } = unit.kind
    else {
        return None;
    };
    let from = if times > 1 { 2 } else { 0 };
    let pair = unit.parts.get(from..from + 2)?;
    match pair {
        [attention, linear] if is_transformer(pair) => Some([attention, linear]),
        _ => None,
    }
}

impl NetworkTour<'_> {
    /// Whether it is told in tokens.
    pub(super) fn has_tokens(&self) -> bool {
        let units = &self.run.map.units;
        units.iter().any(|unit| block_of(unit).is_some())
    }

    /// Whether its tokens are as many, and as long, in all of its blocks.
    pub(super) fn keeps_tokens(&self) -> bool {
        let units = self.run.map.units.iter();
        let blocks = units.filter(|unit| block_of(unit).is_some());
        let mut shapes = blocks.map(|unit| self.sample_shape(unit));
        let first = shapes.next();
        first.is_some_and(|first| shapes.all(|shape| shape == first))
    }

    /// What is particular to a stage of a network that is told in tokens.
    pub(super) fn token_stage(&self, unit: &Unit) -> Option<Localized<String>> {
        if !self.has_tokens() {
            return None;
        }
        if let Some(patches) = self.patches(unit) {
            return Some(cut_into_tokens(&patches));
        }
        if let Some(rows) = self.looked_up(unit) {
            return Some(rows);
        }
        if self.adds_class_token(unit) {
            let joined = Localized::new(
                "One more token joins those of the patches, the class token. It stands for no place, and gathers what the answer needs.",
                "パッチのトークンに、クラストークンがひとつ加わります。どの場所も表さず、答えに必要な情報を集めるトークンです。",
            );
            let positions = Localized::new(
                "Then a learned vector for its position is added to each token. Without it, attention could not tell which patch lies where.",
                "続いて、位置ごとに学習されたベクトルを、各トークンに足します。これがないと、アテンションにはパッチの並びが分かりません。",
            );
            return Some(if self.adds(unit) {
                sentences([joined.into(), positions.into()])
            } else {
                joined.into()
            });
        }
        self.taken(unit)
    }

    /// Where whole numbers become rows of a table.
    fn looked_up(&self, unit: &Unit) -> Option<Localized<String>> {
        let plan = self.plan(unit)?;
        if plan.layer().kind() != OperationKind::Embedding {
            return None;
        }
        let &[rows, features] = plan.weight_shape()?.axes() else {
            return None;
        };
        let row = says!(
            en: "Each token comes as a whole number. It names one of {rows} rows of a learned table. From here on, the {features} numbers of that row stand for the token.",
            ja: "トークンは、ひとつずつ整数で届きます。その番号で、学習された{rows}行の表から、1行を選びます。ここからは、その{features}個の数がトークンを表します。"
        );
        let positions = Localized::new(
            "Then a learned vector for its position is added to each. Without it, attention could not tell in which order they come.",
            "続いて、位置ごとに学習されたベクトルを足します。これがないと、アテンションには順番が分かりません。",
        );
        Some(if self.adds(unit) {
            sentences([row, positions.into()])
        } else {
            row
        })
    }

    /// Whether something is added in a stage.
    fn adds(&self, unit: &Unit) -> bool {
        let mut nodes = unit.nodes.iter();
        nodes.any(|&node| self.family(node) == Some(Family::Addition))
    }

    /// Whether its tokens are patches of a picture.
    pub(super) fn is_cut_into_patches(&self) -> bool {
        let mut units = self.run.map.units.iter();
        units.any(|unit| self.patches(unit).is_some())
    }

    /// How many numbers there are of each token that could come next, where it is that which comes out: as many as its
    /// tokens come from, of each of them, and none looks ahead.
    pub(super) fn next_tokens(&self) -> Option<[usize; 2]> {
        let output = *self.run.graph.outputs().first()?;
        let shape = self.run.graph.sample_shape(output)?;
        let &[tokens, numbers] = shape.axes() else {
            return None;
        };
        let units = &self.run.map.units;
        let is_table = |unit: &Unit| {
            let plan = self.plan(unit);
            let table = plan.filter(|plan| plan.layer().kind() == OperationKind::Embedding);
            let table = table.and_then(|plan| plan.weight_shape());
            table.is_some_and(|table| table.axes().first() == Some(&numbers))
        };
        let looks_back = |unit: &Unit| {
            let shares = block_of(unit).and_then(|[attention, _]| self.shares(attention));
            shares.is_some_and(|shares| shares.looks_back_only())
        };
        let tells = units.iter().any(is_table) && units.iter().any(looks_back);
        tells.then_some([tokens, numbers])
    }

    /// Where one of all tokens goes on.
    fn taken(&self, unit: &Unit) -> Option<Localized<String>> {
        let from = self.run.graph.sample_shape(*unit.inputs.first()?)?;
        let to = self.sample_shape(unit)?;
        let moves = match unit.kind {
            UnitKind::Layer(family) => matches!(family, Family::Arrangement | Family::Lookup),
            _ => false,
        };
        let (&[tokens, features], &[left]) = (from.axes(), to.axes()) else {
            return None;
        };
        if !moves || left != features {
            return None;
        }
        let has_class = self
            .run
            .map
            .units
            .iter()
            .any(|unit| self.adds_class_token(unit));
        Some(if has_class {
            says!(
                en: "Of all {tokens} tokens only one goes on. It is the class token, which by now has heard of every patch.",
                ja: "{tokens}個のトークンのうち、先へ進むのはひとつだけ。すべてのパッチの情報を集めた、クラストークンです。"
            )
        } else {
            says!(
                en: "Of all {tokens} tokens only one goes on.",
                ja: "{tokens}個のトークンのうち、先へ進むのはひとつだけです。"
            )
        })
    }

    /// The patches that a stage cuts a picture into.
    fn patches(&self, unit: &Unit) -> Option<Patches> {
        let plan = self.plan(unit)?;
        let Geometry::Convolution(convolution) = plan.geometry() else {
            return None;
        };
        let [_, rows, columns] = &convolution.axes;
        let made = self.sample_shape(unit)?;
        let &[tokens, features] = made.axes() else {
            return None;
        };
        let [_, down, across] = plan.output_shape().as_chw();
        let cuts = rows.kernel > 1
            && (rows.kernel, columns.kernel) == (rows.stride, columns.stride)
            && down * across == tokens;
        cuts.then_some(Patches {
            size: [rows.kernel, columns.kernel],
            grid: [down, across],
            features,
        })
    }

    /// Whether a stage puts one token beside those of the patches.
    fn adds_class_token(&self, unit: &Unit) -> bool {
        let joins = unit.kind == UnitKind::Layer(Family::Joining);
        let before = match unit.inputs[..] {
            [input] if joins => self.run.graph.sample_shape(input),
            _ => None,
        };
        let (Some(before), Some(after)) = (before, self.sample_shape(unit)) else {
            return false;
        };
        match (before.axes(), after.axes()) {
            (&[tokens, _], &[more, _]) => more == tokens + 1,
            _ => false,
        }
    }

    /// The scenes of a stage that is made of blocks of a transformer.
    pub(super) fn transformer(&self, unit: &Unit, number: usize) -> Option<Vec<RawScene>> {
        let [attention, linear] = block_of(unit)?;
        let place = number + 1;
        let title = unit.title(&self.run.graph);
        let title = says!(with [title]; en: "{place}. {title}", ja: "{place}. {title}");
        let open = [unit.name.as_str(), attention.name.as_str()];
        let (frame, placed) = self.opened(attention, &open);
        let mut looks = self.scene(title, &open, seen(frame.clone()));
        let shares = self.shares(attention);
        looks.beats.push(say_with(
            self.queries_and_keys(attention, shares.as_ref()),
            None,
            vec![Action::Focus(frame.clone())],
            [],
        ));
        looks.beats.push(say(Localized::new(
            "A query is multiplied with every key, and softmax turns the products into shares. By these shares the values are added up. The sum is added to what came in, by the blue way.",
            "クエリをすべてのキーと掛け合わせ、ソフトマックスで割合に変えます。その割合でバリューを足し合わせ、結果を、青い線で回ってきた入力に足します。",
        ).into()));
        if let Some(shares) = &shares
            && let Some(block) = placed.find(&shares.part)
        {
            looks.beats.push(say_with(
                self.what_is_seen(shares),
                Some(seen(vec![Part::Tensor(block)])),
                vec![Action::Focus(vec![Part::Tensor(block)])],
                [],
            ));
        }
        let open = [unit.name.as_str(), linear.name.as_str()];
        let (frame, _) = self.opened(linear, &open);
        let title = Localized::new("Each token by itself", "トークンをひとつずつ");
        let mut works = self.scene(title, &open, seen(frame.clone()));
        works.beats.push(say_with(
            self.each_by_itself(linear),
            None,
            vec![Action::Focus(frame)],
            [],
        ));
        works.beats.push(say(self.all_blocks(unit)));
        Some(vec![looks, works])
    }

    fn queries_and_keys(&self, attention: &Unit, shares: Option<&Shares>) -> Localized<String> {
        let what = Localized::new(
            "This is attention, where tokens look at each other. Three vectors are made of every token. A query says what it looks for, a key what it offers, a value what it gives.",
            "アテンションです。トークンが、互いを見ます。どのトークンからも、3つのベクトルを作ります。探すものがクエリ、持っているものがキー、渡すものがバリューです。",
        );
        let features = self.features(attention);
        let windowed = shares.filter(|shares| shares.windows > 1).map(|shares| {
            let (windows, tokens) = (shares.windows, shares.tokens);
            says!(
                en: "Here they do so only within windows, {windows} of them with {tokens} tokens each.",
                ja: "ここでは、窓の中だけで互いを見ます。窓は{windows}個、それぞれ{tokens}個のトークンです。"
            )
        });
        let what = sentences([what.into()].into_iter().chain(windowed));
        let heads = shares.map_or(1, |shares| shares.heads);
        if heads < 2 || !features.is_multiple_of(heads) {
            return what;
        }
        let each = features / heads;
        let heads = says!(
            en: "{heads} heads do so side by side, each with {each} of the {features} numbers.",
            ja: "{heads}個のヘッドが並んで働き、{features}個の数を{each}個ずつ受け持ちます。"
        );
        sentences([what, heads])
    }

    /// Numbers of each token.
    fn features(&self, unit: &Unit) -> usize {
        let shape = self.sample_shape(unit);
        shape
            .and_then(|shape| shape.axes().last().copied())
            .unwrap_or(1)
    }

    /// What each token takes from which: numbers of which each row adds up to 1.
    fn shares(&self, attention: &Unit) -> Option<Shares> {
        attention.parts.iter().find_map(|part| {
            let numbers = self.run.sample(part.output)?;
            let (before, &[rows, columns]) = numbers.shape().axes().split_last_chunk::<2>()?;
            let first = numbers.data().get(..columns)?;
            let is_share = |value: &f32| (0.0..=1.0 + ROUNDED).contains(value);
            let adds_up = (first.iter().sum::<f32>() - 1.0).abs() < ROUNDED;
            if rows != columns || rows < 2 || !adds_up || !numbers.data().iter().all(is_share) {
                return None;
            }
            let (&heads, windows) = before.split_last().unwrap_or((&1, &[]));
            Some(Shares {
                part: part.name.clone(),
                windows: windows.iter().product(),
                heads,
                tokens: rows,
                numbers,
            })
        })
    }

    /// What the first token takes from which, in the first head.
    fn what_is_seen(&self, shares: &Shares) -> Localized<String> {
        let tokens = shares.tokens;
        let here = says!(
            en: "Here are the shares, {tokens} by {tokens} in each head. The first head stands in front. Each row belongs to one token, and says how much that takes from each. It adds up to 1.",
            ja: "これがその割合で、ヘッドごとに{tokens}×{tokens}です。手前が最初のヘッドです。1行がトークンひとつで、どのトークンからどれだけ受け取るかを表します。足すと、1になります。"
        );
        // The first of them can only look at itself where none looks ahead.
        let looks_back = shares.looks_back_only();
        let row = if looks_back { tokens - 1 } else { 0 };
        let row = shares.numbers.data().iter().skip(row * tokens).take(tokens);
        let most = row.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
        let Some((from, &share)) = most else {
            return here;
        };
        let left_out = shares.left_out();
        let even = share * ((tokens - left_out) as f32) < STANDS_OUT;
        // None is above the next whole number.
        let percent = (share * 100.0).min(100.0);
        let percent = if even {
            percent.ceil()
        } else {
            percent.round()
        };
        let without = (left_out > 0).then(|| {
            let left = of(left_out, "token", "tokens");
            says!(
                en: "A mask leaves {left} out: nothing is taken from there.",
                ja: "マスクが{left_out}個のトークンを除いているので、そこからは何も受け取りません。"
            )
        });
        if looks_back {
            let masked = Localized::new(
                "No token looks ahead: above the diagonal all shares are 0.",
                "どのトークンも、先は見ません。対角線より上の割合は、すべて{0|ゼロ}です。",
            );
            let sees = match (even, from + 1 == tokens) {
                (true, _) => says!(
                    en: "The last row is that of the last token. It takes about as much from all before it: no share is above {percent} percent.",
                    ja: "最後の行は、最後のトークンのものです。それまでのどのトークンからも同じくらい受け取り、最大でも{percent}パーセントです。"
                ),
                (false, true) => says!(
                    en: "The last row is that of the last token. It takes most from itself: {percent} percent.",
                    ja: "最後の行は、最後のトークンのものです。自分自身から、いちばん多い{percent}パーセントを受け取ります。"
                ),
                (false, false) => says!(
                    en: "The last row is that of the last token. It takes most from the one with index {from}: {percent} percent.",
                    ja: "最後の行は、最後のトークンのものです。{from}番のトークンから、いちばん多い{percent}パーセントを受け取ります。"
                ),
            };
            return sentences([here, masked.into(), sees]);
        }
        let patches = self
            .run
            .map
            .units
            .iter()
            .find_map(|unit| self.patches(unit));
        let grid = patches.map(|patches| patches.grid);
        let (has_class, place) = match grid {
            Some([down, across]) => {
                let count = down * across;
                (
                    tokens == count + 1,
                    from.checked_sub(tokens - count.min(tokens))
                        .map(|patch| [patch / across.max(1) + 1, patch % across.max(1) + 1]),
                )
            }
            None => (false, None),
        };
        let first = if has_class {
            Localized::new("the class token", "クラストークン")
        } else {
            Localized::new("the first token", "最初のトークン")
        };
        let sees = match (even, from, place) {
            (true, ..) if left_out > 0 => says!(
                with [first];
                en: "The first row is that of {first}. It takes about as much from each of the others: no share is above {percent} percent.",
                ja: "最初の行は、{first}のものです。残りのどのトークンからも同じくらい受け取り、最大でも{percent}パーセントです。"
            ),
            (true, ..) => says!(
                with [first];
                en: "The first row is that of {first}. It takes about as much from all of them: no share is above {percent} percent.",
                ja: "最初の行は、{first}のものです。どのトークンからも同じくらい受け取り、最大でも{percent}パーセントです。"
            ),
            (false, 0, _) => says!(
                with [first];
                en: "The first row is that of {first}. It takes most from itself: {percent} percent.",
                ja: "最初の行は、{first}のものです。自分自身から、いちばん多い{percent}パーセントを受け取ります。"
            ),
            (false, _, Some([row, column])) => says!(
                with [first];
                en: "The first row is that of {first}. It takes most from the patch in row {row} and column {column}: {percent} percent.",
                ja: "最初の行は、{first}のものです。{row}行{column}列のパッチから、いちばん多い{percent}パーセントを受け取ります。"
            ),
            (false, _, None) => says!(
                with [first];
                en: "The first row is that of {first}. It takes most from the one with index {from}: {percent} percent.",
                ja: "最初の行は、{first}のものです。{from}番のトークンから、いちばん多い{percent}パーセントを受け取ります。"
            ),
        };
        sentences([here].into_iter().chain(without).chain([sees]))
    }

    fn each_by_itself(&self, linear: &Unit) -> Localized<String> {
        let features = self.features(linear);
        let parts = linear.parts.iter().map(|part| self.features(part));
        let wide = parts.max().unwrap_or(features);
        let what = if wide > features {
            says!(
                en: "Behind attention stands the MLP, which works on one token at a time. Of {features} numbers it makes {wide}, applies an activation, and makes {features} again. The result is added too.",
                ja: "アテンションの次は、トークンをひとつずつ処理するMLPです。{features}個の数を{wide}個に広げ、活性化関数を通して、また{features}個に戻します。これも、入力に足します。"
            )
        } else {
            Localized::new(
                "Behind attention stand linear layers, which work on one token at a time. The result is added too.",
                "アテンションの次は、トークンをひとつずつ処理する全結合層です。これも、入力に足します。",
            )
            .into()
        };
        let both = Localized::new(
            "Attention moves information between tokens. This part works on what each has gathered.",
            "アテンションが、トークンどうしで情報をやり取りします。ここでは、集まった情報をトークンごとに加工します。",
        );
        sentences([what, both.into()])
    }

    fn all_blocks(&self, unit: &Unit) -> Localized<String> {
        let times = match unit.kind {
            UnitKind::Repeat { times, .. } => times,
            _ => 1,
        };
        let said = self
            .sample_shape(unit)
            .map_or_else(Localized::default, |to| shape(&to));
        let follow = if times > 1 {
            says!(
                with [said];
                en: "{times} such blocks follow each other, each with weights of its own. The shape stays {said} all the way.",
                ja: "このブロックが{times}個、続きます。重みはブロックごとに別です。形は、ずっと{said}のままです。"
            )
        } else {
            says!(
                with [said];
                en: "The shape is still {said}.",
                ja: "形は{said}のままです。"
            )
        };
        let all = count(unit.cost.parameters);
        let learned = says!(
            with [all];
            en: "All in all that is {all} parameters.",
            ja: "パラメータは、合わせて{all}個です。"
        );
        sentences([follow, learned])
    }
}

fn cut_into_tokens(patches: &Patches) -> Localized<String> {
    let ([down, across], features) = (patches.grid, patches.features);
    let tokens = down * across;
    let size = by(&patches.size);
    says!(
        with [size];
        en: "The picture is cut into patches of {size}, {down} rows of {across}. The window of this convolution moves on by its own size. Of each patch it makes {features} numbers. From here on a patch is a token: one of {tokens} rows.",
        ja: "画像を{size}のパッチに、縦に{down}個、横に{across}個と切り分けます。窓が自分の大きさだけ動く畳み込みで、パッチごとに{features}個の数を作ります。ここからは、パッチひとつがトークンひとつ。{tokens}行のうちの1行です。"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    fn shares(heads: usize, tokens: usize, numbers: &[f32]) -> Shares {
        let shape = Shape::new(&[heads, tokens, tokens]).unwrap();
        Shares {
            part: "softmax".to_owned(),
            windows: 1,
            heads,
            tokens,
            numbers: Tensor::new(shape, numbers.to_vec()).unwrap(),
        }
    }

    #[test]
    fn a_token_is_left_out_where_no_head_takes_anything_from_it() {
        // The last column is 0 in both heads, the middle one only in the first.
        let first = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let second = [0.5, 0.5, 0.0, 0.5, 0.5, 0.0, 0.5, 0.5, 0.0];
        let masked = shares(2, 3, &[first, second].concat());
        assert_eq!(masked.left_out(), 1);
        assert!(!masked.looks_back_only());
        // Who looks back only leaves nobody out: each token at least takes from itself.
        let back = shares(1, 3, &[1.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.2, 0.3, 0.5]);
        assert_eq!(back.left_out(), 0);
        assert!(back.looks_back_only());
    }
}
