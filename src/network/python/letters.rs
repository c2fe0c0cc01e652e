//! Axes that are named by letters or words: `torch.einsum("bhid,bhjd->bhij", q, k)`, and einops'
//! `rearrange(x, "b (h p) w c -> b h w (p c)", p=2)`.

use super::interpreter::{Interpreter, Run};
use super::syntax::Span;
use super::value::{Traced, Value, Values};
use crate::language::Localized;
use crate::op::Value as Given;
use crate::says;

/// An axis of one side of a pattern: the names that it is made of; none is an axis of 1.
type Groups = Vec<Vec<String>>;

impl Interpreter<'_> {
    /// `torch.einsum`: of one tensor, or products of two at a time.
    pub fn einsum(&mut self, given: &Values, span: &Span) -> Run<Value> {
        let mut rest = given.positional.iter().map(|(value, _)| value.clone());
        let Some(Value::Text(equation)) = rest.next() else {
            return self.fault(span, pattern_first("einsum"));
        };
        let mut tensors = Vec::new();
        for value in rest {
            let inner = match &value {
                Value::List(_) | Value::Tuple(_) => self.iterate(&value, span)?,
                one => vec![one.clone()],
            };
            for value in inner {
                match value {
                    Value::Tensor(tensor) => tensors.push(tensor),
                    Value::Unknown(unknown) => return Self::because(&unknown),
                    other => return self.not_a_tensor("einsum", &other, span),
                }
            }
        }
        let equation: String = equation.chars().filter(|c| !c.is_whitespace()).collect();
        let (left, out) = match equation.split_once("->") {
            Some((left, out)) => (left, Some(out)),
            None => (equation.as_str(), None),
        };
        let terms: Vec<&str> = left.split(',').collect();
        if terms.len() != tensors.len() {
            let (terms, tensors) = (terms.len(), tensors.len());
            return self.fault(
                span,
                says!(
                    en: "this einsum names {terms} tensors and is given {tensors}",
                    ja: "この einsum の式にはテンソルが {terms} 個ありますが、渡されているのは {tensors} 個です。"
                ),
            );
        }
        // How many axes the dots of a term stand for; they line up at the last.
        let dotted = |term: &str, tensor: &Traced| {
            let (before, after) = term.split_once("...")?;
            let named = before.chars().count() + after.chars().count();
            Some(tensor.axes.len().saturating_sub(named))
        };
        let counts = terms.iter().zip(&tensors);
        let counts = counts.filter_map(|(term, tensor)| dotted(term, tensor));
        let unnamed = counts.max().unwrap_or(0);
        let mut all: Vec<(Vec<char>, Traced)> = Vec::new();
        for (term, tensor) in terms.iter().zip(tensors) {
            let letters: Vec<char> = match (term.split_once("..."), dotted(term, &tensor)) {
                (Some((before, after)), Some(count)) => before
                    .chars()
                    .chain(dots(unnamed).skip(unnamed - count))
                    .chain(after.chars())
                    .collect(),
                _ => term.chars().collect(),
            };
            let mut single = letters.clone();
            single.sort_unstable();
            single.dedup();
            if single.len() != letters.len() || letters.len() != tensor.axes.len() {
                let axes = Value::sizes(&tensor.axes).shown().unwrap_or_default();
                return self.fault(
                    span,
                    says!(
                        en: "{term:?} of this einsum does not name each axis of {axes} once",
                        ja: "この einsum の {term:?} は {axes} の各軸を 1 度ずつ表していません。"
                    ),
                );
            }
            all.push((letters, tensor));
        }
        let out: Vec<char> = match out {
            Some(out) => match out.split_once("...") {
                None => out.chars().collect(),
                Some((before, after)) => before
                    .chars()
                    .chain(dots(unnamed))
                    .chain(after.chars())
                    .collect(),
            },
            None => {
                let mut letters: Vec<char> = all
                    .iter()
                    .flat_map(|(letters, _)| letters.clone())
                    .collect();
                letters.sort_unstable();
                let once = |letter: &char| letters.iter().filter(|own| *own == letter).count() == 1;
                letters.iter().copied().filter(once).collect()
            }
        };
        let mut rest = all.into_iter();
        let Some(mut made) = rest.next() else {
            return self.fault(span, pattern_first("einsum"));
        };
        let rest: Vec<_> = rest.collect();
        for number in 0..rest.len() {
            let later = &rest[number + 1..];
            let needed = |letter: &char| {
                out.contains(letter) || later.iter().any(|(own, _)| own.contains(letter))
            };
            made = self.contracted(made, rest[number].clone(), &needed, span)?;
        }
        let (letters, tensor) = made;
        let dims: Vec<i64> = (0..letters.len())
            .filter(|at| !out.contains(&letters[*at]))
            .map(|at| at as i64)
            .collect();
        let kept: Vec<char> = letters
            .iter()
            .copied()
            .filter(|own| out.contains(own))
            .collect();
        let tensor = self.summed(tensor, &dims, span)?;
        let order: Option<Vec<usize>> = out
            .iter()
            .map(|letter| kept.iter().position(|own| own == letter))
            .collect();
        match order {
            Some(order) => self
                .turned(tensor, &order, "torch.einsum", span)
                .map(Value::Tensor),
            None => self.fault(
                span,
                says!(
                    en: "the result of this einsum names an axis that no tensor has",
                    ja: "この einsum の結果に、どのテンソルにもない軸があります。"
                ),
            ),
        }
    }

    /// The product of two tensors over the letters that nothing else needs.
    fn contracted(
        &mut self,
        (one, first): (Vec<char>, Traced),
        (two, second): (Vec<char>, Traced),
        needed: &dyn Fn(&char) -> bool,
        span: &Span,
    ) -> Run<(Vec<char>, Traced)> {
        let path = "torch.einsum";
        // What only one has and nothing needs is summed first.
        let lone = |own: &[char], other: &[char]| -> Vec<i64> {
            (0..own.len())
                .filter(|at| !other.contains(&own[*at]) && !needed(&own[*at]))
                .map(|at| at as i64)
                .collect()
        };
        let (sums, more) = (lone(&one, &two), lone(&two, &one));
        let keep = |own: &[char], sums: &[i64]| -> Vec<char> {
            let kept = own.iter().enumerate();
            kept.filter(|(at, _)| !sums.contains(&(*at as i64)))
                .map(|(_, letter)| *letter)
                .collect()
        };
        let first = self.summed(first, &sums, span)?;
        let second = self.summed(second, &more, span)?;
        let (one, two) = (keep(&one, &sums), keep(&two, &more));
        let both: Vec<char> = one
            .iter()
            .copied()
            .filter(|own| two.contains(own) && needed(own))
            .collect();
        let over: Vec<char> = one
            .iter()
            .copied()
            .filter(|own| two.contains(own) && !needed(own))
            .collect();
        let rows: Vec<char> = one
            .iter()
            .copied()
            .filter(|own| !two.contains(own))
            .collect();
        let columns: Vec<char> = two
            .iter()
            .copied()
            .filter(|own| !one.contains(own))
            .collect();
        let length = |letter: &char| -> usize {
            let of = |letters: &[char], tensor: &Traced| {
                let at = letters.iter().position(|own| own == letter);
                at.map(|at| tensor.axes[at])
            };
            of(&one, &first)
                .into_iter()
                .chain(of(&two, &second))
                .max()
                .unwrap_or(1)
        };
        for letter in both.iter().chain(&over) {
            let at = |letters: &[char], tensor: &Traced| {
                let at = letters.iter().position(|own| own == letter);
                at.map_or(1, |at| tensor.axes[at])
            };
            let (own, other) = (at(&one, &first), at(&two, &second));
            if own != other {
                return self.fault(
                    span,
                    says!(
                        en: "the axis {letter:?} of this einsum has {own} elements in one tensor and {other} in the other",
                        ja: "この einsum の軸 {letter:?} の長さが、一方で {own}、他方で {other} です。"
                    ),
                );
            }
        }
        let count =
            |letters: &[char]| -> i64 { letters.iter().map(|l| length(l) as i64).product() };
        let lengths =
            |letters: &[char]| -> Vec<i64> { letters.iter().map(|l| length(l) as i64).collect() };
        let order = |letters: &[char], parts: [&[char]; 3]| -> Vec<usize> {
            let wanted = parts.into_iter().flatten();
            wanted
                .filter_map(|letter| letters.iter().position(|own| own == letter))
                .collect()
        };
        let outer = lengths(&both);
        let left = self.turned(
            first.clone(),
            &order(&one, [&both, &rows, &over]),
            path,
            span,
        )?;
        let left_sizes = [outer.clone(), vec![count(&rows), count(&over)]].concat();
        let left = self.reshaped(&left, &left_sizes, path, span)?;
        let right = self.turned(
            second.clone(),
            &order(&two, [&both, &over, &columns]),
            path,
            span,
        )?;
        let right_sizes = [outer.clone(), vec![count(&over), count(&columns)]].concat();
        let right = self.reshaped(&right, &right_sizes, path, span)?;
        let product = self.tensor_function(
            "matmul",
            vec![Value::Tensor(left), Value::Tensor(right)],
            span,
        )?;
        let Value::Tensor(product) = product else {
            return self.not_a_tensor("einsum", &product, span);
        };
        let sizes = [outer, lengths(&rows), lengths(&columns)].concat();
        let product = self.reshaped(&product, &sizes, path, span)?;
        Ok(([both, rows, columns].concat(), product))
    }

    fn summed(&mut self, tensor: Traced, dims: &[i64], span: &Span) -> Run<Traced> {
        if dims.is_empty() {
            return Ok(tensor);
        }
        let dims = Given::List(dims.iter().map(|dim| Given::Integer(*dim)).collect());
        self.layer("Sum", &[("dim", dims)], tensor, "torch.einsum", span)
    }

    /// A tensor with its axes in another order.
    pub fn turned(
        &mut self,
        tensor: Traced,
        order: &[usize],
        path: &str,
        span: &Span,
    ) -> Run<Traced> {
        if order.iter().enumerate().all(|(at, from)| at == *from) {
            return Ok(tensor);
        }
        let dims = order.iter().map(|from| Given::Integer(*from as i64));
        let dims = [("dims", Given::List(dims.collect()))];
        self.layer("Permute", &dims, tensor, path, span)
    }

    fn reshaped(&mut self, tensor: &Traced, sizes: &[i64], path: &str, span: &Span) -> Run<Traced> {
        match self.reshape(tensor, sizes, path, span)? {
            Value::Tensor(tensor) => Ok(tensor),
            other => self.not_a_tensor(path, &other, span),
        }
    }

    fn layer(
        &mut self,
        name: &str,
        given: &[(&str, Given)],
        input: Traced,
        path: &str,
        span: &Span,
    ) -> Run<Traced> {
        match self.apply(name, given, &[input], path, span)? {
            Value::Tensor(tensor) => Ok(tensor),
            other => self.not_a_tensor(path, &other, span),
        }
    }

    fn not_a_tensor<T>(&self, name: &str, other: &Value, span: &Span) -> Run<T> {
        let kind = other.kind();
        self.fault(
            span,
            says!(
                en: "{name} takes tensors, this is {kind}",
                ja: "{name} が受け取るのはテンソルです。これは {kind} です。"
            ),
        )
    }

    /// `rearrange`, `repeat` and `reduce` of einops.
    pub fn einops(&mut self, name: &str, given: &Values, span: &Span) -> Run<Value> {
        let tensor = match given.get(0, "tensor") {
            Some(Value::Tensor(tensor)) => tensor.clone(),
            Some(Value::Unknown(unknown)) => return Self::because(&unknown.clone()),
            Some(other) => return self.not_a_tensor(name, &other.clone(), span),
            None => return self.fault(span, pattern_first(name)),
        };
        let Some(Value::Text(pattern)) = given.get(1, "pattern").cloned() else {
            return self.fault(span, pattern_first(name));
        };
        let Some((left, right)) = pattern.split_once("->") else {
            return self.fault(span, pattern_first(name));
        };
        let mut dots = 0;
        if left.contains("...") || left.contains('…') {
            let named = groups(left, 0).map_or(0, |groups| groups.len());
            dots = tensor.axes.len().saturating_sub(named);
        }
        let (Some(left), Some(right)) = (groups(left, dots), groups(right, dots)) else {
            return self.fault(span, pattern_first(name));
        };
        if left.len() != tensor.axes.len() {
            let (own, axes) = (left.len(), tensor.axes.len());
            return self.fault(
                span,
                says!(
                    en: "the left side of {pattern:?} has {own} axes, the tensor has {axes}",
                    ja: "{pattern:?} の左辺の軸は {own} 個、テンソルの軸は {axes} 個です。"
                ),
            );
        }
        let length = |wanted: &str| {
            let named = given.named.iter().find(|(own, ..)| **own == *wanted);
            let value = named.and_then(|(_, value, _)| value.integer());
            value.and_then(|value| usize::try_from(value).ok())
        };
        // Each name with its length, in the order of the left side.
        let mut names: Vec<(String, usize)> = Vec::new();
        for (group, &axis) in left.iter().zip(&tensor.axes) {
            let known: usize = group.iter().filter_map(|own| length(own)).product();
            let open = group.iter().filter(|own| length(own).is_none()).count();
            let rest = axis.checked_div(known).unwrap_or(0);
            let fits = match open {
                0 => known == axis,
                1 => known > 0 && rest * known == axis,
                _ => false,
            };
            if !fits {
                let group = group.join(" ");
                return self.fault(
                    span,
                    says!(
                        en: "an axis of {axis} does not part into ({group}) of {pattern:?}",
                        ja: "長さ {axis} の軸は {pattern:?} の ({group}) に分けられません。"
                    ),
                );
            }
            for own in group {
                names.push((own.clone(), length(own).unwrap_or(rest)));
            }
        }
        let sizes: Vec<i64> = names.iter().map(|(_, length)| *length as i64).collect();
        let mut tensor = self.reshaped(&tensor, &sizes, name, span)?;
        let wanted: Vec<String> = right.iter().flatten().cloned().collect();
        let gone: Vec<usize> = (0..names.len())
            .filter(|at| !wanted.contains(&names[*at].0))
            .collect();
        let all_one = gone.iter().all(|at| names[*at].1 == 1);
        if !gone.is_empty() {
            let dims = gone.iter().map(|at| Given::Integer(*at as i64)).collect();
            let how = match given.get(2, "reduction") {
                Some(Value::Text(how)) => how.to_string(),
                _ => String::new(),
            };
            let form = match (name, how.as_str()) {
                ("reduce", "sum") => "Sum",
                ("reduce", "mean") => "Mean",
                ("reduce", "max") => "Amax",
                ("reduce", "min") => "Amin",
                ("reduce", "prod") => "Prod",
                _ if all_one => "Sum",
                _ => return self.fault(span, pattern_first(name)),
            };
            let dims = [("dim", Given::List(dims))];
            tensor = self.layer(form, &dims, tensor, name, span)?;
            names = names
                .into_iter()
                .enumerate()
                .filter(|(at, _)| !gone.contains(at))
                .map(|(_, own)| own)
                .collect();
        }
        let order: Vec<usize> = wanted
            .iter()
            .filter_map(|wanted| names.iter().position(|(own, _)| own == wanted))
            .collect();
        tensor = self.turned(tensor, &order, name, span)?;
        // Axes that are new on the right repeat what is there.
        let mut full = Vec::new();
        for wanted in &wanted {
            let own = names.iter().find(|(own, _)| own == wanted);
            match own.map(|(_, length)| *length).or_else(|| length(wanted)) {
                Some(length) => full.push((own.is_some(), length)),
                None => {
                    return self.fault(
                        span,
                        says!(
                            en: "{wanted} of {pattern:?} has no length; write {wanted}=...",
                            ja: "{pattern:?} の {wanted} の長さがありません。{wanted}=... を書いてください。"
                        ),
                    );
                }
            }
        }
        if full.iter().any(|(own, _)| !own) {
            let thin: Vec<i64> = full
                .iter()
                .map(|&(own, length)| if own { length as i64 } else { 1 })
                .collect();
            tensor = self.reshaped(&tensor, &thin, name, span)?;
            let wide = full
                .iter()
                .map(|(_, length)| Given::Integer(*length as i64));
            let wide = [("size", Given::List(wide.collect()))];
            tensor = self.layer("Expand", &wide, tensor, name, span)?;
        }
        let mut lengths = full.iter().map(|(_, length)| *length as i64);
        let sizes: Vec<i64> = right
            .iter()
            .map(|group| lengths.by_ref().take(group.len()).product())
            .collect();
        self.reshape(&tensor, &sizes, name, span)
    }
}

/// Letters for axes that a pattern leaves unnamed.
fn dots(count: usize) -> impl Iterator<Item = char> {
    (0..count as u32).filter_map(|number| char::from_u32(0xe000 + number))
}

/// The axes of one side of a pattern; `None` where its parentheses do not close.
fn groups(side: &str, unnamed: usize) -> Option<Groups> {
    let spaced = side
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('…', "...");
    let mut all = Vec::new();
    let mut inner: Option<Vec<String>> = None;
    for word in spaced.split_whitespace() {
        match (word, &mut inner) {
            ("(", None) => inner = Some(Vec::new()),
            (")", Some(_)) => all.extend(inner.take()),
            ("(" | ")", _) => return None,
            ("1", None) => all.push(Vec::new()),
            ("1", Some(_)) => {}
            ("...", None) => all.extend((0..unnamed).map(|number| vec![format!("…{number}")])),
            ("...", Some(own)) => own.extend((0..unnamed).map(|number| format!("…{number}"))),
            (name, None) => all.push(vec![name.to_owned()]),
            (name, Some(own)) => own.push(name.to_owned()),
        }
    }
    inner.is_none().then_some(all)
}

fn pattern_first(name: &str) -> Localized<String> {
    match name {
        "einsum" => says!(
            en: "einsum takes an equation such as \"bhid,bhjd->bhij\" and as many tensors",
            ja: "einsum には \"bhid,bhjd->bhij\" のような式と、同じ数のテンソルを渡します。"
        ),
        _ => says!(
            en: "{name} takes a tensor and a pattern such as \"b c h w -> b (h w) c\"; what leaves the right side needs a reduction",
            ja: "{name} にはテンソルと \"b c h w -> b (h w) c\" のようなパターンを渡します。右辺から消える軸には reduce を使います。"
        ),
    }
}
